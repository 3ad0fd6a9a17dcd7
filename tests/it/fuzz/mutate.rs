//! Small damage to valid input, the same for the same seed.

use crate::support::Random;

/// Numbers at the ends of what types hold, and spellings that only some readers take.
const NUMBERS: [&str; 30] = [
    "0",
    "-0",
    "-1",
    "+1",
    "01",
    "1_000",
    "0x10",
    "1e3",
    "1e400",
    "-1e400",
    "1e-400",
    "1e308",
    "5e-324",
    "1e18",
    "NaN",
    "inf",
    "-inf",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "2147483648",
    "4294967296",
    "0.0000000000000000001",
    "0.00000000000000001",
    "1111111111111111111111111111111111111111",
    "999999999999999999999999999999",
    "1/9223372036854775807",
    "9223372036854775806/9223372036854775807",
    "1e-2147483648",
];

/// Times at the edges of calendars, zones and of what may be written.
const TIMES: [&str; 22] = [
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:00:00Z",
    "0000-01-01T00:00:00Z",
    "+262142-12-31T23:59:59Z",
    "-262143-01-01T00:00:00Z",
    "+10000-01-01T00:00:00Z",
    "1970-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-03-29T02:30",
    "2026-10-25T02:30",
    "2026-02-30T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-06-30T23:59:60Z",
    "2026-01-01T00:00:00.5Z",
    "1970-01-01",
    "9999-12-31",
    "262142-12-31",
    "now+999999999h",
    "now-99999999999999999999d",
    "3660d",
];

const WORDS: [&str; 26] = [
    "\"",
    "\"\"",
    "'",
    "\\",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "\u{e9}",
    "\u{1f3ed}",
    "\r",
    "\n",
    "\t",
    ",",
    "|",
    "=",
    "[[",
    "}",
    "../",
    "%41",
    "?",
    "&",
    "null",
    "true",
    "{}",
    "[]",
    "/",
];

/// A copy of the seed with one to five things done to it; `other` is input of the same kind to take parts from.
pub fn mutated(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..1 + random.below(5) * random.below(2) {
        once(random, &mut bytes, other);
    }
    bytes
}

fn once(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    match random.below(18) {
        0 => flip(random, bytes),
        1 => insert(random, bytes),
        2 => remove(random, bytes),
        3..=5 => of_kind(random, bytes, is_number, &NUMBERS),
        6 | 7 => of_kind(random, bytes, is_time, &TIMES),
        8 => of_kind(random, bytes, |_| true, &WORDS),
        9 => of_kind(random, bytes, |_| true, &NUMBERS),
        10 => swap(random, bytes),
        11..=13 => lines(random, bytes),
        14 => bytes.truncate(random.below(bytes.len() + 1)),
        15 => encoded(random, bytes),
        16 => long(random, bytes),
        _ => spliced(random, bytes, other),
    }
}

fn flip(random: &mut Random, bytes: &mut [u8]) {
    if !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
    }
}

fn insert(random: &mut Random, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let word = random.pick(&WORDS).as_bytes();
    bytes.splice(at..at, word.iter().copied());
}

fn remove(random: &mut Random, bytes: &mut Vec<u8>) {
    let from = random.below(bytes.len() + 1);
    let to = (from + 1 + random.below(40)).min(bytes.len());
    bytes.drain(from..to.max(from));
}

/// Runs of letters, digits and what stands in numbers, times and paths.
fn tokens(bytes: &[u8]) -> Vec<(usize, usize)> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"-+._:/".contains(byte);
    let mut found = Vec::new();
    let mut begun = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (inside(byte), begun) {
            (true, None) => begun = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                begun = None;
            }
            _ => {}
        }
    }
    found.extend(begun.map(|from| (from, bytes.len())));
    found
}

fn is_number(token: &[u8]) -> bool {
    let digits = token.strip_prefix(b"-").unwrap_or(token);
    digits.first().is_some_and(u8::is_ascii_digit) && !is_time(token)
}

fn is_time(token: &[u8]) -> bool {
    token.len() >= 8 && token[..4].iter().all(u8::is_ascii_digit) && token[4] == b'-'
}

/// One token of a kind becomes another.
fn of_kind(random: &mut Random, bytes: &mut Vec<u8>, kind: fn(&[u8]) -> bool, words: &[&str]) {
    let found: Vec<(usize, usize)> = tokens(bytes).into_iter().filter(|(from, to)| kind(&bytes[*from..*to])).collect();
    if found.is_empty() {
        return insert(random, bytes);
    }
    let (from, to) = found[random.below(found.len())];
    bytes.splice(from..to, random.pick(words).bytes());
}

fn swap(random: &mut Random, bytes: &mut Vec<u8>) {
    let found = tokens(bytes);
    if found.len() < 2 {
        return;
    }
    let (one, two) = (random.below(found.len()), random.below(found.len()));
    let ((a, b), (c, d)) = (found[one.min(two)], found[one.max(two)]);
    if one != two {
        let parts = [&bytes[..a], &bytes[c..d], &bytes[b..c], &bytes[a..b], &bytes[d..]];
        *bytes = parts.concat();
    }
}

/// A line doubled, left out, or put in another place.
fn lines(random: &mut Random, bytes: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let at = random.below(lines.len());
    let to = random.below(lines.len());
    match random.below(4) {
        0 => lines.insert(at, lines[at].clone()),
        1 => lines.swap(at, to),
        2 => (0..100).for_each(|_| lines.insert(at, lines[at].clone())),
        _ => drop(lines.remove(at)),
    }
    *bytes = lines.concat();
}

/// As other programs may save it.
fn encoded(random: &mut Random, bytes: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    *bytes = match random.below(5) {
        0 => [&b"\xef\xbb\xbf"[..], bytes.as_slice()].concat(),
        1 => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        2 => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        3 => text.replace('\n', "\r\n").into_bytes(),
        _ => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0xff)).collect(),
    };
}

/// Something very long, or very often, or very deep.
fn long(random: &mut Random, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let word = ["a", "9", "\"", ",", "[", "{\"a\":", "\u{202e}", "0.", "-", "/"][random.below(10)];
    let often = [70, 300, 5_000, 70_000][random.below(4)];
    bytes.splice(at..at, word.repeat(often).into_bytes());
}

/// A part of other input in place of a part of this.
fn spliced(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let from = random.below(other.len() + 1);
    let to = (from + random.below(200)).min(other.len());
    let at = random.below(bytes.len() + 1);
    let end = (at + random.below(60)).min(bytes.len());
    bytes.splice(at..end, other[from..to].iter().copied());
}
