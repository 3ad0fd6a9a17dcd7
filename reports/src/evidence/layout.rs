//! Where everything stands in a pack, and which files it may have.

use crate::seal::format::Format;

pub const BOOKS: &str = "inputs/books.json";
pub const RULESET: &str = "inputs/ruleset.toml";
pub const FACTORS: &str = "inputs/factors.csv";
pub const READINGS: &str = "inputs/readings.csv";
pub const REVISIONS: &str = "inputs/revisions.csv";
pub const CERTIFICATES: &str = "inputs/certificates.csv";
pub const INVOICES: &str = "inputs/invoices.csv";
pub const PREVIOUS: &str = "inputs/previous/";
/// Of published packs of other periods that share hours: `<root>.manifest.json` and `<root>.intervals.csv`.
pub const OVERLAPPING: &str = "inputs/overlapping/";
pub const RECEIVED: &str = "inputs/received/";
pub const INTERVAL_FACTORS: &str = "interval_factors.csv";

/// Files of the pack it replaces that a restatement carries, under `inputs/previous/`.
pub const CARRIED: [&str; 3] = ["manifest.json", "intervals.csv", "results.json"];

/// No manifest is larger.
pub(super) const LARGEST_MANIFEST: u64 = 64 << 20;

/// Files that are recomputed from `inputs/`.
const COMPUTED: [&str; 14] = [
    "allocations.csv",
    "certificates_used.csv",
    "exceptions.csv",
    "instrument_intervals.csv",
    "instruments.csv",
    INTERVAL_FACTORS,
    "intervals.csv",
    "price_tests.csv",
    "reconciliations.csv",
    "restatements.csv",
    "results.json",
    "site_intervals.csv",
    "storage.csv",
    "unmatched.csv",
];

/// Those of a format.
pub fn computed(format: Format) -> impl Iterator<Item = &'static str> {
    COMPUTED.into_iter().filter(move |name| format >= Format::V3 || *name != INTERVAL_FACTORS)
}

/// The files a pack of these inputs has, and no others.
pub(super) fn is_known(path: &str, format: Format) -> bool {
    let inputs = [BOOKS, RULESET, FACTORS, READINGS, REVISIONS, CERTIFICATES, INVOICES];
    let previous = path.strip_prefix(PREVIOUS).is_some_and(|name| CARRIED.contains(&name));
    let received = path.strip_prefix(RECEIVED).is_some_and(is_sha256);
    let overlapping = path.strip_prefix(OVERLAPPING).is_some_and(is_of_overlap) && format >= Format::V3;
    let carried = previous || overlapping || received;
    inputs.contains(&path) || computed(format).any(|name| name == path) || carried
}

/// `<root>.manifest.json` or `<root>.intervals.csv`.
fn is_of_overlap(name: &str) -> bool {
    let root = ["manifest.json", "intervals.csv"].iter().find_map(|file| name.strip_suffix(file)?.strip_suffix('.'));
    root.is_some_and(is_sha256)
}

/// Where manifest and intervals of an overlapping pack stand.
pub fn overlap_paths(root: &str) -> [String; 2] {
    ["manifest.json", "intervals.csv"].map(|name| format!("{OVERLAPPING}{root}.{name}"))
}

/// SHA-256 as packs write it.
pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
