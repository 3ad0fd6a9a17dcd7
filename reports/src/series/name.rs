//! Names of series: made from subjects and leaves, and read.

pub use super::leaf::{
    ContractLeaf, GridLeaf, Group, Leaf, PlantLeaf, PoolLeaf, SeriesKind, SiteLeaf, StorageLeaf, Volume,
};
use super::leaf::{MADE, VOLUME};
use crate::factors::FUELS;
use ids::{BoundaryId, ContractId, PoolId, SiteId, StorageId};
use std::fmt;
use std::ops::Deref;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq, Clone)]
#[error("`{name}` is not a series; {hint}")]
pub struct NameError {
    name: String,
    hint: String,
}

/// `group/id/leaf`, with a leaf that its group has. Ids and fuels are taken as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesName(String);

impl SeriesName {
    fn new(group: Group, id: &str, leaf: &str) -> Self {
        Self(format!("{}/{id}/{leaf}", group.name()))
    }

    pub fn site(id: &SiteId, leaf: SiteLeaf) -> Self {
        Self::new(Group::Site, id, leaf.name())
    }

    pub fn grid(boundary: &BoundaryId, leaf: GridLeaf) -> Self {
        Self::new(Group::Grid, boundary, leaf.name())
    }

    /// A series of a boundary by the name of its leaf, which may be a fuel or a volume of one.
    pub fn of_boundary(boundary: &BoundaryId, leaf: &str) -> Self {
        Self::new(Group::Grid, boundary, leaf)
    }

    /// Certificate volume of one of `FUELS` in a boundary.
    pub fn volume(boundary: &BoundaryId, fuel: &str, volume: Volume) -> Self {
        Self::new(Group::Grid, boundary, &format!("{fuel}_{}", volume.name()))
    }

    pub fn contract(id: &ContractId, leaf: ContractLeaf) -> Self {
        Self::new(Group::Contract, id, leaf.name())
    }

    pub fn plant(id: &str, leaf: PlantLeaf) -> Self {
        Self::new(Group::Plant, id, leaf.name())
    }

    pub fn pool(id: &PoolId, leaf: PoolLeaf) -> Self {
        Self::new(Group::Pool, id, leaf.name())
    }

    pub fn storage(id: &StorageId, leaf: StorageLeaf) -> Self {
        Self::new(Group::Storage, id, leaf.name())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this series of any site.
    pub fn is_site(&self, leaf: SiteLeaf) -> bool {
        parts(&self.0).is_some_and(|(group, _, name)| group == Group::Site && name == leaf.name())
    }
}

impl Deref for SeriesName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SeriesName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<SeriesName> for String {
    fn from(name: SeriesName) -> Self {
        name.0
    }
}

/// Group, id and leaf of a name; none where it does not have these three parts.
pub fn parts(name: &str) -> Option<(Group, &str, &str)> {
    let (group, rest) = name.split_once('/')?;
    let (id, leaf) = rest.split_once('/').filter(|(_, leaf)| !leaf.contains('/'))?;
    Some((Group::parse(group)?, id, leaf))
}

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
    let Some(group) = Group::parse(group) else {
        return refuse("it starts with site, plant, contract, pool, storage or grid".into());
    };
    if let Some(known) = group.leaves().iter().find(|known| known.name == leaf) {
        return Ok(known.kind);
    }
    if group == Group::Grid && is_fuel(leaf) {
        return Ok(MADE);
    }
    if group == Group::Grid && volume_of(leaf).is_some() {
        return Ok(VOLUME);
    }
    let mut known: Vec<&str> = group.leaves().iter().map(|leaf| leaf.name).collect();
    if group == Group::Grid {
        known.extend(FUELS.iter().map(|(fuel, ..)| *fuel));
    }
    refuse(format!("{}/{id}/ is followed by one of {}", group.name(), known.join(" ")))
}

/// Whether a leaf of a boundary is generation of a fuel.
pub fn is_fuel(leaf: &str) -> bool {
    FUELS.iter().any(|(fuel, ..)| *fuel == leaf)
}

/// `gas_issued` is the issued volume of gas.
pub fn volume_of(leaf: &str) -> Option<(&'static str, Volume)> {
    let (fuel, what) = leaf.rsplit_once('_')?;
    let (fuel, ..) = FUELS.iter().find(|(known, ..)| *known == fuel)?;
    Some((*fuel, Volume::parse(what)?))
}

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
    use crate::units::{Quantity, Rounding};

    #[test]
    fn names_say_what_they_hold() {
        let energy = |round, may_be_negative| SeriesKind { quantity: Quantity::Energy, round, may_be_negative };
        assert_eq!(kind_of("site/a/load"), Ok(energy(Rounding::Up, false)));
        assert_eq!(kind_of("grid/PJM/gas"), Ok(MADE));
        assert_eq!(kind_of("grid/PJM/gas_issued"), Ok(VOLUME));
        assert_eq!(kind_of("contract/a/resold"), Ok(energy(Rounding::Up, false)));
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

    #[test]
    fn names_made_are_names_read() {
        let made = [
            (SeriesName::site(&"s".into(), SiteLeaf::OnsiteGeneration), "site/s/onsite_generation"),
            (SeriesName::grid(&"A".into(), GridLeaf::CfeShare), "grid/A/cfe_share"),
            (SeriesName::of_boundary(&"A".into(), "gas"), "grid/A/gas"),
            (SeriesName::volume(&"A".into(), "gas", Volume::Sss), "grid/A/gas_sss"),
            (SeriesName::contract(&"c".into(), ContractLeaf::Resold), "contract/c/resold"),
            (SeriesName::plant("p", PlantLeaf::Generation), "plant/p/generation"),
            (SeriesName::pool(&"g".into(), PoolLeaf::AvailableGpus), "pool/g/available_gpus"),
            (SeriesName::storage(&"b".into(), StorageLeaf::State), "storage/b/state"),
        ];
        for (name, text) in made {
            assert_eq!((name.as_str(), name.to_string().as_str()), (text, text));
            assert!(kind_of(&name).is_ok(), "{name}");
            let (group, id, leaf) = parts(&name).expect("three parts");
            assert_eq!(format!("{}/{leaf}", group.subject(id)), text);
        }
        let import = SeriesName::site(&"s".into(), SiteLeaf::Import);
        assert!(import.is_site(SiteLeaf::Import) && !import.is_site(SiteLeaf::Export));
        assert_eq!(volume_of("gas_expired"), Some(("gas", Volume::Expired)));
        assert_eq!((volume_of("gas_burnt"), volume_of("lng_issued")), (None, None));
        for text in ["", "site", "site/s", "lake/s/load", "site/s/load/mean"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
