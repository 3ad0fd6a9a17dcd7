//! What the ends of a file's intervals name, and rows whose end or start is a second or a minute off.

use crate::time::{Instant, Interval, ends};

/// What the end of an interval names in a file of our own form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ends {
    /// The first instant after it.
    #[default]
    Exclusive,
    /// Its last second or minute: `00:59:59` and `00:59` of an hour.
    Inclusive,
}

impl Ends {
    /// The interval that a row states; without its ends told, one that is a second or a minute short of a whole one is
    /// for `Batch::checked` to refuse, which sees the rows around it.
    pub fn interval(self, start: &str, end: &str) -> Result<Interval, String> {
        let instant = |text: &str| Instant::parse_received(text).map_err(|e| e.to_string());
        let stated = Interval { start: instant(start)?, end: instant(end)? };
        match self {
            Self::Exclusive => Interval::new(stated.start, stated.end).map_err(|e| e.to_string()),
            Self::Inclusive => ends::inclusive(stated).ok_or_else(|| {
                let end = end.chars().take(40).collect::<String>();
                format!(
                    "{stated} is not a whole interval with {end} as its last second or minute; rows with exclusive \
                     ends go into a file of their own, ingested without `--ends inclusive`"
                )
            }),
        }
    }

    /// What a form is called by whose ends are not exclusive.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Exclusive => "",
            Self::Inclusive => ", ends inclusive",
        }
    }
}

/// Why an interval is refused that is a second or a minute short of a whole one, and what to do.
pub fn short_of(what: &str, stated: Interval, whole: Interval) -> String {
    let instead = ends::instead(stated, whole);
    match stated.start == whole.start {
        true => format!(
            "{what}: {stated} ends just before an interval does; intervals end with the first instant after them: \
             {instead}, or ingest the file with `--ends inclusive`"
        ),
        false => format!(
            "{what}: {stated} starts just after an interval does; intervals start with their first instant: {instead}"
        ),
    }
}
