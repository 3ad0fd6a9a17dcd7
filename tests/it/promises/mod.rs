//! Random portfolios with every rule of the planner in them, and sequences of plans, reports of state, questions,
//! reservations and releases: whatever is granted, adding it to the plan as fixed work breaks nothing that the solver's
//! own check and its list of violations would see. Questions change nothing in the store, and answers repeat.

mod portfolios;

use crate::support::{Random, in_full};
use hourmatch::ingest::{self, Options};
use hourmatch::plan::basis::Basis;
use hourmatch::plan::{self, Made, Request, Strategy, assemble, draws};
use hourmatch::portfolio::{self, Portfolio};
use hourmatch::store::{Store, reservations};
use hourmatch::windows::{Desk, answer, reserve};
use hourmatch::work::{Work, add, state::Update, update};
use ids::{Index, JobIndex, WorkId, WorkIndex};
use portfolios::{forecasts, portfolio, question, start, work};
use reports::time::{Grid, Instant, RecordTime};
use solver::{Outcome, Problem};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// In CI; every one of them by `HOURMATCH_FULL=1`, ten times as many.
const PORTFOLIOS: u64 = 2_000;
const HOUR: i64 = 3_600;
const STEPS: usize = 12;

/// What happened, over all portfolios: a test that never grants anything would prove nothing.
#[derive(Debug, Default, Clone)]
struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn one(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }
}

struct Case {
    r: Random,
    desk: Desk,
    portfolio: Arc<Portfolio>,
    now: Instant,
    /// Plan that the truth below is of.
    plan: String,
    /// What stands by the plan: its problem with everything granted since fixed in it, and its decisions.
    truth: Option<(Grid, Problem, Outcome)>,
    basis: Option<Basis>,
    pieces: Vec<Work>,
    reserved: Vec<String>,
}

impl Case {
    async fn open(seed: u64, dir: &Path) -> Self {
        let mut r = Random::new(seed);
        let text = portfolio(&mut r);
        let portfolio = Arc::new(portfolio::parse(&text, "hourmatch.toml").unwrap_or_else(|p| panic!("{p}\n{text}")));
        let store = Store::open(&format!("sqlite://{}", dir.join("s.db").display())).await.expect("a store");
        let path = dir.join("f.csv");
        std::fs::write(&path, forecasts(&mut r)).expect("written");
        let options = Options::own_form(start().into());
        let batch = ingest::read_file(&path, &options).expect("read");
        ingest::store_file(&store, &path, batch, &options).await.expect("taken");
        let desk = Desk::new(store, portfolio.clone());
        let (plan, pieces, reserved) = (String::new(), Vec::new(), Vec::new());
        Self { r, desk, portfolio, now: start(), plan, truth: None, basis: None, pieces, reserved }
    }

    fn record_time(&self) -> RecordTime {
        self.now.into()
    }

    async fn add_work(&mut self) {
        let id = format!("w{}", self.pieces.len()).into();
        let piece = work(&mut self.r, &self.portfolio, id, self.now);
        if piece.problem(&self.portfolio).is_none() {
            add::add(&self.desk.store, std::slice::from_ref(&piece), self.record_time()).await.expect("added");
            self.pieces.push(piece);
        }
    }

    async fn plan(&mut self, counts: &mut Counts) {
        // Branch and bound now and then; the plans without it are as good to hold promises against.
        let strategy = [Strategy::Lp, Strategy::CleanFirst, Strategy::Asap, Strategy::Asap][self.r.below(4)];
        let horizon_s = STEPS as i64 * HOUR;
        let request = Request { values: Some(false), gap: 0.02, strategy, ..Request::new(self.now, horizon_s) };
        let snapshot = assemble::snapshot(&self.desk.store, &self.portfolio, &request).await.expect("a snapshot");
        let made = Made::new(snapshot, request).expect("a plan");
        // Others reserve by the plan before this while it is made.
        self.truth = None;
        let late = !self.plan.is_empty() && self.r.one_in(2);
        if late {
            self.reserve(counts).await.expect("nothing is followed");
            self.reserve(counts).await.expect("nothing is followed");
        }
        let id = made.plan.id.clone();
        let made = plan::keep(&self.desk.store, made).await.expect("kept");
        if made.plan.id != id {
            counts.one("repairs");
        }
        let (basis, mut outcome) = (made.basis(), made.outcome);
        made.stated.take_expected(&mut outcome);
        self.truth = Some((made.snapshot.grid, made.stated.without_expected(), outcome));
        self.plan = made.plan.id;
        self.basis = Some(basis);
        counts.one("plans");
        if late {
            self.fix_late(counts, made.snapshot.reservation_seq).await;
        }
    }

