//! Refuses what a solver would silently "solve", with the name of the field.

mod fields;
mod run;
mod site;
mod supply;
mod work;

use super::instance::Problem;
pub use fields::ProblemError;
use fields::number;

impl Problem {
    /// Refuses what a solver would silently "solve": a NaN, a wrong length, a dangling index.
    pub fn check(&self) -> Result<(), ProblemError> {
        number("step_hours", self.step_hours, ("a finite number above 0", |h| h.is_finite() && h > 0.0))?;
        // Sites first: contracts look up theirs.
        site::check(self)?;
        supply::check(self)?;
        work::check_pools(self)?;
        work::check(self)?;
        self.runs.iter().try_for_each(|r| run::check(self, r))?;
        self.storage.iter().try_for_each(|k| site::check_storage(self, k))?;
        supply::check_prices(self)?;
        work::check_pins(self)?;
        for (works, mwh) in &self.free_later {
            works.iter().try_for_each(|&w| fields::index("free_later", w, &self.work))?;
            fields::not_negative("free_later", *mwh)?;
        }
        Ok(())
    }
}
