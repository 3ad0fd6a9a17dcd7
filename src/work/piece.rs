//! Stored rows as the pieces of work they hold: they are read here, and nowhere else.

use super::Work;
use super::state::{Phase, State};
use super::terms::Terms;
use crate::error::{Fault, Kind};
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::work::{self, Rows, WorkRow};
use ids::WorkId;
use reports::time::Interval;
use std::collections::BTreeMap;
use std::fmt;

/// A piece of work: as its owner states it, and as it was last reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub work: Work,
    /// From its release to its deadline.
    pub span: Interval,
    pub state: State,
    /// The change from which on it is this piece: before, the id was another's, which was cancelled.
    pub born_seq: i64,
}

/// A piece as it was last reported, and what it comes to in a portfolio.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    pub piece: &'a Piece,
    pub terms: &'a Terms,
    pub portfolio: &'a Portfolio,
}

impl Reported<'_> {
    /// Where it was reported to be, if the portfolio has that.
    pub fn site(&self) -> Option<usize> {
        self.piece.state.site.as_ref().and_then(|id| self.portfolio.site(id))
    }

    /// The same, else the first site at which it may be.
    pub fn site_or_first(&self) -> Option<usize> {
        self.site().or_else(|| self.terms.sites.first().copied())
    }
}

/// A piece that is in the store and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub id: WorkId,
    /// What is wrong with it, in words.
    pub what: String,
}

/// Pieces, and what of the rows is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pieces {
    pub readable: Vec<Piece>,
    pub lost: Vec<Lost>,
}

impl Lost {
    pub fn new(id: &str, why: &dyn fmt::Display) -> Self {
        Self { id: id.into(), what: format!("stored work {id} cannot be read: {why}") }
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        format!("hourmatch work cancel {}, and submit it again", self.id)
    }
}

impl From<Lost> for Fault {
    fn from(lost: Lost) -> Self {
        let remedy = lost.remedy();
        Fault::new(lost.what).kind(Kind::Stored).hint(remedy)
    }
}

impl Piece {
    /// # Errors
    /// A row that is in an unknown state, that holds no piece of work, or that states no time where it should.
    pub fn read(row: &WorkRow) -> Result<Self, Lost> {
        let state = last_state(row)?;
        let (work, span) = stated(&row.content).map_err(|why| Lost::new(&row.id, &why))?;
        Ok(Self { work, span, state, born_seq: row.born_seq })
    }
}

impl Pieces {
    pub fn read(rows: &Rows) -> Self {
        let lost = rows.unreadable.iter().map(|(id, why)| Lost::new(id, why)).collect();
        let mut pieces = Self { readable: Vec::with_capacity(rows.readable.len()), lost };
        for row in &rows.readable {
            match Piece::read(row) {
                Ok(piece) => pieces.readable.push(piece),
                Err(lost) => pieces.lost.push(lost),
            }
        }
        pieces
    }
}

/// What the content of a row states, and from its release to its deadline.
///
/// # Errors
/// Why it states none.
pub fn stated(content: &str) -> Result<(Work, Interval), String> {
    let work: Work = serde_json::from_str(content).map_err(|error| error.to_string())?;
    let span = work.span().map_err(|error| error.to_string())?;
    Ok((work, span))
}

/// As last reported; refused where that is an unknown state.
pub(super) fn last_state(row: &WorkRow) -> Result<State, Lost> {
    let phase = row.state.parse().map_err(|_| Lost {
        id: row.id.as_str().into(),
        what: format!("stored work {} is in an unknown state `{}`", row.id, row.state),
    })?;
    // What has no column of its own stands in the last report.
    let last = row.report.as_deref().map(serde_json::from_str::<State>).transpose();
    let last = last.map_err(|error| Lost::new(&row.id, &error))?;
    let WorkRow { done, last_checkpoint, since, reported: at, .. } = *row;
    let (done_at, site) = (last.and_then(|state| state.done_at), row.site.clone());
    Ok(State { phase, done, done_at, last_checkpoint, site, since, at })
}

/// How the pieces named were last reported, as far as there are such and it is known.
///
/// # Errors
/// A store that does not answer.
pub async fn phases(store: &Store, ids: &[String]) -> sqlx::Result<BTreeMap<String, Phase>> {
    let states = work::states(store, ids).await?;
    Ok(states.into_iter().filter_map(|(id, state)| Some((id, state.parse().ok()?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::Instant;

    #[test]
    fn what_cannot_be_read_is_named_and_the_rest_is_read() {
        let at = Instant::from_seconds;
        let content = |id: &str| {
            format!(
                r#"{{"id":"{id}","release":"2026-01-01T00:00:00Z","deadline":"2026-01-02T00:00:00Z","energy_mwh":4}}"#
            )
        };
        let row = |id: &str, state: &str| WorkRow {
            id: id.into(),
            content: content(id),
            state: state.into(),
            done: Some(0.25),
            last_checkpoint: None,
            site: None,
            since: Some(at(5)),
            reported: Some(at(9)),
            report: None,
            born_seq: 3,
        };
        let report =
            r#"{"phase":"running","done":0.25,"done_s":7,"last_checkpoint_s":null,"site":null,"since_s":5,"at_s":9}"#;
        let reported = WorkRow { report: Some(report.into()), ..row("a", "running") };
        let timeless = WorkRow { content: content("b").replace("2026-01-02", "soon"), ..row("b", "queued") };
        let rows = Rows {
            readable: vec![reported, timeless, row("c", "asleep"), row("d", "paused")],
            unreadable: vec![("e".into(), "no text".into())],
        };
        let Pieces { readable, lost } = Pieces::read(&rows);
        let (since, reported) = (Some(at(5)), Some(at(9)));
        let state = State { phase: Phase::Running, done: Some(0.25), since, at: reported, ..State::QUEUED };
        // How much was done is of its own time, which only the report states.
        assert_eq!(readable[0].state, State { done_at: Some(at(7)), ..state.clone() });
        assert_eq!(readable[1].state, State { phase: Phase::Paused, ..state });
        assert_eq!((readable.len(), readable[0].span.duration_s(), readable[0].born_seq), (2, 86_400, 3));
        assert_eq!(lost.iter().map(|lost| lost.id.as_str()).collect::<Vec<_>>(), ["e", "b", "c"]);
        assert_eq!(lost[0].what, "stored work e cannot be read: no text");
        assert_eq!(lost[2].what, "stored work c is in an unknown state `asleep`");
        let problem = Fault::from(lost[2].clone());
        assert_eq!(problem.hint.as_deref(), Some("hourmatch work cancel c, and submit it again"));
        assert_eq!(problem.kind, Kind::Stored);
    }
}
