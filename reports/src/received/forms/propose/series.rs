//! The series of a proposal: one a column of numbers, or of a long table one a column and group of rows.

use super::columns::{Held, held};
use super::groups::{Group, groups};
use super::places::{Place, Places};
use super::sample::{Sample, number};
use super::times::{Kind, Times};
use crate::received::encoding::Encoding;
use crate::text::clip;
use ids::SiteId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How numbers are written: decimal point, and what groups digits.
pub type Marks = (char, Option<char>);

/// A table as it was found.
#[derive(Debug)]
pub struct Found {
    pub sample: Sample,
    pub times: Times,
    pub marks: Marks,
    /// Columns of numbers.
    pub values: Vec<usize>,
    pub encoding: Encoding,
}

/// What is proposed of the columns.
#[derive(Debug, Default)]
pub struct Series {
    /// `[[source.mine.series]]`, all of them.
    pub text: String,
    pub left_out: Vec<String>,
    /// Cells of rows that give nothing, by column.
    pub ignored: BTreeSet<(usize, String)>,
    /// Zones of the sites that it is about, then the portfolio's, then all others.
    pub zones: Vec<String>,
}

/// A series and where it stands.
#[derive(Debug)]
struct Entry {
    group: &'static str,
    /// None where nobody says of which.
    id: Option<String>,
    leaf: &'static str,
    columns: Vec<usize>,
    /// What tells it from others that would be named alike.
    number: usize,
    cells: Vec<(usize, String)>,
    unit: Option<String>,
    suffix: Option<String>,
}

/// Names of columns that hold units.
const UNITS: [&str; 5] = ["unit", "units", "einheit", "unit\u{e9}", "unidad"];

/// Series for all columns of numbers that may be energy, prices or intensities.
pub fn series(found: &Found, places: &Places, open: &mut Vec<String>) -> Series {
    let mut made = Series::default();
    let mut entries: Vec<Entry> = Vec::new();
    let taken: Vec<usize> = found.times.columns().into_iter().chain(found.values.iter().copied()).collect();
    let all = match found.times.kind {
        // Their times are days, which come once an interval.
        Kind::Period(..) | Kind::Across(..) => {
            vec![Group { cells: Vec::new(), rows: (0..found.times.moments.len()).collect() }]
        }
        _ => groups(&found.sample, &found.times.moments, &taken),
    };
    // Each column makes a series; those of a day make one together.
    let columns: Vec<Vec<usize>> = match found.times.kind {
        Kind::Across(..) => vec![found.values.clone()],
        _ => found.values.iter().map(|at| vec![*at]).collect(),
    };
    let mut kept: Vec<&Group> = Vec::new();
    for (place, group) in all.iter().enumerate() {
        let before = entries.len();
        for columns in &columns {
            match entry(found, places, (group, place), columns.clone()) {
                Ok(entry) => entries.push(entry),
                Err(why) => made.left_out.push(why),
            }
        }
        if entries.len() > before {
            kept.push(group);
        }
    }
    made.ignored = ignored(&all, &kept);
    made.zones = zones(&entries, places);
    merge(&mut entries);
    write(found, places, &entries, (&mut made.text, open));
    made
}

/// Zones that times may be of, the likeliest first.
fn zones(entries: &[Entry], places: &Places) -> Vec<String> {
    let is_named = |site: &&Place<SiteId>| {
        entries.iter().any(|entry| match (entry.group, entry.id.as_deref()) {
            ("site", Some(id)) => site.id == id,
            ("grid", Some(id)) => site.boundary == id,
            (_, Some(id)) => places.contracts.iter().any(|of| of.id == id && of.boundary == site.boundary),
            (_, None) => false,
        })
    };
    let named = places.named_site("").into_iter().chain(places.sites.iter().filter(is_named));
    let zones = named.map(|site| &site.time_zone).chain([&places.time_zone]);
    zones.chain(places.sites.iter().map(|site| &site.time_zone)).cloned().collect()
}

/// The series of columns in a group of rows, or why there is none.
fn entry(
    found: &Found,
    places: &Places,
    (group, place): (&Group, usize),
    columns: Vec<usize>,
) -> Result<Entry, String> {
    let (sample, (decimal, thousands)) = (&found.sample, found.marks);
    let first = columns.first().copied().unwrap_or(0);
    let is_across = matches!(found.times.kind, Kind::Across(..));
    let header = if is_across { places.file.as_str() } else { sample.header.get(first).unwrap_or("").trim() };
    let cells: Vec<&str> = group.cells.iter().map(|(_, cell)| cell.as_str()).collect();
    let title = std::iter::once(header).chain(cells.iter().copied()).collect::<Vec<_>>().join(" ");
    let all: Vec<String> = sample.column(first).collect();
    let texts = group.rows.iter().filter_map(|row| all.get(*row));
    let numbers: Vec<f64> = texts.filter_map(|cell| number(cell, decimal, thousands)).collect();
    let suffix = sample.suffix(first);
    let stated = suffix.clone().or_else(|| unit_beside(found, group));
    let shown = || match group.cells.is_empty() {
        true => format!("`{}`", clip(header)),
        false => format!("`{}` of `{}`", clip(header), clip(&cells.join("`, `"))),
    };
    let Held { group: kind, leaf, unit } = match held(&title, stated.as_deref(), &numbers) {
        Err(why) if !is_across => return Err(format!("{}: {why}", shown())),
        Err(_) => Held { group: "site", leaf: "load", unit: None },
        Ok(held) => held,
    };
    // A column or a file that names a contract, and no site, is of its plant.
    let may_be_of_plant = match kind {
        "site" => matches!(leaf, "load" | "export") && places.named_site(&title).is_none(),
        "grid" => !matches!(leaf, "price" | "carbon_intensity"),
        _ => false,
    };
    let (kind, leaf) = match may_be_of_plant && places.named_contract(&title).is_some() {
        true => ("contract", "generation"),
        false => (kind, leaf),
    };
    let id = match kind {
        "site" => places.site(&title).map(|site| site.id.to_string()),
        "contract" => places.contract(&title).map(|contract| contract.id.to_string()),
        _ => places.boundary(&title).map(|id| id.to_string()),
    };
    let number = if group.cells.is_empty() { first + 1 } else { place + 1 };
    Ok(Entry { group: kind, id, leaf, columns, number, cells: group.cells.clone(), unit, suffix })
}

