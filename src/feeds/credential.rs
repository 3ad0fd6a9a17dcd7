//! Credentials: from the environment or a file, when they are needed, and nowhere else.

use super::failure::Failure;
use crate::portfolio::{FeedSource, TokenFrom};
use crate::secret::Token;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use reports::words::io_reason;
use reqwest::Url;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No credential is longer, nor a bundle of certificates.
const LONGEST: u64 = 8 << 10;
const LONGEST_CA: u64 = 4 << 20;
/// What is shorter stands in answers by chance, and so does a number: no value is changed for it.
const SHORTEST: usize = 8;
/// What stands for what is not kept.
const HIDDEN: &str = "…";

/// The credential of a source; none where it names no place of one.
pub(super) fn token(source: &FeedSource, folder: &Path) -> Result<Option<Token>, Failure> {
    let text = match &source.token {
        TokenFrom::Nowhere => return Ok(None),
        TokenFrom::Env(name) => std::env::var(name)
            .map_err(|_| Failure::denied(format!("the environment variable {name} is not set, or is not text")))?,
        TokenFrom::File(path) => {
            let path = folder.join(path);
            let read = bytes(&path, LONGEST).and_then(|bytes| {
                String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "is not UTF-8 text"))
            });
            read.map_err(|e| Failure::denied(format!("{} cannot be read: {}", path.display(), io_reason(&e))))?
        }
    };
    let text = text.trim();
    match text.is_empty() || text.contains(char::is_control) {
        true => Err(Failure::denied("the credential is empty, or more than one line")),
        false => Ok(Some(Token::new(text))),
    }
}

/// Words of the names of parameters whose values are secret, in lower case: whole, at the end of one, and within one.
const SECRET_WORDS: [&str; 4] = ["auth", "authorization", "jwt", "sig"];
const SECRET_ENDS: [&str; 5] = ["key", "token", "pass", "pwd", "signature"];
const SECRET_PARTS: [&str; 4] = ["secret", "passw", "passphrase", "credential"];

/// Whether a parameter of an address is named as what holds a secret. What only begins like one is data: hidden, its value
/// would be missing from answers.
fn is_secret(name: &str) -> bool {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        SECRET_WORDS.contains(&word)
            || SECRET_ENDS.iter().any(|end| word.ends_with(end))
            || SECRET_PARTS.iter().any(|part| word.contains(part))
    })
}

/// What no answer may repeat: the credential, the password in it, and those of the address.
pub(super) fn secrets(source: &FeedSource, token: Option<&Token>) -> Vec<Token> {
    let mut secrets = Vec::new();
    if let Some(text) = token.map(Token::expose) {
        secrets.push(Token::new(text));
        secrets.extend(text.split_once(':').map(|(_, password)| Token::new(password)));
    }
    let Ok(url) = Url::parse(source.url.expose()) else { return secrets };
    if let Some(password) = url.password() {
        secrets.extend([Token::new(password), Token::new(decoded(password))]);
    }
    secrets.extend(url.query_pairs().filter(|(name, _)| is_secret(name)).map(|(_, value)| Token::new(value)));
    secrets
}

/// Text of an address without its percent-encoding, as it goes into HTTP Basic.
fn decoded(text: &str) -> String {
    let query = text.replace('+', "%2B").replace('&', "%26");
    let url = Url::parse(&format!("http://host/?{query}")).ok();
    let name = url.as_ref().and_then(|url| url.query_pairs().next().map(|(name, _)| name.into_owned()));
    name.unwrap_or_else(|| text.to_string())
}

/// An answer without secrets that it repeats, as some do with all parameters that they were asked with.
pub(super) fn hidden<'s>(body: String, secrets: impl Iterator<Item = &'s Token>) -> String {
    let told = secrets.map(Token::expose).filter(|secret| {
        secret.chars().count() >= SHORTEST && !secret.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    told.flat_map(spellings)
        .fold(body, |body, spelling| if body.contains(&spelling) { body.replace(&spelling, HIDDEN) } else { body })
}

/// The ways in which an answer may repeat a secret: as it is, escaped, percent-encoded, in Base64; the longest first, for
/// a shorter one may be a part of it.
fn spellings(secret: &str) -> Vec<String> {
    let plain = [secret.to_string(), STANDARD.encode(secret)].into_iter().chain(within_base64(secret.as_bytes()));
    let mut all: BTreeSet<String> = plain.flat_map(|text| escaped(&text)).collect();
    // As names of headers and types are compared.
    all.extend(all.clone().into_iter().map(|text| text.to_ascii_lowercase()));
    let mut all: Vec<String> = all.into_iter().filter(|text| !text.is_empty()).collect();
    all.sort_by_key(|text| Reverse(text.len()));
    all
}

/// What of it stands in the Base64 of any text that holds it, `user:secret` for one: without the characters at its edges,
/// which its neighbours have a part in.
fn within_base64(secret: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for (before, first) in [(0, 0), (1, 2), (2, 3)] {
        let bytes = [&[0_u8; 2][..before], secret].concat();
        let whole = bytes.len() * 8 / 6;
        for text in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            found.extend(text.get(first..whole).map(str::to_string));
        }
    }
    found
}

/// As JSON may write a text, as a form does, and as RFC 3986 has it.
fn escaped(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).ok().and_then(|json| Some(json.get(1..json.len() - 1)?.to_string()));
    let json = json.unwrap_or_default();
    let form = Url::parse_with_params("http://host", [("k", text)]).ok();
    let form = form.and_then(|url| url.query()?.strip_prefix("k=").map(String::from)).unwrap_or_default();
    let strict = |hex: fn(u8) -> String| -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        text.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { hex(byte) }).collect()
    };
    let (upper, lower) = (strict(|byte| format!("%{byte:02X}")), strict(|byte| format!("%{byte:02x}")));
    vec![text.to_string(), json.replace('/', "\\/"), json, form, upper, lower]
}

