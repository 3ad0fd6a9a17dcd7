//! HiGHS's own log of a search: a table with a row every second and for each better plan, of which two columns are of use
//! here. HiGHS offers them while it runs only there and to a callback, and its binding takes none.
//!
//! The rows are those of `HighsMipSolverData::printDisplayLine`, of HiGHS 1.15.

/// What a row says: the best plan and the bound, each none where there is none yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchRow {
    pub best: Option<f64>,
    pub bound: Option<f64>,
}

/// Columns from the share of the tree explored on: bound, best, gap, three counts of constraints, iterations and seconds.
const AFTER_EXPLORED: usize = 8;

/// A line of the log as a row of the table; none where it is another line.
pub fn search_row(line: &str) -> Option<SearchRow> {
    let words: Vec<&str> = line.split_ascii_whitespace().take(16).collect();
    // The mark of whatever found a better plan may be left out.
    let explored = match words.len() {
        12 => 3,
        13 if words[0].chars().count() == 1 => 4,
        _ => return None,
    };
    let share = words[explored].strip_suffix('%')?.parse::<f64>();
    let seconds = words[explored + AFTER_EXPLORED].strip_suffix('s')?.parse::<f64>();
    let mut counts = words[explored - 3..explored].iter().chain(&words[explored + 4..explored + AFTER_EXPLORED]);
    if share.is_err() || seconds.is_err() || !counts.all(|word| is_count(word)) {
        return None;
    }
    // A limit on the objective stands in the place of a best, with a star: it is no plan.
    Some(SearchRow { bound: figure(words[explored + 1])?, best: figure(words[explored + 2])? })
}

/// `12`, `1234k`, `12m`.
fn is_count(word: &str) -> bool {
    let digits = word.strip_suffix(['k', 'm']).unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// None of what is no figure at all; a figure that is not known yet is `inf`, `-inf` or a limit.
fn figure(word: &str) -> Option<Option<f64>> {
    if let Some(limit) = word.strip_suffix('*') {
        return limit.parse::<f64>().is_ok().then_some(None);
    }
    word.parse::<f64>().ok().map(|value| Some(value).filter(|value| value.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded: jobs made up at random, packed by HiGHS 1.16, which prints the same table.
    const RECORDED: &str = include_str!("highs_log_recorded.txt");

    /// Made up, each line in the format that HiGHS has for it.
    const LOG: &str = include_str!("highs_log.txt");

    fn row(best: Option<f64>, bound: Option<f64>) -> SearchRow {
        SearchRow { best, bound }
    }

    #[test]
    fn a_recorded_log_has_better_and_better_plans_up_to_its_report() {
        let read: Vec<SearchRow> = RECORDED.lines().filter_map(search_row).collect();
        assert_eq!((read.len(), read[0]), (13, row(Some(68444.45), None)));
        assert_eq!(read.last(), Some(&row(Some(20889.4), Some(19804.3))));
        assert!(read.is_sorted_by(|a, b| a.best >= b.best && a.bound <= b.bound), "{read:?}");
        let report = ["  Primal bound      20889.4", "  Dual bound        19804.3"];
        assert!(report.iter().all(|line| RECORDED.lines().any(|other| other == *line)));
    }

    #[test]
    fn every_row_of_the_table_is_read_and_no_other_line() {
        let read: Vec<SearchRow> = LOG.lines().filter_map(search_row).collect();
        let expected = [
            row(None, None),
            row(Some(12480.25625), None),
            row(Some(12480.25625), Some(-3.5)),
            row(Some(11020.5), Some(10180.0)),
            row(None, Some(10180.25)),
            row(Some(10234.5), Some(10181.125)),
            row(Some(0.0), Some(-1e-7)),
            row(Some(-172836.91), Some(-1393175.78125)),
            row(None, Some(10182.0)),
            row(Some(10200.0), Some(10199.5)),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn every_mark_of_a_better_plan_is_read() {
        for mark in "BCFHIJLPRSTUXYZzlup*".chars().map(String::from).chain([String::new()]) {
            let line =
                format!(" {mark}  1  0  1   0.00%   9               10                10.00%   0  0  0  7   1.0s");
            assert_eq!(search_row(&line), Some(row(Some(10.0), Some(9.0))), "{mark}");
        }
    }

    #[test]
    fn what_is_cut_off_or_no_row_is_none() {
        let line =
            " T  1  0  1 100.00%   9               10                10.00%      0      0      0         7     1.0s";
        assert!(search_row(line).is_some());
        for end in 0..line.len() {
            assert_eq!(search_row(&line[..end]), None, "{}", &line[..end]);
        }
        let wrong = ["", "%", "a b c d% e f g h i j k ls", "1 2 3 4% x y z 1 2 3 4 5s", "1 2 3 4% 5 6 7 8 9 10 11 12"];
        for wrong in wrong {
            assert_eq!(search_row(wrong), None, "{wrong}");
        }
    }
}
