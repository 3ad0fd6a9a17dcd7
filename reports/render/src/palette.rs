//! Colours of print, those of the HTML page on paper.

/// Red, green and blue, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

pub const INK: Colour = Colour(0x1b, 0x23, 0x27);
pub const MUTED: Colour = Colour(0x56, 0x61, 0x67);
pub const RULE: Colour = Colour(0xb9, 0xb4, 0xa6);
pub const HAIR: Colour = Colour(0xe4, 0xe0, 0xd5);
pub const WASH: Colour = Colour(0xf5, 0xf3, 0xec);

pub const MATCHED: Colour = Colour(0x14, 0x59, 0x6b);
pub const MATCHED_PALE: Colour = Colour(0xd3, 0xe4, 0xe6);
pub const UNMATCHED: Colour = Colour(0xa8, 0x48, 0x1f);
pub const UNMATCHED_PALE: Colour = Colour(0xf4, 0xdc, 0xcd);
pub const SURPLUS: Colour = Colour(0x7a, 0x6a, 0x1f);
pub const SURPLUS_PALE: Colour = Colour(0xf1, 0xea, 0xd0);
pub const STORED: Colour = Colour(0x48, 0x94, 0x96);

/// The seven steps of the heat map, rising in darkness so that grey print keeps their order.
pub const HEAT: [Colour; 7] = [
    Colour(0xf1, 0xdf, 0xc3),
    Colour(0xd8, 0xdf, 0xc4),
    Colour(0xb5, 0xce, 0xb5),
    Colour(0x80, 0xb4, 0xa6),
    Colour(0x48, 0x94, 0x96),
    Colour(0x1f, 0x6d, 0x7e),
    Colour(0x0a, 0x3a, 0x52),
];
