"""Everything computed before a ledger, and both ledgers."""

from audit.battery import Meter
from audit.ledger import Ledger
from audit.loads import Load
from audit.market import Market, passes
from audit.pack import Pack
from audit.readings import Readings
from audit.supply import Supply


class Books:
    """A pack's inputs, computed."""

    def __init__(self, folder):
        self.pack = pack = Pack(folder)
        readings = Readings(pack)
        self.markets = {boundary: Market(pack, readings, boundary) for boundary in pack.boundaries}
        self.passes = passes(pack, self.markets)
        self.loads = {name: Load(pack, readings, site) for name, site in pack.sites.items()}
        self.meters = {name: Meter(pack, readings, row) for name, row in pack.storage.items()}
        self.supply = Supply(pack, readings, self.loads)
        self.matching = Ledger("matching", self)
        self.inventory = Ledger("inventory", self)
