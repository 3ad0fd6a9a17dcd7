//! Everything that reads what others wrote, as far as it does so without a store: given any bytes, it answers or refuses.

use super::answers::answers;
use super::seeds::{fixture, fixtures, fixtures_below, honest_archive};
use crate::forgeries::{Pack, honest};
use crate::packs::{Files, remade, reseal};
use crate::stamps::stamped;
use crate::tables::workbook;
use hourmatch::clock::{parse_bound, parse_duration, parse_period, parse_when};
use hourmatch::ingest::tables::read_file as read_table;
use hourmatch::ingest::{batch::Batch, fits};
use hourmatch::jobs::schedule;
use hourmatch::portfolio::{self, Portfolio};
use hourmatch::register::csv as register_csv;
use hourmatch::register::kinds::Kind;
use hourmatch::register::taking::Setting;
use hourmatch::rejects::Rejects;
use hourmatch::work::state::{State, Update};
use hourmatch::work::{Work, csv as work_csv, terms};
use ids::ContractId;
use reports::definitions::Fraction;
use reports::evidence::archive::{self, Listed};
use reports::evidence::folder::SiteHour;
use reports::evidence::manifest::Manifest;
use reports::evidence::proof::{self, Proof};
use reports::evidence::sign::{PublicKey, SecretKey};
use reports::evidence::trust::Trust;
use reports::evidence::verify;
use reports::evidence::{digest, stamp};
use reports::factors::Factors;
use reports::received::bytes::{Bounded, plain};
use reports::received::feeds::{Feed, Told};
use reports::received::forms::{Answers, EXPORTS, Export, Form, Places, nearest as nearest_form, propose, recognised};
use reports::received::{Ends, Records, gb, invoices, readings};
use reports::report::Report;
use reports::ruleset::Ruleset;
use reports::series::name::{is_id, kind_of};
use reports::text::{nearest, visible};
use reports::time::{Instant, Interval, LONGEST_S, RecordTime, Resolution, Zone};
use reports::units::{Decimal, Rounding, Unit};
use std::io::{self, Read, Seek, Write};

type Parse = Box<dyn Fn(&[u8])>;

/// A reader, and input that it takes.
pub struct Parser {
    pub name: &'static str,
    pub seeds: Vec<Vec<u8>>,
    pub parse: Parse,
    /// Of every so many cases it takes this many: some are slower than others.
    pub part: usize,
}

pub fn parser(name: &'static str, seeds: Vec<Vec<u8>>, part: usize, parse: impl Fn(&[u8]) + 'static) -> Parser {
    assert!(!seeds.is_empty(), "{name} has no seed");
    Parser { name, seeds, parse: Box::new(parse), part }
}

/// One short piece of text.
fn word(name: &'static str, seeds: &[&str], parse: impl Fn(&str) + 'static) -> Parser {
    let seeds = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    parser(name, seeds, 10, move |bytes| parse(&String::from_utf8_lossy(bytes)))
}

