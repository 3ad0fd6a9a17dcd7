//! Whether the points in a file's numbers may stand between thousands: `5.250` for five thousand two hundred and fifty.

/// What the numbers read so far show of it. A file is written in one way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Points {
    /// One number shows that points stand before decimals.
    decimal: bool,
    /// Rows of numbers in which each point stands before three digits and behind up to three, of which the first is no
    /// zero; in the order they were read in.
    rows: Vec<i64>,
}

impl Points {
    /// One number more, and its row.
    #[inline]
    pub fn see(&mut self, number: &str, row: i64) {
        if self.decimal {
            return;
        }
        match may_group(number) {
            None => {}
            Some(true) => self.rows.push(row),
            Some(false) => *self = Self { decimal: true, rows: Vec::new() },
        }
    }

    /// Rows whose points may stand between thousands, rising.
    pub fn doubtful(&self) -> &[i64] {
        &self.rows
    }
}

/// Whether a point may stand between thousands; none where there is none.
fn may_group(number: &str) -> Option<bool> {
    if number.contains(['e', 'E']) {
        return Some(false);
    }
    let (whole, rest) = number.trim_start_matches(['-', '+']).split_once('.')?;
    Some(rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_that_is_no_group_of_thousands_decides() {
        let of = |numbers: &[&str]| {
            let mut points = Points::default();
            (2..).zip(numbers).for_each(|(row, number)| points.see(number, row));
            points.doubtful().to_vec()
        };
        assert!(of(&["950", "0", ""]).is_empty());
        assert_eq!(of(&["950", "5.250", "-12.500", "7", "+999.000"]), [3, 4, 6]);
        for decimal in ["0.250", ".250", "5.25", "5.2500", "1234.500", "5.", "5.25E+03", "0.000"] {
            assert!(of(&["5.250", decimal, "6.125"]).is_empty(), "{decimal}");
        }
    }
}
