//! What schedulers report running goes on running, until something else is reported: time between counts as done.

use crate::support::Home;
use crate::unknown::{POOL, TOML, at, list, near, plan, rows, schedule};
use serde_json::Value;

/// Two jobs of 800 of 1 000 accelerators and six hours; energy is dear for six hours.
fn jobs() -> Home {
    let home = Home::new(&format!("{}{POOL}", TOML.replace("it_load_mw = 1.0\n", "")));
    home.write("p.csv", &rows("grid/A/price", 0..24, "currency/MWh", true, |h| if h < 6 { 90.0 } else { 10.0 }));
    home.run(&["ingest", "p.csv"]).ok();
    let header = "id,kind,release,deadline,pool,gpus,hours";
    let list = format!("{header}\nj,batch,{},{},h100,800,6\nk,batch,{},{},h100,800,6\n", at(0), at(24), at(0), at(18));
    home.write("jobs.csv", &list);
    home.run(&["work", "import", "jobs.csv"]).ok();
    home
}

pub fn runs(plan: &Value, work: &str) -> Vec<(i64, i64)> {
    schedule(plan, work).iter().map(|s| (s.0, s.1)).collect()
}

fn report(home: &Home, work: &str, hour: i64, extra: &[&str]) {
    let now = at(hour);
    let args = ["work", "update", work, "--now", &now];
    home.run(&[&args[..], extra].concat()).ok();
}

const RUNNING: [&str; 4] = ["--state", "running", "--site", "s"];

#[test]
fn a_job_reported_running_goes_on_running() {
    let home = jobs();
    let first = plan(&home, 0, 24);
    assert!(runs(&first, "j")[0].0 >= 6, "{}", first["schedule"]);
    // Started at once by the scheduler, and nothing more reported.
    report(&home, "j", 0, &RUNNING);
    for (hour, left) in [(1, 5), (3, 3), (5, 1)] {
        let made = plan(&home, hour, 24);
        assert_eq!(runs(&made, "j"), [(hour, hour + left)], "at hour {hour}");
        let other = runs(&made, "k");
        assert!(other.iter().all(|(from, _)| *from >= 6), "it keeps its accelerators: {other:?}");
    }
    let made = plan(&home, 7, 24);
    assert_eq!((runs(&made, "j"), runs(&made, "k").len()), (Vec::new(), 1));
    let taken = list(&made, "reasons").iter().find(|r| r["code"] == "taken_as_done");
    assert_eq!(taken.map(|r| &r["subject"]), Some(&"j".into()), "{}", made["reasons"]);
    // It is, or it is not: then it goes on from what is said.
    report(&home, "j", 7, &["--done", "0.5"]);
    assert_eq!(runs(&plan(&home, 8, 24), "j"), [(8, 10)]);
}

#[test]
fn a_job_runs_on_until_the_next_plan_whenever_that_is() {
    let home = jobs();
    plan(&home, 0, 24);
    report(&home, "j", 0, &RUNNING);
    assert_eq!(runs(&plan(&home, 5, 24), "j"), [(5, 6)]);
    // Heartbeats that say nothing of how much is done leave it where it would be.
    let home = jobs();
    plan(&home, 0, 24);
    [0, 1, 2].iter().for_each(|hour| report(&home, "j", *hour, &RUNNING));
    assert_eq!(runs(&plan(&home, 4, 24), "j"), [(4, 6)]);
    report(&home, "j", 4, &["--done", "0.5"]);
    report(&home, "j", 5, &RUNNING);
    assert_eq!(runs(&plan(&home, 6, 24), "j"), [(6, 7)], "half at four, and two hours since");
    // What is reported queued has not gone on, whatever a plan had.
    let home = jobs();
    plan(&home, 0, 24);
    report(&home, "j", 0, &RUNNING);
    plan(&home, 1, 24);
    report(&home, "j", 2, &["--state", "queued"]);
    let made = plan(&home, 3, 24);
    let hours: i64 = runs(&made, "j").iter().map(|(from, to)| to - from).sum();
    assert_eq!(hours, 6, "{}", made["schedule"]);
}

#[test]
fn training_and_energy_reported_running_make_progress() {
    let home = Home::new(&format!("{TOML}{POOL}"));
    let columns = "id,kind,release,deadline,energy_mwh,max_mw,pool,gpus,hours";
    let span = format!("{},{}", at(0), at(72));
    let list = format!("{columns}\nt,training,{span},,,h100,200,10\ne,batch,{span},12,2,,,\nf,batch,{span},12,,,,\n");
    home.write("w.csv", &list);
    home.run(&["work", "import", "w.csv"]).ok();
    for work in ["t", "e", "f"] {
        report(&home, work, 0, &RUNNING);
    }
    let made = plan(&home, 3, 48);
    let mine = |work: &'static str| list_of(&made, work);
    let progress: f64 = mine("t").iter().map(|row| row["progress_hours"].as_f64().expect("progress")).sum();
    assert!((progress - 7.0).abs() < 0.01, "{progress}");
    let mwh = |work: &str| -> f64 { schedule(&made, work).iter().map(|s| (s.1 - s.0) as f64 * s.2).sum() };
    near(mwh("e"), 6.0);
    // At what power it runs nobody said: nothing is taken to be done of it.
    near(mwh("f"), 12.0);
}

fn list_of(plan: &Value, work: &str) -> Vec<Value> {
    list(plan, "schedule").iter().filter(|row| row["work"] == work).cloned().collect()
}
