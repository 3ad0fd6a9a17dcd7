//! `[source.<name>]` of what is fetched: from whom, for which series, how often.

use super::file::File;
use super::walk::Table;
use crate::clock::parse_duration;
use crate::secret::Secret;
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
        let wanted = Wanted { area: "GB".into(), series: all(about, "GB"), ..Wanted::default() };
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
    pub fn of_area(&self, area: &str) -> Self {
        let moved = |name: &String| match parts(name) {
            Some((Group::Grid, own, leaf)) if own == self.wanted.area => SeriesName::of_boundary(area, leaf).into(),
            _ => name.clone(),
        };
        let series = self.wanted.series.iter().map(moved).collect();
        Self { wanted: Wanted { area: area.into(), series, ..self.wanted.clone() }, ..self.clone() }
    }
}

/// Reads the table of a feed whose `kind` is known.
pub(super) fn read(
    file: &mut File<'_>,
    (name, feed): (&str, &'static dyn Feed),
    mut table: Table<'_, '_>,
    boundaries: &BTreeSet<String>,
) -> Option<FeedSource> {
    let about = feed.about();
    let (at, title) = (table.at, table.name.clone());
    let _ = table.string(file, "kind");
    let url = address(file, &mut table, "url");
    if url.is_none() && about.url.is_none() {
        file.refuse(at, format!("{title} has no `url`"), "add url = \"https://...\", without a path");
    }
    let zone = zone(file, &mut table, about);
    let area = area(file, &mut table, (about, zone.as_str()), boundaries);
    let series = series(file, &mut table, about, &area);
    let settings = settings(file, &mut table, about, &series);
    let every_s = duration(file, &mut table, "every", SHORTEST_EVERY_S, LONGEST_EVERY_S).unwrap_or(about.every_s);
    let overlap_s = duration(file, &mut table, "overlap", 0, LONGEST_OVERLAP_S).unwrap_or(about.overlap_s);
    let rank = rank(file, &mut table);
    // What is there without a boundary of its name is not followed: nobody said where its data belong.
    let follow = table.boolean(file, "follow").unwrap_or(true) && (area.is_empty() || boundaries.contains(&area));
    let token = token(file, &mut table, about);
    let proxy = address(file, &mut table, "proxy");
    let ca_file = table.string(file, "ca_file").map(|(path, _)| PathBuf::from(path));
    table.close(file);
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

fn address(file: &mut File<'_>, table: &mut Table<'_, '_>, key: &'static str) -> Option<Secret> {
    let (url, at) = table.string(file, key)?;
    if url.starts_with("http://") || url.starts_with("https://") {
        return Some(Secret::new(url));
    }
    let what = format!("{}: `{key}`: `{}` is not a web address", table.name, Secret::new(url));
    file.refuse(at, what, "write https://...");
    None
}

fn zone(file: &mut File<'_>, table: &mut Table<'_, '_>, about: &About) -> String {
    let stated = table.string(file, "zone");
    match (stated, about.zone) {
        (Some((zone, at)), Asked::Never) => {
            let what = format!("{}: `zone` `{zone}`: {} has one area", table.name, about.title);
            file.refuse(at, what, "leave `zone` out");
            String::new()
        }
        (Some((zone, at)), _) if !is_id(&zone) => {
            let what = format!("{}: `zone` is not the name of an area", table.name);
            file.refuse(at, what, "letters, digits, `-`, `_` and `.`, as the provider writes it");
            String::new()
        }
        (Some((zone, _)), _) => zone,
        (None, Asked::Needed(example)) => {
            file.refuse(table.at, format!("{} has no `zone`", table.name), format!("add zone = {example}"));
            String::new()
        }
        (None, _) => String::new(),
    }
}

/// The boundary that data belong to: as stated, else the one that the provider's area is called like.
fn area(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    (about, zone): (&About, &str),
    boundaries: &BTreeSet<String>,
) -> String {
    let known = || boundaries.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    if let Some((area, at)) = table.string(file, "area") {
        if !boundaries.contains(&area) {
            let what = format!("{}: `area` `{area}` is not a boundary", table.name);
            file.refuse(at, what, format!("boundaries: {}", known()));
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
        file.refuse(table.at, what, format!("add area = \"...\", one of {}", known()));
    }
    String::new()
}

/// Every series of a boundary that a feed gives.
fn all(about: &About, area: &str) -> Vec<String> {
    let leaves = about.gives.iter().flat_map(|gives| match gives.leaf {
        ANY => Vec::new(),
        FUEL => FUELS.iter().map(|(fuel, ..)| *fuel).collect(),
        leaf => vec![leaf],
    });
    let names: BTreeSet<String> = leaves.map(|leaf| SeriesName::fuel(area, leaf).into()).collect();
    names.into_iter().collect()
}

fn series(file: &mut File<'_>, table: &mut Table<'_, '_>, about: &About, area: &str) -> Vec<String> {
    let Some(stated) = table.strings(file, "series") else {
        let all = all(about, area);
        if all.is_empty() {
            let what = format!("{} has no `series`", table.name);
            file.refuse(table.at, what, "name those that it fills: series = [\"site/ashburn/load\"]");
        }
        return all;
    };
    let mut names = BTreeSet::new();
    for (text, at) in stated {
        let name = if text.contains('/') { text.clone() } else { format!("{}/{area}/{text}", Group::Grid.name()) };
        let leaf = name.rsplit('/').next().unwrap_or_default();
        if let Err(error) = kind_of(&name) {
            file.refuse(at, format!("{}: `series`: {error}", table.name), "docs/reference lists every series");
        } else if about.gives(leaf).is_none() {
            let given: Vec<&str> = about.gives.iter().map(|gives| gives.leaf).collect();
            let what = format!("{}: `series`: {} does not give `{leaf}`", table.name, about.title);
            file.refuse(at, what, format!("it gives {}", given.join(" ")));
        } else {
            names.insert(name);
        }
    }
    names.into_iter().collect()
}

fn settings(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    about: &About,
    series: &[String],
) -> BTreeMap<String, String> {
    let each = about.settings.iter().any(|setting| setting.name == EACH);
    let mut settings = BTreeMap::new();
    for (key, text, at) in table.string_pairs(file, "settings").unwrap_or_default() {
        let known = about.settings.iter().any(|setting| setting.name == key) || (each && series.contains(&key));
        if !known {
            let names: Vec<&str> = about.settings.iter().map(|setting| setting.name).collect();
            let hint = if names.is_empty() { "leave it out".into() } else { format!("it takes {}", names.join(" ")) };
            file.refuse(at, format!("{}: `settings`: {} takes no `{key}`", table.name, about.title), hint);
        }
        settings.insert(key, text);
    }
    for setting in about.settings.iter().filter(|setting| setting.needed) {
        let lacks = match setting.name {
            EACH => series.iter().any(|name| !settings.contains_key(name)),
            name => !settings.contains_key(name),
        };
        if lacks {
            let what = format!("{}: `settings` lacks `{}`: {}", table.name, setting.name, setting.meaning);
            file.refuse(table.at, what, format!("add settings = {{ {} }}", setting.example));
        }
    }
    settings
}

fn duration(
    file: &mut File<'_>,
    table: &mut Table<'_, '_>,
    key: &'static str,
    least_s: i64,
    most_s: i64,
) -> Option<i64> {
    let (text, at) = table.string(file, key)?;
    let what = match parse_duration(&text) {
        Ok(seconds) if (least_s..=most_s).contains(&seconds) => return Some(seconds),
        Ok(_) => format!("{}: `{key}` is not between {least_s}s and {}d", table.name, most_s / 86_400),
        Err(problem) => format!("{}: `{key}`: {}", table.name, problem.what),
    };
    file.refuse(at, what, format!("write {key} = \"30min\""));
    None
}

fn rank(file: &mut File<'_>, table: &mut Table<'_, '_>) -> u32 {
    let at = table.at_key("rank");
    let rank = table.number(file, "rank").unwrap_or(0.0);
    if rank.fract() != 0.0 {
        file.refuse(at, format!("{}: `rank` is not an integer", table.name), "write rank = 1");
    }
    rank as u32
}

fn token(file: &mut File<'_>, table: &mut Table<'_, '_>, about: &About) -> TokenFrom {
    let at = table.at;
    let env = table.string(file, "token_env");
    let path = table.string(file, "token_file");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match (env, path) {
        (Some(_), Some((_, at))) => {
            let what = format!("{}: `token_env` and `token_file` are two places of one credential", table.name);
            file.refuse(at, what, "leave one of them out");
            TokenFrom::Nowhere
        }
        // The text is not repeated: it may be the credential itself.
        (Some((name, at)), None) if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) => {
            let what = format!("{}: `token_env` is not the name of an environment variable", table.name);
            file.refuse(at, what, "write token_env = \"GRID_TOKEN\", and set that variable");
            TokenFrom::Nowhere
        }
        (Some((name, _)), None) => TokenFrom::Env(name),
        (None, Some((path, _))) => TokenFrom::File(path.into()),
        (None, None) if about.needs_credential => {
            let what = format!("{}: {} needs a credential", table.name, about.title);
            file.refuse(at, what, "name the environment variable that holds it: token_env = \"GRID_TOKEN\"");
            TokenFrom::Nowhere
        }
        (None, None) => TokenFrom::Nowhere,
    }
}
