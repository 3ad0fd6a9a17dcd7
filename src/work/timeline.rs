//! What a piece of work has been doing up to a horizon: as the plans in force had it, as far as the last report agrees.
//! Work reported running keeps running until another report, or a later plan, says otherwise.

use super::history::{Row, Ruled};
use super::piece::Reported;
use super::state::Phase;
use reports::time::{Grid, Instant};

impl Reported<'_> {
    /// From when on what it did counts beside the part reported done.
    pub fn counts_from(&self) -> Instant {
        let state = &self.piece.state;
        let Some(at) = state.at else { return Instant::FIRST };
        match (state.phase, state.done) {
            // Whatever it was to have done by then, it waits again.
            (Phase::Queued, _) => at,
            (_, Some(_)) => state.done_at.unwrap_or(at),
            (Phase::Running, None) => state.since.unwrap_or(at),
            (_, None) => Instant::FIRST,
        }
    }

    /// Rows up to the start of the horizon, in order of time.
    pub fn timeline(&self, past: &[Ruled], grid: Grid) -> Vec<Row> {
        let planned = |plan: &Ruled| plan.rows(Instant::FIRST, grid.start);
        match (self.piece.state.at, self.piece.state.phase) {
            (None, _) => past.iter().flat_map(planned).collect(),
            (Some(at), Phase::Running) => self.run_on(past, at, grid),
            (Some(at), _) => {
                let unaware = |plan: &Ruled| plan.made <= at;
                let rows = |plan: &Ruled| if unaware(plan) { without_begun(planned(plan), at) } else { planned(plan) };
                past.iter().flat_map(rows).collect()
            }
        }
    }

    /// From when it was first reported running, it runs: at the power a plan had for it, else at full power.
    fn run_on(&self, past: &[Ruled], at: Instant, grid: Grid) -> Vec<Row> {
        let since = self.piece.state.since.unwrap_or(at).min(at);
        let mut ran = Running { reported: *self, rows: Vec::new(), to: since, on: true };
        for plan in past.iter().filter(|plan| plan.span.start < grid.start) {
            let (rows, ruled) = (plan.rows(Instant::FIRST, grid.start), plan.span);
            let end = ruled.end.min(grid.start);
            let within = at.clamp(ruled.start, ruled.end.max(ruled.start + 1) - 1);
            let knows = plan.made > at || plan.made > since && ruled.end <= at;
            if knows || rows.iter().any(|row| self.fits(row) && (row.start..row.end).contains(&within)) {
                ran.go_on(ruled.start.min(end));
                ran.on = rows.last().is_some_and(|row| row.on && row.end >= end);
                ran.rows.extend(rows);
                ran.to = ran.to.max(end);
            } else {
                if ruled.end > at {
                    ran.confirm(at);
                }
                ran.despite(rows, since);
            }
        }
        if ran.to <= at {
            ran.confirm(at);
        }
        ran.go_on(grid.start);
        ran.rows
    }

    /// Running where it was reported to be.
    fn fits(&self, row: &Row) -> bool {
        row.on && self.piece.state.site.as_ref().is_none_or(|site| *site == row.site)
    }
}

/// A piece reported running, told up to an instant.
struct Running<'a> {
    reported: Reported<'a>,
    rows: Vec<Row>,
    to: Instant,
    on: bool,
}