/// Certificates to trust, as PEM.
pub(super) fn certificates(source: &FeedSource, folder: &Path) -> Result<Vec<u8>, Failure> {
    let Some(path) = &source.ca_file else { return Ok(Vec::new()) };
    let path = folder.join(path);
    bytes(&path, LONGEST_CA)
        .map_err(|e| Failure::refused(format!("{} cannot be read: {}", path.display(), io_reason(&e))))
}

fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::new(io::ErrorKind::InvalidData, format!("is longer than {most} bytes"))),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_repeats_is_not_kept() {
        let hide = |body: &str, secret: &str| hidden(body.into(), [Token::new(secret)].iter());
        assert_eq!(hide("{\"api_key\":\"a1b2c3d4e5\"}", "a1b2c3d4e5"), "{\"api_key\":\"…\"}");
        assert_eq!(hide("ab/cdefg== ab\\/cdefg== ab%2Fcdefg%3D%3D", "ab/cdefg=="), "… … …");
        assert_eq!(hide("Basic dTpwbGFudGVkNGh1bnRlcg==", "u:planted4hunter"), "Basic …");
        for secret in ["202601", "2026012000", "12345.678"] {
            let body = "{\"value\":12345.678,\"at\":2026012000}";
            assert_eq!(hide(body, secret), body, "no value is changed");
        }
    }

    #[test]
    fn parameters_are_secret_by_what_their_names_say() {
        for name in
            ["key", "api_key", "apiKey", "access-token", "sig", "X-Amz-Signature", "client_secret", "pwd", "userPass"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["signal_type", "keyword", "author", "tokens", "design", "zone", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_password_is_a_secret_of_its_own() {
        let gb = FeedSource::gb().expect("a source");
        let url = "https://me:of%20the-address@host?api_key=in-the-query&zone=no-secret-at-all".into();
        let source = FeedSource { url, ..gb };
        let told: Vec<String> = secrets(&source, Some(&Token::new("user:pass:word")))
            .iter()
            .map(|token| token.expose().to_string())
            .collect();
        assert_eq!(told, ["user:pass:word", "pass:word", "of%20the-address", "of the-address", "in-the-query"]);
    }

    #[test]
    fn a_secret_is_known_however_it_is_written() {
        let known = |text: &str| spellings("Ab/cdefg==").iter().any(|spelling| text.contains(spelling));
        for text in [
            "Ab/cdefg==",
            "Ab\\/cdefg==",
            "key=Ab%2Fcdefg%3D%3D",
            "key=Ab%2fcdefg%3d%3d",
            "ab/cdefg==",
            // Of itself, of `u:` and it, and of it and `:`.
            "QWIvY2RlZmc9PQ==",
            "Basic dTpBYi9jZGVmZz09",
            "Basic QWIvY2RlZmc9PTo=",
        ] {
            assert!(known(text), "{text}");
        }
        assert!(!known("Ab/cdef") && !known("QWIvY2Q="), "what is another");
    }

    #[test]
    fn base64_of_more_holds_base64_of_a_part() {
        for (before, after) in [("", ""), ("u:", ""), ("me:", ":"), ("user:", "\n"), ("a", "bc")] {
            for engine in [&STANDARD, &URL_SAFE_NO_PAD] {
                let text = engine.encode(format!("{before}p\u{fb}anted?>4hunter{after}"));
                let parts = within_base64("p\u{fb}anted?>4hunter".as_bytes());
                assert!(parts.iter().any(|part| text.contains(part)), "{text}: {parts:?}");
            }
        }
    }
}
