//! What a restatement changes: totals and intervals before and after.

use super::document::{Claim, DeltaRow, Report, RestatementReport};
use super::intervals::FIGURES;
use super::totals::{Backed, Totals};
use crate::inputs::{Inputs, Restatement};
use crate::series::name::{Group, is_id};
use ids::ContractId;
use std::collections::{BTreeMap, BTreeSet};

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
    let changed = intervals(restatement, report)?;
    let intervals_changed = changed.iter().map(|r| (&r.scope, &r.start)).collect::<BTreeSet<_>>().len();
    let (reason, actor) = (restatement.reason.clone(), restatement.actor.clone());
    Ok(Some(RestatementReport { reason, actor, totals, intervals_changed }))
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
    if let Some(now) = &after.backed {
        let was = before.backed.clone().unwrap_or_default();
        rows.extend(changed(scope, backed(&was), backed(now)));
    }
}

/// What is backed of the figures; of a report under rules that did not tell, nothing is known.
fn backed(backed: &Backed) -> [(&'static str, String); 4] {
    let wh = |wh: Option<i128>| wh.map_or("not known".into(), |wh| wh.to_string());
    [
        ("backed_matched_wh", wh(backed.matched_wh)),
        ("backed_matched_share", backed.matched_share.clone().unwrap_or_else(|| "not known".into())),
        ("market_based_annual_backed_wh", wh(backed.market_based_annual_wh)),
        ("market_based_hourly_backed_wh", wh(backed.market_based_hourly_wh)),
    ]
}

/// On what a contract's claim rests; its words also hold what was matched, which has rows of its own.
fn compare_claims(contract: &ContractId, before: &Claim, after: &Claim, rows: &mut Vec<DeltaRow>) {
    let figures = |claim: &Claim| {
        [
            ("claim", claim.basis.clone()),
            ("claim_cancelled_wh", claim.cancelled_wh.to_string()),
            ("claim_held_wh", claim.held_wh.to_string()),
            ("claim_expired_wh", claim.expired_wh.to_string()),
            ("claim_withdrawn_wh", claim.withdrawn_wh.to_string()),
        ]
    };
    rows.extend(changed(&Group::Contract.subject(contract), figures(before), figures(after)));
    if let Some(now) = after.backed_wh {
        let was = before.backed_wh.map_or("not known".into(), |wh| wh.to_string());
        let rows_of = |wh: String| [("claim_backed_wh", wh)];
        rows.extend(changed(&Group::Contract.subject(contract), rows_of(was), rows_of(now.to_string())));
    }
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

/// Of the figures of an interval the last is told only where the ruleset tells it and certificates are known.
pub(super) const BACKED: usize = 7;

/// Every interval figure that is another than in the pack replaced.
pub fn intervals(restatement: &Restatement, report: &Report) -> Result<Vec<DeltaRow>, String> {
    let before = parse_intervals(&restatement.previous.intervals)?;
    let mut rows = Vec::new();
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            let was = before.get(&(boundary.id.as_str(), row.start.as_str()));
            for (place, is) in row.figures().into_iter().enumerate() {
                let Some(is) = is else { continue };
                let before_wh = was.map(|was| was[place]);
                // What an earlier report did not tell is no change of what it told.
                if before_wh == Some(None) || before_wh.flatten() == Some(is) {
                    continue;
                }
                rows.push(DeltaRow {
                    scope: boundary.id.clone(),
                    start: row.start.clone(),
                    figure: FIGURES[place].into(),
                    before: before_wh.flatten().map_or(String::new(), |wh| wh.to_string()),
                    after: is.to_string(),
                });
            }
        }
    }
    Ok(rows)
}

/// In the order of [`FIGURES`]; none where a report does not state it.
pub(super) type Figures = [Option<i64>; 8];
/// By boundary and start.
pub(super) type IntervalFigures<'a> = BTreeMap<(&'a str, &'a str), Figures>;

/// The rows of a pack's `intervals.csv`, of this version or an earlier one.
pub(super) fn parse_intervals(bytes: &[u8]) -> Result<IntervalFigures<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("intervals.csv: {e}"))?;
    let mut lines = text.lines().enumerate();
    let malformed = |index: usize| format!("intervals.csv: line {} is not a row of intervals", index + 1);
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(_, line)| line.split(',').collect());
    let (Some(["boundary", "start"]), Some(names)) = (header.get(..2), header.get(2..)) else {
        return Err(malformed(0));
    };
    let places: Option<Vec<usize>> = names.iter().map(|name| FIGURES.iter().position(|c| c == name)).collect();
    let places = places.filter(|places| places.len() >= BACKED).ok_or_else(|| malformed(0))?;
    let mut by_interval = BTreeMap::new();
    for (index, line) in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [boundary, start, values @ ..] = cells.as_slice() else { return Err(malformed(index)) };
        if values.len() != places.len() || !is_id(boundary) {
            return Err(malformed(index));
        }
        let mut figures: Figures = [None; 8];
        for (place, value) in places.iter().zip(values) {
            figures[*place] = match *value {
                "" if *place == BACKED => None,
                value => Some(value.parse::<i64>().map_err(|_| malformed(index))?),
            };
        }
        by_interval.insert((*boundary, *start), figures);
    }
    Ok(by_interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_either_version_are_read() {
        let old = "boundary,start,load_wh,contracted_wh,matched_wh,stored_wh,surplus_wh,unmatched_wh,grid_cfe_wh\n\
                   A,t,7,6,5,0,1,2,3\n";
        let wanted = [7, 6, 5, 0, 1, 2, 3].map(Some);
        let read = |text: &str| parse_intervals(text.as_bytes()).map(|rows| rows[&("A", "t")]);
        assert_eq!(read(old).map(|f| (f[..7].to_vec(), f[BACKED])), Ok((wanted.to_vec(), None)));
        let new = old.replace("grid_cfe_wh\n", "grid_cfe_wh,backed_wh\n").replace("3\n", "3,4\n");
        assert_eq!(read(&new).map(|f| (f[..7].to_vec(), f[BACKED])), Ok((wanted.to_vec(), Some(4))));
        assert_eq!(read(&new.replace("3,4", "3,")).map(|f| f[BACKED]), Ok(None));
        let mut bad = vec![new.replace("3,4", "3"), new.replace("load_wh", "weight"), old.replace("7,", ",")];
        bad.extend([old.replace("A,t", "\u{202e}A,t"), String::new()]);
        for bad in bad {
            assert!(parse_intervals(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
