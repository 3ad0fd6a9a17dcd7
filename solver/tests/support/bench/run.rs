//! A training run that tests and instances change from.

use hourmatch_solver::{Before, Checkpoint, Run};
use ids::WorkId;

/// Nothing yet: full power, a straight curve, never begun.
pub fn plain_run() -> Run {
    Run {
        id: WorkId::default(),
        sites: Vec::new(),
        release: 0,
        deadline: 0,
        rated_mw: 0.0,
        floor: 1.0,
        cap: 1.0,
        curve: vec![(0.0, 0.0), (1.0, 1.0)],
        weight: 0.0,
        lost_price_per_hour: 0.0,
        pause_cost: 0.0,
        save_h: 0.0,
        save_mw: 0.0,
        restart_h: 0.0,
        restart_mw: 0.0,
        paused_mw: 0.0,
        hold_nodes: true,
        checkpoint: Checkpoint::Within { factor: 1.0 },
        save_before: Vec::new(),
        min_on: 1,
        min_off: 1,
        max_pauses: Vec::new(),
        before: Before::Waiting,
        saved_before: false,
        always_on: false,
        class: None,
        need_hours: None,
        must_hours: 0.0,
        late_price_per_hour: 0.0,
        may_move: false,
        move_steps: 0,
        move_mwh: 0.0,
        gpus: None,
        prior: Vec::new(),
    }
}
