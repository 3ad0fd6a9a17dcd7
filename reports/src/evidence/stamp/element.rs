//! Elements of DER, as far as tokens need them.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader};
use thiserror::Error;

/// Why an answer is no time-stamp that holds.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum StampError {
    #[error("it is not an answer to a time-stamp query: {0}")]
    Malformed(&'static str),
    #[error("the authority gave no time-stamp (status {status}{message})")]
    Refused { status: i64, message: String },
    #[error("it stamps {found}, not this pack's root")]
    OtherRoot { found: String },
    #[error("its signature does not hold: {0}")]
    Signature(String),
    #[error("its certificate leads to none of the authorities given: {0}")]
    Chain(String),
    #[error("the authorities given are no certificates: {0}")]
    Authorities(String),
}

/// One element: its tag's first byte, its content, and both with the length between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub bytes: &'a [u8],
}

const NO_DER: StampError = StampError::Malformed("it is not DER");

impl<'a> Element<'a> {
    /// Bytes that are one element and nothing else.
    pub fn whole(bytes: &'a [u8]) -> Result<Self, StampError> {
        let any = AnyRef::from_der(bytes).map_err(|_| NO_DER)?;
        let tag = bytes.first().copied().ok_or(NO_DER)?;
        Ok(Self { tag, content: any.value(), bytes })
    }

    pub fn children(self) -> Result<Vec<Self>, StampError> {
        let mut reader = SliceReader::new(self.content).map_err(|_| NO_DER)?;
        let mut children = Vec::new();
        while !reader.is_finished() {
            children.push(Self::whole(reader.tlv_bytes().map_err(|_| NO_DER)?)?);
        }
        Ok(children)
    }

    /// The only child of an explicit tag.
    pub fn inside(self) -> Result<Self, StampError> {
        match self.children()?.as_slice() {
            [one] => Ok(*one),
            _ => Err(StampError::Malformed("a tag holds more than one element, or none")),
        }
    }

    /// An integer of one byte.
    pub fn small_integer(&self) -> Option<i64> {
        match self.content {
            [byte] if self.tag == 0x02 => Some(i64::from(*byte as i8)),
            _ => None,
        }
    }

    /// Of these tags, and no other.
    pub fn expect(self, tag: u8, what: &'static str) -> Result<Self, StampError> {
        if self.tag == tag { Ok(self) } else { Err(StampError::Malformed(what)) }
    }
}
