//! What charts and their parts are called, the same in every form.

pub const HEAT: &str = "Every hour of the period";
pub const DAY: &str = "The average day";
pub const BALANCE: &str = "Matched against surplus";

/// Parts of a column of load, and what hangs below it.
pub const MATCHED: &str = "matched";
pub const UNMATCHED: &str = "unmatched (with matched: the load)";
pub const SURPLUS: &str = "surplus, below the line";

/// What a chart shows, for readers who cannot see it.
pub const DAY_ABOUT: &str =
    "Matched and unmatched mean power above the line, together the load; surplus below the line.";
pub const BALANCE_ABOUT: &str =
    "Matched and unmatched energy above the line, together the load; surplus below the line.";

/// `whose` is the portfolio, a boundary or a site.
pub fn day(zone: &str, whose: &str) -> String {
    format!("Mean MW by hour in {zone}, {whose}")
}

/// `stretch` is a day or a month.
pub fn balance(stretch: &str, whose: &str) -> String {
    format!("Matched, unmatched and surplus energy by local {stretch}, {whose}")
}

/// The table behind it.
pub fn balance_table(stretch: &str, whose: &str) -> String {
    format!("Energy and shares by local {stretch}, {whose}")
}
