//! What takes room at a site for a while, as the solver counts it: reservations, windows, and what work is reported to do.

use super::document::Reason;
use super::schedule::Placement;
use crate::plan::codes;
use crate::portfolio::Portfolio;
use crate::store::reservations::Reservation;
use ids::{AccountId, AccountIndex, Index, PoolId, PoolIndex, SiteIndex};
use reports::time::{Grid, Interval};
use solver::{Draw, Gpus};

/// IT power over a span; none where the span lies outside the grid. Power is not shared within a step: half an hour of
/// it is half the energy, and needs its megawatts all the same.
pub fn over(grid: Grid, site: SiteIndex, span: Interval, mw: f64, gpus: Option<Gpus>) -> Option<Draw> {
    let steps = grid.touched(span);
    let part = |step: usize| span.overlap_s(grid.interval(step)) as f64 / grid.step_s as f64;
    let draw =
        Draw { site, from: steps.start, mw: steps.clone().map(|t| (mw * part(t), mw)).collect(), gpus, firm: true };
    (!steps.is_empty()).then_some(draw)
}

/// A reservation; none where its site has left the portfolio, or it lies outside the grid.
pub fn of_reservation(portfolio: &Portfolio, r: &Reservation, grid: Grid) -> Option<Draw> {
    let site = portfolio.site(&r.site)?;
    let span = Interval { start: r.start, end: r.end };
    let gpus = gpus(portfolio, r.pool.as_ref(), r.gpus.map(|g| g as f64), r.account.as_ref());
    over(grid, site, span, r.mw, gpus)
}

/// The accelerators that a plan holds for a while; its power is counted elsewhere.
pub fn held(portfolio: &Portfolio, p: &Placement, grid: Grid) -> Option<Draw> {
    let gpus = gpus(portfolio, p.pool.as_ref(), p.gpus.map(|g| g as f64), p.account.as_ref());
    over(grid, portfolio.site(&p.site)?, p.span(), 0.0, gpus)
}

/// What of a reservation has left the portfolio, and what that makes of it.
pub fn gone(portfolio: &Portfolio, r: &Reservation) -> Option<Reason> {
    let lost_pool = r.pool.as_ref().filter(|id| pool(portfolio, id).is_none());
    let lost_account = r.account.as_ref().filter(|id| account(portfolio, id).is_none());
    let (code, what, makes) = match (portfolio.site(&r.site), lost_pool, lost_account) {
        (None, ..) => (codes::RESERVATION_NO_SITE, format!("site `{}`", r.site), "it takes no room"),
        (_, Some(pool), _) => {
            (codes::RESERVATION_NO_POOL, format!("pool `{pool}`"), "its power is counted, its GPUs are not")
        }
        (_, _, Some(account)) => {
            (codes::RESERVATION_NO_ACCOUNT, format!("account `{account}`"), "it counts against no account")
        }
        _ => return None,
    };
    let message = format!(
        "reservation {}: {what} is not in the portfolio any more, so {makes}; put it back, or release it: hourmatch \
         reservations release {}",
        r.id, r.id
    );
    Some(Reason::new(code, &r.id, r.mw, "MW", message))
}

pub fn pool(portfolio: &Portfolio, id: &PoolId) -> Option<PoolIndex> {
    PoolIndex::find(&portfolio.planning.pools, |pool| pool.id == *id)
}

pub fn account(portfolio: &Portfolio, id: &AccountId) -> Option<AccountIndex> {
    AccountIndex::find(&portfolio.planning.accounts, |account| account.id == *id)
}

/// Accelerators of a pool in the name of an account; none without a pool that the portfolio has.
pub fn gpus(
    portfolio: &Portfolio,
    of: Option<&PoolId>,
    count: Option<f64>,
    in_name_of: Option<&AccountId>,
) -> Option<Gpus> {
    let account = in_name_of.and_then(|id| account(portfolio, id));
    Some(Gpus { pool: pool(portfolio, of?)?, count: count?, account })
}
