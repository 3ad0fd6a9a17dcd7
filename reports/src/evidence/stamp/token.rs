//! A time-stamp token: `SignedData` of RFC 5652 over `TSTInfo` of RFC 3161.

use super::element::{Element, StampError};
use crate::time::Instant;

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// `id-ct-TSTInfo`.
pub(super) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// What a token says, and what says so.
#[derive(Debug)]
pub struct Token<'a> {
    pub imprint_algorithm: &'a [u8],
    pub imprint: &'a [u8],
    pub at: Instant,
    /// The bytes of `TSTInfo`.
    pub content: &'a [u8],
    /// Certificates that came with it.
    pub certificates: Vec<Element<'a>>,
    pub signer: Signer<'a>,
}

/// `SignerInfo`.
#[derive(Debug)]
pub struct Signer<'a> {
    pub digest: &'a [u8],
    /// Content of the set of signed attributes.
    pub attributes: Element<'a>,
    pub algorithm: &'a [u8],
    pub signature: &'a [u8],
}

fn lacks(what: &'static str) -> StampError {
    StampError::Malformed(what)
}

impl<'a> Token<'a> {
    /// `ContentInfo`.
    pub fn read(content_info: Element<'a>) -> Result<Self, StampError> {
        let parts = content_info.children()?;
        let [kind, content, ..] = parts.as_slice() else { return Err(lacks("its token is empty")) };
        if kind.content != SIGNED_DATA {
            return Err(lacks("its token is not signed data"));
        }
        let signed = content.expect(0xa0, "its token has no content")?.inside()?;
        let parts = signed.children()?;
        let [_version, _digests, encapsulated, rest @ ..] = parts.as_slice() else {
            return Err(lacks("its signed data is cut short"));
        };
        let parts = encapsulated.children()?;
        let [kind, held, ..] = parts.as_slice() else { return Err(lacks("it holds no time-stamp")) };
        if kind.content != TST_INFO {
            return Err(lacks("what it holds is not a time-stamp"));
        }
        let content = held.expect(0xa0, "it holds no time-stamp")?.inside()?.expect(0x04, "it holds no time-stamp")?;
        let certificates = rest.iter().find(|e| e.tag == 0xa0).map(|set| set.children());
        let certificates = certificates.transpose()?.unwrap_or_default();
        let signers = rest.iter().rfind(|e| e.tag == 0x31).ok_or(lacks("nobody signed it"))?.children()?;
        let [signer] = signers.as_slice() else { return Err(lacks("it is not signed by one authority")) };
        let (imprint_algorithm, imprint, at) = info(content.content)?;
        let signer = Signer::read(*signer)?;
        Ok(Self { imprint_algorithm, imprint, at, content: content.content, certificates, signer })
    }
}

impl<'a> Signer<'a> {
    fn read(element: Element<'a>) -> Result<Self, StampError> {
        let parts = element.children()?;
        let [_version, _who, digest, attributes, algorithm, signature, ..] = parts.as_slice() else {
            return Err(lacks("its signer is cut short"));
        };
        Ok(Self {
            digest: algorithm_of(*digest)?,
            attributes: attributes.expect(0xa0, "its signature covers no attributes")?,
            algorithm: algorithm_of(*algorithm)?,
            signature: signature.expect(0x04, "it has no signature")?.content,
        })
    }

    /// The value of a signed attribute that stands once.
    pub fn attribute(&self, kind: &[u8]) -> Result<Option<Element<'a>>, StampError> {
        let mut found = None;
        for attribute in self.attributes.children()? {
            let parts = attribute.children()?;
            let [name, values] = parts.as_slice() else { return Err(lacks("a signed attribute is none")) };
            if name.content == kind {
                if found.is_some() {
                    return Err(lacks("a signed attribute stands twice"));
                }
                found = Some(values.inside()?);
            }
        }
        Ok(found)
    }
}

fn algorithm_of(element: Element<'_>) -> Result<&[u8], StampError> {
    let first = element.children()?.first().copied().ok_or(lacks("an algorithm is not named"))?;
    Ok(first.expect(0x06, "an algorithm is not named")?.content)
}

/// Imprint and time of `TSTInfo`.
fn info(bytes: &[u8]) -> Result<(&[u8], &[u8], Instant), StampError> {
    let parts = Element::whole(bytes)?.children()?;
    let [_version, _policy, imprint, _serial, time, ..] = parts.as_slice() else {
        return Err(lacks("its time-stamp is cut short"));
    };
    let parts = imprint.children()?;
    let [algorithm, hashed] = parts.as_slice() else { return Err(lacks("its imprint is cut short")) };
    let hashed = hashed.expect(0x04, "its imprint is not a hash")?;
    let at = generalized(time.expect(0x18, "it states no time")?.content).ok_or(lacks("its time is none"))?;
    Ok((algorithm_of(*algorithm)?, hashed.content, at))
}

/// `20261128T…` as `YYYYMMDDhhmmss[.f]Z`; fractions are cut.
fn generalized(bytes: &[u8]) -> Option<Instant> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let whole = text.split('.').next()?;
    if whole.len() != 14 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let part = |from: usize, to: usize| &whole[from..to];
    let (date, time) = ((part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
    Instant::parse(&format!("{}-{}-{}T{}:{}:{}Z", date.0, date.1, date.2, time.0, time.1, time.2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_fractions() {
        let at = Instant::parse("2026-11-28T04:35:12Z").ok();
        assert_eq!(generalized(b"20261128043512Z"), at);
        assert_eq!(generalized(b"20261128043512.875Z"), at);
        for wrong in [&b"20261128043512"[..], b"2026112804Z", b"20261328043512Z", b"2026-11-2804351Z", b"\xff"] {
            assert_eq!(generalized(wrong), None, "{wrong:?}");
        }
    }
}
