//! Which report a file belongs to.

use reports::report::Report;

/// What tells whose figures a file holds, as key-value metadata.
pub(super) fn identity(report: &Report) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("hourmatch.schema", report.schema.clone()),
        ("hourmatch.name", report.name.clone()),
        ("hourmatch.synthetic", report.synthetic.to_string()),
        ("hourmatch.ruleset", report.ruleset.id.clone()),
        ("hourmatch.ruleset_version", report.ruleset.version.clone()),
        ("hourmatch.ruleset_sha256", report.ruleset.sha256.clone()),
        ("hourmatch.portfolio_sha256", report.portfolio_sha256.clone()),
        ("hourmatch.period_start", report.period.start.clone()),
        ("hourmatch.period_end", report.period.end.clone()),
        ("hourmatch.resolution", report.resolution.clone()),
        ("hourmatch.version", report.version.to_string()),
    ];
    pairs.extend(report.inputs_sha256.iter().map(|digest| ("hourmatch.inputs_sha256", digest.clone())));
    pairs.extend(report.as_of.iter().map(|as_of| ("hourmatch.as_of", as_of.clone())));
    pairs.extend(report.replaces.iter().map(|root| ("hourmatch.replaces", root.clone())));
    pairs
}
