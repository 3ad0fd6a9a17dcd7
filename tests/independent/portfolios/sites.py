"""Meters of random sites: load or channels, storage behind them, what is missing, and history to estimate it from."""

CHANNELS = ("import", "onsite_generation", "export")


class Sites:
    """Readings of every site and storage of a definition."""

    def __init__(self, c, definition, rows):
        self.c, self.d, self.rows = c, definition, rows
        self.fine = definition.step // c.choice({5: (1, 5), 15: (1, 3), 30: (1, 2), 60: (1, 2, 4)}[definition.minutes])
        for site in definition.sites:
            self._site(site)

    def _site(self, site):
        c, d = self.c, self.d
        cut = d.start
        if site["meters"] == "load":
            cut = d.end
        elif site["meters"] == "both":
            cut = d.start + d.step * c.randint(1, d.count - 1)
        storage = [row["id"] for row in d.storage if row["site"] == site["id"]]
        # Which channels the site has: import always, the others as it comes.
        onsite = site.get("onsite_technology") is not None or c.chance(0.1)
        kinds = {"import": True, "onsite_generation": onsite, "export": c.chance(0.8) if onsite else c.chance(0.1)}
        self.site, self.kinds, self.store = site, kinds, storage
        self.size = {name: c.choice((self.fine, d.step)) for name in ("load",) + CHANNELS + tuple(storage)}
        if not storage and not onsite and not kinds["export"] and d.step <= 1800 and c.has("long_import", 0.3):
            self.size["import"] = 2 * d.step
        self.negative = onsite and c.has("negative_onsite", 0.15)
        if cut > d.start:
            self._load(d.start, cut)
        if cut < d.end:
            self._channels(cut, d.end)
        elif storage:
            self._charges(cut and d.start, cut)
        self._gaps(cut)

    def _series(self, name):
        return f"site/{self.site['id']}/{name}"

    def _put(self, series, values, start, size, quality=None):
        """Energy by fine step as readings of a size; what a plant on site uses at night is below zero."""
        for i in range(0, len(values), size // self.fine):
            at, wh = start + i * self.fine, sum(values[i:i + size // self.fine])
            if self.negative and not wh and series.endswith("/onsite_generation") and self.c.chance(0.5):
                wh = -self.c.randint(1, 9)
            self.rows.add(series, at, at + size, wh, quality)

    def _load(self, start, end):
        c, d = self.c, self.d
        count = (end - start) // self.fine
        if c.has("off_grid_refused", 0.004):
            half = d.step // 2 // 60 * 60
            for at in range(start - half, end, d.step):
                self.rows.add(self._series("load"), at, at + d.step, self.rows.wh())
            return
        if self.site["meters"] == "load" and d.step <= 1800 and c.has("long_load", 0.2):
            size = d.step * c.randint(2, 4)
            first = start - d.step * c.randint(0, 3)
            if first % size:
                c.mark("off_grid_load")
            for at in range(first, end, size):
                self.rows.add(self._series("load"), at, at + size, self.rows.wh())
            self.size["load"] = size
            return
        self._put(self._series("load"), [self.rows.wh() for _ in range(count)], start, self.size["load"])

    def _flows(self, count):
        """Consumption, generation, charge and discharge by fine step, and the import and export that balance them."""
        c, rows = self.c, self.rows
        flows = {name: [] for name in CHANNELS}
        flows.update({(bat, way): [] for bat in self.store for way in ("charge", "discharge")})
        held = dict.fromkeys(self.store, 0)
        for _ in range(count):
            used = rows.wh() + (4 if rows.decimals else 0)
            made = rows.wh() if self.kinds["onsite_generation"] else 0
            balance = used - made
            for bat in self.store:
                into = rows.wh() if c.chance(0.4) else 0
                out = min(held[bat], rows.wh()) if c.chance(0.4) else 0
                held[bat] += into * 9 // 10 - out
                flows[bat, "charge"].append(into)
                flows[bat, "discharge"].append(out)
                balance += into - out
            both = rows.wh() // 4 if self.kinds["export"] and c.chance(0.2) else 0
            if not self.kinds["export"] and balance < 0:
                made, balance = 0, max(0, balance + made)
                # Nothing can leave: the batteries hold what they held.
                if balance == 0:
                    for bat in self.store:
                        flows[bat, "discharge"][-1] = 0
                    balance = used + sum(flows[bat, "charge"][-1] for bat in self.store)
            flows["onsite_generation"].append(made)
            flows["import"].append(max(0, balance) + both)
            flows["export"].append(max(0, -balance) + both)
        return flows

    def _channels(self, start, end, quality=None):
        flows = self._flows((end - start) // self.fine)
        for name in CHANNELS:
            if self.kinds[name]:
                self._put(self._series(name), flows[name], start, self.size[name], quality)
        for bat in self.store:
            for way in ("charge", "discharge"):
                self._put(f"storage/{bat}/{way}", flows[bat, way], start, self.size[bat], quality)
            if quality is None:
                self._state(bat, flows[bat, "charge"], flows[bat, "discharge"], start)

    def _charges(self, start, end):
        """A storage at a site that states only load."""
        c, rows = self.c, self.rows
        for bat in self.store:
            into = [rows.wh() if c.chance(0.5) else 0 for _ in range((end - start) // self.fine)]
            out = [rows.wh() // 2 if c.chance(0.4) else 0 for _ in into]
            self._put(f"storage/{bat}/charge", into, start, self.size[bat])
            self._put(f"storage/{bat}/discharge", out, start, self.size[bat])
            self._state(bat, into, out, start)

    def _state(self, bat, into, out, start):
        """Energy held, sometimes at the start, sometimes at every end."""
        c = self.c
        if not c.has("storage_state", 0.4):
            return
        held = c.choice((0, self.rows.wh()))
        series = f"storage/{bat}/state"
        self.rows.level(series, start - self.d.step, start, str(held), "Wh")
        if c.chance(0.6):
            each = self.size[bat] // self.fine
            for i in range(0, len(into), each):
                held = max(0, held + sum(into[i:i + each]) * 9 // 10 - sum(out[i:i + each]))
                at = start + i * self.fine
                self.rows.level(series, at, at + self.size[bat], str(held), "Wh")

    def _gaps(self, cut):
        """What is missing: under `block` seldom, as nothing can be reported then."""
        c, d = self.c, self.d
        probability = 0.5 if d.estimate else 0.012
        if not c.chance(probability):
            return
        for _ in range(c.randint(1, 3)):
            t = c.randint(0, d.count - 1)
            at = d.start + t * d.step
            if at < cut:
                self._gap("load", self._series("load"), at)
            else:
                names = [(name, self._series(name)) for name in CHANNELS if self.kinds[name]]
                names += [(way, f"storage/{bat}/{way}") for bat in self.store for way in ("charge", "discharge")]
                for name, series in names if c.has("missing_all_channels", 0.1) else [c.choice(names)]:
                    self._gap(name, series, at)
        if d.estimate and self.store and cut == d.start and c.has("storage_never_read", 0.1):
            # A storage of the site that nobody read in the period.
            self.rows.drop(f"storage/{c.choice(self.store)}/{c.choice(('charge', 'discharge'))}", d.start, d.end)
            c.mark("missing_charge")
        if d.estimate and not c.has("no_history", 0.05):
            self._history()

    def _gap(self, name, series, at):
        """Takes out an interval of a series or, where its readings are shorter, a part of one."""
        c, d = self.c, self.d
        size = self.size.get(name, d.step) if not series.startswith("storage") else self.size[series.split("/")[1]]
        if size < d.step and c.chance(0.5):
            if "partial_" + name in c.without:
                return
            part = at + size * c.randint(0, d.step // size - 1)
            if self.rows.drop(series, part, part + size):
                c.mark("partial_" + name)
        elif "missing_" + name not in c.without and self.rows.drop(series, at, at + d.step):
            c.mark("missing_" + name)

    def _history(self):
        """Other days at the same times, an hour more on either side for changes of clocks."""
        c, d = self.c, self.d
        margin = -(-3600 // d.step) * d.step
        days = {c.choice((-1, 1, -2, 2))} | {c.choice((-1, 1, -3, 27, -28, -29, 29)) for _ in range(c.randint(0, 2))}
        length = d.end - d.start + 2 * margin
        if length >= 86_400:
            return
        for day in sorted(days):
            start = d.start - margin + day * 86_400
            quality = "estimated" if c.chance(0.03) else ""
            if self.site["meters"] == "load" or (self.site["meters"] == "both" and c.chance(0.5)):
                size = self.size["load"] if self.size["load"] <= d.step else d.step
                values = [self.rows.wh() for _ in range(length // self.fine)]
                self._put(self._series("load"), values, start, size, quality)
            else:
                self._channels(start, start + length, quality)
