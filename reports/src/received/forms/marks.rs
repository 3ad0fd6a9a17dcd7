//! Marks behind times, such as `(CEST)`, and the offsets that they stand for.

use super::moments::{Formats, Moment};
use crate::text::clip;
use crate::time::Zone;
use chrono::FixedOffset;
use std::collections::BTreeMap;

/// Marks, the longest first, and how many seconds the clocks of each are ahead of UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(Vec<(String, i64)>);

impl Marks {
    /// The marks that a form states, each with its offset.
    /// Fails on an empty mark, or what is no offset such as `+02:00`.
    pub fn parse(marks: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut parsed = Vec::with_capacity(marks.len());
        for (mark, offset) in marks {
            if mark.trim().is_empty() {
                return Err("marks: a mark is empty; write such as \"(CEST)\"".into());
            }
            let ahead: Option<FixedOffset> = offset.parse().ok();
            // Written the one way: chrono passes over what stands behind an offset.
            let Some(ahead) = ahead.filter(|ahead| ahead.to_string() == *offset) else {
                return Err(format!("marks: `{}` is not an offset such as +02:00", clip(offset)));
            };
            parsed.push((mark.trim().to_string(), i64::from(ahead.local_minus_utc())));
        }
        parsed.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Ok(Self(parsed))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The time that a cell names: with a mark, the instant at which clocks of the zone show it at that offset.
    pub fn read(&self, text: &str, formats: &Formats, zone: Zone) -> Result<Moment, String> {
        let text = text.trim();
        let marked = self.0.iter().find_map(|(mark, ahead_s)| Some((text.strip_suffix(mark.as_str())?, *ahead_s)));
        let Some((plain, ahead_s)) = marked else { return formats.read(text) };
        match formats.read(plain)? {
            Moment::Instant(_) => Err(format!("`{}` has both an offset and a mark", clip(text))),
            Moment::Wall(wall) => {
                let at = Moment::Wall(wall).as_utc() - ahead_s;
                let shown = zone.instants(wall).contains(&Some(at));
                let refusal =
                    || format!("`{}` is not a time in {}: clocks there do not show it", clip(text), zone.name());
                shown.then_some(Moment::Instant(at)).ok_or_else(refusal)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::forms::moments::Format;

    fn marks(pairs: &[(&str, &str)]) -> Result<Marks, String> {
        Marks::parse(&pairs.iter().map(|(mark, offset)| (mark.to_string(), offset.to_string())).collect())
    }

    #[test]
    fn a_mark_tells_the_hour_that_comes_twice() {
        let zone = Zone::parse("Europe/Brussels").expect("a zone");
        let formats = Formats(vec![Format::parse("%d/%m/%Y %H:%M:%S").expect("a pattern")]);
        let marks = marks(&[("(CET)", "+01:00"), ("(CEST)", "+02:00")]).expect("marks");
        for (text, wanted) in [
            ("27/10/2024 02:45:00 (CEST)", Some("2024-10-27T00:45:00Z")),
            ("27/10/2024 02:45:00 (CET)", Some("2024-10-27T01:45:00Z")),
            ("31/03/2024 01:45:00 (CET)", Some("2024-03-31T00:45:00Z")),
            ("31/03/2024 03:00:00 (CEST)", Some("2024-03-31T01:00:00Z")),
            // Clocks jump over it, and it is no summer time in January.
            ("31/03/2024 02:00:00 (CET)", None),
            ("01/01/2024 00:00:00 (CEST)", None),
            ("27/10/2024 02:45:00 (EET)", None),
        ] {
            let read = marks.read(text, &formats, zone).ok();
            let instant = read.map(|moment| match moment {
                Moment::Instant(at) => at.to_string(),
                Moment::Wall(wall) => wall.to_string(),
            });
            assert_eq!(instant.as_deref(), wanted, "{text}");
        }
        assert!(
            matches!(marks.read("27/10/2024 02:45:00", &formats, zone), Ok(Moment::Wall(_))),
            "no mark, no instant"
        );
    }

    #[test]
    fn what_is_no_mark_or_no_offset_is_refused() {
        for pair in [("", "+01:00"), ("(CET)", "1"), ("(CET)", "+01:00 or so"), ("(CET)", "CET"), ("(CET)", "+0100")] {
            assert!(marks(&[pair]).is_err(), "{pair:?}");
        }
        // The longer mark is meant where both fit.
        let two = marks(&[("T", "+01:00"), ("ST", "+02:00")]).expect("marks");
        let zone = Zone::parse("Europe/Brussels").expect("a zone");
        let read = two.read("2024-07-01 12:00 ST", &Formats::default(), zone);
        assert!(matches!(read, Ok(Moment::Instant(at)) if at.to_string() == "2024-07-01T10:00:00Z"), "{read:?}");
    }
}
