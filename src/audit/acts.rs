//! Who brought in the bills of a report, and who did what to its certificates.

use crate::store::certificates::Logged;
use reports::certificates::Certificate;
use reports::inputs::{Act, Invoice, Revision};
use reports::text::visible;
use std::collections::{BTreeMap, BTreeSet};

/// Ids named in one reason.
const NAMED: usize = 3;

/// Everything behind these certificates and bills, sorted; `revisions` as they may be shown.
pub fn behind(
    log: &[Logged],
    certificates: &[Certificate],
    bills: &[(Invoice, i64)],
    revisions: &BTreeMap<i64, Revision>,
) -> Vec<Act> {
    let mut acts = of_certificates(log, certificates);
    let files: BTreeSet<i64> = bills.iter().map(|(_, revision)| *revision).collect();
    acts.extend(files.iter().filter_map(|id| revisions.get(id)).map(|r| Act {
        recorded: r.recorded,
        file_sha256: r.file_sha256.clone(),
        actor: r.actor.clone(),
        reason: r.reason.clone(),
    }));
    acts.sort();
    acts
}

/// What was done, by whom and why where they say, to these certificates and to the bundles they were split from.
fn of_certificates(log: &[Logged], certificates: &[Certificate]) -> Vec<Act> {
    let mut ids: BTreeSet<&str> = certificates.iter().map(|c| c.id.as_str()).collect();
    let mut acts = Vec::new();
    for event in log.iter().rev() {
        let of: Vec<&str> =
            event.left.iter().chain(&event.gone).map(String::as_str).filter(|id| ids.contains(id)).collect();
        if of.is_empty() {
            continue;
        }
        // From here on back, a part is the bundle it came from.
        ids.extend(event.gone.iter().map(String::as_str));
        if event.actor.is_some() || event.reason.is_some() {
            acts.push(Act {
                recorded: event.recorded,
                file_sha256: String::new(),
                actor: shown(event.actor.as_ref()),
                reason: shown(Some(&words(event, &of))),
            });
        }
    }
    acts
}

/// What somebody stated before it was checked at the door: nothing hidden gets into a report.
pub(super) fn shown(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(|text| visible(text).into_owned())
}

/// `withdraw of gc-1: issued twice`.
fn words(event: &Logged, of: &[&str]) -> String {
    let named = of[..of.len().min(NAMED)].join(", ");
    let more = if of.len() > NAMED { format!(" and {} more", of.len() - NAMED) } else { String::new() };
    let why = event.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} of {named}{more}{why}", event.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::certificates::Status;
    use reports::time::{Instant, RecordTime};

    fn certificate(id: &str) -> Certificate {
        Certificate {
            id: id.into(),
            issuance: "i".into(),
            device: "w".into(),
            registry: "R".into(),
            technology: "wind".into(),
            start: Instant::FIRST,
            end: Instant::FIRST + 3_600,
            first_wh: 1,
            last_wh: 10,
            status: Status::Cancelled,
            owner: String::new(),
            beneficiary: None,
            contract: None,
            since: Instant::FIRST,
            expires: None,
        }
    }

    fn event(micros: i64, kind: &str, actor: Option<&str>, left: &[&str], gone: &[&str]) -> Logged {
        let texts = |list: &[&str]| list.iter().map(|id| (*id).to_string()).collect();
        let (left, gone) = (texts(left), texts(gone));
        let recorded = RecordTime::from_micros(micros);
        Logged { recorded, kind: kind.into(), actor: actor.map(String::from), reason: None, left, gone }
    }

    #[test]
    fn a_part_has_the_history_of_its_bundle_and_others_have_none() {
        let log = [
            event(1, "issue", Some("reg"), &["m", "other"], &[]),
            event(2, "split", None, &["m.1", "m.2"], &["m"]),
            event(3, "cancel", Some("us"), &["m.2"], &[]),
            event(4, "withdraw", Some("reg"), &["other"], &[]),
        ];
        let acts = behind(&log, &[certificate("m.2")], &[], &BTreeMap::new());
        let reasons: Vec<(i64, Option<&str>)> =
            acts.iter().map(|a| (a.recorded.micros(), a.reason.as_deref())).collect();
        assert_eq!(reasons, [(1, Some("issue of m")), (3, Some("cancel of m.2"))]);
        assert!(behind(&log, &[certificate("z")], &[], &BTreeMap::new()).is_empty());
    }
}
