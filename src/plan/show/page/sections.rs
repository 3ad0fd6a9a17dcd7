//! What the page says of a plan, part by part.

use super::charts::{self, Figure};
use super::targets;
use super::work::{self, Row};
use crate::plan::common::{Instant, Interval, Reservation, Totals, counted, fixed, signed};
use crate::plan::difference::within_words;
use crate::plan::document;
use crate::plan::show::changes::{Changes, Moved};
use crate::plan::show::pieces::{self, Piece};
use crate::plan::show::shown::Shown;
use crate::plan::show::{summary, words};
use ids::{BoundaryId, SiteId, StorageId};
use solver::{Kind, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of each kind of change before the rest is folded away.
const LINES: usize = 12;

pub struct Plan<'a> {
    pub about: String,
    pub facts: Vec<Fact>,
    /// Energy and why.
    pub missed: Vec<(String, &'a str)>,
    pub changes: Option<ChangesPart<'a>>,
    pub boundaries: Vec<Figure>,
    pub sites: Vec<Site<'a>>,
    pub targets: Vec<targets::Row>,
    pub storage: Vec<Figure>,
    /// Of each cost: what it is for, whether it is paid, how much, and how much for the work as submitted.
    pub costs: Vec<[String; 4]>,
    pub values: Vec<[String; 2]>,
    /// Notes of each kind.
    pub notes: Vec<(String, Vec<&'a str>)>,
    pub reserved: Reserved<'a>,
    pub made_of: [(&'static str, &'a str); 4],
}

pub struct Fact {
    pub name: &'static str,
    pub value: String,
    pub beside: String,
}

pub struct ChangesPart<'a> {
    pub all: Changes<'a>,
    pub made: String,
    pub summary: String,
    /// Work, energy, from where and to where.
    pub moved: Vec<[String; 4]>,
    pub shown: usize,
}

pub struct Site<'a> {
    pub name: &'a str,
    /// The name with the id that is typed.
    pub title: String,
    pub zone: &'static str,
    pub power: Option<Figure>,
    pub prices: Option<Figure>,
    /// Work of each kind, the largest first.
    pub groups: Vec<(String, Vec<Row<'a>>)>,
    pub count: String,
    pub gpus: bool,
    pub days: String,
}

impl<'a> Plan<'a> {
    pub fn new(shown: &Shown<'a>, now: Option<Instant>) -> Self {
        let plan = shown.plan;
        let zone = shown.portfolio.zone;
        let boundaries: BTreeSet<&BoundaryId> = plan.balance.iter().map(|row| &row.boundary).collect();
        let storage: BTreeSet<&StorageId> = plan.storage.iter().map(|row| &row.storage).collect();
        let horizon = Interval { start: plan.start, end: plan.end };
        let [start, end, made] = [plan.start, plan.end, plan.made].map(|at| zone.moment(at, horizon));
        let year = zone.date(plan.end).format("%Y");
        let worth = |worth: f64| words::grouped(&words::worth(worth, shown.currency()));
        let within = |value: &document::Value| words::grouped(&within_words(value.within));
        let value = |value: &document::Value| [words::more(shown, value), worth(value.worth) + &within(value)];
        Self {
            about: format!("{start} to {end} {year}, made {made} by {}", words::strategy(&plan.strategy)),
            facts: facts(shown),
            missed: plan.missed.iter().map(|row| (fixed(row.missed_mwh, 3), row.message.as_str())).collect(),
            changes: shown.before.map(|before| changes(shown, before)),
            boundaries: boundaries.into_iter().filter_map(|id| charts::boundary(shown, id, now)).collect(),
            sites: pieces::by_site(plan).into_iter().map(|(id, pieces)| site(shown, id, &pieces, now)).collect(),
            targets: plan.targets.iter().map(|target| targets::row(shown, target)).collect(),
            storage: storage.into_iter().filter_map(|id| charts::storage(shown, id, now)).collect(),
            costs: plan.costs.iter().map(|cost| costs(shown, cost)).collect(),
            values: plan.values.iter().map(value).collect(),
            notes: notes(plan),
            reserved: Reserved::new(shown),
            made_of: [
                ("Plan", &plan.id),
                ("Engine", &plan.engine),
                ("Inputs, SHA-256", &plan.input_sha256),
                ("Portfolio, SHA-256", &plan.portfolio_sha256),
            ],
        }
    }
}

fn facts(shown: &Shown<'_>) -> Vec<Fact> {
    let (plan, now, then) = (shown.plan, &shown.plan.expected, &shown.plan.baseline);
    let fact = |name, value: &dyn Fn(&Totals) -> String, beside: Option<String>| {
        let beside = beside.map_or_else(String::new, |beside| format!("; {beside}"));
        let [value, then] = [now, then].map(|totals| words::grouped(&value(totals)));
        Fact { name, value, beside: format!("as submitted {then}{beside}") }
    };
    let points = |points: Option<f64>| points.map(|points| format!("{} points", signed(points, 2)));
    let economics = plan.economics.as_ref();
    let mut facts = vec![
        fact("Matched share, hourly", &words::matched, points(economics.and_then(|e| e.matched_points))),
        fact("CFE score", &words::cfe, points(economics.and_then(|e| e.cfe_points))),
        fact("Unmatched energy", &|t| format!("{} MWh", summary::megawatt_hours(t.unmatched_wh)), None),
        fact("Market-based emissions, hourly", &|t| words::tonnes(t.emissions.market_based_hourly_g), None),
    ];
    if let Some(economics) = economics {
        let lost = economics.tokens_lost_share.and_then(words::lost_share);
        let lost = lost.map(|lost| format!("; {lost} of training tokens lost")).unwrap_or_default();
        let value = words::grouped(&words::saving(economics.money, shown.currency()));
        facts.push(Fact { name: "Money", value, beside: format!("against the work as submitted{lost}") });
    }
    let late =
        if plan.missed.is_empty() { "nothing missed".into() } else { format!("{} miss energy", plan.missed.len()) };
    facts.push(Fact { name: "Pieces of work placed", value: pieces::placed(plan).to_string(), beside: late });
    facts.push(quality(plan, shown.currency()));
    facts
}

/// How good the plan is, not how its search ended: that stands beside it.
fn quality(plan: &document::Plan, currency: &str) -> Fact {
    let name = "Quality of the plan";
    match plan.status {
        Status::Optimal => Fact { name, value: "the best there is".into(), beside: words::quality(plan) },
        status => {
            let ended = match status {
                Status::TimeLimit => "the time limit ended the search".to_string(),
                _ => plan.status_name().replace('_', " "),
            };
            let proved = words::proved(plan, currency).map(|proved| format!("; {}", words::grouped(&proved)));
            Fact { name, value: words::quality(plan), beside: ended + &proved.unwrap_or_default() }
        }
    }
}

fn changes<'a>(shown: &Shown<'a>, before: &'a document::Plan) -> ChangesPart<'a> {
    let changes = Changes::new(shown.plan, before, &shown.beside.ended);
    let moved = |moved: &Moved<'a>| {
        [moved.work.to_string(), fixed(moved.energy_mwh, 3), moved.from.words(shown), moved.to.words(shown)]
    };
    let (made, summary) = (shown.portfolio.zone.label(changes.made), changes.summary());
    ChangesPart { made, summary, moved: changes.moved.iter().map(moved).collect(), shown: LINES, all: changes }
}

