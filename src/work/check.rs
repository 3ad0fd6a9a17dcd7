//! What is wrong with a piece of work, if anything: in words its owner can act on.

use super::{Class, Fault, Instant, TimeError, Work, Zone, known};
use crate::portfolio::absent::{ACCOUNT, CURVE, POOL, absent};
use crate::portfolio::planning::Pool;
use crate::portfolio::{Portfolio, curves};
use anyhow::{anyhow, bail, ensure};
use reports::series::name::is_id;

/// Nothing takes longer, a century and more.
const MOST_HOURS: f64 = 1e6;
/// Arrays larger than this are better stated as energy.
const MOST_COUNT: u32 = 100_000;

/// Why a name is no id, and where a scheduler's own goes.
fn no_id(text: &str) -> String {
    let shown: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(40).is_some() { "..." } else { "" };
    let what = match text.chars().count() {
        0 => "it is empty".to_string(),
        65.. => format!("it has {} characters", text.chars().count()),
        _ => match text.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.".contains(*c))) {
            Some(other) => format!("it holds `{}`", other.escape_debug()),
            None => "it starts with `.`".to_string(),
        },
    };
    format!(
        "`{shown}{more}` is not an id, {what}: use ASCII letters, digits, `-`, `_` and `.`, at most 64; a scheduler's own \
         name goes into scheduler_ref, and an array is one id and a count"
    )
}

/// As people write it, unless that is long.
fn number(value: f64) -> String {
    if value == 0.0 || (1e-4..1e9).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
}

impl Work {
    pub fn problem(&self, portfolio: &Portfolio) -> Option<String> {
        self.check(portfolio).err().map(|problem| problem.to_string())
    }

    fn check(&self, portfolio: &Portfolio) -> anyhow::Result<()> {
        self.names(portfolio)?;
        self.window(portfolio.zone)?;
        self.amounts()?;
        self.places(portfolio)?;
        self.terms_of_kind()?;
        self.prices(portfolio)
    }

    fn names(&self, portfolio: &Portfolio) -> anyhow::Result<()> {
        ensure!(is_id(&self.id), no_id(&self.id));
        let one_line = |problem: Fault| anyhow!(problem.in_one_line());
        for site in &self.sites {
            portfolio.find_site(site).map_err(one_line)?;
        }
        if let Some((_, site)) = self.sites.iter().enumerate().find(|(i, s)| self.sites[..*i].contains(s)) {
            bail!("site `{site}` is listed twice");
        }
        let known = |what, id: Option<&str>, all: &[&str]| {
            let lost = id.filter(|id| !all.contains(id));
            lost.map_or(Ok(()), |id| Err(one_line(absent(what, id, all))))
        };
        let mut curve_names: Vec<&str> = curves::preset_names().to_vec();
        curve_names.extend(portfolio.planning.curves.iter().map(|c| c.id.as_str()));
        known(POOL, self.pool.as_deref(), &portfolio.pool_ids())?;
        known(ACCOUNT, self.account.as_deref(), &portfolio.account_ids())?;
        known(CURVE, self.curve.as_deref(), &curve_names)?;
        let wrong = self.after.iter().find(|id| **id == self.id || !is_id(id));
        wrong.map_or(Ok(()), |id| Err(anyhow!("after `{id}`: it cannot wait for that")))
    }

    fn window(&self, zone: Zone) -> anyhow::Result<()> {
        let instant = |what: &str, text: &str| {
            Instant::parse(text).map_err(|error| {
                let hint = zone.hint(&text.replacen(' ', "T", 1)).filter(|_| matches!(error, TimeError::NoOffset(_)));
                anyhow!("{what}: {error}{}", hint.map_or(String::new(), |hint| format!("; {hint}")))
            })
        };
        let (release, deadline) = (instant("release", &self.release)?, instant("deadline", &self.deadline)?);
        ensure!(deadline > release, "the deadline {deadline} is not after the release {release}");
        Ok(())
    }

