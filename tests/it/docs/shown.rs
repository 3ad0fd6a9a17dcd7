//! What a page shows of an output, compared with what was printed: line by line, where a line `...` stands for any lines and
//! `…` for any part of one.

/// Said by every command while the clock is replaced; pages leave it out.
const CLOCK: &str = "clock replaced: acting as if it were ";

/// Whether the printed text is what the page shows.
pub fn is_shown(shown: &str, printed: &str) -> bool {
    agree(&lines(shown), &lines(printed))
}

/// Lines without trailing blanks, without empty ones at the end, and without that of the clock.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.starts_with(CLOCK)).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

fn agree(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"...", rest)) => (0..=printed.len()).any(|skipped| agree(rest, &printed[skipped..])),
        Some((first, rest)) => {
            printed.split_first().is_some_and(|(line, others)| same(first, line) && agree(rest, others))
        }
    }
}

fn same(shown: &str, line: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut left) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return left.is_empty() };
    for part in parts {
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[test]
fn only_what_a_page_leaves_open_may_differ() {
    for (shown, printed) in [
        ("a\nb\n", "a\nb"),
        ("a\n", "clock replaced: acting as if it were 2026-03-29T22:00:00Z\na  \n\n"),
        ("...\nb\n...\n", "a\nb\nc\nd\n"),
        ("a\n...\n", "a\n"),
        ("root …\n", "root 3f1c\n"),
        ("plan p-… by lp, … MWh\n", "plan p-12ab by lp, 7 MWh\n"),
        ("…b…", "abc"),
    ] {
        assert!(is_shown(shown, printed), "{shown} {printed}");
    }
    for (shown, printed) in [
        ("a\n", "b\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("", "a\n"),
        ("...\nb\n", "a\nb\nc\n"),
        ("plan p-… by lp\n", "plan p-12ab by asap\n"),
        ("aa…aa", "aaa"),
        ("…b…d", "acd"),
        ("...", ""),
    ] {
        let same = is_shown(shown, printed);
        assert_eq!(same, shown == "...", "{shown} {printed}");
    }
}
