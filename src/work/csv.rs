//! The work list as CSV: `id,kind,sites,release,deadline`, then energy or GPUs and hours, then optional columns by name.

use super::columns::{NEEDED, OPTIONAL};
use super::{Portfolio, Work, WorkId};
use crate::error::{Fault, Faults};
use crate::rejects::Rejects;
use csv::StringRecord;
use reports::received::Records;
use reports::received::records::{Found, NOT_TEXT};
use reports::text::{clip, did_you_mean};
use std::collections::BTreeMap;
use std::io::Read;

/// What spreadsheets put between columns where a comma stands in numbers.
const SEPARATORS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
/// What a file of rejected rows has besides, and nobody reads.
const REJECT: [&str; 2] = ["reject_line", "reject_reason"];

/// Good rows, and bad ones with their reason.
#[derive(Debug, Default)]
pub struct WorkList {
    pub work: Vec<Work>,
    pub rejects: Rejects,
    /// Rows that say again what an earlier one says: they add nothing.
    pub repeated: usize,
}

/// No list is longer: what is alike is one row and a count.
const MOST: usize = 200_000;

/// Reads a list; bad rows go to `rejects`.
pub fn read(reader: impl Read, portfolio: &Portfolio, rejects: Rejects) -> Result<WorkList, Faults> {
    let mut records = Records::new(reader);
    let header = records.header().map_err(Fault::from)?;
    let header: StringRecord = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    check_header(&header).map_err(|problem| problem.line(records.header_line()))?;
    let mut list = WorkList { rejects, ..WorkList::default() };
    let mut record = StringRecord::new();
    // Line and place of each id.
    let mut ids: BTreeMap<WorkId, (u64, usize)> = BTreeMap::new();
    while let Some(found) = records.read(&mut record).map_err(Fault::from)? {
        let (line, read) = match found {
            Found::Text(line) => (line, row(&header, &record, portfolio)),
            Found::Bytes(line) => (line, Err(NOT_TEXT.into())),
        };
        match read {
            Ok(work) => match ids.get(&work.id) {
                None if list.work.len() >= MOST => {
                    let what = format!("holds more than {MOST} pieces of work");
                    let hint = "split it, and state what is alike as one row with a count";
                    return Err(Fault::new(what).line(line).hint(hint).into());
                }
                None => {
                    ids.insert(work.id.clone(), (line, list.work.len()));
                    list.work.push(work);
                }
                Some((_, index)) if list.work[*index] == work => list.repeated += 1,
                Some((first, _)) => {
                    let id = &work.id;
                    let reason = format!("work `{id}` is already in line {first}, with other terms: keep one of them");
                    list.rejects.push(line, reason);
                }
            },
            Err(reason) => list.rejects.push(line, reason),
        }
    }
    Ok(list)
}

fn check_header(header: &StringRecord) -> Result<(), Fault> {
    let refuse = |what: String, hint: String| Err(Fault::new(what).hint(hint));
    let known: Vec<&str> = NEEDED.iter().chain(&OPTIONAL).copied().collect();
    let separated = SEPARATORS.iter().find(|(separator, _)| header.len() == 1 && header[0].contains(*separator));
    if let Some((_, other)) = separated {
        let hint = "separate columns by commas, and write numbers with a point: 5.5";
        return refuse(format!("the columns are separated by {other}"), hint.into());
    }
    for (at, name) in header.iter().enumerate() {
        let short = clip(name);
        // A corrected file of rejected rows is taken as it is.
        if !known.contains(&name) && !REJECT.contains(&name) {
            let hint = did_you_mean(name, &known, || format!("columns: {}", known.join(",")));
            return refuse(format!("unknown column `{short}`"), hint);
        }
        if header.iter().take(at).any(|other| other == name) {
            return refuse(format!("column `{short}` occurs twice"), "keep one of them".into());
        }
    }
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !header.iter().any(|h| h == *name)).collect();
    if !missing.is_empty() {
        let hint = "a work list starts with id,kind,sites,release,deadline,energy_mwh,max_mw";
        return refuse(format!("the header lacks {}", missing.join(", ")), hint.into());
    }
    Ok(())
}

