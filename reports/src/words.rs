//! Words that messages share: counts with their noun, and why a file cannot be read or written.

use std::fmt::Display;
use std::io;

/// A count and its noun: `1 site`, `3 sites`.
pub fn counted(count: impl Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let noun = if count == "1" { one } else { many };
    format!("{count} {noun}")
}

/// A number with so many decimals; what is shown as zero has no sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(size) if size.bytes().all(|byte| matches!(byte, b'0' | b'.')) => size.to_string(),
        _ => text,
    }
}

/// The same with its sign, a plus before zero too.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// A length of time: `15 min`, or `90 s` where it is no whole minutes.
pub fn length(seconds: i64) -> String {
    if seconds % 60 == 0 { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// Why the system refused, without its error number.
pub fn io_reason(error: &io::Error) -> String {
    let known = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "it, or a part of its path, is not a folder",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        _ => {
            let text = error.to_string();
            return text.find(" (os error ").map(|at| lowered(&text[..at])).unwrap_or(text);
        }
    };
    known.to_string()
}

fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_follows_its_count() {
        assert_eq!(counted(0_usize, "site", "sites"), "0 sites");
        assert_eq!(counted(1_u64, "site", "sites"), "1 site");
        assert_eq!(counted(21_i32, "boundary", "boundaries"), "21 boundaries");
    }

    #[test]
    fn zero_is_never_minus_zero() {
        for zero in [0.0, -0.0, -0.000_4, 0.000_4, -1e-300, std::iter::empty::<f64>().sum()] {
            assert_eq!((fixed(zero, 3), signed(zero, 3)), ("0.000".into(), "+0.000".into()), "{zero:?}");
            assert_eq!(fixed(zero, 0), "0");
        }
        assert_eq!((fixed(-0.000_6, 3), signed(-0.000_6, 3)), ("-0.001".into(), "-0.001".into()));
        assert_eq!((fixed(-10.0, 1), signed(2.0, 2)), ("-10.0".into(), "+2.00".into()));
    }

    #[test]
    fn the_system_speaks_without_its_numbers() {
        let kind = |kind: io::ErrorKind| io_reason(&kind.into());
        assert_eq!(kind(io::ErrorKind::NotFound), "there is no such file or folder");
        assert_eq!(kind(io::ErrorKind::StorageFull), "the disk is full");
        assert_eq!(io_reason(&io::Error::new(io::ErrorKind::InvalidData, "no manifest")), "no manifest");
        assert_eq!(io_reason(&io::Error::other("one of ours")), "one of ours");
        // EIO has a text of the system's, and no kind.
        #[cfg(unix)]
        {
            let odd = io_reason(&io::Error::from_raw_os_error(5));
            assert!(!odd.is_empty() && !odd.contains("os error") && !odd.contains("uncategorized"), "{odd}");
        }
    }
}
