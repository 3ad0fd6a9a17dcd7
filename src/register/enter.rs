//! Acts and imports on the store: each one transaction and one event.

use super::By;
use super::act::{Act, ISSUE};
use super::common::{Certificate, Fault, Instant, Rejects};
use super::merge::{self, Merged};
use super::taking::Row;
use crate::store::certificates::{self, Entry};
use crate::store::{Store, Write};
use std::collections::BTreeMap;

/// What an act found and left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub before: Certificate,
    pub after: Vec<Certificate>,
}

/// Does one thing to one bundle.
pub async fn act(store: &Store, id: &str, act: &Act, now: Instant, by: By<'_>) -> anyhow::Result<Done> {
    let mut write = store.write().await?;
    let Some(before) = certificates::find(&mut write, id).await? else {
        return Err(unknown(&mut write, id).await?.into());
    };
    let after = act.on(&before, now)?;
    let split = matches!(act, Act::Split { .. });
    if split {
        for part in &after {
            if certificates::first(&mut write, &part.id).await?.is_some() {
                return Err(Fault::conflict(format!("a certificate `{}` exists already", part.id))
                    .hint("parts are named after the bundle, with .1 and .2, and no id is used twice")
                    .into());
            }
        }
    }
    let gone = [before.id.clone()];
    let entry = match split {
        true => Entry { gone: &gone, new: &after, ..by.entry(act.into_str()) },
        false => Entry { changed: &after, ..by.entry(act.into_str()) },
    };
    certificates::enter(&mut write, by.recorded, &entry).await?;
    write.commit().await?;
    Ok(Done { before, after })
}

pub fn no_certificate(id: &str) -> Fault {
    Fault::no_such(format!("certificate `{id}`")).hint("`hourmatch certificates list` lists them")
}

/// Why an id is none: split before, or never heard of.
async fn unknown(write: &mut Write, id: &str) -> anyhow::Result<Fault> {
    Ok(match certificates::first(write, id).await? {
        Some(_) => Fault::conflict(format!("certificate `{id}` was split"))
            .hint(format!("its parts are `{id}.1` and `{id}.2`, or parts of these")),
        None => no_certificate(id),
    })
}

/// Marks every issued bundle past its last instant; one event, none where nothing is due.
pub async fn expire_due(store: &Store, now: Instant, by: By<'_>) -> anyhow::Result<Vec<Certificate>> {
    let mut write = store.write().await?;
    let mut expired = Vec::new();
    for bundle in certificates::due(&mut write, now).await? {
        expired.extend(Act::Expire.on(&bundle, now)?);
    }
    if expired.is_empty() {
        return Ok(expired);
    }
    let entry = Entry { changed: &expired, ..by.entry(Act::Expire.into_str()) };
    certificates::enter(&mut write, by.recorded, &entry).await?;
    write.commit().await?;
    Ok(expired)
}

/// Takes a file in; the caller commits. Unless good rows are kept, one that contradicts the register refuses it all.
pub async fn import(
    write: &mut Write,
    file: &str,
    rows: &[Row],
    keep_good: bool,
    by: By<'_>,
) -> anyhow::Result<Merged> {
    let standing = certificates::standing(write).await?;
    let known = certificates::ids(write).await?;
    let mut first = BTreeMap::new();
    for row in rows {
        let id = &row.certificate.id;
        let stands = standing.get(id).is_some_and(|held| row.says(held));
        if !stands
            && known.contains(id)
            && let Some(began) = certificates::first(write, id).await?
        {
            first.insert(id.clone(), began);
        }
    }
    let merged = merge::merge(rows, &standing, &first);
    if !merged.conflicts.is_empty() && !keep_good {
        let mut rejects = Rejects::for_file(false);
        rejects.extend(merged.conflicts);
        return Err(rejects.problems(file).into());
    }
    if !merged.new.is_empty() {
        certificates::enter(write, by.recorded, &Entry { new: &merged.new, ..by.entry(ISSUE) }).await?;
    }
    Ok(merged)
}
