//! A ledger rebuilt from its posted rows.

use super::{Allocation, LedgerRun};
use crate::books::Books;

/// One posted figure; indices into the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// An instrument's energy given to a site.
    Allocated { site: usize, instrument: usize },
    /// An instrument's surplus that charged storage.
    Stored { instrument: usize },
    /// What a storage took in clean.
    CleanCharge { storage: usize },
    /// What it gave out as clean again.
    Reissued { storage: usize },
}

/// A table by instrument or storage and interval, and what a figure of it is posted as.
type Rows<'a> = (&'a [Vec<i64>], fn(usize) -> Posted);

impl LedgerRun {
    /// Calls `each` with every non-zero figure of an interval; `at` is where its allocations start, and moves past them.
    pub fn post(&self, interval: usize, at: &mut usize, each: &mut dyn FnMut(Posted, i64)) {
        while let Some(a) = self.allocations.get(*at).filter(|a| a.interval as usize == interval) {
            each(Posted::Allocated { site: a.site as usize, instrument: a.instrument as usize }, a.wh);
            *at += 1;
        }
        let kinds: [Rows<'_>; 3] = [
            (&self.stored_wh, |instrument| Posted::Stored { instrument }),
            (&self.clean_charge_wh, |storage| Posted::CleanCharge { storage }),
            (&self.reissued_wh, |storage| Posted::Reissued { storage }),
        ];
        for (rows, posted) in kinds {
            for (index, row) in rows.iter().enumerate().filter(|(_, row)| row[interval] != 0) {
                each(posted(index), row[interval]);
            }
        }
    }

    /// The ledger that gives these postings; none where one lies outside the books.
    pub fn restore(books: &Books, postings: &[(usize, Posted, i64)]) -> Option<Self> {
        let mut run = Self::empty(books);
        for (t, posted, wh) in postings {
            let cell = match *posted {
                Posted::Allocated { site, instrument } => {
                    *run.site_wh.get_mut(site)?.get_mut(*t)? += wh;
                    run.allocations.push(Allocation {
                        interval: u32::try_from(*t).ok()?,
                        site: u32::try_from(site).ok()?,
                        instrument: u32::try_from(instrument).ok()?,
                        wh: *wh,
                    });
                    run.allocated_wh.get_mut(instrument)?.get_mut(*t)?
                }
                Posted::Stored { instrument } => run.stored_wh.get_mut(instrument)?.get_mut(*t)?,
                Posted::CleanCharge { storage } => run.clean_charge_wh.get_mut(storage)?.get_mut(*t)?,
                Posted::Reissued { storage } => run.reissued_wh.get_mut(storage)?.get_mut(*t)?,
            };
            *cell += wh;
        }
        run.allocations.sort_unstable();
        Some(run)
    }
}
