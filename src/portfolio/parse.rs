//! `hourmatch.toml` to a checked portfolio, with everything that is wrong said at once.

use super::contracts::{self, Known};
use super::policy::{self, Scope};
use super::values::Time;
use super::walk::{File, Table};
use super::{GbSource, Portfolio, boundaries, disclosure, links, sites, storage};
use crate::error::{Problem, Problems};
use reports::definitions::{Definitions, FactorBasis, LinkDef};
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
    factor_basis: FactorBasis,
}

fn read(file: &mut File<'_>, root: &mut Table<'_, '_>) -> Option<Portfolio> {
    let store_url = process_table(file, root, "store", "url");
    let listen = process_table(file, root, "serve", "listen");
    let gb = sources(file, root);
    let head = head(file, root);
    let (policy, targets) = policy::read(file, root);
    let zone = head.zone.unwrap_or(Zone::UTC);

    let time = Time { zone, resolution: head.resolution.unwrap_or(Resolution::HOUR) };
    let disclosure = disclosure::read(file, root);
    let boundaries: Vec<_> =
        root.tables(file, "boundary").into_iter().filter_map(|t| boundaries::read(file, t)).collect();
    unique(file, "boundary", boundaries.iter().map(|(b, _, at)| (b.id.as_str(), *at)));
    let boundary_ids: BTreeSet<String> = boundaries.iter().map(|(b, ..)| b.id.clone()).collect();
    if boundary_ids.is_empty() {
        file.refuse(0, "there is no [[boundary]]", "add one: [[boundary]] with id = \"PJM\"");
    }
    let links: Vec<_> =
        root.tables(file, "link").into_iter().filter_map(|t| links::read(file, t, &boundary_ids)).collect();
    links::unique(file, &links);
    let sites: Vec<_> =
        root.tables(file, "site").into_iter().filter_map(|t| sites::read(file, t, &boundary_ids, time)).collect();
    unique(file, "site", sites.iter().map(|(s, _, at)| (s.id.as_str(), *at)));
    if sites.is_empty() {
        file.refuse(0, "there is no usable [[site]]", "add one with id, boundary and it_capacity_mw");
    }
    let site_ids: BTreeMap<String, Vec<String>> =
        sites.iter().map(|(s, ..)| (s.id.clone(), s.all_boundaries().map(String::from).collect())).collect();
    let links: Vec<LinkDef> = links.into_iter().map(|(link, _)| link).collect();
    let known =
        Known { boundaries: &boundary_ids, sites: &site_ids, links: &links, ruleset: head.ruleset.as_ref(), time };
    let contracts: Vec<_> =
        root.tables(file, "contract").into_iter().filter_map(|t| contracts::read(file, t, &known)).collect();
    unique(file, "contract", contracts.iter().map(|(c, at)| (c.id.as_str(), *at)));
    contracts::check_plants(file, &contracts);
    contracts::check_nesting(file, &contracts);
    let storage: Vec<_> =
        root.tables(file, "storage").into_iter().filter_map(|t| storage::read(file, t, &site_ids)).collect();
    unique(file, "storage", storage.iter().map(|(s, _, at)| (s.id.as_str(), *at)));
    for target in &targets {
        if let Scope::Boundary(id) = &target.scope
            && !boundary_ids.contains(id)
        {
            file.refuse(0, format!("[[target]] scope `{id}` is no boundary"), "write \"portfolio\" or a boundary's id");
        }
    }
    root.not_yet(file, &["pool", "event", "demand_charge", "account", "curve"]);
    let (boundaries, boundary_plans) = sorted(boundaries.into_iter().map(|(b, plan, _)| (b.id.clone(), b, plan)));
    let (sites, site_plans) = sorted(sites.into_iter().map(|(s, plan, _)| (s.id.clone(), s, plan)));
    let (storage, storage_plans) = sorted(storage.into_iter().map(|(s, plan, _)| (s.id.clone(), s, plan)));
    let definitions = Definitions {
        name: head.name?,
        synthetic: head.synthetic,
        resolution: head.resolution?,
        ruleset: head.ruleset?.id,
        time_zone: zone.name().into(),
        currency: head.currency,
        factor_basis: head.factor_basis,
        missing_load: policy.missing_load,
        reconciliation_tolerance: policy.reconciliation_tolerance,
        disclosure,
        boundaries,
        sites,
        contracts: contracts.into_iter().map(|(contract, _)| contract).collect(),
        storage,
        links,
    }
    .canonical();
    Some(Portfolio {
        definitions,
        zone,
        policy,
        targets,
        boundaries: boundary_plans,
        sites: site_plans,
        storage: storage_plans,
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
    head.factor_basis = boundaries::factor_basis(file, &mut table).unwrap_or_default();
    table.close(file);
    head
}

pub(super) fn zone(file: &mut File<'_>, table: &mut Table<'_, '_>, default: Zone) -> Option<Zone> {
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
