//! Pages of a Parquet file before they are unpacked: what each says that it unpacks to, and none of them too much.
//!
//! A page begins with a header in Thrift's compact protocol. Its second field is how many bytes it unpacks to, its third
//! how many it has.

use super::faults::{damaged_parquet, guarded};
use crate::error::Fault;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Of all columns of a row group at a time: of each, a page of values and one of a dictionary are held.
const MOST_HELD: u64 = 512 << 20;
const MOST_PAGES: usize = 200_000;
/// A header holds statistics, which may hold values.
const HEADERS: [u64; 2] = [1 << 10, 1 << 16];
const DEEPEST: usize = 16;

/// Refuses row groups that need too much memory. Of each, what the largest page of each column unpacks to, in bytes.
pub(super) fn check(file: &mut File, groups: &[RowGroupMetaData]) -> Result<Vec<Vec<u64>>, Fault> {
    let mut pages = 0;
    let mut all = Vec::with_capacity(groups.len());
    for group in groups {
        let mut held = 0_u64;
        let mut of_group = Vec::with_capacity(group.num_columns());
        for column in group.columns() {
            let most = largest(file, column, &mut pages)?;
            of_group.push(most);
            held = held.saturating_add(most.saturating_mul(2));
            if held > MOST_HELD {
                let what = format!("holds more than {} MB at a time", MOST_HELD >> 20);
                return Err(Fault::new(what).hint("write it in smaller row groups, or leave columns out"));
            }
        }
        all.push(of_group);
    }
    Ok(all)
}

/// What the largest page of a column unpacks to.
fn largest(file: &mut File, column: &ColumnChunkMetaData, pages: &mut usize) -> Result<u64, Fault> {
    let (mut at, length) = guarded(|| column.byte_range())?;
    let end = at.checked_add(length).ok_or_else(damaged_parquet)?;
    let mut largest = 0;
    while at < end {
        *pages += 1;
        if *pages > MOST_PAGES {
            let what = format!("has more than {MOST_PAGES} pages");
            return Err(Fault::new(what).hint("write it in larger pages, or split it into shorter periods"));
        }
        let page = HEADERS.iter().find_map(|most| header(&read(file, at, (*most).min(end - at))?));
        let page = page.ok_or_else(damaged_parquet)?;
        largest = largest.max(page.unpacked);
        at = at.checked_add(page.header + page.packed).ok_or_else(damaged_parquet)?;
    }
    Ok(largest)
}

fn read(file: &mut File, at: u64, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).ok()?;
    file.by_ref().take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[derive(Debug, PartialEq, Eq)]
struct Page {
    header: u64,
    unpacked: u64,
    packed: u64,
}

/// The page whose header these bytes begin with; none where they end within it, or are none.
fn header(bytes: &[u8]) -> Option<Page> {
    let mut rest = bytes;
    let (mut unpacked, mut packed) = (None, None);
    fields(&mut rest, 0, &mut |id, value| match id {
        2 => unpacked = u64::try_from(value).ok(),
        3 => packed = u64::try_from(value).ok(),
        _ => {}
    })?;
    Some(Page { header: (bytes.len() - rest.len()) as u64, unpacked: unpacked?, packed: packed? })
}

/// Reads a structure; whole numbers in it are given away with the field's id.
fn fields(rest: &mut &[u8], depth: usize, found: &mut dyn FnMut(i64, i64)) -> Option<()> {
    let mut id = 0_i64;
    loop {
        let head = byte(rest)?;
        let kind = head & 0x0f;
        if kind == 0 {
            return Some(());
        }
        id = match head >> 4 {
            0 => zigzag(number(rest)?),
            more => id.checked_add(i64::from(more))?,
        };
        match kind {
            4..=6 => found(id, zigzag(number(rest)?)),
            // Of a field, a truth is its kind.
            1 | 2 => {}
            kind => skip(rest, kind, depth)?,
        }
    }
}

fn skip(rest: &mut &[u8], kind: u8, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    match kind {
        1..=3 => byte(rest).map(|_| ()),
        4..=6 => number(rest).map(|_| ()),
        7 => take(rest, 8),
        8 => {
            let length = number(rest)?;
            take(rest, usize::try_from(length).ok()?)
        }
        9 | 10 => {
            let head = byte(rest)?;
            let count = match head >> 4 {
                15 => number(rest)?,
                count => u64::from(count),
            };
            // Each takes a byte or more.
            (0..count).try_for_each(|_| skip(rest, head & 0x0f, depth + 1))
        }
        11 => {
            let count = number(rest)?;
            let kinds = if count > 0 { byte(rest)? } else { 0 };
            (0..count).try_for_each(|_| {
                skip(rest, kinds >> 4, depth + 1)?;
                skip(rest, kinds & 0x0f, depth + 1)
            })
        }
        12 => fields(rest, depth + 1, &mut |_, _| {}),
        _ => None,
    }
}

fn take(rest: &mut &[u8], count: usize) -> Option<()> {
    *rest = rest.get(count..)?;
    Some(())
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, behind) = rest.split_first()?;
    *rest = behind;
    Some(*first)
}

/// Seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let next = byte(rest)?;
        number |= u64::from(next & 0x7f).checked_shl(shift)?;
        if next & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out by hand after the protocol: type 0, 300 and 20 bytes, a data page header of three numbers and of a
    /// structure with a text.
    #[test]
    fn a_header_says_what_a_page_unpacks_to() {
        let bytes = [
            0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x28, 0x2c, 0x15, 0x06, 0x15, 0x00, 0x15, 0x06, 0x2c, 0x18, 0x02, b'x',
            b'y', 0x00, 0x00, 0x00, 0xff,
        ];
        assert_eq!(header(&bytes), Some(Page { header: 22, unpacked: 300, packed: 20 }));
        for cut in 0..22 {
            assert_eq!(header(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(header(&[0x15, 0x00, 0x15, 0x01, 0x15, 0x28, 0x00]), None, "-1 bytes");
        assert_eq!(header(&[0x00]), None);
        assert_eq!(header(&[0x1c; 100]), None, "structures without end");
        assert_eq!(header(&[0x19, 0xf3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), None);
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
    }
}
