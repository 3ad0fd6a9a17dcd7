//! `[source.<name>]` of what is fetched: from whom, for which series, how often.

use super::common::{BoundaryId, Secret, Table};
use super::values;
use reports::factors::FUELS;
use reports::received::providers::about::{ANY, About, Asked, Credential, EACH, FUEL};
use reports::received::providers::{Feed, Wanted, named};
use reports::series::name::{Group, SeriesName, is_id, kind_of, parts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const SHORTEST_EVERY_S: i64 = 60;
const LONGEST_EVERY_S: i64 = 31 * 86_400;
const LONGEST_OVERLAP_S: i64 = 60 * 86_400;

/// Who is asked for what. It holds no secret but an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSource {
    pub name: String,
    pub feed: &'static dyn Feed,
    pub url: Secret,
    pub wanted: Wanted,
    pub every_s: i64,
    pub overlap_s: i64,
    /// Among sources of one series, the lowest that is fresh is used.
    pub rank: u32,
    /// Whether `follow` asks it.
    pub follow: bool,
    pub token: TokenFrom,
    pub proxy: Option<Secret>,
    /// Relative to the portfolio file, as is a token's.
    pub ca_file: Option<PathBuf>,
}

/// Where a credential is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenFrom {
    Nowhere,
    /// The environment variable of this name.
    Env(String),
    File(PathBuf),
}

impl FeedSource {
    /// The source that is there without a table: nobody follows it.
    pub fn gb() -> Option<Self> {
        let feed = named("gb")?;
        let about = feed.about();
        let area = BoundaryId::from("GB");
        let wanted = Wanted { series: all(about, &area), area, ..Wanted::default() };
        Some(Self {
            name: about.name.into(),
            feed,
            url: about.url?.into(),
            wanted,
            every_s: about.every_s,
            overlap_s: about.overlap_s,
            rank: 0,
            follow: false,
            token: TokenFrom::Nowhere,
            proxy: None,
            ca_file: None,
        })
    }

    /// The same for another boundary.
    pub fn of_area(&self, area: &BoundaryId) -> Self {
        let moved = |name: &String| match parts(name) {
            Some((Group::Grid, own, leaf)) if self.wanted.area == *own => SeriesName::of_boundary(area, leaf).into(),
            _ => name.clone(),
        };
        let series = self.wanted.series.iter().map(moved).collect();
        Self { wanted: Wanted { area: area.clone(), series, ..self.wanted.clone() }, ..self.clone() }
    }
}