pub fn all() -> Vec<Parser> {
    [tables(), sheets(), feeds(), answers(), forms(), definitions(), documents(), words(), evidence()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn wide() -> Portfolio {
    portfolio::parse(&String::from_utf8_lossy(&fixture("fuzz/hourmatch.toml")), "wide").expect("in order")
}

/// The text of a received file, as ingest and the verifier open it.
fn csv(bytes: &[u8]) -> Option<Records<impl Read>> {
    let text = Bounded::new(plain(bytes).ok()?, 64 << 20);
    Some(Records::new(text))
}

/// What a file comes to, held against a portfolio as ingest does.
pub fn taken(portfolio: &Portfolio, read: impl FnOnce(&mut Batch)) {
    let mut batch = Batch { rejects: Rejects::first(100), ..Batch::default() };
    read(&mut batch);
    let mut batch = batch.checked();
    fits::check(&mut batch, &portfolio.definitions);
    let _ = (batch.series_count(), batch.rejects.problems("f.csv"));
}

/// Every feed that comes as files.
fn feeds() -> Vec<Parser> {
    let one = |feed: &'static Feed| {
        let (name, wide) = (feed.about().name, wide());
        parser(name, vec![fixture(&format!("fuzz/{name}.csv"))], 10, move |bytes| {
            taken(&wide, |batch| {
                for told in feed.meanings() {
                    let told = Told { issued: told.issued.map(|_| Instant::LAST), ..*told };
                    let _ = csv(bytes).map(|mut csv| feed.read(&mut csv, &"A".into(), told, batch));
                }
            });
        })
    };
    Feed::ALL.iter().map(one).collect()
}

/// Every form of an export, and the proposal of one.
fn forms() -> Vec<Parser> {
    let answers = Answers {
        area: Some("A".into()),
        zone: Some("PJM".into()),
        series: Some("site/s/load".into()),
        site: Some("s".into()),
        time_zone: Some("Europe/Berlin".into()),
    };
    let one = |named: &Export| {
        let (form, portfolio) = (named.form(&answers).expect("a form"), wide());
        parser(named.title, fixtures_below(&format!("exports/{}", named.name)), 20, move |bytes| {
            taken(&portfolio, |batch| {
                if let Ok(text) = plain(bytes) {
                    let _ = form.read(Bounded::new(text, 64 << 20), batch);
                }
            });
        })
    };
    let mut parsers: Vec<Parser> = EXPORTS.iter().map(one).collect();
    let exports: Vec<Vec<u8>> =
        EXPORTS.iter().flat_map(|named| fixtures_below(&format!("exports/{}", named.name))).collect();
    parsers.push(parser("a form proposed", exports, 40, |bytes| {
        let _ = (recognised(bytes).len(), nearest_form(bytes));
        if let Some(proposal) = propose(bytes, bytes, &Places::default()) {
            let _ = proposal.form().map(|form| form.read(bytes, &mut Batch::default()));
        }
    }));
    let stated = EXPORTS.iter().map(|named| named.form(&answers).expect("a form").to_json().into_bytes()).collect();
    let export = fixture("exports/enedis/export.csv");
    parsers.push(parser("a form stated", stated, 40, move |bytes| {
        let Ok(value) = serde_json::from_slice(bytes) else { return };
        let _ = Form::of_json(value).map(|form| form.read(export.as_slice(), &mut Batch::default()));
    }));
    parsers
}

fn tables() -> Vec<Parser> {
    let mut of_readings = fixtures("readings.csv");
    of_readings.truncate(40);
    of_readings.extend((0..20).map(|_| fixture("fuzz/readings.csv")));
    let wide = std::rc::Rc::new(wide());
    let held = |read: fn(&[u8], &mut Batch)| {
        let wide = std::rc::Rc::clone(&wide);
        move |bytes: &[u8]| taken(&wide, |batch| read(bytes, batch))
    };
    let (for_work, for_register) = (std::rc::Rc::clone(&wide), std::rc::Rc::clone(&wide));
    vec![
        parser(
            "readings",
            of_readings,
            20,
            held(|bytes, batch| {
                for ends in [Ends::Exclusive, Ends::Inclusive] {
                    let _ = csv(bytes).map(|mut csv| readings::read(&mut csv, ends, batch));
                }
            }),
        ),
        parser(
            "invoices",
            [vec![fixture("fuzz/bills.csv")], fixtures("invoices.csv")].concat(),
            10,
            held(|bytes, batch| {
                let _ = csv(bytes).map(|mut csv| invoices::read(&mut csv, Ends::Inclusive, batch));
            }),
        ),
        parser(
            "answers of gb",
            vec![fixture("http/gb/intensity.json"), fixture("http/gb/generation.json")],
            15,
            held(|bytes, batch| {
                let [start, end] = [i64::MIN, i64::MAX].map(Instant::from_seconds);
                let (body, always) = (String::from_utf8_lossy(bytes), Interval { start, end });
                let _ = gb::parse_intensity(&body, &"A".into(), always, Instant::FIRST, batch);
                let _ = gb::parse_generation(&body, &"A".into(), always, batch);
            }),
        ),
        parser("work", vec![fixture("fuzz/work.csv")], 15, move |bytes| {
            let Ok(text) = plain(bytes) else { return };
            let Ok(list) = work_csv::read(text, &for_work, Rejects::first(100)) else { return };
            list.work.iter().for_each(|work| used(work, &for_work));
        }),
        parser(
            "certificates",
            [vec![fixture("fuzz/certificates.csv")], fixtures("certificates.csv")].concat(),
            15,
            move |bytes| {
                let contracts: Vec<ContractId> =
                    for_register.definitions.contracts.iter().map(|c| c.id.clone()).collect();
                let setting = setting(&contracts, &|_| None);
                let Ok(text) = plain(bytes) else { return };
                if let Ok(table) = register_csv::read(text, &setting, Rejects::first(100)) {
                    let sum: i128 = table.rows.iter().map(|row| i128::from(row.certificate.wh())).sum();
                    assert!(sum >= 0);
                }
            },
        ),
        parser("certificates of registries", fixtures_of_registries(), 15, |bytes| {
            let device = |_: &str| Some("wind".to_string());
            for zone in ["Etc/GMT+6", "America/Chicago"] {
                let kind = Kind::recognise(bytes);
                let zone = Zone::parse(zone).ok().filter(|_| kind == Kind::Mrets);
                let _ = kind.read(bytes, &Setting { zone, ..setting(&[], &device) }, Rejects::first(100));
            }
        }),
        parser("factors", vec![Factors::default().to_csv().into_bytes()], 5, |bytes| {
            let _ = Factors::from_csv(&String::from_utf8_lossy(bytes));
        }),
    ]
}

fn setting<'a>(contracts: &'a [ContractId], device: &'a dyn Fn(&str) -> Option<String>) -> Setting<'a> {
    let (zone, registry, technology) = (None, None, None);
    Setting { now: Instant::LAST, contracts, ignored: &[], zone, registry, technology, device }
}

fn fixtures_of_registries() -> Vec<Vec<u8>> {
    ["mrets.csv", "bundles.csv", "bundles.json"].map(|name| fixture(&format!("certificates/{name}"))).to_vec()
}

/// Files that are tables and no text.
fn sheets() -> Vec<Parser> {
    let read = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        file.rewind().expect("rewound");
        let _ = read_table(file, None);
    };
    let files =
        ["lastgang.xlsx", "since-1904.xlsx", "kinds.parquet", "readings-none.parquet", "readings-snappy.parquet"];
    let files = files.iter().map(|name| fixture(&format!("tables/{name}"))).collect();
    let rows = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>45292.5</v></c>\
        </row><row><c t=\"inlineStr\"><is><r><t>x</t></r></is></c><c><f>1/4</f><v>2.5E-1</v></c><c t=\"b\"><v>1</v></c>\
        </row></sheetData></worksheet>";
    vec![
        parser("workbooks and Parquet", files, 20, read),
        parser("a sheet", vec![rows.as_bytes().to_vec()], 20, move |bytes| read(&workbook(bytes))),
    ]
}

