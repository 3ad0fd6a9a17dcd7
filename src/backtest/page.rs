//! A backtest as one HTML page that stands alone: figures first, charts with their tables, and how it was made.

use super::charts::{self, Line};
use super::report::{Backtest, StrategyResult, percent};
use crate::plan::show;
use askama::Template;
use reports::words::fixed;

#[derive(Template)]
#[template(path = "backtest.html")]
struct Page<'a> {
    result: &'a Backtest,
    lead: Option<Lead>,
    training: bool,
    shares: String,
    months: String,
    month_names: Vec<String>,
    month_rows: Vec<(&'static str, Vec<String>)>,
    hours: String,
    hour_rows: Vec<(&'static str, Vec<String>)>,
    notes: Vec<String>,
}

/// What a reader wants first: the planner beside the work as submitted and foresight.
struct Lead {
    matched: String,
    as_submitted: String,
    foresight: String,
    kept: String,
}

pub fn page(result: &Backtest) -> anyhow::Result<String> {
    let find = |name: &str| result.strategies.iter().find(|s| s.name == name);
    let lead = find("lp").zip(find("asap")).zip(find("lp-perfect")).map(|((lp, asap), perfect)| Lead {
        matched: percent(lp.matched_share),
        as_submitted: percent(asap.matched_share),
        foresight: percent(perfect.matched_share),
        kept: percent(lp.gain_kept),
    });
    let training = result.strategies.iter().any(|s| s.gpu_hours > 0.0);
    let lines = |of: &dyn Fn(&StrategyResult) -> Vec<Option<f64>>| -> Vec<Line> {
        result.strategies.iter().map(|s| Line { name: s.words, values: of(s) }).collect()
    };
    let month_names: Vec<String> =
        result.strategies.first().map_or_else(Vec::new, |s| s.months.iter().map(|m| m.0.clone()).collect());
    let months = lines(&|s| s.months.iter().map(|m| m.1.map(|v| 100.0 * v)).collect());
    let hours = lines(&|s| s.load_by_hour_mw.iter().map(|mw| Some(*mw)).collect());
    let hour_names: Vec<String> = (0..24).map(|hour| format!("{hour:02}")).collect();
    let page = Page {
        lead,
        training,
        shares: charts::bars(&result.strategies.iter().map(|s| (s.words, s.matched_share)).collect::<Vec<_>>()),
        months: if month_names.len() > 1 { charts::lines(&months, &month_names, "%") } else { String::new() },
        month_rows: table(&months, 2),
        month_names,
        hours: charts::lines(&hours, &hour_names, "MW"),
        hour_rows: table(&hours, 1),
        notes: show::grouped(&result.notes),
        result,
    };
    Ok(page.render()?)
}

fn table(lines: &[Line], decimals: usize) -> Vec<(&'static str, Vec<String>)> {
    let text = |v: &Option<f64>| v.map_or_else(|| "-".into(), |v| fixed(v, decimals));
    lines.iter().map(|line| (line.name, line.values.iter().map(text).collect())).collect()
}
