//! Forms that come with the program, `reports/forms/<name>.toml`: a provider's exports, in its one or more headers.

use super::form::Form;
use super::header;
use crate::received::Refused;
use serde_json::Value;

/// A provider's export by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub name: &'static str,
    pub title: &'static str,
    /// TOML, with `{area}` and its like for what the user says.
    text: &'static str,
}

const fn named(name: &'static str, title: &'static str, text: &'static str) -> Named {
    Named { name, title, text }
}

/// One a header: a provider that changed its header has several.
pub const NAMED: &[Named] = &[
    named("caiso-lmp", "CAISO OASIS prices, PRC_LMP", include_str!("../../../forms/caiso-lmp.toml")),
    named(
        "caiso-renewables",
        "CAISO OASIS solar and wind, SLD_REN_FCST",
        include_str!("../../../forms/caiso-renewables.toml"),
    ),
    named("eia-balance", "EIA-930 six-month file, since July 2024", include_str!("../../../forms/eia-balance.toml")),
    named(
        "eia-balance",
        "EIA-930 six-month file, until June 2024",
        include_str!("../../../forms/eia-balance-2023.toml"),
    ),
    named("electricity-maps", "Electricity Maps hourly CSV", include_str!("../../../forms/electricity-maps.toml")),
    named(
        "electricity-maps",
        "Electricity Maps hourly CSV, until 2024",
        include_str!("../../../forms/electricity-maps-2024.toml"),
    ),
    named("elexon", "Elexon half-hourly generation by fuel, FUELHH", include_str!("../../../forms/elexon.toml")),
    named("enedis", "Enedis load curve", include_str!("../../../forms/enedis.toml")),
    named(
        "entsoe-generation",
        "ENTSO-E actual generation per type, in UTC",
        include_str!("../../../forms/entsoe-generation.toml"),
    ),
    named(
        "entsoe-generation",
        "ENTSO-E actual generation per type, in UTC, since 2025",
        include_str!("../../../forms/entsoe-generation-2025.toml"),
    ),
    named("entsoe-load", "ENTSO-E total load, in UTC", include_str!("../../../forms/entsoe-load.toml")),
    named(
        "entsoe-load",
        "ENTSO-E total load, in UTC, since 2025",
        include_str!("../../../forms/entsoe-load-2025.toml"),
    ),
    named("green-button", "Green Button CSV", include_str!("../../../forms/green-button.toml")),
    named("green-button-xml", "Green Button XML", include_str!("../../../forms/green-button-xml.toml")),
    named("nem12", "NEM12 of a site's meter", include_str!("../../../forms/nem12-site.toml")),
    named("nem12", "NEM12 of one series", include_str!("../../../forms/nem12.toml")),
    named("neso-mix", "NESO historic GB generation mix", include_str!("../../../forms/neso-mix.toml")),
    named("octopus", "Octopus Energy consumption CSV", include_str!("../../../forms/octopus.toml")),
    named("pjm", "PJM Data Miner generation by fuel", include_str!("../../../forms/pjm.toml")),
    named("watttime", "WattTime historical MOER CSV", include_str!("../../../forms/watttime.toml")),
];

/// What a user says of a file, as far as its form asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub area: Option<String>,
    pub zone: Option<String>,
    pub series: Option<String>,
    pub site: Option<String>,
    pub time_zone: Option<String>,
}

/// What a form may ask for, by the option that answers it.
const ASKED: [&str; 5] = ["area", "zone", "series", "site", "time-zone"];

impl Answers {
    fn of(&self, asked: &str) -> Option<&str> {
        match asked {
            "area" => self.area.as_deref(),
            // A provider's own name for an area is most often the portfolio's, too.
            "zone" => self.zone.as_deref().or(self.area.as_deref()),
            "series" => self.series.as_deref(),
            "site" => self.site.as_deref(),
            _ => self.time_zone.as_deref(),
        }
    }
}

impl Named {
    /// What it asks for: `area`, `zone`, `series`, `site`, `time-zone`.
    pub fn asks(self) -> Vec<&'static str> {
        ASKED.into_iter().filter(|asked| self.text.contains(&format!("{{{asked}}}"))).collect()
    }

    /// What it asks for and the answers do not say.
    pub fn lacks(self, answers: &Answers) -> Vec<&'static str> {
        self.asks().into_iter().filter(|asked| answers.of(asked).is_none()).collect()
    }

    /// The form with answers filled in, all that it asks for.
    ///
    /// # Errors
    ///
    /// An answer that makes no series.
    pub fn form(self, answers: &Answers) -> Result<Form, String> {
        let value: Value = toml::from_str(self.text).map_err(|e| e.to_string())?;
        Form::of_json(filled(value, answers))
    }

    /// The form as a user may write it into a portfolio, without its name.
    pub fn text(self, answers: &Answers) -> String {
        fill(self.text, answers)
    }

    /// With any answers: the header does not depend on them.
    fn any(self) -> Option<Form> {
        let any = Answers {
            area: Some("A".into()),
            zone: None,
            series: Some("site/a/load".into()),
            site: Some("a".into()),
            time_zone: Some("UTC".into()),
        };
        self.form(&any).ok()
    }

    fn recognises(self, first: &[u8]) -> bool {
        self.any().is_some_and(|form| form.recognises(first))
    }
}

/// Forms that the first bytes of a file may be of.
pub fn recognised(first: &[u8]) -> Vec<Named> {
    NAMED.iter().copied().filter(|named| named.recognises(first)).collect()
}

/// The form that a file's header comes nearest to, and why it is not that one's: at least half of its columns are there.
pub fn nearest(first: &[u8]) -> Option<(Named, Refused)> {
    let misses = |named: &Named| {
        let Form::Table(table) = named.any()? else { return None };
        let (refused, missing, columns) = header::misses(&table, first)?;
        (2 * missing <= columns).then_some((*named, refused, 1_000 * missing / columns))
    };
    let nearest = NAMED.iter().filter_map(misses).min_by_key(|(_, _, share)| *share)?;
    Some((nearest.0, nearest.1))
}

fn filled(value: Value, answers: &Answers) -> Value {
    match value {
        Value::String(text) => Value::String(fill(&text, answers)),
        Value::Array(values) => values.into_iter().map(|value| filled(value, answers)).collect(),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, filled(value, answers))).collect(),
        other => other,
    }
}

fn fill(text: &str, answers: &Answers) -> String {
    ASKED.into_iter().fold(text.to_string(), |text, asked| match answers.of(asked) {
        Some(answer) => text.replace(&format!("{{{asked}}}"), answer),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_one_and_asks_for_what_it_needs() {
        let answers = Answers {
            area: Some("A".into()),
            series: Some("site/a/load".into()),
            site: Some("a".into()),
            time_zone: Some("Europe/Paris".into()),
            ..Answers::default()
        };
        for named in NAMED {
            let form = named.form(&answers).unwrap_or_else(|e| panic!("{}: {e}", named.title));
            assert!(!form.to_json().contains('{') || !form.to_json().contains("{area}"), "{}", named.title);
            assert_eq!(
                Form::of_json(serde_json::from_str(&form.to_json()).expect("JSON")),
                Ok(form),
                "{}",
                named.title
            );
            assert!(!named.asks().is_empty(), "{} belongs to something", named.title);
        }
    }
}
