//! Every series, from the table that names are read by, and every unit.

use super::page::{Page, Part, code};
use crate::cli::table::row;
use reports::factors::FUELS;
use reports::quality::Quality;
use reports::series::name::{Group, SeriesKind, Volume, kind_of};
use reports::units::{Quantity, UNITS, Unit};

const COLUMNS: [&str; 6] = ["series", "meaning", "holds", "units", "may be negative", "rounds"];

pub fn page() -> Page {
    let mut parts: Vec<Part> = Group::ALL.into_iter().map(group).collect();
    parts.extend([fuels(), volumes(), qualities()]);
    let about = "A series is named `group/id/leaf`: `site/ashburn/load`. An id has ASCII letters, digits, `-`, `_` and \
        `.`, at most 64 of them, and starts with no `.`. A value is rounded once, into the base unit of what it \
        measures. Power is taken as the mean over its interval.\n\nSee also [units](units.md), and \
        [accounts](../accounts.md#metered-data) for how readings lie on the grid.";
    Page { title: "Series", about: about.to_string(), parts }
}

fn group(group: Group) -> Part {
    let rows = group
        .leaves()
        .iter()
        .map(|leaf| series_row(&format!("{}/<id>/{}", group.name(), leaf.name), leaf.meaning, leaf.kind));
    let about = format!("The id is {}.", group.ids());
    Part::table(group.name(), about, &COLUMNS, rows.collect())
}

fn series_row(name: &str, meaning: &str, kind: SeriesKind) -> Vec<String> {
    let sign = if kind.may_be_negative { "yes" } else { "no" };
    row![code(name), meaning, kind.quantity.name(), units(kind.quantity), sign, kind.round.name()].into()
}

fn units(quantity: Quantity) -> String {
    let names = UNITS.iter().filter(|unit| unit.quantity == quantity).map(|unit| code(unit.name));
    names.collect::<Vec<_>>().join(" ")
}

/// What a series of a boundary holds, by the same function that reads names; `one` of those that `leaf` stands for.
fn of_boundary(leaf: &str, one: &str, meaning: &str) -> Vec<String> {
    let (name, kind) = (format!("grid/<id>/{leaf}"), kind_of(&format!("grid/id/{one}")));
    kind.map_or_else(|error| vec![code(&name), error.to_string()], |kind| series_row(&name, meaning, kind))
}

fn fuels() -> Part {
    let rows = FUELS.iter().map(|(fuel, life_cycle, direct, carbon_free, fossil)| {
        let kind = match (*carbon_free, *fossil) {
            (true, _) => "carbon-free",
            (_, true) => "fossil",
            _ => "neither carbon-free nor fossil",
        };
        let meaning = format!("Generation of {fuel}: {kind}, {life_cycle} g/kWh life-cycle, {direct} direct.");
        of_boundary(fuel, fuel, &meaning)
    });
    let about = "Generation of a boundary by fuel. An intensity and a carbon-free share are made of them where no feed \
        says. The factors are those of the table that packs hold; rulesets may count fuels as carbon-free otherwise.";
    Part::table("grid: fuels", about, &COLUMNS, rows.collect())
}

fn volumes() -> Part {
    let rows = Volume::ALL.into_iter().map(|volume| {
        let leaf = |fuel: &str| format!("{fuel}_{}", volume.name());
        of_boundary(&leaf("<fuel>"), &leaf("gas"), volume.meaning())
    });
    let about = "Volumes of certificates by fuel, for a residual mix computed here: production - issued - sss + \
        expired, at least 0. Missing ones count as 0 once any is supplied.";
    Part::table("grid: volumes", about, &COLUMNS, rows.collect())
}

fn qualities() -> Part {
    let rows = Quality::ALL.into_iter().map(|quality| {
        let metered = if quality.is_metered() { "yes" } else { "no" };
        vec![code(quality.name()), quality.meaning().to_string(), metered.to_string()]
    });
    let about = "Of readings, best first; a reading that states none is `measured`.";
    Part::table("Qualities", about, &["quality", "meaning", "counts as metered"], rows.collect())
}

/// Every unit and what it is in the base unit.
pub fn units_page() -> Page {
    let parts = Quantity::ALL.into_iter().map(|quantity| {
        let rows = UNITS.iter().filter(|unit| unit.quantity == quantity).map(|unit| unit_row(*unit));
        let about = format!("Stored in {}.", code(quantity.base_unit()));
        Part::table(quantity.name(), about, &["unit", "in the base unit"], rows.collect())
    });
    let about = "Units as a reading, an invoice or a form writes them; capitals count. Conversions are exact, and a \
        value is rounded once, into the base unit. A price may name its currency, such as `USD/MWh`: it must be the \
        portfolio's. The mass of an intensity may name what it is of, such as `gCO2/kWh`, `kgCO2e/MWh` or `lbs CO2eq/MWh`.";
    Page { title: "Units", about: about.to_string(), parts: parts.collect() }
}

fn unit_row(unit: Unit) -> Vec<String> {
    let (numerator, denominator, of_an_hour) = unit.in_base();
    let factor = if denominator == 1 { numerator.to_string() } else { format!("{numerator}/{denominator}") };
    let base = unit.quantity.base_unit();
    let hour = if of_an_hour { " for each hour" } else { "" };
    vec![code(unit.name), format!("{factor} x {base}{hour}")]
}
