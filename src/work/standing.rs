//! Where a piece of work stands at an instant: what reports, plans and backtests come to. In a scheduler's words it is a
//! [`State`](super::state::State), and for the solver so many steps of a horizon.

use super::state::Phase;
use reports::time::{Grid, Instant};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It has not begun, or waits again.
    Waiting,
    /// It runs at a site of the portfolio, since an instant.
    On {
        site: usize,
        since: Instant,
    },
    /// It has begun, and is held at a site.
    Paused {
        site: usize,
        since: Instant,
    },
    Done,
}

impl Standing {
    /// After it was on, or held, at a site from an instant on: what it was there already goes on.
    pub fn then(self, site: usize, on: bool, from: Instant) -> Self {
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
    pub fn place(self) -> Option<(usize, i64)> {
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

    #[test]
    fn what_goes_on_began_when_it_began() {
        let on = Standing::Waiting.then(1, true, 10);
        assert_eq!((on, on.then(1, true, 20)), (Standing::On { site: 1, since: 10 }, on));
        assert_eq!(on.then(2, true, 20), Standing::On { site: 2, since: 20 });
        let held = on.then(1, false, 30);
        assert_eq!((held, held.then(1, false, 40)), (Standing::Paused { site: 1, since: 30 }, held));
        assert_eq!(held.then(1, true, 50), Standing::On { site: 1, since: 50 });
        let phases = [Standing::Waiting, on, held, Standing::Done].map(Standing::phase);
        assert_eq!(phases, [Phase::Queued, Phase::Running, Phase::Paused, Phase::Done]);
    }

    #[test]
    fn steps_are_whole_and_none_before_it_began() {
        let grid = Grid { start: 7_200, step_s: 3_600, len: 2 };
        let since = |since: Instant| Standing::On { site: 0, since }.steps(grid);
        assert_eq!([since(0), since(1), since(7_200), since(9_000)], [2, 1, 0, 0]);
        assert_eq!(Standing::Waiting.steps(grid), 0);
    }
}
