//! The columns of every CSV file that is read or written, and those of a work list.

use super::page::{Page, Part, code};
use crate::cli::{capacity, forecast, revisions};
use crate::plan::show;
use crate::portfolio::curves::preset_names;
use crate::register;
use crate::work::columns::{COLUMNS, TRAINING_FROM};
use crate::work::state::Phase;
use render::csv::{Table, columns};
use render::meanings::meaning;
use reports::certificates::Status;
use reports::columns::Column;
use reports::received::forms::EXPORTS;
use reports::received::{REJECT_LINE, REJECT_REASON, invoices, readings};
use strum::VariantNames;

pub fn page() -> Page {
    let statuses = Status::ALL.map(|status| code(status.name())).join(" ");
    let mut parts = vec![
        Part::taken("Read: readings and forecasts", "`hourmatch ingest`", &readings::COLUMNS),
        Part::taken("Read: invoices", "`hourmatch ingest`. Energy is `wh`, or `value` and `unit`.", &invoices::COLUMNS),
        Part::taken(
            "Read: certificates",
            format!("`hourmatch certificates import`, and what `certificates export` writes. Statuses: {statuses}."),
            &register::csv::TABLE,
        ),
        exports(),
        written("Written: revisions", "`hourmatch revisions --format csv`", &revisions::COLUMNS),
        written("Written: plan", "`hourmatch plan show --format csv`", &show::COLUMNS),
        written("Written: capacity", "`hourmatch capacity --format csv`", &capacity::COLUMNS),
        written("Written: forecast accuracy", "`hourmatch forecast accuracy --format csv`", &forecast::ACCURACY),
    ];
    parts.extend(Table::ALL.into_iter().map(report));
    let about = format!(
        "Columns stand by name in any order in what is read, and in this order in what is written. Files that are read \
         may hold `{REJECT_LINE}` and `{REJECT_REASON}`, which `--reject` writes and nobody reads. Columns of a work \
         list are on a [page of their own](work.md), those of a pack in \
         [pack-format.md](../pack-format.md#11-tables)."
    );
    Page { title: "Files", about, parts }
}

fn written(heading: &str, about: &str, columns: &[Column]) -> Part {
    let row = |column: &Column| vec![code(column.name), column.meaning.to_string(), column.unit.to_string()];
    Part::table(heading, about, &["column", "meaning", "unit"], columns.iter().map(row).collect())
}

fn report(table: Table) -> Part {
    let row = |name: &&str| vec![code(name), meaning(name).unwrap_or_default().to_string(), unit(name).to_string()];
    let about = format!("`hourmatch report --format csv --table {}`", table.name());
    let rows = columns(table).iter().map(row).collect();
    Part::table(format!("Written: report, {}", table.name()), about, &["column", "meaning", "unit"], rows)
}

/// As a column's name ends.
fn unit(name: &str) -> &'static str {
    match name {
        "wh" => "Wh",
        "start" | "end" => "RFC 3339",
        "cfe_score" => "share",
        _ if name.ends_with("_wh") => "Wh",
        _ if name.ends_with("_mg_per_kwh") => "mg/kWh",
        _ if name.ends_with("_g") => "g CO2e",
        _ if name.ends_with("_share") || name.ends_with("_capped") => "share",
        _ if name.starts_with("intervals_") => "count",
        _ => "",
    }
}

/// Other people's files that are known by their header.
fn exports() -> Part {
    let rows = EXPORTS.iter().map(|export| {
        let asks: Vec<String> = export.asks().iter().map(|asked| code(&format!("--{asked}"))).collect();
        vec![code(export.name), export.title.to_string(), asks.join(" ")]
    });
    let about = "`hourmatch ingest`, told by their header, or by `--source`. [Sources](../sources.md) says how they \
        are read, and how a `[source.<name>]` describes any other table.";
    Part::table("Read: exports of others", about, &["source", "file", "it asks for"], rows.collect())
}

/// Every column of a work list.
pub fn work_page() -> Page {
    let (all, training) = COLUMNS.split_at(TRAINING_FROM);
    let states: Vec<String> = Phase::VARIANTS.iter().map(|state| code(state)).collect();
    let presets = preset_names().map(code).join(" ");
    let parts = vec![
        Part::taken("All work", "Besides these, `energy_mwh`, or `gpus` and `hours`, are needed.", all),
        Part::taken(
            "Training",
            format!("Batch work accepts these and ignores them. Presets of `curve`: {presets}."),
            training,
        ),
        Part::text(
            "States",
            format!("What `work update` reports of a piece, and `work list --state` filters by: {}.", states.join(" ")),
        ),
    ];
    let about = "A work list is CSV with a header and columns by name in any order; `hourmatch work import` reads \
        it, and `POST /v1/work` takes the same names as JSON. Unknown columns are refused; an empty field takes what \
        holds without it. [Planning](../planning.md#the-work-list) says what becomes of it.";
    Page { title: "Work list", about: about.to_string(), parts }
}
