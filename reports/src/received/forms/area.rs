//! What an export calls the area that its rows are of, where no form asks for it: ENTSO-E's `BZN|DE-LU`.

use super::exports::{Answers, Export};
use super::form::Form;
use super::header;
use super::table::Table;
use crate::received::Records;
use crate::received::records::Found;
use csv::StringRecord;

/// The area that the first bytes of an export name: in the column that all its rows have alike, else behind the name of a
/// column of values. None where it names none, or where its form asks what to read.
pub fn named_area(export: Export, answers: &Answers, first: &[u8]) -> Option<String> {
    if export.asks() != ["area"] {
        return None;
    }
    let Ok(Form::Table(table)) = export.form(answers) else { return None };
    let mut records = Records::separated(first, table.delimiter());
    let (bound, header, _) = header::find(&mut records, &table).ok()?;
    match bound.same.first() {
        Some(at) => of_rows(&mut records, *at),
        None => of_header(&table, &header),
    }
}

fn of_rows(records: &mut Records<&[u8]>, at: usize) -> Option<String> {
    let mut record = StringRecord::new();
    loop {
        let found = records.read(&mut record).ok()??;
        let cell = record.get(at).map(str::trim).filter(|cell| !cell.is_empty());
        if let (Found::Text(_), Some(cell)) = (found, cell) {
            return Some(cell.to_string());
        }
    }
}

/// `BZN|DE-LU` of `Actual Total Load [MW] - BZN|DE-LU`, where the form has `Actual Total Load [MW]*`.
fn of_header(table: &Table, header: &StringRecord) -> Option<String> {
    let begins = table.series.iter().flat_map(|column| &column.column.0).filter_map(|name| name.strip_suffix('*'));
    let behind = begins.flat_map(|begin| header.iter().filter_map(move |name| name.trim().strip_prefix(begin)));
    let mut areas = behind.filter_map(|behind| behind.trim().strip_prefix("- ")).map(str::trim);
    areas.find(|area| !area.is_empty()).map(String::from)
}

/// Whether what a file calls its area is what the user calls it: `BZN|DE-LU` is `DE-LU` and `DE`, `Germany (DE)` either of
/// its names. A part of a country is not that country: `BZN|NO1` is not `NO`.
pub fn is_of(area: &str, said: &str) -> bool {
    let said = said.trim().replace('_', "-");
    let same = |name: &str| name.trim().replace('_', "-").eq_ignore_ascii_case(&said);
    let name = area.rsplit('|').next().unwrap_or(area).trim();
    if same(area) || same(name) {
        return true;
    }
    let in_brackets = name.strip_suffix(')').and_then(|name| name.rsplit_once('('));
    let of_country = in_brackets.is_some_and(|(long, code)| is_country(code) && (same(code) || same(long)));
    let joined = name.split_once('-').filter(|(_, others)| others.split('-').all(is_country));
    of_country || joined.is_some_and(|(country, _)| is_country(country) && same(country))
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_goes_by_the_names_that_people_give_it() {
        for (area, said, wanted) in [
            ("BZN|DE-LU", "DE-LU", true),
            ("BZN|DE-LU", "bzn|de-lu", true),
            ("BZN|DE-LU", "DE_LU", true),
            ("BZN|DE-LU", "DE", true),
            ("BZN|DE-LU", "LU", false),
            ("BZN|DE-LU", "FR", false),
            ("BZN|DE-AT-LU", "de", true),
            ("BZN|FR", "FR", true),
            ("BZN|NO1", "NO", false),
            ("BZN|IT-North", "IT", false),
            ("BZN|IT-North", "IT-North", true),
            ("Germany (DE)", "DE", true),
            ("Germany (DE)", "germany", true),
            ("CTY|Germany (DE)", "DE", true),
            ("CTA|DE(50Hertz)", "DE", false),
            ("CTA|DE(50Hertz)", "CTA|DE(50Hertz)", true),
        ] {
            assert_eq!(is_of(area, said), wanted, "{area} {said}");
        }
    }
}
