//! What a restatement changes: totals and intervals before and after.

use super::document::{Claim, DeltaRow, Report, RestatementReport};
use super::intervals::FIGURES;
use super::totals::{Backed, Totals};
use super::values::{Figure, Scope, Told};
use crate::inputs::{Inputs, Restatement};
use crate::series::name::is_id;
use crate::time::Instant;
use crate::units::Floored;
use std::collections::{BTreeMap, BTreeSet};

/// The restatement a report carries, if it is one.
pub fn restated(inputs: &Inputs, report: &Report) -> Result<Option<RestatementReport>, String> {
    let Some(restatement) = &inputs.restatement else { return Ok(None) };
    let before: Report =
        serde_json::from_slice(&restatement.previous.results).map_err(|e| format!("results.json: {e}"))?;
    let mut totals = Vec::new();
    compare(&Scope::Portfolio, &before.portfolio, &report.portfolio, &mut totals);
    for boundary in &report.boundaries {
        let empty = Totals::default();
        let was = before.boundaries.iter().find(|b| b.id == boundary.id).map_or(&empty, |b| &b.totals);
        compare(&Scope::Boundary(boundary.id.clone()), was, &boundary.totals, &mut totals);
    }
    for contract in &report.contracts {
        if let Some(was) = before.contracts.iter().find(|c| c.id == contract.id) {
            compare_claims(&Scope::Contract(contract.id.clone()), &was.claim, &contract.claim, &mut totals);
        }
    }
    let changed = intervals(restatement, report)?;
    let intervals_changed = changed.iter().map(|r| (&r.scope, r.start)).collect::<BTreeSet<_>>().len();
    let (reason, actor) = (restatement.reason.clone(), restatement.actor.clone());
    Ok(Some(RestatementReport { reason, actor, totals, intervals_changed }))
}

fn compare(scope: &Scope, before: &Totals, after: &Totals, rows: &mut Vec<DeltaRow>) {
    let share = |share: Option<Floored>| Told::or(share.map(Told::Share), "not applicable");
    let grams = |g: Option<i128>| Told::or(g.map(Told::Integer), "not supplied");
    // Versions under an older ruleset lack these.
    let counted = |told: Option<Told>| Told::or(told, "not counted");
    let figures = |t: &Totals| {
        [
            (Figure::LoadWh, Told::Integer(t.load_wh)),
            (Figure::ContractedWh, Told::Integer(t.contracted_wh)),
            (Figure::MatchedWh, Told::Integer(t.matched_wh)),
            (Figure::StoredWh, Told::Integer(t.stored_wh)),
            (Figure::SurplusWh, Told::Integer(t.surplus_wh)),
            (Figure::UnmatchedWh, Told::Integer(t.unmatched_wh)),
            (Figure::GridCfeWh, Told::Integer(t.grid_cfe_wh)),
            (Figure::MatchedShare, share(t.matched_share)),
            (Figure::CfeScore, share(t.cfe_score)),
            (Figure::AnnualShare, share(t.annual_share)),
            (Figure::AnnualShareCapped, share(t.annual_share_capped)),
            (Figure::LocationBasedG, grams(t.emissions.location_based_g)),
            (Figure::MarketBasedAnnualG, grams(t.emissions.market_based_annual_g)),
            (Figure::MarketBasedHourlyG, grams(t.emissions.market_based_hourly_g)),
            (Figure::UpstreamG, grams(t.emissions.upstream_g)),
            (Figure::PurchasedWh, counted(t.purchased_wh.map(Told::Integer))),
            (Figure::Scope1Wh, counted(t.scope_1_wh.map(Told::Integer))),
            (Figure::Scope1Share, share(t.scope_1_share)),
            (Figure::Scope1G, counted(t.emissions.scope_1_g.map(grams))),
        ]
    };
    rows.extend(changed(scope, figures(before), figures(after)));
    if let Some(now) = &after.backed {
        let was = before.backed.clone().unwrap_or_default();
        rows.extend(changed(scope, backed(&was), backed(now)));
    }
}

/// What is backed of the figures; of a report under rules that did not tell, nothing is known.
fn backed(backed: &Backed) -> [(Figure, Told); 4] {
    [
        (Figure::BackedMatchedWh, known(backed.matched_wh)),
        (Figure::BackedMatchedShare, Told::or(backed.matched_share.map(Told::Share), NOT_KNOWN)),
        (Figure::MarketBasedAnnualBackedWh, known(backed.market_based_annual_wh)),
        (Figure::MarketBasedHourlyBackedWh, known(backed.market_based_hourly_wh)),
    ]
}

const NOT_KNOWN: &str = "not known";

fn known(wh: Option<i128>) -> Told {
    Told::or(wh.map(Told::Integer), NOT_KNOWN)
}

