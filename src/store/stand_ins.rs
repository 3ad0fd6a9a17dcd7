//! Revisions that a source gave in place of a better one. What stood in for what is written down with the source as it was
//! when they were taken: ranks change, and what is published does not.

use super::{Store, values};
use reports::fallbacks::{Fallback, of_series};
use reports::inputs::SeriesMap;
use std::collections::BTreeMap;

/// What a revision of a feed stood in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// The source that gave it.
    pub source: String,
    /// Series, and the source that should have given each.
    pub in_place_of: BTreeMap<String, String>,
}

impl StandIn {
    /// The source of a series' readings, and the one that it stood in for.
    pub fn for_series(&self, series: &str) -> Option<(&str, &str)> {
        self.in_place_of.get(series).map(|better| (self.source.as_str(), better.as_str()))
    }
}

/// What a revision names as its source: the kind and name of a feed, and what it stood in for.
pub fn source_of(kind: &str, name: &str, in_place_of: &BTreeMap<String, String>) -> String {
    let plain = format!("feed {kind} {name}");
    match serde_json::to_string(in_place_of) {
        Ok(json) if !in_place_of.is_empty() => format!("{plain} {json}"),
        _ => plain,
    }
}

fn read(source: &str) -> Option<StandIn> {
    let rest = source.strip_prefix("feed ")?;
    let (feed, json) = rest.split_at(rest.find(" {")?);
    let (_, name) = feed.split_once(' ')?;
    Some(StandIn { source: name.to_string(), in_place_of: serde_json::from_str(json.trim_start()).ok()? })
}

/// Those there are, by revision.
pub async fn all(store: &Store) -> sqlx::Result<BTreeMap<i64, StandIn>> {
    let sql = "select id, source from revisions where source like 'feed % {%'";
    let rows: Vec<(i64, String)> = store.rows(sql, values![]).await?;
    Ok(rows.into_iter().filter_map(|(id, source)| Some((id, read(&source)?))).collect())
}

/// Readings that sources gave in place of better ones.
pub fn fallbacks(series: &SeriesMap, revisions: &BTreeMap<i64, StandIn>) -> Vec<Fallback> {
    let mut found = Vec::new();
    for (name, points) in series {
        let readings = points.iter().map(|point| (point.interval(), point.revision));
        found.extend(of_series(name, readings, |revision| revisions.get(&revision)?.for_series(name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_in_for_what_is_read_as_it_was_written() {
        let in_place_of = BTreeMap::from([("grid/A/price".to_string(), "first".to_string())]);
        let written = source_of("gb", "second", &in_place_of);
        assert_eq!(written, r#"feed gb second {"grid/A/price":"first"}"#);
        let stand_in = read(&written).expect("a stand-in");
        assert_eq!(stand_in.for_series("grid/A/price"), Some(("second", "first")));
        assert_eq!(stand_in.for_series("grid/A/cfe_share"), None);
        assert_eq!(source_of("gb", "first", &BTreeMap::new()), "feed gb first");
        for other in ["feed gb first", "readings", "pjm {\"a\":1}", "feed gb second {damaged"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
