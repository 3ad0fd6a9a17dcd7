//! Negative readings of plants and fuels, their own use at night: kept as they are, each counts as 0. One line a series
//! and local day, with how many there are and what they add up to.

use super::desk::Desk;
use crate::exceptions;
use crate::inputs::{Point, touching};
use crate::ruleset::PartialGeneration;
use crate::series::name::{Group, kind_of, parts};
use crate::series::{SeriesError, time_zone};
use crate::time::Interval;
use crate::units::Quantity;
use crate::words::counted;

pub(super) fn note(desk: &mut Desk<'_>) -> Result<(), SeriesError> {
    let inputs = desk.inputs;
    let zone = time_zone(&inputs.definitions.time_zone)?;
    // Earlier rulesets took fuels below zero without a word.
    let fuels = inputs.ruleset.rules.partial_generation == PartialGeneration::Sum;
    for (name, points) in &inputs.series {
        let made = kind_of(name).is_ok_and(|kind| kind.quantity == Quantity::Energy && kind.may_be_negative);
        if !made || (!fuels && parts(name).is_some_and(|(group, ..)| group == Group::Grid)) {
            continue;
        }
        let below: Vec<&Point> = touching(points, inputs.period).iter().filter(|p| p.value < 0).collect();
        for day in below.chunk_by(|a, b| zone.day_number(a.start) == zone.day_number(b.start)) {
            note_day(desk, name, &zone.date(day[0].start).to_string(), day);
        }
    }
    Ok(())
}

fn note_day(desk: &mut Desk<'_>, series: &str, date: &str, day: &[&Point]) {
    let Interval { start, end } = desk.grid.period();
    let wh = day.iter().fold(0_i64, |sum, p| sum.saturating_add(p.value));
    let span = Interval {
        start: day.first().map_or(start, |p| p.start.max(start)),
        end: day.last().map_or(end, |p| p.end.min(end)),
    };
    let readings = counted(day.len(), "reading", "readings");
    let message = format!("{readings} of {date} below zero: kept as received, each counts as 0");
    desk.note_span(exceptions::NEGATIVE_GENERATION, series, span, wh, message);
}
