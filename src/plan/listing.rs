//! The stored plans, each in a line: what it is, and how good at most.

use crate::error::Problem;
use crate::portfolio::Portfolio;
use crate::store::Store;
use crate::store::plans::{self, PlanRow};
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
    /// Newest first: the first is the current one.
    pub plans: Vec<Listed>,
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

/// Of a document only what a line needs.
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

/// The newest plans, at most `limit` of them; with a site, those of them that plan for it.
///
/// # Errors
/// A stored plan that cannot be read, and a store that does not answer.
pub async fn list(store: &Store, portfolio: &Portfolio, site: Option<&str>, limit: i64) -> anyhow::Result<List> {
    let mut listed = Vec::new();
    for row in plans::recent(store, limit).await? {
        let one = line(row)?;
        if site.is_none_or(|site| one.sites.contains(site)) {
            listed.push(one);
        }
    }
    Ok(List {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        portfolio: portfolio.definitions.name.clone(),
        plans: listed,
    })
}

fn line(row: PlanRow) -> Result<Listed, Problem> {
    let head: Head = serde_json::from_str(&row.document).map_err(|e| {
        Problem::new(format!("the stored plan {} cannot be read: {e}", row.id)).hint("plan again: hourmatch plan")
    })?;
    Ok(Listed {
        id: row.id,
        made: format_instant(row.made_s),
        start: format_instant(row.start_s),
        end: format_instant(row.end_s),
        sites: head.capacity.into_iter().map(|at| at.site).collect(),
        strategy: head.strategy,
        status: row.status,
        objective: head.objective,
        bound: head.bound,
        gap: head.gap,
        missed: head.missed.len(),
    })
}
