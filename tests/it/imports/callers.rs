//! Nothing is public that nobody calls: what is `pub` is named in another file, of the product or of its tests.
//!
//! Names are compared, not what they mean: of several things with one name, a single caller keeps all of them. A type may
//! also be public because something public of its own file takes or gives it.

use super::CRATES;
use super::tokens::{balanced, is_word, tokens, without_tests};
use crate::support::{root, texts_below};
use std::collections::{BTreeSet, HashMap};

/// Where callers are: the crates, their tests and examples.
const CODE: [&str; 5] = ["src", "ids", "reports", "solver", "tests/it"];
/// Pages are laid out in templates, which call methods.
const TEMPLATES: [&str; 2] = ["templates", "reports"];
const TYPES: [&str; 5] = ["struct", "enum", "union", "trait", "type"];
const VALUES: [&str; 3] = ["fn", "const", "static"];

/// A public item: its kind and its name.
type Item<'t> = (&'t str, &'t str);

#[test]
fn nothing_is_public_that_nobody_calls() {
    let files: Vec<(String, Vec<String>)> =
        texts(&CODE, "rs").into_iter().map(|(path, text)| (path, tokens(&text))).collect();
    let pages = texts(&TEMPLATES, "html");
    let mut named_in: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (path, tokens) in &files {
        for name in named(tokens) {
            named_in.entry(name).or_default().insert(path);
        }
    }
    for (path, text) in &pages {
        for name in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
            named_in.entry(name).or_default().insert(path);
        }
    }
    let of_a_crate = |path: &str| CRATES.iter().any(|(dir, ..)| path.starts_with(dir));
    let (mut items, mut idle) = (0, Vec::new());
    for (path, tokens) in files.iter().filter(|(path, _)| of_a_crate(path)) {
        let tokens = without_tests(tokens);
        let shown = shown(&tokens);
        for (kind, name) in public(&tokens) {
            items += 1;
            let elsewhere = named_in.get(name).is_some_and(|files| files.iter().any(|file| file != path));
            let shows = TYPES.contains(&kind) && shown.contains(name);
            if !elsewhere && !shows {
                idle.push(format!("{path}: {kind} {name}"));
            }
        }
    }
    assert!(items > 2_000, "{items} public items were read, and there are more");
    idle.sort();
    assert!(idle.is_empty(), "no other file names these: make them private, or delete them\n{}", idle.join("\n"));
}

/// By path from the repository's root.
fn texts(dirs: &[&str], ending: &str) -> Vec<(String, String)> {
    let inside = |path: &std::path::Path| path.strip_prefix(root()).expect("inside").display().to_string();
    let below = dirs.iter().flat_map(|dir| texts_below(&root().join(dir), ending));
    below.map(|(path, text)| (inside(&path), text)).collect()
}

/// How many tokens `pub` has with what it is restricted to; none where nothing is public.
fn visibility(tokens: &[String]) -> Option<usize> {
    match tokens.first().map(String::as_str) {
        Some("pub") if tokens.get(1).is_some_and(|next| next == "(") => Some(1 + balanced(&tokens[1..])),
        Some("pub") => Some(1),
        _ => None,
    }
}

/// Public items of a file. Those of a private module within it are for the file.
fn public(tokens: &[String]) -> Vec<Item<'_>> {
    let (mut items, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if tokens[at] == "mod" && tokens.get(at + 2).is_some_and(|next| next == "{") {
            at += 2 + balanced(&tokens[at + 2..]);
            continue;
        }
        let Some(len) = visibility(&tokens[at..]) else {
            at += 1;
            continue;
        };
        at += len;
        // `const fn` and `async fn`.
        if tokens[at + 1] == "fn" {
            at += 1;
        }
        let (kind, name) = (tokens[at].as_str(), tokens[at + 1].as_str());
        if (TYPES.contains(&kind) || VALUES.contains(&kind)) && is_word(name) {
            items.push((kind, name));
        }
        at += 1 + usize::from(kind == "mod");
    }
    items
}

