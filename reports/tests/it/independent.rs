//! Random portfolios through the second computation in Python: every figure of their packs agrees.

use crate::support::{Case, case, inputs};
use crate::wide::wide;
use hourmatch_reports::evidence::pack::{self, Target};
use hourmatch_reports::report;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKS: usize = 60;

struct Folder(PathBuf);

impl Target for Folder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let target = self.0.join(path);
        std::fs::create_dir_all(target.parent().expect("inside"))?;
        Ok(Box::new(std::fs::File::create(target)?))
    }
}

#[test]
fn random_portfolios_agree() {
    agree(&case());
}

#[test]
fn random_portfolios_of_every_kind_agree() {
    agree(&wide());
}

fn agree(strategy: &impl Strategy<Value = Case>) {
    let dir = tempfile::tempdir().expect("folder");
    let mut runner = TestRunner::deterministic();
    let mut packs = Vec::new();
    for number in 0..PACKS {
        let case = strategy.new_tree(&mut runner).expect("tree").current();
        let inputs = inputs(&case);
        let computed = report::compute(&inputs).expect("invariants hold");
        let folder = dir.path().join(format!("p{number}"));
        let mut received = |_: &str, out: &mut dyn Write| Ok(out.write_all(b"rows")?);
        pack::write(&inputs, &computed, &mut received, &mut Folder(folder.clone()), "test", None).expect("written");
        packs.push(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/independent");
    let done = Command::new("python3").args(["-m", "audit"]).args(&packs).current_dir(here).output().expect("python3");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(said.lines().count(), PACKS);
}
