//! What is to be planned, in numbers: MW, MWh, currency, g/kWh, vectors of `steps` values.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub step_hours: f64,
    pub steps: usize,
    pub boundaries: Vec<Boundary>,
    pub sites: Vec<Site>,
    pub contracts: Vec<Contract>,
    pub work: Vec<Work>,
    pub targets: Vec<Target>,
    pub policy: Policy,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    pub id: String,
    pub buy_per_mwh: Vec<f64>,
    /// Grid intensity of the chosen carbon basis.
    pub carbon_g_per_kwh: Vec<f64>,
    pub grid_cfe_share: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub id: String,
    pub boundary: usize,
    pub pue: Vec<f64>,
    pub overhead_mw: Vec<f64>,
    pub firm_it_mw: Vec<f64>,
    pub it_capacity_mw: Vec<f64>,
    /// `f64::INFINITY` where the connection sets no limit.
    pub grid_limit_mw: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    Physical,
    Financial,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    pub id: String,
    pub boundary: usize,
    pub settlement: Settlement,
    /// Served sites; all sites of the boundary mean unrestricted.
    pub sites: Vec<usize>,
    pub available_mw: Vec<f64>,
    /// Revenue of surplus, physical only; the caller caps it at buy + carbon.
    pub sell_per_mwh: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    pub id: String,
    pub sites: Vec<usize>,
    pub release: usize,
    /// Exclusive.
    pub deadline: usize,
    pub energy_mwh: f64,
    pub max_mw: f64,
    pub miss_price_per_mwh: f64,
    pub later: Option<Later>,
}

