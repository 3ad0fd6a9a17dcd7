//! A form for a table that nobody described yet, from its first rows.

mod sample;
mod times;

use super::cells::plain;
use super::form::Form;
use super::moments::Moment;
use crate::units::Unit;
use sample::Sample;
use std::fmt::Write;
use times::{Kind, Times};

/// What is proposed, as a user writes it into a portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `[source.mine]` in TOML.
    pub text: String,
    /// What the table does not say, for people.
    pub open: Vec<String>,
}

impl Proposal {
    /// The form that it states.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn form(&self) -> Result<Form, String> {
        let value: serde_json::Value = toml::from_str(&self.text).map_err(|e| e.to_string())?;
        Form::of_json(value["source"]["mine"].clone())
    }
}

/// A form for a table, from its first bytes; none where no row of it has a time and a number.
pub fn propose(first: &[u8]) -> Option<Proposal> {
    let read = |sample: Sample| {
        let times = times::find(&sample)?;
        let (marks, values) = numbers(&sample, &times.columns())?;
        Some((sample, times, marks, values))
    };
    // The last of equals is taken: of rows that may all be the header, the first.
    let candidates = sample::all(first).into_iter().rev().filter_map(read);
    let (sample, times, marks, values) = candidates.max_by_key(|(sample, ..)| sample.header.len())?;
    Some(write(&sample, &times, marks, &values))
}

/// How numbers are written: decimal point, and what groups digits.
type Marks = (char, Option<char>);

/// How numbers are written, and the columns that hold them.
fn numbers(sample: &Sample, times: &[usize]) -> Option<(Marks, Vec<usize>)> {
    let under = |(decimal, thousands): Marks| -> Vec<usize> {
        let is_number = |cell: &String| plain(cell, decimal, thousands).is_some_and(|cell| cell.parse::<f64>().is_ok());
        let numeric = |at: &usize| {
            let filled: Vec<String> = sample.column(*at).filter(|cell| !cell.is_empty()).collect();
            !filled.is_empty() && filled.iter().all(is_number)
        };
        (0..sample.header.len()).filter(|at| !times.contains(at)).filter(numeric).collect()
    };
    // The plainest that takes as many columns as any.
    let ways = [('.', None), (',', None), (',', Some('.')), ('.', Some(','))];
    let found = ways.map(|way| (way, under(way)));
    found.into_iter().rev().max_by_key(|(_, columns)| columns.len()).filter(|(_, columns)| !columns.is_empty())
}

/// Whether every number has just three digits behind a point: they may be a group.
fn may_be_groups(sample: &Sample, columns: &[usize]) -> bool {
    let cells = columns.iter().flat_map(|at| sample.column(*at)).filter(|cell| cell.contains(['.', ',']));
    let mut any = false;
    for cell in cells {
        let part = cell.rsplit(['.', ',']).next().unwrap_or("");
        if part.len() != 3 || cell.matches(['.', ',']).count() > 1 {
            return false;
        }
        any = true;
    }
    any
}

/// The unit that a column's name states.
fn unit(name: &str) -> Option<String> {
    let known = ["Wh", "kWh", "MWh", "W", "kW", "MW", "g/kWh", "kg/MWh", "lb/MWh"];
    name.split(|c: char| !(c.is_alphanumeric() || c == '/')).find_map(|word| {
        let found = known.into_iter().find(|unit| unit.eq_ignore_ascii_case(word));
        let price = Unit::parse(word).ok().filter(|unit| unit.currency.is_some());
        found.or(price.map(|_| word)).map(String::from)
    })
}

fn write(sample: &Sample, times: &Times, (decimal, thousands): Marks, values: &[usize]) -> Proposal {
    let name = |at: usize| quoted(sample.header.get(at).unwrap_or(""));
    let mut open = Vec::new();
    let mut text = String::from("[source.mine]\nkind = \"table\"\n");
    if sample.separator != ',' {
        let _ = writeln!(text, "separator = {}", quoted(&sample.separator.to_string()));
    }
    if decimal != '.' {
        let _ = writeln!(text, "decimal = {}", quoted(&decimal.to_string()));
    }
    if let Some(thousands) = thousands {
        let _ = writeln!(text, "thousands = {}", quoted(&thousands.to_string()));
    }
    if thousands.is_none() && may_be_groups(sample, values) {
        open.push(format!("the decimal point: `{decimal}` may group digits, for three follow it each time"));
    }
    text.push_str("\n[source.mine.time]\n");
    write_times(times, &name, &mut text, &mut open);
    for at in values {
        let unit = unit(sample.header.get(*at).unwrap_or("")).unwrap_or_else(|| {
            open.push(format!("the unit of {}", name(*at)));
            "kWh".into()
        });
        // Each of another site, until someone says what it is: a series stands once.
        let site = if values.len() > 1 { format!("SITE-{}", at + 1) } else { "SITE".into() };
        let _ = write!(
            text,
            "\n[[source.mine.series]]\nseries = \"site/{site}/load\"\ncolumn = {}\nunit = \"{unit}\"\n",
            name(*at)
        );
    }
    open.push(
        "the series of each column, such as site/ashburn/load or grid/PJM/price; take out those you do not need".into(),
    );
    Proposal { text, open }
}

fn write_times(times: &Times, name: &dyn Fn(usize) -> String, text: &mut String, open: &mut Vec<String>) {
    let _ = match times.kind {
        Kind::Edge(at) => writeln!(text, "start = {}", name(at)),
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
    if times.moments.iter().any(|moment| matches!(moment, Moment::Wall(_))) {
        text.push_str("zone = \"UTC\"\n");
        open.push(
            "the time zone: the file does not state one; for local times, write such as zone = \"Europe/Berlin\""
                .into(),
        );
    }
    if matches!(times.kind, Kind::Edge(_) | Kind::Split(..) | Kind::Period(..)) {
        let _ = writeln!(text, "step = \"{}\"", times.step());
    }
    if matches!(times.kind, Kind::Edge(_) | Kind::Split(..)) {
        open.push("whether times name starts or ends: write `end` in place of `start` if they name ends".into());
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.trim_start_matches('\u{feff}').trim_matches(' ').into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::taken::Taken;

    /// What is proposed for a table takes all its rows.
    fn takes(table: &str, rows: usize) -> Proposal {
        let proposal = propose(table.as_bytes()).unwrap_or_else(|| panic!("nothing for {table}"));
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
    fn what_is_no_table_of_readings_has_no_form() {
        for text in ["", "\n", "a,b\n1,2\n", "name,load\nashburn,7\n", "{\"a\": 1}", "2026-01-01T00:00:00Z,5\n"] {
            assert_eq!(propose(text.as_bytes()), None, "{text}");
        }
    }
}
