//! What must not be seen: URLs that may hold passwords, and secrets in text on its way to people.

use reports::text::visible;
use reqwest::Url;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

/// What stands for what is not shown.
const HIDDEN: &str = "…";
/// The same where a url's reader has escaped it: text may be masked twice on its way.
const HIDDEN_USER: &str = "%E2%80%A6";
const SECRET_KEY: &str = "ed25519-secret:";

/// A url as it was given. It is printed without user, password, query and fragment; whoever opens it asks for all of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// All of it, for whoever opens it and never for a message.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it states a password.
    pub fn has_password(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| {
            url.password().is_some_and(|p| !p.is_empty()) || url.query_pairs().any(|(key, _)| key == "password")
        })
    }

    /// A page under this address: its path goes before the query.
    pub fn page(&self, path: &str) -> Self {
        let (address, query) = self.0.split_once('?').map_or((self.0.as_str(), None), |(a, q)| (a, Some(q)));
        let address = address.trim_end_matches('/');
        Self(query.map_or_else(|| format!("{address}{path}"), |query| format!("{address}{path}?{query}")))
    }
}

/// A credential: a key, a token, or `user:password`. Nothing of it is ever printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// All of it, for whoever sends it and never for a message.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({HIDDEN})")
    }
}

impl From<&str> for Secret {
    fn from(url: &str) -> Self {
        Self(url.into())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0, true))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({self})")
    }
}

/// A url without its secrets. Of one that cannot be read nothing but the scheme is shown: who knows where its password
/// ends. `users` says whether a user without a password may be one, as tokens are.
fn shown(url: &str, users: bool) -> String {
    let Some((scheme, rest)) = url.split_once(':') else {
        return if url.contains('@') { HIDDEN.into() } else { url.into() };
    };
    if scheme.eq_ignore_ascii_case("sqlite") {
        return sqlite(rest);
    }
    let parsed = Url::parse(url).ok().filter(|parsed| parsed.has_host() && !parsed.path().contains('@'));
    let Some(parsed) = parsed else {
        let plain = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        return if plain && !scheme.is_empty() { format!("{scheme}:{HIDDEN}") } else { HIDDEN.into() };
    };
    let mut text = format!("{}://", parsed.scheme());
    match (parsed.username(), parsed.password()) {
        ("", None) => {}
        (user, None) if !users && user != HIDDEN_USER => text.push_str(&format!("{user}@")),
        _ => text.push_str(&format!("{HIDDEN}@")),
    }
    text.push_str(parsed.host_str().unwrap_or_default());
    if let Some(port) = parsed.port() {
        text.push_str(&format!(":{port}"));
    }
    if parsed.path() != "/" {
        text.push_str(parsed.path());
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        text.push_str(&format!("?{HIDDEN}"));
    }
    text
}

/// A file is named by its path; what looks like an address with a password in it is none.
fn sqlite(rest: &str) -> String {
    let (path, query) = rest.split_once('?').map_or((rest, ""), |(path, _)| (path, HIDDEN));
    let path = match path.rsplit_once('@') {
        Some((before, after)) if before.trim_start_matches('/').contains(':') => format!("//{HIDDEN}@{after}"),
        _ => path.to_string(),
    };
    if query.is_empty() { format!("sqlite:{path}") } else { format!("sqlite:{path}?{query}") }
}

/// Text for people without what looks like a secret: passwords and queries of urls, secret keys. Urls are printed as
/// [`Secret`]s anyway; this is for words of others, such as a library's or an argument that is none.
pub fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains("://") && !text.contains(SECRET_KEY) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let url = rest.find("://").map(|at| (begin(rest, at), false));
        let key = rest.find(SECRET_KEY).map(|at| (at, true));
        let Some((at, is_key)) = [url, key].into_iter().flatten().min() else { break };
        let (before, from) = rest.split_at(at);
        let word = &from[..end(from)];
        out.push_str(before);
        match is_key {
            true => out.push_str(&format!("{SECRET_KEY}{HIDDEN}")),
            false => out.push_str(&shown(word, false)),
        }
        rest = &from[word.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where the scheme of a url begins.
fn begin(text: &str, at: usize) -> usize {
    let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text[..at].rfind(|c| !scheme(c)).map_or(0, |last| last + text[last..].chars().next().map_or(1, char::len_utf8))
}

/// Where a word ends: never before the `://` or the name of a key that it was found by.
fn end(word: &str) -> usize {
    let past = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '|');
    let len = word.find(past).unwrap_or(word.len());
    let bare = word[..len].trim_end_matches(['.', ',', ';', ':', '!']).len();
    let least = word.find("://").map_or(0, |at| at + 3).max(if word.starts_with(SECRET_KEY) { len } else { 0 });
    bare.max(least.min(len))
}

