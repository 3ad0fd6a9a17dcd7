//! The ways in which an answer may repeat a secret: as it is, escaped, percent-encoded, in Base64. Pure.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use reqwest::Url;
use std::collections::BTreeSet;

/// All of them, the longest first: a shorter one may be a part of it.
pub(super) fn spellings(secret: &str) -> Vec<String> {
    let plain = [secret.to_string(), STANDARD.encode(secret)].into_iter().chain(within_base64(secret.as_bytes()));
    let mut all: BTreeSet<String> = plain.flat_map(|text| escaped(&text)).collect();
    // As names of headers and types are compared.
    all.extend(all.clone().into_iter().map(|text| text.to_ascii_lowercase()));
    let mut all: Vec<String> = all.into_iter().filter(|text| !text.is_empty()).collect();
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
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

#[cfg(test)]
mod tests {
    use super::*;

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
