//! What a piece of work names that has left the portfolio since it was taken in: it is refused by name, and planned nowhere
//! else.

use super::state::{Phase, State};
use super::{SiteId, Work};
use crate::portfolio::{Portfolio, curves};

/// What is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Pool,
    Site,
    Account,
    Curve,
    Class,
}

/// What it lacks, and a message; none where all that it names is there.
pub fn gone(work: &Work, state: &State, portfolio: &Portfolio) -> Option<(Gone, String)> {
    let found = place(work, state, portfolio).or_else(|| terms(work, portfolio));
    found.map(|(gone, what)| {
        (gone, format!("{}: {what}; put it back, or cancel the work and submit it again without it", work.id))
    })
}

/// Where it may run, and where it does.
fn place(work: &Work, state: &State, portfolio: &Portfolio) -> Option<(Gone, String)> {
    let there = |id: &SiteId| portfolio.site(id).is_some();
    if let Some(id) = &work.pool {
        let Some(pool) = portfolio.planning.pools.iter().find(|p| p.id == *id) else {
            return Some((Gone::Pool, format!("its pool `{id}` is not in the portfolio any more")));
        };
        if !work.sites.is_empty() && !work.sites.contains(&pool.site) {
            return Some((Gone::Site, format!("its pool `{id}` is now at `{}`, which its sites leave out", pool.site)));
        }
    }
    if !work.sites.is_empty() && !work.sites.iter().any(there) {
        let names: Vec<String> = work.sites.iter().map(|id| format!("`{id}`")).collect();
        let (what, not) = if names.len() == 1 { ("its site", "is not") } else { ("none of its sites", "is") };
        return Some((Gone::Site, format!("{what} {} {not} in the portfolio any more", names.join(", "))));
    }
    // What divides is taken up wherever it may run; what is in one piece is where it is.
    let begun = matches!(state.phase, Phase::Running | Phase::Paused) && (work.is_training() || !work.divides());
    let at = state.site.as_ref().filter(|id| begun && !there(id))?;
    Some((Gone::Site, format!("it was last reported at `{at}`, which is not in the portfolio any more")))
}

/// Whose it is, and by what it makes progress.
fn terms(work: &Work, portfolio: &Portfolio) -> Option<(Gone, String)> {
    let planning = &portfolio.planning;
    if let Some(id) = work.account.as_ref().filter(|id| planning.accounts.iter().all(|a| a.id != **id)) {
        return Some((Gone::Account, format!("its account `{id}` is not in the portfolio any more")));
    }
    if !work.is_training() {
        return None;
    }
    let known = |id: &str| curves::preset(id).is_some() || planning.curves.iter().any(|c| c.id == id);
    if let Some(id) = work.curve.as_ref().filter(|id| !known(id)) {
        return Some((Gone::Curve, format!("its curve `{id}` is not in the portfolio any more")));
    }
    let class = work.class.as_ref().filter(|_| work.class().is_none())?;
    Some((Gone::Class, format!("there is no class `{class}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Kind;

    fn portfolio() -> Portfolio {
        let text = "[store]\nurl = \"sqlite://x.db\"\n[portfolio]\nname = \"a\"\n[[boundary]]\nid = \"b\"\n\
            [[site]]\nid = \"s\"\nboundary = \"b\"\nit_capacity_mw = 10.0\n[[site]]\nid = \"t\"\nboundary = \"b\"\n\
            it_capacity_mw = 10.0\n[[pool]]\nid = \"p\"\nsite = \"s\"\ncount = 100\n[[account]]\nid = \"team\"\n";
        crate::portfolio::parse(text, "hourmatch.toml").expect("a portfolio")
    }

    fn work() -> Work {
        Work::batch("w".into(), "2026-01-01T00:00:00Z".into(), "2026-01-02T00:00:00Z".into(), Some(4.0))
    }

    fn text<T: for<'t> From<&'t str>>(text: &str) -> Option<T> {
        Some(text.into())
    }

    #[test]
    fn what_is_gone_is_named() {
        let sites = |list: &[&str]| list.iter().map(|id| SiteId::from(*id)).collect::<Vec<SiteId>>();
        let training = Work { kind: Kind::Training, ..work() };
        let running = State { phase: Phase::Running, site: text("x"), ..State::QUEUED };
        let cases = [
            (Work { pool: text("p"), account: text("team"), ..work() }, State::QUEUED, None),
            (Work { sites: sites(&["x", "s"]), ..work() }, State::QUEUED, None),
            (Work { pool: text("q"), ..work() }, State::QUEUED, Some((Gone::Pool, "its pool `q` is not"))),
            (
                Work { pool: text("p"), sites: sites(&["t"]), ..work() },
                State::QUEUED,
                Some((Gone::Site, "is now at `s`")),
            ),
            (Work { sites: sites(&["x"]), ..work() }, State::QUEUED, Some((Gone::Site, "its site `x` is not in"))),
            (
                Work { sites: sites(&["x", "y"]), ..work() },
                State::QUEUED,
                Some((Gone::Site, "none of its sites `x`, `y` is in")),
            ),
            (Work { account: text("them"), ..work() }, State::QUEUED, Some((Gone::Account, "its account `them`"))),
            (Work { curve: text("own"), ..training.clone() }, State::QUEUED, Some((Gone::Curve, "its curve `own`"))),
            (Work { curve: text("inference"), ..training.clone() }, State::QUEUED, None),
            (Work { class: text("gold"), ..training.clone() }, State::QUEUED, Some((Gone::Class, "no class `gold`"))),
            // Batch work accepts both and ignores them.
            (Work { class: text("gold"), curve: text("own"), ..work() }, State::QUEUED, None),
            // Energy goes on elsewhere in its list; a run and a job are where they were.
            (work(), running.clone(), None),
            (training, running.clone(), Some((Gone::Site, "last reported at `x`"))),
            (Work { divisible: Some(false), ..work() }, running, Some((Gone::Site, "last reported at `x`"))),
        ];
        for (work, state, wanted) in cases {
            let found = gone(&work, &state, &portfolio());
            assert_eq!(found.as_ref().map(|f| f.0), wanted.map(|w| w.0), "{work:?}: {found:?}");
            if let (Some((_, message)), Some((_, part))) = (found, wanted) {
                assert!(message.starts_with("w: ") && message.contains(part), "`{part}` not in {message}");
            }
        }
    }
}
