//! Rules that versions of a ruleset answer differently. Each default is what versions without a `[rules]` table did:
//! what was computed under them recomputes to the same bytes.

use crate::definitions::FactorBasis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[rules]` of a ruleset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub own_generation: OwnGeneration,
    pub inventory_load: InventoryLoad,
    /// Of a portfolio that states none.
    pub factor_basis: FactorBasis,
    pub claimed_factor: ClaimedFactor,
    pub factor_source: FactorSourceRule,
    pub excess_issuance: ExcessIssuance,
    pub leftovers: Leftovers,
    pub certificates: CertificateRule,
    pub partial_generation: PartialGeneration,
    pub missing_channel: MissingChannel,
    pub ownership: Ownership,
    pub reissued_quality: ReissuedQuality,
    pub void_intensity: VoidIntensity,
    #[serde(default)]
    pub above_limit: AboveLimit,
}

impl Rules {
    /// Each question and its answer, by name.
    pub fn answers(&self) -> BTreeMap<String, String> {
        serde_json::to_value(self).and_then(serde_json::from_value).unwrap_or_default()
    }
}

/// Questions and what may be answered, the default first.
macro_rules! questions {
    ($(
        $(#[$doc:meta])*
        $question:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$other_doc:meta])* $other:ident,)+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $question {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$other_doc])* $other,)+
        }
    )+};
}

questions! {
    /// Own generation that is not carbon-free, where instruments could match the same load.
    OwnGeneration {
        /// It takes no load away from instruments.
        Beside,
        /// It serves load before any instrument: they match at most what is purchased.
        First,
    }

    /// The load of the inventory ledger.
    InventoryLoad {
        /// What the site used, self-generation and discharge among what serves it.
        Consumption,
        /// What was purchased: import, charging included.
        Purchased,
    }

    /// The factor of claimed carbon-free energy that states none.
    ClaimedFactor {
        Zero,
        /// The technology's own, on the portfolio's factor basis.
        Technology,
    }

    /// By whose publication a factor in use is cited.
    FactorSourceRule {
        /// The source that the boundary states, whatever told the factor.
        Boundary,
        /// That source for what is supplied, the table of factors for what it weighs.
        Origin,
    }

    /// Certificates issued beyond a fuel's production, where a residual mix is computed.
    ExcessIssuance {
        Silent,
        /// An exception, in intervals in which the residual mix is asked.
        Listed,
    }

    /// Whom the Wh go to that fractions leave over.
    Leftovers {
        /// Largest remainder within each step of a rule.
        Step,
        /// Largest remainder over the whole split.
        Split,
    }

    /// What a cancelled certificate backs.
    CertificateRule {
        /// Volume of the contract it names or whose device it is of.
        Volume,
        /// What device, technology, hour, meter and beneficiary allow.
        Hour,
    }

    /// Generation of an interval that readings cover in part; parts of load, and readings of fuels and profiles below
    /// zero, go by the same rule.
    PartialGeneration {
        /// It is missing, as load of which a part lacks is; fuels and profiles below zero count as 0 by the interval's
        /// sum.
        Missing,
        /// The sum of what is there, and the gap is an exception; of load only the part that lacks is missing. Fuels
        /// and profiles below zero count as 0 reading by reading.
        Sum,
    }

    /// A channel of a load that has no reading where others have.
    MissingChannel {
        Zero,
        /// The load of that interval is missing.
        Missing,
    }

    /// Ownership shares under the equity-share approach.
    Ownership {
        Printed,
        /// Inventories are multiplied by them.
        Applied,
    }

    /// The quality of discharge that is re-issued.
    ReissuedQuality {
        /// The worse of what was discharged and of what was charged in the same interval.
        ChargeAndDischarge,
        /// That of the discharge: what is charged meanwhile is other energy.
        Discharge,
    }

    /// The intensity of a grid whose fuels are reported, but never all of them in any interval of the period.
    VoidIntensity {
        Zero,
        /// It is as one that was never supplied.
        Unknown,
    }

    /// Readings above a site's grid limit, where load that lacks is estimated from others.
    AboveLimit {
        Counted,
        /// No estimate is taken from them: what a connection cannot carry is a meter's slip.
        LeftOut,
    }
}
