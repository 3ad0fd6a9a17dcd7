//! What is wrong with a piece of work, if anything: in words its owner can act on.

use super::{Class, Work, known};
use crate::portfolio::absent::{ACCOUNT, CURVE, POOL, absent};
use crate::portfolio::{Portfolio, curves};
use reports::series::name::is_id;
use reports::time::{Instant, TimeError, Zone};

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
        self.names(portfolio)
            .or_else(|| self.window(portfolio.zone))
            .or_else(|| self.amounts())
            .or_else(|| self.places(portfolio))
            .or_else(|| self.terms_of_kind())
            .or_else(|| self.prices(portfolio))
    }

    fn names(&self, portfolio: &Portfolio) -> Option<String> {
        if !is_id(&self.id) {
            return Some(no_id(&self.id));
        }
        if let Some(problem) = self.sites.iter().find_map(|site| portfolio.find_site(site).err()) {
            return Some(problem.in_one_line());
        }
        if let Some(site) = self.sites.iter().enumerate().find(|(i, s)| self.sites[..*i].contains(s)) {
            return Some(format!("site `{}` is listed twice", site.1));
        }
        let known = |what, id: &Option<String>, all: Vec<&str>| {
            let id = id.as_deref().filter(|id| !all.contains(id))?;
            Some(absent(what, id, &all).in_one_line())
        };
        let mut curve_names: Vec<&str> = curves::preset_names().to_vec();
        curve_names.extend(portfolio.planning.curves.iter().map(|c| c.id.as_str()));
        known(POOL, &self.pool, portfolio.pool_ids())
            .or_else(|| known(ACCOUNT, &self.account, portfolio.account_ids()))
            .or_else(|| known(CURVE, &self.curve, curve_names))
            .or_else(|| {
                let wrong = self.after.iter().find(|id| **id == self.id || !is_id(id));
                wrong.map(|id| format!("after `{id}`: it cannot wait for that"))
            })
    }

    fn window(&self, zone: Zone) -> Option<String> {
        let wrong = |what: &str, text: &str, error: TimeError| {
            let hint = zone.hint(&text.replacen(' ', "T", 1)).filter(|_| matches!(error, TimeError::NoOffset(_)));
            Some(format!("{what}: {error}{}", hint.map_or(String::new(), |hint| format!("; {hint}"))))
        };
        let (release, deadline) = match (Instant::parse(&self.release), Instant::parse(&self.deadline)) {
            (Ok(release), Ok(deadline)) => (release, deadline),
            (Err(error), _) => return wrong("release", &self.release, error),
            (_, Err(error)) => return wrong("deadline", &self.deadline, error),
        };
        if deadline <= release {
            return Some(format!("the deadline {deadline} is not after the release {release}"));
        }
        None
    }

    fn amounts(&self) -> Option<String> {
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
                return Some(format!("{name} {} is not a positive number up to {most:e}", number(value)));
            }
        }
        if self.energy_mwh.zip(self.max_mw).is_some_and(|(energy_mwh, max_mw)| energy_mwh / max_mw > MOST_HOURS) {
            return Some(format!("energy_mwh takes more than {MOST_HOURS:e} hours at max_mw"));
        }
        // A pool gives accelerators out whole: a part of one would be counted as less than it takes.
        for (name, value) in [("gpus", self.gpus), ("gpus_min", self.gpus_min)] {
            if let Some(value) = value.filter(|v| v.fract() != 0.0) {
                return Some(format!(
                    "{name} {} is not a whole number of accelerators; slices of one are counted as a pool of their own",
                    number(value)
                ));
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
                return Some(format!("{name} {} is not a number from 0 to 1e6", number(value)));
            }
        }
        if self.floor.is_some_and(|floor| !(0.0..=1.0).contains(&floor)) {
            return Some("floor is not a part of full power between 0 and 1".into());
        }
        if self.count.is_some_and(|count| count == 0 || count > MOST_COUNT) {
            return Some(format!("count is not between 1 and {MOST_COUNT}"));
        }
        if self.priority.is_some_and(|priority| priority > 9) {
            return Some("priority is not between 0 and 9".into());
        }
        None
    }

    fn places(&self, portfolio: &Portfolio) -> Option<String> {
        let pool = self.pool.as_ref().and_then(|id| portfolio.planning.pools.iter().find(|p| p.id == *id));
        if let Some(pool) = pool {
            if !self.sites.is_empty() && !self.sites.contains(&pool.site) {
                return Some(format!("pool `{}` is at {}, which its sites leave out", pool.id, pool.site));
            }
            if self.gpus.is_some_and(|gpus| gpus > pool.count) {
                return Some(format!("it wants more GPUs than pool `{}` has, {}", pool.id, pool.count));
            }
            if self.gpus.is_none() {
                return Some(format!("it names pool `{}` and no gpus", pool.id));
            }
        } else if self.gpus.is_some() && !portfolio.planning.pools.is_empty() {
            return Some("it states gpus and no pool".into());
        }
        if self.gpus_min.zip(self.gpus).is_some_and(|(least, gpus)| least > gpus) {
            return Some("gpus_min is more than gpus".into());
        }
        if self.hours_p90.zip(self.hours).is_some_and(|(p90, hours)| p90 < hours) {
            return Some("hours_p90 is less than hours".into());
        }
        None
    }

    fn terms_of_kind(&self) -> Option<String> {
        if !self.is_training() {
            return match (self.energy_mwh, self.gpus.zip(self.hours)) {
                (None, None) => Some("it states neither `energy_mwh` nor `gpus` and `hours`".into()),
                (Some(_), Some(_)) => Some("it states its energy twice: by energy_mwh, and by gpus and hours".into()),
                _ => None,
            };
        }
        if self.gpus.is_none() && self.max_mw.is_none() {
            return Some("a training run states `gpus` of a pool, or its power in `max_mw`".into());
        }
        if self.hours.is_none() && self.energy_mwh.is_none() {
            return Some("a training run states `hours` at full speed, or `energy_mwh`".into());
        }
        if let Some(class) = self.class.as_ref().filter(|_| self.class().is_none()) {
            return Some(format!("class `{class}` is not one of {}", known::<Class>()));
        }
        if self.count.is_some_and(|count| count > 1) {
            return Some("a training run takes no count: give each run its own id".into());
        }
        None
    }

    /// Missing it must cost more than missing a target, and less than breaking an event's limit.
    fn prices(&self, portfolio: &Portfolio) -> Option<String> {
        let price = self.miss_price_per_mwh?;
        if !(price.is_finite() && (0.0..=1e9).contains(&price)) {
            return Some("miss_price_per_mwh is not a price".into());
        }
        let dearest = portfolio.targets.iter().map(|t| t.shortfall_price_per_mwh).fold(0.0, f64::max);
        if price <= dearest {
            return Some(format!(
                "miss_price_per_mwh {price} is not above the shortfall price {dearest}: it would be dropped to look green"
            ));
        }
        let event = portfolio.policy.event_price_per_mwh;
        (price >= event).then(|| format!("miss_price_per_mwh {price} is not below the event price {event}"))
    }
}
