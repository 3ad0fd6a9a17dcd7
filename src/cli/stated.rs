//! `--actor` and `--reason`: who changed something that is audited, and why.

use crate::audit::settle::Why;
use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct Stated {
    /// Who does this; printed in reports
    #[arg(long, value_name = "NAME", env = "HOURMATCH_ACTOR")]
    pub actor: Option<String>,
    /// Why; printed in reports
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

impl Stated {
    pub fn why(&self) -> Why {
        Why { actor: self.actor.clone(), reason: self.reason.clone() }
    }
}
