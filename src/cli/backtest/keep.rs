//! Keeps a backtest's decisions on disk until it is finished, so that an interrupted one can continue; Ctrl-C prints what
//! has been decided.

use super::text::print;
use crate::backtest::{self, Kept, Progress, Request};
use crate::cli::common::{Context, Format, Portfolio, Store, counted};
use crate::cli::output::Output;
use crate::cli::signals;
use crate::cli::waiting::Moving;
use crate::outputs::{Paths, folders, temporary};
use crate::settings;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(5);
/// Characters of the key in the file's name; the whole key stands in it.
const NAMED: usize = 16;

#[derive(Debug, Serialize, Deserialize)]
struct File {
    key: String,
    kept: Kept,
}

#[derive(Debug, Clone)]
pub(super) struct Keeper {
    key: String,
    paths: Paths,
    /// None where this account has no folder for such things: nothing is kept then.
    file: Option<PathBuf>,
}

impl Keeper {
    pub fn new(context: &Context, key: &str) -> Self {
        let name = format!("backtest-{}.json", &key[..NAMED.min(key.len())]);
        let paths = context.paths().clone();
        Self { key: key.into(), file: place(&paths, &name), paths }
    }

    /// What a run before has left; nothing where it cannot be read.
    pub fn left(&self) -> Kept {
        let read = || {
            let file: File = serde_json::from_slice(&std::fs::read(self.file.as_ref()?).ok()?).ok()?;
            (file.key == self.key).then_some(file.kept)
        };
        read().unwrap_or_default()
    }

    /// Whether it is on disk.
    pub fn save(&self, kept: &Kept) -> bool {
        let Some(file) = self.file.as_ref().filter(|_| !kept.is_empty()) else { return false };
        let written = serde_json::to_vec(&File { key: self.key.clone(), kept: kept.clone() });
        written.is_ok_and(|bytes| self.paths.write_bytes(file, &bytes).is_ok())
    }

    /// Until it is aborted.
    pub async fn save_now_and_then(self, progress: Arc<Progress>) {
        let mut last = progress.done();
        loop {
            tokio::time::sleep(EVERY).await;
            let done = progress.done();
            if done != last {
                last = done;
                self.save(&progress.kept());
            }
        }
    }

    pub fn forget(&self) {
        if let Some(file) = &self.file {
            let (folder, name) = (file.parent(), file.file_name().and_then(|name| name.to_str()));
            let _ = folder.zip(name).map(|(folder, name)| folders::clear(folder, &[name]));
        }
    }
}

fn place(paths: &Paths, name: &str) -> Option<PathBuf> {
    let folder = settings::cache_folder()?;
    folders::make(&folder).ok()?;
    let file = folder.join(name);
    paths.writes("decisions kept", &file).ok()?;
    Some(file)
}

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
