//! `/metrics`: how sources stand and what went wrong here, in the text form that Prometheus reads.

use super::query::{App, Failure, IntoResponse, State};
use crate::feeds::status::{Filled, Status};
use crate::feeds::tally::Tally;
use crate::telemetry::Counted;
use axum::http::header;
use reports::time::Instant;
use std::fmt::{Display, Write};

const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let list = app.sources.stand(&app.store, &app.portfolio, app.clock.now()).await?;
    let mut text = Exposition::default();
    text.sources(&list);
    if let Some(following) = &app.following {
        text.requests(&list, following.tally());
    }
    text.process(app.counts.counted());
    Ok(([(header::CONTENT_TYPE, TYPE)], text.0))
}

/// Label and value of what a sample is of, and the sample.
type Sample<'a, V> = (Vec<(&'static str, &'a str)>, V);

#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    /// One metric with all its samples; nothing where there are none.
    fn metric<'a, V: Display>(
        &mut self,
        (name, kind, help): (&str, &str, &str),
        samples: impl IntoIterator<Item = Sample<'a, V>>,
    ) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing to a text does not fail.
        let _ = writeln!(self.0, "# HELP hourmatch_{name} {help}\n# TYPE hourmatch_{name} {kind}");
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.into_iter().map(|(key, of)| format!("{key}=\"{}\"", escaped(of))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.0, "hourmatch_{name}{labels} {value}");
        }
    }

    fn sources(&mut self, list: &[Status]) {
        let mut gauge = |name: &str, help: &str, value: &dyn Fn(&Status) -> Option<i64>| {
            let samples = list.iter().filter_map(|one| Some((vec![("source", one.source.as_str())], value(one)?)));
            self.metric((name, "gauge", help), samples);
        };
        let help = "1 while the source answered within three of its cadences.";
        gauge("source_fresh", help, &|one| Some(one.fresh.into()));
        let help = "1 while fresh sources of a better rank fill all its series.";
        gauge("source_standing_by", help, &|one| Some(one.stands_by.into()));
        let help = "When it answered last, in Unix time.";
        gauge("source_last_success_timestamp_seconds", help, &|one| one.answered.map(Instant::seconds));
        let help = "For how long it has been stale; 0 while fresh or standing by.";
        gauge("source_stale_seconds", help, &|one| one.stale_s);
        gauge("source_consecutive_failures", "Failed passes since it last answered.", &|one| Some(one.failures));
        let help = "Not asked before, in Unix time.";
        gauge("source_next_try_timestamp_seconds", help, &|one| one.next.map(Instant::seconds));
        let series: Vec<(&Status, &Filled)> =
            list.iter().flat_map(|one| one.series.iter().map(move |filled| (one, filled))).collect();
        let mut gauge = |name: &str, help: &str, value: &dyn Fn(&Filled) -> i64| {
            let samples = series.iter().map(|(one, filled)| {
                (vec![("source", one.source.as_str()), ("series", filled.series.as_str())], value(filled))
            });
            self.metric((name, "gauge", help), samples);
        };
        let help = "Periods of the last 30 days without a reading.";
        gauge("source_gaps", help, &|filled| i64::try_from(filled.gaps).unwrap_or(i64::MAX));
        gauge("source_gap_seconds", "How long they are together.", &|filled| filled.gap_s);
    }

    fn requests(&mut self, list: &[Status], tally: &Tally) {
        let counts: Vec<_> = list.iter().map(|one| (one.source.as_str(), tally.counts(&one.source))).collect();
        let requests = counts.iter().map(|(source, counts)| (vec![("source", *source)], counts.requests));
        self.metric(("source_requests_total", "counter", "Requests sent."), requests);
        let answers: Vec<(&str, String, u64)> = counts
            .iter()
            .flat_map(|(source, counts)| counts.answers.iter().map(move |(status, count)| (*source, *status, *count)))
            .map(|(source, status, count)| (source, status.map_or("none".into(), |status| status.to_string()), count))
            .collect();
        let answers = answers
            .iter()
            .map(|(source, status, count)| (vec![("source", *source), ("status", status.as_str())], *count));
        let help = "Answers by HTTP status; `none` where no whole answer came.";
        self.metric(("source_answers_total", "counter", help), answers);
    }

    fn process(&mut self, counted: Counted) {
        let Counted { panics, failed_plans, refused_connections, closed_connections } = counted;
        for (name, help, count) in [
            ("panics_total", "Panics that were caught.", panics),
            ("failed_plans_total", "Attempts to plan that failed.", failed_plans),
            ("refused_connections_total", "Connections refused because all were at work.", refused_connections),
            ("closed_connections_total", "Idle connections closed to make room.", closed_connections),
        ] {
            self.metric((name, "counter", help), [(Vec::new(), count)]);
        }
    }
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_stand_below_what_they_are_and_labels_are_escaped() {
        let mut text = Exposition::default();
        let none: [Sample<'_, i64>; 0] = [];
        text.metric(("none", "gauge", "Nothing."), none);
        text.metric(("some", "gauge", "Something."), [(vec![("source", "a\\b\"c\nd")], 1_i64), (Vec::new(), -2)]);
        let wanted = "# HELP hourmatch_some Something.\n# TYPE hourmatch_some gauge\n\
                      hourmatch_some{source=\"a\\\\b\\\"c\\nd\"} 1\nhourmatch_some -2\n";
        assert_eq!(text.0, wanted);
    }
}
