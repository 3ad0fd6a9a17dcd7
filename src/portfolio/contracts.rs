//! `[[contract]]`: who supplies what to whom.

use super::boundaries;
use super::terms::terms;
use super::values::{Time, changes, fraction};
use super::walk::{File, Table, milligrams};
use crate::clock::parse_when;
use reports::definitions::{ContractDef, Fraction, LinkDef, ProfileDef, Settlement, SharingRule};
use reports::ruleset::Ruleset;
use reports::time::{Interval, Zone, format_instant};
use std::collections::{BTreeMap, BTreeSet};

/// What a contract may refer to.
#[derive(Debug)]
pub struct Known<'a> {
    pub boundaries: &'a BTreeSet<String>,
    /// Site to every boundary it ever lies in.
    pub sites: &'a BTreeMap<String, Vec<String>>,
    pub links: &'a [LinkDef],
    pub ruleset: Option<&'a Ruleset>,
    pub time: Time,
}

impl Known<'_> {
    /// Whether a contract of a boundary may serve a site: there, or over a link.
    fn reaches(&self, boundary: &str, site: &str) -> bool {
        let linked = |b: &String| self.links.iter().any(|l| l.from == boundary && l.to == *b);
        self.sites.get(site).is_some_and(|all| all.iter().any(|b| b == boundary || linked(b)))
    }
}

pub fn read(file: &mut File<'_>, mut table: Table<'_, '_>, known: &Known<'_>) -> Option<(ContractDef, usize)> {
    let id = table.id(file, "solar-a");
    if let Some((id, _)) = &id {
        table.name = format!("contract {id}");
    }
    let boundary = boundaries::reference(file, &mut table, "boundary", known.boundaries);
    let technology = table.needed_string(file, "technology", "solar");
    let ef = table.number(file, "ef_g_per_kwh", 0.0, 100_000.0).map(milligrams);
    check_technology(file, &table, technology.as_ref(), ef, known);
    let plant = table.string(file, "plant").map(|(plant, _)| plant);
    let share = share(file, &mut table);
    let share_changes = changes(file, &mut table, "share_changes", known.time, |file, entry| {
        if entry.at_key("share") == entry.at {
            file.refuse(entry.at, format!("{} has no `share`", entry.name), "add share = \"1/3\"");
        }
        fraction(file, entry, "share")
    });
    let terms = terms(file, &mut table, known);
    let settlement = settlement(file, &mut table);
    let allocation = allocation(file, &mut table);
    let sites = sites(file, &mut table, boundary.as_deref(), known);
    let split = split(file, &mut table, allocation, &sites);
    let profile = table.table(file, "profile").and_then(|t| profile(file, t, known));
    if let (Some(profile), Some((_, at))) = (&profile, &id)
        && !profile.series.starts_with("grid/")
    {
        file.refuse(
            *at,
            format!("profile series `{}` is not a grid series", profile.series),
            "write grid/<boundary>/solar or /wind",
        );
    }
    let at = table.at;
    table.close(file);
    let contract = ContractDef {
        id: id?.0,
        boundary: boundary?,
        technology: technology?.0,
        ef_mg_per_kwh: ef,
        plant,
        share: share?,
        share_changes,
        settlement: settlement?,
        kind: terms.kind,
        allocation: allocation?,
        sites: sites?,
        split: split?,
        profile,
        shaped_w: terms.shaped_w,
        annual_wh: terms.annual_wh,
        valid_from: terms.valid_from,
        valid_to: terms.valid_to,
        certificates: terms.certificates,
        registry: terms.registry,
        beneficiary: terms.beneficiary,
        commissioned: terms.commissioned,
        meter: terms.meter,
        accuracy_class: terms.accuracy_class,
    };
    Some((contract, at))
}

fn check_technology(
    file: &mut File<'_>,
    table: &Table<'_, '_>,
    technology: Option<&(String, usize)>,
    ef: Option<i64>,
    known: &Known<'_>,
) {
    let (Some((name, at)), Some(ruleset)) = (technology, known.ruleset) else { return };
    if !ruleset.is_carbon_free(name) && ef.is_none() {
        file.refuse(
            *at,
            format!("{}: `{name}` is not carbon-free under ruleset {} and has no factor", table.name, ruleset.id),
            format!("add ef_g_per_kwh, or use one of {}", ruleset.carbon_free.join(" ")),
        );
    }
}

