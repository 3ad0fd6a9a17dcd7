//! A form for a table that nobody described yet, from its first rows.

mod columns;
mod groups;
#[cfg(test)]
mod named_tests;
mod places;
mod sample;
mod series;
mod times;
mod zones;

use super::form::Form;
use crate::received::encoding::{Decoded, Encoding};
pub use places::{Place, Places};
use sample::{Sample, number};
use series::{Found, Marks, conditions, quoted};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use times::{Kind, Times};

/// What is proposed, as a user writes it into a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `[source.mine]` in TOML.
    pub text: String,
    /// What the table does not say, for people.
    pub open: Vec<String>,
    /// Columns of numbers that it does not take, each with why.
    pub left_out: Vec<String>,
}

impl Proposal {
    /// Whether any column of numbers may be energy, a price or an intensity.
    pub fn has_series(&self) -> bool {
        self.text.contains("[[source.mine.series]]")
    }

    /// The form that it states.
    ///
    /// # Errors
    /// Why it is none.
    pub fn form(&self) -> Result<Form, String> {
        let value: serde_json::Value = toml::from_str(&self.text).map_err(|e| e.to_string())?;
        Form::of_json(value["source"]["mine"].clone())
    }
}

/// A form for a table, from its first bytes, and its last where rows of totals may stand; none where no row of it has a
/// time and a number. Places are named where a column or the file names them.
pub fn propose(first: &[u8], last: &[u8], places: &Places) -> Option<Proposal> {
    let encoding = Encoding::likely(first);
    let (first, last) = (text(first, encoding), text(last, encoding));
    let read = |sample: Sample| {
        let times = times::find(&sample)?;
        let (marks, values) = numbers(&sample, &times)?;
        Some((sample, times, marks, values))
    };
    // The last of equals is taken: of rows that may all be the header, the first.
    let candidates = sample::all(&first, &last).into_iter().rev().filter_map(read);
    let (sample, times, marks, values) = candidates.max_by_key(|(sample, ..)| sample.header.len())?;
    Some(write(&Found { sample, times, marks, values, encoding }, places))
}

/// Bytes as UTF-8; what cannot be read is left out.
fn text(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = Decoded::new(bytes, encoding).read_to_end(&mut text);
    text
}

/// How numbers are written, and the columns that hold them.
fn numbers(sample: &Sample, times: &Times) -> Option<(Marks, Vec<usize>)> {
    let taken = times.columns();
    let across = match times.kind {
        Kind::Across(day, _) => times::across(sample, day),
        _ => None,
    };
    let under = |(decimal, thousands): Marks| -> Vec<usize> {
        let numeric = |at: &usize| {
            let mut filled = sample.filled(*at).peekable();
            filled.peek().is_some() && filled.all(|cell| number(&cell, decimal, thousands).is_some())
        };
        let is_one = |at: &usize| across.as_ref().map_or(!taken.contains(at), |columns| columns.contains(at));
        (0..sample.header.len()).filter(is_one).filter(numeric).collect()
    };
    // The plainest that takes as many columns as any.
    let ways = [('.', None), (',', None), (',', Some('.')), ('.', Some(','))];
    let found = ways.map(|way| (way, under(way)));
    found.into_iter().rev().max_by_key(|(_, columns)| columns.len()).filter(|(_, columns)| !columns.is_empty())
}

/// Whether every number has just three digits behind a point: they may be a group.
fn may_be_groups(sample: &Sample, columns: &[usize]) -> bool {
    let cells = columns.iter().flat_map(|at| sample.column(*at)).filter(|cell| cell.contains(['.', ',']));
    let mut parts = cells.map(|cell| cell.split(['.', ',']).map(str::len).collect::<Vec<usize>>()).peekable();
    parts.peek().is_some() && parts.all(|lengths| matches!(lengths[..], [_, 3]))
}

