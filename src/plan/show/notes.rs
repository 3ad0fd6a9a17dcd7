//! Reasons in a few lines: what several series share is said once.

use crate::plan::document::Reason;

/// Subjects named in a line; the document has every one.
const NAMED: usize = 8;

/// A line for each cause, in the order in which causes first come: the message of one subject as it is, else what the
/// messages share and whom they are of.
pub fn grouped<'r>(reasons: impl IntoIterator<Item = &'r Reason>) -> Vec<String> {
    let mut causes: Vec<(&Reason, Option<&str>, Vec<&str>)> = Vec::new();
    for reason in reasons {
        let shared = shared(reason);
        match causes.iter_mut().find(|cause| shared.is_some() && cause.1 == shared) {
            Some((_, _, subjects)) => subjects.push(&reason.subject),
            None => causes.push((reason, shared, vec![reason.subject.as_str()])),
        }
    }
    causes.into_iter().map(|(first, shared, subjects)| line(first, shared, &subjects)).collect()
}

/// The message without the subject that it begins with.
fn shared(reason: &Reason) -> Option<&str> {
    reason.message.strip_prefix(reason.subject.as_str())?.strip_prefix(": ")
}

fn line(first: &Reason, shared: Option<&str>, subjects: &[&str]) -> String {
    let Some(shared) = shared.filter(|_| subjects.len() > 1) else { return first.message.clone() };
    let named = subjects.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match subjects.len().saturating_sub(NAMED) {
        0 => format!("{shared}: {named}"),
        more => format!("{shared}: {named} and {more} more; --format json has all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(subject: &str, message: &str) -> Reason {
        Reason::new("history_forecast", subject, 1.0, "steps", message)
    }

    #[test]
    fn what_is_said_of_several_series_is_said_once() {
        let what = "not supplied, blended from its last 14 days (24 of 24 steps, …)";
        let reasons = [
            reason("a/load", &format!("a/load: {what}")),
            reason("plan", "something else"),
            reason("b/load", &format!("b/load: {what}")),
            reason("c/load", "c/load: not supplied, blended from its last 14 days (2 of 24 steps, …)"),
        ];
        assert_eq!(
            grouped(&reasons),
            [
                format!("{what}: a/load, b/load"),
                "something else".to_string(),
                "c/load: not supplied, blended from its last 14 days (2 of 24 steps, …)".to_string(),
            ]
        );
    }

    #[test]
    fn a_long_list_says_how_much_longer_it_is() {
        let reasons: Vec<Reason> = (0..11).map(|k| reason(&format!("s{k}"), &format!("s{k}: absent"))).collect();
        let lines = grouped(&reasons);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("absent: s0, s1, "), "{}", lines[0]);
        assert!(lines[0].ends_with("s7 and 3 more; --format json has all"), "{}", lines[0]);
    }
}
