//! `inputs/readings.csv`: the canonical rows used, in base units, each with its provenance.

use super::EvidenceError;
use crate::inputs::{Inputs, Point, Quality, Revision, SeriesMap};
use crate::series::name::kind_of;
use crate::time::{format_instant, format_micros, parse_instant};
use std::collections::BTreeMap;
use std::fmt::Write;

pub const PATH: &str = "inputs/readings.csv";
const HEADER: &str = "series,start,end,value,unit,quality,recorded,file_sha256,row";

pub fn write(inputs: &Inputs) -> String {
    let mut text = format!("{HEADER}\n");
    for (series, points) in &inputs.series {
        let unit = kind_of(series).map_or("?", |kind| kind.quantity.base_unit());
        for p in points {
            let (recorded, file) = match inputs.revisions.get(&p.revision) {
                Some(r) => (format_micros(r.recorded_us), r.file_sha256.as_str()),
                None => (String::new(), ""),
            };
            let (start, end, quality) = (format_instant(p.start_s), format_instant(p.end_s), p.quality.name());
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{series},{start},{end},{},{unit},{quality},{recorded},{file},{}", p.value, p.row);
        }
    }
    text
}

/// Reads the rows back; they must be sorted and must not overlap.
pub fn parse(text: &[u8]) -> Result<(SeriesMap, BTreeMap<i64, Revision>), EvidenceError> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text);
    let header = reader.headers().map_err(|e| EvidenceError::malformed(PATH, e))?;
    if header.iter().collect::<Vec<_>>().join(",") != HEADER {
        return Err(EvidenceError::malformed(PATH, format!("its header is not `{HEADER}`")));
    }
    let mut series: SeriesMap = BTreeMap::new();
    let mut known: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for (index, record) in reader.records().enumerate() {
        let at = |what: &str| EvidenceError::malformed(PATH, format!("row {}: {what}", index + 1));
        let record = record.map_err(|e| at(&e.to_string()))?;
        let field = |i: usize| record.get(i).unwrap_or("");
        let instant = |i: usize| parse_instant(field(i)).map_err(|e| at(&e.to_string()));
        let kind = kind_of(field(0)).map_err(|e| at(&e.to_string()))?;
        if field(4) != kind.quantity.base_unit() {
            return Err(at("the unit is not the base unit of its series"));
        }
        let recorded_us = chrono::DateTime::parse_from_rfc3339(field(6))
            .map_err(|_| at("`recorded` is not a time"))?
            .timestamp_micros();
        let next = known.len() as i64 + 1;
        let point = Point {
            start_s: instant(1)?,
            end_s: instant(2)?,
            value: field(3).parse().map_err(|_| at("`value` is not a whole number"))?,
            quality: Quality::parse(field(5)).ok_or_else(|| at("unknown quality"))?,
            revision: *known.entry((recorded_us, field(7).to_string())).or_insert(next),
            row: field(8).parse().map_err(|_| at("`row` is not a whole number"))?,
        };
        let points = series.entry(field(0).to_string()).or_default();
        let overlaps = points.last().is_some_and(|last| last.end_s > point.start_s);
        if overlaps || point.end_s <= point.start_s {
            return Err(at("overlaps the row before it or is out of order"));
        }
        points.push(point);
    }
    let revisions = known
        .into_iter()
        .map(|((recorded_us, file_sha256), id)| {
            (id, Revision { id, recorded_us, file_name: String::new(), file_sha256 })
        })
        .collect();
    Ok((series, revisions))
}
