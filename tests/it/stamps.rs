//! Time-stamps of packs: `openssl ts` is the authority, and checks what the product makes, as the product checks it.

use crate::support::{HEADER, Home, ONE_SITE, hourly, verifier};
use std::process::Command;

/// A root, an authority under it with a key of this kind, and a stranger alike, by openssl.
struct Authority<'a> {
    home: &'a Home,
}

const CONFIG: &str = "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = Test Authority\nO = Example (synthetic)\n\
    [ca]\nbasicConstraints = critical,CA:true\nkeyUsage = critical,keyCertSign\n\
    [stamps]\nbasicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\n\
    extendedKeyUsage = critical,timeStamping\n\
    [server]\nbasicConstraints = critical,CA:false\nextendedKeyUsage = serverAuth\n\
    [tsa]\ndefault_tsa = tsa1\n[tsa1]\nserial = serial\ndefault_policy = 1.2.3.4.1\n\
    digests = sha256, sha384, sha512\nsigner_digest = sha256\ness_cert_id_alg = sha256\naccuracy = secs:1\n";

impl Authority<'_> {
    fn openssl(&self, args: &str) -> bool {
        let mut command = Command::new("openssl");
        command.current_dir(self.home.path("")).args(args.split(' '));
        let done = command.output().expect("openssl is installed: ./dev test installs it");
        if !done.status.success() {
            println!("openssl {args}: {}", String::from_utf8_lossy(&done.stderr));
        }
        done.status.success()
    }

    /// Certificates `name.pem` and keys `name.key`: `ca`, and of it `rsa`, `p256`, `p384` and `web`; `other` is a root alike.
    fn make(home: &Home) -> Authority<'_> {
        home.write("ts.cnf", CONFIG);
        home.write("serial", "01\n");
        let authority = Authority { home };
        for root in ["ca", "other"] {
            let args = format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {root}.key -out {root}.pem -days 3650 -config ts.cnf -extensions ca"
            );
            assert!(authority.openssl(&args));
        }
        let kinds = [
            ("rsa", "rsa:2048", "stamps"),
            ("p256", "ec -pkeyopt ec_paramgen_curve:P-256", "stamps"),
            ("p384", "ec -pkeyopt ec_paramgen_curve:P-384", "stamps"),
            ("web", "rsa:2048", "server"),
        ];
        for (name, key, extensions) in kinds {
            let request = format!("req -newkey {key} -nodes -keyout {name}.key -out {name}.csr -config ts.cnf");
            let sign = format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days 3650 -out {name}.pem -extfile ts.cnf \
                 -extensions {extensions}"
            );
            assert!(authority.openssl(&request) && authority.openssl(&sign), "{name}");
        }
        authority
    }

    /// The authority's answer to a query, as `name.tsr`.
    fn answer(&self, query: &str, signer: &str, digest: &str) {
        let config = CONFIG.replace("signer_digest = sha256", &format!("signer_digest = {digest}"));
        self.home.write("ts.cnf", &config);
        let args = format!(
            "ts -reply -queryfile {query} -signer {signer}.pem -inkey {signer}.key -chain ca.pem -config ts.cnf -out {signer}.tsr"
        );
        assert!(self.openssl(&args), "{signer}");
    }
}

/// An authority's answer for a root, and the certificate it leads to.
pub fn stamped(root: &[u8; 32]) -> (Vec<u8>, Vec<u8>) {
    let home = Home::new(ONE_SITE);
    let authority = Authority::make(&home);
    std::fs::write(home.path("query.tsq"), reports::evidence::stamp::query(root)).expect("written");
    authority.answer("query.tsq", "p256", "sha256");
    let read = |name: &str| std::fs::read(home.path(name)).expect("made");
    (read("p256.tsr"), read("ca.pem"))
}