/// The unit in a column of units, of a group's first row.
fn unit_beside(found: &Found, group: &Group) -> Option<String> {
    let named = |name: &str| UNITS.contains(&name.trim().to_lowercase().as_str());
    let at = found.sample.header.iter().position(named)?;
    found.sample.column(at).nth(*group.rows.first()?).filter(|unit| !unit.is_empty())
}

/// Cells that only rows have that give nothing.
fn ignored(all: &[Group], kept: &[&Group]) -> BTreeSet<(usize, String)> {
    let needed: BTreeSet<&(usize, String)> = kept.iter().flat_map(|group| &group.cells).collect();
    let dropped = all.iter().filter(|group| !kept.contains(group));
    dropped.filter_map(|group| group.cells.iter().find(|cell| !needed.contains(cell))).cloned().collect()
}

/// Columns of one fuel are added up; where a site has both ways, what is drawn is its import.
fn merge(entries: &mut Vec<Entry>) {
    let mut merged: Vec<Entry> = Vec::new();
    for entry in entries.drain(..) {
        let same = |other: &Entry| {
            (other.group, other.leaf, &other.id) == ("grid", entry.leaf, &entry.id)
                && other.cells.is_empty()
                && other.unit == entry.unit
                && !matches!(entry.leaf, "price" | "carbon_intensity")
        };
        match merged.iter().position(|other| entry.group == "grid" && same(other)) {
            Some(at) => merged[at].columns.extend(&entry.columns),
            None => merged.push(entry),
        }
    }
    let is_export = |entry: &&Entry| (entry.group, entry.leaf) == ("site", "export");
    let exported: Vec<Option<String>> = merged.iter().filter(is_export).map(|entry| entry.id.clone()).collect();
    for entry in &mut merged {
        if (entry.group, entry.leaf) == ("site", "load") && exported.contains(&entry.id) {
            entry.leaf = "import";
        }
    }
    *entries = merged;
}

fn write(found: &Found, places: &Places, entries: &[Entry], (text, open): (&mut String, &mut Vec<String>)) {
    let name = |at: usize| quoted(found.sample.header.get(at).unwrap_or(""));
    let mut count: BTreeMap<(&str, &Option<String>, &str), usize> = BTreeMap::new();
    for entry in entries {
        *count.entry((entry.group, &entry.id, entry.leaf)).or_default() += 1;
    }
    for entry in entries {
        // A series stands once: where several would be the same, someone says what each is.
        let many = count.get(&(entry.group, &entry.id, entry.leaf)).is_some_and(|count| *count > 1);
        let word = match entry.group {
            "site" => "SITE",
            "contract" => "CONTRACT",
            _ => "BOUNDARY",
        };
        let id = match (&entry.id, many) {
            (Some(id), false) => id.clone(),
            (None, false) => word.to_string(),
            (_, true) => format!("{word}-{}", entry.number),
        };
        let columns: Vec<String> = entry.columns.iter().map(|at| name(*at)).collect();
        let columns = if let [one] = &columns[..] { one.clone() } else { format!("[{}]", columns.join(", ")) };
        let unit = entry.unit.clone().unwrap_or_else(|| {
            open.push(format!("the unit of {}", entry.columns.first().map(|at| name(*at)).unwrap_or_default()));
            guessed(entry.leaf, places)
        });
        let _ = write!(
            text,
            "\n[[source.mine.series]]\nseries = \"{}/{id}/{}\"\ncolumn = {columns}\nunit = \"{unit}\"\n",
            entry.group, entry.leaf
        );
        if let Some(suffix) = &entry.suffix {
            let _ = writeln!(text, "suffix = {}", quoted(suffix));
        }
        if !entry.cells.is_empty() {
            let cells = entry.cells.iter().map(|(at, cell)| (name(*at), std::slice::from_ref(cell)));
            let _ = writeln!(text, "where = {}", conditions(cells));
        }
    }
}

/// A unit where the file states none.
fn guessed(leaf: &str, places: &Places) -> String {
    match (leaf, places.currency.as_str()) {
        ("price", "") => "currency/MWh".into(),
        ("price", currency) => format!("{currency}/MWh"),
        ("carbon_intensity", _) => "g/kWh".into(),
        _ => "kWh".into(),
    }
}

/// `{ "metric" = "pue", "site" = ["A", "B"] }`.
pub fn conditions<'a>(columns: impl Iterator<Item = (String, &'a [String])>) -> String {
    let one = |(name, cells): (String, &[String])| match cells {
        [cell] => format!("{name} = {}", quoted(cell)),
        cells => format!("{name} = [{}]", cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(", ")),
    };
    format!("{{ {} }}", columns.map(one).collect::<Vec<_>>().join(", "))
}

pub fn quoted(text: &str) -> String {
    toml::Value::String(text.trim_start_matches('\u{feff}').trim_matches(' ').into()).to_string()
}
