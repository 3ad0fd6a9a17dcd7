//! Every key of the portfolio, from the table that the parser reads by.

use super::page::{Page, Part, code};
use crate::portfolio::keys::file::FILE;
use crate::portfolio::keys::kinds::{Key, Presence, Section, Takes};

pub fn page() -> Page {
    let mut parts = vec![part(&FILE)];
    add_below(&FILE, &mut parts);
    let about = format!(
        "{} Keys that are not listed are refused with their line, and `hourmatch check` reports every problem at once. \
         Instants are RFC 3339 or a local date in `[portfolio] time_zone`; a local day owns the intervals that start \
         in it.\n\n`hourmatch reference schema -o hourmatch.schema.json` writes a JSON Schema of the file. Editors \
         that know Taplo's convention check the file as it is typed if its first line is `#:schema \
         ./hourmatch.schema.json`.",
        FILE.about
    );
    Page { title: "Portfolio file", about, parts }
}

fn add_below(section: &'static Section, parts: &mut Vec<Part>) {
    for below in section.keys.iter().filter_map(Key::section).chain(section.others.iter().copied()) {
        parts.push(part(below));
        add_below(below, parts);
    }
}

fn part(section: &Section) -> Part {
    let rows = section.keys.iter().map(row);
    let mut about =
        if section.heading == FILE.heading { "The tables of the file.".into() } else { section.about.to_string() };
    if !section.others.is_empty() {
        about
            .push_str(" A table of any other name is one of those below; [sources](../sources.md) says how they work.");
    }
    Part::table(section.heading, about, &["key", "value", "unit", "without it", "meaning", "example"], rows.collect())
}

fn row(key: &Key) -> Vec<String> {
    let without = match key.presence {
        Presence::Needed(_) => "required".to_string(),
        Presence::Default(literal) => code(literal),
        Presence::Else(words, _) => words.to_string(),
    };
    // What a table holds has a table of its own.
    let example =
        if key.section().is_some() { String::new() } else { code(&format!("{} = {}", key.name, key.example())) };
    vec![code(key.name), takes(key.takes), key.unit.to_string(), without, key.meaning.to_string(), example]
}

fn takes(takes: Takes) -> String {
    match takes {
        Takes::Text => "text".into(),
        Takes::Id => "id".into(),
        Takes::Choice(words) => words.iter().map(|word| code(&format!("\"{word}\""))).collect::<Vec<_>>().join(" "),
        Takes::Number(low, high) => format!("{low} to {high}"),
        Takes::Fraction => "0 to 1, or text such as `\"1/3\"`".into(),
        Takes::FractionText => "text such as `\"1/3\"` or `\"0.5\"`".into(),
        Takes::Flag => "`true` `false`".into(),
        Takes::Texts => "list of texts".into(),
        Takes::Pairs => "list of pairs of numbers".into(),
        Takes::Parts => "table of sites and shares".into(),
        Takes::Words => "text, or list of texts".into(),
        Takes::Character => "one character".into(),
        Takes::Cells => "table of columns, and a cell or a list of cells of each".into(),
        Takes::TextTable => "table of names and texts".into(),
        Takes::Instant => "date or instant, as text".into(),
        Takes::Duration => "text such as `\"2h\"`, `\"30min\"`, `\"7d\"`".into(),
        Takes::Period => "year, or two instants".into(),
        Takes::Table(_) => "table".into(),
        Takes::Tables(_) => "list of tables".into(),
    }
}
