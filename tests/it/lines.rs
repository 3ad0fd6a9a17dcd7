//! The line that is named is the one an editor shows, whatever ends lines and wherever a file is read again.

use crate::forgeries::Pack;
use crate::packs::{Files, at_path, remade};
use crate::support::{HEADER, Home, ONE_SITE, hourly};
use reports::evidence::trust::Trust;
use reports::evidence::verify;

const HOUR: &str = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z";
const NEXT: &str = "2026-01-01T01:00:00Z,2026-01-01T02:00:00Z";
const MARK: &str = "\u{feff}";

/// A kind of file: how it is taken in, a row over two lines that is good, and one that is not.
struct Kind {
    command: &'static [&'static str],
    options: &'static [&'static str],
    header: &'static str,
    good: String,
    bad: String,
    says: &'static str,
}

impl Kind {
    fn new(
        command: &'static [&'static str],
        header: &'static str,
        good: String,
        bad: String,
        says: &'static str,
    ) -> Self {
        Self { command, options: &[], header, good, bad, says }
    }

    fn under(self, options: &'static [&'static str]) -> Self {
        Self { options, ..self }
    }

    fn args<'a>(&self, name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [self.command, &[name], self.options, more].concat()
    }
}

fn kinds() -> [Kind; 6] {
    let not_a_time = "`x` is not an RFC 3339 time";
    [
        Kind::new(
            &["ingest"],
            "series,start,end,value,unit",
            format!("site/s/load,{HOUR},1,\"MWh\n\""),
            format!("site/s/load,{NEXT},x,MWh"),
            "`x` is not a decimal number",
        ),
        Kind::new(
            &["ingest"],
            "invoice,site,start,end,wh",
            format!("1,\"s\n\",{HOUR},5"),
            format!("2,s,{HOUR},x"),
            "wh `x` is not a whole number of Wh",
        ),
        Kind::new(
            &["ingest"],
            "ts_utc,coal_mw,wind_mw",
            "2026-01-01T00:00:00Z,\"1\n\",2".into(),
            "x,1,2".into(),
            not_a_time,
        )
        .under(&["--source", "eia930", "--area", "A", "--label", "start"]),
        Kind::new(
            &["ingest"],
            "from,intensity.forecast,intensity.actual",
            "2026-01-01T00:00Z,\"1\n\",2".into(),
            "x,1,2".into(),
            not_a_time,
        )
        .under(&["--source", "neso", "--area", "A", "--issued", "2026-01-01T00:00Z"]),
        Kind::new(
            &["certificates", "import"],
            "id,device,registry,technology,start,end,wh",
            format!("a,w,R,\"wind\n\",{HOUR},5"),
            format!("b,w,R,wind,{HOUR},x"),
            "wh `x` is not a whole number of Wh",
        ),
        Kind::new(
            &["work", "import"],
            "id,release,deadline,energy_mwh,max_mw",
            format!("a,{HOUR},\"0.5\n\",1"),
            format!("b,{HOUR},x,1"),
            "energy_mwh `x` is not a number",
        ),
    ]
}

/// The header in line 1, the good row in 2 and 3, nothing in 4, the bad row in 5; all of it later behind empty lines.
#[test]
fn every_kind_of_file_names_the_line_an_editor_shows() {
    let forms = [("", 0, "\n"), ("", 0, "\r\n"), (MARK, 0, "\r\n"), (MARK, 2, "\r\n"), (MARK, 1, "\n"), ("", 0, "\r")];
    for kind in kinds() {
        let home = Home::new(ONE_SITE);
        for (index, (mark, empty, end)) in forms.into_iter().enumerate() {
            let (name, kept) = (format!("f{index}.csv"), format!("bad{index}.csv"));
            let file =
                |rows: String| home.write(&name, &format!("{mark}{}{rows}", "\n".repeat(empty)).replace('\n', end));
            let Kind { header, good, bad, says, .. } = &kind;
            file(format!("{header},colour\n{good},1\n"));
            home.run(&kind.args(&name, &[])).refused(&format!("{name}:{}: unknown column `colour`", 1 + empty));
            file(format!("{header}\n{good}\n\n{bad}\n"));
            let line = 5 + empty;
            home.run(&kind.args(&name, &[])).refused(&format!("{name}:{line}: {says}"));
            home.run(&kind.args(&name, &["--reject", &kept])).ok();
            let mut rejected = csv::Reader::from_path(home.path(&kept)).expect("rejects");
            let rows: Vec<csv::StringRecord> = rejected.records().map(|row| row.expect("row")).collect();
            assert_eq!(rows.len(), 1, "{name}: {rows:?}");
            let (row, cells) = (&rows[0], bad.split(',').collect::<Vec<_>>());
            assert_eq!(row.iter().take(cells.len()).collect::<Vec<_>>(), cells, "{name}: the bad row itself");
            assert_eq!(row.get(cells.len()), Some(line.to_string().as_str()), "{name}: {row:?}");
        }
    }
}

