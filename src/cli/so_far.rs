//! How far a solve is, in one line of a terminal: as much as fits, the least of it being what is done and since when.

use super::output;
use console::Term;
use render::english;
use reports::text::visible;
use reports::words::fixed;
use solver::{Progress, Seen, Stage};

/// Of the one command that this process runs.
static SOLVE: Progress = Progress::new();

/// Columns left free: of a spinner before the line, and of the cursor behind it.
const ROOM: usize = 3;

/// Amounts from which on cents are not shown.
const CENTS_BELOW: f64 = 1e5;

/// Where solves tell how far they are; none where there is no terminal and nobody looks on.
pub(super) fn told() -> Option<&'static Progress> {
    output::on_terminal().then_some(&SOLVE)
}

/// Of the terminal, less what a line must leave free.
pub(super) fn width() -> usize {
    usize::from(Term::stderr().size().1).saturating_sub(ROOM)
}

/// What is done, for how many seconds, and its limit.
pub(super) struct Doing<'a> {
    pub what: &'a str,
    pub elapsed_s: f64,
    pub limit_s: Option<f64>,
}

/// One line of at most `width` characters; empty where not even the time fits. Figures are costs of plans, in the currency.
pub(super) fn line(width: usize, doing: &Doing<'_>, seen: &Seen, currency: &str) -> String {
    let (time, stage) = (time(doing, seen.stage), stage(seen.stage));
    let what = visible(doing.what);
    let head = |head| Some(head).filter(|head: &&str| !head.is_empty());
    // Without what follows a comma: which alternative, but not how it runs.
    let (full, short) = (head(&*what), head(what.split_once(',').map_or(&*what, |(short, _)| short)));
    let best = seen.best.map(|best| format!("best {} {}", money(best), visible(currency)));
    let bare = seen.bound.map(|bound| format!("bound {}", money(bound)));
    let bound = bare.as_ref().map(|bare| format!("{bare} {}", visible(currency)));
    let gap = seen.gap().map(|gap| format!("gap {}", percent(gap)));
    let [best, bare, bound, gap] = [&best, &bare, &bound, &gap].map(Option::as_deref);
    // Beside a best in the currency, a bound needs none.
    let bare = if best.is_some() { bare } else { bound };
    let details: [&[Option<&str>]; 6] =
        [&[Some(stage), best, bound, gap], &[best, bound, gap], &[best, bare, gap], &[best, gap], &[gap.or(best)], &[]];
    let tries = details.into_iter().flat_map(|details| [(full, details), (short, details)]).chain([(None, details[5])]);
    let joined = |(head, details): (Option<&str>, &[Option<&str>])| {
        let parts = [head, Some(time.as_str())].into_iter().chain(details.iter().copied());
        parts.flatten().collect::<Vec<_>>().join(" · ")
    };
    tries.map(joined).find(|line| line.chars().count() <= width).unwrap_or_default()
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Stating => "stating the problem",
        Stage::Previous => "carrying the previous plan on",
        Stage::Linear => "solving the linear program",
        Stage::Start => "making a plan to start from",
        Stage::Integers => "searching",
        Stage::Pricing => "pricing jobs",
        Stage::Placing => "placing jobs",
        Stage::Around => "completing the plan",
        Stage::Values => "valuing a MW more of each",
    }
}

/// Values are computed after the plan, each within a limit of its own.
fn time(doing: &Doing<'_>, stage: Stage) -> String {
    let elapsed = span(doing.elapsed_s);
    match doing.limit_s.filter(|_| stage != Stage::Values) {
        Some(limit_s) if doing.elapsed_s <= limit_s => format!("{elapsed} of {}", span(limit_s)),
        Some(limit_s) => format!("{elapsed}, past the limit of {}", span(limit_s)),
        None => elapsed,
    }
}

/// `12 s`, `5 min`, `5 min 3 s`, `2 h 10 min`.
fn span(seconds: f64) -> String {
    let whole = seconds.clamp(0.0, 1e9) as u64;
    let (size, unit, part, of) = match whole {
        0..120 => return format!("{whole} s"),
        120..7_200 => (60, "min", 1, "s"),
        _ => (3_600, "h", 60, "min"),
    };
    match whole % size / part {
        0 => format!("{} {unit}", whole / size),
        rest => format!("{} {unit} {rest} {of}", whole / size),
    }
}

/// With groups of digits, as reports write it; cents where they are of any size.
fn money(value: f64) -> String {
    let text = if value.abs() < CENTS_BELOW { fixed(value, 2) } else { fixed(value, 0) };
    let (sign, size) = text.strip_prefix('-').map_or(("", text.as_str()), |size| ("-", size));
    format!("{sign}{}", english::decimal(size))
}

