//! Headline figures of two periods side by side: the same rows in every format that compares.

use super::figures::{Cut, NOT_APPLICABLE, NOT_KNOWN, NOT_SUPPLIED, matched_share, own_generation, without_cfe_score};
use super::names::Names;
use ids::BoundaryId;
use reports::report::{Report, Totals};
use reports::units::Floored;

/// One figure of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Millionths, floored.
    Share(i128),
    /// Wh, and which way its MWh are cut.
    Energy(i128, Cut),
    /// Whole grams.
    Mass(i128),
    /// Intervals fully matched, and those with load.
    Intervals(usize, usize),
    /// Why there is none.
    Absent(&'static str),
}

/// A figure of both periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub before: Value,
    pub now: Value,
}

const NOT_THERE: Value = Value::Absent("not in the report");

/// Totals of the portfolio, figure by figure, as this period calls them.
pub fn totals(before: &Totals, now: &Totals, names: Names) -> Vec<Row> {
    let pairs = figures(before, names).into_iter().zip(figures(now, names));
    let mut rows: Vec<Row> =
        pairs.map(|((name, before), (_, now))| Row { name: name.to_string(), before, now }).collect();
    let upstream = [before, now].map(|totals| totals.emissions.upstream_g);
    if upstream.iter().any(Option::is_some) {
        let [before, now] = upstream.map(mass);
        rows.push(Row { name: "Upstream, Scope 3".to_string(), before, now });
    }
    if [before, now].iter().any(|totals| own_generation(totals).is_some()) {
        let [before, now] = [before, now].map(|totals| mass(totals.emissions.scope_1_g.flatten()));
        rows.push(Row { name: "Own generation, Scope 1".to_string(), before, now });
    }
    rows
}

/// The matched share of each boundary of either report.
pub fn boundaries(before: &Report, now: &Report) -> Vec<Row> {
    let of = |report: &Report, id: &BoundaryId| {
        report
            .boundaries
            .iter()
            .find(|b| b.id == *id)
            .map_or(NOT_THERE, |b| share(matched_share(&b.totals), NOT_APPLICABLE))
    };
    let gone = before.boundaries.iter().filter(|b| now.boundaries.iter().all(|n| n.id != b.id));
    let ids = now.boundaries.iter().chain(gone).map(|b| &b.id);
    ids.map(|id| Row { name: id.to_string(), before: of(before, id), now: of(now, id) }).collect()
}

/// Why two periods may not be like for like.
pub fn differences(before: &Report, now: &Report) -> Vec<String> {
    let rules = |r: &Report| format!("{} version {}", r.ruleset.id, r.ruleset.version);
    let (old_rules, new_rules) = (rules(before), rules(now));
    let length = |r: &Report| r.period.intervals as i128 * i128::from(r.resolution.minutes());
    let notes = [
        (
            old_rules != new_rules,
            format!("Not like for like: the period before was computed under {old_rules}, this one under {new_rules}."),
        ),
        (
            before.factor_basis != now.factor_basis,
            format!("Emissions are on different factors: {} before, {} now.", before.factor_basis, now.factor_basis),
        ),
        (before.name != now.name, format!("The report before is of another portfolio: {}.", before.name)),
        (length(before) != length(now), "The two periods are not equally long.".into()),
        (before.synthetic != now.synthetic, "One of the two reports is of synthetic data.".into()),
    ];
    notes.into_iter().filter_map(|(differs, note)| differs.then_some(note)).collect()
}

fn share(score: Option<Floored>, why_not: &'static str) -> Value {
    score.map_or(Value::Absent(why_not), |score| Value::Share(score.millionths()))
}

fn mass(grams: Option<i128>) -> Value {
    grams.map_or(Value::Absent(NOT_SUPPLIED), Value::Mass)
}

fn intervals(totals: &Totals) -> Value {
    match totals.intervals_with_load {
        0 => Value::Absent(NOT_APPLICABLE),
        with_load => Value::Intervals(totals.intervals_fully_matched, with_load),
    }
}

fn figures(totals: &Totals, names: Names) -> [(&'static str, Value); 13] {
    let emissions = &totals.emissions;
    let backed = totals.backed.as_ref().and_then(|backed| backed.matched_share);
    [
        ("Matched share, hourly", share(matched_share(totals), NOT_APPLICABLE)),
        ("Matched share backed by cancelled certificates", share(backed, NOT_KNOWN)),
        ("CFE score", share(totals.cfe_score, without_cfe_score(totals))),
        (names.volumetric(), share(totals.annual_share, NOT_APPLICABLE)),
        (names.volumetric_capped(), share(totals.annual_share_capped, NOT_APPLICABLE)),
        ("Intervals fully matched / intervals with load", intervals(totals)),
        ("Load", Value::Energy(totals.load_wh, Cut::Up)),
        ("Contracted", Value::Energy(totals.contracted_wh, Cut::Down)),
        ("Matched", Value::Energy(totals.matched_wh, Cut::Down)),
        ("Surplus", Value::Energy(totals.surplus_wh, Cut::Down)),
        ("Location-based", mass(emissions.location_based_g)),
        (names.market_based(), mass(emissions.market_based_annual_g)),
        ("Market-based, hourly (draft)", mass(emissions.market_based_hourly_g)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Certified;

    #[test]
    fn what_one_period_lacks_is_said() {
        let now = Totals { load_wh: 10, unmatched_wh: 1, matched_share: Floored::new(1, 1), ..Totals::default() };
        let names = Names { year: false, certified: Certified::None };
        let rows = totals(&Totals::default(), &now, names);
        assert_eq!((rows[0].before, rows[0].now), (Value::Absent(NOT_APPLICABLE), Value::Share(999_999)));
        assert_eq!((rows[1].before, rows[1].now), (Value::Absent(NOT_KNOWN), Value::Absent(NOT_KNOWN)));
        assert_eq!((rows[2].before, rows[2].now), (Value::Absent(NOT_APPLICABLE), Value::Absent(NOT_SUPPLIED)));
        assert_eq!(rows[3].name, "Volumetric share over the period");
        assert_eq!(rows.len(), 13);
        let mut before = now.clone();
        before.emissions.upstream_g = Some(5);
        assert_eq!(totals(&before, &now, names).last().map(|row| row.before), Some(Value::Mass(5)));
    }
}
