//! Published reports of other periods that share hours with one, as they were when it was published, or are now.

use crate::store::Store;
use crate::store::settlements::{self, Settlement};
use anyhow::Context;
use reports::inputs::Overlap;
use reports::time::{Instant, Interval, RecordTime};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Of a published report, what it says of others.
#[derive(Deserialize)]
struct Results {
    #[serde(default)]
    overlaps: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    root: String,
}

/// The last version of each other period that shares hours with this one, sorted by period. Of a settlement that is
/// published those it named then, so that making its pack again gives the same bytes; else those published by an
/// instant, itself included.
pub(super) async fn find(
    store: &Store,
    period: Interval,
    published: Option<&Settlement>,
    as_of: Option<Instant>,
) -> anyhow::Result<Vec<Overlap>> {
    let all = settlements::overlapping(store, period).await?;
    let chosen: Vec<Settlement> = match published {
        Some(settlement) => {
            let named = named(store, settlement).await?;
            all.into_iter().filter(|s| s.root.as_ref().is_some_and(|root| named.contains(root))).collect()
        }
        None => {
            let mut last: BTreeMap<Interval, Settlement> = BTreeMap::new();
            // They come by version.
            for settlement in all.into_iter().filter(|s| as_of.is_none_or(|at| s.recorded <= RecordTime::from(at))) {
                last.insert(Interval { start: settlement.start, end: settlement.end }, settlement);
            }
            last.into_values().collect()
        }
    };
    let mut overlaps = Vec::with_capacity(chosen.len());
    for settlement in chosen {
        if let Some(root) = settlement.root
            && let Some(files) = settlements::published(store, settlement.id).await?
        {
            overlaps.push(Overlap { root, manifest: files.manifest, intervals: files.intervals });
        }
    }
    Ok(overlaps)
}

/// Roots that a published report names.
async fn named(store: &Store, settlement: &Settlement) -> anyhow::Result<Vec<String>> {
    let Some(files) = settlements::published(store, settlement.id).await? else { return Ok(Vec::new()) };
    let results: Results =
        serde_json::from_slice(&files.results).context("the results of a published report cannot be read")?;
    Ok(results.overlaps.into_iter().map(|overlap| overlap.root).collect())
}
