//! `[policy]` and `[[target]]`: prices of carbon and of falling short.

use super::common::{BoundaryId, Deserialize, File, Serialize, Table};
use super::values::fraction;
use reports::definitions::{Fraction, MissingLoad};
use strum::IntoStaticStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all(deserialize = "lowercase"))]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum CarbonBasis {
    /// The factor of the market-based inventory: residual mix, else fossil, else default.
    Residual,
    Fossil,
    Average,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    pub carbon_price_per_t: f64,
    pub carbon_basis: CarbonBasis,
    pub miss_price_per_mwh: f64,
    /// Going over an event's limit; training below its class, and all training below the utilisation floor.
    pub event_price_per_mwh: f64,
    pub class_price_per_mwh: f64,
    pub delay_price_per_mwh_step: f64,
    /// Plans reckon with work that past releases make likely, and with supply that may not come.
    pub expect_work: bool,
    pub hedge: bool,
    /// What a GPU earns in an hour at full speed, and the tokens it makes, where stated.
    pub revenue_per_gpu_hour: f64,
    pub tokens_per_gpu_hour: Option<f64>,
    /// Least part of the tokens that the baseline makes.
    pub min_utilisation: f64,
    /// Leaving what an earlier plan placed costs this much a MWh: an unchanged forecast changes nothing.
    pub change_price_per_mwh: f64,
    /// Audit: what happens where load was not metered.
    pub missing_load: MissingLoad,
    /// Audit: by what part hourly sums may differ from an invoice.
    pub reconciliation_tolerance: Fraction,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            carbon_price_per_t: 80.0,
            carbon_basis: CarbonBasis::Residual,
            miss_price_per_mwh: DEFAULT_MISS_PRICE,
            event_price_per_mwh: 1e5,
            class_price_per_mwh: 2e3,
            delay_price_per_mwh_step: 0.001,
            expect_work: true,
            hedge: true,
            revenue_per_gpu_hour: 2.0,
            tokens_per_gpu_hour: None,
            min_utilisation: 0.9,
            change_price_per_mwh: 0.05,
            missing_load: MissingLoad::Block,
            reconciliation_tolerance: TOLERANCE,
        }
    }
}

/// 0.5 %
const TOLERANCE: Fraction = Fraction { numerator: 1, denominator: 200 };
const DEFAULT_MISS_PRICE: f64 = 10_000.0;
const LADDER: &str = "overload 1e6 > event > miss > class > shortfall: or plans drop work and tokens to look green";
const DEFAULT_SHORTFALL_PRICE: f64 = 200.0;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Portfolio,
    Boundary(BoundaryId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Metric {
    Matched,
    CfeScore,
}

/// At least `share` of the horizon's load, or `shortfall_price` for each MWh short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    pub scope: Scope,
    pub metric: Metric,
    pub share: f64,
    pub shortfall_price_per_mwh: f64,
    pub period: Period,
}

/// Over what a target is reckoned: what has been audited since its beginning counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Period {
    Horizon,
    Month,
    Year,
}

