//! One hash over all that decides the figures of a report: definitions, rules, factors, period, fuels, certificates,
//! bills and readings. Not who recorded them, when or in which file, nor what people are shown in place of ids: the same
//! rows have the same digest, and equal digests have equal figures.
//! Beside it, tables of inputs as packs and digests hold them.

use super::{Inputs, Invoice};
use crate::certificates::Certificate;
use crate::digest::canonical_json;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const DOMAIN: &[u8] = b"hourmatch inputs 1";

/// Parts, each after its length in eight bytes.
struct Parts(Sha256);

impl Parts {
    /// Takes in definitions, rules, factors, period and fuels.
    fn add_books(&mut self, inputs: &Inputs) -> serde_json::Result<()> {
        self.add(&inputs.definitions.decisive_json()?);
        self.add(inputs.ruleset_text.as_bytes());
        self.add(inputs.factors.to_csv().as_bytes());
        self.add(&canonical_json(&(&inputs.period, &inputs.fuels))?);
        Ok(())
    }

    fn length(&mut self, bytes: usize) {
        self.0.update((bytes as u64).to_be_bytes());
    }

    fn add(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.update(bytes);
    }
}

/// The digest in hex.
///
/// # Errors
/// Inputs that JSON or CSV cannot hold.
pub fn compute(inputs: &Inputs) -> io::Result<String> {
    let mut parts = Parts(Sha256::new());
    parts.add(DOMAIN);
    parts.add_books(inputs)?;
    parts.add(&certificates(&inputs.certificates)?);
    let mut bills = Vec::new();
    invoices(&inputs.invoices, &mut bills)?;
    parts.add(&bills);
    for (series, points) in &inputs.series {
        parts.add(series.as_bytes());
        parts.length(points.len() * 32);
        for p in points {
            let fields = [p.start.seconds(), p.end.seconds(), p.value, p.quality.code()];
            parts.0.update(fields.map(i64::to_be_bytes).concat());
        }
    }
    Ok(hex::encode(parts.0.finalize()))
}

impl Inputs {
    /// Hash of everything but what was published before, the record time asked for and display names: equal inputs give
    /// equal figures.
    ///
    /// # Errors
    /// As of [`canonical_json`].
    pub fn digest(&self) -> serde_json::Result<String> {
        let mut parts = Parts(Sha256::new());
        parts.add_books(self)?;
        parts.add(&canonical_json(&self.certificates)?);
        for Invoice { invoice, site, start, end, wh } in &self.invoices {
            parts.add(invoice.as_bytes());
            parts.add(site.as_bytes());
            [start.seconds(), end.seconds(), *wh].iter().for_each(|v| parts.add(&v.to_be_bytes()));
        }
        if !self.acts.is_empty() {
            parts.add(&canonical_json(&self.acts)?);
        }
        if !self.suspects.is_empty() {
            parts.add(&canonical_json(&self.suspects)?);
        }
        if !self.fallbacks.is_empty() {
            parts.add(&canonical_json(&self.fallbacks)?);
        }
        for (name, points) in &self.series {
            parts.add(name.as_bytes());
            for p in points {
                let recorded = self.revisions.get(&p.revision).map_or(0, |r| r.recorded.micros());
                let fields = [p.start.seconds(), p.end.seconds(), p.value, p.quality.code(), recorded, p.row];
                parts.add(&fields.map(i64::to_be_bytes).concat());
            }
        }
        Ok(hex::encode(parts.0.finalize()))
    }
}

/// A table with its header even where it has no rows.
pub(crate) fn table<T: Serialize>(out: &mut dyn Write, header: &str, rows: &[T]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    writer.write_record(header.split(',')).map_err(io::Error::other)?;
    for row in rows {
        writer.serialize(row).map_err(io::Error::other)?;
    }
    writer.flush()
}

/// Bills as packs hold them.
pub(crate) fn invoices(list: &[Invoice], out: &mut dyn Write) -> io::Result<()> {
    table(out, "invoice,site,start,end,wh", list)
}

/// The table of certificates without `since`, which is when a status was recorded where nobody says.
fn certificates(list: &[Certificate]) -> io::Result<Vec<u8>> {
    let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for c in list {
        let device = (&c.id, &c.issuance, &c.device, &c.registry, &c.technology);
        let range = (c.start, c.end, c.first_wh, c.last_wh, c.status);
        table.serialize((device, range, &c.owner, &c.beneficiary, &c.contract, c.expires))?;
    }
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}
