//! Keeps a backtest's decisions on disk until it is finished, so that an interrupted one can continue.

use crate::backtest::{Kept, Progress};
use crate::cli::context::Context;
use crate::outputs::{Paths, folders};
use crate::settings;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(5);
/// Characters of the key in the file's name; the whole key stands in it.
const NAMED: usize = 16;

/// What the file holds.
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
