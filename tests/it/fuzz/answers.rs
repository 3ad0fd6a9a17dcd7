//! Answers of providers, whatever they hold: every feed reads or refuses them, and so does whoever reads a kept one again.

use super::parsers::{Parser, parser, taken, wide};
use crate::support::fixture;
use reports::received::providers::about::{ANY, Asked, EACH, FUEL};
use reports::received::providers::{ALL, Answer, Ask, Exchange, Feed, Numbered, Wanted, exchange};
use reports::time::{Instant, Interval};

/// Midnight of 2026-01-20, and the hours from noon that fixtures are about.
const DAY: Instant = Instant::from_seconds(1_768_867_200);
const PERIOD: Interval = Interval { start: DAY, end: Instant::from_seconds(DAY.seconds() + 86_400) };

/// All that a feed gives.
fn ask(feed: &dyn Feed) -> Ask {
    let about = feed.about();
    let series: Vec<String> = about
        .gives
        .iter()
        .map(|gives| match gives.leaf {
            ANY => "site/s/load".to_string(),
            FUEL => "grid/A/wind".to_string(),
            leaf => format!("grid/A/{leaf}"),
        })
        .collect();
    let zone = match about.zone {
        Asked::Needed(example) => example.trim_matches('"').to_string(),
        Asked::Never => String::new(),
    };
    let mut wanted = Wanted { area: "A".into(), zone, series, ..Wanted::default() };
    for setting in about.settings.iter().filter(|setting| setting.needed) {
        let (name, example) = setting.example.split_once('=').unwrap_or((setting.name, setting.example));
        let text = example.trim().trim_matches('"').to_string();
        match setting.name == EACH {
            true => wanted.settings.extend(wanted.series.iter().map(|series| (series.clone(), text.clone()))),
            false => drop(wanted.settings.insert(name.trim().to_string(), text)),
        }
    }
    let told = described(about.name).iter().map(|(key, text)| ((*key).to_string(), (*text).to_string()));
    wanted.settings.extend(told);
    Ask { wanted, period: PERIOD, now: PERIOD.end }
}

/// Where time and value stand in fixtures, for feeds that leave that to the portfolio.
fn described(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "json" => &[("site/s/load", "/value"), ("unit", "kWh"), ("start", "/time"), ("step", "1h"), ("list", "/data")],
        "csv" => &[
            ("site/s/load", "kWh"),
            ("unit", "kWh"),
            ("start", "from"),
            ("end", "to"),
            ("separator", ";"),
            ("decimal", ","),
        ],
        _ => &[],
    }
}

/// What a provider has answered, as fixtures have it.
fn bodies(feed: &dyn Feed) -> Vec<Vec<u8>> {
    let folder = fixture("http").join(feed.about().name);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("fixture")).collect()
}

pub fn answers() -> Vec<Parser> {
    let one = |feed: &'static dyn Feed| {
        let (ask, wide, about) = (ask(feed), wide(), feed.about());
        let requests = feed.requests(&ask).expect("asked");
        assert!(!requests.is_empty(), "{} asks nothing", about.name);
        parser(about.name, bodies(feed), 15, move |bytes| {
            let body = String::from_utf8_lossy(bytes);
            taken(&wide, |batch| {
                for request in &requests {
                    let content_type = about.types.first().copied().unwrap_or_default();
                    let answer = Answer { status: 200, content_type, body: &body, fetched: DAY, published: Some(DAY) };
                    let mut sink = Numbered::from(0, &ask.wanted.series, batch);
                    let _ = feed.parse(&ask, request, &answer, &mut sink);
                }
            });
        })
    };
    let mut parsers: Vec<Parser> = ALL.iter().copied().map(one).collect();
    let kept = ALL.iter().map(|feed| kept(*feed)).collect();
    parsers.push(parser("answers as kept", kept, 15, |bytes| {
        let (first, rest) = bytes.split_at(bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1));
        taken(&wide(), |batch| drop(exchange::replay(first, rest, batch)));
    }));
    parsers
}

/// Each body as the answer to each request.
fn kept(feed: &dyn Feed) -> Vec<u8> {
    let ask = ask(feed);
    let mut kept = exchange::head(feed.about().name, &ask);
    for request in feed.requests(&ask).expect("asked") {
        for body in bodies(feed) {
            let answered = Exchange {
                request: request.clone(),
                status: 200,
                content_type: feed.about().types.first().copied().unwrap_or_default().into(),
                fetched: DAY,
                published: None,
                body: String::from_utf8_lossy(&body).into_owned(),
            };
            kept.push_str(&exchange::line(&answered).expect("short"));
        }
    }
    kept.into_bytes()
}
