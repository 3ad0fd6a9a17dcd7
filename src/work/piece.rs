//! Stored rows as the pieces of work they hold: they are read here, and nowhere else.

use super::state::{Phase, State};
use super::terms::Terms;
use super::{Instant, Interval, Portfolio, SiteIndex, Store, Work, WorkId};
use crate::error::{Fault, Kind};
use crate::store::work::{self, Rows, WorkRow};
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
    pub fn site(&self) -> Option<SiteIndex> {
        self.piece.state.site.as_ref().and_then(|id| self.portfolio.site(id))
    }

    /// The same, else the first site at which it may be.
    pub fn site_or_first(&self) -> Option<SiteIndex> {
        self.site().or_else(|| self.terms.sites.first().copied())
    }
}

/// A piece that is in the store and cannot be read, or not its last report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub id: WorkId,
    /// What is wrong with it, in words.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// Pieces, and what of the rows is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pieces {
    pub readable: Vec<Piece>,
    pub lost: Vec<Lost>,
    /// Readable ones that are open and whose last report is not: their rows have all of it but when so much was done, which
    /// is taken to be when it was reported.
    pub garbled: Vec<Lost>,
}

impl Lost {
    pub fn new(id: &WorkId, why: &dyn fmt::Display) -> Self {
        let remedy = format!("hourmatch work cancel {id}, and submit it again");
        Self { id: id.clone(), what: format!("stored work {id} cannot be read: {why}"), remedy }
    }

    /// One in a state that there is none of. It may be over: what was reported before says nothing of that.
    fn adrift(row: &WorkRow) -> Self {
        let WorkRow { id, state, .. } = row;
        let what = format!("stored work {id} is in an unknown state `{state}`, so it may be over");
        let remedy =
            format!("report where it stands, such as hourmatch work update {id} --state running, or cancel it");
        Self { id: id.clone(), what, remedy }
    }

    /// One whose last report is damaged; its row says where it stands.
    fn garbled(row: &WorkRow, why: &dyn fmt::Display) -> Self {
        let WorkRow { id, state, .. } = row;
        let of = row.reported.map_or_else(String::new, |at| format!(", of {at},"));
        let done = row.done.map_or_else(String::new, |done| format!(" --done {done}"));
        // What was done then is not what is done now.
        let at = row.reported.map_or_else(String::new, |at| format!(" --at {at}"));
        let what = format!("the last report of stored work {id}{of} cannot be read: {why}");
        let remedy = format!("report it anew: hourmatch work update {id} --state {state}{done}{at}");
        Self { id: id.clone(), what, remedy }
    }
}

impl From<Lost> for Fault {
    fn from(lost: Lost) -> Self {
        Fault::new(lost.what).kind(Kind::Stored).hint(lost.remedy)
    }
}

impl Piece {
    /// # Errors
    /// A row that is in an unknown state, that holds no piece of work, or that states no time where it should.
    pub fn read(row: &WorkRow) -> Result<(Self, Option<Lost>), Lost> {
        let (state, garbled) = last_state(row, phase(row)?);
        let (work, span) = stated(&row.content).map_err(|why| Lost::new(&row.id, &why))?;
        Ok((Self { work, span, state, born_seq: row.born_seq }, garbled))
    }
}

