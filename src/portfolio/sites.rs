//! `[[site]]`: where load is metered, and what the site can take.

use super::file::File;
use super::policy::Policy;
use super::values::{Time, changes, fraction, text};
use super::walk::Table;
use super::{boundaries, head, names};
use reports::definitions::{Fraction, MissingLoad, SiteDef, limits};
use reports::ruleset::{AboveLimit, Ruleset};
use reports::series::name::is_id;
use reports::time::Zone;
use reports::units::mw_to_wh;
use std::collections::BTreeSet;

/// What planning needs of a site beyond its definition.
#[derive(Debug, Clone, PartialEq)]
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
    pub plan_at: Option<String>,
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
    file: &mut File<'_>,
    mut table: Table<'_, '_>,
    known: &BTreeSet<String>,
    time: Time,
) -> Option<(SiteDef, SitePlan, usize)> {
    let id = table.named_by_id(file, "site");
    let name = names::read(file, &mut table, "Ashburn campus");
    let boundary = boundaries::of_site(file, &mut table, known);
    let boundary_changes = changes(file, &mut table, "boundary_changes", time, |file, entry| {
        boundaries::reference(file, entry, "boundary", known)
    });
    let zone = head::zone(file, &mut table, time.zone);
    let it_capacity_mw = table.needed_number(file, "it_capacity_mw");
    let grid_limit_mw = table.number(file, "grid_limit_mw");
    let pue = table.number(file, "pue").unwrap_or(1.0);
    let overhead_mw = table.number(file, "overhead_mw").unwrap_or(0.0);
    let it_load_mw = table.number(file, "it_load_mw");
    let plan_at = plan_at(file, &mut table);
    let onsite_technology = technology(file, &mut table);
    let loss_factor = fraction(file, &mut table, "loss_factor").unwrap_or(Fraction::ZERO);
    let meter = text(file, &mut table, "meter");
    let accuracy_class = text(file, &mut table, "accuracy_class");
    let ownership_share = fraction(file, &mut table, "ownership_share");
    let leased = table.boolean(file, "leased");
    let ramp_mw_per_hour = table.number(file, "ramp_mw_per_hour");
    let pue_by_temperature = pue_by_temperature(file, &mut table);
    let at = table.at;
    table.close(file);
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
        pue,
        overhead_mw,
        ramp_mw_per_hour,
        pue_by_temperature,
        it_load_mw,
        plan_at,
        zone: zone?,
    };
    Some((definition, plan, at))
}

/// Where load is estimated, what each connection carries belongs to the definitions, if the ruleset asks for it: under
/// others they stay as they were.
pub(super) fn state_limits(sites: &mut [SiteDef], plans: &[SitePlan], policy: &Policy, ruleset: Option<&Ruleset>) {
    let asks = ruleset.is_some_and(|ruleset| ruleset.rules.above_limit == AboveLimit::LeftOut);
    if !asks || policy.missing_load != MissingLoad::Estimate {
        return;
    }
    for (site, plan) in sites.iter_mut().zip(plans) {
        site.limit_w = plan.grid_limit_mw.map(|mw| mw_to_wh(mw, 3_600).min(limits::POWER_W));
    }
}

fn pue_by_temperature(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Vec<(f64, f64)> {
    let mut points = table.pairs(file, "pue_by_temperature").unwrap_or_default();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let good = points.iter().all(|(_, pue)| (1.0..=5.0).contains(pue)) && points.windows(2).all(|w| w[0].0 < w[1].0);
    if !good {
        let what = format!("{}: pue_by_temperature holds a PUE outside 1 to 5, or a temperature twice", table.name);
        let hint = "write [[10.0, 1.12], [25.0, 1.20], [35.0, 1.35]]: degrees Celsius and PUE";
        file.refuse(table.at_key("pue_by_temperature"), what, hint);
        return Vec::new();
    }
    points
}

fn plan_at(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<String> {
    let (text, at) = table.string(file, "plan_at")?;
    let valid = text.parse::<croner::Cron>().is_ok();
    if !valid {
        let what = format!("{}: plan_at `{text}` is not a cron expression", table.name);
        file.refuse(at, what, "write \"0 14 * * *\" for 14:00 every day");
    }
    valid.then_some(text)
}

fn technology(file: &mut File<'_>, table: &mut Table<'_, '_>) -> Option<String> {
    let (text, at) = table.string(file, "onsite_technology")?;
    if !is_id(&text) {
        let what = format!("{}: onsite_technology `{text}` is not one word", table.name);
        file.refuse(at, what, "write \"solar\", \"gas\" or another technology");
        return None;
    }
    Some(text)
}