/// Reads the table of a feed whose `kind` is known.
pub(super) fn read(
    (name, feed): (&str, &'static dyn Feed),
    mut table: Table<'_, '_>,
    boundaries: &BTreeSet<BoundaryId>,
) -> Option<FeedSource> {
    let about = feed.about();
    let (file, at, title) = (table.file, table.at, table.name.clone());
    let _ = table.string("kind");
    let url = address(&mut table, "url");
    if url.is_none() && about.url.is_none() {
        file.refuse(at, format!("{title} has no `url`"), "add url = \"https://...\", without a path");
    }
    let zone = zone(&mut table, about);
    let area = area(&mut table, (about, zone.as_str()), boundaries);
    let series = series(&mut table, about, &area);
    let settings = settings(&mut table, about, &series);
    let every_s = duration(&mut table, "every", SHORTEST_EVERY_S, LONGEST_EVERY_S).unwrap_or(about.every_s);
    let overlap_s = duration(&mut table, "overlap", 0, LONGEST_OVERLAP_S).unwrap_or(about.overlap_s);
    let rank = rank(&mut table);
    // What is there without a boundary of its name is not followed: nobody said where its data belong.
    let follow = table.boolean("follow").unwrap_or(true) && (area.is_empty() || boundaries.contains(&area));
    let token = token(&mut table, about);
    let proxy = address(&mut table, "proxy");
    let ca_file = table.string("ca_file").map(|(path, _)| PathBuf::from(path));
    table.close();
    let wanted = Wanted { area, zone, series, settings };
    if token != TokenFrom::Nowhere && feed.credential(&wanted) == Credential::None {
        file.refuse(at, format!("{title}: {} takes no credential", about.title), "leave token_env and token_file out");
    }
    if let Err(what) = feed.check(&wanted) {
        file.refuse(at, format!("{title}: {what}"), "docs/feeds.md says what it takes");
    }
    let url = url.or_else(|| about.url.map(Secret::from))?;
    let name = name.to_string();
    Some(FeedSource { name, feed, url, wanted, every_s, overlap_s, rank, follow, token, proxy, ca_file })
}

fn address(table: &mut Table<'_, '_>, key: &'static str) -> Option<Secret> {
    let (url, at) = table.string(key)?;
    if url.starts_with("http://") || url.starts_with("https://") {
        return Some(Secret::new(url));
    }
    table.refused(at, format!("`{key}`: `{}` is not a web address", Secret::new(url)), "write https://...")
}

fn zone(table: &mut Table<'_, '_>, about: &About) -> String {
    let stated = table.string("zone");
    match (stated, about.zone) {
        (Some((zone, at)), Asked::Never) => {
            table.refuse(at, format!("`zone` `{zone}`: {} has one area", about.title), "leave `zone` out");
        }
        (Some((zone, at)), _) if !is_id(&zone) => {
            let hint = "letters, digits, `-`, `_` and `.`, as the provider writes it";
            table.refuse(at, "`zone` is not the name of an area", hint);
        }
        (Some((zone, _)), _) => return zone,
        (None, Asked::Needed(example)) => {
            table.file.refuse(table.at, format!("{} has no `zone`", table.name), format!("add zone = {example}"));
        }
        (None, _) => {}
    }
    String::new()
}

/// The boundary that data belong to: as stated, else the one that the provider's area is called like.
fn area(table: &mut Table<'_, '_>, (about, zone): (&About, &str), boundaries: &BTreeSet<BoundaryId>) -> BoundaryId {
    let known = || boundaries.iter().map(BoundaryId::as_str).collect::<Vec<_>>().join(" ");
    if let Some((area, at)) = table.string("area") {
        let area = BoundaryId::from(area);
        if !boundaries.contains(&area) {
            table.refuse(at, format!("`area` `{area}` is not a boundary"), format!("boundaries: {}", known()));
        }
        return area;
    }
    if about.name == "gb" {
        return "GB".into();
    }
    if boundaries.contains(zone) {
        return zone.into();
    }
    if !about.gives.iter().any(|gives| gives.leaf == ANY) {
        let what = format!("{} has no `area`, and no boundary is called like its zone", table.name);
        table.file.refuse(table.at, what, format!("add area = \"...\", one of {}", known()));
    }
    BoundaryId::default()
}

/// Every series of a boundary that a feed gives.
fn all(about: &About, area: &BoundaryId) -> Vec<String> {
    let leaves = about.gives.iter().flat_map(|gives| match gives.leaf {
        ANY => Vec::new(),
        FUEL => FUELS.iter().map(|(fuel, ..)| *fuel).collect(),
        leaf => vec![leaf],
    });
    let names: BTreeSet<String> = leaves.map(|leaf| SeriesName::of_boundary(area, leaf).into()).collect();
    names.into_iter().collect()
}

fn series(table: &mut Table<'_, '_>, about: &About, area: &BoundaryId) -> Vec<String> {
    let Some(stated) = table.strings("series") else {
        let all = all(about, area);
        if all.is_empty() {
            let what = format!("{} has no `series`", table.name);
            table.file.refuse(table.at, what, "name those that it fills: series = [\"site/ashburn/load\"]");
        }
        return all;
    };
    let mut names = BTreeSet::new();
    for (text, at) in stated {
        let name = if text.contains('/') { text.clone() } else { format!("{}/{area}/{text}", Group::Grid.name()) };
        let leaf = name.rsplit('/').next().unwrap_or_default();
        if let Err(error) = kind_of(&name) {
            table.refuse(at, format!("`series`: {error}"), "docs/reference lists every series");
        } else if about.gives(leaf).is_none() {
            let given: Vec<&str> = about.gives.iter().map(|gives| gives.leaf).collect();
            let what = format!("`series`: {} does not give `{leaf}`", about.title);
            table.refuse(at, what, format!("it gives {}", given.join(" ")));
        } else {
            names.insert(name);
        }
    }
    names.into_iter().collect()
}

fn settings(table: &mut Table<'_, '_>, about: &About, series: &[String]) -> BTreeMap<String, String> {
    let each = about.settings.iter().any(|setting| setting.name == EACH);
    let mut settings = BTreeMap::new();
    for (key, text, at) in table.string_pairs("settings").unwrap_or_default() {
        let known = about.settings.iter().any(|setting| setting.name == key) || (each && series.contains(&key));
        if !known {
            let names: Vec<&str> = about.settings.iter().map(|setting| setting.name).collect();
            let hint = if names.is_empty() { "leave it out".into() } else { format!("it takes {}", names.join(" ")) };
            table.refuse(at, format!("`settings`: {} takes no `{key}`", about.title), hint);
        }
        settings.insert(key, text);
    }
    for setting in about.settings.iter().filter(|setting| setting.needed) {
        let lacks = match setting.name {
            EACH => series.iter().any(|name| !settings.contains_key(name)),
            name => !settings.contains_key(name),
        };
        if lacks {
            let what = format!("`settings` lacks `{}`: {}", setting.name, setting.meaning);
            table.refuse(table.at, what, format!("add settings = {{ {} }}", setting.example));
        }
    }
    settings
}

fn duration(table: &mut Table<'_, '_>, key: &'static str, least_s: i64, most_s: i64) -> Option<i64> {
    let hint = format!("write {key} = \"30min\"");
    let (seconds, at) = values::duration(table, key, &hint)?;
    if (least_s..=most_s).contains(&seconds) {
        return Some(seconds);
    }
    table.refused(at, format!("`{key}` is not between {least_s}s and {}d", most_s / 86_400), hint)
}

fn rank(table: &mut Table<'_, '_>) -> u32 {
    let rank = table.number("rank").unwrap_or(0.0);
    table.refuse_if(rank.fract() != 0.0, "rank", "`rank` is not an integer", "write rank = 1");
    rank as u32
}

fn token(table: &mut Table<'_, '_>, about: &About) -> TokenFrom {
    let env = table.string("token_env");
    let path = table.string("token_file");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match (env, path) {
        (Some(_), Some((_, at))) => {
            let what = "`token_env` and `token_file` are two places of one credential";
            table.refuse(at, what, "leave one of them out");
        }
        // The text is not repeated: it may be the credential itself.
        (Some((name, at)), None) if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) => {
            let what = "`token_env` is not the name of an environment variable";
            table.refuse(at, what, "write token_env = \"GRID_TOKEN\", and set that variable");
        }
        (Some((name, _)), None) => return TokenFrom::Env(name),
        (None, Some((path, _))) => return TokenFrom::File(path.into()),
        (None, None) if about.needs_credential => {
            let hint = "name the environment variable that holds it: token_env = \"GRID_TOKEN\"";
            table.refuse(table.at, format!("{} needs a credential", about.title), hint);
        }
        (None, None) => {}
    }
    TokenFrom::Nowhere
}
