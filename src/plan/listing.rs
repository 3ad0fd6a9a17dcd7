//! The stored plans, each in a line: what it is, and how good at most.

use crate::portfolio::Portfolio;
use crate::store::plans::{self, PlanRow};
use crate::store::{Store, unreadable};
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
    /// Stored plans that cannot be read: they are set aside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
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
/// A store that does not answer.
pub async fn list(store: &Store, portfolio: &Portfolio, site: Option<&str>, limit: i64) -> anyhow::Result<List> {
    let (mut listed, mut lost) = (Vec::new(), Vec::new());
    for id in plans::newest(store, limit).await? {
        let row = match plans::get(store, Some(&id)).await {
            Err(error) if unreadable(&error) => Err(error.to_string()),
            // It may be gone by now.
            row => match row? {
                Some(row) => line(row),
                None => continue,
            },
        };
        match row {
            Ok(one) if site.is_none_or(|site| one.sites.contains(site)) => listed.push(one),
            Ok(_) => {}
            Err(why) => {
                let message = format!("the stored plan {id} cannot be read: {why}");
                lost.push(Unreadable { id, message });
            }
        }
    }
    Ok(List {
        schema: SCHEMA,
        engine: crate::ENGINE,
        synthetic: portfolio.definitions.synthetic,
        portfolio: portfolio.definitions.name.clone(),
        plans: listed,
        unreadable: lost,
    })
}

fn line(row: PlanRow) -> Result<Listed, String> {
    let head: Head = serde_json::from_str(&row.document).map_err(|error| error.to_string())?;
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
