//! Parsed rows of one file, before the store has seen them.

use crate::portfolio::absent::{SITE, absent};
use crate::rejects::Rejects;
use crate::store::forecasts::ForecastPoint;
use ids::SiteId;
use reports::inputs::{Invoice, Point, Quality};
use reports::received::ends::short_of;
use reports::received::{Points, Row, Rows};
use reports::time::{Instant, Interval, ends};
use reports::units::Unit;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Batch {
    pub sha256: String,
    pub bytes: u64,
    /// The form and its options: the same file under another label is another reading of it.
    pub source: String,
    pub readings: BTreeMap<String, Vec<Point>>,
    pub forecasts: BTreeMap<String, Vec<ForecastPoint>>,
    pub invoices: Vec<InvoiceRow>,
    pub rejects: Rejects,
    /// What prices that name a currency must be in.
    pub currency: Option<String>,
    /// What its numbers show of their points.
    pub points: Points,
    /// How many rows gave no reading without being at fault, by why.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// An invoice and the row it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceRow {
    pub invoice: Invoice,
    pub row: i64,
}

/// What a source finds goes in, good and bad.
impl Rows for Batch {
    fn push(&mut self, row: Row<'_>) {
        match row.base().and_then(|value| self.in_currency(row.unit).map(|()| value)) {
            Err(reason) => self.reject(row.line, reason),
            Ok(value) => self.put(&row, value),
        }
    }

    fn bill(&mut self, invoice: Invoice, line: u64) {
        let stated = Interval { start: invoice.start, end: invoice.end };
        match ends::meant(None, stated, None) {
            Some(whole) => self.reject(line, short_of("the invoice", stated, whole)),
            None => self.invoices.push(InvoiceRow { invoice, row: line as i64 }),
        }
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        self.rejects.push(line, reason);
    }

    fn leave_out(&mut self, _: u64, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }
}

impl Batch {
    pub fn series_count(&self) -> usize {
        self.readings.len() + self.forecasts.keys().filter(|name| !self.readings.contains_key(*name)).count()
    }

    /// Whether a price is in the portfolio's currency, where both are known.
    fn in_currency(&self, unit: Unit) -> Result<(), String> {
        let stated = unit.currency.map(|code| String::from_utf8_lossy(&code).into_owned());
        match (stated, &self.currency) {
            (Some(stated), Some(own)) if stated != *own => Err(format!(
                "the price is in {stated}, the portfolio's currency is {own}: convert it, or set `[portfolio] currency`"
            )),
            _ => Ok(()),
        }
    }

    fn put(&mut self, row: &Row<'_>, value: i64) {
        let Interval { start, end } = row.interval;
        let line = row.line as i64;
        self.points.see(row.value, line);
        match row.issued {
            Some((issued, quantile_ppm)) => {
                let point = ForecastPoint { issued, quantile_ppm, start, end, value, row: line };
                entry(&mut self.forecasts, row.series).push(point);
            }
            None => {
                let point = Point { start, end, value, quality: row.quality, revision: 0, row: line };
                entry(&mut self.readings, row.series).push(point);
            }
        }
    }

    /// Takes out invoices of sites that nobody knows.
    pub fn check_sites(&mut self, sites: &[SiteId]) {
        let ids: Vec<&str> = sites.iter().map(SiteId::as_str).collect();
        let Self { invoices, rejects, .. } = self;
        invoices.retain(|InvoiceRow { invoice: Invoice { site, .. }, row }| {
            let is_known = sites.contains(site);
            if !is_known {
                rejects.push(*row as u64, absent(SITE, site, &ids).in_one_line());
            }
            is_known
        });
    }

    /// Sorted, with rows that repeat or overlap others of the same file taken out, and those a second or a minute short
    /// of a whole interval.
    pub fn checked(mut self) -> Self {
        let rejects = &mut self.rejects;
        for (name, points) in &mut self.readings {
            points.sort_by_key(|p| (p.start, p.row));
            // What was once taken as it stood can still be taken back.
            let known = |p: &Point| (p.quality != Quality::Missing).then_some((p.start, p.end, p.row));
            keep_whole(points, known, name, rejects);
            keep_apart(points, |p| (p.start, p.end, p.row), name, rejects);
        }
        for (name, points) in &mut self.forecasts {
            points.sort_by_key(|p| (p.issued, p.quantile_ppm, p.start, p.row));
            let mut kept = Vec::with_capacity(points.len());
            for group in points.chunk_by(|a, b| (a.issued, a.quantile_ppm) == (b.issued, b.quantile_ppm)) {
                let mut group = group.to_vec();
                keep_whole(&mut group, |p: &ForecastPoint| Some((p.start, p.end, p.row)), name, rejects);
                keep_apart(&mut group, |p| (p.start, p.end, p.row), name, rejects);
                kept.extend(group);
            }
            *points = kept;
        }
        keep_first(&mut self.invoices, rejects);
        self
    }
}

/// The list of a series; no allocation for a series seen before.
fn entry<'m, T>(map: &'m mut BTreeMap<String, Vec<T>>, name: &str) -> &'m mut Vec<T> {
    if map.contains_key(name) {
        // Looked up twice because a borrow cannot be returned from one arm only.
        return map.get_mut(name).expect("just seen");
    }
    map.entry(name.to_string()).or_default()
}

/// Drops invoices whose number and site stand in an earlier row: which of the two holds, the file does not say.
fn keep_first(invoices: &mut Vec<InvoiceRow>, rejects: &mut Rejects) {
    let mut lines: BTreeMap<(String, SiteId), i64> = BTreeMap::new();
    invoices.retain(|held| {
        let Invoice { invoice, site, .. } = &held.invoice;
        let line = *lines.entry((invoice.clone(), site.clone())).or_insert(held.row);
        if line != held.row {
            let again = || format!("invoice `{invoice}` of site `{site}` is already in line {line}");
            rejects.push_with(held.row as u64, again);
        }
        line == held.row
    });
}

/// Start, end and row.
type Place = (Instant, Instant, i64);

/// Drops points whose edge is a second or a minute off that of a whole interval, unless another reading has that edge
/// too: a meter that was exchanged at 10:59 was read until then and from then on.
fn keep_whole<T: Copy>(points: &mut Vec<T>, key: impl Fn(&T) -> Option<Place>, name: &str, rejects: &mut Rejects) {
    let places: Vec<Option<Place>> = points.iter().map(key).collect();
    let mut index = 0;
    points.retain(|_| {
        let at = index;
        index += 1;
        let Some((start, end, row)) = places[at] else { return true };
        let before = at.checked_sub(1).and_then(|i| places[i]).map(|(_, end, _)| end);
        let after = places.get(at + 1).copied().flatten().map(|(start, ..)| start);
        let stated = Interval { start, end };
        let Some(whole) = ends::meant(before, stated, after) else { return true };
        rejects.push_with(row as u64, || short_of(name, stated, whole));
        false
    });
}

/// Drops points that repeat or overlap an earlier one, naming both lines.
fn keep_apart<T: Copy>(points: &mut Vec<T>, key: impl Fn(&T) -> Place, name: &str, rejects: &mut Rejects) {
    let mut last: Option<Place> = None;
    points.retain(|point| {
        let (start, end, row) = key(point);
        match last {
            Some((s, e, other)) if start < e => {
                let interval = Interval { start, end };
                let what = if (s, e) == (start, end) { "is the same interval as" } else { "overlaps the interval of" };
                rejects.push_with(row as u64, || format!("{name}: {interval} {what} line {other}"));
                false
            }
            _ => {
                last = Some((start, end, row));
                true
            }
        }
    });
}
