//! What a registry's file does not say itself.

use reports::time::Zone;

/// What the user and the portfolio say of it.
#[derive(Clone, Copy)]
pub struct FileContext<'a> {
    /// Of its hours.
    pub zone: Option<Zone>,
    pub registry: Option<&'a str>,
    pub technology: Option<&'a str>,
    /// The technology of a device that the portfolio knows.
    pub device: &'a dyn Fn(&str) -> Option<String>,
}

impl FileContext<'_> {
    /// What a device is, or why nobody knows.
    pub(super) fn technology(&self, device: &str) -> Result<String, String> {
        self.technology.map(String::from).or_else(|| (self.device)(device)).ok_or_else(|| {
            format!(
                "device `{device}` is not a plant or contract of the portfolio, and the file does not say what it is: \
                 write plant = \"{device}\" in its contract, or say --technology"
            )
        })
    }
}
