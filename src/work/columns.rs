//! The columns of a work list; the same names as JSON takes them.

use reports::columns::{Column, column, needed, not_needed, optional};

/// Required columns, those of all work, one for the scheduler, those of training.
pub const COLUMNS: [Column; 34] = [
    column(
        "id",
        "",
        "ASCII letters, digits, `-`, `_` and `.`, at most 64. A scheduler's own name goes into `scheduler_ref`, an \
         array's size into `count`.",
    ),
    column("release", "RFC 3339", "Earliest start, or a date in the portfolio's time zone; rounded up to a step."),
    column("deadline", "RFC 3339", "Latest end, or a date, which stands for its start; rounded down to a step."),
    optional("kind", "", "`batch`", "`batch` or `training`."),
    optional("sites", "site ids", "all; with a pool, the pool's", "Where it may run, separated by `|`."),
    optional("energy_mwh", "IT MWh", "`hours` x `max_mw`", "Energy of one unit, at full speed."),
    optional(
        "max_mw",
        "IT MW",
        "`gpus` x the pool's `kw_per_gpu`; else the largest `it_capacity_mw` of its sites",
        "Maximum power of one unit; of training, its rated power.",
    ),
    optional("pool", "pool id", "none; required with `gpus` once there is a pool", "The pool it uses."),
    optional(
        "gpus",
        "count",
        "none",
        "Accelerators of one unit, an integer; slices of accelerators are a pool of their own.",
    ),
    optional("gpus_min", "count", "none", "Marks batch work as divisible; the number itself is not enforced."),
    optional("hours", "h", "`energy_mwh` / `max_mw`", "Duration at full speed."),
    optional("hours_p90", "h", "`hours`", "Duration that nine in ten such jobs stay within; starts leave room for it."),
    optional(
        "divisible",
        "`true` `false`",
        "`true` for energy, for `gpus_min` and for `preempt = checkpoint`; else `false`",
        "Batch: may be split across steps and sites.",
    ),
    optional(
        "miss_price_per_mwh",
        "currency/MWh",
        "the policy's",
        "Cost of a MWh not done by the deadline; above every shortfall price, below the event price.",
    ),
    optional("priority", "0 to 9", "0", "Each level adds a tenth to the cost of missing it."),
    optional("account", "account id", "none", "The account whose quota it counts against."),
    optional("after", "work ids", "none", "What must be complete first, separated by `|`."),
    optional("count", "count", "1", "Batch: size of an array of identical units, at most 100 000."),
    optional(
        "preempt",
        "",
        "as `divisible` and `kind` say",
        "`never`; `checkpoint`: stopped, later continued; `requeue`: stopped, later restarted from nothing.",
    ),
    optional("notice_min", "min", "0", "Minutes ahead of now within which its plan is not changed."),
    optional("scheduler_ref", "", "none", "Stored and listed, for the scheduler's own use."),
    optional("class", "", "`flex-1`", "Training: `firm`, `flex-1`, `flex-2` or `flex-3`."),
    optional("curve", "", "`pretraining`", "Training: a preset, or a `[[curve]]`."),
    optional(
        "floor",
        "share",
        "the curve's first point from half GPU power up, as node power",
        "Training: minimum power while it runs, of full node power.",
    ),
    optional("save_min", "min", "5", "Training: duration of a checkpoint."),
    optional("restart_min", "min", "10", "Training: duration of a restart."),
    optional("mtbf_h", "h", "24", "Training: mean time between failures of the gang."),
    optional(
        "checkpoint_min",
        "min",
        "`sqrt(2 x mtbf x save)`: 2 h with the defaults",
        "Training: interval between checkpoints.",
    ),
    optional("min_on_h", "h", "1", "Training: minimum time on."),
    optional("min_off_h", "h", "1", "Training: minimum time off."),
    optional(
        "max_pauses_day",
        "count",
        "2; 0 if `firm` or `preempt = never`",
        "Training: maximum pauses in a local day of its site.",
    ),
    optional("hold_nodes", "`true` `false`", "`true`", "Training: it keeps its accelerators while paused."),
    optional("move_h", "h", "it stays where it starts", "Training: hours of transit to another site."),
    optional("move_mwh", "IT MWh", "0", "Training: energy of a move, at both ends."),
];

pub const NEEDED: [&str; 3] = needed(&COLUMNS);
pub const OPTIONAL: [&str; 31] = not_needed(&COLUMNS);
/// From here on, columns are of training: batch work ignores them.
pub const TRAINING_FROM: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Work;

    /// A name that JSON does not take, or that CSV lacks, would be one of two lists.
    #[test]
    fn columns_are_what_a_piece_of_work_states() {
        let listed = serde_json::from_str::<Work>("{\"no_column\": 1}").expect_err("unknown").to_string();
        // `id`, `kind`, ...: every field is named, and every one is a column.
        let fields: Vec<&str> = listed.split('`').skip(3).step_by(2).collect();
        assert_eq!(fields.len(), COLUMNS.len(), "{listed}");
        assert!(fields.iter().all(|field| COLUMNS.iter().any(|column| column.name == *field)), "{listed}");
        assert_eq!(COLUMNS[TRAINING_FROM - 1].name, "scheduler_ref");
    }
}