fn write(found: &Found, places: &Places) -> Proposal {
    let Found { sample, times, marks: (decimal, thousands), values, encoding } = found;
    let name = |at: usize| quoted(sample.header.get(at).unwrap_or(""));
    let mut open = Vec::new();
    let series = series::series(found, places, &mut open);
    let mut text = String::from("[source.mine]\nkind = \"table\"\n");
    let stated = [
        ("encoding", (!encoding.is_utf8()).then(|| encoding.name().to_string())),
        ("separator", (sample.separator != ',').then(|| sample.separator.to_string())),
        ("decimal", (*decimal != '.').then(|| decimal.to_string())),
        ("thousands", thousands.map(|mark| mark.to_string())),
    ];
    for (name, value) in stated.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let _ = writeln!(text, "{name} = {}", quoted(&value));
    }
    if sample.height > 1 {
        let _ = writeln!(text, "header_rows = {}", sample.height);
    }
    let mut ignored: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (at, cell) in sample.totals.iter().chain(&series.ignored) {
        ignored.entry(*at).or_default().push(cell.clone());
    }
    if !ignored.is_empty() {
        let _ =
            writeln!(text, "ignore = {}", conditions(ignored.iter().map(|(at, cells)| (name(*at), cells.as_slice()))));
    }
    if thousands.is_none() && may_be_groups(sample, values) {
        open.push(format!("the decimal point: `{decimal}` may group digits, for three follow it each time"));
    }
    text.push_str("\n[source.mine.time]\n");
    write_times(times, &name, &mut text, &mut open);
    zones::write(sample, times, &series.zones, (&mut text, &mut open));
    if !matches!(times.kind, Kind::Both(..) | Kind::Range(_)) {
        let _ = writeln!(text, "step = \"{}\"", times.step());
    }
    if matches!(times.kind, Kind::Across(..)) {
        text.push_str("across = true\n");
    }
    if matches!(times.kind, Kind::Edge(_) | Kind::Split(..)) {
        open.push("whether times name starts or ends: write `end` in place of `start` if they name ends".into());
    }
    text.push_str(&series.text);
    open.push(
        "the series of each column, such as site/ashburn/load or grid/PJM/price; take out those you do not need".into(),
    );
    Proposal { text, open, left_out: series.left_out }
}