    /// What was reserved since the plan's snapshot and fitted stands beside the plan, and breaks nothing.
    async fn fix_late(&mut self, counts: &mut Counts, seq: i64) {
        let Some((grid, problem, outcome)) = &mut self.truth else { return };
        let before = standing(problem, outcome).expect("it stands");
        for r in reservations::ending_after(&self.desk.store, grid.start).await.expect("read") {
            if let (true, None, Some(draw)) =
                (r.seq > seq, r.released_seq, draws::of_reservation(&self.portfolio, &r, *grid))
            {
                problem.fix(&draw);
                counts.one("late reservations that fit");
            }
        }
        let after = standing(problem, outcome).expect("it stands");
        for (what, quantity) in &after.violations {
            let was = before.violations.get(what).copied().unwrap_or(0.0);
            assert!(*quantity <= was + 1e-4, "late reservations raise {what} from {was} to {quantity}");
        }
        assert!(before.refused.is_some() || after.refused.is_none(), "{:?}", after.refused);
    }

    /// A scheduler reports; what is done or cancelled leaves the truth, what runs unplanned is fixed in it.
    async fn report(&mut self, counts: &mut Counts) {
        let Some(piece) = self.pieces.get(self.r.below(self.pieces.len().max(1))).cloned() else { return };
        let state = ["done", "cancelled", "running", "paused"][self.r.below(4)];
        let report = Update { state: Some(state.into()), ..Update::default() };
        let now = (self.now, self.record_time());
        let told = update::apply(&self.desk.store, &self.portfolio, &piece.id, &report, now).await;
        if told.is_err() {
            return;
        }
        counts.one("reports");
        let Some((grid, problem, outcome)) = &mut self.truth else { return };
        let basis = self.basis.as_ref().expect("of the plan");
        let one_go = !piece.divides() && !piece.is_training() && piece.count.is_none();
        if state == "running" && !one_go || state == "paused" || piece.is_training() {
            // As planned, or told apart by the next plan only: nothing more is granted on the strength of it.
            if state == "running" || piece.is_training() {
                self.truth = None;
            }
            return;
        }
        if !take_out(basis, problem, outcome, &piece.id) {
            self.truth = None;
            return;
        }
        if state == "running" {
            let terms = hourmatch::work::terms::derive(&piece, &self.portfolio);
            // Where it runs a report need not say; then it is where the plan had it, or its first site.
            if terms.sites.len() != 1 {
                self.truth = None;
                return;
            }
            let end = self.now + (terms.hours * 3_600.0).ceil() as i64;
            let span = reports::time::Interval { start: self.now, end: end.max(self.now + HOUR) };
            let gpus = draws::gpus(&self.portfolio, piece.pool.as_ref(), piece.gpus, piece.account.as_ref());
            if let Some(draw) = draws::over(*grid, terms.sites[0], span, terms.max_mw, gpus) {
                problem.fix(&draw);
            }
        }
    }

    async fn ask(&mut self, dir: &Path, counts: &mut Counts) {
        let ask = question(&mut self.r, &self.portfolio, self.now);
        let bytes = || (std::fs::read(dir.join("s.db")).ok(), std::fs::read(dir.join("s.db-wal")).ok());
        let before = bytes();
        let quiet = Desk::new(self.desk.store.clone(), self.portfolio.clone());
        let first = answer(&quiet, &ask).await.expect("an answer");
        let again = answer(&Desk::new(self.desk.store.clone(), self.portfolio.clone()), &ask).await.expect("an answer");
        assert_eq!(first, again, "answers repeat");
        assert!(before == bytes(), "asking wrote something");
        counts.one("questions");
        // Who asks the same desk again is sent elsewhere among ties, and nowhere worse.
        let kept = answer(&quiet, &ask).await.expect("an answer");
        let ranks = |a: &hourmatch::windows::Answer| a.windows.iter().map(|w| w.rank).collect::<Vec<_>>();
        assert_eq!(ranks(&kept), ranks(&first));
    }

    async fn reserve(&mut self, counts: &mut Counts) -> Result<(), String> {
        let ask = question(&mut self.r, &self.portfolio, self.now);
        let id = format!("r{}", self.reserved.len());
        let made = match reserve::reserve(&self.desk, &ask, &id, self.record_time()).await {
            Ok(made) => made,
            Err(_) => {
                counts.one("refused");
                return Ok(());
            }
        };
        self.reserved.push(id.clone());
        let again = reserve::reserve(&self.desk, &ask, &id, self.record_time()).await.map_err(|e| e.to_string())?;
        assert_eq!((again.new, &again.reserved), (false, &made.reserved));
        if made.answer.fallback {
            counts.one("fallbacks");
            return Ok(());
        }
        let row = reservations::get(&self.desk.store, &id).await.expect("read").expect("there");
        let Some((grid, problem, outcome)) = &mut self.truth else { return Ok(()) };
        let Some(draw) = draws::of_reservation(&self.portfolio, &row, *grid) else { return Ok(()) };
        let before = standing(problem, outcome)?;
        problem.fix(&draw);
        let after = standing(problem, outcome)?;
        counts.one("grants");
        if draw.gpus.is_some() {
            counts.one("grants of accelerators");
        }
        if draw.mw.iter().any(|(mean, most)| mean < most) {
            counts.one("grants off the step");
        }
        for (what, quantity) in &after.violations {
            let was = before.violations.get(what).copied().unwrap_or(0.0);
            if *quantity > was + 1e-4 {
                return Err(format!("{id} raises {what} from {was} to {quantity}: {ask:?} {draw:?}"));
            }
        }
        match (before.refused, after.refused) {
            (None, Some(why)) => Err(format!("{id} is refused by the check: {why}: {ask:?} {draw:?}")),
            _ => Ok(()),
        }
    }

