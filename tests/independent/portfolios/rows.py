"""Rows of readings, and how a portfolio writes its numbers."""

from portfolios.chance import text_of

HEADER = "series,start,end,value,unit,quality"


class Rows:
    """Readings to be written, in the order they were made."""

    def __init__(self, c):
        self.c, self.rows = c, []
        self.decimals = c.has("decimals", 0.3)
        self.huge = 10**9 if c.has("huge", 0.03) else 1
        self.most = c.choice((12, 60, 300, 300, 5000))

    def wh(self, most=None):
        """Some energy."""
        return self.c.wh(most or self.most) * self.huge

    def quality(self):
        """How a reading came about; left out is measured."""
        return self.c.choices(("", "validated", "calculated", "estimated", "profiled"), (20, 2, 2, 1, 1))[0]

    def add(self, series, start, end, wh, quality=None):
        """A reading of energy, now and then in kWh or with tenths of a Wh."""
        c = self.c
        text, unit = str(wh), "Wh"
        if wh < 0:
            pass
        elif self.decimals and c.chance(0.4):
            text = f"{wh}.{c.randint(1, 9)}" if c.chance(0.5) else f"{wh}.{c.randint(1, 99):02d}"
            if c.chance(0.3):
                digits = (text.replace(".", "").zfill(8), len(text.partition(".")[2]) + 3)
                text, unit = f"{digits[0][:-digits[1]].lstrip('0') or '0'}.{digits[0][-digits[1]:]}", "kWh"
        elif c.chance(0.1) and wh % 1000 == 0:
            text, unit = str(wh // 1000), "kWh"
        self.rows.append((series, start, end, text, unit, self.quality() if quality is None else quality))

    def level(self, series, start, end, text, unit):
        """A reading of a factor, share or price."""
        self.rows.append((series, start, end, text, unit, ""))

    def drop(self, series, start, end):
        """Takes out what lies in a time; whether there was anything."""
        before = len(self.rows)
        self.rows = [row for row in self.rows if row[0] != series or row[2] <= start or row[1] >= end]
        return len(self.rows) < before

    def csv(self, rows=None):
        """The file; rows are shuffled, because order means nothing."""
        rows = list(self.rows if rows is None else rows)
        self.c.shuffle(rows)
        lines = [",".join((series, text_of(start), text_of(end), text, unit, quality))
                 for series, start, end, text, unit, quality in rows]
        return "\n".join([HEADER] + lines) + "\n"