#[test]
fn rows_that_contradict_another_name_both_lines() {
    let home = Home::new(ONE_SITE);
    let write = |name: &str, text: String| home.write(name, &text.replace('\n', "\r\n"));
    write("r.csv", format!("{HEADER}\nsite/s/load,{HOUR},1,\"MWh\n\"\nsite/s/load,{HOUR},2,MWh\n"));
    home.run(&["ingest", "r.csv"]).refused("r.csv:5: site/s/load").refused("is the same interval as line 3");
    write("b.csv", format!("invoice,site,start,end,wh\n1,s,{HOUR},5\n\n1,s,{HOUR},6\n"));
    home.run(&["ingest", "b.csv"]).refused("b.csv:4: invoice `1` of site `s` is already in line 2");
    write("c.csv", format!("id,device,registry,technology,start,end,wh\na,w,R,wind,{HOUR},5\n\na,w,R,wind,{HOUR},6\n"));
    home.run(&["certificates", "import", "c.csv"]).refused("c.csv:4: certificate `a` is already in line 2");
    write("w.csv", format!("id,release,deadline,energy_mwh,max_mw\na,{HOUR},0.5,1\n\na,{HOUR},0.4,1\n"));
    home.run(&["work", "import", "w.csv"]).refused("w.csv:4: work `a` is already in line 2");
    write("n.csv", format!("{HEADER}site/s/load,{HOUR},1,MWh\nnobody/x/load,{HOUR},1,MWh\n"));
    home.run(&["ingest", "n.csv"]).refused("n.csv:3: ");
}

/// Three hours of a site and its contract in our own form, of fuel in EIA's, of intensity in NESO's: with `\r\n`, empty
/// lines, a byte order mark, line breaks within quotes.
fn three_forms() -> Home {
    let home = Home::new(ONE_SITE);
    let time = |hour: usize, minute: usize| format!("2026-01-01T{hour:02}:{minute:02}");
    // Lines 3, 4, 5 and 6, 7, 8.
    let rows = hourly("site/s/load", [0.5; 3]) + &hourly("contract/w/generation", [0.5; 3]);
    // Lines 2, 4, 6.
    let hours: String = (1..4).map(|hour| format!("{}:00Z,{hour}\n\n", time(hour, 0))).collect();
    // Every row goes over two lines: 2, 4 and so on.
    let halves = (0..6).map(|half| format!("{}Z,1,\"10{half}\n\"\n", time(half / 2, half % 2 * 30)));
    let forms: [(String, &[&str]); 3] = [
        (format!("{HEADER}\n{rows}"), &[]),
        (format!("{MARK}ts_utc,nat_gas_mw\n{hours}"), &["--source", "eia930", "--area", "A", "--label", "end"]),
        (
            format!("from,intensity.forecast,intensity.actual\n{}", halves.collect::<String>()),
            &["--source", "neso", "--area", "A", "--issued", "2026-01-02T00:00Z"],
        ),
    ];
    for (index, (text, options)) in forms.into_iter().enumerate() {
        let name = format!("{index}.csv");
        home.write(&name, &text.replace('\n', "\r\n"));
        home.run(&[&["ingest", name.as_str()][..], options].concat()).ok();
    }
    home
}

/// By series as they are sorted: contract, intensity, gas, load.
const LINES: [u64; 15] = [6, 7, 8, 2, 4, 6, 8, 10, 12, 2, 4, 6, 3, 4, 5];
/// One more than the `\n` up to the `\r` that ended the row before: how packs were numbered.
const LINE_FEEDS: [u64; 15] = [5, 6, 7, 1, 3, 5, 7, 9, 11, 1, 2, 4, 1, 3, 4];
const READINGS: &str = "inputs/readings.csv";