    async fn release(&mut self, counts: &mut Counts) {
        let Some(id) = self.reserved.get(self.r.below(self.reserved.len().max(1))).cloned() else { return };
        if reserve::release(&self.desk, &id, (self.now, self.record_time())).await.is_ok() {
            counts.one("releases");
            // What it gave back is free again; the truth is no smaller without it, and is not followed so far.
            self.truth = None;
        }
    }
}

/// Takes a piece of work that is no training out of a plan's problem and decisions; false where nobody can say from outside
/// which start of a cohort was whose.
fn take_out(basis: &Basis, problem: &mut Problem, outcome: &mut Outcome, id: &WorkId) -> bool {
    for (w, _) in WorkIndex::each(&basis.work).filter(|(_, work)| *work == id) {
        problem.work[w].energy_mwh = 0.0;
        problem.work[w].later = None;
        problem.work[w].prior.clear();
        outcome.placements.retain(|p| p.work != w);
    }
    for (j, members) in JobIndex::each(&basis.jobs) {
        if members.iter().all(|(member, _)| member != id) {
            continue;
        }
        if members.len() > 1 {
            return false;
        }
        outcome.jobs[j].starts.clear();
        outcome.jobs[j].missed = problem.jobs[j].count;
        problem.jobs[j].running = None;
    }
    true
}

struct Standing {
    violations: BTreeMap<&'static str, f64>,
    /// Why the solver's check refuses the plan as it stands.
    refused: Option<String>,
}

fn standing(problem: &Problem, outcome: &Outcome) -> Result<Standing, String> {
    let priced = solver::price(problem, outcome).map_err(|e| e.to_string())?;
    let violations = solver::violations(problem, &priced).map_err(|e| e.to_string())?;
    let refused = solver::check_plan(problem, &priced).err().map(|e| e.to_string());
    Ok(Standing { violations: violations.into_iter().collect(), refused })
}

async fn one(seed: u64, counts: &mut Counts) -> Result<(), String> {
    let dir = tempfile::tempdir().expect("a folder");
    let mut case = Case::open(seed, dir.path()).await;
    for _ in 0..2 + case.r.below(5) {
        case.add_work().await;
    }
    case.plan(counts).await;
    for _ in 0..10 {
        match case.r.below(10) {
            0 => case.add_work().await,
            1 => case.report(counts).await,
            2 => case.release(counts).await,
            3 => case.ask(dir.path(), counts).await,
            4 => case.now += [20 * 60, HOUR, 2 * HOUR][case.r.below(3)],
            5 => case.plan(counts).await,
            _ => case.reserve(counts).await?,
        }
    }
    case.desk.store.close().await;
    Ok(())
}

fn stretch(first: u64, stride: u64, count: u64) -> Result<Counts, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let mut counts = Counts::default();
    for seed in (first..count).step_by(stride as usize) {
        runtime.block_on(one(seed, &mut counts)).map_err(|e| format!("seed {seed}: {e}"))?;
    }
    Ok(counts)
}

#[test]
fn what_is_granted_breaks_no_plan() {
    let full = in_full();
    let given = std::env::var("HOURMATCH_PORTFOLIOS").ok().and_then(|n| n.parse().ok());
    let count = given.unwrap_or(if full { 10 * PORTFOLIOS } else { PORTFOLIOS });
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get() as u64);
    let all: Vec<Result<Counts, String>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|first| scope.spawn(move || stretch(first, threads, count))).collect();
        started.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let mut sum: BTreeMap<&'static str, usize> = BTreeMap::new();
    for counts in all {
        for (what, count) in counts.unwrap_or_else(|e| panic!("{e}")).0 {
            *sum.entry(what).or_default() += count;
        }
    }
    println!("{sum:?}");
    for (what, least) in [
        ("grants", 3 * count / 2),
        ("grants of accelerators", count / 2),
        ("grants off the step", count / 2),
        ("refused", count / 4),
        ("plans", count),
        ("reports", count / 10),
        ("questions", count / 2),
        ("releases", count / 10),
        ("repairs", count / 50),
        ("late reservations that fit", count / 10),
    ] {
        let found = sum.get(what).copied().unwrap_or(0) as u64;
        assert!(found >= least, "{what}: {found} of at least {least}: {sum:?}");
    }
}
