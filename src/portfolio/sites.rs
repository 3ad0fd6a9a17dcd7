//! `[[site]]`: where load is metered, and what the site can take.

use super::common::{BoundaryId, Serialize, Table, Zone, is_id};
use super::policy::Policy;
use super::values::{Time, changes, fraction, text};
use super::{boundaries, head, values};
use reports::definitions::{Fraction, MissingLoad, SiteDef, limits};
use reports::ruleset::{AboveLimit, Ruleset};
use reports::units::mw_to_wh;
use std::collections::BTreeSet;

/// What planning needs of a site beyond its definition; as JSON, what decides a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SitePlan {
    pub it_capacity_mw: f64,
    pub grid_limit_mw: Option<f64>,
    pub pue: f64,
    pub overhead_mw: f64,
    /// Facility power of work may change by this much in an hour.
    pub ramp_mw_per_hour: Option<f64>,
    /// PUE by outside temperature in degrees Celsius, rising in temperature; used where `temperature` is known.
    pub pue_by_temperature: Vec<(f64, f64)>,
    /// Firm IT load until readings exist.
    pub it_load_mw: Option<f64>,
    /// When the service plans, as a cron expression in the site's zone.
    #[serde(skip)]
    pub plan_at: Option<String>,
    /// As the definition names it.
    #[serde(skip)]
    pub zone: Zone,
}

impl SitePlan {
    /// IT power behind a facility draw.
    pub fn it_of_mw(&self, facility_mw: f64, pue: f64) -> f64 {
        ((facility_mw - self.overhead_mw) / pue).max(0.0)
    }

    /// PUE at an outside temperature, straight between the stated points and flat beyond them.
    pub fn pue_at(&self, celsius: f64) -> Option<f64> {
        let points = &self.pue_by_temperature;
        let (first, last) = (points.first()?, points.last()?);
        if celsius <= first.0 {
            return Some(first.1);
        }
        let pair = points.windows(2).find(|pair| celsius <= pair[1].0);
        Some(pair.map_or(last.1, |pair| {
            let ((t, pue), (u, next)) = (pair[0], pair[1]);
            pue + (next - pue) * (celsius - t) / (u - t)
        }))
    }

    /// The most IT power there can be: capacity, or what the connection leaves after overhead and PUE.
    pub fn cap_mw(&self) -> f64 {
        self.cap_at_mw(self.pue)
    }

    /// The same at a PUE that differs from hour to hour.
    pub fn cap_at_mw(&self, pue: f64) -> f64 {
        let connection = self.grid_limit_mw.map_or(f64::INFINITY, |limit| (limit - self.overhead_mw) / pue);
        self.it_capacity_mw.min(connection).max(0.0)
    }
}

pub(super) fn read(
    mut table: Table<'_, '_>,
    known: &BTreeSet<BoundaryId>,
    time: Time,
) -> Option<(SiteDef, SitePlan, usize)> {
    let id = table.named_by_id("site");
    let name = values::name(&mut table, "Ashburn campus");
    let boundary = boundaries::of_site(&mut table, known);
    let boundary_changes =
        changes(&mut table, "boundary_changes", time, |entry| boundaries::reference(entry, "boundary", known));
    let zone = head::zone(&mut table, time.zone);
    let it_capacity_mw = table.needed_number("it_capacity_mw");
    let [grid_limit_mw, pue, overhead_mw, it_load_mw] =
        ["grid_limit_mw", "pue", "overhead_mw", "it_load_mw"].map(|key| table.number(key));
    let cron = ("a cron expression", "write \"0 14 * * *\" for 14:00 every day");
    let plan_at = table.fitting("plan_at", |text| text.parse::<croner::Cron>().is_ok(), cron);
    let technology = ("one word", "write \"solar\", \"gas\" or another technology");
    let onsite_technology = table.fitting("onsite_technology", is_id, technology);
    let loss_factor = fraction(&mut table, "loss_factor").unwrap_or(Fraction::ZERO);
    let [meter, accuracy_class] = ["meter", "accuracy_class"].map(|key| text(&mut table, key));
    let ownership_share = fraction(&mut table, "ownership_share");
    let leased = table.boolean("leased");
    let ramp_mw_per_hour = table.number("ramp_mw_per_hour");
    let pue_by_temperature = pue_by_temperature(&mut table);
    let at = table.at;
    table.close();
    let definition = SiteDef {
        id: id?,
        name,
        boundary: boundary?,
        boundary_changes,
        time_zone: zone?.name().into(),
        onsite_technology,
        loss_factor,
        meter,
        accuracy_class,
        ownership_share,
        leased,
        limit_w: None,
    };
    let plan = SitePlan {
        it_capacity_mw: it_capacity_mw?,
        grid_limit_mw,
        pue: pue.unwrap_or(1.0),
        overhead_mw: overhead_mw.unwrap_or(0.0),
        ramp_mw_per_hour,
        pue_by_temperature,
        it_load_mw,
        plan_at,
        zone: zone?,
    };
    Some((definition, plan, at))
}

/// Where load is estimated and the ruleset asks for it, what each connection carries belongs to the definitions.
pub(super) fn state_limits(sites: &mut [SiteDef], plans: &[SitePlan], policy: &Policy, ruleset: Option<&Ruleset>) {
    let asks = ruleset.is_some_and(|ruleset| ruleset.rules.above_limit == AboveLimit::LeftOut);
    if !asks || policy.missing_load != MissingLoad::Estimate {
        return;
    }
    for (site, plan) in sites.iter_mut().zip(plans) {
        site.limit_w = plan.grid_limit_mw.map(|mw| mw_to_wh(mw, 3_600).min(limits::POWER_W));
    }
}

fn pue_by_temperature(table: &mut Table<'_, '_>) -> Vec<(f64, f64)> {
    let mut points = table.pairs("pue_by_temperature").unwrap_or_default();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let good = points.iter().all(|(_, pue)| (1.0..=5.0).contains(pue)) && points.windows(2).all(|w| w[0].0 < w[1].0);
    if !good {
        let what = "pue_by_temperature holds a PUE outside 1 to 5, or a temperature twice";
        let hint = "write [[10.0, 1.12], [25.0, 1.20], [35.0, 1.35]]: degrees Celsius and PUE";
        table.refuse(table.at_key("pue_by_temperature"), what, hint);
        return Vec::new();
    }
    points
}
