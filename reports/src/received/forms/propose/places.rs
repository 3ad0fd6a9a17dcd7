//! What the portfolio has, so that a proposal names it: sites, contracts, boundaries, zones and the currency.

use ids::{BoundaryId, ContractId, SiteId};
use std::ops::Deref;

/// A site, contract or boundary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place<Id> {
    pub id: Id,
    pub name: Option<String>,
    /// Empty of boundaries themselves.
    pub boundary: BoundaryId,
    /// Of sites; empty of others.
    pub time_zone: String,
}

/// What the portfolio has, and what the file is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub file: String,
    /// Empty where nothing is known.
    pub currency: String,
    pub time_zone: String,
    pub sites: Vec<Place<SiteId>>,
    pub contracts: Vec<Place<ContractId>>,
    pub boundaries: Vec<Place<BoundaryId>>,
}

/// Shorter names are found as whole words only.
const LONG: usize = 4;

impl Places {
    /// The site that a column or the file names, or the only one.
    pub fn site(&self, column: &str) -> Option<&Place<SiteId>> {
        self.named_site(column).or(only(&self.sites))
    }

    /// The contract that a column or the file names, or the only one.
    pub fn contract(&self, column: &str) -> Option<&Place<ContractId>> {
        self.named_contract(column).or(only(&self.contracts))
    }

    pub fn named_site(&self, column: &str) -> Option<&Place<SiteId>> {
        named(&self.sites, column).or_else(|| named(&self.sites, &self.file))
    }

    pub fn named_contract(&self, column: &str) -> Option<&Place<ContractId>> {
        named(&self.contracts, column).or_else(|| named(&self.contracts, &self.file))
    }

    /// The boundary that a column or the file names, or that of what they name, or the only one.
    pub fn boundary(&self, column: &str) -> Option<&BoundaryId> {
        let own = named(&self.boundaries, column).or_else(|| named(&self.boundaries, &self.file));
        let of_site = || self.named_site(column).map(|site| &site.boundary);
        let of_contract = || self.named_contract(column).map(|contract| &contract.boundary);
        let own = own.map(|boundary| &boundary.id).or_else(of_site).or_else(of_contract);
        own.or_else(|| only(&self.boundaries).map(|boundary| &boundary.id))
    }
}

fn only<Id>(places: &[Place<Id>]) -> Option<&Place<Id>> {
    match places {
        [one] => Some(one),
        _ => None,
    }
}

/// The one place that a text names: that of the longest name in it.
fn named<'p, Id: Deref<Target = str>>(places: &'p [Place<Id>], text: &str) -> Option<&'p Place<Id>> {
    let (whole, words) = (squashed(text), words(text));
    let length = |place: &Place<Id>| {
        let labels = [Some(&*place.id), place.name.as_deref()];
        let found = labels.into_iter().flatten().map(squashed).filter(|label| {
            (label.len() >= LONG && whole.contains(label.as_str())) || (label.len() > 1 && words.contains(label))
        });
        found.map(|label| label.len()).max()
    };
    let mut found: Vec<(usize, &Place<Id>)> = places.iter().filter_map(|place| Some((length(place)?, place))).collect();
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    match found[..] {
        [(_, one)] => Some(one),
        [(longest, one), (next, _), ..] if longest > next => Some(one),
        _ => None,
    }
}

/// Letters and digits alone, small: `solar-va` and `Solar_VA` are the same.
fn squashed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(squashed).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(ids: &[&str]) -> Vec<Place<SiteId>> {
        ids.iter().map(|id| Place { id: (*id).into(), ..Place::default() }).collect()
    }

    #[test]
    fn a_place_is_named_by_its_id_however_it_is_written() {
        let some = places(&["frankfurt", "solar-va", "solar", "a", "IE"]);
        for (text, wanted) in [
            ("Frankfurt_Lastgang.csv", Some("frankfurt")),
            ("solar_va_local.csv", Some("solar-va")),
            ("Solar MWh", Some("solar")),
            ("IE price", Some("IE")),
            ("pie chart", None),
            ("a kWh", None),
            ("frankfurt and solar-va", Some("frankfurt")),
            ("", None),
        ] {
            assert_eq!(named(&some, text).map(|place| place.id.as_str()), wanted, "{text}");
        }
        assert_eq!(named(&places(&["north", "south"]), "north and south"), None, "two of one length");
    }
}
