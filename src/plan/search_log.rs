//! A search for integers that is looked at while it runs. HiGHS tells it to a callback, which its binding does not take, and to
//! a log: here that goes through a pipe, so that there is no file to grow, to poll and to remove.

use solver::{BackendError, HighsBackend, Limits, LinearModel, Progress, RawSolution, search_row};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;

/// What ends the log: HiGHS writes text.
const END: u8 = 0;

/// Solves by HiGHS as if unwatched, and tells what its log says; where there can be no log, nothing is told.
pub(super) fn solve(
    model: &LinearModel,
    limits: &Limits,
    start: Option<&[f64]>,
    told: &Progress,
) -> Result<RawSolution, BackendError> {
    let unwatched = || HighsBackend.solve_logged(model, limits, start, "");
    let Ok((reader, mut writer)) = std::io::pipe() else { return unwatched() };
    // Owned by what runs in it: whatever ends that closes the pipe.
    std::thread::scope(move |scope| {
        let follows = std::thread::Builder::new().spawn_scoped(scope, move || follow(reader, told));
        if follows.is_err() {
            return unwatched();
        }
        // Opened by its name, it is a writer of its own, which HiGHS closes.
        let solved = HighsBackend.solve_logged(model, limits, start, &format!("/dev/fd/{}", writer.as_raw_fd()));
        // The follower ends by this, whoever else has the pipe.
        let _ = writer.write_all(&[END, b'\n']);
        solved
    })
}

