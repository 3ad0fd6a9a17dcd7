//! How people are shown sites and contracts: by name, where they have one. Programs, and whatever is typed, go by ids.

use super::contract::ContractDef;
use super::limits;
use super::site::SiteDef;
use crate::text::is_line;
use ids::{ContractId, InstrumentId, SiteId};
use std::collections::BTreeMap;

/// Why a text is no display name, where it is none.
pub fn fault(name: &str) -> Option<String> {
    if !is_line(name) || name.trim() != name {
        let what = "is blank, begins or ends with a blank, or holds control characters or bidirectional marks";
        return Some(what.into());
    }
    let (count, most) = (name.chars().count(), limits::DISPLAY_NAME);
    (count > most).then(|| format!("has {count} characters, more than {most}"))
}

/// Pairs that people could not tell apart, by their places: of one name, or one named by the other's id. Ids with their
/// names.
pub fn alike(all: &[(&str, Option<&str>)]) -> Vec<(usize, usize)> {
    let ids: BTreeMap<&str, usize> = all.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (place, (_, name)) in all.iter().enumerate() {
        let Some(name) = *name else { continue };
        let of_id = ids.get(name).copied().filter(|other| *other != place);
        let earlier = names.insert(name, place).or(of_id);
        pairs.extend(earlier.map(|other| (other, place)));
    }
    pairs
}

/// `Ashburn campus (ashburn)`; the id alone where that is the name, too.
pub fn with_id(name: &str, id: &str) -> String {
    if name == id { id.to_string() } else { format!("{name} ({id})") }
}

impl SiteDef {
    /// Its name, with the id that is typed.
    pub fn label(&self) -> String {
        with_id(self.name.as_deref().unwrap_or(&self.id), &self.id)
    }
}

impl ContractDef {
    /// Its name, with the id that is typed.
    pub fn label(&self) -> String {
        with_id(self.name.as_deref().unwrap_or(&self.id), &self.id)
    }
}

/// The display names of a portfolio, by id: only those that have one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    sites: BTreeMap<SiteId, String>,
    contracts: BTreeMap<ContractId, String>,
}

impl Labels {
    pub fn new(sites: BTreeMap<SiteId, String>, contracts: BTreeMap<ContractId, String>) -> Self {
        Self { sites, contracts }
    }

    pub fn has_sites(&self) -> bool {
        !self.sites.is_empty()
    }

    /// Whether any instrument may have a name: self-generation has its site's.
    pub fn has_instruments(&self) -> bool {
        self.has_sites() || !self.contracts.is_empty()
    }

    /// A site by its name alone, else by its id: where its id stands elsewhere.
    pub fn site<'a>(&'a self, id: &'a SiteId) -> &'a str {
        self.sites.get(id).map_or(id, String::as_str)
    }

    pub fn site_with_id(&self, id: &SiteId) -> String {
        with_id(self.site(id), id)
    }

    /// A contract by its name, self-generation (`onsite/<site>`) by its site's; else the instrument's id.
    pub fn instrument<'a>(&'a self, id: &'a InstrumentId) -> &'a str {
        let name = match id.strip_prefix("onsite/") {
            Some(site) => self.sites.get(site),
            None => self.contracts.get(id.as_str()),
        };
        name.map_or(id, String::as_str)
    }

    pub fn instrument_with_id(&self, id: &InstrumentId) -> String {
        with_id(self.instrument(id), id)
    }

    /// What a row of differences is of: `contract/<id>` with the contract's name, all else as it stands.
    pub fn scope(&self, scope: &str) -> String {
        let name = scope.strip_prefix("contract/").and_then(|id| self.contracts.get(id));
        name.map_or_else(|| scope.to_string(), |name| with_id(name, scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        let longest = "é".repeat(limits::DISPLAY_NAME);
        for name in ["Ashburn campus", "東京 1", "<b>\"R&D\"</b>", longest.as_str()] {
            assert_eq!(fault(name), None, "{name}");
        }
        for odd in ["", " ", " Ashburn", "Ashburn ", "a\nb", "a\u{1b}[2K", "a\u{202e}b"] {
            assert!(fault(odd).expect("no name").starts_with("is blank"), "{odd:?}");
        }
        assert_eq!(fault(&(longest + "é")).expect("too long"), "has 81 characters, more than 80");
    }

    #[test]
    fn nobody_is_taken_for_another() {
        assert!(alike(&[("a", Some("One")), ("b", None), ("c", Some("Two")), ("d", Some("d"))]).is_empty());
        assert_eq!(alike(&[("a", Some("One")), ("b", Some("One")), ("c", Some("One"))]), [(0, 1), (1, 2)]);
        assert_eq!(alike(&[("a", Some("b")), ("b", None)]), [(1, 0)], "named by another's id");
        assert_eq!(alike(&[("a", Some("b")), ("b", Some("a"))]), [(1, 0), (0, 1)]);
    }

    #[test]
    fn instruments_go_by_whose_they_are() {
        let sites = [("ashburn".into(), "Ashburn campus".into())];
        let labels = Labels::new(sites.into(), [("ppa".into(), "Desert Sun PPA".into())].into());
        let (ashburn, other) = (SiteId::from("ashburn"), SiteId::from("other"));
        assert_eq!((labels.site(&ashburn), labels.site(&other)), ("Ashburn campus", "other"));
        assert_eq!(labels.site_with_id(&ashburn), "Ashburn campus (ashburn)");
        let instrument = |id: &str| labels.instrument_with_id(&id.into());
        assert_eq!(instrument("ppa"), "Desert Sun PPA (ppa)");
        assert_eq!(instrument("onsite/ashburn"), "Ashburn campus (onsite/ashburn)");
        assert_eq!(instrument("storage/ppa"), "storage/ppa");
        assert_eq!(instrument("ashburn"), "ashburn", "a contract of a site's id has its own name");
        assert_eq!(labels.scope("contract/ppa"), "Desert Sun PPA (contract/ppa)");
        assert_eq!((labels.scope("portfolio"), labels.scope("ppa")), ("portfolio".into(), "ppa".into()));
    }
}
