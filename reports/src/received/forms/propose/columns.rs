//! What a column of numbers may hold, as its name and its numbers tell: energy, a price, an intensity, or nothing that a
//! form takes.

use crate::text::clip;
use crate::units::{Quantity, Unit};

/// What a column of numbers is proposed as: group and leaf of its series, and the unit where the name states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub group: &'static str,
    pub leaf: &'static str,
    pub unit: Option<String>,
}

impl Held {
    fn of_boundary(leaf: &'static str, unit: Option<String>) -> Self {
        Self { group: "grid", leaf, unit }
    }
}

/// Fuels of a boundary, by the words that stand for them in English, German, French and Spanish.
const FUELS: [(&str, &str); 10] = [
    ("wind", "wind onshore offshore windkraft windenergie eolien éolien eolica eólica"),
    (
        "solar",
        "solar pv photovoltaik photovoltaic photovoltaics solaire photovoltaique photovoltaïque fotovoltaica solarenergie",
    ),
    ("gas", "gas erdgas gaz ccgt ocgt"),
    ("coal", "coal steinkohle braunkohle kohle charbon carbón lignite lignito hulla"),
    ("nuclear", "nuclear kernenergie kernkraft nucleaire nucléaire"),
    ("hydro", "hydro wasserkraft laufwasser hydraulique hidraulica hidráulica hidroelectrica hidroeléctrica"),
    ("oil", "oil öl heizöl erdöl fioul petroleo petróleo"),
    ("biomass", "biomass biomasse biomasa biogas bioenergies bioénergies"),
    ("geothermal", "geothermal geothermie géothermie geotermica geotérmica"),
    ("other", "other sonstige sonstiges autres otros otras"),
];

const PRICES: &str = "price prices preis preise spotpreis strompreis börsenpreis prix precio precios spot lmp \
     tarif tariff tarifa clearing epex dayahead";
const GENERATION: &str = "generation gen generated output produced production erzeugung erzeugt produktion \
     stromerzeugung génération generacion generación produccion producción infeed";
const EXPORT: &str = "received export exports exported einspeisung rückspeisung rueckspeisung rücklieferung \
     lieferung injected injection injecté returned reverse vertido inyectada";

/// Units that are not read as energy, and what they measure.
const OTHER_UNITS: [(&[&str], &str); 9] = [
    (&["celsius", "fahrenheit", "degc", "degf"], "a temperature"),
    (&["percent", "pct"], "a percentage"),
    (&["kv", "volt", "volts"], "a voltage"),
    (&["ampere", "amps"], "a current"),
    (&["hz"], "a frequency"),
    (&["var", "kvar", "mvar", "varh", "kvarh", "mvarh", "va", "kva", "mva", "kvah"], "reactive or apparent power"),
    (&["w/m2", "w/m\u{b2}", "kwh/m2", "kwh/m\u{b2}"], "energy of an area"),
    (&["m/s", "km/h", "mph", "bar", "hpa", "mbar"], "weather"),
    (&["m3", "m\u{b3}", "therm", "therms", "ccf", "btu", "mmbtu", "gj", "mj"], "gas or heat, not electricity"),
];

/// Units of one letter, which count in brackets or behind a degree sign only.
const LETTERS: [(&str, &str); 5] =
    [("c", "a temperature"), ("f", "a temperature"), ("k", "a temperature"), ("v", "a voltage"), ("a", "a current")];

/// Words of names that no energy goes by, and what they say.
const WORDS: [(&[&str], &str); 5] = [
    (&["temp", "temperature", "temperatur", "humidity", "feuchte", "pressure"], "weather, not energy"),
    (
        &["id", "ids", "nr", "no", "number", "nummer", "code", "row", "zeile", "version"],
        "a number that names something",
    ),
    (&["year", "month", "week", "day", "hour", "minute", "jahr", "monat", "tag", "stunde"], "a part of the time"),
    (
        &["status", "flag", "quality", "count", "anzahl", "ratio", "factor", "share", "pue", "soc"],
        "no energy by its name",
    ),
    (&["lat", "lon", "latitude", "longitude"], "a place"),
];

/// What a quantity is counted by stands behind one of these: `usage per hour` is usage.
const PER: [&str; 3] = ["per", "pro", "je"];

/// Names of registers, whose values count on.
const REGISTERS: [&str; 5] = ["register", "index", "cumulative", "z\u{e4}hlerstand", "zaehlerstand"];

/// No interval has so much energy in any unit: such numbers are ids.
const TOO_MUCH: f64 = 1e9;