/// Reads a log until it ends, as fast as it is written: HiGHS waits for nobody.
fn follow(log: impl Read, told: &Progress) {
    let mut log = BufReader::new(log);
    let mut line = Vec::new();
    while let Ok(1..) = log.read_until(b'\n', &mut line) {
        if line.contains(&END) {
            return;
        }
        if let Some(row) = std::str::from_utf8(&line).ok().and_then(search_row) {
            told.searched(row.best, row.bound);
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{Index, SiteIndex};
    use solver::{Backend, Boundary, Job, Outcome, Problem, Seen, Site, Stage};
    use std::cell::RefCell;

    /// Jobs that compete for the room of a site in its cheap hours.
    fn problem() -> Problem {
        let steps = 24;
        let price = |t: usize| 20.0 + 15.0 * (((7 * t) % 11) as f64);
        let site = Site {
            id: "s".into(),
            pue: vec![1.0; steps],
            overhead_mw: vec![0.0; steps],
            firm_it_mw: vec![0.0; steps],
            it_capacity_mw: vec![5.0; steps],
            grid_limit_mw: vec![f64::INFINITY; steps],
            ..Site::default()
        };
        let boundary = Boundary {
            id: "b".into(),
            buy_per_mwh: (0..steps).map(price).collect(),
            carbon_g_per_kwh: vec![0.0; steps],
            grid_cfe_share: vec![0.0; steps],
        };
        let job = |k: usize| Job {
            id: format!("j{k}").into(),
            sites: vec![SiteIndex::new(0)],
            release: k,
            deadline: steps,
            steps: 2 + k % 4,
            last: 1.0,
            mw: 1.0 + 0.37 * k as f64,
            count: 1,
            miss_price: 1e4,
            ..Job::default()
        };
        Problem {
            step_hours: 1.0,
            steps,
            boundaries: vec![boundary],
            sites: vec![site],
            jobs: (0..9).map(job).collect(),
            ..Problem::default()
        }
    }

    type Solved = Result<RawSolution, BackendError>;

    type Solve<'a> = dyn Fn(&LinearModel, &Limits, Option<&[f64]>, &Progress) -> Solved + 'a;

    /// HiGHS, watched, and what is told once it has solved a model.
    struct Watched<'a> {
        solve: &'a Solve<'a>,
        told: Progress,
        seen: RefCell<Vec<Seen>>,
    }

    impl Watched<'_> {
        fn solved(&self, model: &LinearModel, limits: &Limits, x: Option<&[f64]>) -> Solved {
            let solved = (self.solve)(model, limits, x, &self.told);
            self.seen.borrow_mut().push(self.told.seen());
            solved
        }
    }

    impl Backend for Watched<'_> {
        fn solve(&self, model: &LinearModel, limits: &Limits) -> Solved {
            self.solved(model, limits, None)
        }

        fn solve_from(&self, model: &LinearModel, limits: &Limits, x: &[f64]) -> Solved {
            self.solved(model, limits, Some(x))
        }

        fn progress(&self) -> Option<&Progress> {
            Some(&self.told)
        }
    }

    fn limits() -> Limits {
        Limits { gap: 1e-9, ..Limits::default() }
    }

    #[test]
    fn a_solve_that_is_watched_comes_to_the_same_and_tells_it() {
        let problem = problem();
        let alone: Outcome = solver::solve_with(&problem, &limits(), &HighsBackend).expect("a plan");
        let watched = Watched { solve: &super::solve, told: Progress::new(), seen: RefCell::default() };
        let outcome = solver::solve_with(&problem, &limits(), &watched).expect("a plan");
        assert_eq!(outcome, alone);
        let last = watched.told.seen();
        assert_eq!((last.best, last.bound), (Some(outcome.objective), Some(outcome.bound)));
        assert!(last.gap().is_some_and(|gap| (gap - outcome.gap).abs() <= 1e-12), "{last:?}");
        assert!(!watched.told.listens() && last.stage != Stage::Stating, "{last:?}");
        // On the way no plan was better than the best, and no bound above it.
        let near = 1e-6 * outcome.objective.abs().max(1.0);
        let seen = watched.seen.into_inner();
        assert!(seen.iter().filter_map(|s| s.best).all(|best| best >= outcome.bound - near), "{seen:?}");
        assert!(seen.iter().filter_map(|s| s.bound).all(|bound| bound <= outcome.objective + near), "{seen:?}");
        assert!(seen.iter().any(|s| s.best.is_some()) && seen.iter().any(|s| s.bound.is_some()), "{seen:?}");
    }

    /// What HiGHS writes to a pipe are the rows that are read.
    #[test]
    fn a_search_ends_with_a_row_of_what_it_found() {
        let model = solver::model(&problem()).expect("a model");
        let alone = HighsBackend.solve(&model, &limits()).expect("solved");
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let (solved, log) = std::thread::scope(|scope| {
            let read = scope.spawn(move || {
                let mut log = String::new();
                reader.read_to_string(&mut log).map(|_| log)
            });
            let name = format!("/dev/fd/{}", writer.as_raw_fd());
            let solved = HighsBackend.solve_logged(&model, &limits(), None, &name).expect("solved");
            drop(writer);
            (solved, read.join().expect("no panic").expect("text"))
        });
        assert_eq!(solved, alone);
        let last = log.lines().filter_map(search_row).next_back().expect("a row");
        let near = 1e-6 * solved.objective.abs().max(1.0);
        assert!(last.best.is_some_and(|best| (best - solved.objective).abs() <= near), "{last:?} {log}");
        assert!(last.bound.is_some_and(|bound| bound <= solved.objective + near), "{last:?} {log}");
    }

    #[test]
    fn a_log_is_followed_to_its_end_and_counts_as_far_as_it_is_about_the_problem() {
        let row = |best: &str, bound: &str| {
            format!(" T  1  0  1  50.00%   {bound}   {best}   1.00%   0  0  0  7   1.0s\n").into_bytes()
        };
        // Rows that nothing else would tell of: the bounds are far too low, the plan far too good.
        let rows = [row("-7e8", "-9e8"), vec![0xff, b'\n'], row("-7e8", "-8e8"), vec![END, b'\n'], row("-6e8", "-6e8")];
        let log = rows.concat();
        let solve = |model: &LinearModel, limits: &Limits, x: Option<&[f64]>, told: &Progress| {
            follow(log.as_slice(), told);
            HighsBackend.solve_logged(model, limits, x, "")
        };
        let watched = Watched { solve: &solve, told: Progress::new(), seen: RefCell::default() };
        solver::solve_with(&problem(), &limits(), &watched).expect("a plan");
        let seen = watched.seen.into_inner();
        // First what is around a plan to start from, which proves nothing; then jobs relaxed, which find no plan.
        assert_eq!((seen[0].best, seen[0].bound), (None, None));
        assert_eq!(seen[1].bound, Some(-8e8));
        assert!(seen[1].best.is_some_and(|best| best > 0.0), "{seen:?}");
    }
}
