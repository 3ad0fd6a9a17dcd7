//! A piece of deferrable work.

use crate::forecast::arrivals::Piece;
use crate::portfolio::Portfolio;
use reports::series::name::is_id;
use reports::time::{format_instant, parse_instant};
use serde::{Deserialize, Serialize};

/// Energy is IT energy, before PUE. No `sites` means every site; no `max_mw` means what a site can give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub id: String,
    pub kind: String,
    #[serde(default)]
    pub sites: Vec<String>,
    pub release: String,
    pub deadline: String,
    pub energy_mwh: f64,
    #[serde(default)]
    pub max_mw: Option<f64>,
    #[serde(default)]
    pub miss_price_per_mwh: Option<f64>,
    #[serde(default)]
    pub scheduler_ref: Option<String>,
}

impl Work {
    /// What is wrong with it, if anything. `sites` are the portfolio's.
    pub fn problem(&self, sites: &[String]) -> Option<String> {
        if !is_id(&self.id) {
            return Some(format!("`{}` is not an id: use letters, digits, `-`, `_` and `.`", self.id));
        }
        match self.kind.as_str() {
            "batch" => {}
            "training" => {
                return Some(
                    "kind `training` is not planned by this version yet: give the run as batch pieces, one a day"
                        .into(),
                );
            }
            other => return Some(format!("kind `{other}` is not one of batch, training")),
        }
        if let Some(site) = self.sites.iter().find(|site| !sites.contains(site)) {
            return Some(format!("site `{site}` is not in the portfolio; sites: {}", sites.join(" ")));
        }
        if let Some(site) = self.sites.iter().enumerate().find(|(i, s)| self.sites[..*i].contains(s)) {
            return Some(format!("site `{}` is listed twice", site.1));
        }
        let (release, deadline) = match (parse_instant(&self.release), parse_instant(&self.deadline)) {
            (Ok(release), Ok(deadline)) => (release, deadline),
            (Err(error), _) => return Some(format!("release: {error}")),
            (_, Err(error)) => return Some(format!("deadline: {error}")),
        };
        if deadline <= release {
            let (release, deadline) = (format_instant(release), format_instant(deadline));
            return Some(format!("the deadline {deadline} is not after the release {release}"));
        }
        let positive = |value: f64| value.is_finite() && value > 0.0 && value <= 1e9;
        if !positive(self.energy_mwh) {
            return Some(format!("energy_mwh {:e} is not a positive number up to 1e9", self.energy_mwh));
        }
        if self.max_mw.is_some_and(|mw| !positive(mw)) {
            return Some("max_mw is not a positive number up to 1e9".into());
        }
        if self.miss_price_per_mwh.is_some_and(|price| !(price.is_finite() && (0.0..=1e9).contains(&price))) {
            return Some("miss_price_per_mwh is not a price".into());
        }
        None
    }

    /// What it says about work to come: none of a kind that does not come again and again.
    pub fn piece(&self, portfolio: &Portfolio) -> Option<Piece> {
        let (release_s, deadline_s) = self.span_s();
        let mut sites: Vec<usize> = self.sites.iter().filter_map(|id| portfolio.site(id)).collect();
        if self.sites.is_empty() {
            sites = (0..portfolio.sites.len()).collect();
        }
        sites.sort_unstable();
        let most = sites.iter().map(|s| portfolio.sites[*s].it_capacity_mw).fold(0.0, f64::max);
        (self.kind == "batch" && !sites.is_empty()).then(|| Piece {
            release_h: (release_s + 3_599).div_euclid(3_600),
            deadline_h: deadline_s.div_euclid(3_600),
            energy_mwh: self.energy_mwh,
            max_mw: self.max_mw.unwrap_or(most),
            sites,
        })
    }

    /// Release and deadline in UTC seconds; checked work has both.
    pub fn span_s(&self) -> (i64, i64) {
        let at = |text: &str| parse_instant(text).unwrap_or(0);
        (at(&self.release), at(&self.deadline))
    }
}
