//! What only planning reads: pools of accelerators, accounts, power events, limits over several sites, demand charges,
//! progress curves. Audits know nothing of them.

use super::curves::{self, Curve};
use super::file::File;
use super::known::undefined_site;
use super::values::Time;
use super::walk::Table;
use reports::time::Instant;
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Default)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    pub id: String,
    pub site: String,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub id: String,
    pub max_gpus: Option<f64>,
    pub gpu_hours_per_day: Option<f64>,
}

/// `[[event]]`: the connection should draw no more than this; known `notice_s` before it starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub site: String,
    pub start: Instant,
    pub end: Instant,
    pub max_mw: f64,
    pub notice_s: Option<i64>,
}

/// `[[limit]]`: several sites together.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub id: String,
    pub sites: Vec<String>,
    pub max_mw: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Month,
    Day,
}

/// `[[demand_charge]]`: per MW of a window's highest draw.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandCharge {
    pub site: String,
    pub per_mw: f64,
    pub window: Window,
}

/// Where no pool says: a node of eight with its share of fans, network and processors.
pub const KW_PER_GPU: f64 = 1.3;
const GPU_POWER_SHARE: f64 = 0.6;

pub(super) fn read(file: &mut File<'_>, root: &mut Table<'_, '_>, sites: &BTreeSet<String>, time: Time) -> Planning {
    let mut known = Known { sites };
    let planning = Planning {
        pools: root.tables(file, "pool").into_iter().filter_map(|t| known.pool(file, t)).collect(),
        accounts: root.tables(file, "account").into_iter().filter_map(|t| account(file, t)).collect(),
        events: root.tables(file, "event").into_iter().filter_map(|t| known.event(file, t, time)).collect(),
        limits: root.tables(file, "limit").into_iter().filter_map(|t| known.limit(file, t)).collect(),
        demand_charges: root.tables(file, "demand_charge").into_iter().filter_map(|t| known.demand(file, t)).collect(),
        curves: root.tables(file, "curve").into_iter().filter_map(|t| curves::read(file, t)).collect(),
    };
    unique(file, "pool", planning.pools.iter().map(|p| p.id.as_str()));
    unique(file, "account", planning.accounts.iter().map(|a| a.id.as_str()));
    unique(file, "curve", planning.curves.iter().map(|c| c.id.as_str()));
    planning
}

fn unique<'a>(file: &mut File<'_>, what: &str, ids: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            file.refuse(0, format!("{what} `{id}` is defined twice"), "give each its own id");
        }
    }
}

struct Known<'a> {
    sites: &'a BTreeSet<String>,
}

impl Known<'_> {
    fn site(&self, file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<String> {
        let (site, at) = table.needed_name(file, "site", self.sites.first().map(String::as_str))?;
        self.check(file, &table.name, &site, at);
        Some(site)
    }

    fn check(&self, file: &mut File<'_>, table: &str, site: &str, at: usize) {
        if self.sites.contains(site) {
            return;
        }
        let names: Vec<&str> = self.sites.iter().map(String::as_str).collect();
        undefined_site(file, (table, at), site, &names);
    }

    fn pool(&mut self, file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<Pool> {
        let id = table.named_by_id(file, "pool");
        let site = self.site(file, &mut table);
        let gpu = table.string(file, "gpu").map(|(gpu, _)| gpu);
        let count = table.needed_number(file, "count");
        let kw_per_gpu = table.number(file, "kw_per_gpu").unwrap_or(KW_PER_GPU);
        let paused = table.number(file, "paused_kw_per_gpu");
        let pool = Pool {
            id: String::new(),
            site: String::new(),
            gpu,
            count: count.unwrap_or(0.0),
            gpus_per_node: table.number(file, "gpus_per_node").unwrap_or(8.0),
            kw_per_gpu,
            paused_kw_per_gpu: paused.unwrap_or(0.2 * kw_per_gpu),
            gpu_power_share: table.number(file, "gpu_power_share").unwrap_or(GPU_POWER_SHARE),
        };
        if pool.paused_kw_per_gpu > pool.kw_per_gpu {
            let what = format!("{}: paused_kw_per_gpu is more than kw_per_gpu", table.name);
            file.refuse(table.at_key("paused_kw_per_gpu"), what, "write what a node draws while its work is paused");
        }
        table.close(file);
        count?;
        Some(Pool { id: id?, site: site?, ..pool })
    }

    fn event(&mut self, file: &mut File<'_>, mut table: Table<'_, '_>, time: Time) -> Option<Event> {
        let site = self.site(file, &mut table);
        let [start, end] = ["start", "end"].map(|key| {
            table.needs(file, key);
            instant(file, &mut table, key, time)
        });
        let max_mw = table.needed_number(file, "max_mw");
        let notice_s = duration(file, &mut table, "notice");
        if let Some((start, end)) = start.zip(end)
            && end <= start
        {
            file.refuse(
                table.at_key("end"),
                format!("{}: it ends before it starts", table.name),
                "check start and end",
            );
        }
        table.close(file);
        Some(Event { site: site?, start: start?, end: end?, max_mw: max_mw?, notice_s })
    }

    fn limit(&mut self, file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<Limit> {
        let id = table.id(file);
        let listed = table.strings(file, "sites");
        let mut sites = Vec::new();
        for (site, at) in listed.unwrap_or_default() {
            self.check(file, &table.name, &site, at);
            sites.push(site);
        }
        if sites.is_empty() {
            sites = self.sites.iter().cloned().collect();
        }
        sites.sort();
        sites.dedup();
        let max_mw = table.needed_number(file, "max_mw");
        table.close(file);
        Some(Limit { id: id?.0, sites, max_mw: max_mw? })
    }

    fn demand(&mut self, file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<DemandCharge> {
        let site = self.site(file, &mut table);
        let per_mw = table.needed_number(file, "per_mw");
        let window = match table.choice(file, "window") {
            Some("day") => Window::Day,
            _ => Window::Month,
        };
        table.close(file);
        Some(DemandCharge { site: site?, per_mw: per_mw?, window })
    }
}

fn account(file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<Account> {
    let id = table.id(file);
    let max_gpus = table.number(file, "max_gpus");
    let gpu_hours_per_day = table.number(file, "gpu_hours_per_day");
    table.close(file);
    Some(Account { id: id?.0, max_gpus, gpu_hours_per_day })
}

/// An instant, on the grid or not.
fn instant(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str, time: Time) -> Option<Instant> {
    let (text, at) = table.string(file, key)?;
    match crate::clock::parse_when(&text, Instant::FIRST, time.zone) {
        Ok(instant) if !text.starts_with("now") => Some(instant),
        _ => {
            let what = format!("{}: `{key}` `{text}` is not an instant", table.name);
            file.refuse(at, what, "write an instant with offset, such as \"2026-07-01T16:00Z\"");
            None
        }
    }
}

fn duration(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<i64> {
    let (text, at) = table.string(file, key)?;
    match crate::clock::parse_duration(&text) {
        Ok(seconds) => Some(seconds),
        Err(problem) => {
            file.refuse(at, format!("{}: `{key}`: {}", table.name, problem.what), "write \"2h\" or \"30min\"");
            None
        }
    }
}
