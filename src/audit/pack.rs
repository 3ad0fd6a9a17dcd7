//! An evidence pack on disk: settled, written beside its place, then moved there whole.

use super::settle::{self, Outcome, Settled, Why};
use crate::clock::Clock;
use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::settlements::{self, Published};
use crate::store::{Store, files};
use reports::evidence::manifest::Manifest;
use reports::evidence::pack::{self, Target};
use reports::evidence::sign::SecretKey;
use reports::evidence::stamp::{self, StampError};
use reports::evidence::{EvidenceError, folder, tables};
use reports::render::csv;
use reports::time::Interval;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A pack that was made.
#[derive(Debug)]
pub struct Made {
    pub manifest: Manifest,
    pub settled: Settled,
}

/// What a pack is made of and where it goes.
#[derive(Debug)]
pub struct Order<'a> {
    pub period: Interval,
    pub as_of_s: Option<i64>,
    pub why: Why,
    pub key: Option<SecretKey>,
    /// An authority's answer to a query of this pack's root.
    pub stamp: Option<&'a [u8]>,
    /// A folder, or a file whose name ends in `.tar.zst`.
    pub to: &'a Path,
    pub now_us: i64,
}

/// Settles the period, writes its pack and publishes the settlement under the pack's root. A pack by record time is
/// evidence of what was known then: nothing is settled or published.
pub async fn make(store: &Store, portfolio: &Portfolio, order: &Order<'_>) -> anyhow::Result<Made> {
    let place = Place::check(order.to)?;
    let settled = settle::settle(store, portfolio, order.period, order.as_of_s, &order.why, order.now_us).await?;
    let staging = tempfile::Builder::new().prefix(".hourmatch-pack-").tempdir_in(&place.parent)?;
    let mut folder = Folder { root: staging.path().to_path_buf() };
    let runtime = tokio::runtime::Handle::current();
    let mut received = |sha256: &str, out: &mut dyn Write| copy_received(&runtime, store, &settled, sha256, out);
    let manifest = tokio::task::block_in_place(|| {
        pack::write(&settled.inputs, &settled.computed, &mut received, &mut folder, crate::ENGINE, order.key.as_ref())
    })
    .map_err(|error| match error {
        EvidenceError::Report(error) => super::assemble::explain(error),
        other => other.into(),
    })?;
    if let Some(answer) = order.stamp {
        stamp::check(answer, &manifest.root(), None).map_err(|error| unstamped(error, &manifest.merkle_root))?;
        folder.create(stamp::PATH)?.write_all(answer)?;
    }
    place.take(staging)?;
    if settled.outcome != Outcome::FiguresOnly && settled.settlement.root.is_none() {
        let report = &settled.computed.report;
        let files = Published {
            manifest: manifest.to_bytes(),
            intervals: csv::intervals(report).into_bytes(),
            results: tables::results(report).into_bytes(),
        };
        let mut write = store.write().await?;
        let (id, root) = (settled.settlement.id, &manifest.merkle_root);
        settlements::publish(&mut write, id, root, &files, Clock::recorded_us()).await?;
        write.commit().await?;
    }
    Ok(Made { manifest, settled })
}

fn unstamped(error: StampError, root: &str) -> Problem {
    let hint = match error {
        StampError::OtherRoot { .. } => format!(
            "this pack's root is {root}: make it with the options of the pack that was stamped, or stamp this one \
             (hourmatch pack-request)"
        ),
        _ => "ask the authority again with the query of `hourmatch pack-request`".into(),
    };
    Problem::new(format!("the time-stamp does not hold: {error}")).hint(hint)
}

/// Streams a received file out of the store, piece by piece.
fn copy_received(
    runtime: &tokio::runtime::Handle,
    store: &Store,
    settled: &Settled,
    sha256: &str,
    out: &mut dyn Write,
) -> Result<(), EvidenceError> {
    let mut seq = 0;
    while let Some(piece) = runtime.block_on(files::piece(store, sha256, seq)).map_err(io::Error::other)? {
        out.write_all(&piece)?;
        seq += 1;
    }
    if seq == 0 {
        let name = settled.inputs.revisions.values().find(|r| r.file_sha256 == sha256).map(|r| r.file_name.clone());
        return Err(EvidenceError::MissingReceived { name: name.unwrap_or_default(), sha256: sha256.into() });
    }
    Ok(())
}

/// The folder a pack is staged in.
struct Folder {
    root: PathBuf,
}

impl Target for Folder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let target = self.root.join(path);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Box::new(std::fs::File::create(target)?))
    }
}

/// Where the finished pack goes.
struct Place<'a> {
    to: &'a Path,
    parent: PathBuf,
    archive: bool,
}

impl<'a> Place<'a> {
    /// A folder that does not exist yet or is empty, or an archive that does not exist yet.
    fn check(to: &'a Path) -> anyhow::Result<Self> {
        let refuse = |what: String| Problem::new(what).file(to.display());
        let archive = to.to_string_lossy().ends_with(".tar.zst");
        match std::fs::symlink_metadata(to) {
            Ok(_) if archive => {
                return Err(refuse("exists already".into()).hint("name a new archive with -o").into());
            }
            Ok(_) => match std::fs::read_dir(to).map(|mut entries| entries.next().is_none()) {
                Ok(true) => {}
                Ok(false) => {
                    return Err(refuse("exists and is not empty".into()).hint("name a new folder with -o").into());
                }
                Err(e) => {
                    let what = format!("is no folder to write to: {e}");
                    return Err(refuse(what).hint("name a new folder with -o").into());
                }
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => {
                let what = format!("is no folder to write to: {e}");
                return Err(refuse(what).hint("name a new folder with -o").into());
            }
        }
        let parent = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
        std::fs::create_dir_all(&parent).map_err(|e| refuse(format!("its parent cannot be made: {e}")))?;
        Ok(Self { to, parent, archive })
    }

    /// Moves the staged pack into place, packed into an archive where one was asked for.
    fn take(&self, staging: tempfile::TempDir) -> anyhow::Result<()> {
        let refuse = |what: String| Problem::new(what).file(self.to.display());
        if self.archive {
            let mut file = tempfile::Builder::new().prefix(".hourmatch-pack-").tempfile_in(&self.parent)?;
            let mut scratch = tempfile::tempfile_in(&self.parent)?;
            folder::pack_up(staging.path(), &mut scratch, &mut io::BufWriter::new(file.as_file_mut()))?;
            file.as_file().sync_all()?;
            readable(file.path(), 0o644)?;
            file.persist_noclobber(self.to).map_err(|e| refuse(format!("cannot be moved into place: {}", e.error)))?;
            return Ok(());
        }
        if self.to.is_dir() {
            std::fs::remove_dir(self.to).map_err(|e| refuse(format!("cannot be replaced: {e}")))?;
        }
        let staged = staging.keep();
        readable(&staged, 0o755)?;
        std::fs::rename(&staged, self.to).map_err(|e| {
            let _ = std::fs::remove_dir_all(&staged);
            refuse(format!("cannot be moved into place: {e}"))
        })?;
        Ok(())
    }
}

/// A temporary file or folder is private; a pack is to be handed on.
fn readable(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    Ok(())
}
