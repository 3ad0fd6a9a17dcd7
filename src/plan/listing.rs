//! The stored plans, each in a line: what it is, and how good at most.

use super::Plan;
use crate::error::{Kind, Problem};
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::plans::{self, Line};
use reports::time::format_instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub const SCHEMA: &str = "hourmatch/plan-list/1";

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub portfolio: String,
    /// Newest first.
    pub plans: Vec<Listed>,
    /// Stored plans among these that cannot be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<String>,
    /// What to ask for next, `before`; null where there are no older ones.
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub id: String,
    /// When it was made, and the horizon it covers.
    pub made: String,
    pub start: String,
    pub end: String,
    pub sites: BTreeSet<String>,
    pub strategy: String,
    /// optimal, feasible, greedy or time_limit.
    pub status: String,
    pub objective: f64,
    pub bound: f64,
    pub gap: f64,
    pub missed: usize,
}

/// Of a document what a line needs beyond the columns beside it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Summary {
    strategy: String,
    objective: f64,
    bound: f64,
    gap: f64,
    sites: BTreeSet<String>,
    missed: usize,
}

/// The same of a document that was stored before lines were.
#[derive(Debug, Deserialize)]
struct Head {
    strategy: String,
    objective: f64,
    bound: f64,
    gap: f64,
    capacity: Vec<At>,
    missed: Vec<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct At {
    site: String,
}

impl From<Head> for Summary {
    fn from(head: Head) -> Self {
        Self {
            strategy: head.strategy,
            objective: head.objective,
            bound: head.bound,
            gap: head.gap,
            sites: head.capacity.into_iter().map(|at| at.site).collect(),
            missed: head.missed.len(),
        }
    }
}

/// What is stored beside a plan, so that lists need not read it.
pub(super) fn summary(plan: &Plan) -> serde_json::Result<String> {
    serde_json::to_string(&Summary {
        strategy: plan.strategy.clone(),
        objective: plan.objective,
        bound: plan.bound,
        gap: plan.gap,
        sites: plan.capacity.iter().map(|at| at.site.clone()).collect(),
        missed: plan.missed.len(),
    })
}

/// At most so many plans, from the newest one or from those before one named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub limit: i64,
    pub before: Option<String>,
}

/// A page of plans, newest first; with a site, those of them that plan for it.
///
/// # Errors
/// A plan to begin before that there is none of, and a store that does not answer.
pub async fn list(store: &Store, portfolio: &Portfolio, site: Option<&str>, page: &Page) -> anyhow::Result<List> {
    let before_seq = match &page.before {
        None => i64::MAX,
        Some(id) => plans::seq(store, id).await?.ok_or_else(|| {
            Problem::new(format!("there is no plan `{id}` to list those before"))
                .kind(Kind::NotFound)
                .hint("leave `before` out, and go on from `next`")
        })?,
    };
    let rows = plans::lines(store, before_seq, page.limit).await?;
    let whole = i64::try_from(rows.len()).is_ok_and(|count| count == page.limit);
    let next = rows.last().filter(|_| whole).map(|row| row.id.clone());
    let (mut listed, mut set_aside) = (Vec::new(), Vec::new());
    for row in rows {
        match summary_of(&row) {
            Some(summary) if site.is_none_or(|site| summary.sites.contains(site)) => listed.push(line(row, summary)),
            Some(_) => {}
            None => set_aside.push(row.id),
        }
    }
    Ok(List {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        portfolio: portfolio.definitions.name.clone(),
        plans: listed,
        set_aside,
        next,
    })
}

/// None where it cannot be read.
fn summary_of(row: &Line) -> Option<Summary> {
    let stored = row.line.as_deref().and_then(|line| serde_json::from_str(line).ok());
    let whole = || serde_json::from_str::<Head>(row.document.as_deref()?).ok().map(Summary::from);
    stored.or_else(whole)
}

fn line(row: Line, summary: Summary) -> Listed {
    Listed {
        id: row.id,
        made: format_instant(row.made_s),
        start: format_instant(row.start_s),
        end: format_instant(row.end_s),
        sites: summary.sites,
        strategy: summary.strategy,
        status: row.status,
        objective: summary.objective,
        bound: summary.bound,
        gap: summary.gap,
        missed: summary.missed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(line: Option<&str>, document: Option<&str>) -> Line {
        let [line, document] = [line, document].map(|text| text.map(String::from));
        Line { id: "p".into(), made_s: 0, start_s: 0, end_s: 0, status: "optimal".into(), line, document }
    }

    /// A line and the document it was made of say the same; what is neither is set aside.
    #[test]
    fn a_line_stands_for_its_document() {
        let line = r#"{"strategy":"lp","objective":1.5,"bound":1.25,"gap":0.1,"sites":["a","b"],"missed":1}"#;
        let document = r#"{"strategy":"lp","objective":1.5,"bound":1.25,"gap":0.1,"schedule":[{"x":1}],
            "capacity":[{"site":"b"},{"site":"a"},{"site":"b"}],"missed":[{"work":"w"}]}"#;
        let read = summary_of(&stored(Some(line), None)).expect("a line");
        assert_eq!(Some(&read), summary_of(&stored(None, Some(document))).as_ref());
        assert_eq!((read.sites.len(), read.missed, read.objective), (2, 1, 1.5));
        assert_eq!(summary_of(&stored(None, Some("{\"strategy\":"))), None);
        assert_eq!(summary_of(&stored(None, None)), None);
    }
}
