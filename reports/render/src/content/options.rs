//! What is set beside a report.

use super::site_hours::SiteHours;
use crate::page_one::{Before, Target};
use reports::report::Report;

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The report of the period before, set beside this one.
    pub previous: Option<Box<Report>>,
    /// Hours of the sites that have sections; one that is not here has no map.
    pub sites: Vec<SiteHours>,
    /// The headline of the period before, and what was aimed at, for page one.
    pub before: Option<Before>,
    pub targets: Vec<Target>,
}
