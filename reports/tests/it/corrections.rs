//! Rows as they would be ingested, and what may happen to one of them afterwards.

use crate::support::{Case, START, STEP_S};
use crate::wide::OF_CHANNELS;
use hourmatch_reports::inputs::{Point, Quality};
use hourmatch_reports::time::Instant;
use proptest::prelude::*;

/// A reading in base units.
#[derive(Debug, Clone)]
pub struct Row {
    pub series: String,
    pub start: Instant,
    pub end: Instant,
    pub value: i64,
    pub quality: Quality,
}

impl Row {
    /// Of an hour of the period, or of one before it.
    pub fn hour(series: &str, hour: i64, value: i64) -> Self {
        let start = START + hour * STEP_S;
        Self { series: series.into(), start, end: start + STEP_S, value, quality: Quality::Measured }
    }

    pub fn point(&self) -> Point {
        let (start, end, value, quality) = (self.start, self.end, self.value, self.quality);
        Point { start, end, value, quality, revision: 1, row: 1 }
    }
}

/// Read the other way round, from what it left to what it found, it is a reading that came late.
#[derive(Debug, Clone)]
pub enum Correction {
    Value(i64),
    Retracted,
    /// Four quarters take the place of the hour.
    Quarters([i64; 4]),
    Estimated,
}

pub fn correction() -> impl Strategy<Value = Correction> {
    prop_oneof![
        3 => (0_i64..3_000).prop_map(Correction::Value),
        2 => Just(Correction::Retracted),
        2 => proptest::array::uniform4(0_i64..800).prop_map(Correction::Quarters),
        1 => Just(Correction::Estimated),
    ]
}

/// The rows with one of them corrected. Load is retracted only where it is estimated then, and what it is estimated from
/// stays.
pub fn corrected(case: &Case, rows: &[Row], place: usize, correction: &Correction) -> Vec<Row> {
    let mut after = rows.to_vec();
    let row = &rows[place];
    let before_the_period = row.start < START;
    let needed = before_the_period || row.series.starts_with("site/") && !case.extras.estimates;
    match correction {
        Correction::Value(value) => after[place].value = fitting(rows, row, *value, 1),
        Correction::Retracted if needed => after[place].value = fitting(rows, row, 0, 1),
        Correction::Retracted => {
            after.remove(place);
        }
        Correction::Quarters(values) => {
            after.remove(place);
            for (quarter, value) in values.iter().enumerate() {
                let start = row.start + quarter as i64 * STEP_S / 4;
                let value = fitting(rows, row, *value, 4);
                after.push(Row { start, end: start + STEP_S / 4, value, ..row.clone() });
            }
        }
        Correction::Estimated if before_the_period => after[place].value = fitting(rows, row, 1, 1),
        Correction::Estimated => after[place].quality = Quality::Estimated,
    }
    after
}

/// A value that a reading over a part of an hour may have: shares and prices in their units, and no more exported than
/// was generated, or load would be negative.
fn fitting(rows: &[Row], row: &Row, value: i64, parts: i64) -> i64 {
    let channel = |leaf: &str| {
        let series = format!("site/s{OF_CHANNELS}/{leaf}");
        rows.iter().find(|r| r.series == series && r.start == row.start).map_or(0, |r| r.value)
    };
    if row.series.ends_with("_share") {
        return value % 101 * 10_000_000_000_000_000;
    }
    if row.series.ends_with("/price") {
        return value * 70_000;
    }
    if row.series.ends_with("/export") {
        return value.min(channel("onsite_generation") / parts);
    }
    if row.series.ends_with("/onsite_generation") {
        return value + (channel("export") + parts - 1) / parts;
    }
    value
}