/// What planning makes of a piece of work that was taken.
fn used(work: &Work, portfolio: &Portfolio) {
    if work.problem(portfolio).is_none() {
        let terms = terms::derive(work, portfolio);
        assert!(terms.all_energy_mwh().is_finite() && terms.most_mw().is_finite(), "{work:?}");
        let span = work.span().expect("checked work states both times");
        assert!(Instant::FIRST <= span.start && span.start < span.end && span.end <= Instant::LAST, "{work:?}");
    }
}

fn definitions() -> Vec<Parser> {
    let mut of_portfolios = fixtures("hourmatch.toml");
    of_portfolios.extend((0..100).map(|_| fixture("fuzz/hourmatch.toml")));
    vec![
        parser("portfolio", of_portfolios, 40, |bytes| {
            let Ok(portfolio) = portfolio::parse(&String::from_utf8_lossy(bytes), "f.toml") else { return };
            let _ = (portfolio.sha256(), portfolio.text.as_ref().map(|text| portfolio::parse(text, "kept")));
            for now in [Instant::FIRST, Instant::from_seconds(1_767_225_600), Instant::LAST] {
                let _ = schedule::next(&portfolio, now);
            }
        }),
        parser("ruleset", rulesets(), 10, |bytes| {
            let _ = Ruleset::parse(&String::from_utf8_lossy(bytes));
        }),
    ]
}

