//! Columns that are packed with gzip or zstd, unpacked page by page: no page into more than its header says.
//!
//! The reader of Parquet is told that such a column is not packed, and so hands its pages on as they are. Its own unpackers
//! take whatever comes out, and that of zstd is a library in C.

use ::parquet::basic::Compression;
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::column::reader::{ColumnReader, get_column_reader};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::reader::RowGroupReader;
use ::parquet::file::serialized_reader::SerializedPageReader;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// Frames of zstd look back as far as a page is long, or this far.
const WINDOW: u64 = 8 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Gzip,
    Zstd,
}

/// A column of a row group; `most` is what its largest page unpacks to, in bytes.
pub(super) fn column(file: &Arc<File>, group: &dyn RowGroupReader, at: usize, most: u64) -> Result<ColumnReader> {
    let chunk = group.metadata().column(at);
    let codec = match chunk.compression() {
        Compression::GZIP(_) => Codec::Gzip,
        Compression::ZSTD(_) => Codec::Zstd,
        _ => return group.get_column_reader(at),
    };
    let rows = usize::try_from(group.metadata().num_rows()).map_err(|_| damaged("has fewer rows than none"))?;
    let as_it_is = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
    let pages = SerializedPageReader::new(Arc::clone(file), &as_it_is, rows, None)?;
    Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(Unpacked { pages, codec, most })))
}

struct Unpacked {
    pages: SerializedPageReader<File>,
    codec: Codec,
    most: u64,
}

impl Unpacked {
    fn unpacked(&self, mut page: Page) -> Result<Page> {
        match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => {
                *buf = unpack(self.codec, buf, self.most)?.into();
            }
            Page::DataPageV2 { buf, is_compressed: true, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
                *buf = behind_levels(self.codec, buf, levels, self.most)?.into();
            }
            Page::DataPageV2 { .. } => {}
        }
        Ok(page)
    }
}

impl Iterator for Unpacked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Unpacked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.pages.get_next_page()?.map(|page| self.unpacked(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

/// The second version of pages packs values alone, behind levels that are not packed.
fn behind_levels(codec: Codec, bytes: &[u8], levels: u64, most: u64) -> Result<Vec<u8>> {
    let split = usize::try_from(levels).ok().and_then(|levels| bytes.split_at_checked(levels));
    let (levels, values) = split.ok_or_else(|| damaged("has levels that are longer than their page"))?;
    let mut whole = levels.to_vec();
    if !values.is_empty() {
        whole.extend(unpack(codec, values, most)?);
    }
    Ok(whole)
}

fn unpack(codec: Codec, bytes: &[u8], most: u64) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let read = match codec {
        Codec::Gzip => MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked),
        Codec::Zstd => StreamingDecoder::new_with_max_window_size(bytes, most.max(WINDOW))
            .map_err(|error| damaged(&error.to_string()))?
            .take(most + 1)
            .read_to_end(&mut unpacked),
    };
    match read {
        Err(error) => Err(damaged(&error.to_string())),
        Ok(_) if unpacked.len() as u64 > most => Err(damaged("has a page that unpacks to more than it says")),
        Ok(_) => Ok(unpacked),
    }
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    fn packed(codec: Codec, bytes: &[u8]) -> Vec<u8> {
        match codec {
            Codec::Zstd => compress_to_vec(bytes, CompressionLevel::Fastest),
            Codec::Gzip => {
                let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                gz.write_all(bytes).expect("packed");
                gz.finish().expect("packed")
            }
        }
    }

    #[test]
    fn a_page_unpacks_to_what_it_was_and_no_more_than_it_says() {
        for codec in [Codec::Gzip, Codec::Zstd] {
            let text = b"three readings and three readings".repeat(10);
            let page = packed(codec, &text);
            assert_eq!(unpack(codec, &page, text.len() as u64).expect("unpacked"), text);
            assert!(unpack(codec, &page, text.len() as u64 - 1).is_err(), "{codec:?}");
            assert!(unpack(codec, &page[..page.len() / 2], 1 << 20).is_err(), "{codec:?} cut short");
            assert!(unpack(codec, b"no page", 1 << 20).is_err(), "{codec:?} of something else");
            let bomb = packed(codec, &vec![0; 1 << 24]);
            let refused = unpack(codec, &bomb, 1_000).expect_err("a bomb").to_string();
            assert!(refused.contains("more than it says"), "{codec:?}: {refused}");

            let levels = [&[1_u8, 2, 3][..], &page[..]].concat();
            let whole = behind_levels(codec, &levels, 3, 1 << 20).expect("unpacked");
            assert_eq!(whole, [&[1_u8, 2, 3][..], &text[..]].concat());
            assert_eq!(behind_levels(codec, &[1, 2, 3], 3, 0).expect("levels alone"), [1_u8, 2, 3]);
            assert!(behind_levels(codec, &[1, 2, 3], 4, 1 << 20).is_err(), "{codec:?}");
        }
    }
}
