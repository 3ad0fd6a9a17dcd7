//! Headers of tables whose columns stand in any order and are known by their names.

use super::refused::Refused;
use crate::text::{clip, did_you_mean};
use csv::StringRecord;

/// The name of a column, without the mark that a file may begin with.
pub fn plain(name: &str) -> &str {
    name.trim_start_matches('\u{feff}').trim()
}

/// The names of a header's columns, in their order. Those in `ignored` may stand beside the known ones.
///
/// # Errors
/// A column without a name, an unknown one, and one that stands twice. `otherwise` is the hint where an unknown name is
/// close to none that is known.
pub fn column_names<'h>(
    header: &'h StringRecord,
    known: &[&str],
    ignored: &[&str],
    otherwise: &str,
) -> Result<Vec<&'h str>, Refused> {
    let names: Vec<&str> = header.iter().map(plain).collect();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            let what = format!("column {} has no name", index + 1);
            return Err(Refused::new(what).hint("name it, or remove the commas behind the last column, in every row"));
        }
        if !known.contains(name) && !ignored.contains(name) {
            let hint = did_you_mean(name, known, || otherwise.to_string());
            return Err(Refused::new(format!("unknown column `{}`", clip(name))).hint(hint));
        }
        if names[..index].contains(name) {
            return Err(Refused::new(format!("column `{name}` appears twice")).hint("leave one of them out"));
        }
    }
    Ok(names)
}

/// Where the columns stand that a table needs, of those that its header names.
///
/// # Errors
/// Those that the header lacks.
pub fn find_columns<const N: usize>(names: &[&str], needed: [&str; N]) -> Result<[usize; N], Refused> {
    let find = |name: &str| names.iter().position(|known| *known == name);
    match needed.into_iter().filter(|name| find(name).is_none()).collect::<Vec<_>>()[..] {
        [] => Ok(needed.map(|name| find(name).unwrap_or(0))),
        ref missing => Err(Refused::new(format!("the header lacks {}", missing.join(", ")))),
    }
}

/// Whether a row has as many fields as its header: otherwise none of them is where it seems.
pub fn check_width(record: &StringRecord, columns: usize) -> Result<(), String> {
    match record.len() {
        fields if fields == columns => Ok(()),
        fields => Err(format!("the row has {fields} fields, the header {columns}")),
    }
}
