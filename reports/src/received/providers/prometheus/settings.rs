//! What a source of Prometheus is told.

use super::energy::Says;
use crate::received::providers::about::{EACH, Setting, settings};
use crate::received::providers::ask::Wanted;
use crate::series::name::{Group, StorageLeaf, kind_of, parts};
use crate::text::clip;
use crate::time::{Interval, Resolution};
use crate::units::Quantity;
use std::collections::BTreeSet;

pub const SETTINGS: &[Setting] = settings! {
    [needed "\"site/ashburn/it_load\" = \"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION\"":
        "the metric of each series, with labels where it has them; all that it selects is added up"]
    needed "unit" = "mJ": "of what is sampled: mJ J Wh kWh MWh of a counter, or mW W kW MW of power";
    optional "resolution" = "60min": "how long readings are: 5min 15min 30min 60min";
    optional "gap" = "5min": "samples farther apart are a gap; at most 1h";
    optional "meters" = "512":
        "how many there are: with fewer, an interval is unknown; without it, all in the answer are needed";
    optional "by" = "Hostname,UUID":
        "the labels that tell meters apart, where others change while one counts on; without it, all labels";
    optional "span" = "6h": "the period of one request, in whole hours, at most 24h; an answer has at most 32 MiB";
    optional "auth" = "bearer": "how the credential is sent: bearer or basic";
};

/// Units by what is sampled in them, and millijoules or milliwatts of one.
const UNITS: [(&str, Says, i128); 9] = [
    ("mJ", Says::Counter, 1),
    ("J", Says::Counter, 1_000),
    ("Wh", Says::Counter, 3_600_000),
    ("kWh", Says::Counter, 3_600_000_000),
    ("MWh", Says::Counter, 3_600_000_000_000),
    ("mW", Says::Power, 1),
    ("W", Says::Power, 1_000),
    ("kW", Says::Power, 1_000_000),
    ("MW", Says::Power, 1_000_000_000),
];

const LONGEST_GAP_S: i64 = 3_600;
pub const LONGEST_SPAN_S: i64 = 86_400;
const LONGEST_SELECTOR: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings<'w> {
    pub says: Says,
    /// Millijoules or milliwatts of one unit.
    pub milli: i128,
    pub resolution: Resolution,
    pub gap_s: i64,
    pub span_s: i64,
    pub meters: Option<usize>,
    pub by: Vec<&'w str>,
}

impl<'w> Settings<'w> {
    /// What a source is told, or what cannot be, in words.
    pub fn read(wanted: &'w Wanted) -> Result<Self, String> {
        let unit = wanted.setting("unit").unwrap_or_default();
        let (_, says, milli) = UNITS.into_iter().find(|(name, ..)| *name == unit).ok_or_else(|| {
            let known: Vec<&str> = UNITS.iter().map(|(name, ..)| *name).collect();
            format!("unit `{}` is not one of {}", clip(unit), known.join(" "))
        })?;
        let length = |key: &str, otherwise_s: i64, most_s: i64| match wanted.length_s(key)?.unwrap_or(otherwise_s) {
            seconds if seconds <= most_s => Ok(seconds),
            _ => Err(format!("{key} is over {} h", most_s / 3_600)),
        };
        let span_s = length("span", 6 * 3_600, LONGEST_SPAN_S)?;
        if span_s % 3_600 != 0 {
            return Err("span is not a whole number of hours".into());
        }
        let resolution =
            Resolution::parse(wanted.setting("resolution").unwrap_or("60min")).map_err(|e| e.to_string())?;
        let meters = match wanted.setting("meters").map(str::parse::<usize>) {
            None => None,
            Some(Ok(meters)) if meters > 0 => Some(meters),
            Some(_) => return Err("meters is not a number such as 512".into()),
        };
        let by: Vec<&str> = wanted.setting("by").map(|by| by.split(',').map(str::trim).collect()).unwrap_or_default();
        if by.iter().any(|label| !is_label(label)) {
            return Err("by names labels, separated by commas, such as Hostname,UUID".into());
        }
        if !matches!(wanted.setting("auth"), None | Some("bearer" | "basic")) {
            return Err("auth is neither bearer nor basic".into());
        }
        Ok(Self { says, milli, resolution, gap_s: length("gap", 300, LONGEST_GAP_S)?, span_s, meters, by })
    }