fn write_times(times: &Times, name: &dyn Fn(usize) -> String, text: &mut String, open: &mut Vec<String>) {
    let _ = match times.kind {
        Kind::Edge(at) | Kind::Across(at, _) => writeln!(text, "start = {}", name(at)),
        Kind::Both(start, end) => writeln!(text, "start = {}\nend = {}", name(start), name(end)),
        Kind::Split(date, time) => writeln!(text, "start = [{}, {}]", name(date), name(time)),
        Kind::Range(at) => writeln!(text, "range = {}", name(at)),
        Kind::Period(day, number) => writeln!(text, "start = {}\nperiod = {}", name(day), name(number)),
    };
    if let Some(format) = times.format {
        let _ = writeln!(text, "format = {}", quoted(format));
        if times.is_day_open {
            open.push(format!("day and month: {format} fits every row looked at, but so would the other order"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::taken::Taken;

    /// What is proposed for a table takes all its rows.
    fn takes(table: &str, rows: usize) -> Proposal {
        let proposal =
            propose(table.as_bytes(), b"", &Places::default()).unwrap_or_else(|| panic!("nothing for {table}"));
        let form = proposal.form().unwrap_or_else(|e| panic!("{e}: {}", proposal.text));
        let mut taken = Taken::default();
        form.read(table.as_bytes(), &mut taken).unwrap_or_else(|e| panic!("{e}: {}", proposal.text));
        assert_eq!(taken.rejects, [], "{}", proposal.text);
        assert_eq!(taken.readings.values().map(Vec::len).sum::<usize>(), rows, "{}", proposal.text);
        proposal
    }

    #[test]
    fn tables_as_people_have_them_are_taken_as_proposed() {
        let excel = "Lastgang Musterwerk;;\nErstellt;01.02.2026;\n\nZeit;Wirkleistung [kW];Status\n\
            31.01.2026 00:00;1234,5;W\n31.01.2026 00:15;1200,25;W\n31.01.2026 00:30;1190;E\n";
        let proposal = takes(excel, 3);
        for line in ["separator = \";\"", "decimal = \",\"", "step = \"15min\"", "unit = \"kW\"", "%d.%m.%Y %H:%M"] {
            assert!(proposal.text.contains(line), "{line}: {}", proposal.text);
        }
        takes("time,kWh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n", 2);
        takes(
            "from\tto\ta kWh\tb kWh\n2026-01-01 00:00\t2026-01-01 00:30\t1\t2\n2026-01-01 00:30\t2026-01-01 01:00\t3\t4\n",
            4,
        );
        takes("Date,Time,MWh\n12/31/2025,23:00,5\n12/31/2025,23:30,6\n", 2);
        // As a workbook comes to.
        let book = "Load report\n\nTime,Total [kW],State\n2026-01-01,1000.5,\"ok, checked\"\n\
            2026-01-01 01:00:00,,\"ok, checked\"\n2026-01-01 02:00:00,3,\"ok, checked\"\n";
        takes(book, 2);
        takes("Time,,Total [kW]\n2026-01-01 00:00:00,,1\n2026-01-01 01:00:00,,2\n", 2);
        let grouped = takes("von;Wert (kWh)\n31.10.2025 00:00;1.234,5\n31.10.2025 00:15;12.000,137\n", 2);
        assert!(grouped.text.contains("thousands = \".\""), "{}", grouped.text);
        let open = takes("von;Wert (kWh)\n31.10.2025 00:00;1.234\n31.10.2025 00:15;1.235\n", 2).open;
        assert!(open.iter().any(|open| open.starts_with("the decimal point")), "{open:?}");
        let hours = takes("Date,Hour,Load MW\n1/2/2026,1,10\n1/2/2026,2,11\n1/2/2026,24,11\n", 3);
        assert!(hours.text.contains("period = \"Hour\""), "{}", hours.text);
        assert!(hours.open.iter().any(|open| open.starts_with("day and month")), "{:?}", hours.open);
        takes("MTU|MW\n01.02.2026 00:00 - 01.02.2026 01:00|7\n01.02.2026 01:00 - 01.02.2026 02:00|8\n", 2);
    }

    #[test]
    fn only_what_may_be_energy_is_proposed_as_energy() {
        let rows = "Time,Meter ID,Row,Temp [\u{b0}C],RH %,L1 (V),cos phi var,Load kW,Spot EUR/MWh,Grid gCO2 g/kWh,Wert,Order\n\
            2026-01-01 00:00,600123,1,7.5,80,231,4,10,50,300,1.5,6001234567\n\
            2026-01-01 01:00,600123,2,7,81,230,5,11,51.5,310,1.25,6001234999\n\
            2026-01-01 02:00,600123,3,6.5,79,229,4,12,49,305,1.5,6001235321\n";
        let proposal = takes(rows, 12);
        for line in [
            "series = \"site/SITE-8/load\"\ncolumn = \"Load kW\"\nunit = \"kW\"",
            "series = \"grid/BOUNDARY/price\"\ncolumn = \"Spot EUR/MWh\"\nunit = \"EUR/MWh\"",
            "series = \"grid/BOUNDARY/carbon_intensity\"\ncolumn = \"Grid gCO2 g/kWh\"\nunit = \"g/kWh\"",
            "series = \"site/SITE-11/load\"\ncolumn = \"Wert\"\nunit = \"kWh\"",
        ] {
            assert!(proposal.text.contains(line), "{line}: {}", proposal.text);
        }
        assert!(proposal.open.contains(&"the unit of \"Wert\"".to_string()), "{:?}", proposal.open);
        let left_out = [
            "`Meter ID`: a number that names something",
            "`Row`: a number that names something",
            "`Temp [\u{b0}C]`: a temperature",
            "`RH %`: a percentage",
            "`L1 (V)`: a voltage",
            "`cos phi var`: reactive or apparent power",
            "`Order`: numbers too large for energy, as of an id",
        ];
        assert_eq!(proposal.left_out, left_out);
    }

    #[test]
    fn ids_and_registers_are_told_by_their_numbers_and_names() {
        let rows = "Time,Device,n,Z\u{e4}hlerstand kWh,Wert\n2026-01-01 00:00,4711,1,90000,3\n\
            2026-01-01 01:00,4711,2,90003,3\n2026-01-01 02:00,4711,3,90006,3\n";
        let proposal = takes(rows, 3);
        assert_eq!(proposal.left_out.len(), 3, "{:?}", proposal.left_out);
        assert!(proposal.text.contains("series = \"site/SITE/load\"\ncolumn = \"Wert\""), "{}", proposal.text);
        let emissions = "Time,Carbon intensity gCO2eq/kWh,CO\u{2082} (kg),Usage per hour\n2026-01-01 00:00,310,7,1.5\n\
            2026-01-01 01:00,305,8,1.25\n";
        let proposal = takes(emissions, 4);
        for line in ["series = \"grid/BOUNDARY/carbon_intensity\"", "unit = \"gCO2eq/kWh\"", "\"Usage per hour\""] {
            assert!(proposal.text.contains(line), "{line}: {}", proposal.text);
        }
        assert_eq!(proposal.left_out, ["`CO\u{2082} (kg)`: emissions, not energy"]);
        let weather = propose(b"Time,Temp [C]\n2026-01-01 00:00,7\n2026-01-01 01:00,8\n", b"", &Places::default())
            .expect("a table");
        assert!(!weather.has_series() && weather.left_out == ["`Temp [C]`: a temperature"], "{weather:?}");
    }

    #[test]
    fn what_is_no_table_of_readings_has_no_form() {
        for text in ["", "\n", "a,b\n1,2\n", "name,load\nashburn,7\n", "{\"a\": 1}", "2026-01-01T00:00:00Z,5\n"] {
            assert_eq!(propose(text.as_bytes(), b"", &Places::default()), None, "{text}");
        }
    }
}
