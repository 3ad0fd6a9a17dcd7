//! A font as objects of the file: only the glyphs that are shown, their widths, and the letters they stand for.

use super::fonts::Font;
use super::numbers::int;
use super::objects::Objects;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Name, Rect, Ref, Str};
use reports::digest::sha256_hex;
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;

const LEVEL: u8 = 6;
const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes the font under the numbers from `first` on; pages refer to `first`. Text names glyphs by their numbers in the
/// whole font, and a map leads from there to the subset.
pub fn write(
    objects: &mut Objects,
    first: i32,
    font: Font,
    glyphs: &BTreeMap<u16, char>,
) -> Result<(), subsetter::Error> {
    let mut kept = GlyphRemapper::new();
    for id in glyphs.keys() {
        kept.remap(*id);
    }
    let subset = subsetter::subset(font.bytes(), 0, &kept)?;
    let [cid, descriptor, program, unicode, map] = [1, 2, 3, 4, 5].map(|step| Ref::new(first + step));
    let name = format!("{}+{}", tag(glyphs), font.name());
    let name = Name(name.as_bytes());
    objects.add(|chunk| {
        let mut whole = chunk.type0_font(Ref::new(first));
        whole.base_font(name);
        whole.encoding_predefined(Name(b"Identity-H"));
        whole.descendant_font(cid);
        whole.to_unicode(unicode);
    });
    objects.add(|chunk| {
        let mut described = chunk.cid_font(cid);
        described.subtype(CidFontType::Type2);
        described.base_font(name);
        described.system_info(SYSTEM);
        described.font_descriptor(descriptor);
        described.default_width(0.0);
        described.cid_to_gid_map_stream(map);
        let mut widths = described.widths();
        for id in glyphs.keys() {
            widths.consecutive(*id, [f32::from(font.advance(*id))]);
        }
    });
    objects.add(|chunk| describe(chunk, descriptor, program, font, name));
    let packed = compress_to_vec_zlib(&subset, LEVEL);
    objects.add(|chunk| {
        chunk.stream(program, &packed).filter(Filter::FlateDecode).pair(Name(b"Length1"), int(subset.len()));
    });
    objects.add_packed(unicode, &letters(glyphs));
    objects.add_packed(map, &numbers(glyphs, &kept));
    Ok(())
}

/// Six capitals that tell subsets of the same font apart.
fn tag(glyphs: &BTreeMap<u16, char>) -> String {
    let ids: Vec<u8> = glyphs.keys().flat_map(|id| id.to_be_bytes()).collect();
    sha256_hex(&ids).bytes().take(6).map(|digit| char::from(b'A' + digit % 26)).collect()
}

fn describe(chunk: &mut Chunk, id: Ref, program: Ref, font: Font, name: Name<'_>) {
    let mut descriptor = chunk.font_descriptor(id);
    descriptor.name(name);
    descriptor.flags(FontFlags::SYMBOLIC);
    descriptor.italic_angle(0.0);
    descriptor.stem_v(if font == Font::SansBold { 140.0 } else { 80.0 });
    descriptor.font_file2(program);
    if let Some(face) = font.parsed() {
        let em = f32::from(face.units_per_em()).max(1.0);
        let thousandths = |value: i16| (f32::from(value) * 1_000.0 / em).round();
        let bounds = face.global_bounding_box();
        descriptor.bbox(Rect::new(
            thousandths(bounds.x_min),
            thousandths(bounds.y_min),
            thousandths(bounds.x_max),
            thousandths(bounds.y_max),
        ));
        descriptor.ascent(thousandths(face.ascender()));
        descriptor.descent(thousandths(face.descender()));
        descriptor.cap_height(thousandths(face.capital_height().unwrap_or_else(|| face.ascender())));
    }
}

/// From glyphs to letters, so that text can be searched and copied.
fn letters(glyphs: &BTreeMap<u16, char>) -> Vec<u8> {
    let mut map: UnicodeCmap<u16> = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    for (id, letter) in glyphs {
        map.pair(*id, *letter);
    }
    map.finish().into_vec()
}

/// Two bytes a glyph of the whole font, up to the last that is shown: its number in the subset.
fn numbers(glyphs: &BTreeMap<u16, char>, kept: &GlyphRemapper) -> Vec<u8> {
    let last = glyphs.keys().last().copied().unwrap_or(0);
    (0..=last).flat_map(|id| kept.get(id).unwrap_or(0).to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fonts::{Face, Glyph};
    use super::super::numbers::OF_A_FONT;
    use super::super::tests::opened;
    use super::*;

    #[test]
    fn the_subset_holds_what_is_shown_and_little_else() {
        for (font, text) in [(Font::Sans, "Łódź"), (Font::EastAsian, "東京")] {
            let glyphs: BTreeMap<u16, char> =
                text.chars().map(|letter| (Glyph::find(Face::Regular, letter).id, letter)).collect();
            let mut objects = Objects::start();
            write(&mut objects, 1, font, &glyphs).expect("subset");
            let bytes = objects.finish(Ref::new(1), Ref::new(1), b"id", 1 + OF_A_FONT);
            assert!(bytes.len() < 30_000, "{} bytes for {text}", bytes.len());
            let name = format!("{}+{}", tag(&glyphs), font.name());
            let whole = &opened(&bytes)[&1];
            assert!(whole.windows(name.len()).any(|part| part == name.as_bytes()));
        }
    }

    #[test]
    fn the_map_leads_from_the_whole_font_to_the_subset() {
        let glyphs = BTreeMap::from([(3_u16, 'a'), (5, 'b')]);
        let mut kept = GlyphRemapper::new();
        glyphs.keys().for_each(|id| {
            kept.remap(*id);
        });
        assert_eq!(numbers(&glyphs, &kept), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
        assert!(String::from_utf8_lossy(&letters(&glyphs)).contains("<0003> <0061>"));
    }
}
