//! The text of a portfolio as the store keeps it: without what belongs to one process, which may hold passwords.

/// Tables of a process. What they say is no part of a portfolio.
const OF_A_PROCESS: [&str; 4] = ["store", "retention", "serve", "source"];

/// The text with those tables blank, so that every other line keeps its number.
pub(super) fn kept(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut headed, mut inside) = (false, false);
    for line in text.lines() {
        let line_start = line.trim_start();
        if let Some(header) = line_start.strip_prefix('[') {
            (headed, inside) = (true, is_of_a_process(header.trim_start_matches('[')));
        }
        // Before the first table a key may stand for one: `store = { url = ... }`.
        if !inside && (headed || !is_of_a_process(line_start)) {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

/// Whether the first part of a dotted key is the name of such a table.
fn is_of_a_process(key: &str) -> bool {
    let end = |c: char| matches!(c, '.' | '=' | ']' | '{') || c.is_whitespace();
    let first = key.trim_start().split(end).next().unwrap_or("");
    OF_A_PROCESS.contains(&first.trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn what_belongs_to_a_process_is_left_out_and_lines_stay_where_they_are() {
        let text = "source.gb.url = \"http://p@1\"\r\n[store]\nurl = \"postgres://u:p@2/d\"\n\n[portfolio]\nname = \"x\"\n\
            [source.gb]\nurl = \"http://p@3\"\n[[site]]\nid = \"store\"\nstore_room = [\n  [1, 2],\n]\n[ \"serve\" ]\n\
            listen = \"p@4\"";
        let wanted =
            "\n\n\n\n[portfolio]\nname = \"x\"\n\n\n[[site]]\nid = \"store\"\nstore_room = [\n  [1, 2],\n]\n\n\n";
        assert_eq!(kept(text), wanted);
    }
}
