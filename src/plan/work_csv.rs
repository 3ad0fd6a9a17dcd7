//! The work list as CSV: `id,kind,sites,release,deadline,energy_mwh` and optional columns.

use super::work::Work;
use crate::error::{Problem, Problems, Reject, csv_problem};
use crate::portfolio::walk::nearest;
use csv::StringRecord;
use std::io::Read;

const NEEDED: [&str; 4] = ["id", "release", "deadline", "energy_mwh"];
const OPTIONAL: [&str; 6] = ["kind", "sites", "max_mw", "miss_price_per_mwh", "scheduler_ref", "divisible"];
/// Part of the contract, for work this version does not plan yet.
const LATER: [&str; 22] = [
    "pool",
    "gpus",
    "gpus_min",
    "hours",
    "hours_p90",
    "floor",
    "curve",
    "class",
    "priority",
    "account",
    "after",
    "count",
    "preempt",
    "save_min",
    "restart_min",
    "mtbf_h",
    "checkpoint_min",
    "min_on_h",
    "min_off_h",
    "max_pauses_day",
    "hold_nodes",
    "notice_min",
];

/// Good rows, and bad ones with their reason.
#[derive(Debug, Default)]
pub struct WorkList {
    pub work: Vec<Work>,
    pub rejects: Vec<Reject>,
}

pub fn read(reader: impl Read, sites: &[String]) -> Result<WorkList, Problems> {
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let header = csv.headers().map_err(|e| csv_problem(&e))?.clone();
    check_header(&header)?;
    let mut list = WorkList::default();
    let mut record = StringRecord::new();
    let mut ids = std::collections::BTreeMap::new();
    while csv.read_record(&mut record).map_err(|e| csv_problem(&e))? {
        let line = record.position().map_or(0, csv::Position::line);
        match row(&header, &record, sites) {
            Ok(work) => match ids.insert(work.id.clone(), line) {
                None => list.work.push(work),
                Some(first) => list
                    .rejects
                    .push(Reject { line, reason: format!("work `{}` stands in line {first} already", work.id) }),
            },
            Err(reason) => list.rejects.push(Reject { line, reason }),
        }
    }
    Ok(list)
}

fn check_header(header: &StringRecord) -> Result<(), Problem> {
    let refuse = |what: String, hint: String| Err(Problem::new(what).line(1).hint(hint));
    for name in header.iter() {
        let short: String = name.chars().take(40).collect();
        if LATER.contains(&name) {
            return refuse(
                format!("column `{short}` is not planned by this version yet"),
                "give energy_mwh and max_mw, and leave the column out: a plan that ignored it would be wrong".into(),
            );
        }
        let known: Vec<&str> = NEEDED.iter().chain(&OPTIONAL).copied().collect();
        if !known.contains(&name) {
            let hint = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("columns: {}", known.join(",")),
            };
            return refuse(format!("unknown column `{short}`"), hint);
        }
    }
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !header.iter().any(|h| h == *name)).collect();
    if !missing.is_empty() {
        return refuse(
            format!("the header lacks {}", missing.join(", ")),
            "a work list starts with id,kind,sites,release,deadline,energy_mwh,max_mw".into(),
        );
    }
    Ok(())
}

fn row(header: &StringRecord, record: &StringRecord, sites: &[String]) -> Result<Work, String> {
    if record.len() != header.len() {
        return Err(format!("the row has {} fields, the header {}", record.len(), header.len()));
    }
    let field = |name: &str| {
        let at = header.iter().position(|h| h == name)?;
        record.get(at).map(str::trim).filter(|text| !text.is_empty())
    };
    let needed = |name: &str| field(name).map(String::from).ok_or_else(|| format!("`{name}` is empty"));
    let number = |name: &str| match field(name) {
        None => Ok(None),
        Some(text) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(format!("{name} `{}` is not a number", text.chars().take(40).collect::<String>())),
        },
    };
    if field("divisible").is_some_and(|text| text != "true") {
        return Err("only divisible work is planned by this version yet: write true or leave the column out".into());
    }
    let work = Work {
        id: needed("id")?,
        kind: field("kind").unwrap_or("batch").into(),
        sites: field("sites").map(|list| list.split('|').map(|s| s.trim().to_string()).collect()).unwrap_or_default(),
        release: needed("release")?,
        deadline: needed("deadline")?,
        energy_mwh: number("energy_mwh")?.ok_or("`energy_mwh` is empty")?,
        max_mw: number("max_mw")?,
        miss_price_per_mwh: number("miss_price_per_mwh")?,
        scheduler_ref: field("scheduler_ref").map(String::from),
    };
    match work.problem(sites) {
        Some(problem) => Err(problem),
        None => Ok(work),
    }
}
