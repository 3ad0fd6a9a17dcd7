//! `hourmatch ingest --explain FILE`: what a file is, and how its rows would be taken.

use super::args::Ingest;
use super::export::Chosen;
use super::input::Input;
use super::source::choose;
use crate::cli::common::{Context, Fault, Interval, Portfolio};
use crate::cli::shell;
use crate::ingest::recognise;
use crate::ingest::sources::Source;
use reports::inputs::{Invoice, Quality};
use reports::received::forms::{Place, Places, propose};
use reports::received::{Row, Rows};
use reports::series::name::kind_of;
use reports::units::{Decimal, Quantity};
use std::path::Path;

/// Rows of each kind that are shown.
const SHOWN: usize = 8;

/// The first rows as they would be read, and the first that would not.
#[derive(Debug, Default)]
struct Preview {
    rows: Vec<String>,
    count: usize,
    rejects: Vec<String>,
    rejected: usize,
}

/// A value in the unit of its quantity that people read; what is stored in parts of one, as that.
fn as_read(value: i64, quantity: Quantity) -> String {
    let (places, unit) = match quantity {
        Quantity::Share => (18, ""),
        Quantity::Price => (6, " per MWh"),
        Quantity::Ratio => (6, ""),
        Quantity::Intensity => (3, " g/kWh"),
        Quantity::Temperature => (3, " C"),
        Quantity::Energy | Quantity::Count => return format!("{value} {}", quantity.base_unit()),
    };
    let plain = Decimal::parse(&format!("{value}e-{places}")).map_or_else(|_| value.to_string(), Decimal::plain);
    let short = if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { &plain };
    format!("{short}{unit}")
}

impl Rows for Preview {
    fn push(&mut self, row: Row<'_>) {
        match row.base() {
            Err(reason) => self.reject(row.line, reason),
            Ok(value) => {
                self.count += 1;
                if self.rows.len() < SHOWN {
                    let value = kind_of(row.series).map_or(String::new(), |kind| as_read(value, kind.quantity));
                    let Interval { start, end } = row.interval;
                    let quality = if row.quality == Quality::Measured { "" } else { row.quality.name() };
                    let line = format!("  line {}: {} {start} {end} {value} {quality}", row.line, row.series);
                    self.rows.push(line.trim_end().to_string());
                }
            }
        }
    }

    fn bill(&mut self, invoice: Invoice, line: u64) {
        self.count += 1;
        if self.rows.len() < SHOWN {
            self.rows.push(format!(
                "  line {line}: invoice {} of site {}, {} Wh",
                invoice.invoice, invoice.site, invoice.wh
            ));
        }
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        self.rejected += 1;
        if self.rejects.len() < SHOWN {
            self.rejects.push(format!("  line {line}: {}", reason.into()));
        }
    }
}

/// Says of each file what it is and shows its first rows; the store is not opened.
pub(super) fn run(context: &Context, args: &Ingest, portfolio: &Portfolio) -> anyhow::Result<()> {
    for given in &args.files {
        let input = Input::open(given, args.sheet.as_deref())?;
        let path = input.path.as_path();
        let first = recognise::first(path).map_err(|problem| input.named(problem))?;
        let found = recognise::recognise(&first, &portfolio.forms);
        let text = if found.own || !found.names().is_empty() || args.source.is_some() {
            known(context, args, portfolio, path)
        } else {
            proposed((path, given.as_path()), &first, args.sheet.as_deref(), &places(portfolio, given))
        };
        context.out.data(&input.shown(&text.map_err(|problem| input.named(problem))?))?;
    }
    Ok(())
}

fn known(context: &Context, args: &Ingest, portfolio: &Portfolio, path: &Path) -> Result<String, Fault> {
    let Chosen { source, taken_as, text } = choose(context, args, portfolio, path)?;
    let form = text.map(|text| format!("\nIts form:\n{}", indented(&text))).unwrap_or_default();
    let taken_as = taken_as.unwrap_or_else(|| source.title());
    Ok(format!("{}: {taken_as}\n{}{form}", path.display(), previewed(&source, path)))
}

