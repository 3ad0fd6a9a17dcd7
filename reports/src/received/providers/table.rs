//! The one list of feeds.

use super::feed::Feed;

macro_rules! feeds {
    ($($name:literal: $feed:expr,)+) => {
        /// The kinds of `[source.<name>]` that are fetched.
        pub const NAMES: &[&str] = &[$($name),+];

        /// In the same order.
        pub static ALL: &[&dyn Feed] = &[$(&$feed),+];
    };
}

feeds! {
    "csv": super::custom::Csv,
    "eia": super::eia::Eia,
    "electricity-maps": super::electricity_maps::ElectricityMaps,
    "energy-charts": super::energy_charts::EnergyCharts,
    "entsoe": super::entsoe::Entsoe,
    "gb": super::gb::Gb,
    "json": super::custom::Json,
    "open-meteo": super::open_meteo::OpenMeteo::FORECAST,
    "open-meteo-archive": super::open_meteo::OpenMeteo::ARCHIVE,
    "prometheus": super::prometheus::Prometheus,
    "watttime": super::watttime::WattTime,
}

/// The feed of a kind of source.
pub fn named(name: &str) -> Option<&'static dyn Feed> {
    ALL.iter().copied().find(|feed| feed.about().name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::providers::about::{ANY, Asked, FUEL};
    use crate::received::providers::ask::{Ask, Wanted};
    use crate::series::name::{GridLeaf, SeriesName, is_fuel, kind_of};
    use crate::time::{Instant, Interval};
    use crate::units::Unit;

    fn leaf(of: &str) -> &str {
        if of == FUEL { "wind" } else { of }
    }

    #[test]
    fn what_a_feed_says_of_itself_holds_together() {
        assert_eq!(NAMES, ALL.iter().map(|feed| feed.about().name).collect::<Vec<_>>());
        for feed in ALL {
            let about = feed.about();
            assert!(!about.gives.is_empty() && about.limits.span_s > 0 && about.every_s >= 60, "{}", about.name);
            assert!(about.limits.rates.iter().all(|rate| rate.requests > 0 && rate.seconds > 0), "{}", about.name);
            assert!(about.url.is_none_or(|url| url.starts_with("https://")), "{}", about.name);
            for gives in about.gives.iter().filter(|gives| gives.leaf != ANY) {
                let kind = kind_of(&format!("grid/A/{}", leaf(gives.leaf))).expect("a series of a boundary");
                let unit = Unit::parse(gives.unit).expect("a unit");
                assert_eq!(unit.quantity, kind.quantity, "{} {}", about.name, gives.leaf);
                assert!(gives.leaf != FUEL || about.gives("wind") == Some(gives), "{}", about.name);
            }
        }
        assert!(is_fuel(leaf(FUEL)) && named("nobody").is_none());
    }

    /// The requests of a period cover it, none is longer than the provider takes, and the same question is asked the
    /// same way.
    #[test]
    fn requests_cover_a_period_within_the_limit() {
        let start = Instant::parse("2026-01-01T00:00:00Z").expect("time");
        let period = Interval { start, end: start + 40 * 86_400 };
        for feed in ALL {
            let about = feed.about();
            let given = about.gives.iter().filter(|gives| gives.leaf != ANY);
            let series: Vec<String> = given.map(|gives| format!("grid/A/{}", leaf(gives.leaf))).collect();
            if series.is_empty() || about.settings.iter().any(|setting| setting.needed) {
                continue;
            }
            let zone = match about.zone {
                Asked::Needed(example) => example.trim_matches('"').to_string(),
                Asked::Never => String::new(),
            };
            let wanted = Wanted { area: "A".into(), zone, series, ..Wanted::default() };
            let ask = Ask { wanted, period, now: period.end };
            let requests = feed.requests(&ask).expect("asked");
            assert_eq!(feed.requests(&ask), Ok(requests.clone()), "{}", about.name);
            let mut covers: Vec<Interval> = requests.iter().map(|request| request.covers).collect();
            covers.sort();
            assert_eq!(covers.first().map(|part| part.start), Some(period.start), "{}", about.name);
            let mut reached = period.start;
            for part in covers {
                assert!(part.start <= reached, "{}: a hole before {part}", about.name);
                assert!(part.duration_s() <= about.limits.span_s, "{}: {part}", about.name);
                reached = reached.max(part.end);
            }
            assert!(reached >= period.end, "{}", about.name);
        }
        let name = SeriesName::grid(&"A".into(), GridLeaf::Price);
        assert!(Wanted { series: vec![name.into()], ..Wanted::default() }.has_leaf("price"));
    }
}
