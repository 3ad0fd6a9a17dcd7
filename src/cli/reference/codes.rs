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
    // All three tables say what `missed` and `reasons` may hold; those of solver and planner share some codes.
    let reasons = "`code` of `reasons` and `missed`, in plans, windows and backtests.";
    let verdicts = "`origin` of `hourmatch verify --format json`: what proves where a pack comes from. Without any, \
        only its integrity is proved. `verified` says whether it holds, and `findings` what of it does not, in \
        words.";
    let origins = Origin::ALL.into_iter().map(|origin| (code(origin.name()), origin.meaning()));
    let http = "Every refusal of the service is `application/problem+json` with `type` `about:blank`, `title`, \
        `status`, `detail`, `hint` and `errors`. Besides these, HTTP's own statuses are given to what is not a request, \
        too large, too slow or of another media type.";
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.status().to_string(), kind.meaning()));
    let exit = "Of `hourmatch`, whatever the subcommand; `hourmatch-verify` has the first three.";
    let parts = vec![
        listed("Reasons: the search", reasons, solving::REASONS),
        listed("Reasons: work, series and the portfolio", reasons, &[codes::REASONS, expected::codes::NOTES].concat()),
        listed("Costs of a plan", "`code` of `costs`; `kind` says `money`, `carbon` or `penalty`.", solving::COSTS),
        listed("Events of a plan", "`kind` of `events`, of training.", codes::events::ALL),
        listed("Limits", "`code` of the limits that `hourmatch explain` names.", codes::BINDINGS),
        listed("Alternatives", "`code` of what `hourmatch explain` compares with.", codes::ALTERNATIVES),
        listed(
            "Exceptions of a report",
            "`code` of `exceptions`: what an auditor should know, with the intervals and the energy it concerns.",
            exceptions::ALL,
        ),
        part("Verdicts", verdicts, "origin", origins),
        part("Statuses over HTTP", http, "status", kinds),
        part("Exit statuses", exit, "status", STATUSES.map(|(status, meaning)| (status.to_string(), meaning))),
    ];
    let about = "A code keeps its meaning within a version of its document's `schema`; messages may change.";
    Page { title: "Codes", about: about.to_string(), parts }
}

fn listed(heading: &str, about: &str, table: &[(&str, &str)]) -> Part {
    part(heading, about, "code", table.iter().map(|(name, meaning)| (code(name), *meaning)))
}

fn part<'a>(
    heading: &str,
    about: &str,
    first: &'static str,
    rows: impl IntoIterator<Item = (String, &'a str)>,
) -> Part {
    let rows = rows.into_iter().map(|(name, meaning)| vec![name, meaning.to_string()]);
    Part::table(heading, about, &[first, "means"], rows.collect())
}