fn share(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<Fraction> {
    match table.string(file, "share") {
        None => Some(Fraction::ONE),
        Some((text, at)) => match Fraction::parse(&text) {
            Ok(share) => Some(share),
            Err(error) => {
                file.refuse(at, format!("{}: {error}", table.name), "write share = \"1/2\" or \"0.5\"");
                None
            }
        },
    }
}

fn settlement(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<Settlement> {
    match table.string(file, "settlement") {
        None => Some(Settlement::Physical),
        Some((text, _)) if text == "physical" => Some(Settlement::Physical),
        Some((text, _)) if text == "financial" => Some(Settlement::Financial),
        Some((text, at)) => {
            file.refuse(
                at,
                format!("{}: settlement `{text}` is not known", table.name),
                "write \"physical\" or \"financial\"",
            );
            None
        }
    }
}

fn allocation(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<SharingRule> {
    match table.string(file, "allocation") {
        None => Some(SharingRule::Proportional),
        Some((text, at)) => {
            let rule = SharingRule::parse(&text);
            if rule.is_none() {
                let hint = "write \"proportional\", \"priority\", \"equal_share\" or \"pro_rata_contract\"";
                file.refuse(at, format!("{}: allocation `{text}` is not known", table.name), hint);
            }
            rule
        }
    }
}

fn sites(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    boundary: Option<&str>,
    known: &Known<'_>,
) -> Option<Vec<String>> {
    let Some(listed) = table.strings(file, "sites") else {
        let here = |all: &[String]| boundary.is_some_and(|b| all.iter().any(|known| known == b));
        return Some(known.sites.iter().filter(|(_, all)| here(all)).map(|(id, _)| id.clone()).collect());
    };
    let mut sites: Vec<String> = Vec::new();
    for (id, at) in listed {
        match known.sites.get(&id) {
            None => {
                let names: Vec<&str> = known.sites.keys().map(String::as_str).collect();
                let hint = match super::walk::nearest(&id, &names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known sites: {}", names.join(" ")),
                };
                file.refuse(at, format!("{}: site `{id}` is not defined", table.name), hint);
            }
            Some(all) if boundary.is_some_and(|b| !known.reaches(b, &id)) => file.refuse(
                at,
                format!(
                    "{}: site `{id}` lies in boundary {}, the contract in {}",
                    table.name,
                    all.join(", "),
                    boundary.unwrap_or("")
                ),
                "energy never crosses a boundary but over a [[link]]: take the site out, or give it a contract of its own boundary",
            ),
            Some(_) if sites.contains(&id) => {
                file.refuse(at, format!("{}: site `{id}` is listed twice", table.name), "list it once")
            }
            Some(_) => sites.push(id),
        }
    }
    if sites.is_empty() {
        file.refuse(
            table.at_key("sites"),
            format!("{} serves no site", table.name),
            "leave `sites` out to serve every site of the boundary",
        );
    }
    Some(sites)
}

fn split(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    rule: Option<SharingRule>,
    sites: &Option<Vec<String>>,
) -> Option<BTreeMap<String, Fraction>> {
    let pairs = table.string_pairs(file, "split");
    let wanted = rule == Some(SharingRule::ProRataContract);
    let at = table.at_key("split");
    let Some(pairs) = pairs else {
        if wanted {
            file.refuse(
                at,
                format!("{}: pro_rata_contract has no `split`", table.name),
                "add split = {ashburn = \"3/5\", ...}",
            );
        }
        return Some(BTreeMap::new());
    };
    if !wanted {
        file.refuse(
            at,
            format!("{}: `split` belongs to allocation = \"pro_rata_contract\"", table.name),
            "take one of them out",
        );
    }
    let mut split = BTreeMap::new();
    for (site, text, at) in pairs {
        if sites.as_ref().is_some_and(|sites| !sites.contains(&site)) {
            file.refuse(
                at,
                format!("{}: split names `{site}`, which it does not serve", table.name),
                "name only sites it serves",
            );
        }
        match Fraction::parse(&text) {
            Ok(part) => {
                split.insert(site, part);
            }
            Err(error) => file.refuse(at, format!("{}: {error}", table.name), "write \"3/5\""),
        }
    }
    if wanted && sites.as_ref().is_some_and(|sites| sites.iter().any(|site| !split.contains_key(site))) {
        file.refuse(at, format!("{}: split leaves out a site it serves", table.name), "give each served site its part");
    }
    if Fraction::sum_exceeds_one(&split.values().copied().collect::<Vec<_>>()) {
        file.refuse(at, format!("{}: the parts of `split` add up to more than 1", table.name), "lower them");
    }
    Some(split)
}

fn profile(file: &mut File<'_>, mut table: Table<'_, '_>, known: &Known<'_>) -> Option<ProfileDef> {
    let series = table.needed_string(file, "series", "grid/PJM/solar");
    let mean_mw = table.number(file, "mean_mw", 0.0, 1e6);
    if mean_mw.is_none() && table.at_key("mean_mw") == table.at {
        file.refuse(table.at, "profile has no `mean_mw`", "add mean_mw = 50.0");
    }
    let over = over(file, &mut table, known);
    if let Some((name, at)) = &series {
        match reports::series::name::kind_of(name) {
            Err(error) => file.refuse(*at, error.to_string(), "write grid/<boundary>/solar"),
            Ok(_) => {
                let boundary = name.split('/').nth(1).unwrap_or("");
                if !known.boundaries.contains(boundary) {
                    file.refuse(
                        *at,
                        format!("profile series `{name}` names boundary `{boundary}`, which is not defined"),
                        "define it or correct the name",
                    );
                }
            }
        }
    }
    table.close(file);
    Some(ProfileDef { series: series?.0, mean_w: (mean_mw? * 1e6).round() as i64, over: over? })
}

/// `over = "2022"`, a UTC year, or `over = ["2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z"]`.
fn over(file: &mut File<'_>, table: &mut Table<'_, '_>, known: &Known<'_>) -> Option<Interval> {
    let at = table.at_key("over");
    let hint = "write over = \"2022\" (a UTC year) or over = [\"2022-01-01T00:00:00Z\", \"2023-01-01T00:00:00Z\"]";
    let mut scratch = File::new("", "");
    let span = match table.string(&mut scratch, "over") {
        Some((year, _)) => {
            year.parse::<i32>().ok().filter(|y| (1971..=9998).contains(y) && year.len() == 4).and_then(|y| {
                let first = |y: i32| chrono::NaiveDate::from_ymd_opt(y, 1, 1).map(|d| Zone::UTC.day_start(d));
                Interval::new(first(y)?, first(y + 1)?).ok()
            })
        }
        None => match table.strings(&mut scratch, "over").as_deref() {
            Some([(start, _), (end, _)]) => {
                let start = parse_when(start, 0, known.time.zone).ok();
                let end = parse_when(end, 0, known.time.zone).ok();
                start.zip(end).and_then(|(start, end)| Interval::new(start, end).ok())
            }
            _ => None,
        },
    };
    match span {
        None => {
            file.refuse(at, "profile: `over` is missing or is no period", hint);
            None
        }
        Some(span) if reports::time::Grid::over(span, known.time.resolution).is_err() => {
            let what =
                format!("profile: `over` {} does not lie on the resolution's grid", format_instant(span.start_s));
            file.refuse(at, what, hint);
            None
        }
        span => span,
    }
}

/// Shares of one plant add up to at most the plant, at every instant at which one changes.
pub(super) fn check_plants(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    let mut plants: BTreeMap<&str, Vec<(&ContractDef, usize)>> = BTreeMap::new();
    for (contract, at) in contracts {
        if let Some(plant) = &contract.plant {
            plants.entry(plant).or_default().push((contract, *at));
        }
    }
    for (plant, parts) in plants {
        let mut instants: Vec<i64> = parts.iter().flat_map(|(c, _)| c.changes()).collect();
        instants.push(i64::MIN);
        instants.sort_unstable();
        let shares_at = |instant: i64| parts.iter().map(|(c, _)| c.share_at(instant)).collect::<Vec<Fraction>>();
        let over = instants.into_iter().map(shares_at).find(|shares| Fraction::sum_exceeds_one(shares));
        if let Some(shares) = over {
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

/// Site lists nest or are disjoint, or the order of allocation could strand energy.
pub(super) fn check_nesting(file: &mut File<'_>, contracts: &[(ContractDef, usize)]) {
    for (index, (a, _)) in contracts.iter().enumerate() {
        for (b, at) in contracts[index + 1..].iter().filter(|(b, _)| b.kind == a.kind) {
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
