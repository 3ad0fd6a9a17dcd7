//! How a form writes the figures of page one's sentences.

pub trait Written {
    /// Hundredths of a percent.
    fn percent(&self, hundredths: i128) -> String;
    /// The same as a distance, and as a change with its sign.
    fn points(&self, hundredths: i128) -> String;
    fn change(&self, hundredths: i128) -> String;
    /// MWh of load or of what is unmatched.
    fn used(&self, wh: i128) -> String;
    /// MWh of supply.
    fn supplied(&self, wh: i128) -> String;
    fn count(&self, count: usize) -> String;
}
