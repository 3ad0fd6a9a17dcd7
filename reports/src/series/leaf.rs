//! The one table of what series there are: the groups, the leaves of each, and what a series with that leaf holds.

use crate::units::{Quantity, Rounding, SHARE_ONE, UnitError};

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
pub(super) const MADE: SeriesKind = kind(Quantity::Energy, Rounding::Down, true);
/// Certificate volumes of a fuel, for a residual mix computed here.
pub(super) const VOLUME: SeriesKind = kind(Quantity::Energy, Rounding::Down, false);
const INTENSITY: SeriesKind = kind(Quantity::Intensity, Rounding::Up, false);
const SHARE: SeriesKind = kind(Quantity::Share, Rounding::Down, false);
const PRICE: SeriesKind = kind(Quantity::Price, Rounding::Nearest, true);
const RATIO: SeriesKind = kind(Quantity::Ratio, Rounding::Nearest, false);
const TEMPERATURE: SeriesKind = kind(Quantity::Temperature, Rounding::Nearest, true);
const COUNT: SeriesKind = kind(Quantity::Count, Rounding::Down, false);

/// Leaves of a group: as code writes them, as names do, and what they hold.
macro_rules! leaves {
    ($(#[$doc:meta])* $group:ident { $($leaf:ident = $name:literal, $kind:ident;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $group {
            $($leaf,)+
        }

        impl $group {
            pub(super) const TABLE: &'static [(&'static str, SeriesKind)] = &[$(($name, $kind),)+];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$leaf => $name,)+
                }
            }
        }
    };
}

leaves! {
    /// `it_load`, `pue` and `temperature` are for planning, never audited.
    SiteLeaf {
        Load = "load", UP;
        Import = "import", UP;
        Export = "export", DOWN;
        OnsiteGeneration = "onsite_generation", MADE;
        ItLoad = "it_load", UP;
        Pue = "pue", RATIO;
        Temperature = "temperature", TEMPERATURE;
    }
}

leaves! {
    /// Of a boundary, beside its fuels and their volumes.
    GridLeaf {
        CarbonIntensity = "carbon_intensity", INTENSITY;
        CfeShare = "cfe_share", SHARE;
        ResidualIntensity = "residual_intensity", INTENSITY;
        FossilIntensity = "fossil_intensity", INTENSITY;
        SssShare = "sss_share", SHARE;
        Price = "price", PRICE;
        MarginalIntensity = "marginal_intensity", INTENSITY;
        Demand = "demand", UP;
    }
}

leaves! {
    PlantLeaf {
        Generation = "generation", MADE;
    }
}

leaves! {
    ContractLeaf {
        Generation = "generation", MADE;
        Resold = "resold", UP;
    }
}

leaves! {
    PoolLeaf {
        AvailableGpus = "available_gpus", COUNT;
    }
}

leaves! {
    StorageLeaf {
        Charge = "charge", UP;
        Discharge = "discharge", DOWN;
        State = "state", DOWN;
    }
}

impl SiteLeaf {
    /// What tells a site's load where its own meter does not.
    pub const CHANNELS: [Self; 3] = [Self::Import, Self::OnsiteGeneration, Self::Export];
}

/// What may follow a fuel in the name of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    Issued,
    Sss,
    Expired,
}

impl Volume {
    pub const ALL: [Self; 3] = [Self::Issued, Self::Sss, Self::Expired];

    pub fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Sss => "sss",
            Self::Expired => "expired",
        }
    }
}

/// What series belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Site,
    Plant,
    Contract,
    Pool,
    Storage,
    Grid,
}

impl Group {
    const ALL: [Self; 6] = [Self::Site, Self::Plant, Self::Contract, Self::Pool, Self::Storage, Self::Grid];

    pub fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Plant => "plant",
            Self::Contract => "contract",
            Self::Pool => "pool",
            Self::Storage => "storage",
            Self::Grid => "grid",
        }
    }

    /// `contract/solar-a`: what all its series are of, where none of them alone is meant.
    pub fn subject(self, id: &str) -> String {
        format!("{}/{id}", self.name())
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }

    /// Its leaves, beside those that fuels name.
    pub(super) fn leaves(self) -> &'static [(&'static str, SeriesKind)] {
        match self {
            Self::Site => SiteLeaf::TABLE,
            Self::Plant => PlantLeaf::TABLE,
            Self::Contract => ContractLeaf::TABLE,
            Self::Pool => PoolLeaf::TABLE,
            Self::Storage => StorageLeaf::TABLE,
            Self::Grid => GridLeaf::TABLE,
        }
    }
}