fn site<'a>(shown: &Shown<'a>, id: &'a SiteId, pieces: &[Piece<'a>], now: Option<Instant>) -> Site<'a> {
    let work = work::rows(shown, id, pieces);
    Site {
        name: shown.site(id),
        title: shown.site_with_id(id),
        zone: shown.zone(id).name(),
        power: charts::site(shown, id, now),
        prices: charts::prices(shown, id, now),
        count: counted(work.len(), "piece of work", "pieces of work"),
        gpus: work.iter().any(|row| !row.gpus.is_empty()),
        days: work::days(shown, id, now),
        groups: groups(work),
    }
}

fn groups(work: Vec<Row<'_>>) -> Vec<(String, Vec<Row<'_>>)> {
    let (training, batch): (Vec<Row<'_>>, Vec<Row<'_>>) = work.into_iter().partition(|row| row.training);
    let named = [("Training runs", training), ("Batch work", batch)].into_iter();
    let named = named.map(|(name, rows)| (format!("{name} ({})", rows.len()), rows));
    named.filter(|(_, rows)| !rows.is_empty()).collect()
}

fn costs(shown: &Shown<'_>, cost: &document::Cost) -> [String; 4] {
    let kind = match cost.kind {
        Kind::Money => "paid",
        Kind::Carbon => "price put on carbon",
        Kind::Penalty => "penalty, not money paid",
    };
    let amount = |amount: f64| words::grouped(&format!("{} {}", fixed(amount, 2), shown.currency()));
    let as_submitted = cost.as_submitted.map_or_else(|| "-".into(), amount);
    [words::cost(&cost.code), kind.to_string(), amount(cost.amount), as_submitted]
}

/// Reasons by code, in the order in which codes first come; those of missed work stand with it.
fn notes(plan: &document::Plan) -> Vec<(String, Vec<&str>)> {
    let missed: BTreeSet<&str> = plan.missed.iter().map(|row| row.work.as_str()).collect();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    for reason in plan.reasons.iter().filter(|reason| !missed.contains(reason.subject.as_str())) {
        let place = *places.entry(&reason.code).or_insert(notes.len());
        if place == notes.len() {
            notes.push((reason.code.replace('_', " "), Vec::new()));
        }
        notes[place].1.push(&reason.message);
    }
    notes
}

/// What schedulers have reserved in the plan's time, and what of it the plan knew.
pub struct Reserved<'p> {
    pub rows: Vec<ReservedRow<'p>>,
    /// Held within the firm load when the plan was made, and no longer told of.
    pub gone: Vec<&'p str>,
}

pub struct ReservedRow<'p> {
    pub id: &'p str,
    pub site: &'p str,
    pub start: String,
    pub end: String,
    pub power: String,
    pub gpus: String,
    pub stands: &'static str,
}

impl<'p> Reserved<'p> {
    pub fn new(shown: &Shown<'p>) -> Self {
        let known: BTreeSet<&str> = shown.plan.reserved.iter().map(String::as_str).collect();
        let told: BTreeSet<&str> = shown.beside.reserved.iter().map(|r| r.id.as_str()).collect();
        Self {
            rows: shown.beside.reserved.iter().map(|r| reserved(shown, r, known.contains(r.id.as_str()))).collect(),
            gone: known.difference(&told).copied().collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.gone.is_empty()
    }
}

fn reserved<'p>(shown: &Shown<'p>, r: &'p Reservation, known: bool) -> ReservedRow<'p> {
    let span = Interval { start: r.start, end: r.end };
    let moment = |at: Instant| shown.zone(&r.site).moment(at, span);
    ReservedRow {
        id: &r.id,
        site: shown.site(&r.site),
        start: moment(r.start),
        end: moment(r.end),
        power: fixed(r.mw, 3),
        gpus: r.gpus.map_or_else(String::new, |gpus| gpus.to_string()),
        stands: if known { "within the firm load" } else { "made since the plan" },
    }
}
