//! Words by which columns go, in English, German, French and Spanish.

/// Fuels of a boundary.
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

pub const PRICES: &str = "price prices preis preise spotpreis strompreis börsenpreis prix precio precios spot lmp \
     tarif tariff tarifa clearing epex dayahead";
pub const GENERATION: &str = "generation gen generated output produced production erzeugung erzeugt produktion \
     stromerzeugung génération generacion generación produccion producción infeed";
pub const EXPORT: &str = "received export exports exported einspeisung rückspeisung rueckspeisung rücklieferung \
     lieferung injected injection injecté returned reverse vertido inyectada";

/// The fuel that a name's words name.
pub fn fuel(words: &[&str]) -> Option<&'static str> {
    FUELS.iter().find(|(_, known)| has(words, known)).map(|(fuel, _)| *fuel)
}

/// `IT load`, `it_power_mw`.
pub fn is_it(words: &[&str]) -> bool {
    words.contains(&"it") && has(words, "load power last leistung energy mw kw kwh mwh")
}

pub fn has(words: &[&str], known: &str) -> bool {
    known.split(' ').any(|known| words.contains(&known))
}
