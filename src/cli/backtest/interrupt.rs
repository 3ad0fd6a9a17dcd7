//! Ctrl-C while a backtest runs: what has been decided is kept and printed.

use super::keep::Keeper;
use super::text::print;
use crate::backtest::{self, Progress, Request};
use crate::cli::context::Format;
use crate::cli::moving::Moving;
use crate::cli::output::Output;
use crate::cli::signals;
use crate::outputs::temporary;
use crate::portfolio::Portfolio;
use crate::store::Store;
use reports::words::counted;
use std::sync::Arc;

pub(super) struct Interrupt {
    pub store: Store,
    pub portfolio: Portfolio,
    pub request: Request,
    pub form: Format,
    /// Decisions there would be.
    pub total: usize,
    pub bar: Moving,
}

impl Interrupt {
    pub async fn wait(self, out: Output, progress: Arc<Progress>, keeper: Keeper) {
        let code = signals::asked_to_end().await;
        // Asked again, it ends at once.
        signals::end_at_once();
        self.bar.finish();
        let kept = progress.kept();
        let saved = keeper.save(&kept);
        let made = kept.decisions();
        match backtest::so_far(&self.store, &self.portfolio, &self.request, &kept).await {
            Ok(None) => out.say("interrupted before the first decision was made"),
            Ok(Some(result)) => {
                let of = counted(self.total, "decision", "decisions");
                let further = if saved { "; the same command goes on from there" } else { "" };
                out.say(&format!("interrupted after {made} of {of}: figures go to {}{further}", result.to));
                if let Err(error) = print(&out, self.form, &result) {
                    out.say(&format!("warning: {error:#}"));
                }
            }
            Err(error) => out.say(&format!("interrupted after {made} decisions, which cannot be shown: {error:#}")),
        }
        temporary::leave(code);
    }
}
