//! Rows of a file against the register: what is new, what it knows already, what contradicts it.

use super::taking::Row;
use crate::rejects::Reject;
use reports::certificates::{Certificate, Taken};
use std::collections::BTreeMap;

/// What a file comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub new: Vec<Certificate>,
    pub unchanged: usize,
    pub conflicts: Vec<Reject>,
}

/// `standing` is the register, `first` how those of the file's bundles that changed or were split since began.
pub fn merge(rows: &[Row], standing: &BTreeMap<String, Certificate>, first: &BTreeMap<String, Certificate>) -> Merged {
    let mut merged = Merged::default();
    let mut taken = Taken::default();
    standing.values().for_each(|c| taken.take(c));
    for row in rows {
        let asked = &row.certificate;
        let (held, began) = (standing.get(&asked.id), first.get(&asked.id));
        if held.is_some_and(|held| row.says(held)) || began.is_some_and(|began| row.says(began)) {
            // As it stands, or as it was once taken in: what happened to it since stays.
            merged.unchanged += 1;
            continue;
        }
        let reason = match (held.or(began), taken.overlap(asked)) {
            (Some(other), _) => {
                format!("certificate `{}` is known with another {}", asked.id, differences(row, other).join(", "))
            }
            (None, Some(taken)) => taken,
            (None, None) => {
                taken.take(asked);
                merged.new.push(asked.clone());
                continue;
            }
        };
        merged.conflicts.push(Reject { line: row.line, reason });
    }
    merged
}

fn differences(row: &Row, b: &Certificate) -> Vec<&'static str> {
    let a = &row.certificate;
    [
        ("issuance", a.issuance != b.issuance),
        ("device", a.device != b.device),
        ("registry", a.registry != b.registry),
        ("technology", a.technology != b.technology),
        ("start", a.start != b.start),
        ("end", a.end != b.end),
        ("first_wh", a.first_wh != b.first_wh),
        ("last_wh", a.last_wh != b.last_wh),
        ("status", a.status != b.status),
        ("owner", a.owner != b.owner),
        ("beneficiary", a.beneficiary != b.beneficiary),
        ("contract", a.contract != b.contract),
        ("since", row.since_stated && a.since != b.since),
        ("expires", a.expires != b.expires),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
