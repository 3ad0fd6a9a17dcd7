//! Columns of the tables that are read and written, each with what it means: readers and writers take their names from
//! here.

/// A column of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    /// Empty where it has none.
    pub unit: &'static str,
    /// What holds where a file leaves it out; none where it must be there.
    pub default: Option<&'static str>,
    pub meaning: &'static str,
}

/// A column that is always there.
pub const fn column(name: &'static str, unit: &'static str, meaning: &'static str) -> Column {
    Column { name, unit, default: None, meaning }
}

/// A column that a file may leave out, and what holds then.
pub const fn optional(name: &'static str, unit: &'static str, default: &'static str, meaning: &'static str) -> Column {
    Column { name, unit, default: Some(default), meaning }
}

/// The names of so many columns from one on.
pub const fn names<const N: usize>(columns: &[Column], from: usize) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = columns[from + at].name;
        at += 1;
    }
    names
}

/// The names of the columns that must be there.
pub const fn needed<const N: usize>(columns: &[Column]) -> [&'static str; N] {
    split(columns, true)
}

/// The names of the columns that a file may leave out.
pub const fn not_needed<const N: usize>(columns: &[Column]) -> [&'static str; N] {
    split(columns, false)
}

/// Constants are made of it: another number of names than there are does not compile.
const fn split<const N: usize>(columns: &[Column], needed: bool) -> [&'static str; N] {
    let mut names = [""; N];
    let (mut at, mut count) = (0, 0);
    while at < columns.len() {
        if columns[at].default.is_none() == needed {
            names[count] = columns[at].name;
            count += 1;
        }
        at += 1;
    }
    assert!(count == N, "a table has another number of columns");
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_there_is_what_nothing_stands_in_for() {
        const TABLE: [Column; 3] = [column("a", "", ""), optional("b", "", "none", ""), column("c", "", "")];
        assert_eq!(needed::<2>(&TABLE), ["a", "c"]);
        assert_eq!(not_needed::<1>(&TABLE), ["b"]);
        assert_eq!(names::<2>(&TABLE, 1), ["b", "c"]);
    }
}
