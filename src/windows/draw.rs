//! A question, and what the job draws: IT megawatts, or accelerators of a pool, which come to megawatts site by site.

use super::common::{AccountId, Fault, Instant, PoolId, Portfolio, SiteId, draws};
use crate::portfolio::absent::{POOL, absent};
use crate::portfolio::planning::{KW_PER_GPU, Pool};
use solver::Gpus;
use std::fmt;

/// How much, for how long, and between when.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now: Instant,
    pub duration_s: i64,
    pub draw: Draw,
    /// In whose name accelerators are held.
    pub account: Option<AccountId>,
    pub site: Option<SiteId>,
    pub after: Option<Instant>,
    pub before: Option<Instant>,
    pub top: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Draw {
    /// IT megawatts.
    Power { mw: f64 },
    /// Of the named pool; without a name, of the one pool a site has.
    Gpus { count: u32, pool: Option<PoolId> },
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Power { mw } => write!(f, "{mw} MW"),
            Self::Gpus { count, pool: Some(pool) } => write!(f, "{count} GPUs of pool {pool}"),
            Self::Gpus { count, pool: None } => write!(f, "{count} GPUs"),
        }
    }
}

impl Draw {
    /// As asked: by power, or by accelerators, never both.
    ///
    /// # Errors
    /// Neither, both, or a pool without accelerators.
    pub fn parse(mw: Option<f64>, gpus: Option<u32>, pool: Option<PoolId>) -> Result<Self, Fault> {
        let (what, hint) = match (mw, gpus, pool) {
            (Some(mw), None, None) => return Ok(Self::Power { mw }),
            (None, Some(count), pool) => return Ok(Self::Gpus { count, pool }),
            (Some(_), Some(_), _) => ("the draw is stated twice, by mw and by gpus".into(), "leave one of them out"),
            (_, None, Some(pool)) => {
                (format!("pool `{pool}` is named without gpus"), "state how many accelerators, such as gpus 512")
            }
            (None, None, None) => ("the job's draw is missing".into(), "state mw or gpus, such as mw 2 or gpus 512"),
        };
        Err(Fault::new(what).hint(hint))
    }

    pub(super) fn check(&self, portfolio: &Portfolio, site: Option<&SiteId>) -> Result<(), Fault> {
        let (count, named) = match self {
            Self::Power { mw } => {
                return Fault::refuse_if(!(mw.is_finite() && *mw > 0.0), "mw is not a positive number", "--mw 2");
            }
            Self::Gpus { count, pool } => (*count, pool),
        };
        Fault::refuse_if(count == 0, "gpus is not a positive number", "--gpus 512")?;
        let pools = &portfolio.planning.pools;
        let here: Vec<&Pool> = pools.iter().filter(|p| site.is_none_or(|site| p.site == *site)).collect();
        if let Some(id) = named {
            if here.iter().any(|pool| pool.id == *id) {
                return Ok(());
            }
            return Err(match pools.iter().find(|pool| pool.id == *id) {
                Some(pool) => Fault::new(format!("pool `{id}` is at site `{}`, not at the one asked for", pool.site))
                    .hint("leave the site out, or name one of its pools"),
                None => absent(POOL, id, &portfolio.pool_ids()),
            });
        }
        let none_here = format!("site `{}` has no pool", site.map_or("", SiteId::as_str));
        Fault::refuse_if(here.is_empty() && !pools.is_empty(), &none_here, "ask by power: --mw 2")?;
        let twice = here.iter().enumerate().find(|(i, p)| here[..*i].iter().any(|other| other.site == p.site));
        twice.map_or(Ok(()), |(_, pool)| {
            Err(Fault::new(format!("site `{}` has several pools", pool.site)).hint("name one: --pool ID"))
        })
    }

    pub(super) fn gpus(&self) -> Option<u64> {
        let Self::Gpus { count, .. } = self else { return None };
        Some(u64::from(*count))
    }

    pub(super) fn pool<'a>(&self, portfolio: &'a Portfolio, site: &SiteId) -> Option<&'a Pool> {
        let Self::Gpus { pool, .. } = self else { return None };
        let here = |p: &&Pool| p.site == *site && pool.as_ref().is_none_or(|id| *id == p.id);
        portfolio.planning.pools.iter().find(here)
    }

    /// IT megawatts at a site, and the accelerators that are held for them; none where it has no such accelerators, or
    /// fewer.
    pub(super) fn at(
        &self,
        portfolio: &Portfolio,
        site: &SiteId,
        account: Option<&AccountId>,
    ) -> Option<(f64, Option<Gpus>)> {
        let count = match self {
            Self::Power { mw } => return Some((*mw, None)),
            Self::Gpus { count, .. } => f64::from(*count),
        };
        match self.pool(portfolio, site) {
            Some(pool) if count <= pool.count => {
                let gpus = draws::gpus(portfolio, Some(&pool.id), Some(count), account);
                Some((count * pool.kw_per_gpu / 1_000.0, gpus))
            }
            Some(_) => None,
            None => portfolio.planning.pools.is_empty().then_some((count * KW_PER_GPU / 1_000.0, None)),
        }
    }
}
