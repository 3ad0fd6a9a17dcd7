"""Storage: measured efficiency, first in first out, clean charge re-issued on discharge."""

from collections import deque
from fractions import Fraction

from audit import instants
from audit.exact import ceil, floor, number


class Meter:
    """What a storage's readings say by interval of the period, the same for both ledgers."""

    def __init__(self, pack, readings, row):
        self.pack, self.id, self.site = pack, row["id"], row["site"]
        self.declared = Fraction(number(row.get("efficiency", 1)))
        indices = range(pack.first, pack.first + pack.count)
        charge = readings.energy(f"storage/{self.id}/charge")
        discharge = readings.energy(f"storage/{self.id}/discharge")
        self.charge = [charge.get(at, (0,))[0] for at in indices]
        self.discharge = [discharge.get(at, (0,))[0] for at in indices]
        # Earlier versions: the quality of what was charged in the same interval counts too.
        flows = (discharge,) if pack.rules.reissued_quality else (discharge, charge)
        self.rank = [max(flow.get(at, (0, 0))[1] for flow in flows) for at in indices]
        self.state = readings.states(f"storage/{self.id}/state")
        self.efficiency = self._efficiencies(row.get("efficiency_months", 6))
        self.opening = self._opening()

    def _efficiencies(self, months):
        """The efficiency that holds in each interval, measured over calendar windows within the period."""
        windows = {}
        for t, start in enumerate(self.pack.starts()):
            here = instants.local(start, self.pack.time_zone)
            windows.setdefault((here.year, (here.month - 1) // months), []).append(t)
        found = [self.declared] * self.pack.count
        for times in windows.values():
            value = self._measured(times)
            for t in times:
                found[t] = value
        return found

    def _measured(self, times):
        """out / (in + state at start - state at end), at most 1; without state the lower of out / in and declared."""
        into, out = sum(self.charge[t] for t in times), sum(self.discharge[t] for t in times)
        before = self.state.get(self.pack.start + times[0] * self.pack.step)
        after = self.state.get(self.pack.start + (times[-1] + 1) * self.pack.step)
        known = before is not None and after is not None
        used = into + (before - after if known else 0)
        if not out or used <= 0:
            return self.declared
        measured = min(Fraction(1), Fraction(out, used))
        return measured if known else min(measured, self.declared)

    def _opening(self):
        """Energy held when the period starts: its state, else the least that lets every discharge have been held."""
        if self.pack.start in self.state:
            return self.state[self.pack.start]
        balance, least = Fraction(0), Fraction(0)
        for charge, discharge, efficiency in zip(self.charge, self.discharge, self.efficiency):
            if discharge and efficiency:
                balance -= discharge / efficiency
            least = min(least, balance)
            balance += charge
        return ceil(-least)


class Battery:
    """A storage in one ledger."""

    def __init__(self, meter):
        self.meter = meter
        self.records = deque()
        if meter.opening:
            self.records.append([Fraction(meter.opening), Fraction(0)])

    def discharge(self, t):
        """Clean Wh re-issued in an interval: the oldest records first, in proportion inside a record."""
        efficiency = self.meter.efficiency[t]
        if not self.meter.discharge[t] or not efficiency:
            return 0
        need, clean = self.meter.discharge[t] / efficiency, Fraction(0)
        while need and self.records:
            record = self.records[0]
            used = min(need, record[0])
            clean += used * record[1]
            need -= used
            record[0] -= used
            if not record[0]:
                self.records.popleft()
        return floor(clean * efficiency)

    def charge(self, t, clean):
        """A new record, so much of it clean."""
        whole = self.meter.charge[t]
        if whole:
            self.records.append([Fraction(whole), Fraction(clean, whole)])
