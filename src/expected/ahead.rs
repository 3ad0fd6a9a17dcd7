//! What is expected from an instant on, and what stands for steps that nobody supplied: history, then the portfolio's
//! figure, then what is known of the horizon itself; where that leaves nothing, what was known once is refused by name.

use super::blend;
use super::derive::{BoundaryValues, Values};
use super::expect::{Expected, HOURS_PER_DAY, Origin};
use super::tracks::{per_hour, reach};
use super::unknown::{Gaps, Words};
use super::view::{BoundaryExpectation, View};
use super::world::World;
use crate::portfolio::{CarbonBasis, Metric};
use crate::store::forecasts;
use reports::inputs::SeriesMap;
use reports::series::name::{ContractLeaf, GridLeaf, PoolLeaf, SeriesName, SiteLeaf};
use reports::time::{Grid, format_instant};
use std::collections::BTreeSet;

/// A horizon: its steps, which step of the span is its first, and what suppliers say of it.
struct Ahead<'a> {
    grid: Grid,
    start: usize,
    per_day: usize,
    supplied: &'a SeriesMap,
}

impl Ahead<'_> {
    /// How a series that ended is told of, by when it did.
    fn since(&self, last_s: i64) -> String {
        let (last, start) = (format_instant(last_s), format_instant(self.grid.start_s));
        format!("nothing is known of it since {last}, more than {} days before {start}", blend::DAYS)
    }
}

impl World {
    /// What is expected from the start of `grid` on, as known at `now_s`.
    pub fn view(&mut self, grid: Grid, now_s: i64) -> anyhow::Result<View> {
        let supplied = self.issued_by(grid, now_s);
        let per_day = HOURS_PER_DAY * per_hour(self.span);
        let ahead = Ahead { grid, start: self.step_of(grid.start_s), per_day, supplied: &supplied };
        let mut gaps = Gaps::default();
        gaps.reasons.extend(self.left_out.iter().cloned());
        gaps.reasons.extend(self.stood_in_ahead(grid, &supplied));
        let mut delivered_mw = Vec::new();
        for index in 0..self.contracts.len() {
            delivered_mw.push(self.delivered(index, &ahead, &mut gaps)?);
        }
        let pue: Vec<Vec<f64>> = (0..self.sites.len()).map(|site| self.pue(site, &ahead, &mut gaps)).collect();
        let (mut firm_it_mw, mut firm_peak_it_mw) = (Vec::new(), Vec::new());
        for (index, pue) in pue.iter().enumerate() {
            let (expected, peak) = self.firm(index, &ahead, pue, &mut gaps)?;
            firm_it_mw.push(expected);
            firm_peak_it_mw.push(peak);
        }
        let mut boundaries = Vec::new();
        for index in 0..self.boundaries.len() {
            boundaries.push(self.boundary(index, &ahead, &mut gaps)?);
        }
        let hedges = self.hedges(grid, ahead.start, &delivered_mw);
        let available_gpus = self.available_gpus(&ahead, &mut gaps);
        Ok(View { boundaries, firm_it_mw, firm_peak_it_mw, delivered_mw, hedges, pue, available_gpus, gaps })
    }

    /// What was published ahead, and the newest supplier forecasts issued by an instant where that leaves room.
    fn issued_by(&self, grid: Grid, now_s: i64) -> SeriesMap {
        let period = grid.period();
        let mut ahead = SeriesMap::new();
        let names: BTreeSet<&String> = self.vintages.keys().chain(self.published.keys()).collect();
        for name in names {
            let published = self.published.get(name).into_iter().flatten();
            let issued = self.vintages.get(name).into_iter().flatten();
            let known = issued.filter(|(issued_s, _)| *issued_s <= now_s).map(|(_, point)| point);
            let touching = published.chain(known).filter(|p| p.start_s < period.end_s && p.end_s > period.start_s);
            let points = forecasts::lay(touching.copied());
            if !points.is_empty() {
                ahead.insert(name.clone(), points);
            }
        }
        ahead
    }

    /// End of the step a series was last known in before a horizon.
    fn ended_s(&self, last: Option<usize>) -> Option<i64> {
        last.map(|step| self.span.start(step + 1))
    }

    /// Supply that nothing is known of is not reckoned with.
    fn delivered(&mut self, index: usize, ahead: &Ahead<'_>, gaps: &mut Gaps) -> anyhow::Result<Expected> {
        let grid = ahead.grid;
        let supplied = self.derive.contract(ahead.supplied, index, grid, grid.start_s)?;
        let expected = self.contracts[index].expect(ahead.start, grid.len, &supplied, None);
        let ended = self.ended_s(self.contracts[index].last_known(ahead.start));
        let since = ended.map_or(String::new(), |s| format!(" since {}", format_instant(s)));
        let none = format!("{since}, counted as zero");
        let id = &self.derive.portfolio.definitions.contracts[index].id;
        let series = SeriesName::contract(id, ContractLeaf::Generation);
        gaps.say(&series, grid, Words { none: &none, ..Words::AHEAD }, &expected);
        Ok(expected)
    }

