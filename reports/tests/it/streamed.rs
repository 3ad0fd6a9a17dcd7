//! What is written row by row is what is written whole.

use crate::support::compute;
use crate::wide::wide;
use hourmatch_reports::report::{AllocationRow, Report};
use proptest::prelude::*;
use render::json;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A document streamed from the ledgers is the one that holds its allocations, one ledger after the other.
    #[test]
    fn a_streamed_document_holds_every_allocation(case in wide()) {
        let computed = compute(&case);
        let mut bytes = Vec::new();
        json::write(&computed, "test", &mut bytes).expect("memory");
        let text = String::from_utf8(bytes).expect("text");
        let read: Report = serde_json::from_str(&text).expect("a report");
        let (matching, inventory) = (&computed.matched.matching, &computed.matched.inventory);
        prop_assert_eq!(read.allocations.len(), matching.allocations.iter().chain(inventory.allocations.iter()).count());
        let sorted = |row: &AllocationRow| (row.ledger, row.start, row.site.clone(), row.contract.clone());
        prop_assert!(read.allocations.is_sorted_by_key(sorted));
        prop_assert_eq!(json::document(&read, "test").expect("text"), text);
        let bare = Report { engine: None, allocations: Vec::new(), ..read };
        // The list of files is the pack's; a document holds what was computed from them.
        prop_assert_eq!(bare, Report { files: Vec::default(), ..computed.report });
    }
}
