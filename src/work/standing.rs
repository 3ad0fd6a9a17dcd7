//! Where a piece of work stands at an instant: what reports, plans and backtests come to. In a scheduler's words it is a
//! [`State`](super::state::State), and for the solver so many steps of a horizon.

use super::state::Phase;
use super::{Deserialize, Grid, Instant, Serialize, SiteIndex};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It has not begun, or waits again.
    #[default]
    Waiting,
    /// It runs at a site of the portfolio, since an instant.
    On {
        site: SiteIndex,
        #[serde(rename = "since_s", with = "reports::time::instant::as_seconds")]
        since: Instant,
    },
    /// It has begun, and is held at a site.
    Paused {
        site: SiteIndex,
        #[serde(rename = "since_s", with = "reports::time::instant::as_seconds")]
        since: Instant,
    },
    Done,
}

impl Standing {
    /// After it was on, or held, at a site from an instant on: what it was there already goes on.
    pub fn then(self, site: SiteIndex, on: bool, from: Instant) -> Self {
        match self {
            Self::On { site: at, .. } if on && at == site => self,
            Self::Paused { site: at, .. } if !on && at == site => self,
            _ if on => Self::On { site, since: from },
            _ => Self::Paused { site, since: from },
        }
    }

    /// As a scheduler calls it.
    pub fn phase(self) -> Phase {
        match self {
            Self::Waiting => Phase::Queued,
            Self::On { .. } => Phase::Running,
            Self::Paused { .. } => Phase::Paused,
            Self::Done => Phase::Done,
        }
    }

    /// Where, and since when; none where it holds no place.
    pub fn place(self) -> Option<(SiteIndex, Instant)> {
        match self {
            Self::On { site, since } | Self::Paused { site, since } => Some((site, since)),
            Self::Waiting | Self::Done => None,
        }
    }

    /// Whole steps for which it has held its place when a grid starts.
    pub fn steps(self, grid: Grid) -> usize {
        self.place().map_or(0, |(_, since)| ((grid.start - since) / grid.step_s).max(0) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::Index;

    #[test]
    fn what_goes_on_began_when_it_began() {
        let at = Instant::from_seconds;
        let [here, there] = [1, 2].map(SiteIndex::new);
        let on = Standing::Waiting.then(here, true, at(10));
        assert_eq!((on, on.then(here, true, at(20))), (Standing::On { site: here, since: at(10) }, on));
        assert_eq!(on.then(there, true, at(20)), Standing::On { site: there, since: at(20) });
        let held = on.then(here, false, at(30));
        assert_eq!((held, held.then(here, false, at(40))), (Standing::Paused { site: here, since: at(30) }, held));
        assert_eq!(held.then(here, true, at(50)), Standing::On { site: here, since: at(50) });
        let phases = [Standing::Waiting, on, held, Standing::Done].map(Standing::phase);
        assert_eq!(phases, [Phase::Queued, Phase::Running, Phase::Paused, Phase::Done]);
    }

    #[test]
    fn steps_are_whole_and_none_before_it_began() {
        let grid = Grid { start: Instant::from_seconds(7_200), step_s: 3_600, len: 2 };
        let site = SiteIndex::new(0);
        let since = |since_s: i64| Standing::On { site, since: Instant::from_seconds(since_s) }.steps(grid);
        assert_eq!([since(0), since(1), since(7_200), since(9_000)], [2, 1, 0, 0]);
        assert_eq!(Standing::Waiting.steps(grid), 0);
    }

    /// An interrupted backtest is kept in this form.
    #[test]
    fn it_is_stored_with_its_instant_in_seconds() {
        let text = r#"["Waiting",{"On":{"site":1,"since_s":10}},{"Paused":{"site":0,"since_s":20}},"Done"]"#;
        let all: [Standing; 4] = serde_json::from_str(text).expect("standings");
        assert_eq!(all[1].place().zip(all[2].place()).map(|(on, held)| held.1 - on.1), Some(10));
        assert_eq!(serde_json::to_string(&all).expect("text"), text);
    }
}
