//! `inputs/`: everything a pack is computed from, written and read back.

use super::files::{Files, Sink};
use super::layout::{
    BOOKS, CARRIED, CERTIFICATES, FACTORS, INVOICES, PREVIOUS, READINGS, REVISIONS, RULESET, is_sha256, overlap_paths,
};
use super::readings;
use crate::definitions::{Definitions, limits};
use crate::factors::Factors;
use crate::fallbacks::Fallback;
use crate::inputs::digest::{invoices, table};
use crate::inputs::{Act, Inputs, Invoice, Overlap, Previous, Restatement, Revision};
use crate::received::bytes::ShortRecords;
use crate::received::forms::Form;
use crate::ruleset::Ruleset;
use crate::seal::EvidenceError;
use crate::suspects::Suspect;
use crate::time::{Instant, Interval, RecordTime};
use ids::{BoundaryId, SiteId};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};

/// No definitions, rules or factors are larger.
const LARGEST: u64 = 64 << 20;
/// Nor is a row of a table.
const LONGEST_ROW: usize = 1 << 20;

/// `inputs/books.json`.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct PackedBooks<'a> {
    pub definitions: Definitions,
    pub period: Interval,
    /// Fuels each area normally reports: an hour without one of them is void.
    pub fuels: BTreeMap<BoundaryId, Vec<String>>,
    pub as_of: Option<Instant>,
    pub restatement: Option<Cow<'a, Restatement>>,
    /// Roots of published packs of other periods that share hours with this one, whose files are carried; absent where
    /// there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlaps: Vec<String>,
    /// By which form the file of a revision was read, by record time; absent where all files say it themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<PackedForm>,
    /// What the checks at the door doubt; absent where they doubt nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
    /// What sources gave in place of better ones; absent where none did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<Fallback>,
}

/// The form of a revision's file.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct PackedForm {
    pub recorded: String,
    pub file_sha256: String,
    pub form: serde_json::Value,
}

/// Revisions that supplied readings.
fn used(inputs: &Inputs) -> impl Iterator<Item = &Revision> {
    let ids: BTreeSet<i64> = inputs.series.values().flatten().map(|p| p.revision).collect();
    ids.into_iter().filter_map(|id| inputs.revisions.get(&id))
}

/// When something was recorded, in which file, by whom and why.
type Recorded<'a> = (RecordTime, &'a String, &'a Option<String>, &'a Option<String>);

/// All that figures rest on: revisions that supplied readings, then acts.
pub fn recorded(inputs: &Inputs) -> impl Iterator<Item = Recorded<'_>> {
    let files = used(inputs).map(|r| (r.recorded, &r.file_sha256, &r.actor, &r.reason));
    files.chain(inputs.acts.iter().map(|act| (act.recorded, &act.file_sha256, &act.actor, &act.reason)))
}

/// SHA-256 of every file that rows of readings, or bills, came in.
pub fn received(inputs: &Inputs) -> BTreeSet<&str> {
    let readings = used(inputs).map(|r| r.file_sha256.as_str());
    let bills = inputs.acts.iter().map(|act| act.file_sha256.as_str()).filter(|sha256| !sha256.is_empty());
    readings.chain(bills).collect()
}

/// Writes every file of `inputs/` but the received ones.
pub fn write<S: Sink>(inputs: &Inputs, sink: &mut S) -> Result<(), EvidenceError> {
    let books = PackedBooks {
        definitions: inputs.definitions.clone(),
        period: inputs.period,
        fuels: inputs.fuels.clone(),
        as_of: inputs.as_of,
        restatement: inputs.restatement.as_ref().map(Cow::Borrowed),
        overlaps: inputs.overlaps.iter().map(|overlap| overlap.root.clone()).collect(),
        forms: forms(inputs)?,
        suspects: inputs.suspects.clone(),
        fallbacks: inputs.fallbacks.clone(),
    };
    let mut json = serde_json::to_vec_pretty(&books).map_err(|e| EvidenceError::malformed(BOOKS, e))?;
    json.push(b'\n');
    sink.table(BOOKS, &mut |out| out.write_all(&json))?;
    sink.table(RULESET, &mut |out| out.write_all(inputs.ruleset_text.as_bytes()))?;
    sink.table(FACTORS, &mut |out| out.write_all(inputs.factors.to_csv().as_bytes()))?;
    sink.table(READINGS, &mut |out| readings::write(inputs, out))?;
    sink.table(REVISIONS, &mut |out| revisions(inputs, out))?;
    sink.table(CERTIFICATES, &mut |out| table(out, CERTIFICATE_COLUMNS, &inputs.certificates))?;
    sink.table(INVOICES, &mut |out| invoices(&inputs.invoices, out))?;
    if let Some(restatement) = &inputs.restatement {
        let Previous { manifest, intervals, results } = &restatement.previous;
        for (name, bytes) in CARRIED.into_iter().zip([manifest, intervals, results]) {
            sink.table(&format!("{PREVIOUS}{name}"), &mut |out| out.write_all(bytes))?;
        }
    }
    for Overlap { root, manifest, intervals } in &inputs.overlaps {
        for (path, bytes) in overlap_paths(root).iter().zip([manifest, intervals]) {
            sink.table(path, &mut |out| out.write_all(bytes))?;
        }
    }
    Ok(())
}