/// The first rows of a file as a source reads it, and why it does not read on.
fn previewed(source: &Source, path: &Path) -> String {
    let mut preview = Preview::default();
    let refused = source.read_into(path, &mut preview).err().map(|problem| format!("\nRefused: {problem}\n"));
    shown(&preview) + &refused.unwrap_or_default()
}

/// A table that nobody described yet, where it is read and as the user names it: a form for it, to be completed.
fn proposed(
    (path, given): (&Path, &Path),
    first: &[u8],
    sheet: Option<&str>,
    places: &Places,
) -> Result<String, Fault> {
    let last = recognise::last(path)?;
    let proposal = propose(first, &last, places).ok_or_else(|| {
        Fault::new("has no row with a time and a number in it, as far as its first 64 KiB show")
            .file(path.display())
            .hint("give a table with a header; docs/sources.md describes [source.<name>]")
    })?;
    if !proposal.has_series() {
        let left_out = proposal.left_out.join("; ");
        return Err(Fault::new(format!("has no column that may be energy, a price or an intensity: {left_out}"))
            .file(path.display())
            .hint("give a table of meter readings; docs/sources.md describes [source.<name>]"));
    }
    let preview = match proposal.form() {
        Ok(form) => previewed(&Source::Form { name: "mine".into(), form }, path),
        Err(_) => shown(&Preview::default()),
    };
    let listed = |lines: &[String]| lines.iter().map(|line| format!("  - {line}\n")).collect::<String>();
    let left_out = &proposal.left_out;
    let left_out = if left_out.is_empty() { String::new() } else { format!("\nLeft out:\n{}", listed(left_out)) };
    Ok(format!(
        "{}: its header matches no known source. Add this to the portfolio, completed:\n\n{}\nTo decide:\n{}{left_out}{preview}\
         Then: hourmatch ingest {}{} --source mine\n",
        path.display(),
        indented(&proposal.text),
        listed(&proposal.open),
        shell::file(&given.display().to_string()),
        sheet.map(|sheet| format!(" --sheet {}", shell::word(sheet))).unwrap_or_default(),
    ))
}

fn places(portfolio: &Portfolio, given: &Path) -> Places {
    let of = &portfolio.definitions;
    let sites = of.sites.iter().map(|site| Place {
        id: site.id.clone(),
        name: site.name.clone(),
        boundary: site.boundary.clone(),
        time_zone: site.time_zone.clone(),
    });
    let contracts = of.contracts.iter().map(|contract| Place {
        id: contract.id.clone(),
        name: contract.name.clone(),
        boundary: contract.boundary.clone(),
        ..Place::default()
    });
    let boundaries = of.boundaries.iter().map(|boundary| Place { id: boundary.id.clone(), ..Place::default() });
    Places {
        file: given.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        currency: of.currency.clone(),
        time_zone: of.time_zone.clone(),
        sites: sites.collect(),
        contracts: contracts.collect(),
        boundaries: boundaries.collect(),
    }
}

fn shown(preview: &Preview) -> String {
    let mut text = String::new();
    let list = |text: &mut String, title: &str, rows: &[String], count: usize| {
        if count > 0 {
            text.push_str(&format!("\n{title}\n{}\n", rows.join("\n")));
            if count > rows.len() {
                text.push_str(&format!("  and {} more\n", count - rows.len()));
            }
        }
    };
    list(&mut text, "Rows as they would be read:", &preview.rows, preview.count);
    list(&mut text, "Rows that would be rejected:", &preview.rejects, preview.rejected);
    if preview.count + preview.rejected == 0 {
        text.push_str("\nNo row gives a reading.\n");
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_units_that_people_read() {
        for (value, quantity, shown) in [
            (12_000_000, Quantity::Energy, "12000000 Wh"),
            (40_000_000, Quantity::Price, "40 per MWh"),
            (-1_500_000, Quantity::Price, "-1.5 per MWh"),
            (0, Quantity::Price, "0 per MWh"),
            (390_500, Quantity::Intensity, "390.5 g/kWh"),
            (910_000_000_000_000_000, Quantity::Share, "0.91"),
            (1_000_000_000_000_000_000, Quantity::Share, "1"),
            (-3_500, Quantity::Temperature, "-3.5 C"),
        ] {
            assert_eq!(as_read(value, quantity), shown);
        }
    }
}
