//! Every column of a work list.

use super::page::{Page, Part, code};
use crate::portfolio::curves::preset_names;
use crate::work::columns::{COLUMNS, TRAINING_FROM};
use crate::work::state::Phase;
use strum::VariantNames;

pub fn page() -> Page {
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