/// The deadline lies beyond the horizon: this much may be left for after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Later {
    pub max_mwh: f64,
    pub cost_per_mwh: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    Matched,
    CfeScore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Portfolio,
    Boundary(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// Every MWh drawn earns allowance.
    DrawnLoad,
    /// Only useful load does: work counts with the least PUE it could have had.
    UsefulLoad,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub scope: Scope,
    pub metric: Metric,
    pub share: f64,
    pub shortfall_price_per_mwh: f64,
    pub allowance: Allowance,
    /// Audited to date plus expected after the horizon.
    pub load_elsewhere_mwh: f64,
    /// The same for unmatched energy, already weighted by `bad`.
    pub unmatched_elsewhere_mwh: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    pub carbon_price_per_t: f64,
    /// A MWh placed at absolute step t costs t times this: breaks ties towards early.
    pub delay_price_per_mwh_step: f64,
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    #[error("{what} has {found} values, expected {expected}")]
    Length { what: String, found: usize, expected: usize },
    #[error("{what} is {value} at position {at}, expected {expected}")]
    Value { what: String, at: usize, value: f64, expected: &'static str },
    #[error("{what} refers to number {index}, of which there are only {count}")]
    Index { what: String, index: usize, count: usize },
    #[error("{what}: {why}")]
    Shape { what: String, why: String },
}

type Checked = Result<(), ProblemError>;

const FINITE: &str = "a finite number";
const NOT_NEGATIVE: &str = "a finite number, zero or more";
const SHARE: &str = "a share between 0 and 1";

fn number(what: &str, value: f64, expected: &'static str, good: bool) -> Checked {
    if good {
        return Ok(());
    }
    let what = what.to_string();
    Err(ProblemError::Value { what, at: 0, value, expected })
}

fn not_negative(what: &str, value: f64) -> Checked {
    number(what, value, NOT_NEGATIVE, value.is_finite() && value >= 0.0)
}

fn series(what: &str, values: &[f64], steps: usize, expected: &'static str, good: impl Fn(f64) -> bool) -> Checked {
    if values.len() != steps {
        return Err(ProblemError::Length { what: what.to_string(), found: values.len(), expected: steps });
    }
    match values.iter().position(|&v| !good(v)) {
        None => Ok(()),
        Some(at) => Err(ProblemError::Value { what: what.to_string(), at, value: values[at], expected }),
    }
}

fn index(what: &str, index: usize, count: usize) -> Checked {
    if index < count {
        return Ok(());
    }
    Err(ProblemError::Index { what: what.to_string(), index, count })
}

fn shape(what: &str, good: bool, why: &str) -> Checked {
    if good {
        return Ok(());
    }
    Err(ProblemError::Shape { what: what.to_string(), why: why.to_string() })
}

fn finite(v: f64) -> bool {
    v.is_finite()
}

fn positive_or_zero(v: f64) -> bool {
    v.is_finite() && v >= 0.0
}

impl Problem {
    /// Refuses what a solver would silently "solve": a NaN, a wrong length, a dangling index.
    pub fn check(&self) -> Result<(), ProblemError> {
        let h = self.step_hours;
        number("step_hours", h, "a finite number above 0", h.is_finite() && h > 0.0)?;
        not_negative("policy carbon_price_per_t", self.policy.carbon_price_per_t)?;
        not_negative("policy delay_price_per_mwh_step", self.policy.delay_price_per_mwh_step)?;
        self.boundaries.iter().try_for_each(|b| self.check_boundary(b))?;
        self.sites.iter().try_for_each(|s| self.check_site(s))?;
        self.contracts.iter().try_for_each(|c| self.check_contract(c))?;
        self.check_nesting()?;
        self.work.iter().try_for_each(|w| self.check_work(w))?;
        self.targets.iter().enumerate().try_for_each(|(k, t)| self.check_target(k, t))
    }

    fn check_boundary(&self, b: &Boundary) -> Checked {
        let name = |field: &str| format!("boundary {} {field}", b.id);
        let t = self.steps;
        series(&name("buy_per_mwh"), &b.buy_per_mwh, t, FINITE, finite)?;
        series(&name("carbon_g_per_kwh"), &b.carbon_g_per_kwh, t, NOT_NEGATIVE, positive_or_zero)?;
        series(&name("grid_cfe_share"), &b.grid_cfe_share, t, SHARE, |v| (0.0..=1.0).contains(&v))
    }

    fn check_site(&self, s: &Site) -> Checked {
        let name = |field: &str| format!("site {} {field}", s.id);
        let t = self.steps;
        index(&name("boundary"), s.boundary, self.boundaries.len())?;
        series(&name("pue"), &s.pue, t, "a finite number, 1 or more", |v| v.is_finite() && v >= 1.0)?;
        let fields =
            [("overhead_mw", &s.overhead_mw), ("firm_it_mw", &s.firm_it_mw), ("it_capacity_mw", &s.it_capacity_mw)];
        for (field, values) in fields {
            series(&name(field), values, t, NOT_NEGATIVE, positive_or_zero)?;
        }
        series(&name("grid_limit_mw"), &s.grid_limit_mw, t, "zero or more, or infinite", |v| v >= 0.0)
    }

    fn check_contract(&self, c: &Contract) -> Checked {
        let name = |field: &str| format!("contract {} {field}", c.id);
        let t = self.steps;
        index(&name("boundary"), c.boundary, self.boundaries.len())?;
        self.check_sites(&name("sites"), &c.sites)?;
        let inside = c.sites.iter().all(|&s| self.sites[s].boundary == c.boundary);
        shape(&name("sites"), inside, "a served site lies in another boundary")?;
        series(&name("available_mw"), &c.available_mw, t, NOT_NEGATIVE, positive_or_zero)?;
        series(&name("sell_per_mwh"), &c.sell_per_mwh, t, FINITE, finite)
    }

    fn check_sites(&self, what: &str, sites: &[usize]) -> Checked {
        shape(what, !sites.is_empty(), "the list is empty")?;
        for (at, &s) in sites.iter().enumerate() {
            index(what, s, self.sites.len())?;
            shape(what, !sites[..at].contains(&s), "a site stands there twice")?;
        }
        Ok(())
    }

    /// Nested or disjoint sets are what makes one row per set exact.
    fn check_nesting(&self) -> Checked {
        for (at, a) in self.contracts.iter().enumerate() {
            for b in &self.contracts[..at] {
                let shared = a.sites.iter().filter(|s| b.sites.contains(s)).count();
                let good = shared == 0 || shared == a.sites.len() || shared == b.sites.len();
                let what = format!("contracts {} and {}", b.id, a.id);
                shape(&what, good, "their site lists overlap without one holding the other")?;
            }
        }
        Ok(())
    }

    fn check_work(&self, w: &Work) -> Checked {
        let name = |field: &str| format!("work {} {field}", w.id);
        self.check_sites(&name("sites"), &w.sites)?;
        shape(
            &name("window"),
            w.release < w.deadline && w.deadline <= self.steps,
            &format!(
                "release {} and deadline {} must satisfy release < deadline <= {}",
                w.release, w.deadline, self.steps
            ),
        )?;
        not_negative(&name("energy_mwh"), w.energy_mwh)?;
        not_negative(&name("max_mw"), w.max_mw)?;
        not_negative(&name("miss_price_per_mwh"), w.miss_price_per_mwh)?;
        if let Some(later) = &w.later {
            not_negative(&name("later max_mwh"), later.max_mwh)?;
            not_negative(&name("later cost_per_mwh"), later.cost_per_mwh)?;
        }
        Ok(())
    }

    fn check_target(&self, k: usize, target: &Target) -> Checked {
        let name = |field: &str| format!("target {k} {field}");
        if let Scope::Boundary(b) = target.scope {
            index(&name("scope"), b, self.boundaries.len())?;
        }
        number(&name("share"), target.share, SHARE, (0.0..=1.0).contains(&target.share))?;
        not_negative(&name("shortfall_price_per_mwh"), target.shortfall_price_per_mwh)?;
        not_negative(&name("load_elsewhere_mwh"), target.load_elsewhere_mwh)?;
        not_negative(&name("unmatched_elsewhere_mwh"), target.unmatched_elsewhere_mwh)
    }
}
