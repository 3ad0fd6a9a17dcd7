//! A credential that a provider wants, in a header, in the query or for a login, is seen by that provider alone, even
//! where its answers repeat it: in no message, log at trace, error, answer as kept, record, row, pack, metric or list of
//! processes.

use super::cases::{CASES, CREDENTIAL, Case};
use super::server::{Server, json, reply};
use crate::planted::{KEY, REPEATED, listed, quiet, shows, silent};
use crate::service::Service;
use crate::support::{HEADER, Home};
use reports::received::providers::about::Credential;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Those that want one: at least one of each way to send it but HTTP Basic, which a login begins with.
fn wanting() -> Vec<&'static Case> {
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.about().needs_credential).collect();
    let sent = |is: fn(&Credential) -> bool| cases.iter().any(|case| is(&case.about().credential));
    assert!(sent(|credential| matches!(credential, Credential::Header { .. })));
    assert!(sent(|credential| matches!(credential, Credential::Query { .. })));
    assert!(sent(|credential| matches!(credential, Credential::Login { .. })));
    cases
}

/// An honest answer that repeats what it was asked with, as some providers' do.
fn repeating(body: &str) -> String {
    let all = REPEATED.join(" ");
    match body.starts_with('{') {
        true => body.replacen('{', &format!("{{\"asked\": [\"api_key={KEY}\", \"{CREDENTIAL}\", \"{all}\"], "), 1),
        false => body.replacen("<mRID>", &format!("<mRID>{CREDENTIAL} {all} "), 1),
    }
}

/// Nothing in the folder holds it but the file that it is in; how many files there are.
fn clean(home: &Home) -> usize {
    let files = home.tree();
    let holding = files.iter().find(|(path, bytes)| !path.ends_with("token") && shows(bytes)).map(|(path, _)| path);
    assert!(holding.is_none(), "{holding:?}");
    assert!(home.rows().iter().all(|row| !shows(row.as_bytes())), "a row holds it");
    files.len()
}

#[test]
fn a_credential_is_seen_by_its_provider_alone() {
    for case in wanting() {
        let repeated: Vec<_> = case.bodies(0).into_iter().map(|(part, body)| (part, repeating(&body))).collect();
        assert!(repeated.iter().all(|(_, body)| body.contains(KEY)), "{}", case.kind);
        let mark = format!("\"{CREDENTIAL}\"");
        let server = Server::start(move |asked| case.said(asked, &repeated).header("etag", &mark));
        let home = case.home(&server.url);
        home.write("hourmatch.toml", &format!("{}\n[serve]\nfollow = true\n", home.read("hourmatch.toml")));
        let ([from, to], now) = (case.hour, case.now);
        let row = |series: &str| format!("{series},{from},{to},1,MWh\n");
        home.write("r.csv", &format!("{HEADER}{}{}", row("site/s/load"), row("contract/w/generation")));
        let period = ["--from", from, "--to", to];
        let fetch = ["ingest", "--source", "grid", "--record", "kept", "--now", now];
        quiet(&home, &[&fetch[..], &period[..]].concat()).ok();
        let record: Vec<u8> = home
            .tree()
            .into_iter()
            .filter(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("kept")))
            .flat_map(|(_, bytes)| bytes)
            .collect();
        let record = String::from_utf8(record).expect("text");
        assert!(record.contains("…") && record.contains("hourmatch/exchange/1"), "{}: {record}", case.kind);
        for args in [
            &["follow", "--once", "--now", now][..],
            &["follow", "--source", "grid", "--format", "json", "--now", now],
            &["feeds", "--format", "json", "--now", now],
            &["feeds", "--now", now],
            &["ingest", "r.csv"],
            &["check", "--format", "json"],
            &["revisions", "--format", "json"],
            &["revisions", "1"],
            &[&["report", "--format", "json", "-o", "report.json"], &period[..]].concat(),
            &[&["pack", "-o", "pack"], &period[..]].concat(),
            &["verify", "pack"],
            &["revoke", "1", "--reason", "tried"],
        ] {
            quiet(&home, args).ok();
        }
        let service = Service::start(&home, now);
        for path in ["/healthz", "/metrics", "/v1/plans", "/"] {
            silent(&service.get(path).body, path);
        }
        silent(&service.log(), "the service's log");
        assert!(clean(&home) > 10, "{}", case.kind);
    }
}

/// What refuses a credential may repeat it, and may send us elsewhere with it.
#[test]
fn a_refusal_that_repeats_a_credential_is_not_repeated() {
    let stranger = Server::script(vec![json("{}")]);
    let said = format!("no such key: {}, of {CREDENTIAL}", REPEATED.join(" or "));
    for case in wanting() {
        let about = case.about();
        let answer = |status: u16, body: String| reply(status, about.types.first().copied().unwrap_or_default(), body);
        let elsewhere = format!("{}/?key={KEY}", stranger.url);
        for answer in [
            answer(401, said.clone()),
            answer(403, said.clone()).header("www-authenticate", &said),
            answer(400, format!("{{\"error\": \"{said}\"}}")),
            answer(200, format!("{{\"error\": {{\"code\": \"API_KEY_INVALID\", \"message\": \"{said}\"}}}}")),
            answer(200, said.clone()),
            reply(200, &said, "{}"),
            answer(302, String::new()).header("location", &elsewhere),
        ] {
            let what = format!("{}: {answer:?}", case.kind);
            let server = Server::start(move |asked| match &about.credential {
                Credential::Login { path, .. } if asked.path == *path => json(r#"{"token": "another4secret"}"#),
                _ => answer.clone(),
            });
            let home = case.home(&server.url);
            let followed = quiet(&home, &["follow", "--source", "grid", "--now", case.now]);
            assert_eq!(followed.code, 1, "{what}\n{}", followed.err);
            let feeds = quiet(&home, &["feeds", "--format", "json", "--now", case.now]).ok();
            assert!(feeds.json()["sources"][0]["error"].is_string(), "{what}\n{}", feeds.out);
            for text in [&followed.out, &followed.err, &feeds.out, &feeds.err] {
                assert!(!text.contains("another4secret"), "{what}\n{text}");
            }
            assert!(server.calls() > 0, "{what}");
            clean(&home);
        }
    }
    assert_eq!(stranger.calls(), 0, "nobody else is asked");
}

#[test]
fn no_list_of_processes_shows_a_credential_while_it_is_used() {
    for case in wanting() {
        let answers = Arc::new(AtomicBool::new(false));
        let (waits, bodies) = (answers.clone(), case.bodies(0));
        let server = Server::start(move |asked| {
            while !waits.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
            case.said(asked, &bodies)
        });
        let home = case.home(&server.url);
        let mut command = home.command();
        command.args(["follow", "--source", "grid", "--now", case.now]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("runs");
        while server.calls() == 0 {
            assert!(child.try_wait().expect("a child").is_none(), "{}: it ends without an answer", case.kind);
            std::thread::sleep(Duration::from_millis(5));
        }
        let list = listed(&child);
        answers.store(true, Ordering::SeqCst);
        assert!(list.contains("--source grid"), "{list}");
        silent(&list, "the list of processes");
        assert!(child.wait().expect("ends").success(), "{}", case.kind);
    }
}
