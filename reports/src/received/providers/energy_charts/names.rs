//! What Energy-Charts calls kinds of production, and which bidding zone a country is.

/// What a series of `public_power` is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A part of a series with this last part of its name.
    Leaf(&'static str),
    /// Neither generation nor load: storage either way, trade, shares, and what is made of others.
    Nothing,
    Unknown,
}

/// The last part of a series' name, and all kinds that are parts of it.
const LEAVES: [(&str, &[&str]); 11] = [
    ("biomass", &["Biomass"]),
    ("coal", &["Fossil brown coal / lignite", "Fossil coal-derived gas", "Fossil hard coal", "Fossil peat"]),
    ("gas", &["Fossil gas"]),
    ("geothermal", &["Geothermal"]),
    ("hydro", &["Hydro Run-of-River", "Hydro water reservoir"]),
    ("nuclear", &["Nuclear"]),
    ("oil", &["Fossil oil", "Fossil oil shale"]),
    ("other", &["Marine", "Other", "Others", "Other renewable", "Other renewables", "Waste", "Renewable waste"]),
    ("solar", &["Solar"]),
    ("wind", &["Wind offshore", "Wind onshore"]),
    ("demand", &["Load"]),
];

/// Words of what is neither.
const NOTHING: [&str; 5] = ["storage", "trading", "residual", "share", "self-consumption"];

pub fn means(name: &str) -> Means {
    let known = LEAVES.iter().find(|(_, kinds)| kinds.iter().any(|kind| kind.eq_ignore_ascii_case(name)));
    let lower = name.to_ascii_lowercase();
    match known {
        Some((leaf, _)) => Means::Leaf(leaf),
        None if NOTHING.iter().any(|word| lower.contains(word)) => Means::Nothing,
        None => Means::Unknown,
    }
}

/// Countries that are one bidding zone of another name; further ones have their own, in capitals.
const ONE_ZONE: [(&str, &str); 2] = [("de", "DE-LU"), ("lu", "DE-LU")];
const OWN_ZONE: [&str; 22] = [
    "at", "be", "bg", "ch", "cz", "ee", "es", "fi", "fr", "gr", "hr", "hu", "lt", "lv", "me", "nl", "pl", "pt", "ro",
    "rs", "si", "sk",
];

/// The bidding zone of a country that is in one; none where it has several.
pub fn bidding_zone(country: &str) -> Option<String> {
    let named = ONE_ZONE.iter().find(|(known, _)| *known == country).map(|(_, zone)| zone.to_string());
    named.or_else(|| OWN_ZONE.contains(&country).then(|| country.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factors::FUELS;

    #[test]
    fn storage_trade_and_shares_are_no_generation() {
        for (fuel, ..) in FUELS {
            assert!(LEAVES.iter().any(|(leaf, _)| *leaf == fuel), "{fuel}");
        }
        assert_eq!(means("wind ONSHORE"), Means::Leaf("wind"));
        for name in [
            "Hydro pumped storage",
            "Hydro pumped storage consumption",
            "Battery Storage (Power)",
            "Cross border electricity trading",
            "Load (incl. self-consumption)",
            "Residual load",
            "Renewable share of generation",
            "Renewable share of load",
        ] {
            assert_eq!(means(name), Means::Nothing, "{name}");
        }
        assert_eq!(means("Fusion"), Means::Unknown);
    }

    #[test]
    fn a_country_with_several_zones_has_none_of_its_own() {
        assert_eq!(bidding_zone("de").as_deref(), Some("DE-LU"));
        assert_eq!(bidding_zone("fr").as_deref(), Some("FR"));
        assert_eq!((bidding_zone("it"), bidding_zone("se"), bidding_zone("")), (None, None, None));
    }
}
