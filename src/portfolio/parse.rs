//! `hourmatch.toml` to a checked portfolio, with everything that is wrong said at once.

use super::contracts::{self, Known};
use super::policy::{self, Scope};
use super::walk::{File, Table, milligrams, nearest};
use super::{BoundaryPlan, GbSource, Portfolio, SitePlan};
use crate::error::{Problem, Problems};
use reports::definitions::{BoundaryDef, ContractDef, Definitions, Fraction, SiteDef};
use reports::ruleset::Ruleset;
use reports::time::{Resolution, Zone};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use toml::de::DeTable;

/// No portfolio is larger.
const LARGEST: usize = 8 << 20;

/// Reads and checks a portfolio file.
pub fn load(path: &Path) -> Result<Portfolio, Problems> {
    let name = path.display().to_string();
    let refuse = |what: String, hint: &str| Problems(vec![Problem::new(what).file(&name).hint(hint)]);
    let read = std::fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = read.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(
            "there is no portfolio file".into(),
            "`hourmatch init` writes one to start from; -c FILE or HOURMATCH_CONFIG names another",
        ),
        _ => refuse(format!("cannot be read: {error}"), "check the path and its permissions"),
    })?;
    if bytes.len() > LARGEST {
        return Err(refuse(format!("is larger than {LARGEST} bytes"), "is it a portfolio file?"));
    }
    let text = String::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 text".into(), "save it as UTF-8"))?;
    parse(&text, &name)
}

pub fn parse(text: &str, name: &str) -> Result<Portfolio, Problems> {
    let mut file = File::new(name, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        file.refuse(at, format!("not TOML: {}", error.message()), "see https://toml.io for the form");
    }
    let mut root = Table::new("the file", 0, document.get_ref());
    let portfolio = read(&mut file, &mut root);
    root.close(&mut file);
    let problems = file.finish();
    match portfolio {
        Some(portfolio) if problems.is_empty() => Ok(portfolio),
        _ if problems.is_empty() => Err(Problems(vec![Problem::new("the portfolio is incomplete").file(name)])),
        _ => Err(Problems(problems)),
    }
}

#[derive(Debug, Default)]
struct Head {
    name: Option<String>,
    synthetic: bool,
    currency: String,
    resolution: Option<Resolution>,
    zone: Option<Zone>,
    ruleset: Option<Ruleset>,
}

fn read(file: &mut File<'_>, root: &mut Table<'_, '_>) -> Option<Portfolio> {
    let store_url = process_table(file, root, "store", "url");
    let listen = process_table(file, root, "serve", "listen");
    let gb = sources(file, root);
    let head = head(file, root);
    let (policy, targets) = policy::read(file, root);
    let zone = head.zone.unwrap_or(Zone::UTC);

    let boundaries: Vec<_> = root.tables(file, "boundary").into_iter().filter_map(|t| boundary(file, t)).collect();
    unique(file, "boundary", boundaries.iter().map(|(b, _, at)| (b.id.as_str(), *at)));
    let boundary_ids: BTreeSet<String> = boundaries.iter().map(|(b, ..)| b.id.clone()).collect();
    if boundary_ids.is_empty() {
        file.refuse(0, "there is no [[boundary]]", "add one: [[boundary]] with id = \"PJM\"");
    }
    let sites: Vec<_> =
        root.tables(file, "site").into_iter().filter_map(|t| site(file, t, &boundary_ids, zone)).collect();
    unique(file, "site", sites.iter().map(|(s, _, at)| (s.id.as_str(), *at)));
    if sites.is_empty() {
        file.refuse(0, "there is no usable [[site]]", "add one with id, boundary and it_capacity_mw");
    }
    let site_ids: BTreeMap<String, String> = sites.iter().map(|(s, ..)| (s.id.clone(), s.boundary.clone())).collect();
    let known = Known {
        boundaries: &boundary_ids,
        sites: &site_ids,
        ruleset: head.ruleset.as_ref(),
        zone,
        resolution: head.resolution.unwrap_or(Resolution::HOUR),
    };
    let contracts: Vec<_> =
        root.tables(file, "contract").into_iter().filter_map(|t| contracts::read(file, t, &known)).collect();
    unique(file, "contract", contracts.iter().map(|(c, at)| (c.id.as_str(), *at)));
    check_plants(file, &contracts);
    check_nesting(file, &contracts);
    for target in &targets {
        if let Scope::Boundary(id) = &target.scope
            && !boundary_ids.contains(id)
        {
            file.refuse(0, format!("[[target]] scope `{id}` is no boundary"), "write \"portfolio\" or a boundary's id");
        }
    }
    root.not_yet(file, &["pool", "storage", "event", "demand_charge", "account", "link", "curve"]);
    let (boundaries, boundary_plans) = sorted(boundaries.into_iter().map(|(b, plan, _)| (b.id.clone(), b, plan)));
    let (sites, site_plans) = sorted(sites.into_iter().map(|(s, plan, _)| (s.id.clone(), s, plan)));
    let definitions = Definitions {
        name: head.name?,
        synthetic: head.synthetic,
        resolution: head.resolution?,
        ruleset: head.ruleset?.id,
        time_zone: zone.name().into(),
        currency: head.currency,
        boundaries,
        sites,
        contracts: contracts.into_iter().map(|(contract, _)| contract).collect(),
    }
    .canonical();
    Some(Portfolio {
        definitions,
        zone,
        policy,
        targets,
        boundaries: boundary_plans,
        sites: site_plans,
        store_url,
        listen,
        gb,
    })
}