    fn amounts(&self) -> anyhow::Result<()> {
        let positive = [
            ("energy_mwh", self.energy_mwh, 1e9),
            ("max_mw", self.max_mw, 1e9),
            ("gpus", self.gpus, 1e7),
            ("gpus_min", self.gpus_min, 1e7),
            ("hours", self.hours, MOST_HOURS),
            ("hours_p90", self.hours_p90, MOST_HOURS),
            ("mtbf_h", self.mtbf_h, 1e7),
            ("checkpoint_min", self.checkpoint_min, 1e6),
        ];
        for (name, value, most) in positive {
            if let Some(value) = value.filter(|v| !(v.is_finite() && *v > 0.0 && *v <= most)) {
                bail!("{name} {} is not a positive number up to {most:e}", number(value));
            }
        }
        let endless =
            self.energy_mwh.zip(self.max_mw).is_some_and(|(energy_mwh, max_mw)| energy_mwh / max_mw > MOST_HOURS);
        ensure!(!endless, "energy_mwh takes more than {MOST_HOURS:e} hours at max_mw");
        // A pool gives accelerators out whole: a part of one would be counted as less than it takes.
        for (name, value) in [("gpus", self.gpus), ("gpus_min", self.gpus_min)] {
            if let Some(value) = value.filter(|v| v.fract() != 0.0) {
                let value = number(value);
                bail!(
                    "{name} {value} is not a whole number of accelerators; slices of one are counted as a pool of their own"
                );
            }
        }
        let not_negative = [
            ("save_min", self.save_min),
            ("restart_min", self.restart_min),
            ("min_on_h", self.min_on_h),
            ("min_off_h", self.min_off_h),
            ("max_pauses_day", self.max_pauses_day),
            ("notice_min", self.notice_min),
            ("move_h", self.move_h),
            ("move_mwh", self.move_mwh),
        ];
        for (name, value) in not_negative {
            if let Some(value) = value.filter(|v| !(v.is_finite() && (0.0..=1e6).contains(v))) {
                bail!("{name} {} is not a number from 0 to 1e6", number(value));
            }
        }
        let is_part = self.floor.is_none_or(|floor| (0.0..=1.0).contains(&floor));
        ensure!(is_part, "floor is not a part of full power between 0 and 1");
        let counts = self.count.is_none_or(|count| (1..=MOST_COUNT).contains(&count));
        ensure!(counts, "count is not between 1 and {MOST_COUNT}");
        ensure!(self.priority.is_none_or(|priority| priority <= 9), "priority is not between 0 and 9");
        Ok(())
    }

    fn places(&self, portfolio: &Portfolio) -> anyhow::Result<()> {
        let pool = self.pool.as_ref().and_then(|id| portfolio.planning.pools.iter().find(|p| p.id == *id));
        if let Some(Pool { id, site, count, .. }) = pool {
            let is_there = self.sites.is_empty() || self.sites.contains(site);
            ensure!(is_there, "pool `{id}` is at {site}, which its sites leave out");
            let fits = self.gpus.is_none_or(|gpus| gpus <= *count);
            ensure!(fits, "it wants more GPUs than pool `{id}` has, {count}");
            ensure!(self.gpus.is_some(), "it names pool `{id}` and no gpus");
        } else {
            ensure!(self.gpus.is_none() || portfolio.planning.pools.is_empty(), "it states gpus and no pool");
        }
        let in_order = |(least, most): (f64, f64)| least <= most;
        ensure!(self.gpus_min.zip(self.gpus).is_none_or(in_order), "gpus_min is more than gpus");
        ensure!(self.hours.zip(self.hours_p90).is_none_or(in_order), "hours_p90 is less than hours");
        Ok(())
    }

    fn terms_of_kind(&self) -> anyhow::Result<()> {
        let (by_energy, by_gpus) = (self.energy_mwh.is_some(), self.gpus.and(self.hours).is_some());
        if !self.is_training() {
            ensure!(by_energy || by_gpus, "it states neither `energy_mwh` nor `gpus` and `hours`");
            ensure!(!(by_energy && by_gpus), "it states its energy twice: by energy_mwh, and by gpus and hours");
            return Ok(());
        }
        let powered = self.gpus.or(self.max_mw).is_some();
        ensure!(powered, "a training run states `gpus` of a pool, or its power in `max_mw`");
        let has_length = self.hours.is_some() || by_energy;
        ensure!(has_length, "a training run states `hours` at full speed, or `energy_mwh`");
        if let Some(class) = self.class.as_ref().filter(|_| self.class().is_none()) {
            bail!("class `{class}` is not one of {}", known::<Class>());
        }
        ensure!(self.count.is_none_or(|count| count <= 1), "a training run takes no count: give each run its own id");
        Ok(())
    }

    /// Missing it must cost more than missing a target, and less than breaking an event's limit.
    fn prices(&self, portfolio: &Portfolio) -> anyhow::Result<()> {
        let Some(price) = self.miss_price_per_mwh else { return Ok(()) };
        ensure!(price.is_finite() && (0.0..=1e9).contains(&price), "miss_price_per_mwh is not a price");
        let dearest = portfolio.targets.iter().map(|t| t.shortfall_price_per_mwh).fold(0.0, f64::max);
        ensure!(
            price > dearest,
            "miss_price_per_mwh {price} is not above the shortfall price {dearest}: it would be dropped to look green"
        );
        let event = portfolio.policy.event_price_per_mwh;
        ensure!(price < event, "miss_price_per_mwh {price} is not below the event price {event}");
        Ok(())
    }
}
