//! Public sources that come as files, in one list: the command line, ingest, the verifier and the tests with damaged files
//! go through it.
//!
//! A feed is a file here, a line in each place below, and a valid example of its files, `fixtures/fuzz/<name>.csv`.

mod about;
pub mod eia930;
pub mod neso;

pub use about::{About, Asks, Told};

use crate::received::{Records, Refused, Rows};
use csv::StringRecord;
use ids::BoundaryId;
use std::io::Read;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    Eia930,
    Neso,
}

impl Feed {
    /// In the order in which headers are held against them.
    pub const ALL: &'static [Self] = &[Self::Eia930, Self::Neso];

    pub fn about(self) -> About {
        match self {
            Self::Eia930 => eia930::ABOUT,
            Self::Neso => neso::ABOUT,
        }
    }

    /// Whether a header is that of its files.
    pub fn recognises(self, header: &StringRecord) -> bool {
        match self {
            Self::Eia930 => eia930::recognises(header),
            Self::Neso => neso::recognises(header),
        }
    }

    /// Reads a file about an area; bad rows are rejected one by one.
    ///
    /// # Errors
    /// Why the file cannot be read any further, or what it asks and was not told.
    pub fn read(
        self,
        records: &mut Records<impl Read>,
        area: &BoundaryId,
        told: Told,
        batch: &mut impl Rows,
    ) -> Result<(), Refused> {
        match self {
            Self::Eia930 => {
                let untold = || Refused::new("whether its times name the start or the end of their hour is not stated");
                eia930::read(records, area, told.label.ok_or_else(untold)?, batch)
            }
            Self::Neso => {
                let untold = || Refused::new("when its forecasts were issued is not stated");
                neso::read(records, area, told.issued.ok_or_else(untold)?, batch)
            }
        }
    }

    /// All that a file whose answers are forgotten may have been told, as far as its readings differ by it.
    pub fn meanings(self) -> &'static [Told] {
        match self.about().asks {
            Asks::Nothing => &[Told::NOTHING],
            Asks::Label => &[Told::END, Told::START],
            Asks::Issued => &[Told::ISSUED_LAST],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;

    #[test]
    fn a_header_is_that_of_one_feed_and_a_name_too() {
        let headers = ["ts_utc,coal_mw", "from,intensity.forecast,intensity.actual"];
        assert_eq!(headers.len(), Feed::ALL.len(), "a header of each feed");
        for (header, feed) in headers.into_iter().zip(Feed::ALL) {
            let header = StringRecord::from(header.split(',').collect::<Vec<_>>());
            let whose: Vec<&Feed> = Feed::ALL.iter().filter(|feed| feed.recognises(&header)).collect();
            assert_eq!(whose, [feed]);
        }
        let mut names: Vec<&str> = Feed::ALL.iter().map(|feed| feed.about().name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Feed::ALL.len());
    }

    #[test]
    fn what_was_not_told_is_asked_for() {
        for feed in Feed::ALL.iter().filter(|feed| feed.about().asks != Asks::Nothing) {
            let mut records = Records::new(&b""[..]);
            let refused =
                feed.read(&mut records, &"A".into(), Told::NOTHING, &mut Taken::default()).expect_err("not told");
            assert!(refused.what.ends_with("is not stated"), "{refused}");
        }
    }
}
