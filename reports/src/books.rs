//! Per-interval books: what matching and the inventories work on.

use crate::definitions::{FactorBasis, Fraction, SharingRule, Timeline};
use crate::exceptions::ExceptionRow;
use crate::quality::{Quality, TierSplit};
use crate::ruleset::{FallbackTier, OwnGeneration, Rules, Step};
use crate::storage::StorageBook;
use crate::time::Grid;
use ids::{BoundaryId, BoundaryIndex, Index, InstrumentId, InstrumentIndex, SiteId, SiteIndex};
use std::collections::BTreeMap;

/// An exact share, `numerator / denominator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub numerator: i128,
    pub denominator: i128,
}

impl Share {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// `floor(self * wh)`, never more than `wh`; none on overflow.
    pub fn floor_of(self, wh: i64) -> Option<i64> {
        let product = self.numerator.checked_mul(i128::from(wh))?.div_euclid(self.denominator);
        i64::try_from(product).ok().map(|v| v.clamp(0, wh))
    }

    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Books {
    pub grid: Grid,
    pub boundaries: Vec<BoundaryBook>,
    pub sites: Vec<SiteBook>,
    /// Everything that can be allocated to load, contracts first in their order.
    pub instruments: Vec<Instrument>,
    pub storage: Vec<StorageBook>,
    pub links: Vec<LinkBook>,
    /// Parallel to the contracts among the instruments, which come first; empty under rulesets that go by volume.
    pub certified: Vec<Certified>,
    /// The ruleset's orders, one a ledger.
    pub matching_order: Vec<Step>,
    pub allocation_order: Vec<Step>,
    /// What versions of the ruleset decide otherwise.
    pub rules: Rules,
    pub exceptions: Vec<ExceptionRow>,
}

impl Books {
    /// Places of the instruments, by id.
    pub fn instruments_by_id(&self) -> Vec<InstrumentIndex> {
        let mut order: Vec<_> = InstrumentIndex::all(&self.instruments).collect();
        order.sort_by(|a, b| self.instruments[*a].id.cmp(&self.instruments[*b].id));
        order
    }

    /// Wh of a site's matching load that its own generation served before any instrument (F), where the ruleset says so.
    pub fn served_first(&self, site: SiteIndex, interval: usize) -> i64 {
        match self.rules.own_generation {
            OwnGeneration::Beside => 0,
            OwnGeneration::First => self.sites[site].scope_1(interval).min(self.sites[site].load_wh[interval]),
        }
    }

    /// What of an instrument's delivery cancelled certificates back in an interval; never more than it delivered.
    pub fn certified_wh(&self, instrument: InstrumentIndex, interval: usize) -> i64 {
        self.certified.get(instrument.get()).and_then(|c| c.wh.get(interval)).copied().unwrap_or(0)
    }
}

/// What cancelled certificates back of a contract: device, technology, hour, meter and beneficiary allowing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certified {
    /// By interval; empty where there is no certificate of its device.
    pub wh: Vec<i64>,
    /// By certificate, what of it found production in its interval, inside the report's period and outside.
    pub by_certificate: BTreeMap<String, i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryBook {
    pub id: BoundaryId,
    /// Carbon-free share of the grid per interval; none when never supplied.
    pub grid_cfe: Option<Vec<Share>>,
    /// Location-based intensity, mg/kWh; none when never supplied.
    pub intensity_mg_per_kwh: Option<Vec<i64>>,
    /// Life-cycle minus direct, mg/kWh; none on a life-cycle basis or where only a feed tells the intensity.
    pub upstream_mg_per_kwh: Option<Vec<i64>>,
    /// What the intensity counts.
    pub factor_basis: FactorBasis,
    /// Factor of unmatched energy, mg/kWh, and where it came from.
    pub fallback_mg_per_kwh: Vec<i64>,
    pub fallback_tier: Vec<FallbackTier>,
    /// Residual factor of the whole period for the annual inventory, where given.
    pub annual_mg_per_kwh: Option<i64>,
    pub origins: Origins,
}

/// Where the factors of a boundary come from, over the intervals of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origins {
    pub intensity: Origin,
    pub fossil: Origin,
    /// Basis of what is supplied; what the table of factors weighs has the portfolio's.
    pub supplied: FactorBasis,
}

