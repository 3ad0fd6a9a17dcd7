//! How sources stand, in the service: as metrics and on the page.

use super::gb::{Gb, at};
use super::server::{Server, reply};
use crate::service::Service;
use crate::support::{Home, ONE_SITE, root};
use reports::time::Instant;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

const NOW: &str = "2026-01-20T13:30Z";

/// A source that answers, one that does not, and one that stands by for the first; followed by the service itself.
fn followed() -> (Service, Home, [Server; 2]) {
    let gb = Gb { now: at("2026-01-20T13:30:00Z"), revised: 0 };
    let servers = [Server::start(move |asked| gb.answer(asked)), Server::script(vec![reply(403, "text/plain", "")])];
    let source = |name: &str, server: &Server, series: &str, rank: u32| {
        let url = &server.url;
        format!(
            "[source.{name}]\nkind = \"gb\"\nurl = \"{url}\"\narea = \"A\"\nseries = [\"{series}\"]\nrank = {rank}\n"
        )
    };
    let sources = source("good", &servers[0], "carbon_intensity", 0)
        + &source("spare", &servers[0], "carbon_intensity", 1)
        + &source("bad", &servers[1], "cfe_share", 0);
    let home = Home::new(&format!("{ONE_SITE}\n[serve]\nfollow = true\n{sources}"));
    let service = Service::start(&home, NOW);
    service.until("both sources' turn", |service| {
        let body = service.get("/metrics").body;
        body.contains("hourmatch_source_consecutive_failures{source=\"bad\"} 1\n")
            && body.contains("hourmatch_source_fresh{source=\"good\"} 1\n")
    });
    (service, home, servers)
}

#[test]
fn metrics_and_the_page_say_how_each_source_stands() {
    let (service, _home, _servers) = followed();
    let metrics = service.get("/metrics");
    assert_eq!(metrics.status, 200);
    assert!(metrics.head.contains("content-type: text/plain; version=0.0.4"), "{}", metrics.head);
    for line in [
        "# TYPE hourmatch_source_last_success_timestamp_seconds gauge",
        "hourmatch_source_stale_seconds{source=\"good\"} 0",
        "hourmatch_source_fresh{source=\"bad\"} 0",
        "hourmatch_source_standing_by{source=\"spare\"} 1",
        "hourmatch_source_stale_seconds{source=\"spare\"} 0",
        "hourmatch_source_consecutive_failures{source=\"good\"} 0",
        "hourmatch_source_gaps{source=\"good\",series=\"grid/A/carbon_intensity\"} 0",
        "hourmatch_source_requests_total{source=\"good\"} 1",
        "hourmatch_source_answers_total{source=\"good\",status=\"200\"} 1",
        "hourmatch_source_answers_total{source=\"bad\",status=\"403\"} 1",
        "hourmatch_panics_total 0",
    ] {
        assert!(metrics.body.lines().any(|given| given == line), "no `{line}` in:\n{}", metrics.body);
    }
    let now = at("2026-01-20T13:30:00Z");
    for (name, within_s) in [("last_success", 0..600), ("next_try", 0..2_400)] {
        let begins = format!("hourmatch_source_{name}_timestamp_seconds{{source=\"good\"}} ");
        let stated = metrics.body.lines().find_map(|line| line.strip_prefix(&begins)).expect("a time");
        let after_s = Instant::from_seconds(stated.parse().expect("seconds")) - now;
        assert!(within_s.contains(&after_s), "{name}: {stated}");
    }
    let never = "hourmatch_source_last_success_timestamp_seconds{source=\"bad\"}";
    assert!(!metrics.body.contains(never), "what never answered has no time of it");
    for line in metrics.body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a sample");
        assert!(name.starts_with("hourmatch_") && value.parse::<f64>().is_ok(), "{line}");
    }

    let page = service.get("/");
    assert_eq!(page.status, 200);
    let section = page.body.split("<section id=\"sources\">").nth(1).expect("a section of sources");
    let section = section.split("</section>").next().expect("its end");
    for said in [
        "fresh",
        "stands by for good",
        "has not answered yet",
        "answered 403",
        "GB Carbon Intensity",
        "2026-01-20 13:3",
    ] {
        assert!(section.contains(said), "no `{said}` in {section}");
    }
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/service.md")).expect("a page")
}

