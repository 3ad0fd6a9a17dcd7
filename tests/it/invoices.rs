//! Invoices and files in, with who took them in and why.

use crate::certificates::{Register, ask, on_both};
use hourmatch::store::{Store, files, invoices, revisions};
use reports::inputs::Invoice;
use reports::time::RecordTime;
use serde_json::Value;

fn bills(register: &Register, recorded: RecordTime) -> Vec<Invoice> {
    let recorded = ask(&register.url, async |store: &Store| invoices::recorded(store, recorded).await);
    recorded.expect("invoices").into_iter().map(|(bill, _)| bill).collect()
}

#[test]
fn invoices_come_in_as_files_do() {
    on_both(|register| {
        let months = "2026-01-01T00:00:00Z,2026-02-01T00:00:00Z";
        register.home.write("bills.csv", &format!("invoice,site,start,end,wh\n\"No 7, A\",s,{months},2500000\n"));
        let ran = register.run(&["ingest", "bills.csv", "--format", "json"]).ok();
        assert!(ran.err.contains("bills.csv: 1 invoice added"), "{}", ran.err);
        assert_eq!(
            (&ran.json()["files"][0]["invoices_added"], &ran.json()["files"][0]["added"]),
            (&1.into(), &0.into())
        );
        let again = register.run(&["ingest", "bills.csv", "--format", "json"]).ok().json();
        assert_eq!((&again["files"][0]["unchanged"], &again["files"][0]["revision"]), (&1.into(), &Value::Null));
        let first = bills(&register, RecordTime::END);
        assert_eq!((first.len(), first[0].invoice.as_str(), first[0].wh), (1, "No 7, A", 2_500_000));

        let known = ask(&register.url, async |store: &Store| {
            let all = revisions::all(store).await.expect("revisions");
            let last = all.values().next_back().expect("one").clone();
            assert_eq!(last.file_name, "bills.csv");
            assert!(files::piece(store, &last.file_sha256, 0).await.expect("read").is_some(), "the file is kept");
            last.recorded
        });
        // Units, any order of columns, a corrected amount.
        let text = format!(
            "unit,end,start,value,site,invoice\nMWh,{1},{0},2.4000001,s,\"No 7, A\"\nkWh,{1},{0},3,s,No 8\n",
            "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
        );
        register.home.write("more.csv", &text);
        let ran = register.run(&["ingest", "more.csv", "--format", "json"]).ok().json();
        let counts = (&ran["files"][0]["invoices_added"], &ran["files"][0]["invoices_replaced"]);
        assert_eq!(counts, (&1.into(), &1.into()));
        let now: Vec<(String, i64)> =
            bills(&register, RecordTime::END).into_iter().map(|b| (b.invoice, b.wh)).collect();
        assert_eq!(now, [("No 7, A".to_string(), 2_400_001), ("No 8".to_string(), 3_000)]);
        assert_eq!(bills(&register, known), first, "the earlier amount is still there to be asked for");
        assert!(bills(&register, known.plus_micros(-1)).is_empty());
        // The first file again brings nothing back.
        register.run(&["ingest", "bills.csv"]).ok();
        assert_eq!(bills(&register, RecordTime::END)[0].wh, 2_400_001);
    });
}

#[test]
fn bad_invoices_are_refused_like_bad_readings() {
    let register = Register::at(None);
    let month = "2026-01-01T00:00:00Z,2026-02-01T00:00:00Z";
    let head = "invoice,site,start,end,wh\n";
    let good = format!("1,s,{month},5\n");
    let cases = [
        ("b1.csv", format!("{head}2,nowhere,{month},5\n"), "b1.csv:2: site `nowhere` is not in the portfolio"),
        ("b2.csv", format!("{head}2,s,{month},-5\n"), "is not a whole number of Wh"),
        ("b3.csv", format!("{head}2,s,{month},1.5\n"), "is not a whole number of Wh"),
        ("b4.csv", format!("{head},s,{month},5\n"), "has no number"),
        ("b5.csv", format!("{head}{good}{good}"), "b5.csv:3: invoice `1` of site `s` is already in line 2"),
        ("b6.csv", "invoice,site,start,end,value\n".into(), "lacks wh, or value and unit"),
        ("b7.csv", "invoice,site,start,end,wh,unit\n".into(), "both wh and value or unit"),
        ("b8.csv", "invoice,site,start,wh\n".into(), "the header lacks end"),
        ("b9.csv", "invoice,site,start,end,wh,colour\n".into(), "unknown column `colour`"),
        ("b10.csv", format!("invoice,site,start,end,value,unit\n2,s,{month},5,MW\n"), "in Wh, kWh or MWh, not in MW"),
        ("b11.csv", format!("{head}2,s,2026-01-01T00:00:00,2026-02-01T00:00:00Z,5\n"), "has no UTC offset"),
    ];
    for (name, text, wanted) in cases {
        register.home.write(name, &text);
        register.run(&["ingest", name]).refused(wanted);
        assert!(bills(&register, RecordTime::END).is_empty(), "{name}");
    }
    register.home.write("mixed.csv", &format!("{head}{good}2,nowhere,{month},5\n"));
    let ran = register.run(&["ingest", "mixed.csv", "--reject", "bad.csv", "--format", "json"]).ok().json();
    assert_eq!((&ran["files"][0]["invoices_added"], &ran["rejected"]), (&1.into(), &1.into()));
    assert!(register.home.read("bad.csv").contains("5,3,site `nowhere` is not in the portfolio"));
}

#[test]
fn a_file_says_who_took_it_in_and_why() {
    on_both(|register| {
        let row = |value: i64| {
            format!("series,start,end,value,unit\nsite/s/load,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,{value},kWh\n")
        };
        for (value, extra) in
            [(1, &[][..]), (2, &["--actor", "j.doe", "--reason", "meter exchanged"][..]), (3, &["--actor", " "][..])]
        {
            register.home.write("load.csv", &row(value));
            register.run(&[&["ingest", "load.csv"][..], extra].concat()).ok();
        }
        let stated: Vec<(Option<String>, Option<String>)> = ask(&register.url, async |store: &Store| {
            let all = revisions::all(store).await.expect("revisions");
            all.into_values().map(|r| (r.actor, r.reason)).collect()
        });
        let second = (Some("j.doe".to_string()), Some("meter exchanged".to_string()));
        assert_eq!(stated, [(None, None), second, (None, None)]);
    });
}
