//! Documents of random portfolios, those of the tests of `reports`.

extern crate reports as hourmatch_reports;

#[allow(dead_code)]
#[path = "../../../tests/it/corrections.rs"]
mod corrections;
mod streamed;
#[allow(dead_code)]
#[path = "../../../tests/it/support.rs"]
mod support;
#[allow(dead_code)]
#[path = "../../../tests/it/wide.rs"]
mod wide;
