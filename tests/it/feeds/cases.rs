//! What each provider says, as its documentation has it: a line for each feed of the table.

use super::server::{Asked, Reply, reply};
use crate::planted::{ENCODED, KEY};
use crate::support::{Home, ONE_SITE, fixture};
use reports::received::providers::about::{About, Credential};
use reports::received::providers::named;

/// `user:password`; to those who want a key, all of it is one.
pub const CREDENTIAL: &str = "u:planted4hunter";

/// A feed, what is asked of it, and what its provider says: the answers of `fixtures/http`.
#[derive(Debug)]
pub struct Case {
    pub kind: &'static str,
    /// More of `[source.grid]`.
    pub source: &'static str,
    pub now: &'static str,
    /// An hour that some of the answers are about.
    pub hour: [&'static str; 2],
    /// A part of the path and query, and the file that answers: the first that fits.
    pub answers: &'static [(&'static str, &'static str)],
    /// What stands in one of them before a value, that value, and how the revised one ends.
    pub revised: (&'static str, &'static str, &'static str),
}

const OUTSIDE: &str = r#"series = ["site/s/temperature"]
settings = { "site/s/temperature" = "39.04,-77.49" }"#;

/// A line for each feed of the table.
pub static CASES: &[Case] = &[
    Case {
        kind: "csv",
        source: r#"series = ["site/s/onsite_generation"]
settings = { path = "/table.csv", separator = ";", decimal = ",", start = "from", end = "to", unit = "kWh", "site/s/onsite_generation" = "kWh" }"#,
        now: "2026-01-22T00:00:00Z",
        hour: ["2026-01-20T12:00Z", "2026-01-20T13:00Z"],
        answers: &[("/table.csv", "table.csv")],
        revised: ("2026-01-20T13:00Z;2026-01-20T14:00Z;", "2,25", ""),
    },
    Case {
        kind: "eia",
        source: "zone = \"PJM\"\nseries = [\"coal\", \"demand\", \"solar\"]",
        now: "2024-07-01T09:00:00Z",
        hour: ["2024-07-01T02:00Z", "2024-07-01T03:00Z"],
        answers: &[("/fuel-type-data/", "fuels.json"), ("/region-data/", "region.json")],
        revised: ("\"type-name\": \"Coal\", \"value\": \"", "100", ""),
    },
    Case {
        kind: "electricity-maps",
        source: "zone = \"DE\"\nseries = [\"carbon_intensity\", \"wind\"]",
        now: "2026-01-21T16:00:00Z",
        hour: ["2026-01-20T19:00Z", "2026-01-20T20:00Z"],
        answers: &[
            ("/v3/carbon-intensity/past-range?", "history.json"),
            ("/v3/carbon-intensity/forecast?", "forecast.json"),
            ("/v3/power-breakdown/", "power-breakdown.json"),
        ],
        revised: ("\"carbonIntensity\": ", "599", ""),
    },
    Case {
        kind: "energy-charts",
        source: "zone = \"de\"\nseries = [\"demand\", \"hydro\"]",
        now: "2026-01-20T11:40:00Z",
        hour: ["2026-01-20T10:00Z", "2026-01-20T11:00Z"],
        answers: &[("/public_power?", "public-power.json")],
        revised: ("\"Hydro Run-of-River\", \"data\": [1000, ", "1001", ""),
    },
    Case {
        kind: "entsoe",
        source: "zone = \"10Y1001A1001A82H\"\nseries = [\"coal\", \"demand\", \"wind\"]",
        now: "2026-03-29T10:31:00Z",
        hour: ["2026-03-29T00:00Z", "2026-03-29T01:00Z"],
        answers: &[
            ("documentType=A75", "generation.xml"),
            ("documentType=A69", "forecast.xml"),
            ("documentType=A65&processType=A16", "load.xml"),
            ("documentType=A65", "no-data.xml"),
        ],
        revised: ("<position>1</position><quantity>", "500", ""),
    },
    Case {
        kind: "gb",
        source: "",
        now: "2026-01-20T13:30:00Z",
        hour: ["2026-01-20T12:00Z", "2026-01-20T13:00Z"],
        answers: &[("/intensity/", "intensity.json"), ("/generation/", "generation.json")],
        revised: ("\"actual\": ", "263", ""),
    },
    Case {
        kind: "json",
        source: r#"series = ["site/s/import"]
settings = { path = "/readings", list = "/data", start = "/time", step = "1h", unit = "kWh", "site/s/import" = "/value" }"#,
        now: "2026-01-22T00:00:00Z",
        hour: ["2026-01-20T12:00Z", "2026-01-20T13:00Z"],
        answers: &[("/readings", "list.json")],
        revised: ("\"2026-01-20T12:00:00Z\",\"value\":", "1.5", ""),
    },
    Case {
        kind: "open-meteo",
        source: OUTSIDE,
        now: "2026-01-20T12:00:00Z",
        hour: ["2026-01-20T10:00Z", "2026-01-20T11:00Z"],
        answers: &[("/v1/forecast?", "forecast.json")],
        // 3.5 degrees become 3.300 and more.
        revised: ("2.5,3.0,3.", "5", ""),
    },
    Case {
        kind: "open-meteo-archive",
        source: OUTSIDE,
        now: "2026-01-22T00:00:00Z",
        hour: ["2026-01-20T10:00Z", "2026-01-20T11:00Z"],
        answers: &[("/v1/archive?", "archive.json")],
        revised: ("2.5,3.0,3.", "5", ""),
    },
    Case {
        kind: "prometheus",
        source: r#"series = ["site/s/load"]
settings = { unit = "mJ", "site/s/load" = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION" }"#,
        now: "2026-01-20T12:10:00Z",
        hour: ["2026-01-20T10:00Z", "2026-01-20T11:00Z"],
        answers: &[("/api/v1/query?", "matrix.json")],
        // A counter that falls behind it began again: what is more before that is more energy.
        revised: ("[1768903817.391,\"", "2432000000", "0000000"),
    },
    Case {
        kind: "watttime",
        source: "zone = \"CAISO_NORTH\"",
        now: "2026-01-20T00:10:00Z",
        hour: ["2026-01-20T00:00Z", "2026-01-20T01:00Z"],
        answers: &[
            ("/login", "login.json"),
            ("/v3/historical?", "historical.json"),
            ("/v3/forecast?", "forecast.json"),
        ],
        revised: ("\"2026-01-20T00:00:00+00:00\", \"value\": ", "870", ""),
    },
];

impl Case {
    pub fn about(&self) -> &'static About {
        named(self.kind).expect("a feed").about()
    }

    /// A portfolio whose source `grid` is at an address, and its credential where it needs one.
    pub fn home(&self, url: &str) -> Home {
        let token = if self.about().needs_credential { "token_file = \"token\"" } else { "" };
        let source = format!("kind = \"{}\"\nurl = \"{url}\"\narea = \"A\"\n{}\n{token}\n", self.kind, self.source);
        let home = Home::new(&format!("{ONE_SITE}\n[source.grid]\n{source}"));
        home.secret("token", CREDENTIAL);
        home
    }

    /// The answers by what asks for them, after so many revisions.
    pub fn bodies(&self, revisions: usize) -> Vec<(&'static str, String)> {
        let (before, value, end) = self.revised;
        let (old, new) = (format!("{before}{value}"), format!("{before}{}{end}", 300 + revisions));
        let bodies: Vec<(&str, String)> = self
            .answers
            .iter()
            .map(|(part, file)| {
                let path = fixture("http").join(self.kind).join(file);
                (*part, std::fs::read_to_string(path).expect("a fixture").replacen(&old, &new, 1))
            })
            .collect();
        assert!(bodies.iter().any(|(_, body)| body.contains(&new)), "{}: nothing is revised", self.kind);
        bodies
    }

    /// What the provider says to whoever has the credential.
    pub fn said(&self, asked: &Asked, bodies: &[(&'static str, String)]) -> Reply {
        let (target, about) = (format!("{}?{}", asked.path, asked.query), self.about());
        if about.needs_credential && !is_sent(&about.credential, asked) {
            return reply(401, "application/json", "{}");
        }
        match bodies.iter().find(|(part, _)| target.contains(part)) {
            Some((_, body)) => reply(200, about.types.first().copied().unwrap_or("text/plain"), body.as_str()),
            None => reply(404, "text/plain", format!("{target} has no fixture")),
        }
    }
}

/// Whether the credential is where it belongs.
pub fn is_sent(credential: &Credential, asked: &Asked) -> bool {
    let header = |name: &str| asked.headers.get(name).map_or("", String::as_str);
    let basic = format!("Basic {ENCODED}");
    match credential {
        Credential::None => true,
        Credential::Header { name, before } => header(name) == format!("{before}{CREDENTIAL}"),
        // Encoded, as all of the query is.
        Credential::Query { name } => asked.query.ends_with(&format!("{name}=u%3A{KEY}")),
        Credential::Basic => header("authorization") == basic,
        Credential::Login { path, .. } if asked.path == *path => header("authorization") == basic,
        Credential::Login { .. } => header("authorization").starts_with("Bearer "),
    }
}
