//! Refuses what a solver would silently "solve", with the name of the field.

mod fields;
mod pin;
mod pool;
mod run;
mod site;
mod storage;
mod supply;
mod target;
mod work;

use super::errors::ProblemError;
use super::instance::Problem;
use fields::number;

impl Problem {
    /// Refuses what a solver would silently "solve": a NaN, a wrong length, a dangling index.
    pub fn check(&self) -> Result<(), ProblemError> {
        let h = self.step_hours;
        number("step_hours", h, "a finite number above 0", h.is_finite() && h > 0.0)?;
        // Sites first: contracts look up theirs.
        site::check(self)?;
        supply::check(self)?;
        pool::check(self)?;
        work::check(self)?;
        run::check(self)?;
        storage::check(self)?;
        target::check(self)?;
        pin::check(self)?;
        for (works, mwh) in &self.free_later {
            works.iter().try_for_each(|&w| fields::index("free_later", w, self.work.len()))?;
            fields::not_negative("free_later", *mwh)?;
        }
        Ok(())
    }
}
