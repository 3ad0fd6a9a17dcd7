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