/// Both, where a series tells some intervals and the grid's mix the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    /// A supplied series.
    pub supplied: bool,
    /// The grid's mix, weighed by the table of factors.
    pub table: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SiteBook {
    pub id: SiteId,
    /// The boundary it lies in, per interval.
    pub boundary: Timeline<BoundaryIndex>,
    /// Load to be matched, declared losses included.
    pub load_wh: Vec<i64>,
    /// Load as metered, where losses make it another.
    pub metered_wh: Option<Vec<i64>>,
    /// What of it is an estimate: never allocated to.
    pub estimated: Estimated,
    /// Import as the inventory ledger weighs it; none where that is the metered load.
    pub purchased_wh: Option<Vec<i64>>,
    /// Charged less discharged behind the meter; empty where no channels tell the load.
    pub storage_losses_wh: Vec<i64>,
    /// Self-generated energy used on site; empty when there is none.
    pub onsite_used_wh: Vec<i64>,
    /// That energy, where it is not carbon-free: in no ledger.
    pub scope_1: Option<Scope1>,
    /// What of its emissions counts: its ownership share under the equity-share approach, else all.
    pub inventory_share: Fraction,
    /// Worst quality of the readings behind each interval, estimates of a part of it apart.
    pub worst: Vec<Quality>,
}

/// Load that a policy put a figure to, by interval: all of it or what of it nobody metered. Empty when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Estimated {
    /// Of the load to be matched, declared losses included.
    pub load_wh: Vec<i64>,
    /// Of the load as metered, where losses make it another.
    pub metered_wh: Option<Vec<i64>>,
    /// Of what was purchased, where inventories weigh that: import may be known where load is not.
    pub purchased_wh: Vec<i64>,
}

impl SiteBook {
    pub fn metered(&self, interval: usize) -> i64 {
        self.metered_wh.as_ref().map_or(self.load_wh[interval], |wh| wh[interval])
    }

    /// Estimated Wh of the load to be matched.
    pub fn estimated(&self, interval: usize) -> i64 {
        self.estimated.load_wh.get(interval).copied().unwrap_or(0)
    }

    /// Estimated Wh of the load as metered.
    fn estimated_metered(&self, interval: usize) -> i64 {
        let wh = self.estimated.metered_wh.as_ref().unwrap_or(&self.estimated.load_wh);
        wh.get(interval).copied().unwrap_or(0)
    }

    /// What of the load to be matched anything may be allocated to.
    pub fn open(&self, interval: usize) -> i64 {
        self.load_wh[interval] - self.estimated(interval)
    }

    /// What of the load of the inventory ledger anything may be allocated to.
    pub fn inventory_open(&self, interval: usize) -> i64 {
        match &self.purchased_wh {
            Some(wh) => wh[interval] - self.estimated.purchased_wh.get(interval).copied().unwrap_or(0),
            None => self.metered(interval) - self.estimated_metered(interval),
        }
    }

    /// Adds the load of an interval to its quality tiers.
    pub fn add_quality(&self, interval: usize, split: &mut TierSplit) {
        let estimated = self.estimated_metered(interval);
        split.add(self.worst[interval], self.metered(interval) - estimated);
        split.add(Quality::Estimated, estimated);
    }

    /// The worst quality of an interval's load, estimates of it among them.
    pub fn quality_of(&self, interval: usize) -> Quality {
        match self.estimated_metered(interval) {
            0 => self.worst[interval],
            _ => self.worst[interval].max(Quality::Estimated),
        }
    }

    /// Own generation that is not carbon-free, used on site.
    pub fn scope_1(&self, interval: usize) -> i64 {
        self.scope_1.as_ref().map_or(0, |own| own.wh[interval])
    }

