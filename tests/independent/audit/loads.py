"""Loads, purchases and self-generation of each site in each interval."""

from fractions import Fraction

from audit import choices, instants
from audit.exact import AuditError, ceil
from audit.meters import Meters, over
from audit.readings import UNMETERED


class Load:
    """One site, every list by interval of the period.

    metered: Wh of load as metered or estimated, of which guessed are estimates; matching, matching_guessed: the same
    with losses; bought, bought_guessed: the inventory ledger's load; billed: import as metered or estimated; fossil:
    load served by own generation that is not carbon-free; self_free, self_fossil: self-generation, used or not; rank:
    worst quality of the load.
    """

    def __init__(self, pack, readings, site):
        self.pack, self.site, self.meters = pack, site, Meters(pack, readings, site)
        if self.meters.both:
            raise AuditError(f"site {site.id} has load and channels in the same interval")
        self.boundary = [site.boundary_at(start) for start in pack.starts()]
        self.metered, self.guessed, self.rank = [], [], []
        self.billed, self.bought, self.bought_guessed = [], [], []
        self.self_generated, self.by_channels = [], []
        for at in range(pack.first, pack.first + pack.count):
            cells = self.meters.cells(at)
            self.by_channels.append(at in self.meters.touched)
            self._load(at, cells)
            self._purchase(at, cells)
            self.self_generated.append((max(0, sum(cell.own for cell in cells)), max(c.own_rank for c in cells)))
        self.matching = [self._with_losses(wh) for wh in self.metered]
        self.matching_guessed = [self._with_losses(wh) for wh in self.guessed]
        free = site.technology is not None and pack.is_carbon_free(site.technology)
        self.self_free = [wh if free else 0 for wh, _ in self.self_generated]
        self.self_fossil = [0 if free else wh for wh, _ in self.self_generated]
        self.fossil = [min(own, wh) for own, wh in zip(self.self_fossil, self.metered)]
        if not pack.rules.inventory_load:
            self.bought, self.bought_guessed = self.metered, self.guessed

    def _with_losses(self, wh):
        return ceil(wh * (1 + Fraction(self.site.loss))) if self.site.loss else wh

    def _load(self, at, cells):
        """The load of an interval: what is known of it, and an estimate of every part that is missing."""
        known = sum(cell.wh for cell in cells if cell.wh is not None)
        guess = sum(self._guess(cell) for cell in cells if cell.wh is None)
        if known < 0 and all(cell.wh is not None for cell in cells):
            raise AuditError(f"site {self.site.id}: negative load at {instants.text_of(at * self.pack.step)}")
        self.metered.append(max(0, known) + guess)
        self.guessed.append(guess)
        self.rank.append(max((cell.rank for cell in cells if cell.wh is not None), default=None))

    def _guess(self, cell):
        """An estimate of a missing part: of its import with the other channels added, else of its load."""
        self._may_estimate(cell)
        if not self.pack.rules.missing_channel or (
                choices.CHANNEL_ESTIMATE == "import" and cell.start // self.pack.step in self.meters.touched):
            return self._earlier_guess(cell)
        if cell.only_import and self.meters.imported:
            parts = [self._highest(self.meters.import_pieces, *gap) for gap in cell.gaps]
            if None not in parts:
                return max(0, cell.imported + sum(parts) + cell.others)
        return self._needed(self._highest(self.meters.load_pieces, cell.start, cell.end), cell)

    def _earlier_guess(self, cell):
        """Where the site has channels in the period: import, its own reading among others, whatever channel is missing,
        with the channels that are there added; else load."""
        at = cell.start // self.pack.step
        if not any(self.pack.first <= other < self.pack.first + self.pack.count for other in self.meters.touched):
            return self._needed(self._highest(self.meters.stated_pieces, cell.start, cell.end), cell)
        own = over(self.meters.import_pieces(at), cell.start, cell.end, UNMETERED)
        known = [wh for wh in (own, self._highest(self.meters.import_pieces, cell.start, cell.end)) if wh is not None]
        return max(0, self._needed(max(known, default=None), cell) + cell.others)

    def _purchase(self, at, cells):
        """Import; a load that is all a site states is its import; more exported than imported is 0."""
        if not self.pack.rules.inventory_load:
            self.billed.append(self.metered[-1])
            return
        known = sum(cell.imported for cell in cells)
        history = self.meters.import_pieces if at in self.meters.touched else self.meters.purchase_pieces
        guess = 0
        for cell in cells:
            for gap in cell.gaps:
                self._may_estimate(cell)
                guess += self._needed(self._highest(history, *gap), cell)
        self.billed.append(known + guess)
        whole = self._less_export(known + guess, sum(piece[2] for piece in self.meters.export.get(at, [])))
        self.bought.append(whole)
        open_to_all = choices.METERED_IMPORT_STAYS_OPEN or not self.guessed[-1]
        self.bought_guessed.append(min(whole, guess) if open_to_all else whole)

    def _less_export(self, imported, exported):
        """What was purchased where the site also exports."""
        if choices.NET_EXPORTER == "net":
            return max(0, imported - exported)
        return 0 if choices.NET_EXPORTER == "zero" and exported > imported else imported

    def _may_estimate(self, cell):
        if self.pack.missing_load != "estimate":
            raise AuditError(f"site {self.site.id} lacks load at {instants.text_of(cell.start)}, which blocks a report")

    def _needed(self, wh, cell):
        if wh is None:
            raise AuditError(f"site {self.site.id}: nothing to estimate from at {instants.text_of(cell.start)}")
        return wh

    def _highest(self, history, start, end):
        """The highest valid reading of the same local time of day within the ruleset's days."""
        step, best = self.pack.step, None
        for other in instants.same_time_of_day(start, self.site.time_zone, self.pack.ruleset.estimate_days):
            if other % step == start % step:
                wh = over(history(other // step), other, other + end - start, UNMETERED)
                if wh is not None and (best is None or wh > best):
                    best = wh
        return best

    def used_on_site(self, t):
        """Self-generated energy consumed on site, carbon-free or fossil."""
        return min(self.self_free[t] + self.self_fossil[t], self.metered[t])