impl Pieces {
    pub fn read(rows: &Rows) -> Self {
        let lost = rows.unreadable.iter().map(|(id, why)| Lost::new(id, why)).collect();
        let mut pieces = Self { readable: Vec::with_capacity(rows.readable.len()), lost, garbled: Vec::new() };
        for row in &rows.readable {
            match Piece::read(row) {
                Ok((piece, garbled)) => {
                    pieces.garbled.extend(garbled.filter(|_| piece.state.open()));
                    pieces.readable.push(piece);
                }
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

/// The state that a row has a piece in.
///
/// # Errors
/// One that there is none of.
pub(super) fn phase(row: &WorkRow) -> Result<Phase, Lost> {
    row.state.parse().map_err(|_| Lost::adrift(row))
}

/// As last reported, in that state, and what of it cannot be read.
pub(super) fn last_state(row: &WorkRow, phase: Phase) -> (State, Option<Lost>) {
    let (done_at, garbled) = match done_at(row) {
        Ok(done_at) => (done_at, None),
        Err(garbled) => (None, Some(garbled)),
    };
    let WorkRow { done, last_checkpoint, since, reported: at, .. } = *row;
    (State { phase, done, done_at, last_checkpoint, site: row.site.clone(), since, at }, garbled)
}

/// When so much was done: it has no column of its own, and stands in the last report.
fn done_at(row: &WorkRow) -> Result<Option<Instant>, Lost> {
    let last = row.report.as_deref().map(serde_json::from_str::<State>).transpose();
    last.map(|last| last.and_then(|state| state.done_at)).map_err(|error| Lost::garbled(row, &error))
}

/// How the pieces named were last reported, as far as there are such and it is known.
///
/// # Errors
/// A store that does not answer.
pub async fn phases(store: &Store, ids: &[WorkId]) -> sqlx::Result<BTreeMap<WorkId, Phase>> {
    let states = work::states(store, ids).await?;
    Ok(states.into_iter().filter_map(|(id, state)| Some((id, state.parse().ok()?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let Pieces { readable, lost, garbled } = Pieces::read(&rows);
        let (since, reported) = (Some(at(5)), Some(at(9)));
        let state = State { phase: Phase::Running, done: Some(0.25), since, at: reported, ..State::QUEUED };
        // How much was done is of its own time, which only the report states.
        assert_eq!(readable[0].state, State { done_at: Some(at(7)), ..state.clone() });
        assert_eq!(readable[1].state, State { phase: Phase::Paused, ..state });
        assert_eq!((readable.len(), readable[0].span.duration_s(), readable[0].born_seq), (2, 86_400, 3));
        assert_eq!(lost.iter().map(|lost| lost.id.as_str()).collect::<Vec<_>>(), ["e", "b", "c"]);
        assert_eq!(lost[0].what, "stored work e cannot be read: no text");
        assert_eq!(lost[2].what, "stored work c is in an unknown state `asleep`, so it may be over");
        assert!(lost[2].remedy.contains("hourmatch work update c --state"), "{}", lost[2].remedy);
        let problem = Fault::from(lost[1].clone());
        assert_eq!(problem.hint.as_deref(), Some("hourmatch work cancel b, and submit it again"));
        assert_eq!((problem.kind, garbled), (Kind::Stored, Vec::new()));
    }

    #[test]
    fn without_its_last_report_a_piece_stands_as_its_row_says() {
        let work = Work::batch("a".into(), "2026-01-01T00:00:00Z".into(), "2026-01-02T00:00:00Z".into(), Some(4.0));
        let row = |report: &str| WorkRow {
            id: "a".into(),
            content: serde_json::to_string(&work).expect("JSON"),
            state: "running".into(),
            done: Some(0.25),
            last_checkpoint: Some(Instant::from_seconds(6)),
            site: Some("s".into()),
            since: Some(Instant::from_seconds(5)),
            reported: Some(Instant::from_seconds(9)),
            report: Some(report.into()),
            born_seq: 0,
        };
        let report =
            r#"{"phase":"running","done":0.25,"done_s":7,"last_checkpoint_s":6,"site":"s","since_s":5,"at_s":9}"#;
        let whole = Piece::read(&row(report)).expect("a piece");
        for damaged in [&report[..20], &report.replace("running", "asleep"), ""] {
            let (piece, garbled) = Piece::read(&row(damaged)).expect("a piece");
            assert_eq!(piece.state, State { done_at: None, ..whole.0.state.clone() });
            let garbled = garbled.expect("said");
            let what = "the last report of stored work a, of 1970-01-01T00:00:09Z, cannot be read: ";
            assert!(garbled.what.starts_with(what), "{}", garbled.what);
            let remedy = "hourmatch work update a --state running --done 0.25 --at 1970-01-01T00:00:09Z";
            assert_eq!(garbled.remedy, format!("report it anew: {remedy}"));
        }
        assert_eq!((whole.0.state.done_at, whole.1), (Some(Instant::from_seconds(7)), None));
    }
}
