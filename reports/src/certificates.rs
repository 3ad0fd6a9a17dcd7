//! Energy certificates as a report uses them: bundles of whole Wh of one device and production interval.
//!
//! Attributes follow the EnergyTag Granular Certificate scheme. A bundle covers an inclusive range of Wh of its
//! issuance: `1..100` split at 25 is `1..25` and `26..100`.

use crate::named::named;
use crate::text::{is_cell, is_hidden, is_line};
use crate::time::{Instant, Interval};
use ids::ContractId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// No attribute is longer.
const LONGEST: usize = 200;

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub id: String,
    /// The issuance this bundle is part of; its ranges never overlap.
    pub issuance: String,
    /// The production device: a contract's `plant`, or the contract's own id.
    pub device: String,
    pub registry: String,
    pub technology: String,
    /// Production interval: an hour or less is granular, a month or a year is not.
    pub start: Instant,
    pub end: Instant,
    pub first_wh: i64,
    pub last_wh: i64,
    pub status: Status,
    pub owner: String,
    pub beneficiary: Option<String>,
    /// The contract it is claimed under, where its device serves several.
    pub contract: Option<ContractId>,
    /// Since when it has this status.
    pub since: Instant,
    /// The last instant at which it could be cancelled.
    #[serde(deserialize_with = "Option::deserialize")]
    pub expires: Option<Instant>,
}

named! {
    #[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum Status {
        /// Held by its owner, not yet used.
        Issued = "issued",
        /// Used for its beneficiary, once and for good.
        Cancelled = "cancelled",
        Expired = "expired",
        /// Taken back by its issuer: whatever counted it must be restated.
        Withdrawn = "withdrawn",
    }
}

impl Certificate {
    pub fn wh(&self) -> i64 {
        self.last_wh - self.first_wh + 1
    }

    /// Why no register may hold it, if none may.
    pub fn fault(&self) -> Option<String> {
        let texts: [(&str, &str); 4] = [
            ("issuance", &self.issuance),
            ("device", &self.device),
            ("registry", &self.registry),
            ("technology", &self.technology),
        ];
        let blank = texts.iter().find(|(_, text)| !is_line(text)).map(|(name, _)| format!("`{name}` is blank"));
        let optional = [("beneficiary", self.beneficiary.as_deref()), ("contract", self.contract.as_deref())];
        let optional = optional.into_iter().filter_map(|(name, text)| text.map(|text| (name, text)));
        let first: [(&str, &str); 2] = [("id", &self.id), ("owner", &self.owner)];
        let mut all = first.into_iter().chain(texts).chain(optional);
        // The id stands in a table without quotes.
        let id = (!is_cell(&self.id)).then(|| "`id` is blank, or holds a comma, a quote or hidden characters".into());
        all.find_map(|(name, text)| attribute(name, text).err())
            .or(id)
            .or(blank)
            .or_else(|| Interval::new(self.start, self.end).err().map(|error| error.to_string()))
            .or_else(|| Interval { start: self.start, end: self.end }.fault())
            .or_else(|| self.range_fault())
            .or_else(|| self.late())
    }

    fn range_fault(&self) -> Option<String> {
        let (first, last) = (self.first_wh, self.last_wh);
        if first < 1 {
            return Some(format!("first_wh {first} is not a whole number of Wh, 1 or more"));
        }
        (last < first).then(|| format!("last_wh {last} lies before first_wh {first}"))
    }

    /// What was cancelled after its last instant was never cancelled.
    fn late(&self) -> Option<String> {
        let expires = self.expires.filter(|expires| self.status == Status::Cancelled && self.since > *expires)?;
        Some(format!(
            "cancelled since {}, after it expired at {expires}: give the instant it was cancelled as `since`",
            self.since
        ))
    }

    /// An hour or less of production: what a granular certificate is.
    pub fn is_granular(&self) -> bool {
        self.end - self.start <= 3_600
    }
}

