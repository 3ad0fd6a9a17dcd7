//! Storage meters, the efficiency they show, and the instrument under which discharge is re-issued.

use super::desk::{Desk, site_index};
use crate::books::{Books, Instrument};
use crate::definitions::{SharingRule, StorageDef};
use crate::exceptions;
use crate::inputs::{Point, Quality};
use crate::ruleset::{MissingChannel, ReissuedQuality, Step};
use crate::series::channels::{Behind, Term};
use crate::series::name::{Group, SeriesName, StorageLeaf};
use crate::series::resample::{self, Energy, Long};
use crate::series::{SeriesError, time_zone};
use crate::storage::{StorageBook, windows};
use crate::time::Instant;
use ids::{BoundaryIndex, Index, SiteIndex, StorageId};
use std::ops::Range;

/// Charge and discharge of a storage, and its site.
pub(super) struct StorageMeter<'a> {
    id: &'a StorageId,
    site: SiteIndex,
    charge: Energy,
    discharge: Energy,
}

/// In the order of the definitions.
pub(super) fn meters<'a>(desk: &Desk<'a>) -> Result<Vec<StorageMeter<'a>>, SeriesError> {
    let (inputs, grid) = (desk.inputs, desk.grid);
    let meter = |definition: &'a StorageDef| -> Result<StorageMeter<'a>, SeriesError> {
        let site = site_index(&inputs.definitions, &definition.site)?;
        let read = |leaf: StorageLeaf| {
            let name = SeriesName::storage(&definition.id, leaf);
            resample::energy(&name, inputs.points(&name), grid, Long::Refuse)
        };
        let (charge, discharge) = (read(StorageLeaf::Charge)?, read(StorageLeaf::Discharge)?);
        Ok(StorageMeter { id: &definition.id, site, charge, discharge })
    };
    inputs.definitions.storage.iter().map(meter).collect()
}

/// Discharge and charge of each storage behind a site's meter.
pub(super) fn behind<'m>(meters: &'m [StorageMeter<'_>], site: SiteIndex) -> Vec<Behind<'m>> {
    let both = |meter: &'m StorageMeter<'_>| {
        let of_leaf = |leaf, adds, energy| {
            let term = Term::new(SeriesName::storage(meter.id, leaf), adds, Long::Refuse);
            Behind { term, energy }
        };
        [of_leaf(StorageLeaf::Discharge, true, &meter.discharge), of_leaf(StorageLeaf::Charge, false, &meter.charge)]
    };
    meters.iter().filter(|meter| meter.site == site).flat_map(both).collect()
}

/// What of its meters is spread flat, and where they lack a reading though they have others: nothing is charged or
/// re-issued there.
fn note_meter(desk: &mut Desk<'_>, name: &str, energy: &Energy) {
    desk.note_spread(exceptions::SPREAD_GENERATION, name, energy.spread_over().into_iter());
    let metered = energy.covered_s.iter().any(|s| *s > 0);
    if !metered || desk.inputs.ruleset.rules.missing_channel == MissingChannel::Zero {
        return;
    }
    let grid = desk.grid;
    for index in (0..grid.len).filter(|t| !energy.is_complete(*t, grid)) {
        let message = "storage not metered for all of the interval: only what is there counts";
        desk.note(index, exceptions::MISSING_STORAGE, name, energy.wh[index], message);
    }
}

/// Adds every storage and its instrument to the books.
pub(super) fn add(desk: &mut Desk<'_>, meters: Vec<StorageMeter<'_>>, books: &mut Books) -> Result<(), SeriesError> {
    let inputs = desk.inputs;
    let zone = time_zone(&inputs.definitions.time_zone)?;
    for (definition, meter) in inputs.definitions.storage.iter().zip(meters) {
        let StorageMeter { site, charge, discharge, .. } = meter;
        note_meter(desk, &SeriesName::storage(&definition.id, StorageLeaf::Charge), &charge);
        let out = SeriesName::storage(&definition.id, StorageLeaf::Discharge);
        note_meter(desk, &out, &discharge);
        let name = SeriesName::storage(&definition.id, StorageLeaf::State);
        let points = inputs.points(&name);
        let known_at = |index: usize| state_at(points, desk.grid.start(index));
        let measure = |intervals: Range<usize>| {
            let state = known_at(intervals.start).zip(known_at(intervals.end));
            windows::measure(intervals, &charge.wh, &discharge.wh, state, definition.efficiency)
        };
        let cuts = windows::calendar(desk.grid, zone, definition.efficiency_months);
        let windows = cuts.into_iter().map(measure).collect();
        let known = known_at(0);
        let mut book = StorageBook {
            id: definition.id.clone(),
            site,
            instrument: Index::new(books.instruments.len()),
            charge_wh: charge.wh,
            discharge_wh: discharge.wh,
            opening_wh: 0,
            opening_known: known.is_some(),
            windows,
        };
        book.opening_wh = known.unwrap_or_else(|| windows::least_opening(&book));
        for (t, wh) in book.beyond_charge() {
            let message = "more came out than was held at the start and charged since: of unknown origin, never clean";
            desk.note(t, exceptions::DISCHARGE_BEYOND_CHARGE, &out, wh, message);
        }
        if known.is_none() {
            let message = "no state of charge at the start: the least the readings allow, none of it clean";
            desk.note_span(exceptions::STORAGE_OPENING_UNKNOWN, &name, inputs.period, book.opening_wh, message);
        }
        let worst: Vec<Quality> = match inputs.ruleset.rules.reissued_quality {
            ReissuedQuality::Discharge => discharge.worst,
            ReissuedQuality::ChargeAndDischarge => {
                charge.worst.iter().zip(&discharge.worst).map(|(a, b)| *a.max(b)).collect()
            }
        };
        let boundary = books.sites[site].boundary.at(0);
        books.instruments.push(instrument(&definition.id, (site, boundary), worst));
        books.storage.push(book);
    }
    Ok(())
}

/// Discharge serves the storage's own site; `worst` is by interval.
pub fn instrument(id: &StorageId, (site, boundary): (SiteIndex, BoundaryIndex), worst: Vec<Quality>) -> Instrument {
    Instrument {
        id: Group::Storage.subject(id).into(),
        step: Step::Storage,
        boundary,
        technology: "storage".into(),
        carbon_free: true,
        ef_mg_per_kwh: 0,
        rule: SharingRule::Proportional,
        sites: vec![site],
        split: Vec::new(),
        delivered_wh: vec![0; worst.len()],
        unplaced_wh: 0,
        worst,
    }
}

/// Energy held at an instant: the state of the reading that ends there.
fn state_at(points: &[Point], instant: Instant) -> Option<i64> {
    points.iter().find(|p| p.end == instant && p.quality != Quality::Missing).map(|p| p.value)
}