fn rulesets() -> Vec<Vec<u8>> {
    let named = |name: &str| Ruleset::named(name).expect("shipped").1.as_bytes().to_vec();
    ["hourly-2026", "hourly-2026@2", "google-cfe-2021", "annual-2015@1"].map(named).to_vec()
}

fn documents() -> Vec<Parser> {
    let (one, other) = (wide(), wide());
    vec![
        parser("a piece of work", vec![fixture("fuzz/work.json")], 15, move |bytes| {
            if let Ok(work) = serde_json::from_slice::<Work>(bytes) {
                used(&work, &one);
            }
        }),
        parser("a report of a scheduler", vec![fixture("fuzz/update.json")], 10, move |bytes| {
            let Ok(update) = serde_json::from_slice::<Update>(bytes) else { return };
            let sites = other.site_ids();
            for now in [Instant::FIRST, Instant::from_seconds(1_767_400_000), Instant::LAST] {
                let _ = update.applied(&State::QUEUED, &sites, now);
            }
        }),
        parser("results", vec![fixture("packs/2/results.json")], 5, |bytes| {
            let _ = serde_json::from_slice::<Report>(bytes);
        }),
    ]
}

fn words() -> Vec<Parser> {
    vec![
        word("times", &["2026-03-29T01:30:00Z", "2026-10-25T02:30", "2026-01", "2026", "now+6h", "now"], |text| {
            let _ = (
                RecordTime::parse(text),
                Instant::parse_minute(text),
                Instant::parse_received(text),
                Resolution::parse(text),
            );
            let is_in_range = |instant: Instant| (Instant::FIRST..=Instant::LAST).contains(&instant);
            let instant = Instant::parse(text);
            assert!(instant.is_err() || instant.is_ok_and(is_in_range), "{text}");
            for zone in ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe"] {
                let zone = Zone::parse(zone).expect("zone");
                for now in [Instant::FIRST, Instant::from_seconds(1_767_225_600), Instant::LAST] {
                    let when = parse_when(text, now, zone);
                    assert!(when.is_err() || when.is_ok_and(is_in_range), "{text}");
                    let bound = parse_bound(text, now, zone, Resolution::HOUR);
                    assert!(bound.is_err() || bound.is_ok_and(is_in_range), "{text}");
                    let _ = parse_period(text, "2026-02", now, zone, Resolution::HOUR);
                }
                let _ = zone.hint(text);
            }
        }),
        word("durations", &["90s", "45min", "4h", "168h", "7d"], |text| {
            let parsed = parse_duration(text);
            assert!(parsed.is_err() || parsed.is_ok_and(|s| (0..=316_224_000).contains(&s)), "{text}");
        }),
        word("zones", &["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"], |text| {
            let _ = Zone::parse(text).map(|zone| (zone.day_number(Instant::LAST), zone.label(Instant::FIRST)));
        }),
        word("numbers", &["1.001", "-12.5e3", ".5", "0.000001", "100"], |text| {
            let Ok(decimal) = Decimal::parse(text) else { return };
            for unit in ["Wh", "MWh", "kW", "lb/MWh", "percent", "currency/MWh", "C", "gpus", "ratio"] {
                let unit = Unit::parse(unit).expect("unit");
                for seconds in [1, 3_600, LONGEST_S] {
                    for round in [Rounding::Up, Rounding::Down, Rounding::Nearest] {
                        let _ = unit.to_base(decimal, seconds, round);
                    }
                }
            }
        }),
        word("fractions", &["1/3", "0.25", "9223372036854775806/9223372036854775807", "0.00000000000000001"], |text| {
            let Ok(fraction) = Fraction::parse(text) else { return };
            assert_eq!(Fraction::parse(&fraction.to_string()), Ok(fraction), "one spelling of {text}");
            let third = Fraction::parse("1/3").expect("fraction");
            let _ = (
                fraction.times(third),
                fraction.floor_of(i64::MAX),
                Fraction::sum_exceeds_one(&[fraction, third, fraction]),
            );
        }),
        word("names", &["site/ashburn/load", "grid/PJM/gas_issued", "plant/p/generation"], |text| {
            let _ = (kind_of(text), is_id(text), Unit::parse(text), SiteHour::parse(text));
            let _ = (nearest(text, &["series", "start", "end"]), visible(text).len());
        }),
        word("rulesets by name", &["hourly-2026@2", "annual-2015"], |text| {
            let _ = Ruleset::named(text);
        }),
        word("keys", &[SECRET, PUBLIC], |text| {
            let _ = (PublicKey::parse(text), SecretKey::parse(text).map(|key| key.public()));
        }),
    ]
}