impl Running<'_> {
    /// It runs to an instant, if it does; at full power, where it is known what that is.
    fn go_on(&mut self, to: Instant) {
        let Reported { piece, terms, portfolio } = self.reported;
        let (work, ids) = (&piece.work, &portfolio.definitions.sites);
        let listed = || terms.sites.first().map(|site| ids[*site].id.clone());
        let last = || self.rows.last().map(|row| row.site.clone());
        let site = piece.state.site.clone().or_else(last).or_else(listed);
        if let (true, true, Some(site)) = (self.on, to > self.to, site) {
            let hours = (to - self.to) as f64 / 3_600.0;
            let stated = !work.divides() || work.max_mw.is_some() || work.gpus.is_some();
            let mw = if stated { terms.most_mw() } else { 0.0 };
            let (start, end) = (self.to, to);
            self.rows.push(Row { site, start, end, on: true, mwh: mw * hours, progress_h: hours, unit: 0 });
        }
        self.to = self.to.max(to);
    }

    /// It was reported to run, though a plan had stopped it.
    fn confirm(&mut self, at: Instant) {
        if !self.on {
            self.on = true;
            self.to = self.to.max(at);
        }
    }

    /// A plan that did not know: what it had from then on holds only as far as it had it run there.
    fn despite(&mut self, rows: Vec<Row>, since: Instant) {
        for row in rows {
            if row.start < since {
                let until = if self.reported.fits(&row) { row.end } else { row.end.min(since) };
                self.to = self.to.max(until);
                self.rows.push(row.until(until));
            } else if self.reported.fits(&row) {
                self.go_on(row.start);
                self.to = self.to.max(row.end);
                self.rows.push(row);
            }
        }
    }
}

