"""Random certificates: right ones, and wrong ones of every kind."""

from portfolios.chance import text_of
from portfolios.definition import CARBON_FREE, ENTITY, OTHER_ENTITY

HEADER = "id,issuance,device,registry,technology,start,end,wh,status,beneficiary,contract,since,expires"


class Register:
    """Certificates of the contracts of a definition."""

    def __init__(self, c, definition, rows):
        self.c, self.d, self.rows = c, definition, rows
        self.lines = []
        self.made = {}
        for series, start, end, text, unit, _ in rows.rows:
            if series.endswith("/generation"):
                self.made.setdefault(series, []).append((start, end, float(text) * (1000 if unit == "kWh" else 1)))
        for row in definition.contracts:
            wanted = row["kind"] == "unbundled" or row.get("certificates") == "required"
            if wanted or c.has("certificates_stated", 0.2):
                self._contract(row)

    def _volume(self, row, start, end):
        """What the meter shows over a time, roughly."""
        own = self.made.get(f"contract/{row['id']}/generation")
        own = own or self.made.get(f"plant/{row.get('plant')}/generation", [])
        return int(sum(wh for a, b, wh in own if start <= a and b <= end and wh > 0))

    def _contract(self, row):
        c, d = self.c, self.d
        starts = list(d.instants())
        for at in starts:
            if len(self.lines) < 60 and c.chance(0.5):
                self._hour(row, at)
        if c.has("certificate_of_period", 0.4):
            first = c.choice(starts)
            last = min(d.end, first + d.step * c.randint(2, d.count)) + d.step * c.choice((0, 0, 1))
            if c.chance(0.2):
                first -= d.step
            volume = self._volume(row, first, last)
            self._add(row, first, last, c.choice((volume, volume // 2, volume + 5, volume * 2)))

    def _hour(self, row, at):
        c, d = self.c, self.d
        volume = self._volume(row, at, at + d.step)
        wh = c.choice((volume, volume, volume // 2, volume + 7, c.randint(1, 50)))
        if volume and wh > volume:
            c.mark("certificate_over_meter")
        size = d.step
        if d.step >= 600 and c.has("certificate_shorter", 0.05):
            size = d.step // 2
        self._add(row, at, at + size, wh)
        if volume and c.has("double_issuance", 0.08):
            self._add(row, at, at + d.step, c.choice((volume, volume // 2)))

    def _add(self, row, start, end, wh):
        """One certificate; one in three is wrong in some way."""
        c = self.c
        if wh < 1:
            return
        device, technology = row.get("plant", row["id"]), row["technology"]
        sharers = [o for o in self.d.contracts if o.get("plant", o["id"]) == device]
        beneficiary = row.get("beneficiary") or c.choice((ENTITY, ""))
        contract = row["id"] if len(sharers) > 1 or c.chance(0.4) else ""
        status = "cancelled"
        if c.chance(0.35):
            wrong = c.choice(("device", "technology", "beneficiary", "hour", "status", "contract", "no_beneficiary"))
            if "certificate_wrong_" + wrong in c.without:
                return
            c.mark("certificate_wrong_" + wrong)
            if wrong == "device":
                device = c.choice([o.get("plant", o["id"]) for o in self.d.contracts] + ["unknown"])
                contract = row["id"]
            elif wrong == "technology":
                technology = c.choice([t for t in CARBON_FREE if t != technology])
            elif wrong == "beneficiary":
                beneficiary = OTHER_ENTITY
            elif wrong == "no_beneficiary":
                beneficiary = ""
            elif wrong == "hour":
                shift = self.d.step * c.choice((-2, -1, 1, 2, self.d.count))
                start, end = start + shift, end + shift
            elif wrong == "status":
                status = c.choice(STATUSES)
                c.mark("certificate_" + status)
            elif wrong == "contract":
                contract = c.choice(self.d.contracts)["id"] if len(sharers) == 1 else ""
        name = f"gc-{len(self.lines)}"
        expires = "2026-06-01T00:00:00Z" if status == "expired" else ""
        self.lines.append(",".join((
            name, f"iss-{name}", device, "REG", technology, text_of(start), text_of(end), str(wh), status,
            beneficiary if status == "cancelled" else "", contract, "2026-05-01T00:00:00Z", expires)))

    def csv(self):
        """The file."""
        return "\n".join([HEADER] + self.lines) + "\n"


STATUSES = ("issued", "expired", "withdrawn")
