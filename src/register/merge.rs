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

fn differences(row: &Row, known: &Certificate) -> Vec<&'static str> {
    let stated = &row.certificate;
    let since = if row.since_stated { known.since } else { stated.since };
    let known = Certificate { since, ..known.clone() };
    macro_rules! differing {
        ($($field:ident),*) => { [$((stringify!($field), stated.$field != known.$field)),*] };
    }
    let fields = differing! {
        issuance, device, registry, technology, start, end, first_wh, last_wh, status, owner, beneficiary, contract,
        since, expires
    };
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
