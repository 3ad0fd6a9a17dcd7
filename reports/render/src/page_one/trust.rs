//! What a reader should know before trusting the figures.

use crate::english::{self, Energy};
use crate::figures::LITTLE;
use crate::names::{self, Of};
use reports::exceptions::FALLBACK_SOURCE;
use reports::quality::TierSplit;
use reports::report::disclosed::CFE_MAY_COUNT_TWICE;
use reports::report::{BoundaryReport, ExceptionRow, FactorValue, Figure, Report};
use reports::ruleset::FallbackTier;
use reports::suspects::Check;
use reports::units::Floored;
use std::collections::BTreeSet;

/// Boundaries named one by one.
const NAMED: usize = 3;

/// What limits trust in the figures, and the section that says more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub text: String,
    /// Id of the section.
    pub link: &'static str,
    pub more: &'static str,
}

/// What limits trust, the weightiest first.
pub fn limits(report: &Report, energy: Energy) -> Vec<Limit> {
    let restated = format!("This is version {}: it replaces an earlier report of the same period.", report.version);
    let own = &report.disclosure.g_may_include_own_contracts;
    let all = [
        ("restatement", "See what changed.", report.restatement.as_ref().map(|_| restated)),
        ("disclosure", "See where.", uncancelled(report, energy)),
        ("quality", "See how much.", estimated_load(report)),
        ("quality", "See how much.", unmetered_generation(report)),
        ("boundaries", "See which factors.", fallback(report, energy)),
        ("disclosure", "See where.", (!own.is_empty()).then(|| CFE_MAY_COUNT_TWICE.to_string())),
        ("overlaps", "See what differs.", overlaps(report)),
        ("exceptions", "See the list.", suspect(report)),
        ("exceptions", "See the list.", stood_in(report)),
        ("exceptions", "See the list.", exceptions(report)),
    ];
    all.into_iter().filter_map(|(link, more, text)| text.map(|text| Limit { text, link, more })).collect()
}

/// Matched energy that no cancelled certificate backs.
fn uncancelled(report: &Report, energy: Energy) -> Option<String> {
    let totals = &report.portfolio;
    if totals.matched_wh == 0 {
        return None;
    }
    let matched = energy.down(totals.matched_wh);
    match names::backed(totals, Figure::MatchedWh)? {
        Of::Wh(wh) if wh >= totals.matched_wh => None,
        Of::Wh(wh) if wh > 0 => Some(format!(
            "Cancelled certificates back {} of the {matched} MWh matched; the rest is matched, not claimable.",
            energy.down(wh)
        )),
        Of::Unknown => Some(format!("No certificates are known: {matched} MWh are matched, none of them claimable.")),
        _ => Some(format!("No certificate is cancelled: {matched} MWh are matched, none of them claimable.")),
    }
}

/// Energy that is not metered, and all of it.
fn unmetered(split: &TierSplit) -> (i128, i128) {
    (split.sum() - split.metered(), split.sum())
}

fn share_of(part: i128, whole: i128) -> String {
    Floored::new(part, whole).map_or_else(|| LITTLE.to_string(), english::of_some)
}

fn estimated_load(report: &Report) -> Option<String> {
    let (not, all) = unmetered(&report.portfolio.quality.load);
    (not > 0).then(|| format!("{} of the load is estimated, not metered.", share_of(not, all)))
}

fn unmetered_generation(report: &Report) -> Option<String> {
    let totals = &report.portfolio;
    let (not, all) = unmetered(&totals.quality.generation);
    let alone = totals.matched_metered_share.map_or_else(String::new, |share| {
        format!(": by metered energy alone the matched share is {}", english::percent(share))
    });
    (not > 0).then(|| format!("{} of generation is profiled or estimated, not metered{alone}.", share_of(not, all)))
}

