//! How a form writes the figures of page one's sentences.

pub trait Written {
    /// Hundredths of a percent.
    fn percent(&self, hundredths: i128) -> String;
    /// The same without a unit, with two decimals.
    fn hundredths(&self, hundredths: i128) -> String;
    /// Between two shares: as a distance, and as a change with its sign.
    fn points(&self, hundredths: i128) -> String {
        format!("{} points", self.hundredths(hundredths))
    }
    fn change(&self, hundredths: i128) -> String {
        let sign = if hundredths > 0 { "+" } else { "" };
        format!("{sign}{}", self.points(hundredths))
    }
    /// MWh of load or of what is unmatched.
    fn used(&self, wh: i128) -> String;
    /// MWh of supply.
    fn supplied(&self, wh: i128) -> String;
    fn count(&self, count: usize) -> String;
}
