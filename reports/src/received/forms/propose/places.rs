//! What the portfolio has, so that a proposal names it: sites, contracts, boundaries, zones and the currency.

/// A site, contract or boundary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub id: String,
    pub name: Option<String>,
    /// Empty of boundaries themselves.
    pub boundary: String,
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
    pub sites: Vec<Place>,
    pub contracts: Vec<Place>,
    pub boundaries: Vec<Place>,
}

/// Shorter names are found as whole words only.
const LONG: usize = 4;

impl Places {
    /// The site that a column or the file names, or the only one.
    pub fn site(&self, column: &str) -> Option<&Place> {
        self.named_site(column).or(only(&self.sites))
    }

    /// The contract that a column or the file names, or the only one.
    pub fn contract(&self, column: &str) -> Option<&Place> {
        self.named_contract(column).or(only(&self.contracts))
    }

    pub fn named_site(&self, column: &str) -> Option<&Place> {
        named(&self.sites, column).or_else(|| named(&self.sites, &self.file))
    }

    pub fn named_contract(&self, column: &str) -> Option<&Place> {
        named(&self.contracts, column).or_else(|| named(&self.contracts, &self.file))
    }

    /// The boundary that a column or the file names, or that of what they name, or the only one.
    pub fn boundary(&self, column: &str) -> Option<&str> {
        let own = named(&self.boundaries, column).or_else(|| named(&self.boundaries, &self.file));
        let own = own.map(|place| place.id.as_str());
        let of = self.named_site(column).or_else(|| self.named_contract(column)).map(|place| place.boundary.as_str());
        own.or(of).or_else(|| only(&self.boundaries).map(|place| place.id.as_str()))
    }
}

fn only(places: &[Place]) -> Option<&Place> {
    match places {
        [one] => Some(one),
        _ => None,
    }
}

/// The one place that a text names: that of the longest name in it.
fn named<'p>(places: &'p [Place], text: &str) -> Option<&'p Place> {
    let (whole, words) = (squashed(text), words(text));
    let length = |place: &Place| {
        let labels = [Some(place.id.as_str()), place.name.as_deref()];
        let found = labels.into_iter().flatten().map(squashed).filter(|label| {
            (label.len() >= LONG && whole.contains(label.as_str())) || (label.len() > 1 && words.contains(label))
        });
        found.map(|label| label.len()).max()
    };
    let mut found: Vec<(usize, &Place)> = places.iter().filter_map(|place| Some((length(place)?, place))).collect();
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

    fn places(ids: &[&str]) -> Vec<Place> {
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
