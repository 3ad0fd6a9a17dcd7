//! Every unit and what it is in the base unit.

use super::page::{Page, Part, code};
use reports::units::{Quantity, UNITS, Unit};

pub fn page() -> Page {
    let parts = Quantity::ALL.into_iter().map(|quantity| {
        let rows = UNITS.iter().filter(|unit| unit.quantity == quantity).map(|unit| row(*unit));
        let about = format!("Stored in {}.", code(quantity.base_unit()));
        Part::table(quantity.name(), about, &["unit", "in the base unit"], rows.collect())
    });
    let about = "Units as a reading, an invoice or a form writes them; capitals count. Conversions are exact, and a \
        value is rounded once, into the base unit. A price may name its currency, such as `USD/MWh`: it must be the \
        portfolio's. The mass of an intensity may name what it is of, such as `gCO2/kWh`, `kgCO2e/MWh` or `lbs CO2eq/MWh`.";
    Page { title: "Units", about: about.to_string(), parts: parts.collect() }
}

fn row(unit: Unit) -> Vec<String> {
    let (numerator, denominator, of_an_hour) = unit.in_base();
    let factor = if denominator == 1 { numerator.to_string() } else { format!("{numerator}/{denominator}") };
    let base = unit.quantity.base_unit();
    let hour = if of_an_hour { " for each hour" } else { "" };
    vec![code(unit.name), format!("{factor} x {base}{hour}")]
}
