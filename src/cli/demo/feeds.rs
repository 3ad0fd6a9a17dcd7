//! The demo's meters, grid data, forecasts and work: generated, the same bytes every time.

use ids::SiteId;
use reports::series::name::{PlantLeaf, SeriesName, SiteLeaf};
use reports::time::{DAY_S, HOUR_S, Instant};
use std::fmt::Write;

/// 2026-02-23T00:00Z, five weeks before now.
const FROM: Instant = Instant::from_seconds(1_771_804_800);
/// 2026-03-01T23:00Z, midnight in Berlin: the report's four weeks end with the night the clocks change.
pub const REPORT_FROM: Instant = Instant::from_seconds(1_772_406_000);
/// 2026-03-29T22:00Z, midnight in Berlin.
pub const NOW: Instant = Instant::from_seconds(1_774_821_600);
pub const DAYS_AHEAD: u32 = 7;

/// Repeatable noise between -1 and 1 from a name and an hour.
fn noise(name: &str, hour: i64) -> f64 {
    let mut x = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    x ^= hour.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 30;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    (x >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Weather that lasts: noise averaged over the hours before.
fn weather(name: &str, hour: i64, hours: i64) -> f64 {
    (0..hours).map(|back| noise(name, hour - back)).sum::<f64>() / (hours as f64).sqrt()
}

fn sun(start: Instant, noon_utc: f64) -> f64 {
    let hour = (start - start.floor(DAY_S)) as f64 / 3_600.0 + 0.5;
    ((hour - noon_utc).abs() / 6.2 * std::f64::consts::FRAC_PI_2).min(std::f64::consts::FRAC_PI_2).cos()
}

/// Hours since 1970, which noise goes by.
fn hour_of(start: Instant) -> i64 {
    start.seconds() / HOUR_S
}

/// MW of a grid fuel over the hour.
fn fuel(boundary: &str, fuel: &str, start: Instant) -> f64 {
    let hour = hour_of(start);
    let name = format!("{boundary}/{fuel}");
    let east = boundary == "EAST";
    let scale = if east { 1.0 } else { 0.6 };
    let value = match fuel {
        "solar" => {
            9_000.0
                * sun(start, if east { 17.2 } else { 11.0 })
                * (0.75 + 0.25 * weather(&name, hour / 6, 4)).clamp(0.15, 1.0)
        }
        "wind" => 7_000.0 * (0.5 + 0.42 * weather(&name, hour / 3, 10)).clamp(0.04, 1.0) + 250.0 * noise(&name, hour),
        "nuclear" => 16_000.0,
        "hydro" => (if east { 2_000.0 } else { 14_000.0 }) + 400.0 * noise(&name, hour),
        "gas" => 21_000.0 + 5_000.0 * sun(start, if east { 23.0 } else { 17.0 }) + 900.0 * noise(&name, hour),
        _ => (if east { 9_000.0 } else { 1_500.0 }) + 300.0 * noise(&name, hour),
    };
    (value * scale).max(0.0)
}

const SITES: [(&str, f64, f64, f64); 3] =
    [("ashburn", 48.0, 14.0, 1.2), ("columbus", 24.0, 8.0, 1.25), ("luleaa", 34.0, 12.0, 1.1)];

fn firm(site: &str, base: f64, start: Instant) -> f64 {
    base * (1.0 + 0.06 * sun(start, 18.0) + 0.01 * noise(site, hour_of(start)))
}

fn row(text: &mut String, series: &str, start: Instant, mwh: f64, extra: &str) {
    let end = start + HOUR_S;
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{series},{start},{end},{mwh:.3},MWh{extra}");
}

/// Five weeks of meters and grid data up to now.
pub fn readings() -> String {
    let mut text = String::from("series,start,end,value,unit\n");
    for start in (0..(NOW - FROM) / HOUR_S).map(|hour| FROM + hour * HOUR_S) {
        for boundary in ["EAST", "NORTH"] {
            for name in ["coal", "gas", "hydro", "nuclear", "solar", "wind"] {
                let series = SeriesName::of_boundary(&boundary.into(), name);
                row(&mut text, &series, start, fuel(boundary, name, start), "");
            }
        }
        for (site, base, batch, pue) in SITES {
            let (it, site) = (firm(site, base, start), SiteId::from(site));
            row(&mut text, &SeriesName::site(&site, SiteLeaf::ItLoad), start, it, "");
            // Until now nothing was planned: the batch work ran flat.
            row(&mut text, &SeriesName::site(&site, SiteLeaf::Load), start, pue * (it + batch), "");
        }
        let ridge = SeriesName::plant("ridge", PlantLeaf::Generation);
        row(&mut text, &ridge, start, fuel("EAST", "wind", start + 7_200) / 140.0, "");
        let fall = SeriesName::plant("fall", PlantLeaf::Generation);
        row(&mut text, &fall, start, fuel("NORTH", "hydro", start) / 280.0, "");
    }
    text
}

/// A week of supplier forecasts, wrong the way forecasts are, issued an hour before now.
pub fn forecasts() -> String {
    let mut text = String::from("series,start,end,value,unit,issued\n");
    let issued = format!(",{}", NOW - HOUR_S);
    for hour in 0..i64::from(DAYS_AHEAD) * 24 {
        let start = NOW + hour * HOUR_S;
        let wrong = |name: &str| 1.0 + 0.002 * hour as f64 * weather(name, hour_of(start) / 6, 4);
        for boundary in ["EAST", "NORTH"] {
            for name in ["coal", "gas", "hydro", "nuclear", "solar", "wind"] {
                let mw = (fuel(boundary, name, start) * wrong(name)).max(0.0);
                row(&mut text, &SeriesName::of_boundary(&boundary.into(), name), start, mw, &issued);
            }
        }
    }
    text
}

/// A week of deferrable work, a training run as daily pieces among it.
pub fn work() -> String {
    let mut text = String::from("id,kind,sites,release,deadline,energy_mwh,max_mw\n");
    for day in 0..i64::from(DAYS_AHEAD) {
        let start = NOW + day * DAY_S;
        let deadline = start + DAY_S;
        let _ = writeln!(text, "train-atlas-day{},batch,ashburn,{start},{deadline},216,14", day + 1);
        for piece in 0..6 {
            let name = format!("piece-{day}-{piece}");
            let release = start + piece * 4 * HOUR_S;
            let energy = 42.0 + 18.0 * noise(&name, day);
            let deadline = release + (20 + 4 * (piece % 3)) * HOUR_S;
            let sites = ["ashburn|columbus", "columbus", "luleaa"][(piece % 3) as usize];
            let _ =
                writeln!(text, "batch-d{}-{},batch,{sites},{release},{deadline},{energy:.1},16", day + 1, piece + 1);
        }
    }
    text
}
