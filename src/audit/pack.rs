//! An evidence pack on disk: written beside its place, then moved there whole.

use super::assemble;
use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::{Store, files};
use reports::evidence::EvidenceError;
use reports::evidence::pack::{self, Pack};
use reports::time::Interval;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Computes a pack from the store.
pub async fn make(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of_s: Option<i64>,
) -> anyhow::Result<Pack> {
    let inputs = assemble::inputs(store, portfolio, period, as_of_s).await?;
    let used: BTreeSet<i64> = inputs.series.values().flatten().map(|p| p.revision).collect();
    let mut received = BTreeMap::new();
    for revision in used.iter().filter_map(|id| inputs.revisions.get(id)) {
        if !received.contains_key(&revision.file_sha256)
            && let Some(bytes) = files::read(store, &revision.file_sha256).await?
        {
            received.insert(revision.file_sha256.clone(), bytes);
        }
    }
    pack::make(&inputs, &received, crate::ENGINE, None).map_err(|error| match error {
        EvidenceError::Report(error) => assemble::explain(error),
        other => other.into(),
    })
}

/// Writes a pack to a folder that does not exist yet or is empty.
pub fn write(pack: &Pack, dir: &Path) -> anyhow::Result<()> {
    let refuse = |what: String| Problem::new(what).file(dir.display());
    match std::fs::read_dir(dir) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(refuse("exists and is not empty".into()).hint("name a new folder with -o").into());
            }
            std::fs::remove_dir(dir).map_err(|e| refuse(format!("cannot be replaced: {e}")))?;
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => {
            return Err(refuse(format!("is no folder to write to: {e}")).hint("name a new folder with -o").into());
        }
    }
    let parent = dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|e| refuse(format!("its parent cannot be made: {e}")))?;
    let staging = tempfile::Builder::new().prefix(".hourmatch-pack-").tempdir_in(parent)?;
    for (path, bytes) in &pack.files {
        let target = staging.path().join(path);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&target, bytes)?;
    }
    let staged = staging.keep();
    // A temporary folder is private; a pack is to be handed on.
    #[cfg(unix)]
    std::fs::set_permissions(&staged, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    std::fs::rename(&staged, dir).map_err(|e| {
        let _ = std::fs::remove_dir_all(&staged);
        refuse(format!("cannot be moved into place: {e}"))
    })?;
    Ok(())
}
