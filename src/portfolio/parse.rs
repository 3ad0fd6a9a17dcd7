//! `hourmatch.toml` to a checked portfolio, with everything that is wrong said at once.

use super::boundaries::{self, BoundaryPlan};
use super::checked::Portfolio;
use super::common::{BoundaryId, File, Resolution, Ruleset, Secret, SiteId, Table, Zone};
use super::keys::file::FILE;
use super::known::Known;
use super::policy::{self, Scope};
use super::sites::{self, SitePlan};
use super::storage::{self, StoragePlan};
use super::values::Time;
use super::{contracts, head, planning, retention, sources, text};
use crate::error::{Fault, Faults};
use reports::definitions::{BoundaryDef, ContractDef, Definitions, LinkDef, SiteDef, StorageDef, limits};
use reports::words::io_reason;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use toml::de::DeTable;

const LARGEST: usize = 8 << 20;

/// Reads and checks a portfolio file.
pub fn load(path: &Path) -> Result<Portfolio, Faults> {
    let name = path.display().to_string();
    let refuse = |what: String, hint: &str| Faults(vec![Fault::new(what).file(&name).hint(hint)]);
    let read = std::fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = read.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(
            "there is no portfolio file".into(),
            "`hourmatch init` writes one to start from; -c FILE or HOURMATCH_CONFIG names another",
        ),
        _ => refuse(format!("cannot be read: {}", io_reason(&error)), "check the path and its permissions"),
    })?;
    if bytes.len() > LARGEST {
        return Err(refuse(format!("is larger than {LARGEST} bytes"), "is it a portfolio file?"));
    }
    let text = String::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 text".into(), "save it as UTF-8"))?;
    parse(&text, &name)
}

pub fn parse(text: &str, name: &str) -> Result<Portfolio, Faults> {
    let file = File::new(name, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        file.refuse(at, format!("not TOML: {}", error.message()), "see https://toml.io for the form");
    }
    let mut root = Table::new(&file, FILE.heading, 0, &FILE, document.get_ref());
    let portfolio = read(&mut root);
    root.close();
    let problems = file.finish();
    match portfolio {
        Some(portfolio) if problems.is_empty() => Ok(Portfolio { text: text::kept(text), ..portfolio }),
        _ if problems.is_empty() => Err(Faults(vec![Fault::new("the portfolio is incomplete").file(name)])),
        _ => Err(Faults(problems)),
    }
}

fn read(root: &mut Table<'_, '_>) -> Option<Portfolio> {
    let store_url = store_url(root).map(Secret::new);
    let retention = retention::read(root);
    let (listen, hosts, follow) = serve(root).unwrap_or_default();
    let head = head::read(root);
    let (policy, targets) = policy::read(root);
    let zone = head.zone.unwrap_or(Zone::UTC);
    let time = Time { zone, resolution: head.resolution.unwrap_or(Resolution::HOUR) };
    let (disclosure, entity) = head::disclosure(root, head.ruleset.as_ref());
    let places = places(root, time);
    let (feeds, forms) = sources::read(root, &places.boundary_ids);
    let contracts = contracts(root, &places, (head.ruleset.as_ref(), entity), time);
    let site_ids: Vec<SiteId> = places.reach.keys().cloned().collect();
    let storage = storage(root, &site_ids);
    for target in &targets {
        if let Scope::Boundary(id) = &target.scope
            && !places.boundary_ids.contains(id)
        {
            let what = format!("[[target]] scope `{id}` is not a boundary");
            root.file.refuse(0, what, "use \"portfolio\" or a boundary id");
        }
    }
    let planning = planning::read(root, &site_ids, time);
    let (boundaries, boundary_plans) = sorted(places.boundaries, |boundary| boundary.id.as_str());
    let (mut sites, site_plans) = sorted(places.sites, |site| site.id.as_str());
    sites::state_limits(&mut sites, &site_plans, &policy, head.ruleset.as_ref());
    let (storage, storage_plans) = sorted(storage, |storage| storage.id.as_str());
    let definitions = Definitions {
        name: head.name?,
        synthetic: head.synthetic,
        resolution: head.resolution?,
        ruleset: head.ruleset.as_ref().map(|_| head.ruleset_name)?,
        time_zone: zone.name().into(),
        currency: head.currency,
        factor_basis: head.factor_basis,
        missing_load: policy.missing_load,
        reconciliation_tolerance: policy.reconciliation_tolerance,
        disclosure,
        boundaries,
        sites,
        contracts,
        storage,
        links: places.links,
    }
    .canonical();
    // What the verifier would not take: almost all of it was said above, with its line.
    let unsaid = head.ruleset.filter(|_| root.file.is_clean()).map(|ruleset| definitions.faults(&ruleset));
    for fault in unsaid.unwrap_or_default() {
        root.file.refuse(0, fault.to_string(), "correct it: a pack of this portfolio would not verify");
    }
    Some(Portfolio {
        text: None,
        definitions,
        zone,
        policy,
        targets,
        boundaries: boundary_plans,
        sites: site_plans,
        storage: storage_plans,
        planning,
        store_url,
        retention,
        listen,
        hosts,
        follow,
        feeds,
        forms,
    })
}

