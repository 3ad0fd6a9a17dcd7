//! An evidence pack on disk: written beside its place, moved there whole, settled and published in one transaction.

use super::place::Place;
use super::settle::{self, Outcome, Prepared, Settled, Why};
use crate::clock::Clock;
use crate::error::{Fault, Kind};
use crate::outputs::Staging;
use crate::portfolio::Portfolio;
use crate::store::portfolios::{self, Recorded};
use crate::store::settlements::{self, Published};
use crate::store::{Store, files};
use reports::evidence::format::Format;
use reports::evidence::manifest::Manifest;
use reports::evidence::pack::{self, Target};
use reports::evidence::sign::SecretKey;
use reports::evidence::stamp::{self, StampError};
use reports::evidence::{EvidenceError, tables};
use reports::inputs::Inputs;
use reports::report::intervals;
use reports::time::{Instant, Interval, RecordTime};
use std::io::{self, Write};
use std::path::Path;

/// A pack that was made.
#[derive(Debug)]
pub struct Made {
    pub manifest: Manifest,
    pub settled: Settled,
}

/// What a pack is made of and where it goes.
#[derive(Debug)]
pub struct Order<'a> {
    pub period: Interval,
    pub as_of: Option<Instant>,
    pub why: Why,
    pub key: Option<SecretKey>,
    /// An authority's answer to a query of this pack's root.
    pub stamp: Option<&'a [u8]>,
    /// A folder, or a file whose name ends in `.tar.zst`.
    pub to: &'a Path,
    pub record_time: RecordTime,
    /// The portfolio's text, to be kept with what is settled.
    pub text: Option<Recorded>,
}

/// Settles the period, writes its pack and publishes the settlement under the pack's root, in this order: the pack is in
/// its place and durable before anything is stored, and all that is stored is one transaction. A pack by record time is
/// evidence of what was known then: nothing is settled or published.
///
/// # Errors
/// Whatever stands in the way; neither store nor disk has changed then.
pub async fn make(store: &Store, portfolio: &Portfolio, order: &Order<'_>) -> anyhow::Result<Made> {
    let place = Place::check(order.to)?;
    let prepared = settle::prepare(store, portfolio, order.period, order.as_of, &order.why, order.record_time).await?;
    let publishes = prepared.outcome != Outcome::FiguresOnly && prepared.settlement.root.is_none();
    if place.taken && !publishes {
        return Err(place.refuse().into());
    }
    let mut staging = Staging::beside(place.to)?;
    let manifest = staged(store, &prepared, order, &mut staging)?;
    let packed = place.pack_up(staging)?;
    let mut write = store.write().await?;
    let settled = prepared.post(&mut write).await?;
    if publishes {
        let report = &settled.computed.report;
        let files = Published {
            manifest: manifest.to_bytes()?,
            intervals: intervals::text(report).into_bytes(),
            results: tables::results(Format::NEWEST, report)?.into_bytes(),
        };
        let (id, root) = (settled.settlement.id, &manifest.merkle_root);
        settlements::publish(&mut write, id, root, &files, Clock::recorded()).await?;
    }
    if let Some(text) = &order.text {
        portfolios::add(&mut write, text).await?;
    }
    place.take(packed)?;
    // From here on the pack is durable: the store may call it published.
    let Err(error) = write.commit().await else { return Ok(Made { manifest, settled }) };
    match error.downcast::<Fault>() {
        // The store may call it published, so it stays.
        Ok(problem) if problem.kind == Kind::Undecided => {
            let hint = "run the same command again: if the pack exists already, it is published";
            Err(problem.file(order.to.display()).hint(hint).into())
        }
        refused => {
            place.take_back();
            Err(refused.map_or_else(|error| error, anyhow::Error::from))
        }
    }
}

/// Writes the pack's files.
fn staged(store: &Store, prepared: &Prepared, order: &Order<'_>, to: &mut Staging) -> anyhow::Result<Manifest> {
    let (inputs, computed) = (&prepared.inputs, &prepared.computed);
    let mut received = |sha256: &str, out: &mut dyn Write| copy_received(store, inputs, sha256, out);
    let manifest = tokio::task::block_in_place(|| {
        pack::write(inputs, computed, &mut received, to, crate::ENGINE, order.key.as_ref())
    })?;
    if let Some(answer) = order.stamp {
        stamp::check(answer, &manifest.root()?, None).map_err(|error| unstamped(error, &manifest.merkle_root))?;
        to.create(stamp::PATH)?.write_all(answer)?;
    }
    Ok(manifest)
}

fn unstamped(error: StampError, root: &str) -> Fault {
    let hint = match error {
        StampError::OtherRoot { .. } => format!(
            "this pack's root is {root}: make it with the options of the pack that was stamped, or stamp this one \
             (hourmatch pack-request)"
        ),
        _ => "ask the authority again with the query of `hourmatch pack-request`".into(),
    };
    Fault::new(format!("the time-stamp does not hold: {error}")).hint(hint)
}

/// Streams a received file out of the store, piece by piece.
fn copy_received(store: &Store, inputs: &Inputs, sha256: &str, out: &mut dyn Write) -> Result<(), EvidenceError> {
    let (runtime, mut seq) = (tokio::runtime::Handle::current(), 0);
    while let Some(piece) = runtime.block_on(files::piece(store, sha256, seq)).map_err(io::Error::other)? {
        out.write_all(&piece)?;
        seq += 1;
    }
    if seq == 0 {
        let name = inputs.revisions.values().find(|r| r.file_sha256 == sha256).map(|r| r.file_name.clone());
        return Err(EvidenceError::MissingReceived { name: name.unwrap_or_default(), sha256: sha256.into() });
    }
    Ok(())
}

impl Target for Staging {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        Staging::create(self, path)
    }
}
