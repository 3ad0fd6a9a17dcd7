//! Emission factors of fuels, and which count as carbon-free in a grid mix.
//!
//! Life-cycle medians and direct (combustion) factors after IPCC AR5 WG3 annex III as used by CarbonCast, g CO2e/kWh.

use crate::definitions::{BoundaryDef, ContractDef, ContractKind, FactorBasis};
use crate::ruleset::ClaimedFactor;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
#[error("factors.csv line {line}: {what}")]
pub struct FactorError {
    line: usize,
    what: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    pub fuel: String,
    pub life_cycle_mg_per_kwh: i64,
    pub direct_mg_per_kwh: i64,
    pub carbon_free: bool,
    pub fossil: bool,
    pub source: String,
}

impl Factor {
    pub fn mg_per_kwh(&self, basis: FactorBasis) -> i64 {
        match basis {
            FactorBasis::Direct => self.direct_mg_per_kwh,
            FactorBasis::LifeCycle => self.life_cycle_mg_per_kwh,
        }
    }
}

/// A versioned table of factors; its order is its canonical order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factors {
    rows: Vec<Factor>,
}

pub const PUBLICATION: &str = "IPCC AR5 WG3 annex III as used by CarbonCast";
pub const YEAR: &str = "2014";
pub const REGION: &str = "global";
const SOURCE: &str = "IPCC AR5 WG3 annex III (2014) as used by CarbonCast; global";

/// Fuels a `grid/<boundary>/<fuel>` series may name: life-cycle and direct g/kWh, carbon-free, fossil.
pub const FUELS: [(&str, i64, i64, bool, bool); 10] = [
    ("biomass", 230, 0, false, false),
    ("coal", 820, 760, false, true),
    ("gas", 490, 370, false, true),
    ("geothermal", 38, 0, true, false),
    ("hydro", 24, 0, true, false),
    ("nuclear", 12, 0, true, false),
    ("oil", 650, 406, false, true),
    ("other", 700, 575, false, false),
    ("solar", 45, 0, true, false),
    ("wind", 11, 0, true, false),
];

const HEADER: &str = "fuel,life_cycle_mg_per_kwh,direct_mg_per_kwh,carbon_free,fossil,source";

impl Default for Factors {
    fn default() -> Self {
        let row = |(fuel, life_cycle, direct, carbon_free, fossil): (&str, i64, i64, bool, bool)| Factor {
            fuel: fuel.to_string(),
            life_cycle_mg_per_kwh: life_cycle * 1_000,
            direct_mg_per_kwh: direct * 1_000,
            carbon_free,
            fossil,
            source: SOURCE.to_string(),
        };
        Self { rows: FUELS.into_iter().map(row).collect() }
    }
}

impl Factors {
    pub fn get(&self, fuel: &str) -> Option<&Factor> {
        self.rows.iter().find(|row| row.fuel == fuel)
    }

    pub fn rows(&self) -> &[Factor] {
        &self.rows
    }

    /// Factor of energy claimed under a contract: its own, that of legacy volume in its boundary, else its technology's.
    pub fn claimed(
        &self,
        contract: &ContractDef,
        legacy_mg_per_kwh: Option<i64>,
        rule: ClaimedFactor,
        basis: FactorBasis,
    ) -> i64 {
        let legacy = legacy_mg_per_kwh.filter(|_| contract.kind == ContractKind::Legacy);
        let of_technology = || match rule {
            ClaimedFactor::Zero => 0,
            ClaimedFactor::Technology => self
                .get(&contract.technology)
                .map_or_else(|| self.highest_fossil(basis), |factor| factor.mg_per_kwh(basis)),
        };
        contract.ef_mg_per_kwh.or(legacy).unwrap_or_else(of_technology)
    }

    /// What unmatched energy of a boundary takes where no series says, mg/kWh: as it states, else the highest here.
    pub fn default_fossil(&self, boundary: &BoundaryDef, basis: FactorBasis) -> i64 {
        boundary.default_fossil_mg_per_kwh.unwrap_or_else(|| self.highest_fossil(basis))
    }

    /// The highest fossil factor: what unmatched energy takes where nothing better is known.
    fn highest_fossil(&self, basis: FactorBasis) -> i64 {
        self.rows.iter().filter(|row| row.fossil).map(|row| row.mg_per_kwh(basis)).max().unwrap_or(0)
    }

    pub fn to_csv(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for row in &self.rows {
            let Factor { fuel, life_cycle_mg_per_kwh, direct_mg_per_kwh, carbon_free, fossil, source } = row;
            text += &format!("{fuel},{life_cycle_mg_per_kwh},{direct_mg_per_kwh},{carbon_free},{fossil},{source}\n");
        }
        text
    }

    pub fn from_csv(text: &str) -> Result<Self, FactorError> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for (index, row) in reader.deserialize().enumerate() {
            let row: Factor = row.map_err(|e| FactorError { line: index + 2, what: e.to_string() })?;
            if row.life_cycle_mg_per_kwh < 0 || row.direct_mg_per_kwh < 0 {
                return Err(FactorError { line: index + 2, what: "negative factor".into() });
            }
            rows.push(row);
        }
        Ok(Self { rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_survives_a_pack() {
        let table = Factors::default();
        assert_eq!(Factors::from_csv(&table.to_csv()), Ok(table));
    }
}
