//! The words of a source file, as far as imports need them.

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn is_word(token: &str) -> bool {
    token.starts_with(in_word)
}

/// Words, `::` and signs; comments, strings and characters are left out.
pub fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let rest = &chars[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => comment(rest),
            ['"', ..] => string(rest),
            ['\'', '\\', _, after @ ..] => 4 + after.iter().position(|c| *c == '\'').unwrap_or(after.len()),
            ['\'', _, '\'', ..] => 3,
            [':', ':', ..] | ['.', '.', ..] => {
                tokens.push(rest[..2].iter().collect());
                2
            }
            [first, ..] if in_word(*first) => {
                let word: String = rest.iter().take_while(|c| in_word(**c)).collect();
                let len = word.chars().count();
                let raw = if ["r", "br", "cr"].contains(&word.as_str()) { raw_string(&rest[len..]) } else { None };
                if raw.is_none() {
                    tokens.push(word);
                }
                len + raw.unwrap_or(0)
            }
            [sign, ..] => {
                if !sign.is_whitespace() {
                    tokens.push(sign.to_string());
                }
                1
            }
            [] => break,
        };
    }
    tokens
}

/// How long a comment is, with those inside it.
fn comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = match &rest[at..] {
            ['/', '*', ..] => 1,
            ['*', '/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while rest.get(at).is_some_and(|c| *c != '"') {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// How long what follows its `r` is; none where that begins no string.
fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    let body = rest[hashes..].strip_prefix(&['"'])?;
    let end: Vec<char> = ['"'].into_iter().chain(std::iter::repeat_n('#', hashes)).collect();
    let closed = body.windows(end.len()).position(|window| window == end);
    Some(hashes + 1 + closed.map_or(body.len(), |at| at + end.len()))
}

/// How many tokens lie between a bracket that opens and the one that closes it, both counted.
pub fn balanced(tokens: &[String]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Leaves out what only tests have, with its attributes.
pub fn without_tests(tokens: &[String]) -> Vec<String> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if tokens[at] != "#" || tokens.get(at + 1).is_none_or(|token| token != "[") {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let end = at + 1 + balanced(&tokens[at + 1..]);
        let has = |word: &str| tokens[at..end].iter().any(|token| token == word);
        if has("cfg") && has("test") && !has("not") {
            at = end + item(&tokens[end..]);
        } else {
            kept.extend_from_slice(&tokens[at..end]);
            at = end;
        }
    }
    kept
}

/// How many tokens an item has: up to its `;`, or the end of its block.
fn item(tokens: &[String]) -> usize {
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            ";" => return at + 1,
            "{" => return at + balanced(&tokens[at..]),
            "(" | "[" => at += balanced(&tokens[at..]),
            _ => at += 1,
        }
    }
    at
}

#[test]
fn comments_strings_and_characters_are_no_words() {
    let cases = [
        ("a // crate::b\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        (r#"a "b \" c" d"#, "a d"),
        ("a r#\"b \" c\"# d br\"e\" f", "a d f"),
        ("r#type", "r # type"),
        (r"a 'b' '\'' '\u{1b}' '\\' c", "a c"),
        ("&'a str", "& ' a str"),
        ("x::<u8>(0..super::N)", "x :: < u8 > ( 0 .. super :: N )"),
    ];
    for (text, wanted) in cases {
        assert_eq!(tokens(text).join(" "), wanted, "{text}");
    }
}

#[test]
fn what_only_tests_have_is_left_out() {
    let cases = [
        ("a; #[cfg(test)] mod tests { use super::*; } b;", "a ; b ;"),
        ("#[cfg(test)] #[allow(x)] mod tests; b;", "b ;"),
        ("#[cfg(all(test, unix))] fn f() -> [u8; 2] { [0; 2] } b;", "b ;"),
        ("#[cfg(not(test))] mod a;", "# [ cfg ( not ( test ) ) ] mod a ;"),
        ("#[cfg(unix)] #[cfg(test)] mod tests { {} } b;", "# [ cfg ( unix ) ] b ;"),
        ("#[test] fn a() {}", "# [ test ] fn a ( ) { }"),
    ];
    for (text, wanted) in cases {
        assert_eq!(without_tests(&tokens(text)).join(" "), wanted, "{text}");
    }
}
