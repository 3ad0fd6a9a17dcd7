//! The one table of what series there are: the groups, the leaves of each, and what a series with that leaf holds.

use crate::named::named;
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

/// What a series is of its subject.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    pub name: &'static str,
    pub kind: SeriesKind,
    pub meaning: &'static str,
}

/// Leaves of a group: as code writes them, as names do, what they hold and mean.
macro_rules! leaves {
    ($(
        $(#[$doc:meta])*
        $group:ident { $($leaf:ident = $name:literal, $kind:ident, $meaning:literal;)+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $group {
            $(#[doc = $meaning] $leaf,)+
        }

        impl $group {
            pub(super) const TABLE: &'static [Leaf] =
                &[$(Leaf { name: $name, kind: $kind, meaning: $meaning },)+];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$leaf => $name,)+
                }
            }
        }
    )+};
}

leaves! {
    /// `it_load`, `pue` and `temperature` are for planning, never audited.
    SiteLeaf {
        Load = "load", UP, "Load by the site's own meter; not together with the channels below.";
        Import = "import", UP, "Energy from the grid. Inventories weigh it, and invoices are reconciled with it.";
        Export = "export", DOWN, "Energy into the grid.";
        OnsiteGeneration = "onsite_generation", MADE, "Generation behind the site's meter.";
        ItLoad = "it_load", UP, "IT power that no plan moves; for plans.";
        Pue = "pue", RATIO, "Facility power over IT power; for plans.";
        Temperature = "temperature", TEMPERATURE, "Outside temperature, for `pue_by_temperature`; for plans.";
    }

    /// Of a boundary, beside its fuels and their volumes.
    GridLeaf {
        CarbonIntensity = "carbon_intensity", INTENSITY, "Average emissions of the mix; wins over those of its fuels.";
        CfeShare = "cfe_share", SHARE, "The carbon-free part of the mix; wins over that of its fuels.";
        ResidualIntensity = "residual_intensity", INTENSITY, "Emissions of the mix without what certificates claim.";
        FossilIntensity = "fossil_intensity", INTENSITY, "Emissions of the fossil part of the mix.";
        SssShare = "sss_share", SHARE, "Standard supply, as a share of load.";
        Price = "price", PRICE, "Day-ahead or spot price.";
        MarginalIntensity = "marginal_intensity", INTENSITY, "Marginal emissions; stored, and no figure uses them.";
        Demand = "demand", UP, "The area's load; stored, and no figure uses it.";
    }

    PlantLeaf {
        Generation = "generation", MADE, "Generation of a plant that contracts share.";
    }

    ContractLeaf {
        Generation = "generation", MADE, "What the contract's plant generates; its own series wins over its plant's.";
        Resold = "resold", UP, "Energy of the contract sold on: deducted from what it delivers.";
    }

    PoolLeaf {
        AvailableGpus = "available_gpus", COUNT, "Accelerators there are: lowers the pool's `count`.";
    }

    StorageLeaf {
        Charge = "charge", UP, "Energy into the storage, at its terminals.";
        Discharge = "discharge", DOWN, "Energy out of it, at its terminals.";
        State = "state", DOWN, "Energy held at the end of the reading's interval.";
    }
}

impl SiteLeaf {
    /// What tells a site's load where its own meter does not.
    pub const CHANNELS: [Self; 3] = [Self::Import, Self::OnsiteGeneration, Self::Export];
}

named! {
    /// What may follow a fuel in the name of a volume.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Volume with meaning {
        Issued = "issued" => "Energy of the fuel for which certificates were issued.",
        Sss = "sss" => "Energy of the fuel that is standard supply.",
        Expired = "expired" => "Energy of the fuel whose certificates expired.",
    }
}

named! {
    /// What series belong to, and what its ids name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Group with ids {
        Site = "site" => "the `id` of a `[[site]]`",
        Plant = "plant" => "the `plant` of one or more `[[contract]]`",
        Contract = "contract" => "the `id` of a `[[contract]]`",
        Pool = "pool" => "the `id` of a `[[pool]]`",
        Storage = "storage" => "the `id` of a `[[storage]]`",
        Grid = "grid" => "the `id` of a `[[boundary]]`",
    }
}

impl Group {
    /// `contract/solar-a`: what all its series are of, where none of them alone is meant.
    pub fn subject(self, id: &str) -> String {
        format!("{}/{id}", self.name())
    }

    /// Its leaves, beside those that fuels name.
    pub fn leaves(self) -> &'static [Leaf] {
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