fn packed() -> (Home, String) {
    let home = Home::new(ONE_SITE);
    let text = hourly("site/s/load", [5.0; 24]) + &hourly("contract/w/generation", [4.0; 24]);
    home.write("r.csv", &format!("{HEADER}{text}"));
    home.run(&["ingest", "r.csv"]).ok();
    let made = home.run(&["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "pack"]).ok();
    let root = made.out.trim().strip_prefix("root ").expect("a root").to_string();
    let asked = home.run(&["pack-request", "pack", "-o", "root.tsq"]).ok();
    assert!(asked.err.contains(&format!("root.tsq: a query to time-stamp root {root}")), "{}", asked.err);
    (home, root)
}

fn verify(home: &Home, args: &[&str]) -> (bool, String) {
    let done = Command::new(verifier()).current_dir(home.path("")).args(args).output().expect("runs");
    (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn a_stamp_says_when_and_an_authority_says_who() {
    let (home, root) = packed();
    let (held, said) = verify(&home, &["pack"]);
    assert!(held && said.contains("no time-stamp: only its maker says"), "{said}");
    let authority = Authority::make(&home);
    for (signer, digest) in [("rsa", "sha256"), ("rsa", "sha512"), ("p256", "sha256"), ("p384", "sha384")] {
        authority.answer("root.tsq", signer, digest);
        let answer = format!("{signer}.tsr");
        assert!(authority.openssl(&format!("ts -verify -digest {root} -in {answer} -CAfile ca.pem")), "{signer}");
        let to = format!("stamped-{signer}-{digest}");
        let args = ["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", &to, "--timestamp", &answer];
        assert_eq!(home.run(&args).ok().out, format!("root {root}\n"), "a stamp changes no root");
        let (held, said) = verify(&home, &[&to, "--tsa-ca", "ca.pem"]);
        let told = said.lines().find(|l| l.starts_with("time-stamped ")).unwrap_or_else(|| panic!("{said}"));
        assert!(held && told.contains("by Test Authority, Example (synthetic): its certificate leads"), "{told}");
        let (held, said) = verify(&home, &[&to]);
        assert!(held && said.contains("only its own certificate names"), "{said}");
        let (held, said) = verify(&home, &[&to, "--tsa-ca", "other.pem"]);
        assert!(!held && said.contains("leads to none of the authorities given"), "{said}");
    }
    let archive = ["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "p.tar.zst", "--timestamp", "rsa.tsr"];
    home.run(&archive).ok();
    let (held, said) = verify(&home, &["p.tar.zst", "--tsa-ca", "ca.pem"]);
    assert!(held && said.contains("time-stamped"), "{said}");
}

#[test]
fn a_stamp_of_another_root_or_changed_or_by_nobody_is_refused() {
    let (home, root) = packed();
    let authority = Authority::make(&home);
    authority.answer("root.tsq", "rsa", "sha256");
    let stamped = |answer: &[u8]| {
        std::fs::write(home.path("pack/timestamp.tsr"), answer).expect("written");
        verify(&home, &["pack", "--tsa-ca", "ca.pem"])
    };
    let good = std::fs::read(home.path("rsa.tsr")).expect("an answer");
    assert!(stamped(&good).0);
    // Every byte of it counts: none may be changed without the stamp failing, or saying the same.
    let same = stamped(&good).1;
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 0x01;
        let (held, said) = stamped(&bad);
        assert!(!held || said == same, "byte {at}: {said}");
    }
    assert!(!stamped(&good[..good.len() - 1]).0 && !stamped(&[&good[..], b"x"].concat()).0 && !stamped(b"").0);
    let other = "00".repeat(32);
    assert!(authority.openssl(&format!("ts -query -digest {other} -sha256 -no_nonce -cert -out other.tsq")));
    authority.answer("other.tsq", "rsa", "sha256");
    let (held, said) = stamped(&std::fs::read(home.path("rsa.tsr")).expect("an answer"));
    assert!(!held && said.contains(&format!("stamps {other}, not this pack's root")), "{said}");
    let args = ["pack", "--from", "2026-01-01", "--to", "2026-01-02", "-o", "again", "--timestamp", "rsa.tsr"];
    home.run(&args).refused(&format!("this pack's root is {root}"));
    assert!(!home.path("again").exists(), "nothing is left of a pack that was not made");
    // An answer without a stamp, and a query instead of an answer.
    let (held, said) = stamped(&[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]);
    assert!(!held && said.contains("the authority gave no time-stamp (status 2)"), "{said}");
    let (held, said) = stamped(&std::fs::read(home.path("root.tsq")).expect("a query"));
    assert!(!held && said.contains("timestamp.tsr: it is not an answer"), "{said}");
    std::fs::remove_file(home.path("pack/timestamp.tsr")).expect("removed");
    let (held, said) = verify(&home, &["pack", "--tsa-ca", "ca.pem"]);
    assert!(!held && said.contains("timestamp.tsr: is missing"), "{said}");
}
