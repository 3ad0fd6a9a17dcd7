//! An explanation for people.

use super::explanation::{Explanation, Stretch};
use crate::plan::common::{Instant, SiteId, counted, fixed, signed};
use crate::plan::difference::within_words;
use crate::plan::show::Shown;
use std::collections::BTreeSet;
use std::fmt::Write;

const ROWS: usize = 8;

/// Times are local to each site, as the plan shows them.
pub fn text(e: &Explanation, shown: &Shown<'_>) -> String {
    let mut out = String::new();
    let synthetic = if e.synthetic { " (synthetic data)" } else { "" };
    let stretches = e.runs.iter().chain(e.alternatives.iter().flat_map(|other| &other.runs));
    let zones: BTreeSet<&str> = stretches.map(|s| shown.zone(&s.site).name()).collect();
    let zones: Vec<&str> = zones.into_iter().collect();
    let times = match zones.as_slice() {
        [] => String::new(),
        [zone] => format!("; times in {zone}"),
        zones => format!("; times local to each site, in {}", zones.join(", ")),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{} in plan {}{synthetic}{times}", e.work, e.plan);
    rows(&mut out, ("  ", "runs"), &e.runs, shown);
    if let Some(price) = e.price_per_mwh {
        let window =
            e.window_price_per_mwh.map_or(String::new(), |mean| format!(", {} over all it may use", fixed(mean, 2)));
        let _ = writeln!(out, "  its hours cost {} {} per IT MWh{window}", fixed(price, 2), e.currency);
    }
    match e.limits.split_first() {
        None if e.price_per_mwh.is_some() && e.kind != "training" => {
            let _ = writeln!(out, "  no limit binds: these are the cheapest hours it may use");
        }
        None => {}
        Some((first, rest)) => {
            let _ = writeln!(out, "  bound by {}", first.message);
            for limit in rest {
                let _ = writeln!(out, "      also {}", limit.message);
            }
        }
    }
    for other in &e.alternatives {
        let within = within_words(other.within);
        let unit = if other.cost.is_some() { format!(" {}", e.currency) } else { String::new() };
        let _ = writeln!(out, "  {}{unit}{within}", other.message);
        if !other.parts.is_empty() {
            let parts: Vec<_> = other.parts.iter().map(|p| format!("{} {}", p.code, signed(p.amount, 2))).collect();
            let _ = writeln!(out, "      of it {}", parts.join(", "));
        }
        // Training fills its hours either way.
        if e.kind != "training" {
            rows(&mut out, ("      ", "would run"), &other.runs, shown);
        }
    }
    for note in &e.notes {
        let _ = writeln!(out, "  note: {note}");
    }
    out
}

/// Stretches at one site without a break between them.
struct Spell<'e> {
    site: &'e SiteId,
    start: Instant,
    end: Instant,
    least_mw: f64,
    most_mw: f64,
    mwh: f64,
}

impl<'e> Spell<'e> {
    fn new(s: &'e Stretch) -> Self {
        let hours = (s.end - s.start) as f64 / 3_600.0;
        Self { site: &s.site, start: s.start, end: s.end, least_mw: s.mw, most_mw: s.mw, mwh: s.mw * hours }
    }

    fn words(&self, shown: &Shown<'_>) -> String {
        let [start, end] = [self.start, self.end].map(|at| shown.moment(self.site, Some(at)));
        let power = match (format!("{:.3}", self.least_mw), format!("{:.3}", self.most_mw)) {
            (least, most) if least == most => format!("{most} MW"),
            (least, most) => format!("{least} to {most} MW, {:.3} MWh", self.mwh),
        };
        format!("{start} to {end} at {}, {power}", shown.site_with_id(self.site))
    }
}

/// What follows on another at the same site is one spell with it: a checkpoint's dip ends no run.
fn spells(runs: &[Stretch]) -> Vec<Spell<'_>> {
    let mut sorted: Vec<&Stretch> = runs.iter().collect();
    sorted.sort_by(|a, b| (a.start, &a.site).cmp(&(b.start, &b.site)));
    let mut spells: Vec<Spell<'_>> = Vec::new();
    for next in sorted.into_iter().map(Spell::new) {
        match spells.iter_mut().rfind(|s| s.site == next.site && s.end == next.start) {
            Some(spell) => {
                spell.end = next.end;
                spell.least_mw = spell.least_mw.min(next.least_mw);
                spell.most_mw = spell.most_mw.max(next.most_mw);
                spell.mwh += next.mwh;
            }
            None => spells.push(next),
        }
    }
    spells
}

fn rows(out: &mut String, (indent, verb): (&str, &str), runs: &[Stretch], shown: &Shown<'_>) {
    let spells = spells(runs);
    for (k, spell) in spells.iter().take(ROWS).enumerate() {
        let head = if k == 0 { verb } else { "and" };
        let _ = writeln!(out, "{indent}{head} {}", spell.words(shown));
    }
    if let Some(rest) = spells.get(ROWS..).filter(|rest| !rest.is_empty()) {
        let more = counted(rest.len(), "more stretch", "more stretches");
        let mwh: f64 = rest.iter().map(|spell| spell.mwh).sum();
        let _ = writeln!(out, "{indent}and {more}, {mwh:.3} MWh");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(site: &str, (from_h, to_h): (i64, i64), mw: f64) -> Stretch {
        let at = |hour: i64| Instant::from_seconds(3_600 * hour);
        Stretch { site: site.into(), start: at(from_h), end: at(to_h), mw }
    }

    /// Two hours at 10 MW, a checkpoint's hour at 6, two more at 10; then a pause, and an hour elsewhere.
    #[test]
    fn a_run_that_never_stops_is_one_spell() {
        let runs = [
            stretch("a", (0, 2), 10.0),
            stretch("a", (2, 3), 6.0),
            stretch("a", (3, 5), 10.0),
            stretch("a", (6, 7), 10.0),
            stretch("b", (5, 6), 4.0),
        ];
        let spells = spells(&runs);
        let told: Vec<(&str, i64, i64)> =
            spells.iter().map(|s| (s.site.as_str(), s.start.seconds() / 3_600, s.end.seconds() / 3_600)).collect();
        assert_eq!(told, [("a", 0, 5), ("b", 5, 6), ("a", 6, 7)]);
        assert_eq!((spells[0].least_mw, spells[0].most_mw, spells[0].mwh), (6.0, 10.0, 46.0));
    }

    #[test]
    fn two_at_once_are_two_spells() {
        let runs = [stretch("a", (0, 3), 1.0), stretch("a", (1, 2), 2.0), stretch("b", (0, 3), 1.0)];
        assert_eq!(spells(&runs).len(), 3);
    }
}
