//! What schedulers report back: where a piece of work stands. Without it no re-plan is right.

use super::{Deserialize, Fault, Instant, Serialize, SiteId, Zone, parse_when, word};
use crate::portfolio::absent::{SITE, absent};
use reports::time::instant::as_seconds;
use strum::{EnumString, IntoStaticStr, VariantNames};

/// What a scheduler says a piece of work does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Phase {
    Queued,
    Running,
    Paused,
    Done,
    Cancelled,
}

impl Phase {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// As last reported; `at` is when that was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub phase: Phase,
    /// Part of it that is done, and when that was so.
    pub done: Option<f64>,
    #[serde(rename = "done_s", default, skip_serializing_if = "Option::is_none", with = "as_seconds::option")]
    pub done_at: Option<Instant>,
    #[serde(rename = "last_checkpoint_s", default, with = "as_seconds::option")]
    pub last_checkpoint: Option<Instant>,
    pub site: Option<SiteId>,
    /// Since when it has been in this phase.
    #[serde(rename = "since_s", default, with = "as_seconds::option")]
    pub since: Option<Instant>,
    #[serde(rename = "at_s", default, with = "as_seconds::option")]
    pub at: Option<Instant>,
}

impl State {
    pub const QUEUED: Self = Self {
        phase: Phase::Queued,
        done: None,
        done_at: None,
        last_checkpoint: None,
        site: None,
        since: None,
        at: None,
    };

    pub fn open(&self) -> bool {
        matches!(self.phase, Phase::Queued | Phase::Running | Phase::Paused)
    }
}

/// A report of a scheduler: what it leaves out stays as it was.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    pub state: Option<String>,
    pub done: Option<f64>,
    pub last_checkpoint: Option<String>,
    pub site: Option<SiteId>,
    /// When this was so; without it, now.
    pub at: Option<String>,
}

impl Update {
    /// The state after it.
    pub fn applied(&self, before: &State, sites: &[&str], now: Instant) -> Result<State, Fault> {
        let instant = |text: &Option<String>, what: &str| {
            let parsed = text.as_ref().map(|text| parse_when(text, now, Zone::UTC)).transpose();
            parsed.map_err(|p| Fault::new(format!("{what}: {}", p.what)).hint("write an instant with offset"))
        };
        let refuse = Fault::refuse_if;
        let says_nothing = (&self.state, self.done, &self.last_checkpoint, &self.site) == (&None, None, &None, &None);
        refuse(says_nothing, "the report is empty", "state at least one of state, done, last checkpoint, site")?;
        let at = instant(&self.at, "at")?.unwrap_or(now);
        refuse(at > now, "a state in the future cannot be reported", "leave `at` out, or check the clock")?;
        let superseded = before.at.is_some_and(|last| at < last);
        refuse(superseded, "a later state was reported already", "report states in their order")?;
        let cancelled = before.phase == Phase::Cancelled;
        refuse(cancelled, "it was cancelled", "submit it again: under the same id it starts over")?;
        let phase = self.state.as_ref().map_or(Ok(before.phase), |text| word("state", text))?;
        let no_part = self.done.is_some_and(|done| !(0.0..=1.0).contains(&done));
        refuse(no_part, "done is not between 0 and 1", "write it as 0.42")?;
        if let Some(site) = self.site.as_ref().filter(|site| !sites.contains(&site.as_str())) {
            return Err(absent(SITE, site, sites));
        }
        let checkpoint = instant(&self.last_checkpoint, "last checkpoint")?;
        let ahead = checkpoint.is_some_and(|s| s > at);
        refuse(ahead, "the last checkpoint lies after the report", "correct one of the two times")?;
        let changed = phase != before.phase;
        let states_done = self.done.is_some() || phase == Phase::Done;
        Ok(State {
            phase,
            done: if phase == Phase::Done { Some(1.0) } else { self.done.or(before.done) },
            // A report that leaves it out says nothing of how much is done by now.
            done_at: if states_done { Some(at) } else { before.done_at.or(before.done.and(before.at)) },
            last_checkpoint: checkpoint.or(before.last_checkpoint),
            site: self.site.clone().or_else(|| before.site.clone()),
            since: if changed || before.since.is_none() { Some(at) } else { before.since },
            at: Some(at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::work as stored;

    #[test]
    fn what_begins_anew_is_queued() {
        let anew: State = serde_json::from_str(stored::ANEW).expect("a state");
        assert_eq!(anew, State::QUEUED);
        assert_eq!(serde_json::to_string(&anew).expect("text"), stored::ANEW);
        let phases = [stored::QUEUED, stored::DONE, stored::CANCELLED].map(|word| word.parse().ok());
        assert_eq!(phases, [Phase::Queued, Phase::Done, Phase::Cancelled].map(Some));
    }

    /// Reports are kept in this form: one of any version is read by every other.
    #[test]
    fn a_state_is_stored_with_its_instants_in_seconds() {
        let text = r#"{"phase":"paused","done":0.25,"done_s":7,"last_checkpoint_s":6,"site":"s","since_s":5,"at_s":9}"#;
        let state: State = serde_json::from_str(text).expect("a state");
        let instants = [state.done_at, state.last_checkpoint, state.since, state.at];
        assert_eq!(instants, [7, 6, 5, 9].map(|second| Some(Instant::from_seconds(second))));
        assert_eq!(serde_json::to_string(&state).expect("text"), text);
        let short: State = serde_json::from_str(r#"{"phase":"queued"}"#).expect("a state");
        assert_eq!(short, State::QUEUED);
    }
}