pub fn read(root: &mut Table<'_, '_>) -> (Policy, Vec<Target>) {
    let mut policy = Policy::default();
    let mut targets = Vec::new();
    let mut shortfall = DEFAULT_SHORTFALL_PRICE;
    if let Some(mut table) = root.table("policy") {
        table.name = "[policy]".into();
        let mut set = |key, value: &mut f64| *value = table.number(key).unwrap_or(*value);
        set("carbon_price_per_t", &mut policy.carbon_price_per_t);
        set("miss_price_per_mwh", &mut policy.miss_price_per_mwh);
        set("event_price_per_mwh", &mut policy.event_price_per_mwh);
        set("class_price_per_mwh", &mut policy.class_price_per_mwh);
        set("delay_price_per_mwh_step", &mut policy.delay_price_per_mwh_step);
        set("shortfall_price_per_mwh", &mut shortfall);
        if let Some(share) = table.number("target") {
            let (scope, metric) = (Scope::Portfolio, Metric::Matched);
            let period = Period::Horizon;
            targets.push(Target { scope, metric, share, shortfall_price_per_mwh: shortfall, period });
        }
        policy.carbon_basis = table.choice("carbon_basis").unwrap_or(policy.carbon_basis);
        policy.min_utilisation = table.number("min_utilisation").unwrap_or(policy.min_utilisation);
        policy.revenue_per_gpu_hour = table.number("revenue_per_gpu_hour").unwrap_or(policy.revenue_per_gpu_hour);
        policy.tokens_per_gpu_hour = table.number("tokens_per_gpu_hour");
        policy.change_price_per_mwh = table.number("change_price_per_mwh").unwrap_or(policy.change_price_per_mwh);
        policy.expect_work = table.boolean("expect_work").unwrap_or(true);
        policy.hedge = table.boolean("hedge").unwrap_or(true);
        policy.missing_load = table.choice("missing_load").unwrap_or_default();
        policy.reconciliation_tolerance = fraction(&mut table, "reconciliation_tolerance").unwrap_or(TOLERANCE);
        check_ladder(&table, &policy, shortfall);
        table.close();
    }
    for table in root.tables("target") {
        let at = table.at;
        let read = target(table, shortfall);
        let dear = read.as_ref().map_or(0.0, |t| t.shortfall_price_per_mwh);
        if dear >= policy.class_price_per_mwh {
            let class = policy.class_price_per_mwh;
            inverted(root.file, at, &format!("shortfall_price {dear} is not below class_price_per_mwh {class}"));
        }
        targets.extend(read);
    }
    (policy, targets)
}

/// Steps of a week of hours.
const WEEK_STEPS: f64 = 168.0;

/// What must not be given up for what: each price below the one before it. An overload costs a million a MWh.
fn check_ladder(table: &Table<'_, '_>, policy: &Policy, shortfall: f64) {
    let ladder = [
        ("event_price_per_mwh", policy.event_price_per_mwh),
        ("miss_price_per_mwh", policy.miss_price_per_mwh),
        ("class_price_per_mwh", policy.class_price_per_mwh),
        ("shortfall_price_per_mwh", shortfall),
    ];
    // What breaks ties, and what keeps plans steady, is worth no work: over a week of hours, and at all.
    let small = [
        ("delay_price_per_mwh_step", WEEK_STEPS * policy.delay_price_per_mwh_step),
        ("change_price_per_mwh", policy.change_price_per_mwh),
    ];
    for (key, price) in small {
        let miss = policy.miss_price_per_mwh;
        if price >= miss {
            let what = format!("{key} comes to {price} per MWh, which is not below miss_price_per_mwh {miss}");
            inverted(table.file, table.at_key(key), &what);
        }
    }
    for pair in ladder.windows(2) {
        let ((above, dear), (below, cheap)) = (pair[0], pair[1]);
        if dear > cheap {
            continue;
        }
        let at = [above, below].map(|key| table.at_key(key)).into_iter().find(|at| *at != table.at);
        inverted(table.file, at.unwrap_or(table.at), &format!("{above} {dear} is not above {below} {cheap}"));
    }
}

fn inverted(file: &File<'_>, at: usize, what: &str) {
    file.refuse(at, format!("the price ladder is inverted: {what}"), LADDER);
}

fn target(mut table: Table<'_, '_>, shortfall: f64) -> Option<Target> {
    let scope = match table.string("scope") {
        Some((text, _)) if text != "portfolio" => Scope::Boundary(text.into()),
        _ => Scope::Portfolio,
    };
    let metric = table.choice("metric").unwrap_or(Metric::Matched);
    let period = table.choice("period").unwrap_or(Period::Horizon);
    let price = table.number("shortfall_price").unwrap_or(shortfall);
    let share = table.needed_number("share");
    table.close();
    Some(Target { scope, metric, share: share?, shortfall_price_per_mwh: price, period })
}