/// Of the revisions that readings name, by record time.
fn forms(inputs: &Inputs) -> Result<Vec<PackedForm>, EvidenceError> {
    let mut forms = Vec::new();
    for revision in used(inputs) {
        let Some(text) = &revision.form else { continue };
        let form = serde_json::from_str(text).map_err(|e| EvidenceError::malformed(BOOKS, e))?;
        let recorded = revision.recorded.to_string();
        forms.push(PackedForm { recorded, file_sha256: revision.file_sha256.clone(), form });
    }
    forms.sort_by(|a, b| (&a.recorded, &a.file_sha256).cmp(&(&b.recorded, &b.file_sha256)));
    Ok(forms)
}

/// Gives each revision the form that its file was read by.
fn name_forms(forms: Vec<PackedForm>, known: &mut BTreeMap<i64, Revision>) -> Result<(), EvidenceError> {
    if forms.is_empty() {
        return Ok(());
    }
    let ids: BTreeMap<(String, String), i64> =
        known.values().map(|r| ((r.recorded.to_string(), r.file_sha256.clone()), r.id)).collect();
    for PackedForm { recorded, file_sha256, form } in forms {
        let refuse = |what: String| EvidenceError::malformed(BOOKS, format!("the form of {recorded}: {what}"));
        let form = Form::of_json(form).map_err(&refuse)?;
        let id = ids.get(&(recorded.clone(), file_sha256));
        let revision = id.and_then(|id| known.get_mut(id));
        let revision = revision.ok_or_else(|| refuse("no reading names its revision".into()))?;
        if revision.form.replace(form.to_json()).is_some() {
            return Err(refuse("stands twice".into()));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct RevisionRow {
    recorded: String,
    file_sha256: String,
    actor: Option<String>,
    reason: Option<String>,
}

fn revisions(inputs: &Inputs, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Recorded<'_>> = recorded(inputs).collect();
    rows.sort_by_key(|(recorded, sha256, ..)| (*recorded, *sha256));
    table(out, "recorded,file_sha256,actor,reason", &rows)
}

const CERTIFICATE_COLUMNS: &str = "id,issuance,device,registry,technology,start,end,first_wh,last_wh,status,owner,\
                                   beneficiary,contract,since,expires";

/// A file of at most so many bytes; none where it is larger.
fn up_to(files: &dyn Files, path: &str, most: u64) -> Result<Option<Vec<u8>>, EvidenceError> {
    let mut read = Vec::new();
    files.open(path).map_err(|e| EvidenceError::malformed(path, e))?.take(most + 1).read_to_end(&mut read)?;
    Ok((read.len() as u64 <= most).then_some(read))
}

fn bytes(files: &dyn Files, path: &str) -> Result<Vec<u8>, EvidenceError> {
    let larger = || EvidenceError::malformed(path, format!("is larger than {LARGEST} bytes"));
    up_to(files, path, LARGEST)?.ok_or_else(larger)
}

fn text(files: &dyn Files, path: &str) -> Result<String, EvidenceError> {
    String::from_utf8(bytes(files, path)?).map_err(|_| EvidenceError::malformed(path, "is not UTF-8"))
}

fn rows<T: for<'de> Deserialize<'de>>(files: &dyn Files, path: &str, most: usize) -> Result<Vec<T>, EvidenceError> {
    let reader = files.open(path).map_err(|e| EvidenceError::malformed(path, e))?;
    let reader = ShortRecords::with_limit(reader, LONGEST_ROW);
    let mut list = Vec::new();
    for (index, row) in csv::Reader::from_reader(reader).into_deserialize::<T>().enumerate() {
        if index >= most {
            return Err(EvidenceError::malformed(path, format!("has more rows than a pack holds, {most}")));
        }
        list.push(row.map_err(|e| EvidenceError::malformed(path, format!("row {}: {e}", index + 1)))?);
    }
    Ok(list)
}

/// Files of earlier packs, of which a pack carries only so many bytes.
struct Carried<'a> {
    files: &'a dyn Files,
    left: u64,
}

impl Carried<'_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, EvidenceError> {
        let more = || {
            let most = limits::CARRIED_BYTES;
            EvidenceError::malformed(path, format!("with it, more than {most} bytes of earlier packs are carried"))
        };
        let read = up_to(self.files, path, self.left)?.ok_or_else(more)?;
        self.left = self.left.saturating_sub(read.len() as u64);
        Ok(read)
    }
}

