//! Both ledgers as rows of the store: what is posted, what is reversed, and the way back.
//!
//! Codes: ledger 0 matching, 1 inventory, 2 and 3 their reversals. A site number below zero says that the row is no
//! allocation: -1 an instrument's surplus that charged storage, -2 a storage's clean charge, -3 what it re-issued.

use crate::store::settlements::{Names, Row};
use ids::{Index, InstrumentIndex, SiteIndex, StorageIndex};
use reports::books::Books;
use reports::matching::diff::Standing;
use reports::matching::{Ledger, Matched, Posted};
use reports::time::Instant;
use std::collections::BTreeMap;

const STORED: i64 = -1;
const CLEAN_CHARGE: i64 = -2;
const REISSUED: i64 = -3;
const REVERSED: i64 = 2;
/// Of what has no number, which no row has.
const UNKNOWN: i64 = -9;

const SITE: i64 = 0;
const INSTRUMENT: i64 = 1;
const STORAGE: i64 = 2;

/// Numbers for every name of the books, keeping those a predecessor gave.
pub fn number(books: &Books, earlier: &Names) -> Names {
    let mut names = earlier.clone();
    let sites = books.sites.iter().map(|s| (SITE, s.id.as_str()));
    let instruments = books.instruments.iter().map(|i| (INSTRUMENT, i.id.as_str()));
    let storage = books.storage.iter().map(|s| (STORAGE, s.id.as_str()));
    for (kind, id) in sites.chain(instruments).chain(storage) {
        let next = names.keys().filter(|(k, _)| *k == kind).count() as i64;
        names.entry((kind, id.to_string())).or_insert(next);
    }
    names
}

/// Numbers of the things of one kind by their index in the books, and back.
struct Codes<I> {
    numbers: Vec<i64>,
    places: BTreeMap<i64, I>,
}

impl<I: Index> Codes<I> {
    fn new<'a>(names: &Names, kind: i64, ids: impl Iterator<Item = &'a str>) -> Self {
        let (mut numbers, mut places) = (Vec::new(), BTreeMap::new());
        for (place, id) in ids.enumerate() {
            let number = names.get(&(kind, id.to_string())).copied();
            numbers.push(number.unwrap_or(UNKNOWN));
            places.extend(number.map(|number| (number, I::new(place))));
        }
        Self { numbers, places }
    }

    fn number(&self, place: I) -> i64 {
        self.numbers[place.get()]
    }

    fn place(&self, number: i64) -> Option<I> {
        self.places.get(&number).copied()
    }
}

/// Numbers of everything in the books, under the names of a settlement.
pub struct Numbers {
    sites: Codes<SiteIndex>,
    instruments: Codes<InstrumentIndex>,
    storage: Codes<StorageIndex>,
}

impl Numbers {
    pub fn new(books: &Books, names: &Names) -> Self {
        Self {
            sites: Codes::new(names, SITE, books.sites.iter().map(|s| s.id.as_str())),
            instruments: Codes::new(names, INSTRUMENT, books.instruments.iter().map(|i| i.id.as_str())),
            storage: Codes::new(names, STORAGE, books.storage.iter().map(|s| s.id.as_str())),
        }
    }

    fn key(&self, posted: Posted) -> (i64, i64) {
        match posted {
            Posted::Allocated { site, instrument } => (self.sites.number(site), self.instruments.number(instrument)),
            Posted::Stored { instrument } => (STORED, self.instruments.number(instrument)),
            Posted::CleanCharge { storage } => (CLEAN_CHARGE, self.storage.number(storage)),
            Posted::Reissued { storage } => (REISSUED, self.storage.number(storage)),
        }
    }

    fn back(&self, site: i64, instrument: i64) -> Option<Posted> {
        Some(match site {
            STORED => Posted::Stored { instrument: self.instruments.place(instrument)? },
            CLEAN_CHARGE => Posted::CleanCharge { storage: self.storage.place(instrument)? },
            REISSUED => Posted::Reissued { storage: self.storage.place(instrument)? },
            _ => Posted::Allocated { site: self.sites.place(site)?, instrument: self.instruments.place(instrument)? },
        })
    }

    /// What rows stand for; none where these books know no such thing.
    pub fn standing(&self, rows: &[Row]) -> Option<Vec<Standing>> {
        let of = |row: &Row| {
            let [_, site, instrument, ledger, wh] = *row;
            let ledger = Ledger::ALL.get(usize::try_from(ledger).ok()?).copied()?;
            Some((ledger, self.back(site, instrument)?, wh))
        };
        rows.iter().map(of).collect()
    }

    /// Adds an interval's rows in the order of the table's key: reversals of what stood `before`, then what stands now.
    pub fn post(&self, books: &Books, matched: &Matched, t: usize, before: &[Row], rows: &mut Vec<Row>) {
        let (first, start) = (rows.len(), books.grid.start(t));
        let reversed = |row: &Row| [row[0], row[1], row[2], row[3] + REVERSED, -row[4]];
        rows.extend(before.iter().map(reversed));
        for (code, ledger) in Ledger::ALL.into_iter().enumerate() {
            matched.ledger(ledger).post(t, &mut |posted, wh| {
                let (site, instrument) = self.key(posted);
                rows.push([start.seconds(), site, instrument, code as i64, wh]);
            });
        }
        rows[first..].sort_unstable_by_key(|[_, site, instrument, ledger, _]| (*ledger, *site, *instrument));
    }
}

/// The rows of an interval among rows sorted by start.
pub fn of_interval(rows: &[Row], start: Instant) -> &[Row] {
    let from = rows.partition_point(|row| row[0] < start.seconds());
    let to = rows.partition_point(|row| row[0] <= start.seconds());
    &rows[from..to]
}
