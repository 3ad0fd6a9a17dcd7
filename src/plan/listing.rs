//! The stored plans, each in a line: what it is, and how good at most.

use super::common::{Deserialize, Fault, Instant, Plan, Portfolio, Serialize, SiteId, Store};
use super::current;
use crate::store::plans::{self, Line};
use std::collections::BTreeSet;

pub const SCHEMA: &str = "hourmatch/plan-list/1";

/// Plans of a page unless more or fewer are asked for, and the most there may be.
const LISTED: i64 = 50;
const MOST_LISTED: i64 = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub portfolio: String,
    /// Newest first.
    pub plans: Vec<Listed>,
    /// Stored plans among these that cannot be read: they are set aside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
    /// What to ask for next, `before`; null where there are no older ones.
    pub next: Option<String>,
}

/// A stored plan of which there is no more than its row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unreadable {
    pub id: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub id: String,
    /// When it was made, and the horizon it covers.
    pub made: Instant,
    pub start: Instant,
    pub end: Instant,
    pub sites: BTreeSet<SiteId>,
    pub strategy: String,
    /// optimal, feasible, greedy or time_limit.
    pub status: String,
    pub objective: f64,
    pub bound: f64,
    pub gap: f64,
    pub missed: usize,
}

/// Of a plan what a line needs beyond the columns beside it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Summary {
    strategy: String,
    objective: f64,
    bound: f64,
    gap: f64,
    sites: BTreeSet<SiteId>,
    missed: usize,
}

impl Summary {
    fn new(plan: &Plan) -> Self {
        let &Plan { objective, bound, gap, .. } = plan;
        let sites = plan.capacity.iter().map(|at| at.site.clone()).collect();
        Self { strategy: plan.strategy.clone(), objective, bound, gap, sites, missed: plan.missed.len() }
    }
}

/// What is stored beside a plan, so that lists need not read it.
pub(super) fn summary(plan: &Plan) -> serde_json::Result<String> {
    serde_json::to_string(&Summary::new(plan))
}

/// At most so many plans, from the newest one or from those before one named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub limit: i64,
    pub before: Option<String>,
}

impl Page {
    /// # Errors
    /// More or fewer than a page may hold.
    pub fn new(limit: Option<i64>, before: Option<String>) -> Result<Self, Fault> {
        let limit = limit.unwrap_or(LISTED);
        if !(1..=MOST_LISTED).contains(&limit) {
            return Err(Fault::new(format!("limit {limit} is not between 1 and {MOST_LISTED}")).hint("limit=20"));
        }
        Ok(Self { limit, before })
    }
}

/// A page of plans, newest first; with a site, those of them that plan for it.
///
/// # Errors
/// A plan to begin before that there is none of, and a store that does not answer.
pub async fn list(store: &Store, portfolio: &Portfolio, site: Option<&SiteId>, page: &Page) -> anyhow::Result<List> {
    let before_seq = match &page.before {
        None => i64::MAX,
        Some(id) => plans::seq(store, id).await?.ok_or_else(|| {
            Fault::no_such(format!("plan `{id}` to list earlier plans than"))
                .hint("leave `before` out, or send `next` of the last answer")
        })?,
    };
    let rows = plans::lines(store, before_seq, page.limit).await?;
    let whole = i64::try_from(rows.len()).is_ok_and(|count| count == page.limit);
    let next = rows.last().filter(|_| whole).map(|row| row.id.clone());
    let (mut listed, mut lost) = (Vec::new(), Vec::new());
    for row in rows {
        match summary_of(store, &row).await? {
            Ok(summary) if site.is_none_or(|site| summary.sites.contains(site)) => listed.push(line(row, summary)),
            Ok(_) => {}
            Err(message) => lost.push(Unreadable { id: row.id, message }),
        }
    }
    Ok(List {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        portfolio: portfolio.definitions.name.clone(),
        plans: listed,
        unreadable: lost,
        next,
    })
}

/// What is stored beside a plan, or where nothing is, what the plan itself says; else why it cannot be read.
async fn summary_of(store: &Store, row: &Line) -> anyhow::Result<Result<Summary, String>> {
    if let Some(summary) = row.line.as_deref().and_then(|line| serde_json::from_str(line).ok()) {
        return Ok(Ok(summary));
    }
    let read = current::content(store, &row.id).await?.map(|plan| Summary::new(&plan));
    Ok(read.map_err(|why| current::lost(&row.id, &why).what))
}

fn line(row: Line, summary: Summary) -> Listed {
    let Line { id, made, start, end, status, .. } = row;
    let Summary { strategy, objective, bound, gap, sites, missed } = summary;
    Listed { id, made, start, end, sites, strategy, status, objective, bound, gap, missed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::document;

    /// A line and the document it was made of say the same; what is neither says nothing.
    #[test]
    fn a_line_stands_for_its_document() {
        let plan = document::read(include_str!("../../fixtures/plans/1.json")).expect("a plan of before");
        let read: Summary = serde_json::from_str(&summary(&plan).expect("text")).expect("a line");
        assert_eq!(read, Summary::new(&plan));
        assert_eq!((read.sites.len(), read.missed, read.strategy.as_str()), (1, 0, "lp"));
        let line = r#"{"strategy":"lp","objective":1.5,"bound":1.25,"gap":0.1,"sites":["a","b"],"missed":1}"#;
        let read: Summary = serde_json::from_str(line).expect("a line of before");
        assert_eq!((read.sites.len(), read.missed, read.objective), (2, 1, 1.5));
        assert!(serde_json::from_str::<Summary>("{\"strategy\":").is_err() && document::read("").is_err());
    }
}