/// Definitions and what goes with them, both in the order of their ids.
fn sorted<D, P>(items: impl Iterator<Item = (String, D, P)>) -> (Vec<D>, Vec<P>) {
    let mut items: Vec<_> = items.collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items.into_iter().map(|(_, definition, plan)| (definition, plan)).unzip()
}

fn process_table(
    file: &mut File<'_>,
    root: &mut Table<'_, '_>,
    name: &'static str,
    key: &'static str,
) -> Option<String> {
    let mut table = root.table(file, name)?;
    let value = table.string(file, key).map(|(value, _)| value);
    table.close(file);
    value
}

fn sources(file: &mut File<'_>, root: &mut Table<'_, '_>) -> GbSource {
    let mut gb = GbSource::default();
    let Some(mut table) = root.table(file, "source") else { return gb };
    if let Some(mut source) = table.table(file, "gb") {
        if let Some((url, at)) = source.string(file, "url") {
            if url.starts_with("http://") || url.starts_with("https://") {
                gb.url = url.trim_end_matches('/').to_string();
            } else {
                file.refuse(at, format!("source.gb: `{url}` is no web address"), "write https://...");
            }
        }
        source.close(file);
    }
    table.close(file);
    gb
}

fn head(file: &mut File<'_>, root: &mut Table<'_, '_>) -> Head {
    let mut head = Head { currency: "USD".into(), ..Head::default() };
    let Some(mut table) = root.table(file, "portfolio") else {
        file.refuse(0, "there is no [portfolio]", "add [portfolio] with name = \"...\"");
        return head;
    };
    table.name = "[portfolio]".into();
    head.name = table.needed_string(file, "name", "demo").map(|(name, _)| name);
    head.synthetic = table.boolean(file, "synthetic").unwrap_or(false);
    if let Some((currency, at)) = table.string(file, "currency") {
        if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
            head.currency = currency;
        } else {
            file.refuse(at, format!("currency `{currency}` is not a three-letter code"), "write currency = \"USD\"");
        }
    }
    head.resolution = match table.string(file, "resolution") {
        None => Some(Resolution::HOUR),
        Some((text, at)) => Resolution::parse(&text)
            .map_err(|error| file.refuse(at, error.to_string(), "write resolution = \"60min\""))
            .ok(),
    };
    head.zone = zone(file, &mut table, Zone::UTC);
    let ruleset = table.string(file, "ruleset");
    let (id, at) = ruleset.unwrap_or_else(|| ("hourly-2026".into(), table.at));
    head.ruleset = match Ruleset::named(&id) {
        Ok((ruleset, _)) => Some(ruleset),
        Err(error) => {
            file.refuse(at, error.to_string(), "write ruleset = \"hourly-2026\"");
            None
        }
    };
    table.close(file);
    head
}

fn zone(file: &mut File<'_>, table: &mut Table<'_, '_>, default: Zone) -> Option<Zone> {
    match table.string(file, "time_zone") {
        None => Some(default),
        Some((name, at)) => Zone::parse(&name)
            .map_err(|error| {
                let hint = match name.as_str() {
                    "EST" | "EDT" => "write \"America/New_York\"",
                    _ => "write a name such as \"Europe/Berlin\" or \"America/New_York\"",
                };
                file.refuse(at, format!("{}: {error}", table.name), hint);
            })
            .ok(),
    }
}

fn unique<'a>(file: &mut File<'_>, what: &str, ids: impl Iterator<Item = (&'a str, usize)>) {
    let mut seen = BTreeSet::new();
    for (id, at) in ids {
        if !seen.insert(id) {
            file.refuse(at, format!("{what} `{id}` is defined twice"), "give each its own id");
        }
    }
}