/// Reads the inputs of a pack back.
pub fn read(files: &dyn Files) -> Result<Inputs, EvidenceError> {
    let books: PackedBooks<'_> =
        serde_json::from_slice(&bytes(files, BOOKS)?).map_err(|e| EvidenceError::malformed(BOOKS, e))?;
    let ruleset_text = text(files, RULESET)?;
    let ruleset = Ruleset::parse(&ruleset_text).map_err(|e| EvidenceError::malformed(RULESET, e))?;
    let factors = Factors::from_csv(&text(files, FACTORS)?).map_err(|e| EvidenceError::malformed(FACTORS, e))?;
    let reader = files.open(READINGS).map_err(|e| EvidenceError::malformed(READINGS, e))?;
    let (series, mut revisions) = readings::parse(reader)?;
    let acts = name_revisions(rows(files, REVISIONS, 2 * limits::REVISIONS)?, &mut revisions)?;
    name_forms(books.forms, &mut revisions)?;
    if books.overlaps.len() > limits::OVERLAPS {
        let what = format!("{} packs that share hours are more than {}", books.overlaps.len(), limits::OVERLAPS);
        return Err(EvidenceError::malformed(BOOKS, what));
    }
    let mut carried = Carried { files, left: limits::CARRIED_BYTES };
    let restatement = books.restatement.map(|r| -> Result<Restatement, EvidenceError> {
        let [manifest, intervals, results] = CARRIED.map(|name| carried.read(&format!("{PREVIOUS}{name}")));
        let previous = Previous { manifest: manifest?, intervals: intervals?, results: results? };
        Ok(Restatement { previous, ..r.into_owned() })
    });
    let restatement = restatement.transpose()?;
    let overlap = |root: String| -> Result<Overlap, EvidenceError> {
        if !is_sha256(&root) {
            return Err(EvidenceError::malformed(BOOKS, "an overlapping pack is not named by its root"));
        }
        let [manifest, intervals] = overlap_paths(&root);
        Ok(Overlap { manifest: carried.read(&manifest)?, intervals: carried.read(&intervals)?, root })
    };
    let overlaps: Result<Vec<Overlap>, EvidenceError> = books.overlaps.into_iter().map(overlap).collect();
    Ok(Inputs {
        definitions: books.definitions,
        ruleset,
        ruleset_text,
        factors,
        period: books.period,
        fuels: books.fuels,
        as_of: books.as_of,
        series,
        revisions,
        certificates: rows(files, CERTIFICATES, limits::CERTIFICATES)?,
        invoices: read_invoices(files)?,
        acts,
        restatement,
        overlaps: overlaps?,
        suspects: books.suspects,
        fallbacks: books.fallbacks,
    })
}

/// A row of `inputs/invoices.csv`.
#[derive(Deserialize)]
struct InvoiceRow {
    invoice: String,
    site: SiteId,
    start: String,
    end: String,
    wh: i64,
}

fn read_invoices(files: &dyn Files) -> Result<Vec<Invoice>, EvidenceError> {
    let instant = |text: &str| Instant::parse(text).map_err(|e| EvidenceError::malformed(INVOICES, e));
    let bill = |InvoiceRow { invoice, site, start, end, wh }: InvoiceRow| -> Result<Invoice, EvidenceError> {
        Ok(Invoice { start: instant(&start)?, end: instant(&end)?, invoice, site, wh })
    };
    rows(files, INVOICES, limits::INVOICES)?.into_iter().map(bill).collect()
}

/// Actor and reason of the revisions that the readings name, each of which has its row; other rows stand behind
/// certificates and invoices.
fn name_revisions(rows: Vec<RevisionRow>, known: &mut BTreeMap<i64, Revision>) -> Result<Vec<Act>, EvidenceError> {
    let (mut acts, mut named) = (Vec::new(), BTreeSet::new());
    let ids: BTreeMap<(RecordTime, String), i64> =
        known.values().map(|r| ((r.recorded, r.file_sha256.clone()), r.id)).collect();
    for RevisionRow { recorded, file_sha256, actor, reason } in rows {
        let recorded = RecordTime::parse(&recorded).map_err(|e| EvidenceError::malformed(REVISIONS, e))?;
        let key = (recorded, file_sha256);
        match ids.get(&key).and_then(|id| known.get_mut(id)) {
            Some(revision) => {
                (revision.actor, revision.reason) = (actor, reason);
                named.insert(revision.id);
            }
            None => acts.push(Act { recorded, file_sha256: key.1, actor, reason }),
        }
    }
    if named.len() != known.len() {
        let what = "does not list the revisions that readings.csv names, each once";
        return Err(EvidenceError::malformed(REVISIONS, what));
    }
    Ok(acts)
}
