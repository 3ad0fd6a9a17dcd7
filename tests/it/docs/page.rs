//! A page of the docs, read: its blocks, and what the comments before them say to do with each.

/// What is done for a block, or for a comment that stands for one.
#[derive(Debug)]
pub enum Step {
    /// Commands; with `fails`, the last one is to be refused.
    Run { text: String, fails: bool },
    /// What the commands before print.
    Shown(String),
    /// A file with this text, or one that it is added to.
    File { name: String, text: String, added: bool },
    /// Keys that are added to a small portfolio.
    Keys(String),
    /// Not done here.
    Skipped,
}

/// What a page starts from, and its steps, each by the line of the page where it stands.
#[derive(Debug, Default)]
pub struct Page {
    pub demo: bool,
    pub postgres: bool,
    pub steps: Vec<(usize, Step)>,
}

impl Page {
    pub fn skipped(&self) -> usize {
        self.steps.iter().filter(|(_, step)| matches!(step, Step::Skipped)).count()
    }

    /// Whether there is anything to do.
    pub fn runs(&self) -> bool {
        self.steps.len() > self.skipped()
    }
}

/// What a comment says of the block after it.
#[derive(Debug)]
enum Said {
    File(String),
    Append(String),
    Keys,
    Fails,
    Skip,
}

const LANGUAGES: [&str; 6] = ["sh", "text", "toml", "csv", "json", "ini"];

/// The page of this text. What is not understood is an error, so that no block is passed over.
pub fn read(text: &str) -> Result<Page, String> {
    let mut page = Page::default();
    let mut said: Option<Said> = None;
    // Whether the last block was commands, with nothing but blank lines since.
    let mut printed = false;
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let number = at + 1;
        let wrong = |what: &str| Err(format!("line {number}: {what}: {line}"));
        if let Some(comment) = line.strip_prefix("<!-- docs: ").and_then(|rest| rest.strip_suffix(" -->")) {
            if said.is_some() {
                return wrong("the comment before has no block");
            }
            printed = false;
            match comment.split_once(' ').unwrap_or((comment, "")) {
                ("demo", "") if page.steps.is_empty() => page.demo = true,
                ("postgres", "") if page.steps.is_empty() => page.postgres = true,
                ("run", command) if !command.is_empty() => {
                    page.steps.push((number, Step::Run { text: command.into(), fails: false }));
                }
                ("file", name) if !name.is_empty() => said = Some(Said::File(name.into())),
                ("append", name) if !name.is_empty() => said = Some(Said::Append(name.into())),
                ("keys", "") => said = Some(Said::Keys),
                ("fails", "") => said = Some(Said::Fails),
                ("skip:", why) if !why.is_empty() => said = Some(Said::Skip),
                _ => return wrong("no such comment, or not here"),
            }
        } else if line.contains("<!-- docs") {
            return wrong("a comment of the docs stands on a line of its own, `<!-- docs: ... -->`");
        } else if let Some(language) = line.strip_prefix("```") {
            if !LANGUAGES.contains(&language) {
                return wrong("no such language of blocks");
            }
            let mut body = String::new();
            loop {
                match lines.next() {
                    Some((_, "```")) => break,
                    Some((_, inside)) if !inside.starts_with("```") => {
                        body.push_str(inside);
                        body.push('\n');
                    }
                    _ => return wrong("the block does not end"),
                }
            }
            let Some(step) = step(said.take(), language, body, printed) else {
                return wrong("nothing says what the block is for");
            };
            printed = matches!(step, Step::Run { .. });
            page.steps.push((number, step));
        } else if line.trim_start().starts_with("```") {
            return wrong("an indented block is not read");
        } else if !line.is_empty() {
            if said.is_some() {
                return wrong("the comment before has no block");
            }
            printed = false;
        }
    }
    if said.is_some() { Err("the last comment has no block".into()) } else { Ok(page) }
}

/// What a block is, given what the comment before it says and whether it follows commands.
fn step(said: Option<Said>, language: &str, text: String, printed: bool) -> Option<Step> {
    match (said, language) {
        (Some(Said::Skip), _) => Some(Step::Skipped),
        (Some(Said::File(name)), _) => Some(Step::File { name, text, added: false }),
        (Some(Said::Append(name)), _) => Some(Step::File { name, text, added: true }),
        (Some(Said::Keys), "toml") => Some(Step::Keys(text)),
        (Some(Said::Fails), "sh") => Some(Step::Run { text, fails: true }),
        (None, "sh") => Some(Step::Run { text, fails: false }),
        (None, "text" | "csv" | "json") if printed => Some(Step::Shown(text)),
        _ => None,
    }
}

#[test]
fn pages_are_read_strictly() {
    let good =
        "# T\n\n<!-- docs: demo -->\n```sh\nls\n```\n\n```text\na\n```\n\n<!-- docs: file a.csv -->\n```csv\nx\n```\n";
    let page = read(good).expect("a page");
    assert!(page.demo && !page.postgres && page.runs());
    assert_eq!(page.steps.iter().map(|(line, _)| *line).collect::<Vec<usize>>(), [4, 8, 13]);
    for (bad, why) in [
        ("```\nx\n```\n", "language"),
        ("```rust\nx\n```\n", "language"),
        ("```text\nx\n```\n", "what the block is for"),
        ("```toml\nx = 1\n```\n", "what the block is for"),
        ("```sh\nls\n```\nThen:\n```text\na\n```\n", "what the block is for"),
        ("```sh\nls\n", "does not end"),
        ("```sh\nls\n```text\n", "does not end"),
        ("  ```sh\n  ls\n  ```\n", "indented"),
        ("<!-- docs: skipp: x -->\n", "no such comment"),
        ("<!-- docs: skip: -->\n```sh\nls\n```\n", "no such comment"),
        ("<!-- docs: file -->\n", "no such comment"),
        ("<!-- docs: keys -->\nText\n", "has no block"),
        ("<!-- docs: keys -->\n```sh\nls\n```\n", "what the block is for"),
        ("<!-- docs: keys -->\n<!-- docs: fails -->\n", "has no block"),
        ("<!-- docs: fails -->\n", "has no block"),
        ("x <!-- docs: keys -->\n", "on a line of its own"),
        ("```sh\nls\n```\n<!-- docs: demo -->\n", "not here"),
    ] {
        let error = read(bad).expect_err(bad);
        assert!(error.contains(why), "{bad}: {error}");
    }
}
