//! What only planning reads: pools of accelerators, accounts, power events, limits over several sites, demand charges,
//! progress curves. Audits know nothing of them.

use super::common::{Deserialize, Instant, Serialize, Table};
use super::curves::{self, Curve};
use super::known::{check_site, site};
use super::values::{Time, duration};
use crate::clock::parse_when;
use ids::{AccountId, LimitId, PoolId, SiteId};

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Planning {
    pub pools: Vec<Pool>,
    pub accounts: Vec<Account>,
    pub events: Vec<Event>,
    pub limits: Vec<Limit>,
    pub demand_charges: Vec<DemandCharge>,
    /// The portfolio's own; presets are in `curves`.
    pub curves: Vec<Curve>,
}

/// `[[pool]]`: accelerators alike at one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pool {
    pub id: PoolId,
    pub site: SiteId,
    pub gpu: Option<String>,
    pub count: f64,
    pub gpus_per_node: f64,
    /// IT power of a node's part per accelerator at full speed, and while its work is paused.
    pub kw_per_gpu: f64,
    pub paused_kw_per_gpu: f64,
    /// The accelerator's own part of that power: what a power cap acts on.
    pub gpu_power_share: f64,
}

/// `[[account]]`: what a user or team may hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    pub id: AccountId,
    pub max_gpus: Option<f64>,
    pub gpu_hours_per_day: Option<f64>,
}

/// `[[event]]`: the connection should draw no more than this; known `notice_s` before it starts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    pub site: SiteId,
    pub start: Instant,
    pub end: Instant,
    pub max_mw: f64,
    pub notice_s: Option<i64>,
}

/// `[[limit]]`: several sites together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    pub id: LimitId,
    pub sites: Vec<SiteId>,
    pub max_mw: f64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    #[default]
    Month,
    Day,
}

/// `[[demand_charge]]`: per MW of a window's highest draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemandCharge {
    pub site: SiteId,
    pub per_mw: f64,
    pub window: Window,
}

/// Where no pool says: a node of eight with its share of fans, network and processors.
pub const KW_PER_GPU: f64 = 1.3;
const GPU_POWER_SHARE: f64 = 0.6;

pub(super) fn read(root: &mut Table<'_, '_>, sites: &[SiteId], time: Time) -> Planning {
    let planning = Planning {
        pools: root.tables("pool").into_iter().filter_map(|t| pool(t, sites)).collect(),
        accounts: root.tables("account").into_iter().filter_map(account).collect(),
        events: root.tables("event").into_iter().filter_map(|t| event(t, sites, time)).collect(),
        limits: root.tables("limit").into_iter().filter_map(|t| limit(t, sites)).collect(),
        demand_charges: root.tables("demand_charge").into_iter().filter_map(|t| demand(t, sites)).collect(),
        curves: root.tables("curve").into_iter().filter_map(curves::read).collect(),
    };
    root.file.unique("pool", planning.pools.iter().map(|p| (p.id.as_str(), 0)));
    root.file.unique("account", planning.accounts.iter().map(|a| (a.id.as_str(), 0)));
    root.file.unique("curve", planning.curves.iter().map(|c| (c.id.as_str(), 0)));
    planning
}

fn pool(mut table: Table<'_, '_>, sites: &[SiteId]) -> Option<Pool> {
    let id = table.named_by_id("pool");
    let site = site(&mut table, sites);
    let gpu = table.string("gpu").map(|(gpu, _)| gpu);
    let count = table.needed_number("count");
    let kw_per_gpu = table.number("kw_per_gpu").unwrap_or(KW_PER_GPU);
    let paused = table.number("paused_kw_per_gpu");
    let pool = Pool {
        id: PoolId::default(),
        site: SiteId::default(),
        gpu,
        count: count.unwrap_or(0.0),
        gpus_per_node: table.number("gpus_per_node").unwrap_or(8.0),
        kw_per_gpu,
        paused_kw_per_gpu: paused.unwrap_or(0.2 * kw_per_gpu),
        gpu_power_share: table.number("gpu_power_share").unwrap_or(GPU_POWER_SHARE),
    };
    let what = "paused_kw_per_gpu is more than kw_per_gpu";
    let hint = "write what a node draws while its work is paused";
    table.refuse_if(pool.paused_kw_per_gpu > pool.kw_per_gpu, "paused_kw_per_gpu", what, hint);
    table.close();
    count?;
    Some(Pool { id: id?, site: site?, ..pool })
}

fn event(mut table: Table<'_, '_>, sites: &[SiteId], time: Time) -> Option<Event> {
    let site = site(&mut table, sites);
    let [start, end] = ["start", "end"].map(|key| {
        table.needs(key);
        instant(&mut table, key, time)
    });
    let max_mw = table.needed_number("max_mw");
    let notice_s = duration(&mut table, "notice", "write \"2h\" or \"30min\"").map(|(notice_s, _)| notice_s);
    let backwards = start.zip(end).is_some_and(|(start, end)| end <= start);
    table.refuse_if(backwards, "end", "it ends before it starts", "check start and end");
    table.close();
    Some(Event { site: site?, start: start?, end: end?, max_mw: max_mw?, notice_s })
}

fn limit(mut table: Table<'_, '_>, known: &[SiteId]) -> Option<Limit> {
    let id = table.id();
    let listed = table.strings("sites");
    let mut sites = Vec::new();
    for (site, at) in listed.unwrap_or_default() {
        let site = SiteId::from(site);
        check_site(&table, at, &site, known);
        sites.push(site);
    }
    if sites.is_empty() {
        sites = known.to_vec();
    }
    sites.sort();
    sites.dedup();
    let max_mw = table.needed_number("max_mw");
    table.close();
    Some(Limit { id: id?, sites, max_mw: max_mw? })
}

fn demand(mut table: Table<'_, '_>, sites: &[SiteId]) -> Option<DemandCharge> {
    let site = site(&mut table, sites);
    let per_mw = table.needed_number("per_mw");
    let window = table.choice("window").unwrap_or_default();
    table.close();
    Some(DemandCharge { site: site?, per_mw: per_mw?, window })
}

fn account(mut table: Table<'_, '_>) -> Option<Account> {
    let id = table.id();
    let max_gpus = table.number("max_gpus");
    let gpu_hours_per_day = table.number("gpu_hours_per_day");
    table.close();
    Some(Account { id: id?, max_gpus, gpu_hours_per_day })
}

/// An instant, on the grid or not.
fn instant(table: &mut Table<'_, '_>, key: &'static str, time: Time) -> Option<Instant> {
    let (text, at) = table.string(key)?;
    match parse_when(&text, Instant::FIRST, time.zone) {
        Ok(instant) if !text.starts_with("now") => Some(instant),
        _ => {
            let hint = "write an instant with offset, such as \"2026-07-01T16:00Z\"";
            table.refused(at, format!("`{key}` `{text}` is not an instant"), hint)
        }
    }
}
