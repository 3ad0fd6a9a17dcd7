"""Readings of random plants, contracts and grids."""

from portfolios.definition import CARBON_FREE

FUELS = ("solar", "wind", "hydro", "nuclear", "gas", "coal", "oil", "biomass", "other")


class Supply:
    """Readings of every plant, contract and boundary of a definition."""

    def __init__(self, c, definition, rows):
        self.c, self.d, self.rows = c, definition, rows
        self.fine = definition.step // c.choice({5: (1, 5), 15: (1, 3), 30: (1, 2), 60: (1, 2, 4)}[definition.minutes])
        for row in definition.boundaries:
            self._grid(row["id"])
        done = set()
        for row in definition.contracts:
            self._contract(row, done)

    def _contract(self, row, done):
        c, d = self.c, self.d
        plant = f"plant/{row['plant']}/generation" if "plant" in row else None
        if plant and plant not in done:
            done.add(plant)
            if not c.has("plant_without_meter", 0.05):
                self._generation(plant)
        own = f"contract/{row['id']}/generation"
        if row["kind"] == "legacy" and "annual_mwh" in row:
            return
        shapes = [f"grid/{b['id']}/{fuel}" for b in d.boundaries for fuel in self.fuels.get(b["id"], ())
                  if fuel in CARBON_FREE]
        if shapes and row["kind"] != "legacy" and c.has("profile", 0.12):
            over = (d.start - d.step * c.choice((0,) * 20 + (1,)), d.end)
            row["profile"] = (c.choice(shapes), c.choice((0.0003, 0.00007, 0.002)), over)
            if c.chance(0.7):
                return
        if not plant or c.has("own_series_beside_plant", 0.08):
            if not c.has("contract_without_meter", 0.04):
                self._generation(own)
        if c.has("resold", 0.1):
            for at in d.instants():
                if c.chance(0.7):
                    self.rows.add(f"contract/{row['id']}/resold", at, at + d.step, self.rows.wh() // 3)

    def _generation(self, series):
        """A meter of generation, with hours or parts of hours missing and auxiliary use at night."""
        c, d = self.c, self.d
        size = c.choice((self.fine, d.step))
        lacks = c.has("missing_generation", 0.3)
        partial = size < d.step and c.has("partial_generation", 0.4)
        negative = c.has("negative_generation", 0.3)
        if d.minutes in (15, 30) and c.has("off_utc_generation", 0.06):
            # An hourly meter by a clock half an hour, or a quarter, off UTC's.
            first = (d.start - d.step) // 3600 * 3600 + d.step
            for at in range(first, d.end, 3600):
                if not (lacks and c.chance(0.2)):
                    self.rows.add(series, at, at + 3600, self.rows.wh())
            return
        for at in d.instants():
            if lacks and c.chance(0.2):
                continue
            for part in range(at, at + d.step, size):
                if partial and c.chance(0.15):
                    continue
                wh = self.rows.wh()
                if negative and c.chance(0.2):
                    wh = -c.randint(1, 9)
                self.rows.add(series, part, part + size, wh)
        if c.has("long_generation", 0.004):
            self.rows.drop(series, d.start, d.start + 2 * d.step)
            self.rows.add(series, d.start, d.start + 2 * d.step, 100)

    @property
    def fuels(self):
        """Boundary to the fuels its grid reports."""
        return self.__dict__.setdefault("_fuels", {})

    def _grid(self, boundary):
        c, d = self.c, self.d
        prefix = f"grid/{boundary}/"
        if c.has("grid_of_fuels", 0.5):
            self._mix(boundary, prefix)
        if c.chance(0.6):
            unit = c.choice(("g/kWh", "kg/MWh"))
            self._levels(prefix + "carbon_intensity", lambda: str(c.randint(0, 900)), unit, 0.1)
        if c.has("cfe_feed", 0.4):
            self._levels(prefix + "cfe_share", lambda: c.choice(("0", "1", f"0.{c.randint(0, 999):03d}")), "share", 0.1)
        if c.has("residual_feed", 0.4):
            self._levels(prefix + "residual_intensity", lambda: f"{c.randint(100, 800)}.{c.randint(0, 9)}", "g/kWh",
                         0.2)
        if c.has("fossil_feed", 0.1):
            self._levels(prefix + "fossil_intensity", lambda: str(c.randint(400, 900)), "g/kWh", 0.2)
        if c.has("sss", 0.3):
            self._levels(prefix + "sss_share", lambda: c.choice(("0", "0.05", "0.2", "0.333", "1")), "share", 0.1)
        if any(boundary in (link["from"], link["to"]) for link in d.links):
            self._levels(prefix + "price", lambda: c.choice(("40", "41", "42", "43.5", "39.99", "0", "-5")),
                         "currency/MWh", 0.1)

    def _levels(self, series, draw, unit, gap):
        """A level by interval, by a finer step or by the hour."""
        c, d = self.c, self.d
        size = c.choice((self.fine, d.step, d.step, 3600))
        gap = gap if c.chance(0.4) else 0
        first = d.start // size * size
        for at in range(first, d.end, size):
            if not (gap and c.chance(gap)):
                self.rows.level(series, at, at + size, draw(), unit)
            else:
                c.mark("level_missing")

    def _mix(self, boundary, prefix):
        c, d = self.c, self.d
        fuels = c.sample(FUELS, c.randint(1, 5))
        self.fuels[boundary] = fuels
        tracked = c.has("residual_computed", 0.3)
        gaps, negative = c.has("fuel_missing", 0.25), c.has("negative_fuel", 0.25)
        for fuel in fuels:
            size = c.choice((self.fine, d.step, d.step))
            for at in range(d.start, d.end, size):
                if gaps and c.chance(0.05):
                    continue
                wh = -c.randint(1, 50) if negative and c.chance(0.15) else c.randint(0, 1000)
                self.rows.add(prefix + fuel, at, at + size, wh)
            if tracked:
                for suffix in c.sample(("_issued", "_sss", "_expired"), c.randint(1, 3)):
                    for at in d.instants():
                        if c.chance(0.8):
                            self.rows.add(prefix + fuel + suffix, at, at + d.step, c.randint(0, 700))
