"""A synthetic portfolio around the present, with what is fed to it. Firm load is flat, so that whatever is granted can be
held against room that does not move."""

import math
import os
from datetime import datetime, timedelta, timezone

HOUR = timedelta(hours=1)
# Of each site: boundary, PUE, IT capacity and firm IT load in MW.
SITES = {
    "ashburn": ("EAST", 1.2, 80.0, 20.0),
    "columbus": ("EAST", 1.25, 45.0, 15.0),
    "luleaa": ("NORTH", 1.1, 60.0, 20.0),
}
PLANTS = ("ridge", "fall")
POOL = ("h100", "ashburn", 8192)
PAST_DAYS = 400
AHEAD_DAYS = 9
# How often the service plans, by cron.
PLANS_EVERY_S = 120

HEAD = """# Synthetic: every site, plant and reading is invented.
[store]
url = "{url}"
[portfolio]
name = "soak"
synthetic = true
resolution = "60min"
ruleset = "hourly-2026"
time_zone = "Europe/Berlin"
currency = "USD"
[policy]
target = 0.9
carbon_price_per_t = 80.0
carbon_basis = "fossil"
[[boundary]]
id = "EAST"
price_per_mwh = 42.0
default_fossil_g_per_kwh = 600
[[boundary]]
id = "NORTH"
price_per_mwh = 61.0
default_fossil_g_per_kwh = 500
[[pool]]
id = "h100"
site = "ashburn"
count = 8192
[[contract]]
id = "east-wind"
boundary = "EAST"
technology = "wind"
plant = "ridge"
[[contract]]
id = "north-hydro"
boundary = "NORTH"
technology = "hydro"
plant = "fall"
share = "0.6"
"""


def stamp(instant):
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def now():
    return datetime.now(timezone.utc)


def this_hour():
    return now().replace(minute=0, second=0, microsecond=0)


class World:
    """The folder of one run: portfolio, files to ingest, packs."""

    def __init__(self, folder, url):
        self.folder = folder
        self.began = this_hour()
        self.oldest = self.began - timedelta(days=PAST_DAYS)
        self.files = 0
        text = HEAD.format(url=url)
        for name, (boundary, pue, most, firm) in SITES.items():
            text += (f'[[site]]\nid = "{name}"\nboundary = "{boundary}"\npue = {pue}\nit_capacity_mw = {most}\n'
                     f"grid_limit_mw = {most * pue:g}\nit_load_mw = {firm}\n")
            if name == "ashburn":
                text += f'plan_at = "*/{PLANS_EVERY_S // 60} * * * *"\n'
        # The store's password is in it.
        with open(os.open(folder / "hourmatch.toml", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(text)

    def _file(self, rows, issued=None):
        self.files += 1
        path = self.folder / f"in-{self.files}.csv"
        with open(path, "w") as file:
            file.write("series,start,end,value,unit" + (",issued" if issued else "") + "\n")
            for series, start, value in rows:
                tail = f",{issued}" if issued else ""
                file.write(f"{series},{stamp(start)},{stamp(start + HOUR)},{value:.3f},MWh{tail}\n")
        return path

    def _metered(self, start, hours):
        for k in range(hours):
            at = start + k * HOUR
            for name, (_, pue, _, firm) in SITES.items():
                yield f"site/{name}/load", at, firm * pue
                yield f"site/{name}/it_load", at, firm
            for plant in PLANTS:
                yield f"plant/{plant}/generation", at, generation(plant, at)

    def history(self):
        """The first file: every series over the past days."""
        return self._file(self._metered(self.oldest, PAST_DAYS * 24))

    def older_day(self):
        """A file of one more day, before all days so far; and how many readings it has."""
        self.oldest -= timedelta(days=1)
        rows = list(self._metered(self.oldest, 24))
        return self._file(rows), len(rows)

    def forecast(self):
        """What is expected from now on, as issued now."""
        start = this_hour()
        rows = []
        for k in range(AHEAD_DAYS * 24):
            at = start + k * HOUR
            rows += [(f"site/{name}/it_load", at, site[3]) for name, site in SITES.items()]
            rows += [(f"plant/{plant}/generation", at, generation(plant, at)) for plant in PLANTS]
        return self._file(rows, issued=stamp(now() - timedelta(seconds=1)))

    def bad(self):
        """A file that must be refused whole."""
        path = self._file(self._metered(self.began - timedelta(days=PAST_DAYS + 900), 24))
        with open(path, "a") as file:
            file.write("site/ashburn/load,yesterday,today,many,MWh\n")
        return path


def generation(plant, at):
    """MWh of an hour: weather of several days, and of the day."""
    hours = at.timestamp() / 3600
    if plant == "fall":
        return 40 + 8 * math.sin(hours / 50)
    return max(0.0, 45 + 30 * math.sin(hours / 17) + 12 * math.sin(hours * math.tau / 24))
