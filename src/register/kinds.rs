//! Files of certificates: our own, and those of registries, told by their first bytes.

use super::common::{Fault, Records, Rejects, StringRecord};
use super::csv;
use super::taking::{Setting, Table};
use super::{energytag, mrets};
use std::io::Read;

/// What a file of certificates is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As `certificates export` writes it.
    Own,
    /// Hourly generation as it is uploaded to M-RETS.
    Mrets,
    /// Granular certificate bundles of an EnergyTag registry, as CSV.
    EnergyTag,
    /// The same as JSON.
    EnergyTagJson,
}

impl Kind {
    pub fn recognise(first: &[u8]) -> Self {
        if energytag::is_json(first) {
            return Self::EnergyTagJson;
        }
        let mut records = Records::new(first);
        // What cannot be read is said by whoever reads it.
        let header = records.header().cloned().unwrap_or_else(|_| StringRecord::new());
        if energytag::recognises(&header) {
            Self::EnergyTag
        } else if mrets::recognises(&header) {
            Self::Mrets
        } else {
            Self::Own
        }
    }

    /// For people; nothing of our own files.
    pub fn title(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::Mrets => Some("M-RETS hourly generation"),
            Self::EnergyTag | Self::EnergyTagJson => Some("EnergyTag certificate bundles"),
        }
    }

    /// Whether each row stands for itself, so that good ones can be taken without the bad.
    pub fn has_rows(self) -> bool {
        match self {
            Self::Own | Self::EnergyTag => true,
            Self::Mrets | Self::EnergyTagJson => false,
        }
    }

    pub fn read(self, reader: impl Read, setting: &Setting<'_>, rejects: Rejects) -> Result<Table, Fault> {
        self.takes(setting)?;
        match self {
            Self::Own => csv::read(reader, setting, rejects),
            Self::Mrets => mrets::read(reader, setting, rejects),
            Self::EnergyTag => energytag::read(reader, setting, rejects),
            Self::EnergyTagJson => energytag::read_json(reader, setting, rejects),
        }
    }

    /// What is said of a file that says it itself is refused.
    fn takes(self, setting: &Setting<'_>) -> Result<(), Fault> {
        let own = self == Self::Own;
        for (option, said, wrong) in [
            ("--time-zone", setting.zone.is_some(), self != Self::Mrets),
            ("--registry", setting.registry.is_some(), own),
            ("--technology", setting.technology.is_some(), own),
        ] {
            if said && wrong {
                let what =
                    format!("{option} does not apply to {}", self.title().unwrap_or("this file: it states its own"));
                return Err(Fault::new(what).hint("leave it out"));
            }
        }
        Ok(())
    }
}
