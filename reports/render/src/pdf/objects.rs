//! The objects of a file. Streams stand as they are; all others are packed into compressed streams of objects (PDF 1.5),
//! since a structure tree is thousands of small ones.

use super::canvas::COMPACT;
use super::numbers::int;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{Chunk, Filter, Name, Ref, Str};
use std::collections::BTreeMap;

const LEVEL: u8 = 6;
/// Objects packed together: a reader unpacks them all to get at one.
const TOGETHER: usize = 200;
const HEADER: &[u8] = b"%PDF-1.7\n%\x80\x80\x80\x80\n";

/// Where an object is found.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In the file.
    At(usize),
    /// In a stream of objects, and how many stand before it there.
    Inside(i32, usize),
}

pub struct Objects {
    bytes: Vec<u8>,
    places: BTreeMap<i32, Place>,
    /// Those that are not streams, by their numbers.
    small: Vec<(i32, Vec<u8>)>,
}

impl Objects {
    pub fn start() -> Self {
        Self { bytes: HEADER.to_vec(), places: BTreeMap::new(), small: Vec::new() }
    }

    /// Adds the one object that is written.
    pub fn add(&mut self, write: impl FnOnce(&mut Chunk)) {
        let mut chunk = Chunk::with_settings(COMPACT);
        write(&mut chunk);
        debug_assert_eq!(chunk.refs().len(), 1, "one object at a time");
        let Some(id) = chunk.refs().next() else { return };
        let written = chunk.as_bytes();
        if written.ends_with(b"\nendstream\nendobj\n") {
            self.places.insert(id.get(), Place::At(self.bytes.len()));
            self.bytes.extend_from_slice(written);
        } else {
            self.small.push((id.get(), value(written).to_vec()));
        }
    }

    /// Adds a compressed stream.
    pub fn add_packed(&mut self, id: Ref, data: &[u8]) {
        let packed = compress_to_vec_zlib(data, LEVEL);
        self.add(|chunk| {
            chunk.stream(id, &packed).filter(Filter::FlateDecode);
        });
    }

    /// The file; streams of objects take the numbers from `next` on.
    pub fn finish(mut self, root: Ref, info: Ref, file_id: &[u8], mut next: i32) -> Vec<u8> {
        let small = std::mem::take(&mut self.small);
        for group in small.chunks(TOGETHER) {
            let (mut head, mut body) = (String::new(), Vec::new());
            for (index, (id, object)) in group.iter().enumerate() {
                head.push_str(&format!("{id} {} ", body.len()));
                body.extend_from_slice(object);
                body.push(b'\n');
                self.places.insert(*id, Place::Inside(next, index));
            }
            let packed = compress_to_vec_zlib(&[head.as_bytes(), body.as_slice()].concat(), LEVEL);
            self.add(|chunk| {
                let mut stream = chunk.stream(Ref::new(next), &packed);
                stream.filter(Filter::FlateDecode);
                stream.pair(Name(b"Type"), Name(b"ObjStm"));
                stream.pair(Name(b"N"), int(group.len()));
                stream.pair(Name(b"First"), int(head.len()));
            });
            next += 1;
        }
        self.table(next, root, info, file_id)
    }

    /// The table that finds all objects, itself a stream, and the end of the file.
    fn table(mut self, id: i32, root: Ref, info: Ref, file_id: &[u8]) -> Vec<u8> {
        let start = self.bytes.len();
        self.places.insert(id, Place::At(start));
        let mut rows = Vec::new();
        for number in 0..=id {
            let (kind, place, index) = match self.places.get(&number) {
                Some(Place::At(offset)) => (1_u8, int(*offset), 0_u16),
                Some(Place::Inside(stream, index)) => (2, *stream, u16::try_from(*index).unwrap_or(u16::MAX)),
                None => (0, 0, u16::MAX),
            };
            rows.push(kind);
            rows.extend_from_slice(&place.to_be_bytes());
            rows.extend_from_slice(&index.to_be_bytes());
        }
        let packed = compress_to_vec_zlib(&rows, LEVEL);
        self.add(|chunk| {
            let mut stream = chunk.stream(Ref::new(id), &packed);
            stream.filter(Filter::FlateDecode);
            stream.pair(Name(b"Type"), Name(b"XRef"));
            stream.pair(Name(b"Size"), id + 1);
            stream.pair(Name(b"Root"), root);
            stream.pair(Name(b"Info"), info);
            stream.insert(Name(b"ID")).array().items([Str(file_id), Str(file_id)]);
            stream.insert(Name(b"W")).array().items([1, 4, 2]);
        });
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }
}

/// An object without its number and its end.
fn value(written: &[u8]) -> &[u8] {
    let start = written.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    written.get(start..).and_then(|rest| rest.strip_suffix(b"\nendobj\n")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::tests::opened;

    #[test]
    fn objects_are_packed_and_found_again() {
        let mut objects = Objects::start();
        for number in 1..=450 {
            objects.add(|chunk| {
                chunk.indirect(Ref::new(number)).dict().pair(Name(b"Number"), number);
            });
        }
        objects.add_packed(Ref::new(451), b"a stream");
        let bytes = objects.finish(Ref::new(1), Ref::new(2), b"id", 452);
        let all = opened(&bytes);
        for number in 1..=450 {
            assert_eq!(all[&number], format!("<</Number {number}>>").into_bytes());
        }
        assert!(all[&451].ends_with(b"a stream"));
        assert!(bytes.len() < 5_500, "{} bytes", bytes.len());
    }
}