/// Whether a text may be an attribute of a certificate.
///
/// # Errors
/// Where it is too long or holds characters that nobody sees.
pub fn attribute(name: &str, text: &str) -> Result<(), String> {
    if text.chars().count() > LONGEST || text.contains(is_hidden) {
        return Err(format!("`{name}` is at most {LONGEST} printable characters"));
    }
    Ok(())
}

/// Wh that are taken: by issuance and first Wh, the last Wh and whose they are.
#[derive(Debug, Default)]
pub struct Taken<'a>(BTreeMap<&'a str, BTreeMap<i64, (i64, &'a str)>>);

impl<'a> Taken<'a> {
    pub fn take(&mut self, c: &'a Certificate) {
        self.0.entry(c.issuance.as_str()).or_default().insert(c.first_wh, (c.last_wh, c.id.as_str()));
    }

    /// Why Wh of a certificate are taken already. Ranges never overlap, so only the last one that starts in time can
    /// reach in.
    pub fn overlap(&self, c: &Certificate) -> Option<String> {
        let (first, (last, id)) = self.0.get(c.issuance.as_str())?.range(..=c.last_wh).next_back()?;
        (*last >= c.first_wh).then(|| {
            format!(
                "Wh {}..{} of issuance `{}` overlap {first}..{last} of certificate `{id}`: energy is claimed once",
                c.first_wh, c.last_wh, c.issuance
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(id: &str, first_wh: i64, last_wh: i64) -> Certificate {
        Certificate {
            id: id.into(),
            issuance: "i".into(),
            device: "w".into(),
            registry: "r".into(),
            technology: "wind".into(),
            start: Instant::FIRST,
            end: Instant::FIRST + 3_600,
            first_wh,
            last_wh,
            status: Status::Cancelled,
            owner: String::new(),
            beneficiary: Some("A, \"B\" & C".into()),
            contract: None,
            since: Instant::FIRST + 5,
            expires: Some(Instant::FIRST + 5),
        }
    }

    #[test]
    fn what_no_register_holds() {
        assert_eq!(bundle("gc 1", 1, 1).fault(), None);
        let at = Instant::from_seconds;
        for (certificate, wanted) in [
            (bundle("a,b", 1, 1), "`id` is blank, or holds a comma"),
            (bundle("a\u{202e}", 1, 1), "`id` is at most 200 printable"),
            (bundle("a", 0, 1), "first_wh 0 is not"),
            (bundle("a", 5, 4), "last_wh 4 lies before first_wh 5"),
            (Certificate { technology: " ".into(), ..bundle("a", 1, 1) }, "`technology` is blank"),
            (Certificate { beneficiary: Some("\n".into()), ..bundle("a", 1, 1) }, "`beneficiary` is at most"),
            (Certificate { end: at(0), ..bundle("a", 1, 1) }, "is not after the start"),
            (Certificate { end: at(367 * 86_400), ..bundle("a", 1, 1) }, "is longer than a year"),
            (
                Certificate { since: at(6), ..bundle("a", 1, 1) },
                "cancelled since 1970-01-01T00:00:06Z, after it expired",
            ),
        ] {
            let found = certificate.fault().expect(wanted);
            assert!(found.contains(wanted), "`{wanted}` not in: {found}");
        }
    }

    #[test]
    fn no_wh_is_taken_twice() {
        let (one, two) = (bundle("one", 1, 25), bundle("two", 30, 100));
        let mut taken = Taken::default();
        [&one, &two].into_iter().for_each(|c| taken.take(c));
        for (first, last, whose) in [(26, 29, None), (101, 101, None), (25, 25, Some("`one`")), (1, 200, Some("`two`"))]
        {
            let found = taken.overlap(&bundle("three", first, last));
            assert_eq!(
                found.as_ref().map(|message| whose.is_some_and(|whose| message.contains(whose))),
                whose.map(|_| true)
            );
        }
    }
}
