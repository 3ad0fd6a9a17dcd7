//! Number formats of a workbook: whether a number is shown as a date or a time.

use super::serial::Shows;

/// Of formats that every workbook has by their number.
pub(super) fn built_in(id: u32) -> Shows {
    match id {
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shows::DATE,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shows::TIME,
        22 => Shows::BOTH,
        46 => Shows::ELAPSED,
        _ => Shows::default(),
    }
}

/// Of a format as text: `dd.mm.yyyy hh:mm`, `[h]:mm:ss`, `0.00 "kWh"`.
pub(super) fn of_code(code: &str) -> Shows {
    let mut shows = Shows::default();
    let (mut month, mut digits) = (false, false);
    // `ss.000` is a time all the same.
    let mut behind_seconds = false;
    let mut rest = code.chars();
    while let Some(letter) = rest.next() {
        let letter = letter.to_ascii_lowercase();
        match letter {
            // Only the format of positive numbers counts.
            ';' => break,
            '"' => {
                let _ = rest.by_ref().find(|quote| *quote == '"');
            }
            '\\' | '_' | '*' => {
                let _ = rest.next();
            }
            '[' => {
                let inner: String = rest.by_ref().take_while(|end| *end != ']').collect();
                if !inner.is_empty() && inner.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    (shows.time, shows.elapsed) = (true, true);
                }
            }
            'y' | 'd' => shows.date = true,
            'h' | 's' => shows.time = true,
            'm' => month = true,
            // AM/PM: its letters say nothing else.
            'a' => {
                let ahead = rest.as_str().to_ascii_lowercase();
                let skipped = if ahead.starts_with("m/pm") { 4 } else { usize::from(ahead.starts_with("/p")) * 2 };
                rest = rest.as_str().get(skipped..).unwrap_or_default().chars();
            }
            '0' | '#' | '?' => digits |= !behind_seconds,
            _ => {}
        }
        behind_seconds = letter == 's' || (behind_seconds && matches!(letter, '.' | ',' | '0'));
    }
    if digits {
        return Shows::default();
    }
    // A month beside hours or seconds is minutes.
    shows.date |= month && !shows.time;
    shows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_told_from_numbers() {
        for (code, wanted) in [
            ("General", Shows::default()),
            ("0.00", Shows::default()),
            ("#,##0.00 \"kWh\"", Shows::default()),
            ("#,##0 [$MWh]", Shows::default()),
            ("0.00E+00", Shows::default()),
            ("0\\ \\h", Shows::default()),
            ("0 kWh", Shows::default()),
            ("@", Shows::default()),
            ("dd.mm.yyyy", Shows::DATE),
            ("mmm\\ yy", Shows::DATE),
            ("mmmm", Shows::DATE),
            ("dd.mm.yyyy hh:mm", Shows::BOTH),
            ("[$-409]m/d/yy h:mm AM/PM;@", Shows::BOTH),
            ("yyyy\\-mm\\-dd\\ hh:mm:ss.000", Shows::BOTH),
            ("h:mm", Shows::TIME),
            ("h:mm A/P", Shows::TIME),
            ("mm:ss.0", Shows::TIME),
            ("[h]:mm:ss", Shows::ELAPSED),
            ("0;dd.mm.yyyy", Shows::default()),
            ("\"unterminated", Shows::default()),
            ("[unterminated", Shows::default()),
            ("a\u{e9}\u{e9}d", Shows::DATE),
            ("\\", Shows::default()),
        ] {
            assert_eq!(of_code(code), wanted, "{code}");
        }
        assert_eq!(
            [built_in(0), built_in(2), built_in(14), built_in(22), built_in(46)],
            [Shows::default(), Shows::default(), Shows::DATE, Shows::BOTH, Shows::ELAPSED]
        );
    }
}
