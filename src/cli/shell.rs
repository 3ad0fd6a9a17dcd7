//! Words of the commands that are printed to be run as they stand.

/// One word of a shell's command line.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%=".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A file as one word that no command takes for an option; `-` is standard input.
pub(super) fn file(name: &str) -> String {
    if name.starts_with('-') && name != "-" { word(&format!("./{name}")) } else { word(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_line_keep_their_characters() {
        assert_eq!(word("/opt/hourmatch-0.1/bin"), "/opt/hourmatch-0.1/bin");
        assert_eq!(word("my demo"), "'my demo'");
        assert_eq!(word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(word(""), "''");
    }

    #[test]
    fn a_file_is_no_option() {
        assert_eq!(file("meters.csv"), "meters.csv");
        assert_eq!(file("my meters.csv"), "'my meters.csv'");
        assert_eq!(file("--now.csv"), "./--now.csv");
        assert_eq!(file("-my meters.csv"), "'./-my meters.csv'");
        assert_eq!(file("-"), "-");
    }
}
