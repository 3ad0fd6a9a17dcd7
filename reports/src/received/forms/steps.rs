//! How long intervals are.

use super::words::Words;
use crate::time::{Instant, LONGEST_S};
use crate::words::length;

/// Lengths in seconds, the shortest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps(Vec<i64>);

impl Steps {
    pub fn parse(words: &Words) -> Result<Self, String> {
        let mut lengths = words.0.iter().map(|word| seconds(word)).collect::<Result<Vec<i64>, String>>()?;
        lengths.sort_unstable();
        lengths.dedup();
        Ok(Self(lengths))
    }

    /// Of lengths in seconds, the shortest first.
    pub fn from_lengths(lengths: &[i64]) -> Self {
        Self(lengths.to_vec())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The length, where there is one only.
    pub fn only(&self) -> Option<i64> {
        match self.0[..] {
            [step] => Some(step),
            _ => None,
        }
    }

    /// 0 where there is none.
    pub fn longest_s(&self) -> i64 {
        self.0.last().copied().unwrap_or(0)
    }

    pub fn hold(&self, length_s: i64) -> bool {
        self.0.contains(&length_s)
    }

    /// `30 and 60 minutes`.
    pub fn text(&self) -> String {
        let lengths: Vec<String> = self.0.iter().map(|seconds| length(*seconds)).collect();
        lengths.join(" or ")
    }
}

/// `5min`, `1h`, `1d`.
///
/// # Errors
/// Text that is no length of time, or one over a year.
pub fn seconds(text: &str) -> Result<i64, String> {
    let refuse = || format!("step `{text}` is not a length of time; write 5min, 30min, 1h or 1d");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let count: i64 = text[..digits].parse().map_err(|_| refuse())?;
    let unit = match text[digits..].trim() {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(refuse()),
    };
    count.checked_mul(unit).filter(|seconds| (1..=LONGEST_S).contains(seconds)).ok_or_else(refuse)
}

/// How long the interval of each stamp is, where that changes within a list; none where its neighbours do not tell.
///
/// A stamp and the one beside it on the interval's side bound it, unless one between them is missing: so a length that is
/// longer than the one on the other side counts only if the next interval has it, too.
pub fn lengths(stamps: &[Instant], steps: &Steps, at_end: bool) -> Vec<Option<i64>> {
    let apart = |from: Option<usize>| {
        let from = from?;
        let length_s = (*stamps.get(from + 1)? - *stamps.get(from)?).abs();
        steps.hold(length_s).then_some(length_s)
    };
    let length = |index: usize| {
        let (before, after) = (apart(index.checked_sub(1)), apart(Some(index)));
        let (own, other) = if at_end { (before, after) } else { (after, before) };
        let beyond = if at_end { apart(index.checked_sub(2)) } else { apart(Some(index + 1)) };
        match own {
            Some(_) if other.is_none() || own <= other || own == beyond => own,
            _ => other,
        }
    };
    (0..stamps.len()).map(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_that_of_neighbours_and_a_hole_is_none() {
        let steps = Steps::parse(&Words(vec!["30min".into(), "1h".into()])).expect("steps");
        let minutes = |stamps: &[i64], at_end: bool| -> Vec<Option<i64>> {
            let stamps: Vec<Instant> = stamps.iter().map(|minute| Instant::from_seconds(minute * 60)).collect();
            lengths(&stamps, &steps, at_end).into_iter().map(|length| length.map(|length| length / 60)).collect()
        };
        let (half, hour) = (Some(30), Some(60));
        // Half-hours that become hours, and back.
        assert_eq!(minutes(&[30, 60, 120, 180, 210, 240], true), [half, half, hour, hour, half, half]);
        assert_eq!(minutes(&[0, 30, 60, 120, 180, 210], false), [half, half, hour, hour, half, half]);
        // One is missing: what follows it is no hour.
        assert_eq!(minutes(&[30, 60, 120, 150, 180], true), [half, half, half, half, half]);
        // Behind a long hole, and alone.
        assert_eq!(minutes(&[30, 60, 600, 630], true), [half, half, half, half]);
        assert_eq!(minutes(&[30], true), [None]);
    }

    #[test]
    fn lengths_are_written_with_a_unit() {
        for (text, length_s) in [("5min", 300), ("1h", 3_600), ("30 min", 1_800), ("1d", 86_400), ("15m", 900)] {
            assert_eq!(seconds(text), Ok(length_s));
        }
        for text in ["", "h", "0min", "1.5h", "30", "-5min", "9999999999999999999s", "400d"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
