//! The text of a portfolio as the store keeps it: without what belongs to one process, which may hold passwords.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Tables of a process. What they say is no part of a portfolio.
const OF_A_PROCESS: [&str; 4] = ["store", "retention", "serve", "source"];
/// A comment with an address may hold one that was in use.
const ADDRESS: &str = "://";

/// The text with those tables blank however they are written, so that every other line keeps its number. None where what
/// is left does not read as the same portfolio without them: it is not kept then.
pub(super) fn kept(text: &str) -> Option<String> {
    let parsed = DeTable::parse(text).ok()?;
    let mut marks = Marks { text, ..Marks::default() };
    for (key, value) in parsed.get_ref().iter() {
        marks.entry(key, value, OF_A_PROCESS.contains(&key.get_ref().as_ref()));
    }
    let kept = marks.without_own();
    let values = |text: &str| toml::from_str::<toml::Table>(text).ok();
    let mut wanted = values(text)?;
    for name in OF_A_PROCESS {
        wanted.remove(name);
    }
    (values(&kept)? == wanted).then_some(kept)
}

/// Where what stands in a text, and whether it is of a process.
#[derive(Default)]
struct Marks<'t> {
    text: &'t str,
    /// Keys with their values.
    items: Vec<(Range<usize>, bool)>,
    headers: Vec<(usize, bool)>,
    /// Keys and single values: no comment begins in them.
    solid: Vec<Range<usize>>,
}

