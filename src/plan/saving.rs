//! What a plan costs beside the work as submitted, in words.

/// `more` is money, in the currency.
pub fn saving(more: f64, currency: &str) -> String {
    match more {
        more if more <= -0.005 => format!("saves {:.2} {currency}", -more),
        more if more >= 0.005 => format!("costs {more:.2} {currency} more"),
        _ => "costs the same".into(),
    }
}
