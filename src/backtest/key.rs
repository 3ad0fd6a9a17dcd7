//! What the progress of a backtest is kept under: all that decides how it goes, and nothing else.

use super::request::Request;
use super::stage;
use crate::portfolio::Portfolio;
use crate::store::{Store, revisions};
use crate::work::piece::Pieces;
use reports::digest::sha256_hex;
use reports::inputs::Revision;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A file of readings or forecasts, and when it was known.
#[derive(Serialize)]
struct Received<'a> {
    recorded_us: i64,
    file_sha256: &'a str,
    form: Option<&'a str>,
}

/// The same for the same question to the same engine about the same data.
///
/// # Errors
/// Where the store cannot be read.
pub async fn key(store: &Store, portfolio: &Portfolio, request: &Request) -> anyhow::Result<String> {
    let (revisions, pieces) = (revisions::all(store).await?, stage::stated(store).await?);
    Ok(sha256_hex(&decisive(portfolio, request, &revisions, &pieces)?))
}

/// As JSON to be hashed, which names fields and no types; display names are not in it.
fn decisive(
    portfolio: &Portfolio,
    request: &Request,
    revisions: &BTreeMap<i64, Revision>,
    pieces: &Pieces,
) -> serde_json::Result<Vec<u8>> {
    // Whole, so that whoever adds a field decides here whether it decides a run.
    let Portfolio {
        definitions,
        policy,
        targets,
        boundaries,
        sites,
        storage,
        planning,
        text: _,
        zone: _,
        store_url: _,
        retention: _,
        listen: _,
        hosts: _,
        follow: _,
        feeds: _,
        forms: _,
    } = portfolio;
    let received = revisions.values().map(|revision| Received {
        recorded_us: revision.recorded.micros(),
        file_sha256: &revision.file_sha256,
        form: revision.form.as_deref(),
    });
    let work = pieces.readable.iter().map(|piece| &piece.work);
    let unreadable = pieces.lost.iter().map(|lost| &lost.id);
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut json);
    let mut covered = serializer.serialize_map(None)?;
    covered.serialize_entry("engine", crate::ENGINE)?;
    covered.serialize_entry("request", request)?;
    covered.serialize_entry("definitions_sha256", &definitions.sha256()?)?;
    covered.serialize_entry("policy", policy)?;
    covered.serialize_entry("targets", targets)?;
    covered.serialize_entry("boundaries", boundaries)?;
    covered.serialize_entry("sites", sites)?;
    covered.serialize_entry("storage", storage)?;
    covered.serialize_entry("planning", planning)?;
    covered.serialize_entry("received", &received.collect::<Vec<_>>())?;
    covered.serialize_entry("work", &work.collect::<Vec<_>>())?;
    covered.serialize_entry("unreadable_work", &unreadable.collect::<Vec<_>>())?;
    covered.end()?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Strategy;
    use crate::store::work::{CANCELLED, Rows, WorkRow};
    use reports::time::{Instant, Interval, RecordTime};
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    const PORTFOLIO: &str = "[portfolio]\nname = \"t\"\n[[boundary]]\nid = \"A\"\nprice_per_mwh = 40.0\n[[site]]\n\
        id = \"s\"\nboundary = \"A\"\nit_capacity_mw = 12.0\n[[storage]]\nid = \"b\"\nsite = \"s\"\nenergy_mwh = 4.0\n\
        [[pool]]\nid = \"p\"\nsite = \"s\"\ncount = 16\nkw_per_gpu = 1.5\npaused_kw_per_gpu = 0.5\n[[contract]]\n\
        id = \"w\"\nboundary = \"A\"\ntechnology = \"wind\"\n[[target]]\nscope = \"A\"\nshare = 0.5\n";

    /// A question, and what it is asked of.
    #[derive(Clone)]
    struct Asked {
        portfolio: String,
        request: Request,
        revision: Revision,
        rows: Rows,
    }

    impl Asked {
        fn new() -> Self {
            let [start, end] =
                ["2026-01-01T00:00:00Z", "2026-01-11T00:00:00Z"].map(|t| Instant::parse(t).expect("time"));
            let request = Request {
                period: Interval { start, end },
                strategies: vec![Strategy::Asap, Strategy::LpPerfect],
                every_s: 3_600,
                horizon_s: 172_800,
                time_limit_s: None,
            };
            let revision = Revision {
                id: 1,
                recorded: RecordTime::from_micros(5),
                file_sha256: "ab".into(),
                ..Revision::default()
            };
            let rows = Rows { readable: vec![row("x", 4), row("y", 6)], unreadable: Vec::new() };
            Self { portfolio: PORTFOLIO.into(), request, revision, rows }
        }

        fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
            let mut changed = self.clone();
            change(&mut changed);
            changed
        }

        fn portfolio(&self, from: &str, to: &str) -> Self {
            assert!(self.portfolio.contains(from), "{from}");
            self.with(|asked| asked.portfolio = asked.portfolio.replace(from, to))
        }

        fn json(&self) -> Vec<u8> {
            let portfolio = crate::portfolio::parse(&self.portfolio, "t").expect("a portfolio");
            let revisions = BTreeMap::from([(1, self.revision.clone())]);
            let pieces = stage::of_rows(self.rows.clone());
            decisive(&portfolio, &self.request, &revisions, &pieces).expect("JSON")
        }
    }

    fn row(id: &str, energy_mwh: u32) -> WorkRow {
        let content = format!(
            r#"{{"id":"{id}","release":"2026-01-01T00:00:00Z","deadline":"2026-01-02T00:00:00Z","energy_mwh":{energy_mwh}}}"#
        );
        WorkRow {
            id: id.into(),
            content,
            state: "queued".into(),
            done: None,
            last_checkpoint: None,
            site: None,
            since: None,
            reported: None,
            report: None,
            born_seq: 1,
        }
    }

    /// Types may be called otherwise, and code may move: these names and values stay, or progress is lost.
    #[test]
    fn progress_is_kept_under_names_of_fields() {
        let json: Value = serde_json::from_slice(&Asked::new().json()).expect("JSON");
        let names: BTreeSet<&str> = json.as_object().expect("fields").keys().map(String::as_str).collect();
        assert_eq!(
            names.into_iter().collect::<Vec<_>>().join(" "),
            "boundaries definitions_sha256 engine planning policy received request sites storage targets \
             unreadable_work work"
        );
        let period = json!({"start": "2026-01-01T00:00:00Z", "end": "2026-01-11T00:00:00Z"});
        assert_eq!(
            json["request"],
            json!({
                "period": period, "strategies": ["asap", "lp-perfect"], "every_s": 3_600, "horizon_s": 172_800,
                "time_limit_s": null,
            })
        );
        assert_eq!(
            json["targets"],
            json!([{
                "scope": {"boundary": "A"}, "metric": "matched", "share": 0.5, "shortfall_price_per_mwh": 200.0,
                "period": "horizon",
            }])
        );
        assert_eq!(json["boundaries"], json!([{"price_per_mwh": 40.0}]));
        assert_eq!(
            json["sites"],
            json!([{
                "it_capacity_mw": 12.0, "grid_limit_mw": null, "pue": 1.0, "overhead_mw": 0.0, "ramp_mw_per_hour": null,
                "pue_by_temperature": [], "it_load_mw": null,
            }])
        );
        assert_eq!(
            json["storage"],
            json!([{
                "charge_mw": null, "discharge_mw": null, "eff_charge": 1.0, "eff_discharge": 1.0, "loss_per_hour": 0.0,
                "end_min_mwh": 0.0, "wear_per_mwh": 0.0, "charge_from": "surplus",
            }])
        );
        assert_eq!(json["planning"]["pools"][0]["paused_kw_per_gpu"], 0.5);
        assert_eq!(json["received"], json!([{"recorded_us": 5, "file_sha256": "ab", "form": null}]));
        let work: Vec<&Value> = json["work"].as_array().expect("list").iter().map(|work| &work["id"]).collect();
        assert_eq!((work, &json["unreadable_work"]), (vec![&json!("x"), &json!("y")], &json!([])));
    }

    #[test]
    fn whatever_decides_a_run_is_another_key() {
        let asked = Asked::new();
        let all = [
            asked.clone(),
            asked.with(|a| a.request.period.end += 3_600),
            asked.with(|a| a.request.strategies = vec![Strategy::Asap, Strategy::Lp]),
            asked.with(|a| a.request.every_s = 7_200),
            asked.with(|a| a.request.horizon_s = 86_400),
            asked.with(|a| a.request.time_limit_s = Some(1.0)),
            asked.portfolio("price_per_mwh = 40.0", "price_per_mwh = 41.0"),
            asked.portfolio("it_capacity_mw = 12.0", "it_capacity_mw = 12.5"),
            asked.portfolio("energy_mwh = 4.0", "energy_mwh = 5.0"),
            asked.portfolio("energy_mwh = 4.0", "energy_mwh = 4.0\ncharge_from = \"grid\""),
            asked.portfolio("count = 16", "count = 24"),
            asked.portfolio("technology = \"wind\"", "technology = \"wind\"\nshare = \"1/2\""),
            asked.portfolio("share = 0.5", "share = 0.6"),
            asked.portfolio("scope = \"A\"", "scope = \"portfolio\""),
            asked.portfolio("[[boundary]]", "[policy]\ncarbon_price_per_t = 90.0\n[[boundary]]"),
            asked.with(|a| a.revision.file_sha256 = "cd".into()),
            asked.with(|a| a.revision.recorded = RecordTime::from_micros(6)),
            asked.with(|a| a.revision.form = Some("{}".into())),
            asked.with(|a| a.rows.readable[0] = row("x", 5)),
            asked.with(|a| a.rows.readable[0].state = CANCELLED.into()),
            asked.with(|a| a.rows.readable.push(row("z", 1))),
            asked.with(|a| a.rows.unreadable.push(("e".into(), "no text".into()))),
        ];
        let keys: BTreeSet<Vec<u8>> = all.iter().map(Asked::json).collect();
        assert_eq!(keys.len(), all.len());
    }

    #[test]
    fn what_decides_nothing_keeps_the_key() {
        let asked = Asked::new();
        let same = [
            asked.portfolio("[portfolio]", "# checked\n\n[portfolio]"),
            asked.portfolio("id = \"s\"\nboundary", "id = \"s\"\nname = \"Ashburn campus\"\nboundary"),
            asked.portfolio("id = \"s\"\nboundary", "id = \"s\"\nplan_at = \"0 14 * * *\"\nboundary"),
            asked.portfolio("[portfolio]", "[store]\nurl = \"sqlite://other.db\"\n[portfolio]"),
            asked.portfolio("[portfolio]", "[serve]\nlisten = \"127.0.0.1:9999\"\n[portfolio]"),
            asked.with(|a| a.revision.file_name = "renamed.csv".into()),
            asked.with(|a| a.revision.actor = Some("somebody".into())),
            // Where a piece was reported to be.
            asked.with(|a| {
                let row = &mut a.rows.readable[0];
                (row.state, row.done, row.site) = ("running".into(), Some(0.5), Some("s".into()));
            }),
            asked.with(|a| a.rows.readable.push(WorkRow { state: CANCELLED.into(), ..row("z", 1) })),
        ];
        for (place, other) in same.iter().enumerate() {
            assert_eq!(String::from_utf8(other.json()), String::from_utf8(asked.json()), "{place}");
        }
    }
}
