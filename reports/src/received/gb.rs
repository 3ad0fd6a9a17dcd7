//! Answers of GB Carbon Intensity (NESO), national intensity and generation mix in half-hours, as rows. Times come without
//! seconds.

use super::{Refused, Row, Rows};
use crate::factors::FUELS;
use crate::inputs::Quality;
use crate::series::name::{GridLeaf, SeriesName};
use crate::text::clip;
use crate::time::{HALF_HOUR_S, Instant, Interval};
use crate::units::{Decimal, Rounding, Unit};
use ids::BoundaryId;
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct IntensityRow {
    from: String,
    to: String,
    intensity: Intensity,
}

#[derive(Deserialize)]
struct Intensity {
    forecast: Option<serde_json::Number>,
    actual: Option<serde_json::Number>,
}

#[derive(Deserialize)]
struct MixRow {
    from: String,
    to: String,
    generationmix: Vec<Fuel>,
}

#[derive(Deserialize)]
struct Fuel {
    fuel: String,
    perc: Option<serde_json::Number>,
}

/// Adds an intensity answer: actuals as readings, forecasts under their issue time.
pub fn parse_intensity(
    body: &str,
    area: &BoundaryId,
    period: Interval,
    issued: Instant,
    batch: &mut impl Rows,
) -> Result<(), Refused> {
    let answer: Answer<IntensityRow> = serde_json::from_str(body).map_err(|e| malformed(&e))?;
    let series = SeriesName::grid(area, GridLeaf::CarbonIntensity);
    for (index, row) in answer.data.iter().enumerate() {
        let Some((line, interval)) = half_hour(index, (&row.from, &row.to), period, batch) else { continue };
        let forecast = row.intensity.forecast.as_ref().filter(|_| interval.end > issued);
        for (stated, issued) in [(row.intensity.actual.as_ref(), None), (forecast, Some(issued))] {
            let Some(value) = stated.map(ToString::to_string) else { continue };
            let row = Row::new(&series, interval, &value, Unit::G_PER_KWH).quality(Quality::Calculated);
            batch.push(Row { line, ..row.issued(issued) });
        }
    }
    Ok(())
}

/// Adds a mix answer: the carbon-free share, with imports and biomass counted as not carbon-free.
pub fn parse_generation(body: &str, area: &BoundaryId, period: Interval, batch: &mut impl Rows) -> Result<(), Refused> {
    let answer: Answer<MixRow> = serde_json::from_str(body).map_err(|e| malformed(&e))?;
    let series = SeriesName::grid(area, GridLeaf::CfeShare);
    for (index, row) in answer.data.iter().enumerate() {
        let Some((line, interval)) = half_hour(index, (&row.from, &row.to), period, batch) else { continue };
        if row.generationmix.is_empty() {
            continue;
        }
        match tenths_of(&row.generationmix) {
            Ok(free) => {
                // Published percentages are rounded to a tenth and may add up to 100.1.
                let value = format!("{}.{}", free.min(1_000) / 10, free.min(1_000) % 10);
                let row = Row::new(&series, interval, &value, Unit::PERCENT).quality(Quality::Calculated);
                batch.push(Row { line, ..row });
            }
            Err(reason) => batch.reject(line, reason),
        }
    }
    Ok(())
}

/// What a mix may add up to, in tenths of a percent: a hundred, give or take what rounding does to its parts.
const WHOLE: std::ops::RangeInclusive<i64> = 990..=1_010;

/// The carbon-free part of a mix, in tenths of a percent.
fn tenths_of(mix: &[Fuel]) -> Result<i64, String> {
    let (mut free, mut all) = (0, 0);
    for Fuel { fuel, perc } in mix {
        let counts = FUELS.iter().any(|(known, _, _, free, _)| *free && fuel == known);
        let Some(perc) = perc else {
            // Of the others the sum tells whether they lack.
            if counts {
                return Err(format!("the carbon-free fuel `{fuel}` of the mix has no percentage"));
            }
            continue;
        };
        let tenths = Decimal::parse(&perc.to_string()).and_then(|perc| perc.scaled(10, 1, Rounding::Nearest));
        let Some(tenths) = tenths.ok().filter(|tenths| (0..=1_000).contains(tenths)) else {
            return Err(format!("`{}` of the mix is {perc} percent, not between 0 and 100", clip(fuel)));
        };
        all += tenths;
        free += if counts { tenths } else { 0 };
    }
    if WHOLE.contains(&all) { Ok(free) } else { Err(format!("the mix adds up to {}.{} percent", all / 10, all % 10)) }
}

/// Where it is malformed, and not what stands there: answers that refuse a key repeat it.
fn malformed(error: &serde_json::Error) -> Refused {
    let (line, column) = (error.line(), error.column());
    Refused::new(format!("GB Carbon Intensity changed the form of its answers: line {line}, column {column}"))
        .hint("the service may have changed or be failing; nothing was stored")
}

