//! Who signed a token: the certificate its attributes name, its signature, and the chain to an authority one trusts.

use super::element::{Element, StampError};
use super::token::{TST_INFO, Token};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use sha2::{Digest, Sha256, Sha384, Sha512};
use webpki::ring as algorithms;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// `id-aa-signingCertificateV2`, and the first version, whose hash is SHA-1.
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
const SIGNING_CERTIFICATE_1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
/// `id-kp-timeStamping`.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

fn broken(what: &str) -> StampError {
    StampError::Signature(what.to_string())
}

/// The certificate a token is signed with; the signature and every signed attribute hold.
pub fn signer<'a>(token: &Token<'a>) -> Result<Element<'a>, StampError> {
    let signer = &token.signer;
    let kind = signer.attribute(CONTENT_TYPE)?.ok_or(broken("it covers no content type"))?;
    if kind.content != TST_INFO {
        return Err(broken("it covers another content type"));
    }
    let stated = signer.attribute(MESSAGE_DIGEST)?.ok_or(broken("it covers no digest"))?;
    if stated.content != hash(signer.digest, token.content)? {
        return Err(broken("its digest is of another time-stamp"));
    }
    let certificate = named(token)?;
    // Signed is the set itself, not the tag it stands under.
    let mut message = signer.attributes.bytes.to_vec();
    message[0] = 0x31;
    verify(certificate, signer.algorithm, signer.digest, (&message, signer.signature))?;
    Ok(certificate)
}

/// The certificate whose hash the signed attributes state.
fn named<'a>(token: &Token<'a>) -> Result<Element<'a>, StampError> {
    let (attribute, version_1) = match token.signer.attribute(SIGNING_CERTIFICATE)? {
        Some(attribute) => (attribute, false),
        None => (token.signer.attribute(SIGNING_CERTIFICATE_1)?.ok_or(broken("it names no certificate"))?, true),
    };
    let first = |element: Element<'a>| element.children()?.first().copied().ok_or(broken("it names no certificate"));
    // The attribute, its list, the list's first entry.
    let entry = first(first(attribute)?)?.children()?;
    let (algorithm, stated) = match entry.as_slice() {
        [hash, ..] if hash.tag == 0x04 => (None, hash.content),
        [algorithm, hash, ..] => (Some(first(*algorithm)?.content), hash.content),
        _ => return Err(broken("it names no certificate")),
    };
    let of = |certificate: &Element<'a>| match (algorithm, version_1) {
        (Some(algorithm), _) => hash(algorithm, certificate.bytes).ok(),
        (None, false) => Some(Sha256::digest(certificate.bytes).to_vec()),
        (None, true) => Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate.bytes).as_ref().to_vec()),
    };
    let found = token.certificates.iter().find(|c| of(c).is_some_and(|hash| hash == stated));
    found.copied().ok_or(broken("the certificate it names did not come with it: ask the authority for it (certReq)"))
}

/// The last arc of `2.16.840.1.101.3.4.2.x`.
fn sha2(algorithm: &[u8]) -> Option<u8> {
    let (last, family) = algorithm.split_last()?;
    (family == [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02]).then_some(*last)
}

fn hash(algorithm: &[u8], bytes: &[u8]) -> Result<Vec<u8>, StampError> {
    match sha2(algorithm) {
        Some(1) => Ok(Sha256::digest(bytes).to_vec()),
        Some(2) => Ok(Sha384::digest(bytes).to_vec()),
        Some(3) => Ok(Sha512::digest(bytes).to_vec()),
        _ => Err(broken("its digest is not one of SHA-256, SHA-384 and SHA-512")),
    }
}

type Algorithms = &'static [&'static dyn SignatureVerificationAlgorithm];

/// Every algorithm that a signer or a chain may use.
static ALL: [&dyn SignatureVerificationAlgorithm; 7] = [
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
    algorithms::ECDSA_P256_SHA256,
    algorithms::ECDSA_P384_SHA256,
    algorithms::ECDSA_P256_SHA384,
    algorithms::ECDSA_P384_SHA384,
];

