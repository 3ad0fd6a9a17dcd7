//! A question: how much, for how long, and between when.

use super::draw::Draw;

#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub now_s: i64,
    pub duration_s: i64,
    pub draw: Draw,
    /// In whose name accelerators are held.
    pub account: Option<String>,
    pub site: Option<String>,
    pub after_s: Option<i64>,
    pub before_s: Option<i64>,
    pub top: usize,
}