    /// A site whose PUE was never supplied has the portfolio's, which stands for nothing.
    fn pue(&mut self, index: usize, ahead: &Ahead<'_>, gaps: &mut Gaps) -> Vec<f64> {
        let supplied = self.derive.pue(ahead.supplied, index, ahead.grid);
        let configured = self.derive.portfolio.sites[index].pue;
        let expected = self.sites[index].pue.expect(ahead.start, ahead.grid.len, &supplied, Some(configured));
        let ever = self.sites[index].pue.last_known(ahead.start).is_some() || supplied.iter().any(Option::is_some);
        if ever {
            let series = SeriesName::site(&self.derive.portfolio.definitions.sites[index].id, SiteLeaf::Pue);
            let words = Words { configured: &format!("the portfolio's pue, {configured}"), ..Words::AHEAD };
            gaps.say(&series, ahead.grid, words, &expected);
        }
        expected.values
    }

    /// `it_load` where it is metered or forecast, else the facility's load less what was planned, else the portfolio's
    /// figure; and what it may reach, from how far its days have been from one another.
    fn firm(
        &mut self,
        index: usize,
        ahead: &Ahead<'_>,
        pue: &[f64],
        gaps: &mut Gaps,
    ) -> anyhow::Result<(Expected, Vec<f64>)> {
        let (grid, start) = (ahead.grid, ahead.start);
        let portfolio = self.derive.portfolio.clone();
        let (site, plan) = (&portfolio.definitions.sites[index], &portfolio.sites[index]);
        let [it, load] = [SiteLeaf::ItLoad, SiteLeaf::Load].map(|leaf| SeriesName::site(&site.id, leaf));
        let supplied_it = self.derive.megawatts(ahead.supplied, &it, grid)?;
        let supplied_load = self.derive.megawatts(ahead.supplied, &load, grid)?;
        let it_of = |(mw, pue): (Option<f64>, &f64)| mw.map(|mw| plan.it_of_mw(mw, *pue));
        let of_load: Values = supplied_load.into_iter().zip(pue).map(it_of).collect();
        let tracks = &mut self.sites[index];
        let expected = tracks.it.expect(start, grid.len, &supplied_it, None);
        let expected = expected.or(&tracks.of_load.expect(start, grid.len, &of_load, plan.it_load_mw));
        let expected = expected.or_repeated(ahead.per_day);
        let track = if expected.worst() == Origin::Supplier { None } else { Some(&tracks.it) };
        let above = track.map_or(0.0, |track| reach(track.values(), start, ahead.per_day));
        let peak = expected.values.iter().map(|mw| mw + above).collect();
        let metered = tracks.facility[..start.min(tracks.facility.len())].iter().rposition(Option::is_some);
        let last = tracks.it.last_known(start).max(metered);
        match self.ended_s(last).filter(|_| expected.unknown()) {
            Some(s) => {
                let remedy = format!("ingest what came since, or set it_load_mw of site {}", site.id);
                gaps.refuse(&it, &ahead.since(s), remedy);
            }
            None => {
                let configured =
                    plan.it_load_mw.map_or(String::new(), |mw| format!("the portfolio's it_load_mw, {mw}"));
                gaps.say(&it, grid, Words { configured: &configured, ..Words::AHEAD }, &expected);
            }
        }
        Ok((expected, peak))
    }

    fn boundary(&mut self, index: usize, ahead: &Ahead<'_>, gaps: &mut Gaps) -> anyhow::Result<BoundaryExpectation> {
        let (start, n) = (ahead.start, ahead.grid.len);
        let supplied = if ahead.supplied.is_empty() {
            BoundaryValues::nothing(n)
        } else {
            self.derive.boundary(ahead.supplied, index, ahead.grid)?
        };
        let portfolio = self.derive.portfolio.clone();
        let default = self.derive.default_fossil_g_per_kwh(index);
        let configured = portfolio.boundaries[index].price_per_mwh;
        let tracks = &mut self.boundaries[index];
        let known = [tracks.cfe_share.last_known(start), tracks.price.last_known(start)];
        let fossil = tracks.fossil.expect(start, n, &supplied.fossil, Some(default));
        let average = tracks.average.expect(start, n, &supplied.average, None).or_repeated(ahead.per_day);
        let residual = tracks.residual.expect(start, n, &supplied.residual, None);
        let cfe_share = tracks.cfe_share.expect(start, n, &supplied.cfe_share, None).or_repeated(ahead.per_day);
        let price = tracks.price.expect(start, n, &supplied.price, configured).or_repeated(ahead.per_day);
        let [cfe_ended, price_ended] = known.map(|last| self.ended_s(last));
        let id = portfolio.definitions.boundaries[index].id.as_str();
        price_gaps(gaps, ahead, (id, configured), (&price, price_ended));
        let scored = portfolio.targets.iter().any(|target| target.metric == Metric::CfeScore);
        cfe_share_gaps(gaps, ahead, (id, scored), (&cfe_share, cfe_ended));
        let by = portfolio.policy.carbon_basis;
        factor_gaps(gaps, (ahead.grid, Words::AHEAD), (id, default, by), [&average, &residual, &fossil]);
        let fallback = residual.or(&fossil);
        let carbon = match by {
            CarbonBasis::Residual => fallback.clone(),
            CarbonBasis::Fossil => fossil,
            CarbonBasis::Average => average.clone().or(&fallback),
        };
        Ok(BoundaryExpectation {
            cfe_share,
            carbon_g_per_kwh: carbon,
            average_g_per_kwh: average,
            fallback_g_per_kwh: fallback,
            price_per_mwh: price,
        })
    }