/// Those a signer's identifier may mean: `rsaEncryption` leaves the hash to the digest's, ECDSA the curve to the key's.
fn candidates(algorithm: &[u8], digest: &[u8]) -> Algorithms {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
    let Some((last, family)) = algorithm.split_last() else { return &[] };
    let range = match (family, *last, sha2(digest)) {
        (RSA, 11, _) | (RSA, 1, Some(1)) => 0..1,
        (RSA, 12, _) | (RSA, 1, Some(2)) => 1..2,
        (RSA, 13, _) | (RSA, 1, Some(3)) => 2..3,
        (ECDSA, 2, _) => 3..5,
        (ECDSA, 3, _) => 5..7,
        _ => 0..0,
    };
    &ALL[range]
}

fn verify(
    certificate: Element<'_>,
    algorithm: &[u8],
    digest: &[u8],
    (message, signature): (&[u8], &[u8]),
) -> Result<(), StampError> {
    let der = CertificateDer::from(certificate.bytes);
    let end = EndEntityCert::try_from(&der).map_err(|e| StampError::Signature(format!("its certificate: {e}")))?;
    let candidates = candidates(algorithm, digest);
    if candidates.is_empty() {
        return Err(broken("its algorithm is neither RSA (PKCS #1) nor ECDSA on P-256 or P-384, with SHA-2"));
    }
    let holds = candidates.iter().any(|candidate| end.verify_signature(*candidate, message, signature).is_ok());
    if holds { Ok(()) } else { Err(broken("it was not made by the certificate it names, or over other bytes")) }
}

/// Whether a signer's certificate is one for time-stamps and led to an authority, at the time it stamped.
pub fn chain(token: &Token<'_>, signer: Element<'_>, authorities: &[u8]) -> Result<(), StampError> {
    let trusted = certificates(authorities)?;
    let anchors: Result<Vec<TrustAnchor<'_>>, _> = trusted.iter().map(anchor_from_trusted_cert).collect();
    let anchors = anchors.map_err(|e| StampError::Authorities(e.to_string()))?;
    let others: Vec<CertificateDer<'_>> = token.certificates.iter().map(|c| CertificateDer::from(c.bytes)).collect();
    let der = CertificateDer::from(signer.bytes);
    let refuse = |e: webpki::Error| StampError::Chain(e.to_string());
    let end = EndEntityCert::try_from(&der).map_err(refuse)?;
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(token.at.seconds().max(0).unsigned_abs()));
    let usage = KeyUsage::required(TIME_STAMPING);
    end.verify_for_usage(&ALL, &anchors, &others, at, usage, None, None).map_err(refuse)?;
    Ok(())
}

/// Certificates of a file, PEM or one of DER.
fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, StampError> {
    if bytes.first() == Some(&0x30) {
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    let list: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match list {
        Ok(list) if !list.is_empty() => Ok(list),
        Ok(_) => Err(StampError::Authorities("there is none in the file".into())),
        Err(e) => Err(StampError::Authorities(e.to_string())),
    }
}

/// Common name and organisation of a certificate's subject; empty where it has neither.
pub fn subject(certificate: Element<'_>) -> String {
    let names = || -> Result<Vec<String>, StampError> {
        let certificate = certificate.children()?;
        let body = certificate.first().ok_or(broken("no certificate"))?.children()?;
        // Version if stated, serial, algorithm, issuer, validity, subject.
        let skip = usize::from(body.first().is_some_and(|e| e.tag == 0xa0));
        let subject = body.get(skip + 4).ok_or(broken("no subject"))?;
        let mut names = Vec::new();
        for wanted in [COMMON_NAME, ORGANISATION] {
            for part in subject.children()? {
                let pair = part.inside()?.children()?;
                if let [kind, value] = pair.as_slice()
                    && kind.content == wanted
                {
                    names.push(String::from_utf8_lossy(value.content).into_owned());
                }
            }
        }
        Ok(names)
    };
    names().unwrap_or_default().join(", ")
}
