//! `--actor` and `--reason`: who changed something that is audited, and why.

use crate::audit::settle::Why;
use crate::clock::Clock;
use crate::register::By;
use crate::store::certificates::NOT_STATED;
use clap::Args;
use reports::text::is_hidden;

#[derive(Debug, Clone, Args)]
pub struct Stated {
    /// Who makes the change; printed in reports
    #[arg(long, value_name = "NAME", env = "HOURMATCH_ACTOR", hide_env_values = true, value_parser = one_line)]
    pub actor: Option<String>,
    /// Why it is made; printed in reports
    #[arg(long, value_name = "TEXT", value_parser = one_line)]
    pub reason: Option<String>,
}

/// Blank is not stated.
fn one_line(text: &str) -> Result<String, String> {
    if text.contains(is_hidden) {
        return Err("write one line of text, without control characters or bidirectional marks".into());
    }
    Ok(text.to_string())
}

impl Stated {
    pub fn why(&self) -> Why {
        let not_blank =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(String::from);
        Why { actor: not_blank(&self.actor), reason: not_blank(&self.reason) }
    }

    /// As the register records it; blank is not stated.
    pub fn by(&self) -> By<'_> {
        let actor = self.actor.as_deref().map_or("", str::trim);
        By {
            actor: if actor.is_empty() { NOT_STATED } else { actor },
            reason: self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()),
            recorded_us: Clock::recorded_us(),
        }
    }
}