/// Unmatched energy that no residual mix weighs, and what it weighs in the hourly market-based emissions.
fn fallback(report: &Report, energy: Energy) -> Option<String> {
    let tiers = [
        (FallbackTier::DefaultFossil, "the default fossil factor"),
        (FallbackTier::FossilIntensity, "a fossil-only factor"),
    ];
    let takes = |b: &BoundaryReport, tier: FallbackTier| b.fallback_tier.contains(&tier);
    let is_weak = |b: &&BoundaryReport| b.totals.unmatched_wh > 0 && tiers.iter().any(|(tier, _)| takes(b, *tier));
    let weak: Vec<&BoundaryReport> = report.boundaries.iter().filter(is_weak).collect();
    let grams: i128 = weak.iter().filter_map(|b| b.totals.emissions.market_based_hourly_g).sum();
    let taken = tiers.into_iter().filter(|(tier, _)| weak.iter().any(|b| takes(b, *tier)));
    let words: Vec<String> = taken.map(|(tier, word)| format!("{word}{}", values(report, &weak, tier))).collect();
    let partly =
        weak.iter().flat_map(|b| b.fallback_tier.iter()).any(|taken| tiers.iter().all(|(tier, _)| tier != taken));
    let weight = match report.portfolio.emissions.market_based_hourly_g {
        Some(all) if all > 0 && grams > 0 => {
            format!("; {} of the hourly market-based emissions come from there", share_of(grams, all))
        }
        _ => String::new(),
    };
    let first: Vec<&str> = weak.iter().take(NAMED).map(|b| b.id.as_str()).collect();
    let more = match weak.len() {
        0 => return None,
        many if many > NAMED => format!(" and {} more", english::count(many - NAMED)),
        _ => String::new(),
    };
    let left = energy.up(weak.iter().map(|b| b.totals.unmatched_wh).sum());
    let (places, factors) = (first.join(", ") + &more, words.join(" and "));
    Some(if partly {
        format!(
            "No residual mix is known of {places} for some hours: part of the {left} MWh left to the grid there takes \
             {factors}{weight}."
        )
    } else {
        format!("No residual mix is known of {places}: the {left} MWh left to the grid there take {factors}{weight}.")
    })
}

/// The values of a factor in the boundaries that take it, where one stands for the whole period.
fn values(report: &Report, weak: &[&BoundaryReport], tier: FallbackTier) -> String {
    let of_weak = |subject: &str| weak.iter().any(|b| b.id == subject);
    let factors = report.disclosure.factors.iter().filter(|f| f.what == tier.name() && of_weak(&f.subject));
    let values: BTreeSet<String> = factors
        .filter(|f| matches!(f.value, FactorValue::MgPerKwh(_)))
        .map(|f| f.value.to_string().replace(".000 ", " "))
        .collect();
    match values.len() {
        0 => String::new(),
        _ => format!(" of {}", values.into_iter().collect::<Vec<_>>().join(" or ")),
    }
}

fn overlaps(report: &Report) -> Option<String> {
    match report.overlaps.len() {
        0 => None,
        1 => Some("A published report of another period covers some of these hours.".into()),
        many => Some(format!("{} published reports of other periods cover some of these hours.", english::count(many))),
    }
}

/// Readings that a check doubts, and that count all the same.
fn suspect(report: &Report) -> Option<String> {
    spans(report, |code| Check::parse(code).is_some(), ["are suspect"; 2])
        .map(|spans| spans + ": they count as received.")
}

/// Readings of sources that stood in for better ones.
fn stood_in(report: &Report) -> Option<String> {
    let what = ["are of a fallback source", "are of fallback sources"];
    spans(report, |code| code == FALLBACK_SOURCE, what).map(|spans| spans + ".")
}

/// Of which series and when readings are something, said of one span or of several.
fn spans(report: &Report, counts: impl Fn(&str) -> bool, [one, several]: [&str; 2]) -> Option<String> {
    let rows: Vec<&ExceptionRow> = report.exceptions.iter().filter(|row| counts(&row.code)).collect();
    let first = rows.first()?;
    let series: BTreeSet<&str> = rows.iter().map(|row| row.series.as_str()).collect();
    Some(if rows.len() == 1 {
        format!("Readings of {} {one} from {} to {}", first.series, first.start, first.end)
    } else {
        format!(
            "Readings of {} series {several} in {} spans, the first of {} from {}",
            english::count(series.len()),
            english::count(rows.len()),
            first.series,
            first.start
        )
    })
}

