//! Numbers as tables write them.

use super::table::Table;
use crate::text::clip;
use crate::units::Decimal;

/// A cell's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Value(Decimal),
    /// Unknown, which is not zero.
    Missing,
    /// Of something that does not exist.
    Absent,
}

/// What a cell says; behind its number stands the unit, where the series has one there.
/// Fails with why it is no number in this table, and what to write in its form.
pub fn cell(table: &Table, suffix: Option<&str>, text: &str) -> Result<Cell, String> {
    let text = text.trim();
    if table.absent.hold(text) {
        return Ok(Cell::Absent);
    }
    if table.missing.hold(text) {
        return Ok(Cell::Missing);
    }
    let text = match suffix {
        Some(unit) => text.strip_suffix(unit).map(str::trim_end).ok_or_else(|| other_unit(text, unit))?,
        None => text,
    };
    let plain = plain(text, table.decimal, table.thousands);
    plain.as_deref().and_then(|plain| Decimal::parse(plain).ok()).map(Cell::Value).ok_or_else(|| refusal(table, text))
}

/// With a point and without groups; none where groups are not of three digits.
pub fn plain(text: &str, decimal: char, thousands: Option<char>) -> Option<String> {
    let (whole, part) = match text.split_once(decimal) {
        Some((whole, part)) => (whole, Some(part)),
        None => (text, None),
    };
    let whole = match thousands {
        Some(mark) if whole.contains(mark) => ungrouped(whole, mark)?,
        _ => whole.to_string(),
    };
    // What is a point elsewhere is none here.
    let stray = |text: &str| text.contains([',', '.']);
    if stray(&whole) || part.is_some_and(stray) {
        return None;
    }
    Some(part.map_or(whole.clone(), |part| format!("{whole}.{part}")))
}

fn ungrouped(whole: &str, mark: char) -> Option<String> {
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let digits = first.trim_start_matches(['-', '+']);
    if digits.is_empty() || digits.len() > 3 || digits.starts_with('0') {
        return None;
    }
    let mut plain = first.to_string();
    for group in groups {
        if group.len() != 3 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        plain.push_str(group);
    }
    Some(plain)
}

fn other_unit(text: &str, unit: &str) -> String {
    format!("`{}` does not end with `{unit}`, the unit that its series states as suffix", clip(text))
}

fn refusal(table: &Table, text: &str) -> String {
    let shown = clip(text);
    let other = if table.decimal == '.' { ',' } else { '.' };
    let numeric = text.contains(|c: char| c.is_ascii_digit());
    let letters = text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'));
    let is_ungrouped = numeric && !letters && table.thousands.is_none();
    if is_ungrouped && table.decimal == '.' && text.contains('.') && text.contains(',') {
        return format!("`{shown}` groups its digits; say thousands = \",\", or decimal = \",\" and thousands = \".\"");
    }
    if is_ungrouped && text.contains(other) {
        return format!(
            "`{shown}` can be two numbers; say decimal = \"{other}\" if `{other}` is its decimal point, \
             thousands = \"{other}\" if it groups digits"
        );
    }
    if let Some(unit) = unit_behind(text) {
        return format!("`{shown}` is not a number; say suffix = \"{}\" if that is the unit of all", clip(unit));
    }
    format!("`{shown}` is not a number; list it under missing if it stands for no value")
}

/// What stands behind a number and a blank.
pub fn unit_behind(text: &str) -> Option<&str> {
    let (number, unit) = text.trim().split_once(char::is_whitespace)?;
    let numeric = number.contains(|c: char| c.is_ascii_digit()) && !number.contains(char::is_alphabetic);
    let unit = unit.trim();
    (numeric && unit.starts_with(char::is_alphabetic)).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cell(table: &Table, text: &str) -> Result<Cell, String> {
        super::cell(table, None, text)
    }

    #[test]
    fn a_unit_behind_a_number_is_the_one_that_is_stated() {
        let plain = table(&json!({"missing": ["", "n/a"]}));
        let of = |text: &str| super::cell(&plain, Some("MW"), text);
        for text in ["18.5 MW", " 18.5MW ", "18.5\u{a0}MW"] {
            assert_eq!(of(text), Decimal::parse("18.5").map(Cell::Value).map_err(|e| e.to_string()), "{text}");
        }
        assert_eq!(of("n/a"), Ok(Cell::Missing));
        for text in ["18500 kW", "18.5", "18.5 mw", "MW", "18.5 GW MW"] {
            assert!(of(text).is_err(), "{text} is {:?}", of(text));
        }
        assert!(cell(&plain, "18.5 MW").is_err_and(|reason| reason.contains("say suffix = \"MW\"")));
    }

    fn table(more: &serde_json::Value) -> Table {
        let mut form = json!({
            "time": {"start": "t", "step": "1h"},
            "series": [{"series": "site/a/load", "column": "v", "unit": "kWh"}],
        });
        for (key, value) in more.as_object().expect("an object") {
            form[key] = value.clone();
        }
        serde_json::from_value(form).expect("a table")
    }

    #[test]
    fn numbers_are_what_they_say_and_never_a_thousand_times_it() {
        let plain = table(&json!({}));
        let german = table(&json!({"decimal": ",", "thousands": "."}));
        let american = table(&json!({"thousands": ","}));
        let is = |table: &Table, text: &str, wanted: &str| {
            let wanted = Decimal::parse(wanted).expect("a number").scaled(1_000, 1, crate::units::Rounding::Nearest);
            let Ok(Cell::Value(value)) = cell(table, text) else { panic!("{text} is {:?}", cell(table, text)) };
            assert_eq!(value.scaled(1_000, 1, crate::units::Rounding::Nearest), wanted, "{text}");
        };
        is(&plain, " 12.5 ", "12.5");
        is(&plain, "0E-20", "0");
        is(&german, "1.234,5", "1234.5");
        is(&german, "-1.234.567", "-1234567");
        is(&american, "91,204", "91204");
        is(&american, "91204.25", "91204.25");
        for (table, text) in [
            (&plain, "1,234"),
            (&plain, "1 234"),
            (&german, "1.23"),
            (&german, "12.5"),
            (&american, "1,23"),
            (&american, "1234,567"),
            (&american, ",123"),
            (&german, "0.123"),
            (&american, "012,345"),
            (&american, "1,234,56.7"),
            (&german, "1,234,5"),
            (&plain, "12 kWh"),
            (&plain, "inf"),
        ] {
            assert!(cell(table, text).is_err(), "{text} is {:?}", cell(table, text));
        }
        assert!(cell(&plain, "1,234").expect_err("two numbers").contains("can be two numbers"));
    }

    #[test]
    fn what_is_unknown_is_never_zero_and_what_is_not_there_is_neither() {
        let table = table(&json!({"absent": "n/e"}));
        for text in ["", " ", "-", "N/A", "null", "NaN", "nan", "Missing"] {
            assert_eq!(cell(&table, text), Ok(Cell::Missing), "{text}");
        }
        assert_eq!(cell(&table, "N/E"), Ok(Cell::Absent));
        assert!(matches!(cell(&table, "0"), Ok(Cell::Value(value)) if value.is_zero()));
    }
}
