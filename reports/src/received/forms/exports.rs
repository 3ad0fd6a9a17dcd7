//! Forms that come with the program, `reports/forms/<name>.toml`: a provider's exports, in its one or more headers.

use super::form::Form;
use super::header::{self, Missed};
use crate::received::Refused;
use ids::{BoundaryId, SiteId};
use serde_json::Value;

/// A provider's export by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    pub name: &'static str,
    pub title: &'static str,
    /// TOML, with `{area}` and its like for what the user says.
    text: &'static str,
}

/// Name, file in `reports/forms/` and title.
macro_rules! exports {
    ($($name:literal $file:literal $title:literal;)+) => {
        &[$(Export {
            name: $name,
            title: $title,
            text: include_str!(concat!("../../../forms/", $file, ".toml")),
        },)+]
    };
}

/// One a header: a provider that changed its header has several.
pub const EXPORTS: &[Export] = exports! {
    "caiso-lmp" "caiso-lmp" "CAISO OASIS prices, PRC_LMP";
    "caiso-renewables" "caiso-renewables" "CAISO OASIS solar and wind, SLD_REN_FCST";
    "eia-balance" "eia-balance" "EIA-930 six-month file, since July 2024";
    "eia-balance" "eia-balance-2023" "EIA-930 six-month file, until June 2024";
    "electricity-maps" "electricity-maps" "Electricity Maps hourly CSV";
    "electricity-maps" "electricity-maps-2024" "Electricity Maps hourly CSV, until 2024";
    "elexon" "elexon" "Elexon half-hourly generation by fuel, FUELHH";
    "enedis" "enedis" "Enedis load curve";
    "entsoe-generation" "entsoe-generation" "ENTSO-E actual generation per type, in UTC";
    "entsoe-generation" "entsoe-generation-2025" "ENTSO-E actual generation per type, in UTC, since 2025";
    "entsoe-generation" "entsoe-generation-cet" "ENTSO-E actual generation per type, in CET/CEST";
    "entsoe-load" "entsoe-load" "ENTSO-E total load, in UTC";
    "entsoe-load" "entsoe-load-2025" "ENTSO-E total load, in UTC, since 2025";
    "entsoe-load" "entsoe-load-cet" "ENTSO-E total load, in CET/CEST";
    "green-button" "green-button" "Green Button CSV";
    "green-button-xml" "green-button-xml" "Green Button XML";
    "nem12" "nem12-site" "NEM12 of a site's meter";
    "nem12" "nem12" "NEM12 of one series";
    "neso-mix" "neso-mix" "NESO historic GB generation mix";
    "octopus" "octopus" "Octopus Energy consumption CSV";
    "pjm" "pjm" "PJM Data Miner generation by fuel";
    "watttime" "watttime" "WattTime historical MOER CSV";
};

/// What a user says of a file, as far as its form asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub area: Option<BoundaryId>,
    pub zone: Option<String>,
    pub series: Option<String>,
    pub site: Option<SiteId>,
    pub time_zone: Option<String>,
}

/// What a form may ask for, by the option that answers it.
const ASKED: [&str; 5] = ["area", "zone", "series", "site", "time-zone"];

impl Answers {
    fn get(&self, asked: &str) -> Option<&str> {
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

impl Export {
    /// What it asks for: `area`, `zone`, `series`, `site`, `time-zone`.
    pub fn asks(self) -> Vec<&'static str> {
        ASKED.into_iter().filter(|asked| self.text.contains(&format!("{{{asked}}}"))).collect()
    }

    /// What it asks for and the answers do not say.
    pub fn lacks(self, answers: &Answers) -> Vec<&'static str> {
        self.asks().into_iter().filter(|asked| answers.get(asked).is_none()).collect()
    }

    /// The form with answers filled in, all that it asks for.
    ///
    /// # Errors
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
}

/// Forms that the first bytes of a file may be of.
pub fn recognised(first: &[u8]) -> Vec<Export> {
    let is_of = |export: &Export| export.any().is_some_and(|form| form.recognises(first));
    EXPORTS.iter().copied().filter(is_of).collect()
}

/// Names of columns that tables of anyone have.
const COMMON: &str = "timestamp, time, date, datetime, start, end, start time, end time, hour, period, interval, \
     unit, units, value, usage, price, zone, area, region, solar";
/// So many columns that not any table has make a likeness, or all that a form has of them.
const ALIKE: usize = 2;

/// The form that a file's header comes nearest to, and why it is not that one's: at least half of its columns are there,
/// and of those that not any table has more than one.
pub fn nearest(first: &[u8]) -> Option<(Export, Refused)> {
    let misses = |export: &Export| {
        let Form::Table(table) = export.any()? else { return None };
        let Missed { refused, lacks, has } = header::missed(&table, first)?;
        let of_its_own = |name: &&String| {
            let plain = name.split(['(', '[']).next().unwrap_or("").trim().to_lowercase();
            !COMMON.split(", ").any(|common| common == plain)
        };
        let [found, more] = [&has, &lacks].map(|names| names.iter().filter(of_its_own).count());
        let is_alike = lacks.len() <= has.len() && found > 0 && found >= ALIKE.min(found + more);
        is_alike.then(|| (*export, refused, 1_000 * lacks.len() / (lacks.len() + has.len())))
    };
    let nearest = EXPORTS.iter().filter_map(misses).min_by_key(|(_, _, share)| *share)?;
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
    ASKED.into_iter().fold(text.to_string(), |text, asked| match answers.get(asked) {
        Some(answer) => text.replace(&format!("{{{asked}}}"), answer),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_any_table_has_is_no_likeness() {
        let near = |header: &str| nearest(format!("{header}\n1,2,3\n").as_bytes()).map(|(export, _)| export.name);
        for header in
            ["timestamp,meter_id,register_kwh", "timestamp,load_mw,temp_c", "Start,End,kWh", "date,price,zone"]
        {
            assert_eq!(near(header), None, "{header}");
        }
        assert_eq!(near("time,MOER,version"), Some("watttime"));
        assert_eq!(near("datetime_beginning_utc,fuel_type,percent"), Some("pjm"));
    }

    #[test]
    fn every_form_is_one_and_asks_for_what_it_needs() {
        let answers = Answers {
            area: Some("A".into()),
            series: Some("site/a/load".into()),
            site: Some("a".into()),
            time_zone: Some("Europe/Paris".into()),
            ..Answers::default()
        };
        for export in EXPORTS {
            let form = export.form(&answers).unwrap_or_else(|e| panic!("{}: {e}", export.title));
            let open = ASKED.into_iter().find(|asked| form.to_json().contains(&format!("{{{asked}}}")));
            assert_eq!(open, None, "{}", export.title);
            assert_eq!(
                Form::of_json(serde_json::from_str(&form.to_json()).expect("JSON")),
                Ok(form),
                "{}",
                export.title
            );
            assert!(!export.asks().is_empty(), "{} belongs to something", export.title);
        }
    }
}
