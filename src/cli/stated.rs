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

/// One line of visible text.
pub(super) fn one_line(text: &str) -> Result<String, String> {
    if text.contains(is_hidden) {
        return Err("write one line of text, without control characters or bidirectional marks".into());
    }
    Ok(text.to_string())
}

/// Blank is not stated.
pub(super) fn not_blank(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

impl Stated {
    pub fn why(&self) -> Why {
        let owned = |text: &Option<String>| not_blank(text).map(String::from);
        Why { actor: owned(&self.actor), reason: owned(&self.reason) }
    }

    /// As the register records it.
    pub fn by(&self) -> By<'_> {
        let actor = not_blank(&self.actor).unwrap_or(NOT_STATED);
        By { actor, reason: not_blank(&self.reason), recorded: Clock::recorded() }
    }
}
