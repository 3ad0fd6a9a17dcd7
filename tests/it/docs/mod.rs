//! Every command in README and docs runs, in the order of its page, and prints what the page shows. CONTRIBUTING.md says how
//! a page is written for this.

mod links;
pub mod page;
pub mod session;
mod shown;

use crate::support::{Home, in_full, postgres_schema, root};
use page::{Page, Step};
use session::{NOW, Place};
use std::path::Path;

/// Blocks that nothing here runs: each says why on its page, and one more is to be decided on.
const SKIPPED: [(&str, usize); 8] = [
    ("README.md", 2),
    ("docs/accounts.md", 1),
    ("docs/how-to/slurm.md", 1),
    ("docs/how-to/stamp.md", 1),
    ("docs/how-to/systemd.md", 1),
    ("docs/install.md", 6),
    ("docs/pack-format.md", 6),
    ("docs/store.md", 1),
];

/// Its blocks are the examples of help, which `help.rs` runs.
const GENERATED: &str = "docs/reference/";

/// README and the pages of the book, by their paths from the root.
fn pages() -> Vec<String> {
    let mut found = vec!["README.md".to_string()];
    gather(Path::new("docs"), &mut found);
    found.sort();
    found
}

fn gather(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
        let path = folder.join(entry.expect("an entry").file_name());
        if root().join(&path).is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path.display().to_string());
        }
    }
}

fn text_of(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).expect("a page")
}

fn read(name: &str) -> Page {
    page::read(&text_of(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What README leaves to its reader, and what takes too long for every run.
fn completed(name: &str, mut page: Page) -> Page {
    if name == "README.md" {
        for (_, step) in &mut page.steps {
            if let Step::Run { text, .. } = step {
                *text = text.replace("--key PUB", "--key \"$(hourmatch keys show hourmatch.key)\"");
                if !in_full() {
                    let year = "hourmatch backtest --from 2022-01-01 --to 2023-01-01";
                    *text = text.replace(year, "hourmatch backtest --from 2022-01-01 --to 2022-01-03");
                }
            }
        }
    }
    page
}

/// What is wrong with a page.
fn faults(name: &str, page: &Page, demo: &Home) -> Vec<String> {
    let url = if page.postgres { postgres_schema() } else { Some(String::new()) };
    let Some(postgres) = url else { return Vec::new() };
    let home = if page.demo { demo.copied() } else { Home::new("") };
    let folder = home.path(if page.demo { "hourmatch-demo" } else { "page" });
    std::fs::create_dir_all(&folder).expect("a folder");
    let typing = home.path("");
    let place = Place { folder: &folder, home: &typing, now: page.demo.then_some(NOW), postgres: &postgres };
    let session = session::run(&page.steps, &place);
    let mut faults: Vec<String> = session.failed.iter().map(|failed| format!("{name}: {failed}")).collect();
    let mut ran = 0;
    for (line, step) in &page.steps {
        match step {
            Step::Run { .. } => ran = *line,
            Step::Shown(shown) => {
                let printed = session.printed.get(&ran).map_or("", String::as_str);
                // What came after a failure printed nothing.
                if session.printed.contains_key(line) && !shown::is_shown(shown, printed) {
                    faults.push(format!("{name}:{line} shows\n{shown}--- and this is printed:\n{printed}"));
                }
            }
            _ => {}
        }
    }
    faults
}

/// Runs the pages that are asked for; every fault of all of them is told at once.
fn hold(asked: impl Fn(&str) -> bool) {
    let demo = Home::new("");
    demo.run(&["demo"]).ok();
    let (mut held, mut wrong) = (0, Vec::new());
    for name in pages().into_iter().filter(|name| asked(name)) {
        let page = completed(&name, read(&name));
        if page.runs() {
            wrong.extend(faults(&name, &page, &demo));
            held += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(held > 0, "no page ran");
}

#[test]
fn the_readme_runs() {
    hold(|name| name == "README.md");
}

#[test]
fn the_tutorials_run() {
    hold(|name| name.starts_with("docs/tutorials/"));
}

#[test]
fn the_how_tos_run() {
    hold(|name| name.starts_with("docs/how-to/"));
}

#[test]
fn the_other_pages_run() {
    let elsewhere = ["README.md", "docs/tutorials/", "docs/how-to/", GENERATED];
    hold(|name| !elsewhere.iter().any(|start| name.starts_with(start)));
}

#[test]
fn no_more_blocks_are_skipped_than_are_listed() {
    let written = pages().into_iter().filter(|name| !name.starts_with(GENERATED));
    let skipped: Vec<(String, usize)> =
        written.map(|name| (name.clone(), read(&name).skipped())).filter(|(_, count)| *count > 0).collect();
    let listed: Vec<(String, usize)> = SKIPPED.iter().map(|(name, count)| ((*name).to_string(), *count)).collect();
    assert_eq!(skipped, listed);
}