    /// What asks for the samples of a period, and a gap's length before and after it.
    pub fn query(&self, selector: &str, covers: Interval) -> String {
        format!("{}[{}s]", selector.trim(), covers.duration_s().saturating_add(2 * self.gap_s))
    }
}

/// What is wrong with the series and what they are read from.
pub fn check(wanted: &Wanted) -> Result<(), String> {
    Settings::read(wanted)?;
    let mut selectors = BTreeSet::new();
    for series in &wanted.series {
        let energy = kind_of(series).is_ok_and(|kind| kind.quantity == Quantity::Energy);
        let state =
            parts(series).is_some_and(|(group, _, leaf)| group == Group::Storage && leaf == StorageLeaf::State.name());
        if !energy || state {
            return Err(format!("{series} holds no energy over time, which is what counters and power give"));
        }
        // That it lacks is said elsewhere.
        let Some(selector) = wanted.setting(series) else { continue };
        if !is_selector(selector) {
            return Err(format!("`{}` is not a metric with its labels, such as metric{{label=\"a\"}}", clip(selector)));
        }
        if !selectors.insert(selector.trim()) {
            return Err(format!("`{}` is read into two series", clip(selector)));
        }
    }
    Ok(())
}

fn is_label(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// A metric and its labels, and nothing that is computed from them: only those have samples of their own.
fn is_selector(text: &str) -> bool {
    let (mut bare, mut quote, mut escaped) = (String::new(), None, false);
    for c in text.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(mark) if c == '\\' && mark != '`' => escaped = true,
            Some(mark) if c == mark => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => bare.push(c),
        }
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_:{}=!~, ".contains(c);
    quote.is_none() && text.len() <= LONGEST_SELECTOR && !bare.trim().is_empty() && bare.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn wanted(settings: &[(&str, &str)]) -> Wanted {
        let told = |(key, text): &(&str, &str)| ((*key).to_string(), (*text).to_string());
        let settings: BTreeMap<String, String> = settings.iter().map(told).collect();
        let series = settings.keys().filter(|key| key.contains('/')).cloned().collect();
        Wanted { series, settings, ..Wanted::default() }
    }

    #[test]
    fn what_cannot_be_is_said() {
        let load = ("site/a/load", "m{a=\"(b[0-9]+)\",c!~'\\'d'}");
        assert_eq!(check(&wanted(&[load, ("unit", "J")])), Ok(()));
        for (settings, words) in [
            (vec![load], "unit `` is not one of mJ J Wh"),
            (vec![load, ("unit", "MJ")], "unit `MJ` is not one of"),
            (vec![load, ("unit", "J"), ("gap", "2h")], "gap is over 1 h"),
            (vec![load, ("unit", "J"), ("gap", "soon")], "gap: step `soon` is not a length"),
            (vec![load, ("unit", "J"), ("span", "90min")], "span is not a whole number of hours"),
            (vec![load, ("unit", "J"), ("span", "2d")], "span is over 24 h"),
            (vec![load, ("unit", "J"), ("resolution", "10min")], "`10min` is not a resolution"),
            (vec![load, ("unit", "J"), ("meters", "0")], "meters is not a number"),
            (vec![load, ("unit", "J"), ("by", "a,,b")], "by names labels"),
            (vec![load, ("unit", "J"), ("auth", "none")], "auth is neither"),
            (vec![load, ("site/a/import", load.1), ("unit", "J")], "is read into two series"),
            (vec![("site/a/temperature", "m"), ("unit", "J")], "site/a/temperature holds no energy over time"),
            (vec![("storage/a/state", "m"), ("unit", "J")], "storage/a/state holds no energy over time"),
            (vec![("site/a/load", "sum(m)"), ("unit", "J")], "`sum(m)` is not a metric"),
            (vec![("site/a/load", "m[5m]"), ("unit", "J")], "`m[5m]` is not a metric"),
            (vec![("site/a/load", "m{a=\"b}"), ("unit", "J")], "is not a metric"),
            (vec![("site/a/load", " "), ("unit", "J")], "is not a metric"),
        ] {
            let what = check(&wanted(&settings)).expect_err(words);
            assert!(what.contains(words), "`{words}` not in: {what}");
        }
    }
}