/// Names that a file uses: neither those that it declares nor those that it only passes on.
fn named(tokens: &[String]) -> BTreeSet<&str> {
    let (mut names, mut at) = (BTreeSet::new(), 0);
    while at < tokens.len() {
        let behind = visibility(&tokens[at..]).unwrap_or(0);
        if behind > 0 && tokens.get(at + behind).is_some_and(|next| next == "use") {
            at += tokens[at..].iter().position(|token| token == ";").unwrap_or(tokens.len() - at);
            continue;
        }
        let before = if at == 0 { "" } else { tokens[at - 1].as_str() };
        // A `static` may also be a lifetime, with the name of a type behind it.
        let declared = TYPES.contains(&before) || ["fn", "const"].contains(&before);
        if is_word(&tokens[at]) && !declared {
            names.insert(tokens[at].as_str());
        }
        at += 1;
    }
    names
}

/// Names in what a file shows of itself: signatures, public fields, variants, and types that traits ask for.
fn shown(tokens: &[String]) -> BTreeSet<&str> {
    let (mut names, mut at) = (BTreeSet::new(), 0);
    while at < tokens.len() {
        let start = match visibility(&tokens[at..]) {
            Some(len) => at + len,
            None if tokens[at] == "type" => at,
            None => {
                at += 1;
                continue;
            }
        };
        let kind = tokens[start].as_str();
        let whole = ["enum", "trait"].contains(&kind);
        let len = if whole { to_block_end(&tokens[start..]) } else { signature(&tokens[start..]) };
        // A type does not show itself.
        let own = if TYPES.contains(&kind) { 2 } else { 0 };
        names.extend(tokens[start..start + len].iter().skip(own).map(String::as_str));
        at = start + 1;
    }
    names
}

fn to_block_end(tokens: &[String]) -> usize {
    let block = tokens.iter().position(|token| token == "{").unwrap_or(tokens.len() - 1);
    block + balanced(&tokens[block..])
}

/// How many tokens come before a body, a value, or the end of an item or field.
fn signature(tokens: &[String]) -> usize {
    let (mut depth, mut before) = (0, "");
    let is_alias = tokens[0] == "type";
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" | "[" | "<" => depth += 1,
            ")" | "]" => depth -= 1,
            ">" if !["-", "="].contains(&before) => depth -= 1,
            "{" | "}" | ";" | "," if depth == 0 => return at,
            "=" if depth == 0 && !is_alias => return at,
            _ => {}
        }
        if depth < 0 {
            return at;
        }
        before = token;
    }
    tokens.len()
}

#[test]
fn public_items_are_found_with_those_who_name_them() {
    let text = "pub const A: u8 = 1; pub(super) const fn b() {} pub async fn c(x: Given) -> Vec<(u8, Back)> { D }
        mod inside { pub fn hidden() {} } pub mod open { pub fn seen() {} } pub use e::F; fn g() { h(I); }
        pub struct J { pub k: Map<u8, L>, m: N } pub enum O { P(Q) } impl R for S { type T = U; } pub struct V(pub W);";
    let tokens = tokens(text);
    let items: Vec<String> = public(&tokens).iter().map(|(kind, name)| format!("{kind} {name}")).collect();
    let wanted = ["const A", "fn b", "fn c", "fn seen", "struct J", "enum O", "struct V"];
    assert_eq!(items, wanted);
    let (named, shown) = (named(&tokens), shown(&tokens));
    for name in ["A", "b", "c", "F", "g", "J", "O", "V"] {
        assert!(!named.contains(name), "{name} is declared or passed on");
    }
    for name in ["D", "h", "I", "L", "N", "Q", "U", "Given"] {
        assert!(named.contains(name), "{name} is used");
    }
    for (name, is_shown) in [("Given", true), ("Back", true), ("L", true), ("N", false), ("Q", true), ("U", true)] {
        assert_eq!(shown.contains(name), is_shown, "{name}");
    }
    assert!(shown.contains("W") && !shown.contains("J") && !shown.contains("D"));
}