/// Rows are numbered from 1; a row with a time that is none is rejected. The service answers with the half-hour that ends at
/// the period's start as well, which is left out.
fn half_hour(
    index: usize,
    (from, to): (&str, &str),
    period: Interval,
    batch: &mut impl Rows,
) -> Option<(u64, Interval)> {
    let line = index as u64 + 1;
    match (Instant::parse_minute(from), Instant::parse_minute(to)) {
        (Ok(start), Ok(end)) if end - start == HALF_HOUR_S => {
            let interval = Interval { start, end };
            period.contains(interval).then_some((line, interval))
        }
        _ => {
            batch.reject(line, format!("`{}` to `{}` is not a half-hour", clip(from), clip(to)));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;

    const BODY: &str = r#"{"data":[
        {"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","intensity":{"forecast":266,"actual":263,"index":"moderate"}},
        {"from":"2018-01-20T12:30Z","to":"2018-01-20T13:00Z","intensity":{"forecast":270,"actual":null,"index":"moderate"}}]}"#;

    #[test]
    fn actuals_are_readings_and_forecasts_keep_their_issue_time() {
        let start = Instant::parse("2018-01-20T12:00:00Z").expect("time");
        let period = Interval { start, end: start + 3_600 };
        let mut batch = Taken::default();
        parse_intensity(BODY, &"GB".into(), period, start + 1_800, &mut batch).expect("parsed");
        assert_eq!(batch.readings["grid/GB/carbon_intensity"], [263_000]);
        assert_eq!(batch.forecasts["grid/GB/carbon_intensity"], [(start + 1_800, 270_000)]);
    }

    #[test]
    fn a_mix_gives_its_carbon_free_share() {
        let body = r#"{"data":[{"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","generationmix":[
            {"fuel":"gas","perc":43.6},{"fuel":"nuclear","perc":20.1},{"fuel":"wind","perc":15.2},{"fuel":"imports","perc":21.1}]}]}"#;
        let start = Instant::parse("2018-01-20T12:00:00Z").expect("time");
        let period = Interval { start, end: start + 3_600 };
        let mut batch = Taken::default();
        parse_generation(body, &"GB".into(), period, &mut batch).expect("parsed");
        assert_eq!(batch.readings["grid/GB/cfe_share"], [353_000_000_000_000_000]);
    }

    #[test]
    fn a_mix_that_is_no_whole_is_refused() {
        let start = Instant::parse("2018-01-20T12:00:00Z").expect("time");
        let period = Interval { start, end: start + 1_800 };
        let parsed = |mix: &str| -> Result<i64, String> {
            let span = r#""from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z""#;
            let body = format!(r#"{{"data":[{{{span},"generationmix":[{mix}]}}]}}"#);
            let mut taken = Taken::default();
            parse_generation(&body, &"GB".into(), period, &mut taken).map_err(|refused| refused.what)?;
            match taken.rejects.first() {
                Some((1, reason)) => Err(reason.clone()),
                _ => Ok(taken.readings["grid/GB/cfe_share"][0] / 1_000_000_000_000_000),
            }
        };
        let mix = |wind: &str, gas: &str| {
            format!(r#"{{"fuel":"wind","perc":{wind}}},{{"fuel":"gas","perc":{gas}}},{{"fuel":"other","perc":null}}"#)
        };
        // In thousandths of a share. A tenth each way is rounding; ten of them are the most.
        for (wind, gas, share) in [("40", "60", 400), ("40.0", "59", 400), ("41", "60.0", 410), ("0", "1e2", 0)] {
            assert_eq!(parsed(&mix(wind, gas)), Ok(share), "{wind} {gas}");
        }
        assert_eq!(parsed(r#"{"fuel":"wind","perc":100},{"fuel":"solar","perc":0.5}"#), Ok(1_000), "at most all of it");
        for (wind, gas, wanted) in [
            ("40", "58.9", "the mix adds up to 98.9 percent"),
            ("40", "61.1", "the mix adds up to 101.1 percent"),
            ("0", "0", "the mix adds up to 0.0 percent"),
            ("-1", "100", "`wind` of the mix is -1 percent, not between 0 and 100"),
            ("40", "-0.1", "`gas` of the mix is -0.1 percent, not between"),
            ("100.1", "0", "`wind` of the mix is 100.1 percent"),
            ("1e300", "1e300", "`wind` of the mix is 1e"),
            ("9223372036854775807", "9223372036854775807", "is 9223372036854775807 percent, not between"),
            ("18446744073709551615", "0", "is 18446744073709551615 percent, not between"),
            ("null", "100", "the carbon-free fuel `wind` of the mix has no percentage"),
            ("1e400", "0", "changed the form of its answers"),
            ("\"40\"", "60", "changed the form of its answers"),
        ] {
            let reason = parsed(&mix(wind, gas)).expect_err(wanted);
            assert!(reason.contains(wanted), "`{wanted}` not in: {reason}");
        }
    }

    #[test]
    fn a_half_hour_lies_between_1970_and_9999() {
        let always = Interval { start: Instant::from_seconds(i64::MIN), end: Instant::from_seconds(i64::MAX) };
        for (from, to) in [
            ("+262142-12-31T23:30Z", "+262143-01-01T00:00Z"),
            ("-262143-01-01T00:00Z", "-262143-01-01T00:30Z"),
            ("9999-12-31T23:30Z", "10000-01-01T00:00Z"),
            ("1969-12-31T23:30Z", "1970-01-01T00:00Z"),
            ("2018-01-20T12:00Z", "2018-01-20T12:29Z"),
        ] {
            let body = format!(
                r#"{{"data":[{{"from":"{from}","to":"{to}","intensity":{{"forecast":1,"actual":1,"index":"low"}}}}]}}"#
            );
            let mut taken = Taken::default();
            parse_intensity(&body, &"GB".into(), always, Instant::FIRST, &mut taken).expect("parsed");
            assert!(taken.readings.is_empty(), "{from}");
            assert!(taken.rejects[0].1.contains("is not a half-hour"), "{:?}", taken.rejects);
        }
    }
}