    /// Accelerators that can be given out: announced, else as last counted, else all there are.
    fn available_gpus(&self, ahead: &Ahead<'_>, gaps: &mut Gaps) -> Vec<Vec<f64>> {
        let pools = self.derive.portfolio.planning.pools.iter().zip(&self.pools);
        let one = |(pool, counted): (&crate::portfolio::planning::Pool, &Values)| {
            let name = SeriesName::pool(&pool.id, PoolLeaf::AvailableGpus);
            let announced = self.derive.mean(ahead.supplied, &name, ahead.grid, 1.0);
            let last = counted[..ahead.start.min(counted.len())].iter().rposition(Option::is_some);
            let counted = last.and_then(|step| counted[step]);
            let (now, origin) = counted.map_or((pool.count, Origin::Configured), |gpus| (gpus, Origin::History));
            let expected = Expected {
                values: announced.iter().map(|gpus| gpus.unwrap_or(now).min(pool.count)).collect(),
                origins: announced.iter().map(|gpus| if gpus.is_some() { Origin::Supplier } else { origin }).collect(),
            };
            // A pool that nobody ever counted has what the portfolio says, which stands for nothing.
            if origin == Origin::History || expected.count(Origin::Supplier) > 0 {
                let until = self.ended_s(last).map_or(String::new(), format_instant);
                let words = Words {
                    lacks: "not announced",
                    history: &format!("as last counted, {now} at {until}"),
                    configured: &format!("all there are, {now}"),
                    ..Words::AHEAD
                };
                gaps.say(&name, ahead.grid, words, &expected);
            }
            expected.values
        };
        pools.map(one).collect()
    }
}

/// A price that was never supplied is the portfolio's, or nothing by its contract; one that ended is neither.
fn price_gaps(
    gaps: &mut Gaps,
    ahead: &Ahead<'_>,
    (id, configured): (&str, Option<f64>),
    (price, ended_s): (&Expected, Option<i64>),
) {
    let series = SeriesName::grid(id, GridLeaf::Price);
    if let (true, Some(s)) = (price.unknown(), ended_s) {
        gaps.refuse(&series, &ahead.since(s), format!("ingest what came since, or set price_per_mwh of boundary {id}"));
        return;
    }
    let stated = price.count(Origin::Configured) == price.origins.len() && ended_s.is_none();
    if !stated {
        let figure = configured.map_or(String::new(), |price| price.to_string());
        let words = Words {
            configured: &format!("price_per_mwh of boundary {id}, {figure}"),
            none: &format!(" and boundary {id} states no price_per_mwh: energy counts as free"),
            ..Words::AHEAD
        };
        gaps.say(&series, ahead.grid, words, price);
    }
}

/// Refused only where a target is reckoned with it: without one, a score that is not known is left out.
fn cfe_share_gaps(
    gaps: &mut Gaps,
    ahead: &Ahead<'_>,
    (id, scored): (&str, bool),
    (share, ended_s): (&Expected, Option<i64>),
) {
    let series = SeriesName::grid(id, GridLeaf::CfeShare);
    match ended_s.filter(|_| scored && share.unknown()) {
        Some(s) => {
            gaps.refuse(&series, &ahead.since(s), "ingest what came since: a target counts cfe_score".into());
        }
        None => {
            let since = ended_s.map_or(String::new(), |s| format!(" since {}", format_instant(s)));
            let none = format!("{since}: no CFE score, and none of the grid's energy counts as carbon-free");
            gaps.say(&series, ahead.grid, Words { none: &none, ..Words::AHEAD }, share);
        }
    }
}

/// Factors of the grid: what unmatched energy takes, and the average, for show or to price carbon by.
pub(super) fn factor_gaps(
    gaps: &mut Gaps,
    (grid, words): (Grid, Words<'_>),
    (id, default, by): (&str, f64, CarbonBasis),
    [average, residual, fossil]: [&Expected; 3],
) {
    let text = format!("the default fossil factor, {default} g/kWh");
    let words = Words { configured: &text, ..words };
    let [shown, unmatched, other] = [GridLeaf::CarbonIntensity, GridLeaf::ResidualIntensity, GridLeaf::FossilIntensity]
        .map(|leaf| SeriesName::grid(id, leaf));
    if by == CarbonBasis::Average {
        let fallback = residual.clone().or(fossil);
        gaps.say_with((&shown, grid), words, (average, &fallback), &format!("as {unmatched}"));
    } else if average.count(Origin::None) < average.origins.len() {
        gaps.say(&shown, grid, words, average);
    }
    gaps.say_with((&unmatched, grid), words, (residual, fossil), &format!("as {other}"));
}
