//! Requests from templates, and where a credential goes.

use crate::named::named;
use crate::received::Refused;
use crate::received::providers::about::{ANY, About, Asked as Zone, Credential, Gives, Limits, Rate, Setting};
use crate::received::providers::ask::{Ask, Request, Wanted, parts};
use crate::text::clip;
use crate::time::{DAY_S, HOUR_S, Instant, Interval, LONGEST_S};
use std::borrow::Cow;

const LONGEST_TEMPLATE: usize = 2_000;
/// Unless the source says otherwise.
const SPAN_S: i64 = 31 * DAY_S;

/// A feed that its source describes: all that such feeds have in common.
pub const fn described(
    (name, title): (&'static str, &'static str),
    docs: &'static str,
    accept: &'static str,
    settings: &'static [Setting],
) -> About {
    About {
        name,
        title,
        url: None,
        docs,
        licence: "as whoever serves it says",
        zone: Zone::Never,
        credential: bearer(),
        needs_credential: false,
        gives: &[Gives { leaf: ANY, unit: "kWh", resolution_s: 0, horizon_s: 0 }],
        limits: Limits { span_s: SPAN_S, rates: &[Rate { requests: 2, seconds: 1 }], ban_s: 60 },
        accept,
        types: &[],
        statuses: &[],
        every_s: 3_600,
        overlap_s: 2 * DAY_S,
        settings,
    }
}

named! {
    /// How `{from}` and `{to}` are written, in UTC.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Writes {
        /// `2026-01-20T00:00:00Z`
        Second = "iso",
        /// `2026-01-20T00:00Z`
        Minute = "minute",
        /// `202601200000`
        Digits = "digits",
        /// `2026-01-20`
        Date = "date",
        /// The same, and the last day itself as `{to}`.
        LastDate = "last_date",
        Unix = "unix",
        UnixMs = "unix_ms",
    }
}

impl Writes {
    fn write(self, instant: Instant) -> String {
        match self {
            Self::Second => instant.to_string(),
            Self::Minute => format!("{instant:.16}Z"),
            Self::Digits => format!("{instant:.16}").chars().filter(char::is_ascii_digit).collect(),
            Self::Date | Self::LastDate => format!("{instant:.10}"),
            Self::Unix => instant.seconds().to_string(),
            Self::UnixMs => format!("{}000", instant.seconds()),
        }
    }
}

/// What a source says of its requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'w> {
    path: &'w str,
    query: Vec<(&'w str, &'w str)>,
    writes: Writes,
    span_s: i64,
    horizon_s: i64,
    /// How much later `{to}` is, for what is labelled by its end.
    later_s: i64,
    /// Parts of a period begin and end on this.
    align_s: i64,
    has_times: bool,
}

impl<'w> Asked<'w> {
    /// What is asked, or what cannot be, in words.
    pub fn read(wanted: &'w Wanted) -> Result<Self, String> {
        let path = wanted.setting("path").unwrap_or_default();
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\');
        if !path.starts_with('/') || path.contains(odd) || path.contains("..") || path.len() > LONGEST_TEMPLATE {
            return Err("path begins with / and has no query, such as path = \"/v1/readings/{from}\"".into());
        }
        let query = wanted.setting("query").unwrap_or_default();
        if query.len() > LONGEST_TEMPLATE || query.contains(char::is_control) {
            return Err("query is too long, or has more than one line".into());
        }
        let pair = |text: &'w str| text.split_once('=').unwrap_or((text, ""));
        let writes = wanted.setting("from_to").unwrap_or("iso");
        let refusal = || format!("from_to `{}` is not one of {}", clip(writes), Writes::NAMES.join(" "));
        let writes = Writes::parse(writes).ok_or_else(refusal)?;
        let is_utc = wanted.setting("time_zone").is_none_or(|zone| zone == "UTC");
        let align_s = if matches!(writes, Writes::Date | Writes::LastDate) || !is_utc { DAY_S } else { HOUR_S };
        let span_s = wanted.length_s("span")?.unwrap_or(SPAN_S);
        if span_s % align_s != 0 {
            return Err(format!("span is not a whole number of {}", if align_s == DAY_S { "days" } else { "hours" }));
        }
        let ends_only = wanted.setting("start").is_none() && wanted.setting("end").is_some();
        let later_s = if ends_only { wanted.length_s("step")?.unwrap_or(HOUR_S) } else { 0 };
        Ok(Self {
            path,
            query: query.split('&').filter(|text| !text.is_empty()).map(pair).collect(),
            writes,
            span_s,
            horizon_s: wanted.length_s("horizon")?.unwrap_or(0),
            later_s,
            align_s,
            has_times: ["{from}", "{to}"].iter().any(|word| path.contains(word) || query.contains(word)),
        })
    }

