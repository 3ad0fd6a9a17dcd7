//! What forms can describe, beyond the exports that come with the program.

use super::Form;
use crate::received::tests::taken::Taken;
use serde_json::{Value, json};

fn form(time: &Value, series: &Value, more: &Value) -> Form {
    let mut form = json!({ "kind": "table", "time": time, "series": series });
    for (key, value) in more.as_object().expect("an object") {
        form[key] = value.clone();
    }
    Form::of_json(form).unwrap_or_else(|e| panic!("{e}"))
}

fn read(form: &Form, bytes: &[u8]) -> Taken {
    let mut taken = Taken::default();
    form.read(bytes, &mut taken).unwrap_or_else(|e| panic!("{e}"));
    taken
}

fn load() -> Value {
    json!([{"series": "site/a/load", "column": "v", "unit": "kWh"}])
}

#[test]
fn a_file_in_another_encoding_is_read_by_its_form_alone() {
    let time = json!({"start": "t", "step": "1h"});
    let series = json!([{"series": "site/a/load", "column": "Z\u{e4}hler", "unit": "kWh"}]);
    let text = "t,Z\u{e4}hler\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n";
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (encoding, bytes) in [("cp1252", &windows), ("utf-16", &wide)] {
        let stated = form(&time, &series, &json!({ "encoding": encoding }));
        assert!(stated.recognises(bytes) && stated.to_json().contains(encoding));
        assert_eq!(read(&stated, bytes).readings["site/a/load"], [1_000, 2_000], "{encoding}");
        // Saved once more as UTF-8 with a mark, as rows that were rejected are.
        let marked = format!("\u{feff}{text}");
        assert_eq!(read(&stated, marked.as_bytes()).readings["site/a/load"], [1_000, 2_000], "{encoding}");
        assert!(!form(&time, &series, &json!({})).recognises(bytes), "{encoding}");
    }
}

#[test]
fn rows_to_ignore_are_passed_over_whatever_stands_in_them() {
    let stated = form(&json!({"start": "t", "step": "1h"}), &load(), &json!({"ignore": {"t": ["Total", "Mean*"]}}));
    let text = "t,v\n2026-01-01T00:00:00Z,1\nTotal,x\nMean of all,1,2,3\nOther,1\n";
    let taken = read(&stated, text.as_bytes());
    assert_eq!(taken.readings["site/a/load"], [1_000]);
    assert_eq!(taken.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_row_that_no_series_takes_is_named_by_all_cells_that_tell_series_apart() {
    let series = json!([
        {"series": "site/a/load", "column": "v", "unit": "kWh", "where": {"place": "A", "what": "load"}},
        {"series": "site/b/load", "column": "v", "unit": "kWh", "where": {"place": "B", "what": "load"}},
    ]);
    let stated = form(&json!({"start": "t", "step": "1h"}), &series, &json!({}));
    let taken = read(&stated, b"t,place,what,v\n2026-01-01T00:00:00Z,A,pue,1.2\n");
    let wanted = "no series takes place `A` with what `pue`; give it one, or list it under ignore";
    assert_eq!(taken.rejects, [(2, wanted.to_string())]);
}

#[test]
fn another_unit_behind_a_number_is_refused_by_its_line() {
    let series = json!([{"series": "site/a/load", "column": "v", "unit": "MW", "suffix": "MW"}]);
    let stated = form(&json!({"start": "t", "step": "1h"}), &series, &json!({}));
    let taken =
        read(&stated, b"t,v\n2026-01-01T00:00:00Z,18.5 MW\n2026-01-01T01:00:00Z,900 kW\n2026-01-01T02:00:00Z,18\n");
    assert_eq!(taken.readings["site/a/load"], [18_500_000]);
    assert_eq!(taken.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_day_across_columns_is_one_of_24_hours_or_refused() {
    let columns: Vec<String> = (1..=24).map(|hour| format!("HE{hour:02}")).collect();
    let series = json!([{"series": "grid/PJM/price", "column": columns, "unit": "USD/MWh"}]);
    let time = json!({"start": "Date", "zone": "America/New_York", "step": "1h", "across": true});
    let row = |day: &str| format!("{day},{}\n", (1..=24).map(|hour| hour.to_string()).collect::<Vec<_>>().join(","));
    let days = ["2025-11-01", "2025-11-02", "2025-11-03", "2026-03-08"].map(row).concat();
    let text = format!("Date,{}\n{days}", columns.join(","));
    let taken = read(&form(&time, &series, &json!({})), text.as_bytes());
    assert_eq!(taken.readings["grid/PJM/price"].len(), 48);
    assert_eq!(taken.readings["grid/PJM/price"][..2], [1_000_000, 2_000_000]);
    assert_eq!(taken.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
    assert!(taken.rejects[0].1.contains("is 1500 min long in America/New_York"), "{:?}", taken.rejects);
    // An empty cell is no reading, and all columns of the day are needed.
    let gap = read(&form(&time, &series, &json!({})), text.replacen(",7,", ",,", 1).as_bytes());
    assert_eq!(gap.readings["grid/PJM/price"].len(), 47);
    let short = json!([{"series": "grid/PJM/price", "column": columns[1..], "unit": "USD/MWh"}]);
    let refused = Form::of_json(json!({"kind": "table", "time": time, "series": short}));
    assert!(refused.is_err_and(|reason| reason.contains("the day's 24 columns")));
}

#[test]
fn a_header_of_two_rows_is_found_with_both() {
    let series = json!([{"series": "site/a/load", "column": "Site A kWh", "unit": "kWh"}]);
    let stated = form(&json!({"start": "Interval Start", "step": "1h"}), &series, &json!({"header_rows": 2}));
    let text = "Report,,,\nInterval,,Site A,\nStart,End,kWh,kvarh\n2026-01-01T00:00:00Z,,5,1\n";
    let taken = read(&stated, text.as_bytes());
    assert_eq!((taken.readings["site/a/load"].clone(), taken.rejects), (vec![5_000], Vec::new()));
    assert_eq!(stated.rows_apart(text.as_bytes()).ok().flatten(), Some((b',', 3)));
}
