//! A ledger as posted rows, and back.

use super::allocations::Allocation;
use super::ledgers::LedgerRun;
use ids::{Index, InstrumentIndex, SiteIndex, StorageIndex};

/// One posted figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// An instrument's energy given to a site.
    Allocated { site: SiteIndex, instrument: InstrumentIndex },
    /// An instrument's surplus that charged storage.
    Stored { instrument: InstrumentIndex },
    /// What a storage took in clean.
    CleanCharge { storage: StorageIndex },
    /// What it gave out as clean again.
    Reissued { storage: StorageIndex },
}

/// A table by instrument or storage and interval, and what a figure of it is posted as.
type Rows<'a> = (&'a [Vec<i64>], fn(usize) -> Posted);

impl LedgerRun {
    /// Calls `each` with every non-zero figure of an interval.
    pub fn post(&self, interval: usize, each: &mut dyn FnMut(Posted, i64)) {
        for a in self.allocations.in_interval(interval) {
            each(Posted::Allocated { site: a.site, instrument: a.instrument }, a.wh);
        }
        let kinds: [Rows<'_>; 3] = [
            (&self.stored_wh, |at| Posted::Stored { instrument: Index::new(at) }),
            (&self.clean_charge_wh, |at| Posted::CleanCharge { storage: Index::new(at) }),
            (&self.reissued_wh, |at| Posted::Reissued { storage: Index::new(at) }),
        ];
        for (rows, posted) in kinds {
            for (index, row) in rows.iter().enumerate().filter(|(_, row)| row[interval] != 0) {
                each(posted(index), row[interval]);
            }
        }
    }

    /// Takes in a posted figure, whose order among the allocations is the caller's; none where it lies outside the books.
    pub(super) fn take(&mut self, interval: usize, posted: Posted, wh: i64) -> Option<()> {
        let cell = match posted {
            Posted::Allocated { site, instrument } => {
                *self.site_wh.get_mut(site.get())?.get_mut(interval)? += wh;
                self.allocations.push(Allocation { interval, site, instrument, wh });
                self.allocated_wh.get_mut(instrument.get())?.get_mut(interval)?
            }
            Posted::Stored { instrument } => self.stored_wh.get_mut(instrument.get())?.get_mut(interval)?,
            Posted::CleanCharge { storage } => self.clean_charge_wh.get_mut(storage.get())?.get_mut(interval)?,
            Posted::Reissued { storage } => self.reissued_wh.get_mut(storage.get())?.get_mut(interval)?,
        };
        *cell += wh;
        Some(())
    }
}