/// Fields of one row, by name; empty ones are left out.
struct Row<'a> {
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        let at = self.header.iter().position(|h| h == name)?;
        self.record.get(at).map(str::trim).filter(|text| !text.is_empty())
    }

    fn needed<T: for<'t> From<&'t str>>(&self, name: &str) -> Result<T, String> {
        self.text(name).ok_or_else(|| format!("`{name}` is empty"))
    }

    fn text<T: for<'t> From<&'t str>>(&self, name: &str) -> Option<T> {
        self.field(name).map(T::from)
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str, wanted: &str) -> Result<Option<T>, String> {
        let parse = |text: &str| text.parse().map_err(|_| format!("{name} `{}` is not {wanted}", clip(text)));
        self.field(name).map(parse).transpose()
    }

    fn number(&self, name: &str) -> Result<Option<f64>, String> {
        let number = self.parsed::<f64>(name, self.field(name).map_or("a number", wanted))?;
        match number {
            Some(value) if !value.is_finite() => Err(format!("{name} is not a finite number")),
            other => Ok(other),
        }
    }

    fn list<T: for<'t> From<&'t str>>(&self, name: &str) -> Vec<T> {
        let items = self.field(name).map(|list| list.split('|').map(|s| T::from(s.trim())).collect());
        items.unwrap_or_default()
    }
}

/// What to write instead of a number that is written otherwise.
fn wanted(text: &str) -> &'static str {
    match text {
        text if text.contains(',') => "a number: write a point, such as 5.5",
        text if text.contains(':') => "a number: write hours as such, 1.5 for an hour and a half",
        _ => "a number",
    }
}

fn row(header: &StringRecord, record: &StringRecord, portfolio: &Portfolio) -> Result<Work, String> {
    if record.len() != header.len() {
        return Err(format!("the row has {} fields, the header {}", record.len(), header.len()));
    }
    let row = Row { header, record };
    let mut work = Work {
        kind: row.parsed("kind", "one of batch, training")?.unwrap_or_default(),
        sites: row.list("sites"),
        max_mw: row.number("max_mw")?,
        miss_price_per_mwh: row.number("miss_price_per_mwh")?,
        scheduler_ref: row.text("scheduler_ref"),
        pool: row.text("pool"),
        gpus: row.number("gpus")?,
        gpus_min: row.number("gpus_min")?,
        hours: row.number("hours")?,
        hours_p90: row.number("hours_p90")?,
        divisible: row.parsed("divisible", "true or false")?,
        floor: row.number("floor")?,
        curve: row.text("curve"),
        class: row.text("class"),
        priority: row.parsed("priority", "a number from 0 to 9")?,
        account: row.text("account"),
        after: row.list("after"),
        count: row.parsed("count", "a whole number")?,
        preempt: row.parsed("preempt", "never, checkpoint or requeue")?,
        save_min: row.number("save_min")?,
        restart_min: row.number("restart_min")?,
        mtbf_h: row.number("mtbf_h")?,
        checkpoint_min: row.number("checkpoint_min")?,
        min_on_h: row.number("min_on_h")?,
        min_off_h: row.number("min_off_h")?,
        max_pauses_day: row.number("max_pauses_day")?,
        hold_nodes: row.parsed("hold_nodes", "true or false")?,
        notice_min: row.number("notice_min")?,
        move_h: row.number("move_h")?,
        move_mwh: row.number("move_mwh")?,
        ..Work::batch(row.needed("id")?, row.needed("release")?, row.needed("deadline")?, row.number("energy_mwh")?)
    };
    work.complete(portfolio.zone);
    work.problem(portfolio).map_or(Ok(work), Err)
}