    /// Load of the inventory ledger.
    pub fn inventory_load(&self, interval: usize) -> i64 {
        self.purchased_wh.as_ref().map_or_else(|| self.metered(interval), |wh| wh[interval])
    }

    /// What of the grid's energy the site used: what location-based figures weigh.
    pub fn from_grid(&self, interval: usize) -> i64 {
        match &self.purchased_wh {
            Some(wh) => wh[interval],
            None => self.metered(interval) - self.onsite_used_wh.get(interval).copied().unwrap_or(0),
        }
    }

    /// Load of the inventory ledger that is Scope 2: own generation that is not carbon-free is Scope 1.
    pub fn scope_2(&self, interval: usize) -> i64 {
        match &self.purchased_wh {
            Some(wh) => wh[interval],
            None => self.metered(interval) - self.scope_1(interval),
        }
    }

    pub fn storage_losses(&self, interval: usize) -> i64 {
        self.storage_losses_wh.get(interval).copied().unwrap_or(0)
    }
}

/// Own generation that is not carbon-free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope1 {
    pub technology: String,
    /// Direct factor of the technology; none where the table of factors has none.
    pub mg_per_kwh: Option<i64>,
    /// On-site less exported, by interval; under rulesets that set it beside instruments at most the load.
    pub wh: Vec<i64>,
}

/// Something that delivers energy to sites: a contract, self-generation, standard supply, storage discharge.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// A contract's id, `onsite/<site>`, `sss/<boundary>` or `storage/<id>`.
    pub id: InstrumentId,
    pub step: Step,
    pub boundary: BoundaryIndex,
    pub technology: String,
    /// Counts towards matching under the ruleset.
    pub carbon_free: bool,
    pub ef_mg_per_kwh: i64,
    pub rule: SharingRule,
    /// In the contract's own order.
    pub sites: Vec<SiteIndex>,
    /// Fixed parts, parallel to `sites`; only for `pro_rata_contract`.
    pub split: Vec<Fraction>,
    /// Zero for storage, whose discharge each ledger re-issues by itself.
    pub delivered_wh: Vec<i64>,
    /// Legacy volume that no interval's load could take.
    pub unplaced_wh: i128,
    pub worst: Vec<Quality>,
}

impl Instrument {
    /// What it delivered, by the quality of the readings behind it.
    pub fn quality(&self) -> TierSplit {
        let mut split = TierSplit::default();
        self.delivered_wh.iter().zip(&self.worst).for_each(|(wh, tier)| split.add(*tier, *wh));
        split
    }
}

/// Hours in which energy may pass from one boundary to another.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkBook {
    pub from: BoundaryIndex,
    pub to: BoundaryIndex,
    pub tests: Vec<PriceTest>,
}

/// One record per interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceTest {
    /// 1e-6 currency per MWh, averaged over the interval; none where not known, which fails.
    pub load_price: Option<i64>,
    pub generation_price: Option<i64>,
    pub passed: bool,
}

/// Joins exceptions of the same kind whose intervals touch.
pub fn merge_exceptions(mut list: Vec<ExceptionRow>) -> Vec<ExceptionRow> {
    list.sort_by(|a, b| (&a.code, &a.series, &a.message, a.start).cmp(&(&b.code, &b.series, &b.message, b.start)));
    let goes_on = |last: &ExceptionRow, next: &ExceptionRow| {
        (&last.code, &last.series, &last.message, last.end) == (&next.code, &next.series, &next.message, next.start)
    };
    let mut merged: Vec<ExceptionRow> = Vec::with_capacity(list.len().min(1_024));
    for next in list {
        match merged.last_mut() {
            Some(last) if goes_on(last, &next) => {
                last.end = next.end;
                last.wh = last.wh.saturating_add(next.wh);
            }
            _ => merged.push(next),
        }
    }
    merged.sort_by(|a, b| (a.start, &a.code, &a.series, &a.message).cmp(&(b.start, &b.code, &b.series, &b.message)));
    merged
}