/// A definition, what planning needs beyond it, and where it stands in the file.
type Placed<D, P> = (D, P, usize);

/// Where energy is used, and between which markets it may pass.
struct Places {
    boundaries: Vec<Placed<BoundaryDef, BoundaryPlan>>,
    sites: Vec<Placed<SiteDef, SitePlan>>,
    links: Vec<LinkDef>,
    boundary_ids: BTreeSet<BoundaryId>,
    /// Site to every boundary it ever lies in.
    reach: BTreeMap<SiteId, Vec<BoundaryId>>,
}

fn places(root: &mut Table<'_, '_>, time: Time) -> Places {
    let boundaries: Vec<_> = root.tables("boundary").into_iter().filter_map(boundaries::read).collect();
    root.file.unique("boundary", boundaries.iter().map(|(b, _, at)| (b.id.as_str(), *at)));
    let boundary_ids: BTreeSet<BoundaryId> = boundaries.iter().map(|(b, ..)| b.id.clone()).collect();
    if boundary_ids.is_empty() {
        root.file.refuse(0, "there is no [[boundary]]", "add one: [[boundary]] with id = \"PJM\"");
    }
    let links: Vec<_> = root.tables("link").into_iter().filter_map(|t| boundaries::link(t, &boundary_ids)).collect();
    boundaries::unique_links(root.file, &links);
    let sites: Vec<_> = root.tables("site").into_iter().filter_map(|t| sites::read(t, &boundary_ids, time)).collect();
    root.file.unique("site", sites.iter().map(|(s, _, at)| (s.id.as_str(), *at)));
    let named: Vec<_> = sites.iter().map(|(s, _, at)| (s.id.as_str(), s.name.as_deref(), *at)).collect();
    root.file.apart("site", &named);
    if sites.is_empty() {
        root.file.refuse(0, "there is no usable [[site]]", "add one with id, boundary and it_capacity_mw");
    }
    let reach = sites.iter().map(|(s, ..)| (s.id.clone(), s.all_boundaries().cloned().collect())).collect();
    let links: Vec<LinkDef> = links.into_iter().map(|(link, _)| link).collect();
    Places { boundaries, sites, links, boundary_ids, reach }
}

fn contracts(
    root: &mut Table<'_, '_>,
    places: &Places,
    (ruleset, entity): (Option<&Ruleset>, bool),
    time: Time,
) -> Vec<ContractDef> {
    let (boundaries, sites, links) = (&places.boundary_ids, &places.reach, places.links.as_slice());
    let known = Known { boundaries, sites, links, ruleset, entity, time };
    let contracts: Vec<_> = root.tables("contract").into_iter().filter_map(|t| contracts::read(t, &known)).collect();
    root.file.unique("contract", contracts.iter().map(|(c, at)| (c.id.as_str(), *at)));
    let named: Vec<_> = contracts.iter().map(|(c, at)| (c.id.as_str(), c.name.as_deref(), *at)).collect();
    root.file.apart("contract", &named);
    // What holds between so many is not looked at: they are refused by their number.
    if contracts.len() <= limits::CONTRACTS && places.sites.len() <= limits::SITES {
        contracts::check_shares(root.file, &contracts);
        let sites: Vec<&SiteDef> = places.sites.iter().map(|(site, ..)| site).collect();
        contracts::check_nesting(root.file, &contracts, &sites, &places.links);
    }
    contracts.into_iter().map(|(contract, _)| contract).collect()
}

fn storage(root: &mut Table<'_, '_>, sites: &[SiteId]) -> Vec<Placed<StorageDef, StoragePlan>> {
    let storage: Vec<_> = root.tables("storage").into_iter().filter_map(|t| storage::read(t, sites)).collect();
    root.file.unique("storage", storage.iter().map(|(s, _, at)| (s.id.as_str(), *at)));
    storage
}

/// Definitions and what goes with them, both in the order of their ids.
fn sorted<D, P>(mut items: Vec<Placed<D, P>>, id: fn(&D) -> &str) -> (Vec<D>, Vec<P>) {
    items.sort_by(|a, b| id(&a.0).cmp(id(&b.0)));
    items.into_iter().map(|(definition, plan, _)| (definition, plan)).unzip()
}

fn store_url(root: &mut Table<'_, '_>) -> Option<String> {
    let mut table = root.table("store")?;
    let url = table.string("url").map(|(url, _)| url);
    table.close();
    url
}

/// Where the service listens, by which names others than loopback it is asked, and whether it follows sources.
fn serve(root: &mut Table<'_, '_>) -> Option<(Option<String>, Vec<String>, bool)> {
    let mut table = root.table("serve")?;
    let listen = table.string("listen").map(|(value, _)| value);
    let mut hosts = Vec::new();
    for (host, at) in table.strings("hosts").unwrap_or_default() {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        if !host.is_empty() && host.bytes().all(known) {
            hosts.push(host.to_ascii_lowercase());
        } else {
            let what = format!("[serve]: `{host}` in `hosts` is not a host name");
            table.file.refuse(at, what, "write hosts = [\"hourmatch.example.org\"], as callers' Host headers have it");
        }
    }
    let follow = table.boolean("follow").unwrap_or(false);
    table.close();
    Some((listen, hosts, follow))
}