/// What the page lists is what is served, with its kind and labels.
#[test]
fn the_page_lists_every_metric() {
    let (service, _home, _servers) = followed();
    let body = service.get("/metrics").body;
    let mut served: BTreeMap<&str, (String, String)> = BTreeMap::new();
    for line in body.lines() {
        match line.strip_prefix("# TYPE ").and_then(|line| line.split_once(' ')) {
            Some((name, kind)) => drop(served.insert(name, (kind.to_string(), String::new()))),
            None if line.starts_with('#') => {}
            None => {
                let (name, labels) =
                    line.rsplit_once(' ').map_or(("", ""), |(of, _)| of.split_once('{').unwrap_or((of, "")));
                let labels: Vec<&str> = labels.split(',').filter_map(|label| Some(label.split_once('=')?.0)).collect();
                served.get_mut(name).expect("a type").1 = labels.join(" ");
            }
        }
    }
    let page = page();
    let rows = page.lines().filter(|line| line.starts_with("| `hourmatch_"));
    let listed: BTreeMap<&str, (String, String)> = rows
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let labels = cells[3].replace(['`', ','], "");
            (cells[1].trim_matches('`'), (cells[2].to_string(), labels))
        })
        .collect();
    assert_eq!(listed, served);
}

/// Its rules tell of a source that is stale, and of one that never answered.
#[test]
fn the_page_has_alerts_that_go_off() {
    if Command::new("promtool").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("skipped: no Prometheus; ./dev test installs Debian's package");
        return;
    }
    let page = page();
    let rules = page.split("```text\ngroups:").nth(1).and_then(|rest| rest.split("```").next()).expect("rules");
    let home = Home::new("");
    home.write("rules.yml", &format!("groups:{rules}"));
    let test = r#"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'hourmatch_source_stale_seconds{source="good",instance="i"}', values: '0x60'}
      - {series: 'hourmatch_source_stale_seconds{source="old",instance="i"}', values: '0x10 60+60x60'}
      - {series: 'hourmatch_source_last_success_timestamp_seconds{source="old",instance="i"}', values: '0x60'}
      - {series: 'hourmatch_source_consecutive_failures{source="old",instance="i"}', values: '0x10 1+1x60'}
      - {series: 'hourmatch_source_consecutive_failures{source="bad",instance="i"}', values: '1x60'}
      - {series: 'hourmatch_source_gap_seconds{source="old",series="grid/A/price",instance="i"}', values: '25200x120'}
    alert_rule_test:
      - {eval_time: 5m, alertname: SourceStale, exp_alerts: []}
      - eval_time: 20m
        alertname: SourceStale
        exp_alerts:
          - {exp_labels: {source: old, instance: i}, exp_annotations: {summary: "old has been stale for 10m 0s"}}
      - eval_time: 20m
        alertname: SourceNeverAnswered
        exp_alerts: [{exp_labels: {source: bad, instance: i}, exp_annotations: {summary: "bad has never answered"}}]
      - eval_time: 70m
        alertname: SeriesHasGaps
        exp_alerts:
          - exp_labels: {source: old, series: grid/A/price, instance: i}
            exp_annotations: {summary: "grid/A/price lacks 7h 0m 0s of the last 30 days"}
"#;
    home.write("test.yml", test);
    let tested = Command::new("promtool").args(["test", "rules", "test.yml"]).current_dir(home.path("")).output();
    let tested = tested.expect("promtool runs");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
}

#[test]
fn without_sources_there_is_neither_a_section_nor_a_metric_of_them() {
    let home = Home::new(ONE_SITE);
    let service = Service::start(&home, NOW);
    assert!(!service.get("/").body.contains("id=\"sources\""));
    let body = service.get("/metrics").body;
    assert!(!body.contains("hourmatch_source") && body.contains("hourmatch_failed_plans_total 0"), "{body}");
}
