//! `inputs/readings.csv`: the canonical rows used, in base units, each with its provenance.

use super::layout::READINGS;
use crate::definitions::limits;
use crate::inputs::{Inputs, Point, Quality, Revision, SeriesMap};
use crate::received::bytes::ShortRecords;
use crate::seal::EvidenceError;
use crate::series::name::kind_of;
use crate::time::{Instant, RecordTime};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

const HEADER: &str = "series,start,end,value,unit,quality,recorded,file_sha256,row";

pub fn write(inputs: &Inputs, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    let provenance: BTreeMap<i64, String> =
        inputs.revisions.iter().map(|(id, r)| (*id, format!("{},{}", r.recorded, r.file_sha256))).collect();
    for (series, points) in &inputs.series {
        let unit = kind_of(series).map_or("?", |kind| kind.quantity.base_unit());
        for p in points {
            let from = provenance.get(&p.revision).map_or(",", String::as_str);
            let (start, end, quality) = (p.start, p.end, p.quality.name());
            writeln!(out, "{series},{start},{end},{},{unit},{quality},{from},{}", p.value, p.row)?;
        }
    }
    Ok(())
}

/// Reads the rows back; they must be sorted and must not overlap.
pub fn parse(text: impl BufRead) -> Result<(SeriesMap, BTreeMap<i64, Revision>), EvidenceError> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(ShortRecords::new(text));
    let header = reader.headers().map_err(|e| EvidenceError::malformed(READINGS, e))?;
    if header.iter().collect::<Vec<_>>().join(",") != HEADER {
        return Err(EvidenceError::malformed(READINGS, format!("its header is not `{HEADER}`")));
    }
    let mut series: SeriesMap = BTreeMap::new();
    let mut known: BTreeMap<String, i64> = BTreeMap::new();
    let mut revisions = BTreeMap::new();
    let (mut current, mut unit) = (String::new(), "?");
    let mut record = csv::StringRecord::new();
    let mut index = 0_usize;
    loop {
        index += 1;
        let at = |what: &str| EvidenceError::malformed(READINGS, format!("row {index}: {what}"));
        if !reader.read_record(&mut record).map_err(|e| at(&e.to_string()))? {
            break;
        }
        if index > limits::READINGS {
            return Err(at(&format!("more readings than a pack holds, {}", limits::READINGS)));
        }
        let field = |i: usize| record.get(i).unwrap_or("");
        let is_next = field(0) != current;
        if is_next {
            unit = kind_of(field(0)).map_err(|e| at(&e.to_string()))?.quantity.base_unit();
        }
        let other_unit = || at("the unit is not the base unit of its series");
        if field(4) != unit {
            return Err(other_unit());
        }
        if is_next {
            if field(0) < current.as_str() {
                return Err(at("its series stands before the one above"));
            }
            current = field(0).to_string();
            series.insert(current.clone(), Vec::new());
        }
        let revision = revision(&mut known, &mut revisions, field(6), field(7)).map_err(at)?;
        let instant = |i: usize| Instant::parse(field(i)).map_err(|e| at(&e.to_string()));
        let point = Point {
            start: instant(1)?,
            end: instant(2)?,
            value: field(3).parse().map_err(|_| at("`value` is not a whole number"))?,
            quality: Quality::parse(field(5)).ok_or_else(|| at("unknown quality"))?,
            revision,
            row: field(8).parse().map_err(|_| at("`row` is not a whole number"))?,
        };
        let points = series.values_mut().next_back().ok_or_else(other_unit)?;
        let overlaps = points.last().is_some_and(|last| last.end > point.start);
        if overlaps || point.end <= point.start {
            return Err(at("overlaps the row before it or is out of order"));
        }
        points.push(point);
    }
    Ok((series, revisions))
}

/// The revision a row came with, numbered as they are met.
fn revision(
    known: &mut BTreeMap<String, i64>,
    revisions: &mut BTreeMap<i64, Revision>,
    recorded: &str,
    file_sha256: &str,
) -> Result<i64, &'static str> {
    let key = format!("{recorded},{file_sha256}");
    if let Some(id) = known.get(&key) {
        return Ok(*id);
    }
    if known.len() >= limits::REVISIONS {
        return Err("more files were recorded than a pack holds");
    }
    let recorded = RecordTime::parse(recorded).map_err(|_| "`recorded` is not a time")?;
    let id = known.len() as i64 + 1;
    known.insert(key, id);
    let file_sha256 = file_sha256.to_string();
    revisions.insert(id, Revision { id, recorded, file_sha256, ..Revision::default() });
    Ok(id)
}
