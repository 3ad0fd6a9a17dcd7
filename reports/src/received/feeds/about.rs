//! What a feed is called, and what its files leave open.

use crate::received::Label;
use crate::time::Instant;

/// A feed as the command line names and describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    pub name: &'static str,
    pub title: &'static str,
    pub asks: Asks,
}

/// What the files of a feed do not say, and whoever takes one in has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    /// Which end of its hour a time names.
    Label,
    /// When the forecasts of a file were issued.
    Issued,
}

/// The answers, as far as they were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    pub label: Option<Label>,
    pub issued: Option<Instant>,
}

impl Told {
    pub const NOTHING: Self = Self { label: None, issued: None };
    pub const START: Self = Self { label: Some(Label::Start), issued: None };
    pub const END: Self = Self { label: Some(Label::End), issued: None };

    /// After all that a file may forecast: it comes to readings alone.
    pub const ISSUED_LAST: Self = Self { label: None, issued: Some(Instant::from_seconds(i64::MAX)) };

    pub fn issued(issued: Instant) -> Self {
        Self { label: None, issued: Some(issued) }
    }
}
