//! Every page is in the book, and every link leads somewhere.

use super::{pages, root, text_of};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Where the links of a page lead, outside its blocks.
fn links(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        }
        if !inside {
            let ends = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
            found.extend(ends.map(|(to, _)| to.to_string()));
        }
    }
    found
}

/// The headings of a page as both the book and code hosts name them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        }
        let heading = line.trim_start_matches('#');
        if !inside && line.starts_with('#') && heading.starts_with(' ') {
            let kept = heading.trim().to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            found.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    found
}

/// A path without `..`, as far as it has parts to go up from.
fn plain(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}

#[test]
fn every_page_is_in_the_book() {
    let summary = "docs/SUMMARY.md";
    let listed: BTreeSet<String> = links(&text_of(summary)).iter().map(|to| format!("docs/{to}")).collect();
    let there: BTreeSet<String> =
        pages().into_iter().filter(|name| name.starts_with("docs/") && name != summary).collect();
    assert_eq!(listed, there);
}

#[test]
fn every_link_leads_somewhere() {
    let (mut checked, mut wrong) = (0, Vec::new());
    for name in pages() {
        for link in links(&text_of(&name)) {
            if link.contains("://") {
                continue;
            }
            checked += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let target = if file.is_empty() {
                PathBuf::from(&name)
            } else {
                plain(&Path::new(&name).parent().expect("a folder").join(file))
            };
            // The book holds the pages of docs alone.
            let outside = name.starts_with("docs/") && !target.starts_with("docs");
            let found = match std::fs::read_to_string(root().join(&target)) {
                Ok(text) => anchor.is_empty() || anchors(&text).contains(anchor),
                Err(_) => false,
            };
            if outside || !found {
                wrong.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 100, "the test reads no links: {checked}");
}
