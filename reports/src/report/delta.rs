//! What a restatement changes: totals and intervals before and after.

use super::{Claim, DeltaRow, IntervalRow, Report, RestatementReport, Totals};
use crate::inputs::{Inputs, Restatement};
use std::collections::BTreeMap;

/// The restatement a report carries, if it is one.
pub fn restated(inputs: &Inputs, report: &Report) -> Result<Option<RestatementReport>, String> {
    let Some(restatement) = &inputs.restatement else { return Ok(None) };
    let before: Report =
        serde_json::from_slice(&restatement.previous.results).map_err(|e| format!("results.json: {e}"))?;
    let mut totals = Vec::new();
    compare("portfolio", &before.portfolio, &report.portfolio, &mut totals);
    for boundary in &report.boundaries {
        let empty = Totals::default();
        let was = before.boundaries.iter().find(|b| b.id == boundary.id).map_or(&empty, |b| &b.totals);
        compare(&boundary.id, was, &boundary.totals, &mut totals);
    }
    for contract in &report.contracts {
        if let Some(was) = before.contracts.iter().find(|c| c.id == contract.id) {
            compare_claims(&contract.id, &was.claim, &contract.claim, &mut totals);
        }
    }
    Ok(Some(RestatementReport {
        reason: restatement.reason.clone(),
        actor: restatement.actor.clone(),
        totals,
        intervals_changed: intervals(restatement, report)?
            .iter()
            .map(|r| (&r.scope, &r.start))
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
    }))
}

fn compare(scope: &str, before: &Totals, after: &Totals, rows: &mut Vec<DeltaRow>) {
    let share = |s: &Option<String>| s.clone().unwrap_or_else(|| "not applicable".into());
    let grams = |g: Option<i128>| g.map_or("not supplied".into(), |g| g.to_string());
    // Versions under an older ruleset lack these.
    let not_counted = || String::from("not counted");
    let counted = |wh: Option<i128>| wh.map_or_else(not_counted, |wh| wh.to_string());
    let figures = |t: &Totals| {
        [
            ("load_wh", t.load_wh.to_string()),
            ("contracted_wh", t.contracted_wh.to_string()),
            ("matched_wh", t.matched_wh.to_string()),
            ("stored_wh", t.stored_wh.to_string()),
            ("surplus_wh", t.surplus_wh.to_string()),
            ("unmatched_wh", t.unmatched_wh.to_string()),
            ("grid_cfe_wh", t.grid_cfe_wh.to_string()),
            ("matched_share", share(&t.matched_share)),
            ("cfe_score", share(&t.cfe_score)),
            ("annual_share", share(&t.annual_share)),
            ("annual_share_capped", share(&t.annual_share_capped)),
            ("location_based_g", grams(t.emissions.location_based_g)),
            ("market_based_annual_g", grams(t.emissions.market_based_annual_g)),
            ("market_based_hourly_g", grams(t.emissions.market_based_hourly_g)),
            ("upstream_g", grams(t.emissions.upstream_g)),
            ("purchased_wh", counted(t.purchased_wh)),
            ("scope_1_wh", counted(t.scope_1_wh)),
            ("scope_1_share", share(&t.scope_1_share)),
            ("scope_1_g", t.emissions.scope_1_g.map_or_else(not_counted, grams)),
        ]
    };
    rows.extend(changed(scope, figures(before), figures(after)));
}

/// On what a contract's claim rests; its words also hold what was matched, which has rows of its own.
fn compare_claims(contract: &str, before: &Claim, after: &Claim, rows: &mut Vec<DeltaRow>) {
    let figures = |claim: &Claim| {
        [
            ("claim", claim.basis.clone()),
            ("claim_cancelled_wh", claim.cancelled_wh.to_string()),
            ("claim_held_wh", claim.held_wh.to_string()),
            ("claim_expired_wh", claim.expired_wh.to_string()),
            ("claim_withdrawn_wh", claim.withdrawn_wh.to_string()),
        ]
    };
    rows.extend(changed(&format!("contract/{contract}"), figures(before), figures(after)));
}

fn changed<const N: usize>(
    scope: &str,
    before: [(&'static str, String); N],
    after: [(&'static str, String); N],
) -> impl Iterator<Item = DeltaRow> {
    let differ = before.into_iter().zip(after).filter(|((_, was), (_, is))| was != is);
    differ.map(move |((figure, was), (_, is))| DeltaRow {
        scope: scope.to_string(),
        start: String::new(),
        figure: figure.into(),
        before: was,
        after: is,
    })
}

const COLUMNS: [&str; 7] =
    ["load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh", "grid_cfe_wh"];

fn figures(row: &IntervalRow) -> [i64; 7] {
    [row.load_wh, row.contracted_wh, row.matched_wh, row.stored_wh, row.surplus_wh, row.unmatched_wh, row.grid_cfe_wh]
}

/// Every interval figure that is another than in the pack replaced.
pub fn intervals(restatement: &Restatement, report: &Report) -> Result<Vec<DeltaRow>, String> {
    let before = previous_intervals(&restatement.previous.intervals)?;
    let mut rows = Vec::new();
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            let was = before.get(&(boundary.id.as_str(), row.start.as_str()));
            for (place, is) in figures(row).into_iter().enumerate() {
                let was = was.map(|was| was[place]);
                if was != Some(is) {
                    rows.push(DeltaRow {
                        scope: boundary.id.clone(),
                        start: row.start.clone(),
                        figure: COLUMNS[place].into(),
                        before: was.map_or(String::new(), |wh| wh.to_string()),
                        after: is.to_string(),
                    });
                }
            }
        }
    }
    Ok(rows)
}

type Before<'a> = BTreeMap<(&'a str, &'a str), [i64; 7]>;

fn previous_intervals(bytes: &[u8]) -> Result<Before<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("intervals.csv: {e}"))?;
    let mut before = BTreeMap::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let malformed = || format!("intervals.csv: line {} is not a row of intervals", index + 1);
        let [boundary, start, values @ ..] = cells.as_slice() else { return Err(malformed()) };
        let values: Vec<i64> =
            values.iter().map(|v| v.parse::<i64>()).collect::<Result<_, _>>().map_err(|_| malformed())?;
        before.insert((*boundary, *start), values.try_into().map_err(|_| malformed())?);
    }
    Ok(before)
}