fn packed(home: &Home, to: &str) -> Pack {
    let period = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T03:00Z"];
    home.run(&[&["pack", "-o", to, "--actor", "j.doe", "--reason", "late"][..], &period[..]].concat()).ok();
    at_path(&home.path(to))
}

fn rows(pack: &Pack) -> Vec<u64> {
    let text = String::from_utf8(pack[READINGS].clone()).expect("text");
    let last = |line: &str| line.rsplit(',').next().and_then(|cell| cell.parse().ok()).expect("a row");
    text.lines().skip(1).map(last).collect()
}

/// The pack as one who numbers rows so had made it.
fn numbered(pack: &Pack, rows: &[u64]) -> Pack {
    let text = String::from_utf8(pack[READINGS].clone()).expect("text");
    let mut lines = text.lines();
    let mut readings = format!("{}\n", lines.next().expect("a header"));
    for (line, row) in lines.zip(rows) {
        let (cells, _) = line.rsplit_once(',').expect("cells");
        readings.push_str(&format!("{cells},{row}\n"));
    }
    let mut altered = pack.clone();
    altered.insert(READINGS.into(), readings.into_bytes());
    remade(altered)
}

fn held(pack: Pack) -> Result<usize, String> {
    match verify::verify(&Files(pack), &Trust::default()) {
        Ok(held) => Ok(held.pack.expect("a pack").compared.readings),
        Err(findings) => Err(findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

#[test]
fn packs_name_lines_and_those_numbered_by_line_feeds_hold() {
    let home = three_forms();
    let pack = packed(&home, "pack");
    assert_eq!(rows(&pack), LINES);
    assert_eq!(held(pack.clone()), Ok(15));
    assert_eq!(held(numbered(&pack, &LINE_FEEDS)), Ok(15));
    // Of three files one was taken in by an earlier version: intensity.
    let some: Vec<u64> = (0..15).map(|at| if (3..9).contains(&at) { LINE_FEEDS[at] } else { LINES[at] }).collect();
    assert_eq!(held(numbered(&pack, &some)), Ok(15));
    // Rows of one file are numbered one way or the other.
    for (at, series) in [(0, "contract/w/generation"), (3, "carbon_intensity"), (9, "grid/A/gas"), (12, "site/s/load")]
    {
        let mut mixed = LINES;
        mixed[at] = LINE_FEEDS[at];
        let said = held(numbered(&pack, &mixed)).expect_err(series);
        assert!(said.contains(series) && said.contains(&format!("row {} of", LINE_FEEDS[at])), "{said}");
    }
}

/// What an earlier version stored stays as it is numbered, and what comes later is numbered by lines.
#[test]
fn stores_of_earlier_versions_are_audited_and_corrected() {
    let home = three_forms();
    let of_own_form = "(select id from series where name like 'site/%' or name like 'contract/%')";
    let sql = "update readings set row_no = case row_no when 3 then 1 else row_no - 1 end where series_id in ";
    assert_eq!(home.direct(&format!("{sql}{of_own_form}")), 6);
    let earlier: Vec<u64> = (0..15).map(|at| if (3..12).contains(&at) { LINES[at] } else { LINE_FEEDS[at] }).collect();
    let first = packed(&home, "v1");
    assert_eq!((rows(&first), held(first)), (earlier.clone(), Ok(15)));
    let again = home.run(&["ingest", "0.csv", "--format", "json"]).ok().json();
    assert_eq!((&again["files"][0]["unchanged"], &again["files"][0]["added"]), (&6.into(), &0.into()));
    home.write("late.csv", &format!("{HEADER}\n\nsite/s/load,{NEXT},0.4,MWh\n").replace('\n', "\r\n"));
    let late = home.run(&["ingest", "late.csv", "--format", "json"]).ok().json();
    assert_eq!(late["files"][0]["corrected"], 1);
    let second = packed(&home, "v2");
    let mut both = earlier;
    both[13] = 4;
    assert_eq!((rows(&second), held(second)), (both, Ok(15)));
}
