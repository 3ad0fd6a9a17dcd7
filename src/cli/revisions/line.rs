//! A revision as lists show it: what it holds, and what became of that.

use crate::cli::common::{Store, if_any, table};
use crate::store::taken::{self, Fate, Part, Taken};
use crate::store::withdrawals;
use reports::columns::{Column, column};
use reports::text::no_formula;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What lists write as CSV.
pub const COLUMNS: [Column; 18] = [
    column("revision", "", "Its number, counting up in the order of ingest."),
    column("recorded", "RFC 3339", "When it was recorded."),
    column("file", "", "Name of the file; of a withdrawal, of the file that it takes back."),
    column("sha256", "", "Hash of the file as it came."),
    column("source", "", "The source it was read as, with its options, or `withdrawal`."),
    column("series", "count", "Series that it holds rows of, or withdraws rows of."),
    column("readings", "count", "Readings that it brought, corrections and retractions among them, or withdraws."),
    column("forecasts", "count", "Forecast values that it brought, or withdraws."),
    column("invoices", "count", "Invoices that it brought, or withdraws."),
    column("from", "RFC 3339", "First instant of its rows."),
    column("to", "RFC 3339", "First instant after them."),
    column("standing", "count", "Its rows that hold; empty of a withdrawal."),
    column("superseded", "count", "Its rows that later ones took the place of."),
    column("superseded_by", "", "The revisions of those, with `|` between."),
    column("withdrawn", "count", "Its rows that are withdrawn."),
    column("withdrawn_by", "", "The withdrawals that hold for it; of a withdrawal, what undid it."),
    column("actor", "", "Who recorded it."),
    column("reason", "", "Why."),
];

/// What became of the rows of a revision, or of a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct State {
    pub standing: i64,
    pub superseded: i64,
    pub superseded_by: BTreeSet<i64>,
    pub withdrawn: i64,
    pub withdrawn_by: BTreeSet<i64>,
}

impl State {
    fn new(fates: &[Fate]) -> Self {
        let mut state = Self::default();
        for fate in fates {
            match (fate.withdrawn, fate.superseded_by) {
                (Some(by), _) => {
                    state.withdrawn += fate.count;
                    state.withdrawn_by.insert(by);
                }
                (None, Some(by)) => {
                    state.superseded += fate.count;
                    state.superseded_by.insert(by);
                }
                (None, None) => state.standing += fate.count,
            }
        }
        state
    }

    /// `stands`, or how many rows do not and because of what.
    pub fn words(&self) -> String {
        let part = |count: i64, what: &str, by: &BTreeSet<i64>| {
            let all = count == self.standing + self.superseded + self.withdrawn;
            let count = if all { String::new() } else { format!("{count} ") };
            format!("{count}{what} by {}", joined(by, ", "))
        };
        let mut parts = Vec::new();
        if self.superseded > 0 {
            parts.push(part(self.superseded, "superseded", &self.superseded_by));
        }
        if self.withdrawn > 0 {
            parts.push(part(self.withdrawn, "withdrawn", &self.withdrawn_by));
        }
        if parts.is_empty() { "stands".into() } else { parts.join(", ") }
    }
}

fn joined(ids: &BTreeSet<i64>, between: &str) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// What of a revision belongs to one series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    #[serde(flatten)]
    pub part: Part,
    /// None of a withdrawal, whose rows are another revision's.
    #[serde(flatten)]
    pub state: Option<State>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    #[serde(flatten)]
    pub taken: Taken,
    /// Of a withdrawal, what undid it.
    pub undone_by: Vec<i64>,
    #[serde(flatten)]
    pub state: Option<State>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Piece>,
}

impl Line {
    pub async fn all(store: &Store, taken: Vec<Taken>, with_parts: bool) -> anyhow::Result<Vec<Self>> {
        let withdrawals = withdrawals::all(store).await?;
        let mut lines = Vec::with_capacity(taken.len());
        for revision in taken {
            lines.push(Self::load(store, revision, &withdrawals, with_parts).await?);
        }
        Ok(lines)
    }