    /// The requests of a question: one without times where the templates name none.
    pub fn requests(&self, ask: &Ask) -> Result<Vec<Request>, Refused> {
        let align_s = self.align_s;
        let last = (ask.now + self.horizon_s).ceil(align_s);
        let period = Interval { start: ask.period.start.floor(align_s), end: ask.period.end.ceil(align_s).min(last) };
        let span_s = if self.has_times { self.span_s } else { LONGEST_S.max(period.duration_s()) };
        Ok(parts(period, span_s)?.into_iter().map(|part| self.request(part)).collect())
    }

    fn request(&self, covers: Interval) -> Request {
        let to = covers.end + self.later_s;
        // The last day is that of the last second.
        let to = if self.writes == Writes::LastDate { to - 1 } else { to };
        let [from, to] = [covers.start, to].map(|instant| self.writes.write(instant));
        let fill = |text: &str| text.replace("{from}", &from).replace("{to}", &to);
        let query = self.query.iter();
        query.fold(Request::new(fill(self.path), covers), |request, (key, value)| request.with(*key, fill(value)))
    }
}

/// Checks what settings say of the question, whatever its answers are read by.
pub fn check(wanted: &Wanted) -> Result<(), String> {
    credential(wanted)?;
    // That a path lacks is said elsewhere.
    if wanted.setting("path").is_some() {
        Asked::read(wanted)?;
    }
    Ok(())
}

/// Where the credential goes: `bearer`, `basic`, `header:NAME` or `query:NAME`.
pub fn credential(wanted: &Wanted) -> Result<Credential, String> {
    let auth = wanted.setting("auth").unwrap_or("bearer");
    let is_name = |name: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !name.is_empty() && name.len() <= 64 && name.bytes().all(plain)
    };
    match (auth, auth.split_once(':')) {
        ("bearer", _) => Ok(bearer()),
        ("basic", _) => Ok(Credential::Basic),
        (_, Some(("header", name))) if is_name(name) => {
            Ok(Credential::Header { name: Cow::Owned(name.to_ascii_lowercase()), before: Cow::Borrowed("") })
        }
        (_, Some(("query", name))) if is_name(name) => Ok(Credential::Query { name: Cow::Owned(name.into()) }),
        _ => Err(format!("auth `{}` is not one of bearer, basic, header:NAME and query:NAME", clip(auth))),
    }
}

