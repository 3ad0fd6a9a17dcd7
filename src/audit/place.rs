//! Where a pack goes: a new folder, or a new archive.

use crate::error::Fault;
use crate::outputs::temporary::TemporaryFile;
use crate::outputs::{Staging, staging};
use reports::evidence::{folder, manifest};
use reports::words::io_reason;
use std::io;
use std::path::Path;

/// A folder that does not exist yet or is empty, or an archive that does not exist yet. Something that is there may be
/// the very pack that is to be made: whoever was killed between moving it into place and saying so to the store left it.
pub struct Place<'a> {
    pub to: &'a Path,
    /// Something is there that may be that.
    pub taken: bool,
    archive: bool,
}

/// A pack, durable and not in its place yet.
pub enum Staged {
    Folder(Staging),
    Archive(TemporaryFile),
}

impl<'a> Place<'a> {
    /// # Errors
    /// Anything that can be no pack, or a path that leads nowhere.
    pub fn check(to: &'a Path) -> Result<Self, Fault> {
        let mut place = Self { to, taken: false, archive: to.to_string_lossy().ends_with(".tar.zst") };
        let odd = |e: io::Error| place.problem(format!("is not a folder to write to: {}", io_reason(&e)));
        place.taken = match std::fs::symlink_metadata(to) {
            Ok(found) if place.archive && found.is_file() => true,
            Ok(_) if place.archive => return Err(place.refuse()),
            Ok(_) => match std::fs::read_dir(to).map(|mut entries| entries.next().is_some()) {
                Ok(false) => false,
                Ok(true) if to.join(manifest::PATH).is_file() => true,
                Ok(true) => return Err(place.refuse()),
                Err(e) => return Err(odd(e)),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => false,
            Err(e) => return Err(odd(e)),
        };
        Ok(place)
    }

    fn problem(&self, what: String) -> Fault {
        Fault::conflict(what).file(self.to.display()).hint("name a new folder or archive with -o")
    }

    /// What is there is not the pack to be made, or that is published already.
    pub fn refuse(&self) -> Fault {
        let what = if self.archive { "exists already" } else { "exists and is not empty" };
        self.problem(what.into())
    }

    /// Packs the staged files up where an archive was asked for: what takes long, before anybody waits for the store.
    pub fn pack_up(&self, staged: Staging) -> anyhow::Result<Staged> {
        if !self.archive {
            staged.sync()?;
            return Ok(Staged::Folder(staged));
        }
        let mut file = TemporaryFile::beside(self.to)?;
        let mut scratch = staging::scratch(self.to)?;
        folder::pack_up(staged.path(), &mut scratch, &mut io::BufWriter::new(file.as_file_mut()))?;
        file.as_file_mut().sync_all()?;
        Ok(Staged::Archive(file))
    }

    /// Moves it into its place, durable.
    ///
    /// # Errors
    /// Where something else is there; the disk is as it was then.
    pub fn take(&self, staged: Staged) -> Result<(), Fault> {
        if self.taken {
            let path = match &staged {
                Staged::Folder(staging) => staging.path(),
                Staged::Archive(file) => file.path(),
            };
            return match staging::same(path, self.to) {
                Ok(true) => Ok(()),
                Ok(false) => Err(self.refuse()),
                Err(e) => Err(self.problem(format!("cannot be compared with the pack to be made: {}", io_reason(&e)))),
            };
        }
        let done = match staged {
            Staged::Folder(staging) => staging.place(self.to),
            Staged::Archive(file) => file.persist_new(self.to),
        };
        done.map_err(|e| self.problem(format!("cannot be moved into place: {}", io_reason(&e))))
    }

    /// Nothing was stored: what was moved here is no pack of this store.
    pub fn take_back(&self) {
        if !self.taken {
            staging::take_back(self.to);
        }
    }
}
