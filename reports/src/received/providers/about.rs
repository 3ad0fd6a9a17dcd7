//! What a feed gives, and how it may be asked: one table of each, for checks, commands and the reference.

use std::borrow::Cow;

/// A feed as the portfolio names it, and all that does not depend on who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The `kind` of a `[source.<name>]`; kept with what is received, so it never changes.
    pub name: &'static str,
    pub title: &'static str,
    /// The address without a path; none where the portfolio must state it.
    pub url: Option<&'static str>,
    /// Where the provider describes it.
    pub docs: &'static str,
    pub licence: &'static str,
    pub zone: Asked,
    pub credential: Credential,
    pub needs_credential: bool,
    pub gives: &'static [Gives],
    pub limits: Limits,
    /// The `Accept` header.
    pub accept: &'static str,
    /// Content types that are read, without parameters; all where there are none.
    pub types: &'static [&'static str],
    /// Statuses beside 200 whose bodies `parse` reads.
    pub statuses: &'static [u16],
    /// Seconds from one pass to the next, unless the portfolio says otherwise.
    pub every_s: i64,
    /// How far back a pass asks again, for what is published late or revised.
    pub overlap_s: i64,
    /// What `settings` of a `[source.<name>]` may say; with the name `<series>`, a text for each series.
    pub settings: &'static [Setting],
}

/// Whether a key must be there; with an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Needed(&'static str),
    Never,
}

/// One series, or one of a kind, that a feed gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gives {
    /// The last part of the series' name; `FUEL` for generation of each fuel, `ANY` for whatever the portfolio says.
    pub leaf: &'static str,
    /// As the provider states values.
    pub unit: &'static str,
    /// Length of the provider's intervals; 0 where it differs.
    pub resolution_s: i64,
    /// How far ahead of now it forecasts; 0 for none.
    pub horizon_s: i64,
}

/// Generation of each fuel.
pub const FUEL: &str = "<fuel>";
/// Whatever series the portfolio names.
pub const ANY: &str = "<any>";

/// What the provider publishes as its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest period of one request, in seconds.
    pub span_s: i64,
    /// All of them hold at once.
    pub rates: &'static [Rate],
    /// How long nobody is answered who asked too often, where the answer does not say.
    pub ban_s: i64,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub requests: u32,
    pub seconds: u32,
}

/// Where a credential goes. It comes from the environment or a file, and is in no request as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    None,
    /// A header: `before` and the credential, such as `Bearer ` and a token.
    Header {
        name: Cow<'static, str>,
        before: Cow<'static, str>,
    },
    /// A parameter of the query.
    Query {
        name: Cow<'static, str>,
    },
    /// HTTP Basic, with `user:password`.
    Basic,
    /// `user:password` by HTTP Basic at `path` gives JSON with a token in `field`, which goes as a bearer token and is
    /// asked for again once it is refused.
    Login {
        path: &'static str,
        field: &'static str,
    },
}

/// A name that stands for each series.
pub const EACH: &str = "<series>";

/// A text that one kind of source takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub needed: bool,
    /// As TOML writes it.
    pub example: &'static str,
    pub meaning: &'static str,
}

/// Settings: in brackets that of each series, if there is one, by its whole example; the others by their names. `needed` or
/// `optional`, an example, and what it means.
macro_rules! settings {
    (@needed) => { true };
    (@optional) => { false };
    (@one $name:expr, $presence:ident, $example:expr, $meaning:literal) => {
        Setting { name: $name, needed: settings!(@$presence), example: $example, meaning: $meaning }
    };
    (
        [$($each:ident $whole:literal: $of_each:literal)?]
        $($presence:ident $name:literal = $example:literal: $meaning:literal;)*
    ) => {
        &[
            $(settings!(@one EACH, $each, $whole, $of_each),)?
            $(settings!(@one $name, $presence, concat!($name, " = \"", $example, "\""), $meaning)),*
        ]
    };
}
pub(super) use settings;

impl About {
    /// What it says of a series by the last part of its name.
    pub fn gives(&self, leaf: &str) -> Option<&'static Gives> {
        let is = |gives: &&Gives| match gives.leaf {
            ANY => true,
            FUEL => crate::series::name::is_fuel(leaf),
            own => own == leaf,
        };
        self.gives.iter().find(is)
    }

    /// The farthest that any of its series is forecast.
    pub fn horizon_s(&self) -> i64 {
        self.gives.iter().map(|gives| gives.horizon_s).max().unwrap_or(0)
    }
}