fn exceptions(report: &Report) -> Option<String> {
    match report.exceptions.len() {
        0 => None,
        1 => Some("1 exception stands behind these figures.".into()),
        many => Some(format!("{} exceptions stand behind these figures.", english::count(many))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::{START, sample_report};
    use reports::report::{Backed, Listed, QualitySplit};

    fn said(report: &Report) -> Vec<String> {
        limits(report, Energy::new(report)).into_iter().map(|limit| limit.text).collect()
    }

    #[test]
    fn what_weighs_is_said_with_its_weight() {
        let mut report = sample_report();
        let all = said(&report);
        for text in [
            "Cancelled certificates back 0.000130 of the 0.000366 MWh matched; the rest is matched, not claimable.",
            // 270 of 420 Wh of generation are profiled.
            "64.28 % of generation is profiled or estimated, not metered: by metered energy alone the matched share is \
             24.33 %.",
            "1 exception stands behind these figures.",
        ] {
            assert!(all.iter().any(|line| line == text), "no {text} in {all:?}");
        }
        let fallback = all.iter().find(|line| line.contains("residual mix")).expect("the fallback");
        assert_eq!(
            fallback,
            "No residual mix is known of DE<b> for some hours: part of the 0.000180 MWh left to the grid there takes the \
             default fossil factor of 900 g/kWh."
        );
        report.portfolio.backed = Some(Backed::default());
        assert!(said(&report).iter().any(|line| line.starts_with("No certificates are known")));
    }

    #[test]
    fn suspect_readings_are_said_before_the_exceptions_that_list_them() {
        let mut report = sample_report();
        let row = ExceptionRow {
            code: Check::Spike.name().into(),
            series: "site/hall-1/load".into(),
            start: START - 86_400,
            end: START - 82_800,
            wh: 1,
            message: String::new(),
        };
        report.exceptions.push(row.clone());
        let one = "Readings of site/hall-1/load are suspect from 2026-03-28T00:00:00Z to 2026-03-28T01:00:00Z: they count \
                   as received.";
        let all = said(&report);
        assert_eq!(all.iter().position(|line| line == one), Some(all.len() - 2), "{all:?}");
        report.exceptions.push(row);
        let all = said(&report);
        assert!(all.iter().any(|line| line.starts_with("Readings of 1 series are suspect in 2 spans")), "{all:?}");
    }

    #[test]
    fn what_fallback_sources_gave_is_said() {
        let mut report = sample_report();
        let row = |start: i64, end: i64| ExceptionRow {
            code: FALLBACK_SOURCE.into(),
            series: "grid/FR/carbon_intensity".into(),
            start: START - 86_400 + start * 3_600,
            end: START - 86_400 + end * 3_600,
            wh: 0,
            message: String::new(),
        };
        report.exceptions.push(row(0, 5));
        let one = "Readings of grid/FR/carbon_intensity are of a fallback source from 2026-03-28T00:00:00Z to \
                   2026-03-28T05:00:00Z.";
        assert!(said(&report).iter().any(|line| line == one), "{:?}", said(&report));
        report.exceptions.push(row(7, 8));
        let two = "Readings of 1 series are of fallback sources in 2 spans, the first of grid/FR/carbon_intensity from \
                   2026-03-28T00:00:00Z.";
        assert!(said(&report).iter().any(|line| line == two), "{:?}", said(&report));
    }

    #[test]
    fn nothing_is_said_where_nothing_limits() {
        let mut report = sample_report();
        (report.restatement, report.portfolio.backed) = (None, None);
        report.portfolio.quality = QualitySplit::default();
        let residual = Listed(vec![FallbackTier::ResidualIntensity]);
        report.boundaries.iter_mut().for_each(|b| b.fallback_tier = residual.clone());
        report.disclosure.g_may_include_own_contracts.clear();
        report.overlaps.clear();
        report.exceptions.clear();
        assert!(said(&report).is_empty());
    }
}