impl Marks<'_> {
    fn begins(&self, span: &Range<usize>, with: &str) -> bool {
        self.text.get(span.clone()).is_some_and(|text| text.starts_with(with))
    }

    fn entry(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, own: bool) {
        self.solid.push(key.span());
        match value.get_ref() {
            DeValue::Table(table) if !self.begins(&value.span(), "{") => {
                // A dotted key or a table above a table has no header of its own.
                if self.begins(&value.span(), "[") {
                    self.headers.push((value.span().start, own));
                }
                self.table(table, own);
            }
            DeValue::Array(list) if list.iter().any(|item| self.is_header(item)) => {
                for item in list.iter() {
                    self.headers.push((item.span().start, own));
                    if let DeValue::Table(table) = item.get_ref() {
                        self.table(table, own);
                    }
                }
            }
            inline => {
                self.items.push((key.span().start..value.span().end, own));
                self.inside(inline, value.span());
            }
        }
    }

    fn table(&mut self, table: &DeTable<'_>, own: bool) {
        for (key, value) in table.iter() {
            self.entry(key, value, own);
        }
    }

    /// `[[site]]`, and no array of tables in braces or of arrays.
    fn is_header(&self, item: &Spanned<DeValue<'_>>) -> bool {
        matches!(item.get_ref(), DeValue::Table(_)) && self.begins(&item.span(), "[[")
    }

    /// Single values, which may hold what looks like a comment.
    fn inside(&mut self, value: &DeValue<'_>, span: Range<usize>) {
        match value {
            DeValue::Table(table) => {
                for (key, value) in table.iter() {
                    self.solid.push(key.span());
                    self.inside(value.get_ref(), value.span());
                }
            }
            DeValue::Array(list) => list.iter().for_each(|item| self.inside(item.get_ref(), item.span())),
            _ => self.solid.push(span),
        }
    }

    /// Comments that hold an address.
    fn addresses(&self) -> Vec<Range<usize>> {
        let (mut found, mut at, mut next) = (Vec::new(), 0, 0);
        while let Some(mark) = self.text[at..].find('#').map(|ahead| at + ahead) {
            while self.solid.get(next).is_some_and(|span| span.end <= mark) {
                next += 1;
            }
            at = match self.solid.get(next).filter(|span| span.start <= mark) {
                Some(span) => span.end,
                None => {
                    let end = self.text[mark..].find('\n').map_or(self.text.len(), |ahead| mark + ahead);
                    if self.text[mark..end].contains(ADDRESS) {
                        found.push(mark..end);
                    }
                    end
                }
            };
        }
        found
    }

    fn without_own(mut self) -> String {
        self.items.sort_by_key(|(span, _)| span.start);
        self.headers.sort_unstable();
        self.solid.sort_by_key(|span| span.start);
        let addresses = self.addresses();
        let mut kept = String::with_capacity(self.text.len());
        let (mut start, mut section) = (0, false);
        for line in self.text.split_inclusive('\n') {
            let end = start + line.len();
            let item = self.items.get(self.items.partition_point(|(span, _)| span.end <= start));
            let item = item.filter(|(span, _)| span.start < end);
            if item.is_none() {
                let header = self.headers.get(self.headers.partition_point(|(at, _)| *at < start));
                section = header.filter(|(at, _)| *at < end).map_or(section, |(_, own)| *own);
            }
            if !item.map_or(section, |(_, own)| *own) {
                let goes_on = item.is_some_and(|(span, _)| span.end > end);
                let line = line.strip_suffix('\n').unwrap_or(line);
                // An end of line within a string is part of it.
                let line = if goes_on { line } else { line.strip_suffix('\r').unwrap_or(line) };
                let comment = addresses.get(addresses.partition_point(|span| span.start < start));
                let cut = comment.filter(|span| span.start < end).and_then(|span| line.get(..span.start - start));
                kept.push_str(cut.map_or(line, str::trim_end));
            }
            kept.push('\n');
            start = end;
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn what_belongs_to_a_process_is_left_out_and_lines_stay_where_they_are() {
        let text = "serve.listen = \"p@1\"\r\n[store]\nurl = \"postgres://u:p@2/d\"\n\n[portfolio]\nname = \"x\"\n\
            [source.gb]\nurl = \"http://p@3\"\n[[site]]\nid = \"store\"\nstore_room = [\n  [1, 2],\n]";
        let wanted = "\n\n\n\n[portfolio]\nname = \"x\"\n\n\n[[site]]\nid = \"store\"\nstore_room = [\n  [1, 2],\n]\n";
        assert_eq!(kept(text).as_deref(), Some(wanted));
    }

    /// Each with the same secret, and the lines that are left of it.
    #[test]
    fn no_spelling_of_toml_keeps_a_secret() {
        let rest = "[portfolio]\nname = \"# x\"\n";
        for own in [
            "store = { url = 'S' }",
            "store = {\n  url = 'S', # S\n}",
            "\"store\".url = 'S'",
            "'store' . \"url\" = '''\nS'''",
            "\"st\\u006fre\" = { url = \"\"\"\n[portfolio]\nS\"\"\" }",
            "[store]\nurl = '''\n[portfolio]\nname = S\n'''",
            "[ \"store\" ]\n# S\n\"url\" = \"S\"",
            "[ 'st\\u006fre'  ] # S\n url=\"S\"",
            "[source.gb]\nurl = \"S\"\n[source]\n# S\n[serve]\nlisten = 'S'",
            "[source]\ngb = { url = 'S' }",
            "source.gb.url = 'S'\nsource.gb.other = 'S'\nstore.url = 'S'",
            "# was postgres://u:S@h/d",
            "a = 1 # http://S@h",
            "a = [ # http://S@h\n  1,\n  # http://S@h\n]",
            "[[store]]\nurl = 'S'\n[[store]]\nurl = 'S'\n[store.more]\nurl = 'S'",
        ] {
            // Headed tables go behind, dotted keys before them.
            let text = if own.starts_with('[') { format!("{rest}{own}\n") } else { format!("{own}\n{rest}") };
            // A literal string has no escapes: that one is a table of another name.
            let other = own.contains("'st\\u006fre'");
            let Some(kept) = kept(&text) else { panic!("not kept: {text}") };
            assert_eq!(kept.contains('S'), other, "{text}\n->\n{kept}");
            assert_eq!(kept.lines().count(), text.lines().count(), "{text}\n->\n{kept}");
            assert!(kept.contains(rest), "{text}\n->\n{kept}");
        }
    }

    #[test]
    fn what_looks_like_one_is_none() {
        for text in [
            "[portfolio]\nname = \"\"\"\n[store]\nurl = 1\n\"\"\"\n",
            "[portfolio]\nname = '[store]'\nstore = \"mine\"\n[portfolio.source]\nx = 1\n",
            "[[site]]\nid = \"a\" # the store\n[[site]]\nid = \"http://b#c://d\"\n",
            "a = [[1, 2], [3, 4]]\nb = [{ c = 1 }, { c = 2 }] # ok\n\n",
            "[portfolio]\nname = \"\"\"a\r\nb\"\"\"\n",
        ] {
            assert_eq!(kept(text).as_deref(), Some(text));
        }
        assert_eq!(kept("not toml"), None);
    }
}
