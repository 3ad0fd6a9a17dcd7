//! What is expected from an instant on. Steps without a supplied value take history, then the portfolio's figure, then
//! the known part of the horizon; where none of these helps, a series that was known once is refused by name.

use super::boundary::Stated;
use super::common::{Expected, Grid, GridSeries, HOURS_PER_DAY, Instant, Origin, SeriesMap, Values, blend};
use super::track::last_before;
use super::tracks::{per_hour, reach};
use super::unknown::{Gaps, Words};
use super::view::{BoundaryExpectation, View};
use super::world::World;
use crate::portfolio::Metric;
use ids::{BoundaryIndex, ContractIndex, Index, SiteIndex};
use reports::series::name::{ContractLeaf, GridLeaf, PoolLeaf, SeriesName, SiteLeaf};

/// A horizon: its steps, which step of the span is its first, and what suppliers say of it.
struct Ahead<'a> {
    grid: Grid,
    span: Grid,
    start: usize,
    per_day: usize,
    supplied: &'a SeriesMap,
}

impl Ahead<'_> {
    /// End of the step of the span that a series was last known in.
    fn ended(&self, last: Option<usize>) -> Option<Instant> {
        last.map(|step| self.span.start(step + 1))
    }

    /// How a series that ended is told of, by when it did.
    fn since(&self, ended: Instant) -> String {
        let start = self.grid.start(0);
        format!("no data since {ended}, more than {} days before {start}", blend::DAYS)
    }
}

impl World {
    /// What is expected from the start of `grid` on, as known at an instant.
    pub fn view(&mut self, grid: Grid, now: Instant) -> anyhow::Result<View> {
        let supplied = self.supplied.at(grid.period(), now);
        let (span, steps) = (self.span, self.steps(grid));
        let per_day = HOURS_PER_DAY * per_hour(span);
        let ahead = Ahead { grid, span, start: steps.start, per_day, supplied: &supplied };
        let mut gaps = Gaps::ahead(grid);
        gaps.notes.extend(self.left_out.iter().cloned());
        gaps.notes.extend(self.stood_in.ahead(grid, &supplied));
        let contracts = ContractIndex::all(&self.contracts);
        let delivered_mw: Vec<_> =
            contracts.map(|index| self.delivered(index, &ahead, &mut gaps)).collect::<Result<_, _>>()?;
        let pue: Vec<Vec<f64>> = SiteIndex::all(&self.sites).map(|site| self.pue(site, &ahead, &mut gaps)).collect();
        let firm = SiteIndex::each(&pue).map(|(site, pue)| self.firm(site, &ahead, pue, &mut gaps));
        let (firm_it_mw, firm_peak_it_mw) = firm.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let boundaries = BoundaryIndex::all(&self.boundaries);
        let boundaries = boundaries.map(|index| self.boundary(index, &ahead, &mut gaps)).collect::<Result<_, _>>()?;
        let lists = self.lists.iter_mut();
        let hedges = lists.filter_map(|list| list.hedge(steps.clone(), &mut self.contracts, &delivered_mw)).collect();
        let available_gpus = self.available_gpus(&ahead, &mut gaps);
        Ok(View { boundaries, firm_it_mw, firm_peak_it_mw, delivered_mw, hedges, pue, available_gpus, gaps })
    }

    /// Supply that nothing is known of is not reckoned with.
    fn delivered(&mut self, index: ContractIndex, ahead: &Ahead<'_>, gaps: &mut Gaps) -> anyhow::Result<Expected> {
        let grid = ahead.grid;
        let supplied = self.derive.contract(ahead.supplied, index, grid, grid.start(0))?;
        let expected = self.contracts[index].expect(ahead.start, &supplied, None);
        let ended = ahead.ended(self.contracts[index].last_known(ahead.start));
        let since = ended.map_or(String::new(), |ended| format!(" since {ended}"));
        let none = format!("{since}, counted as zero");
        let id = &self.derive.portfolio.definitions.contracts[index].id;
        let series = SeriesName::contract(id, ContractLeaf::Generation);
        gaps.say(&series, Words { none: &none, ..gaps.words }, &expected);
        Ok(expected)
    }

    /// A site whose PUE was never supplied has the portfolio's, which stands for nothing.
    fn pue(&mut self, index: SiteIndex, ahead: &Ahead<'_>, gaps: &mut Gaps) -> Vec<f64> {
        let supplied = self.derive.pue(ahead.supplied, index, ahead.grid);
        let configured = self.derive.portfolio.sites[index].pue;
        let expected = self.sites[index].pue.expect(ahead.start, &supplied, Some(configured));
        let ever = self.sites[index].pue.last_known(ahead.start).is_some() || supplied.iter().any(Option::is_some);
        if ever {
            let series = SeriesName::site(&self.derive.portfolio.definitions.sites[index].id, SiteLeaf::Pue);
            let words = Words { configured: &format!("the portfolio's pue, {configured}"), ..gaps.words };
            gaps.say(&series, words, &expected);
        }
        expected.values
    }

