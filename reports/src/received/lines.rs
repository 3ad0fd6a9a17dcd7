//! Lines as an editor counts them: `\r\n`, `\n` and `\r` each end one.

use std::collections::VecDeque;

/// Counts lines while the bytes of a text pass.
#[derive(Debug)]
pub(super) struct Lines {
    line: u64,
    passed: u64,
    /// Whether the byte before was `\r`: a `\n` behind it ends no other line.
    returned: bool,
    /// Whether the line has no byte yet.
    blank: bool,
    /// First byte and number of every line that is not blank, until somebody has asked for it; none where nobody will.
    begun: Option<VecDeque<(u64, u64)>>,
}

impl Lines {
    pub(super) fn counted() -> Self {
        Self { line: 1, passed: 0, returned: false, blank: true, begun: None }
    }

    /// Remembers where lines begin: memory grows with those that are not asked for.
    pub(super) fn remembered() -> Self {
        Self { begun: Some(VecDeque::new()), ..Self::counted() }
    }

    /// The line that the next byte stands in, or that it ends.
    #[inline]
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    #[inline]
    pub(super) fn pass(&mut self, byte: u8) {
        match byte {
            b'\n' if self.returned => {}
            b'\n' | b'\r' => {
                self.line += 1;
                self.blank = true;
            }
            _ if self.blank => {
                self.blank = false;
                if let Some(begun) = &mut self.begun {
                    begun.push_back((self.passed, self.line));
                }
            }
            _ => {}
        }
        self.returned = byte == b'\r';
        self.passed += 1;
    }

    /// What has passed is a byte order mark, and nothing of the first line.
    pub(super) fn marked(&mut self) {
        self.blank = true;
        if let Some(begun) = &mut self.begun {
            begun.clear();
        }
    }

    /// The first line that is not blank and begins at this byte or behind it; what lies before is forgotten.
    pub(super) fn beginning(&mut self, byte: u64) -> Option<u64> {
        let begun = self.begun.as_mut()?;
        while begun.front().is_some_and(|(at, _)| *at < byte) {
            begun.pop_front();
        }
        begun.front().map(|(_, line)| *line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_after(text: &str) -> Lines {
        let mut lines = Lines::remembered();
        text.bytes().for_each(|byte| lines.pass(byte));
        lines
    }

    #[test]
    fn every_end_of_a_line_ends_one() {
        for (text, wanted) in [
            ("", 1),
            ("a", 1),
            ("a\n", 2),
            ("a\r\n", 2),
            ("a\r", 2),
            ("a\n\nb", 3),
            ("a\r\n\r\nb", 3),
            ("a\r\rb", 3),
            ("a\n\rb", 3),
            ("a\r\r\nb", 3),
        ] {
            assert_eq!(lines_after(text).line(), wanted, "{text:?}");
        }
    }

    #[test]
    fn lines_that_hold_anything_are_found_by_their_first_byte_or_one_before() {
        let mut lines = lines_after("\r\n\r\nab\n\ncd\re\n");
        assert_eq!(lines.beginning(0), Some(3));
        assert_eq!(lines.beginning(4), Some(3), "it is still there");
        assert_eq!(lines.beginning(5), Some(5), "behind its first byte the next one begins");
        assert_eq!(lines.beginning(9), Some(6));
        assert_eq!(lines.beginning(12), None);
        assert_eq!(Lines::counted().beginning(0), None);
    }
}
