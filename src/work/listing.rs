//! The work there is, as the command line and the service list it.

use super::piece::{Lost, Piece};
use super::state::{Phase, State};
use super::{Instant, PoolId, Portfolio, Serialize, SiteId, Work, WorkId, word};
use crate::error::Faults;
use crate::store::{Store, work};

pub const SCHEMA: &str = "hourmatch/work-list/1";
const STATE_SCHEMA: &str = "hourmatch/work-state/1";

/// Which work; what is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Work that may run there, or that was last reported there.
    pub site: Option<SiteId>,
    pub state: Option<Phase>,
    /// Ids of that site's pools: work of another's cannot run there.
    pools: Vec<PoolId>,
}

/// A piece of work, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub work: Work,
    #[serde(flatten)]
    pub standing: AsReported,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct List {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub work: Vec<Listed>,
    /// Pieces that cannot be read: they are in no plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
    /// The id after which the next page begins; left out where all is listed, or none is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<WorkId>,
}

/// A piece of which there is no more than its id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unreadable {
    pub work: WorkId,
    pub message: String,
}

/// At most so many, from the first or after a place: an id, or what `next` of the page before states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub limit: usize,
    pub after: Option<String>,
}

/// A state, as the listing and answers write it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AsReported {
    pub state: Phase,
    pub done: Option<f64>,
    pub site: Option<SiteId>,
    pub last_checkpoint: Option<Instant>,
    pub reported: Option<Instant>,
}

/// The answer to a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct After {
    pub schema: &'static str,
    pub engine: &'static str,
    pub synthetic: bool,
    pub work: WorkId,
    #[serde(flatten)]
    pub standing: AsReported,
}

impl AsReported {
    pub fn new(state: &State) -> Self {
        let State { phase: state, done, site, last_checkpoint, at: reported, .. } = state.clone();
        Self { state, done, site, last_checkpoint, reported }
    }
}

impl After {
    pub fn new(id: &WorkId, state: &State, synthetic: bool) -> Self {
        let standing = AsReported::new(state);
        Self { schema: STATE_SCHEMA, engine: crate::ENGINE, synthetic, work: id.clone(), standing }
    }
}

impl Filter {
    /// # Errors
    /// A site that is not the portfolio's, and a state that there is none of.
    pub fn parse(portfolio: &Portfolio, site: Option<SiteId>, state: Option<&str>) -> Result<Self, Faults> {
        let lost = site.as_ref().and_then(|site| portfolio.find_site(site).err());
        let phase = state.map(|text| word::<Phase>("state", text)).transpose();
        Faults::refuse(lost.into_iter().chain(phase.as_ref().err().cloned()))?;
        let there =
            |id: &SiteId| portfolio.planning.pools.iter().filter(|p| p.site == *id).map(|p| p.id.clone()).collect();
        let pools = site.as_ref().map(there).unwrap_or_default();
        Ok(Self { site, state: phase?, pools })
    }

    fn takes(&self, listed: &Listed) -> bool {
        let here = |site: &SiteId| match &listed.standing.site {
            Some(at) if listed.standing.state != Phase::Queued => at == site,
            _ => {
                let work = &listed.work;
                work.pool.as_ref().is_none_or(|pool| self.pools.contains(pool))
                    && (work.sites.is_empty() || work.sites.contains(site))
            }
        };
        self.site.as_ref().is_none_or(here) && self.state.is_none_or(|state| state == listed.standing.state)
    }
}

/// The work that a filter takes, by id: all of it, or a page.
///
/// # Errors
/// A store that does not answer.
pub async fn list(store: &Store, filter: &Filter, page: Option<&Page>, synthetic: bool) -> anyhow::Result<List> {
    let limit = page.map_or(usize::MAX, |page| page.limit);
    let after = page.and_then(|page| page.after.as_deref());
    let rows = work::all(store).await?;
    let mut lost: Vec<Lost> = rows.unreadable.iter().map(|(id, why)| Lost::new(id, why)).collect();
    let ahead = rows.readable.iter().filter(|row| after.is_none_or(|after| row.id.as_str() > after));
    // Read as far as the page reaches.
    let pieces = ahead.filter_map(|row| Piece::read(row).map_err(|unread| lost.push(unread)).ok());
    let listed = pieces.map(|(piece, _)| Listed { standing: AsReported::new(&piece.state), work: piece.work });
    let mut found: Vec<Listed> = listed.filter(|one| filter.takes(one)).take(limit.saturating_add(1)).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.work.id.clone());
    // Each on the page where its id would stand.
    let here =
        |id: &WorkId| after.is_none_or(|after| id.as_str() > after) && next.as_ref().is_none_or(|next| id <= next);
    let told = |lost: &Lost| Unreadable { work: lost.id.clone(), message: format!("{}; {}", lost.what, lost.remedy) };
    let mut unreadable: Vec<Unreadable> = lost.iter().filter(|lost| here(&lost.id)).map(told).collect();
    unreadable.sort_by(|a, b| a.work.cmp(&b.work));
    Ok(List { schema: SCHEMA, engine: crate::ENGINE, synthetic, work: found, unreadable, next })
}