    async fn load(
        store: &Store,
        mut taken: Taken,
        withdrawals: &BTreeMap<i64, i64>,
        with_parts: bool,
    ) -> anyhow::Result<Self> {
        let is_withdrawal = taken.withdraws.is_some();
        let mut fates = if is_withdrawal { Vec::new() } else { taken::of_invoices(store, taken.id).await? };
        let mut pieces = Vec::new();
        if !is_withdrawal || with_parts {
            for part in taken::parts(store, taken.id).await? {
                let of_part = if is_withdrawal { Vec::new() } else { became(store, taken.id, &part).await? };
                pieces.push(Piece { part, state: (!is_withdrawal).then(|| State::new(&of_part)) });
                fates.extend(of_part);
            }
        }
        let this = taken.id;
        let undone_by = withdrawals.iter().filter(|(_, of)| is_withdrawal && **of == this).map(|(id, _)| *id).collect();
        // A form is long, and stands in the pack.
        taken.source.truncate(taken.source.find(" {").unwrap_or(taken.source.len()));
        let parts = if with_parts { pieces } else { Vec::new() };
        Ok(Self { taken, undone_by, state: (!is_withdrawal).then(|| State::new(&fates)), parts })
    }

    pub fn words(&self) -> String {
        match (&self.state, self.taken.withdraws) {
            (Some(state), _) => state.words(),
            (None, of) => {
                let of = of.map_or_else(String::new, |of| format!("takes back {of}"));
                let undone = joined(&self.undone_by.iter().copied().collect(), ", ");
                if undone.is_empty() { of } else { format!("{of}; undone by {undone}") }
            }
        }
    }
}

async fn became(store: &Store, revision: i64, part: &Part) -> anyhow::Result<Vec<Fate>> {
    let mut fates = Vec::new();
    if part.readings > 0 {
        fates.extend(taken::of_readings(store, revision, part).await?);
    }
    if part.forecasts > 0 {
        fates.extend(taken::of_forecasts(store, revision, part).await?);
    }
    Ok(fates)
}

pub(super) fn csv(lines: &[Line]) -> anyhow::Result<String> {
    let row = |line: &Line| {
        let taken = &line.taken;
        let count = |of: fn(&State) -> i64| line.state.as_ref().map_or_else(String::new, |s| of(s).to_string());
        let undone_by: BTreeSet<i64> = line.undone_by.iter().copied().collect();
        let by = line.state.as_ref().map_or(&undone_by, |state| &state.withdrawn_by);
        [
            taken.id.to_string(),
            taken.recorded.to_string(),
            no_formula(&taken.file_name).into(),
            taken.file_sha256.clone(),
            no_formula(&taken.source).into(),
            taken.series.to_string(),
            taken.readings.to_string(),
            taken.forecasts.to_string(),
            taken.invoices.to_string(),
            if_any(taken.start),
            if_any(taken.end),
            count(|state| state.standing),
            count(|state| state.superseded),
            line.state.as_ref().map_or_else(String::new, |state| joined(&state.superseded_by, "|")),
            count(|state| state.withdrawn),
            joined(by, "|"),
            no_formula(taken.actor.as_deref().unwrap_or("")).into(),
            no_formula(taken.reason.as_deref().unwrap_or("")).into(),
        ]
    };
    table::csv(&COLUMNS, lines.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_says_how_many_rows_only_where_it_is_not_all() {
        let fate = |superseded_by, withdrawn, count| Fate { superseded_by, withdrawn, count };
        let words = |fates: &[Fate]| State::new(fates).words();
        assert_eq!(words(&[]), "stands");
        assert_eq!(words(&[fate(None, None, 3)]), "stands");
        assert_eq!(words(&[fate(Some(7), Some(4), 3)]), "withdrawn by 4");
        assert_eq!(words(&[fate(Some(5), None, 2), fate(Some(6), None, 1)]), "superseded by 5, 6");
        let mixed = [fate(None, None, 3), fate(Some(5), None, 2), fate(None, Some(6), 1)];
        assert_eq!(words(&mixed), "2 superseded by 5, 1 withdrawn by 6");
    }
}
