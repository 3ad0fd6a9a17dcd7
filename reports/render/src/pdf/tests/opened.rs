//! Opens a file as a reader does: from its end, by the table of its objects.

use miniz_oxide::inflate::decompress_to_vec_zlib;
use std::collections::BTreeMap;

/// The objects by their numbers, but for the streams that others are packed in. Streams are unpacked and follow their
/// dictionaries.
pub fn opened(bytes: &[u8]) -> BTreeMap<i32, Vec<u8>> {
    let end = String::from_utf8_lossy(&bytes[bytes.len() - 30..]).into_owned();
    let (_, start) = end.split_once("startxref\n").expect("where the table starts");
    let (start, _) = start.split_once('\n').expect("a line");
    let (dictionary, table) = stream_at(bytes, start.parse().expect("a number"));
    let rows: Vec<(u8, usize, usize)> = table.chunks_exact(7).map(row).collect();
    assert_eq!(rows.len(), number(&dictionary, "/Size "));
    let mut objects = BTreeMap::new();
    for (id, (kind, place, index)) in rows.iter().copied().enumerate() {
        let object = match kind {
            1 => {
                assert!(bytes[place..].starts_with(format!("{id} 0 obj\n").as_bytes()), "object {id}");
                let (dictionary, data) = stream_at(bytes, place);
                if dictionary.contains("/Type/ObjStm") {
                    continue;
                }
                [dictionary.into_bytes(), data].concat()
            }
            2 => packed(bytes, rows[place].1, id, index),
            _ => continue,
        };
        objects.insert(i32::try_from(id).expect("number"), object);
    }
    objects
}

/// All that is said in a file, unpacked.
pub fn unpacked(bytes: &[u8]) -> Vec<u8> {
    opened(bytes).into_values().collect::<Vec<_>>().join(&b'\n')
}

fn row(row: &[u8]) -> (u8, usize, usize) {
    let place = u32::from_be_bytes([row[1], row[2], row[3], row[4]]);
    (row[0], usize::try_from(place).expect("place"), usize::from(u16::from_be_bytes([row[5], row[6]])))
}

fn number(dictionary: &str, key: &str) -> usize {
    let (_, rest) = dictionary.split_once(key).unwrap_or_else(|| panic!("no {key} in {dictionary}"));
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next().expect("digits");
    digits.parse().expect("a number")
}

/// The dictionary of a stream and its data.
fn stream_at(bytes: &[u8], place: usize) -> (String, Vec<u8>) {
    let rest = &bytes[place..];
    let find = |part: &[u8]| rest.windows(part.len()).position(|window| window == part).expect("a stream");
    let (first, last) = (find(b" obj\n") + 5, find(b"\nstream\n"));
    let dictionary = String::from_utf8_lossy(&rest[first..last]).into_owned();
    let (data, after) = rest[last + 8..].split_at(number(&dictionary, "/Length "));
    assert!(after.starts_with(b"\nendstream\nendobj\n"), "{dictionary}");
    let data = if dictionary.contains("/FlateDecode") {
        decompress_to_vec_zlib(data).expect("compressed data")
    } else {
        data.to_vec()
    };
    (dictionary, data)
}

/// An object out of a stream of objects.
fn packed(bytes: &[u8], place: usize, id: usize, index: usize) -> Vec<u8> {
    let (dictionary, data) = stream_at(bytes, place);
    let (head, body) = data.split_at(number(&dictionary, "/First "));
    let head = String::from_utf8_lossy(head).into_owned();
    let numbers: Vec<usize> = head.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    assert_eq!((numbers.len(), numbers[2 * index]), (2 * number(&dictionary, "/N "), id));
    let end = numbers.get(2 * index + 3).copied().unwrap_or(body.len());
    body[numbers[2 * index + 1]..end].trim_ascii_end().to_vec()
}