/// Rows without what was on when it was reported to be off: that has not gone on.
fn without_begun(rows: Vec<Row>, at: Instant) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    let mut stretch: Option<(Instant, Instant)> = None;
    for row in rows {
        let began = match stretch {
            Some((began, end)) if row.on && end == row.start => began,
            _ => row.start,
        };
        stretch = row.on.then_some((began, row.end));
        if !row.on || began >= at || row.end <= at {
            kept.push(row);
        } else if row.start < at {
            kept.push(row.until(at));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::Portfolio;
    use crate::work::Work;
    use crate::work::piece::Piece;
    use crate::work::state::State;
    use crate::work::terms;
    use reports::time::{HOUR_S, Interval};

    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * HOUR_S)
    }

    fn row(start: i64, end: i64, on: bool) -> Row {
        let (mwh, progress_h) = if on { (2.0 * (end - start) as f64, (end - start) as f64) } else { (0.0, 0.0) };
        Row { site: "s".into(), start: at(start), end: at(end), on, mwh, progress_h, unit: 0 }
    }

    fn hours(rows: &[Row]) -> Vec<(i64, i64, bool)> {
        rows.iter().map(|r| ((r.start - at(0)) / HOUR_S, (r.end - at(0)) / HOUR_S, r.on)).collect()
    }

    fn portfolio() -> Portfolio {
        let text = "[store]\nurl = \"sqlite://x.db\"\n[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n\
            [[site]]\nid = \"s\"\nboundary = \"b\"\nit_capacity_mw = 10.0\n[[site]]\nid = \"t\"\nboundary = \"b\"\n\
            it_capacity_mw = 10.0\n";
        crate::portfolio::parse(text, "hourmatch.toml").expect("a portfolio")
    }

    fn energy(max_mw: Option<f64>) -> Work {
        let mut work =
            Work::batch("a".into(), "2026-01-01T00:00:00Z".into(), "2026-01-02T00:00:00Z".into(), Some(12.0));
        work.max_mw = max_mw;
        work
    }

    fn piece(work: &Work, state: State) -> Piece {
        let span = work.span().expect("a span");
        Piece { work: work.clone(), span, state, born_seq: 0 }
    }

    /// Told of a piece reported running at nine, in a plan of eight that did not know.
    fn reported_rows(work: &Work, rows: Vec<Row>, to: i64) -> Vec<Row> {
        let portfolio = portfolio();
        let terms = terms::derive(work, &portfolio);
        let nine = Some(at(9));
        let state = State { phase: Phase::Running, site: Some("s".into()), since: nine, at: nine, ..State::QUEUED };
        let piece = piece(work, state);
        let reported = Reported { piece: &piece, terms: &terms, portfolio: &portfolio };
        let mut ran = Running { reported, rows: Vec::new(), to: at(9), on: true };
        ran.despite(rows, at(9));
        ran.go_on(at(to));
        ran.rows
    }

    #[test]
    fn what_runs_goes_on_at_the_power_a_plan_had_for_it_else_at_full_power() {
        let work = energy(Some(3.0));
        let rows = reported_rows(&work, vec![row(8, 10, false), row(11, 12, true)], 14);
        assert_eq!(hours(&rows), [(8, 9, false), (9, 11, true), (11, 12, true), (12, 14, true)]);
        assert_eq!(rows.iter().map(|r| r.mwh).collect::<Vec<f64>>(), [0.0, 6.0, 2.0, 6.0]);
        // Where its power is not known, nothing is taken to be done beside the plan.
        let rows = reported_rows(&energy(None), vec![row(11, 12, true)], 14);
        assert_eq!(rows.iter().map(|r| r.mwh).sum::<f64>(), 2.0);
        // What a plan had elsewhere is not where it runs.
        let elsewhere = Row { site: "t".into(), ..row(11, 12, true) };
        assert_eq!(hours(&reported_rows(&work, vec![elsewhere], 14)), [(9, 14, true)]);
    }

    /// Reported running at nine; the plan of half past nine knew, begins at ten and has it wait.
    #[test]
    fn a_plan_made_after_the_report_is_believed_though_it_begins_later() {
        let (portfolio, work, nine) = (portfolio(), energy(Some(3.0)), Some(at(9)));
        let terms = terms::derive(&work, &portfolio);
        let state = State { phase: Phase::Running, site: Some("s".into()), since: nine, at: nine, ..State::QUEUED };
        let piece = piece(&work, state);
        let reported = Reported { piece: &piece, terms: &terms, portfolio: &portfolio };
        let span = Interval { start: at(10), end: at(12) };
        let knew = Ruled { made: at(9) + HOUR_S / 2, span, stretches: Vec::new(), saves: Vec::new() };
        let grid = Grid { start: at(13), step_s: HOUR_S, len: 1 };
        assert_eq!(hours(&reported.timeline(std::slice::from_ref(&knew), grid)), [(9, 10, true)]);
        let unaware = Ruled { made: at(8), ..knew };
        assert_eq!(hours(&reported.timeline(&[unaware], grid)).last().map(|row| (row.1, row.2)), Some((13, true)));
    }

    #[test]
    fn what_was_on_and_is_reported_off_has_not_gone_on() {
        let rows = || vec![row(8, 10, true), row(10, 11, true), row(11, 12, false), row(13, 14, true)];
        let kept = without_begun(rows(), at(9));
        assert_eq!(hours(&kept), [(8, 9, true), (11, 12, false), (13, 14, true)]);
        assert_eq!(kept[0].mwh, 2.0);
        assert_eq!(hours(&without_begun(rows(), at(8))), hours(&rows()), "it began as it was reported");
        assert_eq!(hours(&without_begun(rows(), at(15))), hours(&rows()), "all of it was over");
    }

    #[test]
    fn the_part_reported_done_is_of_its_own_time() {
        let (portfolio, work) = (portfolio(), energy(Some(3.0)));
        let terms = terms::derive(&work, &portfolio);
        let from = |state: State| {
            let piece = piece(&work, state);
            Reported { piece: &piece, terms: &terms, portfolio: &portfolio }.counts_from()
        };
        let queued = State { since: Some(at(1)), at: Some(at(9)), ..State::QUEUED };
        assert_eq!(from(State { at: None, ..queued.clone() }), Instant::FIRST);
        assert_eq!(from(queued.clone()), at(9));
        let running = State { phase: Phase::Running, ..queued };
        assert_eq!(from(running.clone()), at(1), "nothing was said of how much: since it runs");
        assert_eq!(from(State { done: Some(0.5), done_at: Some(at(4)), ..running.clone() }), at(4));
        assert_eq!(from(State { done: Some(0.5), ..running }), at(9), "reported before this was kept");
    }
}
