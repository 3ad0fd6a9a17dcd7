//! What is told in several places is told alike, or the difference is named: shortfalls, costs and prices.

use crate::support::{HEADER, Home, ONE_SITE, hourly};
use serde_json::Value;

const NOW: &str = "2026-01-15T00:00Z";

/// Firm load of 4 MW, wind of 9 MW in half the hours and of 1 MW in the others, and a target out of reach.
fn home(work: &str) -> Home {
    let toml = ONE_SITE.replace("id = \"A\"\n[[site]]", "id = \"A\"\nprice_per_mwh = 42.0\n[[site]]")
        + "[[pool]]\nid = \"h\"\nsite = \"s\"\ncount = 4000\nkw_per_gpu = 1.25\n"
        + "[policy]\ntarget = 0.99\nshortfall_price_per_mwh = 200.0\ncarbon_price_per_t = 0.0\nrevenue_per_gpu_hour = 2.0\n";
    let home = Home::new(&toml);
    let wind = (0..14 * 24).map(|h| if h % 24 < 12 { 9.0 } else { 1.0 });
    let readings = hourly("site/s/it_load", [4.0; 14 * 24]) + &hourly("contract/w/generation", wind);
    home.write("r.csv", &format!("{HEADER}{readings}"));
    home.run(&["ingest", "r.csv"]).ok();
    if !work.is_empty() {
        home.write("w.csv", work);
        home.run(&["work", "import", "w.csv"]).ok();
    }
    home
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

fn cost<'p>(plan: &'p Value, code: &str) -> &'p Value {
    let costs = plan["costs"].as_array().expect("costs");
    costs.iter().find(|cost| cost["code"] == code).unwrap_or_else(|| panic!("{code} in {costs:?}"))
}

/// The shortfall that the note tells is that which is priced, and both say that they allow for supply that may not come;
/// scores and tables, which do not, say that too.
#[test]
fn a_shortfall_says_what_it_allows_for() {
    let home = home("");
    let made = home.run(&["plan", "--now", NOW, "--horizon", "48h", "--format", "json"]).ok().json();
    let reasons = made["reasons"].as_array().expect("reasons");
    let why = reasons.iter().find(|reason| reason["code"] == "target_unreachable").expect("a reason");
    let short = number(&why["quantity"]);
    let priced = cost(&made, "target_short");
    assert!((number(&priced["quantity"]) - short).abs() < 1e-3, "{short}: {priced}");
    assert!((number(&priced["amount"]) - 200.0 * short).abs() < 1.0, "{short}: {priced}");
    let message = why["message"].as_str().expect("a message");
    assert!(message.contains("allowing for supply that may not come"), "{message}");
    // A hundredth of 4 MW for 48 h.
    assert!(message.contains("at a shortfall price of 200.00 USD per MWh, 1.920 MWh are allowed"), "{message}");
    let text = home.run(&["plan", "show", "--now", NOW]).ok().out;
    assert!(text.contains(" % here with supply as expected"), "{text}");
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.html"]).ok();
    let page = home.read("plan.html");
    for part in ["in this plan with supply as expected", "target short, allowing for supply that may not come"] {
        assert!(page.contains(part), "{part}");
    }
}

/// Tokens of checkpoints are lost against full speed, by the work as submitted too: only the difference is the plan's.
#[test]
fn a_cost_stands_beside_that_of_the_work_as_submitted() {
    let work = "id,kind,release,deadline,pool,gpus,hours,class,checkpoint_min\n\
        run,training,2026-01-15T00:00:00Z,2026-02-15T00:00:00Z,h,800,400,flex-2,120\n";
    let home = home(work);
    let made = home.run(&["plan", "--now", NOW, "--horizon", "48h", "--format", "json"]).ok().json();
    let lost = cost(&made, "tokens_lost");
    let more = number(&lost["amount"]) - number(&lost["as_submitted"]);
    assert!(number(&lost["as_submitted"]) > 0.0, "{lost}");
    assert!((more - number(&made["economics"]["revenue_lost"])).abs() < 1e-2, "{lost} {}", made["economics"]);
    home.run(&["plan", "show", "--now", NOW, "-o", "plan.html"]).ok();
    let page = home.read("plan.html");
    assert!(page.contains("tokens not made against full speed") && page.contains(">As submitted</th>"));
}

/// 1 MW at noon, when all the wind there is is used: 42 a MWh from the grid, and the shortfall on top of it in the plan's
/// own price.
#[test]
fn a_price_of_a_window_says_what_it_leaves_out() {
    let home = home("");
    home.run(&["plan", "--now", NOW, "--horizon", "48h"]).ok();
    let args = ["windows", "--duration", "2h", "--mw", "1", "--now", NOW, "--top", "1"];
    let noon = ["--after", "2026-01-15T13:00Z", "--before", "2026-01-15T15:00Z"];
    let asked = [&args[..], &noon[..]].concat();
    let best = home.run(&[&asked[..], &["--format", "json"]].concat()).ok().json()["windows"][0].clone();
    assert!((number(&best["price_per_mwh"]) - 42.0).abs() < 1e-6, "{best}");
    assert!(number(&best["plan_price_per_mwh"]) > 42.0 + 150.0, "{best}");
    let text = home.run(&asked).ok().out;
    assert!(text.contains("USD per IT MWh") && text.contains("plan_price_per_mwh"), "{text}");
}