const fn bearer() -> Credential {
    Credential::Header { name: Cow::Borrowed("authorization"), before: Cow::Borrowed("Bearer ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn wanted(settings: &[(&str, &str)]) -> Wanted {
        let told = settings.iter().map(|(key, text)| ((*key).to_string(), (*text).to_string()));
        Wanted { settings: told.collect::<BTreeMap<_, _>>(), ..Wanted::default() }
    }

    fn lines(settings: &[(&str, &str)], from: &str, to: &str) -> Vec<String> {
        let at = |text: &str| Instant::parse(text).expect("a time");
        let period = Interval { start: at(from), end: at(to) };
        let ask = Ask { wanted: wanted(settings), period, now: at("2026-01-21T12:10:00Z") };
        let requests = Asked::read(&ask.wanted).expect("settings").requests(&ask).expect("asked");
        requests.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn templates_become_requests() {
        let all = |writes: &str, more: &[(&str, &str)]| {
            let own = [("path", "/m/{from}"), ("query", "to={to}&id=7&flag"), ("from_to", writes)];
            lines(&[&own[..], more].concat(), "2026-01-20T10:20:00Z", "2026-01-20T11:50:00Z").join(" ")
        };
        assert_eq!(all("iso", &[]), "GET /m/2026-01-20T10:00:00Z?to=2026-01-20T12:00:00Z&id=7&flag=");
        assert_eq!(all("minute", &[]), "GET /m/2026-01-20T10:00Z?to=2026-01-20T12:00Z&id=7&flag=");
        assert_eq!(all("digits", &[]), "GET /m/202601201000?to=202601201200&id=7&flag=");
        assert_eq!(all("date", &[]), "GET /m/2026-01-20?to=2026-01-21&id=7&flag=");
        assert_eq!(all("last_date", &[]), "GET /m/2026-01-20?to=2026-01-20&id=7&flag=");
        assert_eq!(all("unix", &[]), "GET /m/1768903200?to=1768910400&id=7&flag=");
        assert_eq!(all("unix_ms", &[]), "GET /m/1768903200000?to=1768910400000&id=7&flag=");
        // What is labelled by its end is asked for until the label of the last interval.
        let ends = [("end", "/t"), ("step", "30min")];
        assert_eq!(all("iso", &ends), "GET /m/2026-01-20T10:00:00Z?to=2026-01-20T12:30:00Z&id=7&flag=");
    }

    #[test]
    fn parts_touch_and_end_with_what_there_is() {
        let own = [("path", "/m"), ("query", "a={from}&b={to}"), ("from_to", "date"), ("span", "1d")];
        let wanted = ["GET /m?a=2026-01-20&b=2026-01-21", "GET /m?a=2026-01-21&b=2026-01-22"];
        assert_eq!(lines(&own, "2026-01-20T23:00:00Z", "2026-02-01T00:00:00Z"), wanted);
        let ahead = [&own[..], &[("horizon", "35h")]].concat();
        assert_eq!(lines(&ahead, "2026-01-20T23:00:00Z", "2026-02-01T00:00:00Z").len(), 3);
        assert_eq!(lines(&own, "2026-01-23T00:00:00Z", "2026-02-01T00:00:00Z"), Vec::<String>::new());
        assert_eq!(lines(&[("path", "/latest")], "2020-01-20T23:00:00Z", "2026-02-01T00:00:00Z"), ["GET /latest"]);
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (settings, words) in [
            (vec![], "path begins with /"),
            (vec![("path", "m")], "path begins with /"),
            (vec![("path", "/a?b")], "path begins with /"),
            (vec![("path", "/../b")], "path begins with /"),
            (vec![("path", "/a b")], "path begins with /"),
            (vec![("path", "/a"), ("query", "a\nb")], "query is too long"),
            (vec![("path", "/a"), ("from_to", "%Y")], "from_to `%Y` is not one of iso minute"),
            (vec![("path", "/a"), ("span", "90min")], "span is not a whole number of hours"),
            (vec![("path", "/a"), ("span", "36h"), ("from_to", "date")], "span is not a whole number of days"),
            (
                vec![("path", "/a"), ("span", "36h"), ("time_zone", "Europe/Berlin")],
                "span is not a whole number of days",
            ),
            (vec![("path", "/a"), ("horizon", "far")], "horizon: step `far` is not a length"),
        ] {
            let what = Asked::read(&wanted(&settings)).expect_err(words);
            assert!(what.contains(words), "`{words}` not in: {what}");
        }
    }

    #[test]
    fn a_credential_goes_where_it_is_said() {
        let of = |auth: &str| credential(&wanted(&[("auth", auth)]));
        assert_eq!(credential(&wanted(&[])), Ok(bearer()));
        assert_eq!((of("bearer"), of("basic")), (Ok(bearer()), Ok(Credential::Basic)));
        let header = Credential::Header { name: "x-api-key".into(), before: "".into() };
        assert_eq!(
            (of("header:X-API-Key"), of("query:key")),
            (Ok(header), Ok(Credential::Query { name: "key".into() }))
        );
        for bad in ["", "header", "header:", "header:a b", "query:a=b", "cookie:a"] {
            assert!(of(bad).is_err_and(|what| what.contains("is not one of bearer")), "{bad}");
        }
    }
}
