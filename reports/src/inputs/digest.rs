//! One hash over all that decides the figures of a report: definitions, rules, factors, period, fuels, certificates,
//! bills and readings. Not who recorded them, when or in which file, nor what people are shown in place of ids: the same
//! rows have the same digest, and equal digests have equal figures.

use super::{Inputs, tables};
use crate::certificates::Certificate;
use crate::digest::canonical_json;
use sha2::{Digest, Sha256};
use std::io;

const DOMAIN: &[u8] = b"hourmatch inputs 1";

/// Parts, each after its length in eight bytes.
struct Parts(Sha256);

impl Parts {
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
    parts.add(&inputs.definitions.decisive_json()?);
    parts.add(inputs.ruleset_text.as_bytes());
    parts.add(inputs.factors.to_csv().as_bytes());
    parts.add(&canonical_json(&(&inputs.period, &inputs.fuels))?);
    parts.add(&certificates(&inputs.certificates)?);
    let mut bills = Vec::new();
    tables::invoices(&inputs.invoices, &mut bills)?;
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

/// The table of certificates without `since`, which is when a status was recorded where nobody says.
fn certificates(list: &[Certificate]) -> io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for c in list {
        let (start, end) = (c.start.to_string(), c.end.to_string());
        let (first, last) = (c.first_wh.to_string(), c.last_wh.to_string());
        let expires = c.expires.map(|at| at.to_string()).unwrap_or_default();
        table.write_record([
            c.id.as_str(),
            &c.issuance,
            &c.device,
            &c.registry,
            &c.technology,
            &start,
            &end,
            &first,
            &last,
            c.status.name(),
            &c.owner,
            c.beneficiary.as_deref().unwrap_or(""),
            c.contract.as_deref().unwrap_or(""),
            &expires,
        ])?;
    }
    table.into_inner().map_err(csv::IntoInnerError::into_error)
}