const SECRET: &str = "ed25519-secret:0707070707070707070707070707070707070707070707070707070707070707";
const PUBLIC: &str = "ed25519:ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";

fn evidence() -> Vec<Parser> {
    let (_home, pack) = honest();
    let manifest = pack["manifest.json"].clone();
    let proof = proof_of(&pack);
    let archived = honest_archive(&pack);
    let root = digest::sha256(b"a root");
    let (answer, authority) = stamped(&root);
    let trusted = authority.clone();
    vec![
        parser("manifests", vec![manifest, fixture("packs/2/manifest.json")], 15, |bytes| {
            if let Ok(manifest) = Manifest::parse(bytes) {
                let _ =
                    (manifest.root(), manifest.head_bytes(), manifest.format(), Listed::new(&manifest, 1).unpacked());
            }
        }),
        parser("proofs", vec![proof], 15, |bytes| {
            let _ = serde_json::from_slice::<Proof>(bytes).map(|proof| proof::check(&proof, &Trust::default()).is_ok());
        }),
        parser("archives", vec![archived.clone()], 10, unpacked),
        parser("archives within", vec![tar_of(&archived)], 10, |bytes| {
            let mut squeezed = Vec::new();
            archive::squeeze(bytes, &mut squeezed).expect("memory");
            unpacked(&squeezed);
        }),
        parser("time-stamps", vec![answer.clone()], 15, move |bytes| {
            let _ = (stamp::check(bytes, &root, None), stamp::check(bytes, &root, Some(&trusted)));
        }),
        parser("authorities", vec![authority], 10, move |bytes| {
            let _ = stamp::check(&answer, &digest::sha256(b"a root"), Some(bytes));
        }),
    ]
}

fn proof_of(pack: &Pack) -> Vec<u8> {
    let manifest = Manifest::parse(&pack["manifest.json"]).expect("manifest");
    let files = Files(pack.clone());
    let start = "2026-01-01T00:00:00Z";
    let proof = proof::prove(&files, &manifest, &"one".into(), start, &Trust::default()).expect("proved");
    serde_json::to_vec_pretty(&proof).expect("memory")
}

/// What an archive holds, as a tar again.
fn tar_of(squeezed: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let (manifest, _) = archive::manifest(squeezed, 64 << 20).expect("a manifest");
    let listed = Listed::new(&Manifest::parse(&manifest).expect("manifest"), manifest.len() as u64);
    let mut add = |name: &str, from: &mut dyn Read| -> io::Result<()> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes.as_slice())
    };
    archive::unpack(squeezed, &listed, &mut add).expect("whole");
    builder.into_inner().expect("memory")
}

fn unpacked(bytes: &[u8]) {
    let most = (bytes.len() as u64).saturating_mul(1_000).min(64 << 20);
    let Ok((manifest, _)) = archive::manifest(bytes, most) else { return };
    let Ok(parsed) = Manifest::parse(&manifest) else { return };
    let listed = Listed::new(&parsed, manifest.len() as u64);
    if listed.unpacked() <= 64 << 20 {
        let mut drop_it = |_: &str, from: &mut dyn Read| io::copy(from, &mut io::sink()).map(|_| ());
        let _ = archive::unpack(bytes, &listed, &mut drop_it);
    }
}

/// A pack of which a file was changed: as it is, sealed again, or made again from changed inputs.
pub fn verified(mut pack: Pack, way: usize) {
    // A manifest that is none cannot be made again.
    if Manifest::parse(pack.get("manifest.json").map_or(&[][..], Vec::as_slice)).is_ok() {
        pack = match way {
            0 => pack,
            1 => reseal(pack),
            _ => remade(pack),
        };
    }
    let _ = verify::verify(&Files(pack), &Trust::default()).map(|held| held.verified);
}