/// Lines on their way to people: no secrets, nothing hidden. It never fails: work is not undone because nobody listens.
pub struct Talk<W: Write> {
    inner: W,
    line: Vec<u8>,
}

impl<W: Write> Talk<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, line: Vec::new() }
    }

    fn say(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let _ = writeln!(self.inner, "{}", visible(&masked(&text)));
    }
}

impl<W: Write> Write for Talk<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        while let Some(at) = self.line.iter().position(|byte| *byte == b'\n') {
            let rest = self.line.split_off(at + 1);
            let line = std::mem::replace(&mut self.line, rest);
            self.say(&line[..at]);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.say(&line);
        }
        let _ = self.inner.flush();
        Ok(())
    }
}

impl<W: Write> Drop for Talk<W> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANTED: &str = "hunter2";

    #[test]
    fn no_way_of_writing_a_url_shows_its_secrets() {
        for (url, wanted) in [
            ("postgres://u:hunter2@db.example:5432/d", "postgres://…@db.example:5432/d"),
            ("postgres://hunter2@db/d?password=hunter2", "postgres://…@db/d?…"),
            ("postgres://u:hun/ter2@db/d", "postgres:…"),
            ("postgres://u:hunter2?x@db/d", "postgres:…"),
            ("postgres://u:a@hunter2/b@db/d", "postgres:…"),
            ("postgres://u:hunter2", "postgres:…"),
            ("postgress:u:hunter2@db", "postgress:…"),
            ("u:hunter2@db/d", "u:…"),
            ("hunter2@db", "…"),
            ("https://feed.example/v1?api_key=hunter2", "https://feed.example/v1?…"),
            ("https://hunter2@feed.example/#hunter2", "https://…@feed.example?…"),
            ("http://127.0.0.1:9", "http://127.0.0.1:9"),
            ("mysql://x", "mysql://x"),
            ("sqlite://data/hour match.db", "sqlite://data/hour match.db"),
            ("sqlite://h.db?mode=hunter2", "sqlite://h.db?…"),
            ("sqlite://postgres://u:hunter2@db/d", "sqlite://…@db/d"),
            ("hourmatch.db", "hourmatch.db"),
        ] {
            let secret = Secret::new(url);
            assert_eq!(secret.to_string(), wanted, "{url}");
            assert!(!format!("{secret:?}").contains(PLANTED), "{secret:?}");
        }
    }

    #[test]
    fn nothing_of_a_credential_is_printed() {
        assert_eq!(format!("{:?}", Some(Token::new(PLANTED))), "Some(Token(…))");
    }

    #[test]
    fn text_of_others_is_masked_and_the_rest_left_alone() {
        for (text, wanted) in [
            ("error: `postgres://u:hunter2@h/d`: refused", "error: `postgres://…@h/d`: refused"),
            ("write postgres://user@host:5432/database", "write postgres://user@host:5432/database"),
            ("`mysql://…@h/d` is neither", "`mysql://…@h/d` is neither"),
            ("a http://h/x?k=hunter2, b https://c/d.", "a http://h/x?…, b https://c/d."),
            ("é://u:hunter2@h", "é…"),
            ("'ed25519-secret:hunter2hunter2' is", "'ed25519-secret:…' is"),
            ("http://[::1]:8080 listens", "http://[::1]:8080 listens"),
            ("://", "…"),
            ("nothing here", "nothing here"),
        ] {
            assert_eq!(masked(text), wanted);
        }
    }

    #[test]
    fn a_page_stands_before_the_query() {
        assert_eq!(Secret::new("http://h/").page("/a/b").expose(), "http://h/a/b");
        assert_eq!(Secret::new("http://h/x?key=1").page("/a").expose(), "http://h/x/a?key=1");
        assert!(Secret::new("postgres://u:p@h/d").has_password() && !Secret::new("postgres://u@h/d").has_password());
        assert!(Secret::new("postgres://h/d?password=x").has_password());
    }

    #[test]
    fn talk_is_said_by_the_line_however_it_arrives() {
        let mut bytes = Vec::new();
        let mut talk = Talk::new(&mut bytes);
        for piece in ["a http://u:hun", "ter2@h/x\nb\u{1b}[2K", "\nlast"] {
            talk.write_all(piece.as_bytes()).expect("memory");
        }
        drop(talk);
        assert_eq!(String::from_utf8(bytes).expect("text"), "a http://…@h/x\nb\\x1b[2K\nlast\n");
    }
}
