//! The portfolio file: refused with line and remedy, everything at once.

use crate::support::{Home, ONE_SITE};

const BROKEN: &str = r#"[portfolio]
name = "broken"
resolutoin = "60min"
time_zone = "Europe/Atlantis"
[policy]
miss_price_per_mwh = 100.0
[[boundary]]
id = "A"
[[boundary]]
id = "B"
[[site]]
id = "one"
boundary = "C"
it_capacity_mw = 10.0
[[site]]
id = "two"
boundary = "B"
it_capacity_mw = "lots"
[[site]]
id = "three"
boundary = "B"
it_capacity_mw = 10.0
[[contract]]
id = "w"
boundary = "A"
technology = "wind"
sites = ["three"]
plant = "p"
share = "2/3"
[[contract]]
id = "x"
boundary = "A"
technology = "coal"
sites = ["on"]
plant = "p"
share = "1/2"
[[storage]]
id = "battery"
"#;

#[test]
fn everything_is_said_at_once_with_its_line() {
    let home = Home::new(BROKEN);
    let ran = home.run(&["check"]).refused("hourmatch.toml:3: [portfolio]: unknown key `resolutoin`");
    for line in [
        "did you mean `resolution`?",
        "hourmatch.toml:4: [portfolio]: `Europe/Atlantis` is not a time zone",
        "hourmatch.toml:6: the price ladder is inverted",
        "hourmatch.toml:13: site one: boundary `C` is not defined",
        "hourmatch.toml:18: site two: `it_capacity_mw` is a string",
        "hourmatch.toml:27: contract w: site `three` lies in boundary B",
        "hourmatch.toml:33: contract x: `coal` is not carbon-free",
        "hourmatch.toml:34: contract x: site `on` is not defined",
        "the shares of plant `p` add up to more than 1: 2/3 + 1/2",
        "storage battery has no `site`",
    ] {
        assert!(ran.err.contains(line), "`{line}` not in:\n{}", ran.err);
    }
    let json = home.run(&["check", "--format", "json"]);
    let errors: serde_json::Value = serde_json::from_str(&json.err).expect("errors as JSON");
    assert_eq!(errors["error"]["line"], 3);
    assert!(errors["errors"].as_array().expect("errors").len() >= 10);
}

#[test]
fn a_good_one_passes_and_the_template_is_good() {
    Home::new(ONE_SITE).run(&["check"]).ok();
    let home = Home::new("");
    std::fs::remove_file(home.path("hourmatch.toml")).expect("removed");
    home.run(&["check"]).refused("hourmatch init");
    home.run(&["init"]).ok();
    home.run(&["check"]).ok();
    home.run(&["init"]).refused("exists already");
}

#[test]
fn what_is_no_toml_is_refused() {
    for (text, wanted) in [("", "there is no [portfolio]"), ("a = = 1\n[[[", "not TOML"), ("\u{0}\u{1}", "not TOML")] {
        Home::new(text).run(&["check"]).refused(wanted);
    }
    let home = Home::new("");
    std::fs::write(home.path("hourmatch.toml"), [0xff, 0xfe, 0x00]).expect("written");
    home.run(&["check"]).refused("is not UTF-8");
}
