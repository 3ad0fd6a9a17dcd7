//! What changed since the previous version and made a new one: the reason where nobody states one, and whose it is.

use super::assemble::{self, Known};
use crate::store::readings::{self, Cut};
use crate::store::settlements::Settlement;
use crate::store::{Store, withdrawals};
use reports::inputs::{Act, Inputs, Revision};
use reports::series::needed;
use std::collections::BTreeSet;

/// Files or acts a reason tells of.
const MOST_NAMED: usize = 3;

#[derive(Debug)]
pub(super) struct Since {
    pub reason: String,
    pub actor: Option<String>,
}

impl Since {
    /// Only what changed something the figures rest on: files whose rows stand where other rows or none stood then,
    /// retractions among them, withdrawals of rows that stood then, bills and acts on certificates of the period, and
    /// another portfolio or ruleset.
    pub async fn find(store: &Store, inputs: &Inputs, before: &Settlement, known: Known) -> anyhow::Result<Self> {
        let revisions = Revisions::since(store, inputs, before, known).await?;
        let acts = inputs.acts.iter().filter(|act| act.file_sha256.is_empty());
        let done: Vec<&Act> = acts.filter(|act| act.recorded > before.certificates).collect();
        let reasons: Vec<&str> = done.iter().filter_map(|act| act.reason.as_deref()).collect();
        let mut causes = revisions.causes();
        causes.extend(first_of("certificates: ", &reasons, "; "));
        if causes.is_empty() {
            // Certificates of the period stand otherwise than they did, whoever had a hand in it.
            let contracts = &inputs.definitions.contracts;
            let then = assemble::register(store, contracts, inputs.period, before.certificates).await?;
            causes.extend((then != inputs.certificates).then(|| "the certificate register changed".to_string()));
        }
        if before.portfolio_sha256 != inputs.definitions.sha256()? {
            causes.push("the portfolio changed".into());
        }
        if before.ruleset != rules(inputs) {
            causes.push(format!("{} in place of {}", rules(inputs), before.ruleset));
        }
        let actors = revisions.all().map(|r| &r.actor).chain(done.iter().map(|act| &act.actor));
        let actors: BTreeSet<&str> = actors.flatten().map(String::as_str).collect();
        Ok(Self {
            reason: if causes.is_empty() {
                "factors, the fuels an area reports or what is suspect changed".into()
            } else {
                causes.join("; ")
            },
            actor: (!actors.is_empty()).then(|| actors.into_iter().collect::<Vec<_>>().join(", ")),
        })
    }
}

/// What was taken in since, taken back, and put back again.
#[derive(Default)]
struct Revisions<'i> {
    files: Vec<&'i Revision>,
    withdrawn: Vec<&'i Revision>,
    put_back: Vec<&'i Revision>,
}

impl<'i> Revisions<'i> {
    async fn since(store: &Store, inputs: &'i Inputs, before: &Settlement, known: Known) -> anyhow::Result<Self> {
        let Inputs { definitions, ruleset, certificates, period, .. } = inputs;
        let spans = needed::for_report(definitions, ruleset, certificates, *period);
        let (after, until) = (before.revision, known.revision);
        let mut came = readings::came(store, &spans, after, Cut { revision: until, ..Cut::NONE }).await?;
        came.extend(withdrawals::reaching(store, &spans, after, until).await?);
        came.extend(withdrawals::of_bills(store, *period, after, until).await?);
        let bill =
            |r: &Revision| inputs.acts.iter().any(|a| (a.recorded, &a.file_sha256) == (r.recorded, &r.file_sha256));
        let withdrawals = withdrawals::all(store).await?;
        let mut found = Self::default();
        for revision in inputs.revisions.range(after + 1..).map(|(_, r)| r).filter(|r| r.id <= until) {
            if !came.contains(&revision.id) && !bill(revision) {
                continue;
            }
            match withdrawals.get(&revision.id) {
                None => found.files.push(revision),
                Some(of) if withdrawals.contains_key(of) => found.put_back.push(revision),
                Some(_) => found.withdrawn.push(revision),
            }
        }
        Ok(found)
    }

    fn all(&self) -> impl Iterator<Item = &'i Revision> {
        self.files.iter().chain(&self.withdrawn).chain(&self.put_back).copied()
    }

    fn causes(&self) -> Vec<String> {
        let names = |list: &[&'i Revision]| -> Vec<&'i str> { list.iter().map(|r| r.file_name.as_str()).collect() };
        let given: BTreeSet<&str> = self.all().filter_map(|r| r.reason.as_deref()).collect();
        let given: Vec<&str> = given.into_iter().collect();
        let causes = [
            first_of("data received since: ", &names(&self.files), ", "),
            first_of("data withdrawn since: ", &names(&self.withdrawn), ", "),
            first_of("withdrawn data put back since: ", &names(&self.put_back), ", "),
            first_of("because: ", &given, "; "),
        ];
        causes.into_iter().flatten().collect()
    }
}

/// The rules of a settlement, as it keeps them.
pub(super) fn rules(inputs: &Inputs) -> String {
    format!("{} version {}", inputs.ruleset.id, inputs.ruleset.version)
}

/// The first few, and that there are more; none where there is nothing to tell.
fn first_of(what: &str, list: &[&str], between: &str) -> Option<String> {
    let more = if list.len() > MOST_NAMED { " and more" } else { "" };
    (!list.is_empty()).then(|| format!("{what}{}{more}", list[..list.len().min(MOST_NAMED)].join(between)))
}