/// On what a contract's claim rests; its words also hold what was matched, which has rows of its own.
fn compare_claims(scope: &Scope, before: &Claim, after: &Claim, rows: &mut Vec<DeltaRow>) {
    let figures = |claim: &Claim| {
        [
            (Figure::Claim, Told::Words(claim.basis.name().into())),
            (Figure::ClaimCancelledWh, Told::Integer(claim.cancelled_wh)),
            (Figure::ClaimHeldWh, Told::Integer(claim.held_wh)),
            (Figure::ClaimExpiredWh, Told::Integer(claim.expired_wh)),
            (Figure::ClaimWithdrawnWh, Told::Integer(claim.withdrawn_wh)),
        ]
    };
    rows.extend(changed(scope, figures(before), figures(after)));
    if after.backed_wh.is_some() {
        let backed = |claim: &Claim| [(Figure::ClaimBackedWh, known(claim.backed_wh))];
        rows.extend(changed(scope, backed(before), backed(after)));
    }
}

fn changed<const N: usize>(
    scope: &Scope,
    before: [(Figure, Told); N],
    after: [(Figure, Told); N],
) -> impl Iterator<Item = DeltaRow> {
    let differ = before.into_iter().zip(after).filter(|((_, was), (_, is))| was != is);
    differ.map(move |((figure, before), (_, after))| DeltaRow {
        scope: scope.clone(),
        start: None,
        figure,
        before,
        after,
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
            let was = before.get(&(boundary.id.as_str(), row.start));
            for (place, is) in row.figures().into_iter().enumerate() {
                let Some(is) = is else { continue };
                let before_wh = was.map(|was| was[place]);
                // What an earlier report did not tell is no change of what it told.
                if before_wh == Some(None) || before_wh.flatten() == Some(is) {
                    continue;
                }
                rows.push(DeltaRow {
                    scope: Scope::Boundary(boundary.id.clone()),
                    start: Some(row.start),
                    figure: FIGURES[place],
                    before: Told::or(before_wh.flatten().map(|wh| Told::Integer(wh.into())), ""),
                    after: Told::Integer(is.into()),
                });
            }
        }
    }
    Ok(rows)
}

/// In the order of [`FIGURES`]; none where a report does not state it.
pub(super) type Figures = [Option<i64>; 8];
/// By boundary and start.
pub(super) type IntervalFigures<'a> = BTreeMap<(&'a str, Instant), Figures>;

/// The rows of a pack's `intervals.csv`, of this version or an earlier one.
pub(super) fn parse_intervals(bytes: &[u8]) -> Result<IntervalFigures<'_>, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("intervals.csv: {e}"))?;
    let mut lines = text.lines().enumerate();
    let malformed = |index: usize| format!("intervals.csv: line {} is not a row of intervals", index + 1);
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(_, line)| line.split(',').collect());
    let (Some(["boundary", "start"]), Some(names)) = (header.get(..2), header.get(2..)) else {
        return Err(malformed(0));
    };
    let places: Option<Vec<usize>> =
        names.iter().map(|name| FIGURES.iter().position(|figure| figure.name() == *name)).collect();
    let places = places.filter(|places| places.len() >= BACKED).ok_or_else(|| malformed(0))?;
    let mut by_interval = BTreeMap::new();
    for (index, line) in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [boundary, start, values @ ..] = cells.as_slice() else { return Err(malformed(index)) };
        let start = Instant::parse(start).map_err(|_| malformed(index))?;
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
        by_interval.insert((*boundary, start), figures);
    }
    Ok(by_interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_either_version_are_read() {
        let old = "boundary,start,load_wh,contracted_wh,matched_wh,stored_wh,surplus_wh,unmatched_wh,grid_cfe_wh\n\
                   A,1970-01-01T00:00:00Z,7,6,5,0,1,2,3\n";
        let wanted = [7, 6, 5, 0, 1, 2, 3].map(Some);
        let read = |text: &str| parse_intervals(text.as_bytes()).map(|rows| rows[&("A", Instant::FIRST)]);
        assert_eq!(read(old).map(|f| (f[..7].to_vec(), f[BACKED])), Ok((wanted.to_vec(), None)));
        let new = old.replace("grid_cfe_wh\n", "grid_cfe_wh,backed_wh\n").replace("3\n", "3,4\n");
        assert_eq!(read(&new).map(|f| (f[..7].to_vec(), f[BACKED])), Ok((wanted.to_vec(), Some(4))));
        assert_eq!(read(&new.replace("3,4", "3,")).map(|f| f[BACKED]), Ok(None));
        let mut bad = vec![new.replace("3,4", "3"), new.replace("load_wh", "weight"), old.replace("7,", ",")];
        bad.extend([old.replace("A,1", "\u{202e}A,1"), old.replace("T00", "T25"), String::new()]);
        for bad in bad {
            assert!(parse_intervals(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