fn boundary(file: &mut File<'_>, mut table: Table<'_, '_>) -> Option<(BoundaryDef, BoundaryPlan, usize)> {
    let id = table.id(file, "PJM");
    let price_per_mwh = table.number(file, "price_per_mwh", -10_000.0, 100_000.0);
    let default = table.number(file, "default_fossil_g_per_kwh", 0.0, 10_000.0);
    let cfe_basis = match table.string(file, "cfe_basis") {
        None => "production".to_string(),
        Some((text, at)) => {
            if !["production", "consumption", "residual"].contains(&text.as_str()) {
                file.refuse(
                    at,
                    format!("cfe_basis `{text}` is not known"),
                    "write \"production\", \"consumption\" or \"residual\"",
                );
            }
            text
        }
    };
    table.not_yet(file, &["sss_g_per_kwh", "legacy_g_per_kwh"]);
    let at = table.at;
    table.close(file);
    let definition = BoundaryDef { id: id?.0, cfe_basis, default_fossil_mg_per_kwh: default.map(milligrams) };
    Some((definition, BoundaryPlan { price_per_mwh }, at))
}

/// `boundary = "..."`, which must be defined.
pub(super) fn boundary_ref(file: &mut File<'_>, table: &mut Table<'_, '_>, known: &BTreeSet<String>) -> Option<String> {
    let first = known.iter().next().map_or("PJM", String::as_str);
    let (id, at) = table.needed_string(file, "boundary", first)?;
    if !known.contains(&id) {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = match nearest(&id, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add [[boundary]] with id = \"{id}\", or use one of: {}", names.join(" ")),
        };
        file.refuse(at, format!("{}: boundary `{id}` is not defined", table.name), hint);
    }
    Some(id)
}

fn site(
    file: &mut File<'_>,
    mut table: Table<'_, '_>,
    boundaries: &BTreeSet<String>,
    default_zone: Zone,
) -> Option<(SiteDef, SitePlan, usize)> {
    let id = table.id(file, "ashburn");
    if let Some((id, _)) = &id {
        table.name = format!("site {id}");
    }
    let boundary = boundary_ref(file, &mut table, boundaries);
    let zone = zone(file, &mut table, default_zone);
    let it_capacity_mw = table.number(file, "it_capacity_mw", 0.0, 1e6);
    let grid_limit_mw = table.number(file, "grid_limit_mw", 0.0, 1e6);
    if it_capacity_mw.is_none() && table.at_key("it_capacity_mw") == table.at {
        file.refuse(table.at, format!("{} has no `it_capacity_mw`", table.name), "add it_capacity_mw = 100.0");
    }
    let pue = table.number(file, "pue", 1.0, 5.0).unwrap_or(1.0);
    let overhead_mw = table.number(file, "overhead_mw", 0.0, 1e6).unwrap_or(0.0);
    let it_load_mw = table.number(file, "it_load_mw", 0.0, 1e6);
    let plan_at = table.string(file, "plan_at").and_then(|(text, at)| {
        let valid = text.parse::<croner::Cron>().is_ok();
        if !valid {
            file.refuse(
                at,
                format!("{}: plan_at `{text}` is no cron expression", table.name),
                "write \"0 14 * * *\" for 14:00 every day",
            );
        }
        valid.then_some(text)
    });
    table.not_yet(file, &["ramp_mw_per_hour", "onsite_technology"]);
    let at = table.at;
    table.close(file);
    let definition = SiteDef { id: id?.0, boundary: boundary?, time_zone: zone?.name().into() };
    let plan =
        SitePlan { it_capacity_mw: it_capacity_mw?, grid_limit_mw, pue, overhead_mw, it_load_mw, plan_at, zone: zone? };
    Some((definition, plan, at))
}

/// Shares of one plant add up to at most the plant.
fn check_plants(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    let mut plants: BTreeMap<&str, Vec<(Fraction, usize)>> = BTreeMap::new();
    for (contract, at) in contracts {
        if let Some(plant) = &contract.plant {
            plants.entry(plant).or_default().push((contract.share, *at));
        }
    }
    for (plant, parts) in plants {
        let shares: Vec<Fraction> = parts.iter().map(|(share, _)| *share).collect();
        if Fraction::sum_exceeds_one(&shares) {
            let at = parts.last().map_or(0, |(_, at)| *at);
            let listed: Vec<String> = shares.iter().map(ToString::to_string).collect();
            file.refuse(
                at,
                format!("the shares of plant `{plant}` add up to more than 1: {}", listed.join(" + ")),
                "lower a share: the same energy cannot be claimed twice",
            );
        }
    }
}

/// Site lists within a boundary nest or are disjoint, or the order of allocation could strand energy.
fn check_nesting(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    for (index, (a, _)) in contracts.iter().enumerate() {
        for (b, at) in contracts[index + 1..].iter().filter(|(b, _)| b.boundary == a.boundary) {
            let shared = a.sites.iter().filter(|site| b.sites.contains(site)).count();
            if shared > 0 && shared < a.sites.len() && shared < b.sites.len() {
                file.refuse(
                    *at,
                    format!("contracts {} and {}: their site lists overlap without one holding the other", a.id, b.id),
                    "nest the lists or keep them apart",
                );
            }
        }
    }
}