/// Rounded up: a gap that is there is not shown as none.
fn percent(gap: f64) -> String {
    // But for the last bits of a float; and zero has no sign.
    match ((gap * 1e4 - 1e-9).ceil() + 0.0) / 100.0 {
        percent if percent > 1_000.0 => "over 1,000 %".into(),
        percent => format!("{percent:.2} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(stage: Stage, best: Option<f64>, bound: Option<f64>) -> Seen {
        Seen { stage, best, bound }
    }

    fn planning(elapsed_s: f64) -> Doing<'static> {
        Doing { what: "planning", elapsed_s, limit_s: Some(60.0) }
    }

    #[test]
    fn as_much_as_fits_is_shown() {
        let seen = at(Stage::Integers, Some(10_234.5), Some(10_180.0));
        let at_width = |width: usize| line(width, &planning(12.9), &seen, "USD");
        let whole = "planning · 12 s of 60 s · searching · best 10,234.50 USD · bound 10,180.00 USD · gap 0.54 %";
        assert_eq!(at_width(120), whole);
        let eighty = "planning · 12 s of 60 s · best 10,234.50 USD · bound 10,180.00 USD · gap 0.54 %";
        assert_eq!(at_width(79), eighty);
        let less = "planning · 12 s of 60 s · best 10,234.50 USD · bound 10,180.00 · gap 0.54 %";
        assert_eq!([78, 75].map(at_width), [less, less]);
        assert_eq!(at_width(74), "planning · 12 s of 60 s · best 10,234.50 USD · gap 0.54 %");
        assert_eq!(at_width(40), "planning · 12 s of 60 s · gap 0.54 %");
        assert_eq!(at_width(24), "planning · 12 s of 60 s");
        assert_eq!(at_width(12), "12 s of 60 s");
        assert_eq!(at_width(11), "");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let figures = [None, Some(0.0), Some(-1e-9), Some(-172_836.91), Some(1e15), Some(f64::MAX)];
        for what in ["planning", "alternative 1 of 2, as early as it can, at full power", "\u{1b}[2K", ""] {
            for (best, bound) in figures.iter().flat_map(|best| figures.map(|bound| (*best, bound))) {
                for (elapsed_s, limit_s) in [(0.0, None), (59.0, Some(60.0)), (1e12, Some(60.0)), (f64::NAN, None)] {
                    for width in 0..160 {
                        let doing = Doing { what, elapsed_s, limit_s };
                        let line = line(width, &doing, &at(Stage::Linear, best, bound), "USD");
                        assert!(line.chars().count() <= width && !line.contains('\u{1b}'), "{width}: {line}");
                        assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let none = line(77, &planning(3.0), &at(Stage::Stating, None, None), "USD");
        assert_eq!(none, "planning · 3 s of 60 s · stating the problem");
        let bound = line(77, &planning(3.0), &at(Stage::Linear, None, Some(-0.5)), "EUR");
        assert_eq!(bound, "planning · 3 s of 60 s · solving the linear program · bound -0.50 EUR");
        let bound = line(50, &planning(3.0), &at(Stage::Linear, None, Some(-0.5)), "EUR");
        assert_eq!(bound, "planning · 3 s of 60 s · bound -0.50 EUR");
        let alternative = Doing { what: "solving: alternative 1 of 2, as early as it can", ..planning(3.0) };
        let seen = at(Stage::Integers, Some(12_345.0), Some(12_345.0));
        let short = "solving: alternative 1 of 2 · 3 s of 60 s · best 12,345.00 USD · gap 0.00 %";
        assert_eq!(line(77, &alternative, &seen, "USD"), short);
    }

    #[test]
    fn time_goes_to_the_limit_and_says_when_it_is_past() {
        let said = |elapsed_s: f64, limit_s: Option<f64>| time(&Doing { what: "", elapsed_s, limit_s }, Stage::Linear);
        assert_eq!(said(60.0, Some(60.0)), "60 s of 60 s");
        assert_eq!(said(61.5, Some(60.0)), "61 s, past the limit of 60 s");
        assert_eq!(said(303.0, Some(600.0)), "5 min 3 s of 10 min");
        assert_eq!(said(7_800.0, None), "2 h 10 min");
        // Values are no part of what the limit is for.
        assert_eq!(time(&planning(90.0), Stage::Values), "90 s");
    }

    #[test]
    fn amounts_have_cents_where_they_matter() {
        let amounts = [0.0, -0.5, 99_999.99, 100_000.5, -1_393_175.78];
        assert_eq!(amounts.map(money), ["0.00", "-0.50", "99,999.99", "100,000", "-1,393,176"]);
    }

    #[test]
    fn a_gap_is_rounded_up() {
        let gaps = [0.0, 1e-9, 0.005, 0.0123, 11.0];
        assert_eq!(gaps.map(percent), ["0.00 %", "0.01 %", "0.50 %", "1.23 %", "over 1,000 %"]);
    }
}
