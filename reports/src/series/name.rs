//! Names of series, and what each holds.

use crate::factors::FUELS;
use crate::units::{Quantity, Rounding, SHARE_ONE, UnitError};
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq, Clone)]
#[error("`{name}` is not a series; {hint}")]
pub struct NameError {
    name: String,
    hint: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesKind {
    pub quantity: Quantity,
    pub round: Rounding,
    pub may_be_negative: bool,
}

impl SeriesKind {
    /// Why a value in the base unit may not be a reading of this kind.
    pub fn fault(self, series: &str, value: i64) -> Option<String> {
        if value < 0 && !self.may_be_negative {
            return Some(format!("{series} must not be negative"));
        }
        (self.quantity == Quantity::Share && value > SHARE_ONE).then(|| UnitError::ShareOutOfRange.to_string())
    }
}

const fn kind(quantity: Quantity, round: Rounding, may_be_negative: bool) -> SeriesKind {
    SeriesKind { quantity, round, may_be_negative }
}

const UP: SeriesKind = kind(Quantity::Energy, Rounding::Up, false);
const DOWN: SeriesKind = kind(Quantity::Energy, Rounding::Down, false);
/// Plants and area meters report small negative output, their own use at night; it is kept raw and counts as zero.
const MADE: SeriesKind = kind(Quantity::Energy, Rounding::Down, true);
/// Certificate volumes of a fuel, for a residual mix computed here.
const VOLUME: SeriesKind = kind(Quantity::Energy, Rounding::Down, false);
const INTENSITY: SeriesKind = kind(Quantity::Intensity, Rounding::Up, false);
const SHARE: SeriesKind = kind(Quantity::Share, Rounding::Down, false);
const PRICE: SeriesKind = kind(Quantity::Price, Rounding::Nearest, true);
const RATIO: SeriesKind = kind(Quantity::Ratio, Rounding::Nearest, false);
const TEMPERATURE: SeriesKind = kind(Quantity::Temperature, Rounding::Nearest, true);
const COUNT: SeriesKind = kind(Quantity::Count, Rounding::Down, false);

/// `it_load`, `pue` and `temperature` are for planning, never audited.
const SITE: [(&str, SeriesKind); 7] = [
    ("load", UP),
    ("import", UP),
    ("export", DOWN),
    ("onsite_generation", MADE),
    ("it_load", UP),
    ("pue", RATIO),
    ("temperature", TEMPERATURE),
];
const GRID: [(&str, SeriesKind); 7] = [
    ("carbon_intensity", INTENSITY),
    ("cfe_share", SHARE),
    ("residual_intensity", INTENSITY),
    ("fossil_intensity", INTENSITY),
    ("sss_share", SHARE),
    ("price", PRICE),
    ("marginal_intensity", INTENSITY),
];
const GENERATION: [(&str, SeriesKind); 1] = [("generation", MADE)];
const CONTRACT: [(&str, SeriesKind); 2] = [("generation", MADE), ("resold", UP)];
const POOL: [(&str, SeriesKind); 1] = [("available_gpus", COUNT)];
const STORAGE: [(&str, SeriesKind); 3] = [("charge", UP), ("discharge", DOWN), ("state", DOWN)];

/// What a series holds, by its name `group/id/leaf`.
pub fn kind_of(name: &str) -> Result<SeriesKind, NameError> {
    let refuse = |hint: String| Err(NameError { name: name.chars().take(80).collect(), hint });
    let mut parts = name.split('/');
    let (Some(group), Some(id), Some(leaf), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return refuse("write group/id/leaf, such as site/ashburn/load".into());
    };
    if !is_id(id) {
        return refuse("an id is ASCII letters, digits, `-`, `_` and `.`, at most 64, and starts with no `.`".into());
    }
    let leaves: &[(&str, SeriesKind)] = match group {
        "site" => &SITE,
        "plant" => &GENERATION,
        "contract" => &CONTRACT,
        "pool" => &POOL,
        "storage" => &STORAGE,
        "grid" => &GRID,
        _ => return refuse("it starts with site, plant, contract, pool, storage or grid".into()),
    };
    if let Some((_, kind)) = leaves.iter().find(|(known, _)| *known == leaf) {
        return Ok(*kind);
    }
    if group == "grid" && FUELS.iter().any(|(fuel, ..)| *fuel == leaf) {
        return Ok(MADE);
    }
    if group == "grid" && volume_of(leaf).is_some() {
        return Ok(VOLUME);
    }
    let mut known: Vec<&str> = leaves.iter().map(|(leaf, _)| *leaf).collect();
    if group == "grid" {
        known.extend(FUELS.iter().map(|(fuel, ..)| *fuel));
    }
    refuse(format!("{group}/{id}/ is followed by one of {}", known.join(" ")))
}

/// `gas_issued` is the issued volume of gas.
pub fn volume_of(leaf: &str) -> Option<(&'static str, &str)> {
    let (fuel, what) = leaf.rsplit_once('_')?;
    let (fuel, ..) = FUELS.iter().find(|(known, ..)| *known == fuel)?;
    VOLUMES.contains(&what).then_some((*fuel, what))
}

/// What may follow a fuel in the name of a volume.
pub const VOLUMES: [&str; 3] = ["issued", "sss", "expired"];

/// Ids are what may stand in series names, URLs and file names.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !text.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold() {
        assert_eq!(kind_of("site/a/load"), Ok(UP));
        assert_eq!(kind_of("grid/PJM/gas"), Ok(MADE));
        assert_eq!(kind_of("grid/PJM/gas_issued"), Ok(VOLUME));
        assert_eq!(kind_of("contract/a/resold"), Ok(UP));
        assert_eq!(kind_of("grid/PJM/price").map(|k| k.quantity), Ok(Quantity::Price));
        for (series, negative) in [
            ("plant/p/generation", true),
            ("contract/c/generation", true),
            ("site/s/onsite_generation", true),
            ("site/s/load", false),
            ("site/s/import", false),
            ("site/s/export", false),
            ("storage/b/charge", false),
            ("storage/b/discharge", false),
        ] {
            assert_eq!(kind_of(series).map(|k| k.may_be_negative), Ok(negative), "{series}");
        }
        for bad in ["", "site", "site//load", "site/a/b/c", "grid/PJM/nat_gas", "site/a b/load", "site/../load"] {
            assert!(kind_of(bad).is_err(), "{bad}");
        }
        let accented = kind_of("site/zürich/load").expect_err("an umlaut");
        assert!(accented.hint.contains("ASCII letters"), "{accented:?}");
    }
}