    /// `it_load` where it is metered or forecast, else the facility's load less what was planned, else the portfolio's
    /// figure; and what it may reach, from how far its days have been from one another.
    fn firm(
        &mut self,
        index: SiteIndex,
        ahead: &Ahead<'_>,
        pue: &[f64],
        gaps: &mut Gaps,
    ) -> anyhow::Result<(Expected, Vec<f64>)> {
        let (grid, start, derive) = (ahead.grid, ahead.start, &self.derive);
        let (site, plan) = (&derive.portfolio.definitions.sites[index], &derive.portfolio.sites[index]);
        let [it, load] = [SiteLeaf::ItLoad, SiteLeaf::Load].map(|leaf| SeriesName::site(&site.id, leaf));
        let supplied_it = derive.megawatts(ahead.supplied, &it, grid)?;
        let supplied_load = derive.megawatts(ahead.supplied, &load, grid)?;
        let it_of = |(mw, pue): (Option<f64>, &f64)| mw.map(|mw| plan.it_of_mw(mw, *pue));
        let of_load: Values = supplied_load.into_iter().zip(pue).map(it_of).collect();
        let tracks = &mut self.sites[index];
        let expected = tracks.it.expect(start, &supplied_it, None);
        let expected = expected.or(&tracks.of_load.expect(start, &of_load, plan.it_load_mw));
        let expected = expected.or_repeated(ahead.per_day);
        let certain = expected.worst() == Origin::Supplier;
        let above = if certain { 0.0 } else { reach(tracks.it.values(), start, ahead.per_day) };
        let peak = expected.values.iter().map(|mw| mw + above).collect();
        let last = tracks.it.last_known(start).max(last_before(&tracks.facility, start));
        match ahead.ended(last).filter(|_| expected.unknown()) {
            Some(ended) => {
                let remedy = format!("ingest what came since, or set it_load_mw of site {}", site.id);
                gaps.refuse(&it, &ahead.since(ended), remedy);
            }
            None => {
                let stated = plan.it_load_mw.map_or(String::new(), |mw| format!("the portfolio's it_load_mw, {mw}"));
                gaps.say(&it, Words { configured: &stated, ..gaps.words }, &expected);
            }
        }
        Ok((expected, peak))
    }

    fn boundary(
        &mut self,
        index: BoundaryIndex,
        ahead: &Ahead<'_>,
        gaps: &mut Gaps,
    ) -> anyhow::Result<BoundaryExpectation> {
        let start = ahead.start;
        let supplied = if ahead.supplied.is_empty() {
            GridSeries::nothing(ahead.grid.len)
        } else {
            self.derive.boundary(ahead.supplied, index, ahead.grid)?
        };
        let stated = Stated::new(&self.derive, index);
        let tracks = &mut self.boundaries[index];
        let known = [&tracks.cfe_share, &tracks.price].map(|track| track.last_known(start));
        let [cfe_ended, price_ended] = known.map(|last| ahead.ended(last));
        let sources = tracks.each_mut().zip(supplied).zip(stated.figures());
        let expected = sources.map(|((track, supplied), figure)| track.expect(start, &supplied, figure));
        let expected = expected.repeated(ahead.per_day);
        let once = price_ended.map(|ended| (ahead.since(ended), "what came since"));
        stated.say_price(gaps, &expected.price, once);
        let scored = self.derive.portfolio.targets.iter().any(|target| target.metric == Metric::CfeScore);
        let (series, share) = (SeriesName::grid(stated.id, GridLeaf::CfeShare), &expected.cfe_share);
        match cfe_ended {
            // Only where a target is reckoned with it: without one, a score that is not known is left out.
            Some(ended) if scored && share.unknown() => {
                gaps.refuse(&series, &ahead.since(ended), "ingest what came since: a target counts cfe_score".into());
            }
            ended => {
                let since = ended.map_or(String::new(), |ended| format!(" since {ended}"));
                let none = format!("{since}: no CFE score, and none of the grid's energy counts as carbon-free");
                gaps.say(&series, Words { none: &none, ..gaps.words }, share);
            }
        }
        stated.say_factors(gaps, &expected);
        Ok(expected.expectation(stated.carbon_basis))
    }

    /// Accelerators that can be given out: announced, else as last counted, else all there are.
    fn available_gpus(&self, ahead: &Ahead<'_>, gaps: &mut Gaps) -> Vec<Vec<f64>> {
        let mut available = Vec::new();
        for (pool, counted) in self.derive.portfolio.planning.pools.iter().zip(&self.pools) {
            let name = SeriesName::pool(&pool.id, PoolLeaf::AvailableGpus);
            let announced = self.derive.mean(ahead.supplied, &name, ahead.grid, 1.0);
            let last = last_before(counted, ahead.start);
            let counted = last.and_then(|step| counted[step]);
            let now = counted.unwrap_or(pool.count);
            let origin = if counted.is_some() { Origin::History } else { Origin::Configured };
            let expected = Expected::supplied(&announced).or_constant(now, origin);
            // A pool that nobody ever counted has what the portfolio says, which stands for nothing.
            if counted.is_some() || expected.count(Origin::Supplier) > 0 {
                let until = ahead.ended(last).map_or(String::new(), |at| at.to_string());
                let words = Words {
                    lacks: "not announced",
                    history: &format!("as last counted, {now} at {until}"),
                    configured: &format!("all there are, {now}"),
                    ..gaps.words
                };
                gaps.say(&name, words, &expected);
            }
            available.push(expected.values.into_iter().map(|gpus| gpus.min(pool.count)).collect());
        }
        available
    }
}