/// What numbers may hold, by their name and the unit that stands behind them or beside; or why they hold nothing to take.
pub fn held(title: &str, beside: Option<&str>, numbers: &[f64]) -> Result<Held, String> {
    let name = title.to_lowercase();
    let words: Vec<&str> = words(&name).collect();
    if REGISTERS.iter().any(|register| words.contains(register)) {
        return Err(
            "reads of a register that counts on: add it with register = true, or take the energy of each interval"
                .into(),
        );
    }
    let stated = beside.and_then(unit).or_else(|| unit(title));
    match stated.as_ref().map(|unit| Unit::parse(unit).map(|unit| unit.quantity)) {
        Some(Ok(Quantity::Price)) => return Ok(Held::of_boundary("price", stated)),
        Some(Ok(Quantity::Intensity)) => return Ok(Held::of_boundary("carbon_intensity", stated)),
        Some(Ok(Quantity::Energy)) => return Ok(energy(&words, stated)),
        Some(_) => return Err(format!("in {}, which is not energy", clip(&stated.unwrap_or_default()))),
        None => {}
    }
    if let Some(word) = words.iter().find(|word| is_price_of_kwh(word)) {
        return Err(format!("a price in {}: give it in such as EUR/MWh", clip(word)));
    }
    if let Some(why) = other_unit(&name, &words) {
        return Err(why.into());
    }
    if has(&words, PRICES) {
        return Ok(Held::of_boundary("price", None));
    }
    match by_name(&words).or_else(|| by_numbers(numbers)) {
        Some(why) => Err(why.into()),
        None => Ok(energy(&words, None)),
    }
}

/// Whose energy it is.
fn energy(words: &[&str], unit: Option<String>) -> Held {
    let (group, leaf) = match fuel(words) {
        Some(fuel) => ("grid", fuel),
        None if has(words, EXPORT) => ("site", "export"),
        None if has(words, GENERATION) => ("contract", "generation"),
        None if is_it(words) => ("site", "it_load"),
        None => ("site", "load"),
    };
    Held { group, leaf, unit }
}

/// The fuel that a name's words name.
fn fuel(words: &[&str]) -> Option<&'static str> {
    FUELS.iter().find(|(_, known)| has(words, known)).map(|(fuel, _)| *fuel)
}

/// `IT load`, `it_power_mw`.
fn is_it(words: &[&str]) -> bool {
    words.contains(&"it") && has(words, "load power last leistung energy mw kw kwh mwh")
}

fn has(words: &[&str], known: &str) -> bool {
    known.split(' ').any(|known| words.contains(&known))
}

/// Signs that stand in units for the currencies they are most often of.
const SIGNS: [(char, &str); 3] = [('\u{20ac}', "EUR"), ('\u{a3}', "GBP"), ('$', "USD")];

fn words(name: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '/' || SIGNS.iter().any(|(sign, _)| *sign == c);
    name.split(move |c: char| !is_part(c)).filter(|word| !word.is_empty())
}

/// The unit that a column's name states.
fn unit(name: &str) -> Option<String> {
    let known = ["Wh", "kWh", "MWh", "W", "kW", "MW", "g/kWh", "kg/MWh", "lb/MWh"];
    words(name).find_map(|word| {
        let word = SIGNS.iter().fold(word.to_string(), |word, (sign, code)| word.replace(*sign, code));
        let found = known.into_iter().find(|unit| unit.eq_ignore_ascii_case(&word)).map(String::from);
        found.or_else(|| price(&word)).or_else(|| {
            let of_boundary = Unit::parse(&word).is_ok_and(|unit| unit.quantity == Quantity::Intensity);
            of_boundary.then_some(word)
        })
    })
}

/// `EUR/MWh`, whatever its capitals.
fn price(word: &str) -> Option<String> {
    let (code, energy) = word.split_once('/')?;
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_code && energy.eq_ignore_ascii_case("MWh")).then(|| format!("{}/MWh", code.to_uppercase()))
}

/// `ct/kwh`: no unit that is taken.
fn is_price_of_kwh(word: &str) -> bool {
    let Some((code, "kwh")) = word.split_once('/') else { return false };
    matches!(code, "ct" | "cent" | "cents" | "p" | "eur" | "usd" | "gbp" | "\u{20ac}" | "\u{a3}" | "$")
}

fn other_unit(name: &str, words: &[&str]) -> Option<&'static str> {
    if name.contains('%') {
        return Some("a percentage");
    }
    if name.contains("co2") || name.contains("co\u{2082}") {
        return Some("emissions, not energy");
    }
    let marks = [("[", "]"), ("(", ")"), ("\u{b0}", "")];
    let is_marked = |letter: &str| marks.iter().any(|(open, close)| name.contains(&format!("{open}{letter}{close}")));
    let letter = LETTERS.iter().find(|(letter, _)| is_marked(letter));
    let listed = OTHER_UNITS.iter().find(|(units, _)| units.iter().any(|unit| words.contains(unit)));
    letter.map(|(_, what)| *what).or(listed.map(|(_, what)| *what))
}

fn by_name(words: &[&str]) -> Option<&'static str> {
    let counted = words.iter().position(|word| PER.contains(word)).map_or(words, |at| &words[..at]);
    WORDS.iter().find(|(known, _)| known.iter().any(|word| counted.contains(word))).map(|(_, what)| *what)
}

/// Numbers that no meter shows.
fn by_numbers(numbers: &[f64]) -> Option<&'static str> {
    let whole = numbers.iter().all(|number| number.fract() == 0.0);
    if numbers.iter().any(|number| number.abs() >= TOO_MUCH) {
        return Some("numbers too large for energy, as of an id");
    }
    if numbers.len() < 3 || !whole {
        return None;
    }
    if numbers.windows(2).all(|pair| pair[1] - pair[0] == 1.0) {
        return Some("counts the rows");
    }
    let alike = numbers.iter().all(|number| *number == numbers[0]);
    (alike && numbers[0] >= 1_000.0).then_some("the same number in every row, as of an id")
}
