//! What a plan costs beside the work as submitted, in words: money and training tokens.

/// `more` is money, in the currency.
pub fn saving(more: f64, currency: &str) -> String {
    match more {
        more if more <= -0.005 => format!("saves {:.2} {currency}", -more),
        more if more >= 0.005 => format!("costs {more:.2} {currency} more"),
        _ => "costs the same".into(),
    }
}

/// Shares below this come from rounding in the solver, not from the plan.
const NOISE: f64 = 1e-9;

/// A lost share of training tokens, never shown smaller than it is: `0.25 %`, `less than 0.01 %`; nothing where none is lost.
pub fn lost_share(share: f64) -> Option<String> {
    match share {
        share if share <= NOISE => None,
        share if share < 1e-4 => Some("less than 0.01 %".into()),
        share => Some(format!("{:.2} %", (share * 1e4 - 1e-6).ceil() / 100.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_never_shown_smaller_than_it_is() {
        let cases = [
            (-0.1, None),
            (0.0, None),
            (1e-12, None),
            (1e-7, Some("less than 0.01 %")),
            (1e-4, Some("0.01 %")),
            (0.00254, Some("0.26 %")),
            (0.25, Some("25.00 %")),
        ];
        for (share, said) in cases {
            assert_eq!(lost_share(share).as_deref(), said, "{share}");
        }
    }

    #[test]
    fn money_has_its_sign_said() {
        assert_eq!(saving(-95.651, "USD"), "saves 95.65 USD");
        assert_eq!(saving(3.0, "EUR"), "costs 3.00 EUR more");
        assert_eq!(saving(-0.001, "EUR"), "costs the same");
    }
}
