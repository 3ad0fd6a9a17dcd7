//! Readings of a meter's register: what it rose by between two of its values.

use super::sums::Reading;
use crate::received::Rows;
use crate::time::Instant;
use crate::units::{Decimal, Rounding};
use std::collections::BTreeMap;

/// Why a value gives no reading.
const NONE_BEFORE: &str = "no value of the register at the start of its interval: the first, or one behind a gap";

/// Values of registers by series and instant, until all rows are read.
#[derive(Debug, Default)]
pub struct Registers {
    shown: BTreeMap<(usize, Instant), Vec<Reading>>,
}

impl Registers {
    /// Adds what the register showed at the end of a row's interval.
    pub fn add(&mut self, shown: Reading) {
        self.shown.entry((shown.series, shown.interval.end)).or_default().push(shown);
    }

    /// The readings, each in the row of its later value.
    pub fn finish(self, batch: &mut impl Rows) -> Vec<Reading> {
        let mut rises = Vec::new();
        for ((series, _), shown) in &self.shown {
            let [now] = shown.as_slice() else {
                for one in shown {
                    batch.reject(one.line, format!("its register has two values at the end of {}", one.interval));
                }
                continue;
            };
            let before = self.shown.get(&(*series, now.interval.start)).map_or(&[][..], Vec::as_slice);
            let [before] = before else {
                batch.leave_out(now.line, NONE_BEFORE);
                continue;
            };
            match risen(before.value, now.value) {
                Ok(value) => rises.push(Reading { estimated: before.estimated || now.estimated, value, ..*now }),
                Err(reason) => batch.reject(now.line, reason),
            }
        }
        rises
    }
}

/// The exact difference.
fn risen(before: Decimal, now: Decimal) -> Result<Decimal, String> {
    let value = now.minus(before).map_err(|e| e.to_string())?;
    match value.scaled(1, 1, Rounding::Down) {
        Ok(0..) => Ok(value),
        Ok(_) => Err(format!(
            "the register falls from {} to {}: it was reset, or is another meter's; what was used meanwhile is not known",
            before.plain(),
            now.plain()
        )),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use crate::received::forms::Form;
    use crate::received::tests::taken::Taken;
    use serde_json::json;

    fn form(column: &serde_json::Value) -> Result<Form, String> {
        let time = json!({ "end": "at", "step": "1h" });
        Form::of_json(json!({ "kind": "table", "time": time, "series": [column] }))
    }

    fn column() -> serde_json::Value {
        json!({ "series": "site/s/load", "column": "kwh", "unit": "kWh", "register": true })
    }

    fn read(rows: &str) -> Taken {
        let mut taken = Taken::default();
        let text = format!("at,kwh\n{rows}");
        form(&column()).expect("a form").read(text.as_bytes(), &mut taken).expect("a table");
        taken
    }

    fn values(taken: &Taken) -> Vec<i64> {
        taken.readings.values().flatten().copied().collect()
    }

    #[test]
    fn a_reading_is_what_the_register_rose_by() {
        let taken = read("2026-01-01T00:00Z,48123456\n2026-01-01T01:00Z,48123468.5\n2026-01-01T02:00Z,48123468.5\n");
        assert_eq!(values(&taken), [12_500, 0], "the first value gives none");
        assert_eq!(taken.rejects, []);
        // In whatever order rows stand.
        let turned = read("2026-01-01T02:00Z,48123468.5\n2026-01-01T01:00Z,48123468.5\n2026-01-01T00:00Z,48123456\n");
        assert_eq!(values(&turned), values(&taken));
    }

    #[test]
    fn what_was_used_across_a_gap_is_of_no_interval() {
        let taken = read("2026-01-01T00:00Z,10\n2026-01-01T01:00Z,\n2026-01-01T02:00Z,15\n2026-01-01T03:00Z,17\n");
        assert_eq!(values(&taken), [2_000]);
        assert_eq!(taken.rejects, [], "a gap is not a fault");
    }

    #[test]
    fn a_reset_and_a_value_twice_are_refused_by_line() {
        let taken = read("2026-01-01T00:00Z,90\n2026-01-01T01:00Z,95\n2026-01-01T02:00Z,3\n2026-01-01T03:00Z,4\n");
        assert_eq!(values(&taken), [5_000, 1_000]);
        let [(4, why)] = &taken.rejects[..] else { panic!("{:?}", taken.rejects) };
        assert!(why.contains("the register falls from 95 to 3"), "{why}");
        let twice = read("2026-01-01T00:00Z,1\n2026-01-01T01:00Z,2\n2026-01-01T01:00Z,3\n2026-01-01T02:00Z,4\n");
        assert!(values(&twice).is_empty(), "neither it nor the one behind it");
        assert_eq!(twice.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
    }

    #[test]
    fn a_register_is_one_column_of_energy_at_the_end_of_its_interval() {
        let with = |key: &str, value: serde_json::Value| {
            let mut column = column();
            column[key] = value;
            form(&column)
        };
        assert!(with("column", json!(["kwh", "b"])).is_err_and(|e| e.contains("one column")));
        assert!(with("unit", json!("kW")).is_err_and(|e| e.contains("Wh, kWh or MWh")));
        let starts = json!({ "kind": "table", "time": { "start": "at", "step": "1h" }, "series": [column()] });
        assert!(Form::of_json(starts).is_err_and(|e| e.contains("`end`")));
        let end = json!({ "end": "at", "step": "1h" });
        for (key, value) in [("issued", json!("i")), ("add_up", json!("a")), ("zeros_are_a_gap", json!(true))] {
            let form = json!({ "kind": "table", "time": end, "series": [column()], key: value });
            assert!(Form::of_json(form).is_err_and(|e| e.contains("add_up")), "{key}");
        }
        assert_eq!(form(&column()).map(|form| form.to_json().contains("\"register\":true")), Ok(true));
    }
}
