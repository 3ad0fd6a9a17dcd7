//! Both ledgers as rows of the store: what is posted, what is reversed, and the way back.
//!
//! Codes: ledger 0 matching, 1 inventory, 2 and 3 their reversals. A site number below zero says that the row is no
//! allocation: -1 an instrument's surplus that charged storage, -2 a storage's clean charge, -3 what it re-issued.

use crate::store::settlements::{Names, Row};
use reports::books::Books;
use reports::matching::{self, Ledger, Matched, Posted};

const STORED: i64 = -1;
const CLEAN_CHARGE: i64 = -2;
const REISSUED: i64 = -3;
const REVERSED: i64 = 2;

const SITE: i64 = 0;
const INSTRUMENT: i64 = 1;
const STORAGE: i64 = 2;

/// Numbers for every name of the books, keeping those a predecessor gave.
pub fn number(books: &Books, earlier: &Names) -> Names {
    let mut names = earlier.clone();
    let all = books
        .sites
        .iter()
        .map(|s| (SITE, &s.id))
        .chain(books.instruments.iter().map(|i| (INSTRUMENT, &i.id)))
        .chain(books.storage.iter().map(|s| (STORAGE, &s.id)));
    for (kind, id) in all {
        let next = names.keys().filter(|(k, _)| *k == kind).count() as i64;
        names.entry((kind, id.clone())).or_insert(next);
    }
    names
}

/// Numbers by index of the books.
struct Numbers {
    sites: Vec<i64>,
    instruments: Vec<i64>,
    storage: Vec<i64>,
}

impl Numbers {
    fn of(books: &Books, names: &Names) -> Self {
        let find = |kind: i64, id: &String| names.get(&(kind, id.clone())).copied().unwrap_or(-9);
        Self {
            sites: books.sites.iter().map(|s| find(SITE, &s.id)).collect(),
            instruments: books.instruments.iter().map(|i| find(INSTRUMENT, &i.id)).collect(),
            storage: books.storage.iter().map(|s| find(STORAGE, &s.id)).collect(),
        }
    }

    fn key(&self, posted: Posted) -> (i64, i64) {
        match posted {
            Posted::Allocated { site, instrument } => (self.sites[site], self.instruments[instrument]),
            Posted::Stored { instrument } => (STORED, self.instruments[instrument]),
            Posted::CleanCharge { storage } => (CLEAN_CHARGE, self.storage[storage]),
            Posted::Reissued { storage } => (REISSUED, self.storage[storage]),
        }
    }

    fn back(&self, site: i64, instrument: i64) -> Option<Posted> {
        let place = |list: &[i64], no: i64| list.iter().position(|n| *n == no);
        Some(match site {
            STORED => Posted::Stored { instrument: place(&self.instruments, instrument)? },
            CLEAN_CHARGE => Posted::CleanCharge { storage: place(&self.storage, instrument)? },
            REISSUED => Posted::Reissued { storage: place(&self.storage, instrument)? },
            _ => {
                Posted::Allocated { site: place(&self.sites, site)?, instrument: place(&self.instruments, instrument)? }
            }
        })
    }
}

/// Rows to post, interval by interval in the order of the table's key: reversals of what stood there, then what stands
/// there now. Nobody holds them all.
pub struct Posting<'a> {
    books: &'a Books,
    matched: &'a Matched,
    numbers: Numbers,
    before: &'a [Row],
    again: &'a [bool],
    at: [usize; 2],
}

impl<'a> Posting<'a> {
    /// `before` is sorted by start.
    pub fn new(books: &'a Books, matched: &'a Matched, names: &Names, before: &'a [Row], again: &'a [bool]) -> Self {
        Self { books, matched, numbers: Numbers::of(books, names), before, again, at: [0, 0] }
    }

    /// Adds the rows of an interval; intervals come in their order, each once.
    pub fn interval(&mut self, t: usize, rows: &mut Vec<Row>) {
        let (first, start_s) = (rows.len(), self.books.grid.start(t));
        let from = self.before.partition_point(|row| row[0] < start_s);
        let to = self.before.partition_point(|row| row[0] <= start_s);
        if self.again[t] {
            let reversed = |row: &Row| [row[0], row[1], row[2], row[3] + REVERSED, -row[4]];
            rows.extend(self.before[from..to].iter().map(reversed));
        }
        for (code, ledger) in Ledger::BOTH.into_iter().enumerate() {
            let (numbers, again) = (&self.numbers, self.again[t]);
            self.matched.ledger(ledger).post(t, &mut self.at[code], &mut |posted, wh| {
                if again {
                    let (site, instrument) = numbers.key(posted);
                    rows.push([start_s, site, instrument, code as i64, wh]);
                }
            });
        }
        rows[first..].sort_unstable_by_key(|[_, site, instrument, ledger, _]| (*ledger, *site, *instrument));
    }
}

/// The ledgers that posted rows stand for; none where they do not fit these books.
pub fn restore(books: &Books, names: &Names, rows: &[Row]) -> Option<Matched> {
    let numbers = Numbers::of(books, names);
    let mut postings = [Vec::new(), Vec::new()];
    for [start_s, site, instrument, ledger, wh] in rows {
        let t = books.grid.index_of(*start_s)?;
        postings.get_mut(usize::try_from(*ledger).ok()?)?.push((t, numbers.back(*site, *instrument)?, *wh));
    }
    matching::restore(books, &postings[0], &postings[1])
}
