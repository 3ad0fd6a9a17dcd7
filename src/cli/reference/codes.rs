//! Every code that a program may meet, from the tables that the code takes them from.

use super::page::{Page, Part, code};
use crate::cli::output::STATUSES;
use crate::error::Kind;
use crate::expected;
use crate::plan::codes;
use reports::evidence::trust::Origin;
use reports::exceptions;
use solver::codes as solving;

pub fn page() -> Page {
    let mut parts = reasons();
    parts.extend([
        listed("Costs of a plan", "`code` of `costs`; `kind` says `money`, `carbon` or `penalty`.", solving::COSTS),
        listed("Events of a plan", "`kind` of `events`, of training.", codes::events::ALL),
        listed("Limits", "`code` of the limits that `hourmatch explain` names.", codes::BINDINGS),
        listed("Alternatives", "`code` of what `hourmatch explain` compares with.", codes::ALTERNATIVES),
        listed(
            "Exceptions of a report",
            "`code` of `exceptions`: what an auditor should know, with the intervals and the energy it concerns.",
            exceptions::ALL,
        ),
        verdict(),
        http(),
        exit(),
    ]);
    let about = "A code keeps its meaning within a version of its document's `schema`; messages may change.";
    Page { title: "Codes", about: about.to_string(), parts }
}

/// All three tables say what `missed` and `reasons` may hold; those of solver and planner share some codes.
fn reasons() -> Vec<Part> {
    let about = "`code` of `reasons` and `missed`, in plans, windows and backtests.";
    vec![
        listed("Reasons: the search", about, solving::REASONS),
        listed("Reasons: work, series and the portfolio", about, &[codes::REASONS, expected::codes::NOTES].concat()),
    ]
}

fn listed(heading: &str, about: &str, table: &[(&str, &str)]) -> Part {
    let rows = table.iter().map(|(name, meaning)| vec![code(name), meaning.to_string()]);
    Part::table(heading, about, &["code", "means"], rows.collect())
}

fn verdict() -> Part {
    let rows = Origin::ALL.into_iter().map(|origin| vec![code(origin.name()), origin.meaning().to_string()]);
    let about = "`origin` of `hourmatch verify --format json`: what proves where a pack comes from. Without any, \
        only its integrity is proved. `verified` says whether it holds, and `findings` what of it does not, in \
        words.";
    Part::table("Verdicts", about, &["origin", "means"], rows.collect())
}

fn http() -> Part {
    let rows = Kind::ALL.into_iter().map(|kind| vec![kind.status().to_string(), kind.meaning().to_string()]);
    let about = "Every refusal of the service is `application/problem+json` with `type` `about:blank`, `title`, \
        `status`, `detail`, `hint` and `errors`. Besides these, HTTP's own statuses are given to what is not a request, \
        too large, too slow or of another media type.";
    Part::table("Statuses over HTTP", about, &["status", "means"], rows.collect())
}

fn exit() -> Part {
    let rows = STATUSES.iter().map(|(status, meaning)| vec![status.to_string(), meaning.to_string()]);
    let about = "Of `hourmatch`, whatever the subcommand; `hourmatch-verify` has the first three.";
    Part::table("Exit statuses", about, &["status", "means"], rows.collect())
}
