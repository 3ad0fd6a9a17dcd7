//! Exports of other people's programs, `fixtures/exports`: each comes to the readings that stand beside it.

use hourmatch_reports::inputs::Invoice;
use hourmatch_reports::received::forms::{Answers, EXPORTS, Form, recognised};
use hourmatch_reports::received::{Row, Rows};
use std::path::PathBuf;

/// Readings as `expected.csv` has them, and rows that were not taken.
#[derive(Debug, Default)]
struct Taken {
    readings: Vec<String>,
    rejects: Vec<(u64, String)>,
    left_out: usize,
}

impl Rows for Taken {
    fn push(&mut self, row: Row<'_>) {
        match row.base() {
            Ok(value) => {
                let [start, end] = [row.interval.start, row.interval.end].map(|at| at.to_string());
                self.readings.push(format!("{},{start},{end},{value},{}", row.series, row.quality.name()));
            }
            Err(reason) => self.rejects.push((row.line, reason)),
        }
    }

    fn bill(&mut self, _: Invoice, line: u64) {
        self.rejects.push((line, "an invoice".into()));
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        self.rejects.push((line, reason.into()));
    }

    fn leave_out(&mut self, _: u64, _: &'static str) {
        self.left_out += 1;
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/exports")
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn answers(said: &str) -> Answers {
    let mut answers = Answers::default();
    for (option, answer) in said.split(' ').filter_map(|pair| pair.split_once('=')) {
        let site = Some(answer.into());
        let area = Some(answer.into());
        let answer = Some(answer.to_string());
        match option {
            "area" => answers.area = area,
            "zone" => answers.zone = answer,
            "series" => answers.series = answer,
            "site" => answers.site = site,
            _ => answers.time_zone = answer,
        }
    }
    answers
}

/// The form of a file, as it is told by its header and what the user says.
fn form(path: &str, said: &str) -> Option<Form> {
    let answers = answers(said);
    let name = path.split('/').next().unwrap_or("");
    let mut forms = recognised(&bytes(path)).into_iter().filter(|named| named.lacks(&answers).is_empty());
    let named = forms.next()?;
    assert_eq!((named.name, forms.next()), (name, None), "{path} is told by its header");
    Some(named.form(&answers).unwrap_or_else(|e| panic!("{path}: {e}")))
}

const TAKEN: &[(&str, &str, &str)] = &[
    ("caiso-lmp/export.csv", "caiso-lmp/expected.csv", "area=CAISO zone=TH_NP15_GEN-APND"),
    ("caiso-renewables/export.csv", "caiso-renewables/expected.csv", "area=CAISO"),
    ("caiso-renewables/export-weim.csv", "caiso-renewables/expected-weim.csv", "area=CAISO"),
    ("eia-balance/export.csv", "eia-balance/expected.csv", "area=PJM"),
    ("eia-balance/export-2023.csv", "eia-balance/expected-2023.csv", "area=PJM"),
    ("eia-balance/export-unreported.csv", "eia-balance/expected-unreported.csv", "area=PJM"),
    ("electricity-maps/export.csv", "electricity-maps/expected.csv", "area=DE"),
    ("electricity-maps/export-old.csv", "electricity-maps/expected-old.csv", "area=DE"),
    ("elexon/export.csv", "elexon/expected.csv", "area=GB"),
    ("elexon/export-spring.csv", "elexon/expected-spring.csv", "area=GB"),
    ("enedis/export.csv", "enedis/expected.csv", "series=site/a/load"),
    ("entsoe-generation/export.csv", "entsoe-generation/expected.csv", "area=DE"),
    ("entsoe-generation/export-2.csv", "entsoe-generation/expected-2.csv", "area=DE"),
    ("entsoe-generation/export-cet.csv", "entsoe-generation/expected-cet.csv", "area=DE"),
    ("entsoe-load/export-cet.csv", "entsoe-load/expected-cet.csv", "area=DE"),
    ("entsoe-load/export.csv", "entsoe-load/expected.csv", "area=DE"),
    ("entsoe-load/export-2.csv", "entsoe-load/expected-2.csv", "area=DE"),
    ("green-button/export.csv", "green-button/expected.csv", "series=site/a/import tz=America/Los_Angeles"),
    (
        "green-button/export-spring.csv",
        "green-button/expected-spring.csv",
        "series=site/a/import tz=America/Los_Angeles",
    ),
    ("green-button-xml/export.xml", "green-button-xml/expected.csv", "series=site/a/import"),
    ("green-button-xml/export-2.xml", "green-button-xml/expected-2.csv", "series=site/a/import"),
    ("nem12/export.csv", "nem12/expected.csv", "series=site/a/import"),
    ("nem12/export.csv", "nem12/expected-site.csv", "site=a"),
    ("nem12/export-5min.csv", "nem12/expected-5min.csv", "series=site/a/import"),
    ("nem12/export-reactive.csv", "nem12/expected-reactive.csv", "series=site/a/import"),
    ("neso-mix/export.csv", "neso-mix/expected.csv", "area=GB"),
    ("octopus/export.csv", "octopus/expected.csv", "series=site/a/load"),
    ("octopus/export-2.csv", "octopus/expected-2.csv", "series=site/a/load"),
    ("pjm/export.csv", "pjm/expected.csv", "area=PJM"),
    ("watttime/export.csv", "watttime/expected.csv", "area=CAISO"),
];

#[test]
fn exports_come_to_the_readings_beside_them() {
    let mut seen = Vec::new();
    for (export, expected, said) in TAKEN {
        let form = form(export, said).unwrap_or_else(|| panic!("{export} is of no form"));
        let mut taken = Taken::default();
        form.read(bytes(export).as_slice(), &mut taken).unwrap_or_else(|e| panic!("{export}: {e}"));
        assert_eq!(taken.rejects, [], "{export}");
        taken.readings.sort_unstable();
        let text = String::from_utf8(bytes(expected)).expect("text");
        let mut wanted: Vec<&str> = text.lines().skip(1).collect();
        wanted.sort_unstable();
        let lacks: Vec<&&str> = wanted.iter().filter(|line| !taken.readings.iter().any(|r| r == **line)).collect();
        let more: Vec<&String> = taken.readings.iter().filter(|line| !wanted.contains(&line.as_str())).collect();
        assert!(lacks.is_empty() && more.is_empty(), "{export} lacks {lacks:#?}\nand has more {more:#?}");
        seen.extend([export.to_string(), expected.to_string()]);
    }
    for entry in std::fs::read_dir(folder()).expect("a folder").flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(entry.path()).expect("a folder").flatten() {
            let path = format!("{}/{}", entry.file_name().display(), file.file_name().display());
            assert!(seen.contains(&path) || path.contains("/wrong-"), "{path} is in no test");
        }
    }
    for named in EXPORTS {
        assert!(seen.iter().any(|path| path.starts_with(named.name)), "{} has no export", named.name);
    }
}

/// The file, what is said of it, and a part of why it is refused.
const WRONG: &[(&str, &str, &str)] = &[
    ("electricity-maps/wrong-daily.csv", "area=DE", "1440 min apart, not 60 min"),
    ("entsoe-load/wrong-cet.csv", "area=DE", "lacks `Time (UTC)`"),
    (
        "entsoe-load/wrong-marks.csv",
        "area=DE",
        "is two times in Europe/Brussels, where clocks go back, and no mark says which",
    ),
    ("entsoe-load/wrong-marks.csv", "area=DE", "`01/12/2024 00:00:00 (CEST)` is not a time in Europe/Brussels"),
    ("green-button/wrong-gas.csv", "series=site/a/import tz=America/Los_Angeles", "lacks `"),
    ("green-button-xml/wrong-cumulative.xml", "series=site/a/import", "accumulationBehaviour 3"),
    ("green-button-xml/wrong-gas.xml", "series=site/a/import", "commodity is 7"),
    (
        "green-button-xml/wrong-multiplier.xml",
        "series=site/a/import",
        "its powerOfTenMultiplier `-3.0` is not a number as ESPI has it",
    ),
    ("caiso-renewables/wrong-dam.csv", "area=CAISO", "no row has MARKET_RUN_ID `ACTUAL`"),
    ("elexon/wrong-fuelinst.csv", "area=GB", "no row has Dataset `FUELHH`; the first has `FUELINST`"),
    ("elexon/wrong-period.csv", "area=GB", "`47` is not a period of 2024-03-31 in Europe/London, which has 46"),
    ("elexon/wrong-period.csv", "area=GB", "`51` is not a period of 2024-10-27 in Europe/London, which has 50"),
    ("enedis/wrong-index.csv", "series=site/a/load", "lacks `Valeur`"),
    ("enedis/wrong-unit.csv", "series=site/a/load", "its Unite is `Wh`, not `W`"),
    ("nem12/wrong-count.csv", "series=site/a/import", "48 values"),
];

#[test]
fn what_is_not_meant_is_refused_with_the_reason() {
    for (path, said, why) in WRONG {
        let answers = answers(said);
        let name = path.split('/').next().unwrap_or("");
        let named = EXPORTS.iter().filter(|named| named.name == name && named.lacks(&answers).is_empty());
        // None of the provider's forms takes it, and the one whose header it has says why.
        let reasons: Vec<String> = named
            .map(|named| {
                let form = named.form(&answers).expect("a form");
                let mut taken = Taken::default();
                match form.read(bytes(path).as_slice(), &mut taken) {
                    Err(refused) => refused.to_string(),
                    Ok(()) => taken.rejects.iter().map(|(_, reason)| reason.as_str()).collect::<Vec<_>>().join("; "),
                }
            })
            .collect();
        assert!(reasons.iter().all(|reasons| !reasons.is_empty()), "{path}: {reasons:#?}");
        assert!(reasons.iter().any(|reasons| reasons.contains(why)), "{path}: {reasons:#?}");
    }
}
