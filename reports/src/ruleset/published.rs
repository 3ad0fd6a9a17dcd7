//! Every version of every ruleset, as it was published, and why there is none.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum RulesetError {
    #[error("no ruleset `{asked}`; there are {known}")]
    Unknown { asked: String, known: String },
    #[error("ruleset: {0}")]
    Malformed(String),
    #[error("ruleset `{id}`: {what}")]
    Unsupported { id: String, what: String },
}

/// A version of a ruleset as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) id: &'static str,
    pub(super) version: &'static str,
    pub(super) text: &'static str,
}

/// Every version there ever was, the newest of an id last: what was computed under one can be computed again.
pub(super) const PUBLISHED: [Published; 9] = [
    Published { id: "annual-2015", version: "1", text: include_str!("../../rulesets/annual-2015@1.toml") },
    Published { id: "annual-2015", version: "2", text: include_str!("../../rulesets/annual-2015@2.toml") },
    Published { id: "annual-2015", version: "3", text: include_str!("../../rulesets/annual-2015@3.toml") },
    Published { id: "google-cfe-2021", version: "1", text: include_str!("../../rulesets/google-cfe-2021@1.toml") },
    Published { id: "google-cfe-2021", version: "2", text: include_str!("../../rulesets/google-cfe-2021@2.toml") },
    Published { id: "google-cfe-2021", version: "3", text: include_str!("../../rulesets/google-cfe-2021@3.toml") },
    Published { id: "hourly-2026", version: "2", text: include_str!("../../rulesets/hourly-2026@2.toml") },
    Published { id: "hourly-2026", version: "3", text: include_str!("../../rulesets/hourly-2026@3.toml") },
    Published { id: "hourly-2026", version: "4", text: include_str!("../../rulesets/hourly-2026@4.toml") },
];

/// The version a name asks for: `hourly-2026` is the newest, `hourly-2026@2` that one whatever comes after it.
pub(super) fn find(published: &[Published], name: &str) -> Result<Published, RulesetError> {
    let found = match name.split_once('@') {
        Some((id, version)) => published.iter().find(|p| p.id == id && p.version == version),
        None => published.iter().rfind(|p| p.id == name),
    };
    found.copied().ok_or_else(|| {
        let known: Vec<String> = published.iter().map(|p| format!("{}@{}", p.id, p.version)).collect();
        RulesetError::Unknown { asked: name.to_string(), known: known.join(", ") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_version_stays_within_reach_and_the_newest_is_the_default() {
        let version = |id, version| Published { id, version, text: "" };
        let all = [version("hourly", "9"), version("hourly", "10"), version("yearly", "1")];
        for (name, found) in [("hourly", "10"), ("hourly@9", "9"), ("hourly@10", "10"), ("yearly", "1")] {
            assert_eq!(find(&all, name).map(|p| p.version), Ok(found), "{name}");
        }
        for name in ["hourly@11", "hourly@", "daily", "@9", ""] {
            let error = find(&all, name).expect_err("there is none").to_string();
            assert_eq!(error, format!("no ruleset `{name}`; there are hourly@9, hourly@10, yearly@1"));
        }
    }

    #[test]
    fn versions_of_an_id_stand_together_and_rise() {
        for pair in PUBLISHED.windows(2) {
            let version = |p: &Published| p.version.parse::<u32>().expect("a number");
            assert!(
                pair[0].id < pair[1].id || (pair[0].id == pair[1].id && version(&pair[0]) < version(&pair[1])),
                "{pair:?}"
            );
        }
    }
}
