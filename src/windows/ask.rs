//! A question: how much, for how long, and between when.

use super::draw::Draw;
use reports::time::Instant;

#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now: Instant,
    pub duration_s: i64,
    pub draw: Draw,
    /// In whose name accelerators are held.
    pub account: Option<String>,
    pub site: Option<String>,
    pub after: Option<Instant>,
    pub before: Option<Instant>,
    pub top: usize,
}
