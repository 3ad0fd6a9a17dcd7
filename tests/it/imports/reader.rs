//! What a file declares, and what it names.

use super::tokens::{balanced, is_word, tokens, without_tests};
use std::collections::BTreeSet;

/// Path of modules from the crate's root.
pub type Module = Vec<String>;

/// Modules that a file declares, and every path it names, both from the crate's root.
#[derive(Debug)]
pub struct Read {
    pub declared: BTreeSet<Module>,
    pub paths: BTreeSet<Module>,
}

pub fn read(text: &str, file: &[String]) -> Read {
    let tokens = without_tests(&tokens(text));
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let children = words.windows(3).filter(|w| w[0] == "mod" && w[2] == ";").map(|w| w[1]);
    let children: BTreeSet<&str> = children.collect();
    let below = |child: &&str| file.iter().cloned().chain([child.to_string()]).collect::<Module>();
    let mut read = Read { declared: children.iter().map(below).collect(), paths: BTreeSet::new() };
    // Modules in the file have names of their own to be relative to.
    let (mut base, mut blocks, mut at) = (file.to_vec(), Vec::new(), 0);
    while at < words.len() {
        let mut found = Vec::new();
        at += match &words[at..] {
            ["mod", name, "{", ..] => {
                base.push(name.to_string());
                blocks.push(true);
                3
            }
            ["{", ..] => {
                blocks.push(false);
                1
            }
            ["}", ..] => {
                if blocks.pop() == Some(true) {
                    base.pop();
                }
                1
            }
            // Who may see something imports nothing.
            ["pub", "(", "in", ..] => 1 + balanced(&tokens[at + 1..]),
            ["use", next, ..] if *next != "<" => 1 + tree(&words[at + 1..], &[], &mut found),
            ["::" | ".", name, ..] if is_word(name) => 2,
            [first, "::", ..] if is_word(first) => {
                let path: Vec<&str> = path(&words[at..]);
                let len = 2 * path.len() - 1;
                found.push(path);
                len
            }
            _ => 1,
        };
        read.paths.extend(found.iter().filter_map(|path| absolute(path, file, &base, &children)));
    }
    read
}

fn path<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut path = vec![words[0]];
    while words.get(2 * path.len() - 1) == Some(&"::")
        && let Some(&next) = words.get(2 * path.len())
        && is_word(next)
    {
        path.push(next);
    }
    path
}

/// Reads one tree of a `use`, up to the `,`, `}` or `;` behind it, and says how many words it has.
fn tree<'a>(words: &[&'a str], before: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> usize {
    let (mut path, mut at) = (before.to_vec(), 0);
    loop {
        match &words[at..] {
            ["{", ..] => {
                at += 1;
                while words.get(at).is_some_and(|word| *word != "}" && *word != ";") {
                    at += if words[at] == "," { 1 } else { tree(&words[at..], &path, found) };
                }
                return at + 1;
            }
            ["as", ..] => at += 2,
            ["self", ..] if !path.is_empty() => at += 1,
            [word, ..] if is_word(word) => {
                path.push(word);
                at += 1;
            }
            ["::" | "*", ..] => at += 1,
            _ => break,
        }
    }
    found.push(path);
    at
}

/// A path from the crate's root; none where it leads into another crate, or to a name that is imported itself.
fn absolute(path: &[&str], file: &[String], base: &[String], children: &BTreeSet<&str>) -> Option<Module> {
    let mut from = match path.first()? {
        &"crate" => Module::new(),
        &("self" | "super") => base.to_vec(),
        child if children.contains(child) => file.to_vec(),
        _ => return None,
    };
    for segment in path.iter().filter(|segment| !["crate", "self"].contains(segment)) {
        if *segment == "super" {
            from.pop();
        } else {
            from.push(segment.to_string());
        }
    }
    Some(from)
}

#[test]
fn paths_are_read_as_the_compiler_reads_them() {
    let cases: [(&str, &[&str]); 16] = [
        ("use crate::plan::Plan;", &["plan::Plan"]),
        (
            "pub use crate::plan::{self, work::{Work as W, gone}, Plan};",
            &["plan", "plan::Plan", "plan::work::Work", "plan::work::gone"],
        ),
        (
            "use super::{Kind, tracks::*}; use super::super::store;",
            &["plan::store", "plan::world::Kind", "plan::world::tracks"],
        ),
        ("use {crate::a, std::b};", &["a"]),
        ("use self::near::Thing; mod near;", &["plan::world::ahead::near::Thing"]),
        ("mod near; pub use near::Thing; use other::Thing;", &["plan::world::ahead::near::Thing"]),
        (
            "mod near; fn f() { near::go(near::A); other::go(); x.near::<u8>(); O::near::B }",
            &["plan::world::ahead::near::A", "plan::world::ahead::near::go"],
        ),
        (
            "fn f() -> crate::error::Kind { super::limit(crate::now::<u8>()) }",
            &["error::Kind", "now", "plan::world::limit"],
        ),
        ("fn f() { [..super::Most::default()] }", &["plan::world::Most::default"]),
        ("macro_rules! m { () => { $crate::store::Store } }", &["store::Store"]),
        (
            "mod inside { use super::near; use super::super::far; } use super::end;",
            &["plan::world::ahead::near", "plan::world::end", "plan::world::far"],
        ),
        ("pub(in crate::plan) fn f() {} pub(crate) mod a;", &[]),
        ("fn f(&self) -> impl Fn() + use<'_> { self.x; Self::y }", &[]),
        ("// use crate::a;\n/* crate::b */ const C: &str = \"crate::c {\";", &[]),
        ("#[cfg(test)]\nmod tests { use crate::a; use super::*; }", &[]),
        ("#[serde(with = \"x\")] struct A { b: crate::c::D }", &["c::D"]),
    ];
    let file: Vec<String> = ["plan", "world", "ahead"].map(String::from).to_vec();
    for (text, wanted) in cases {
        let paths: Vec<String> = read(text, &file).paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(paths, wanted, "{text}");
    }
    let read = read("pub mod near; mod far; mod inside { } #[cfg(test)] mod tests;", &file[..1]);
    let declared: Vec<String> = read.declared.iter().map(|module| module.join("::")).collect();
    assert_eq!(declared, ["plan::far", "plan::near"]);
}
