//! Rows that a form is about: those whose cells are among the words of `only`.

use super::bound::Filter;
use crate::received::Refused;
use crate::text::clip;
use csv::StringRecord;

/// Which filters ever held: a file without any row to read is another than meant.
#[derive(Debug)]
pub struct Selected {
    any: bool,
    filters: Vec<Held>,
    /// The cells that all rows have alike, and the first that differ.
    same: Option<Vec<String>>,
    others: Option<(String, String)>,
}

/// Whether a filter held for any row, and the first cell for which it did not.
#[derive(Debug, Clone, Default)]
struct Held {
    ever: bool,
    other: Option<String>,
}

impl Selected {
    pub fn new(only: &[Filter]) -> Self {
        Self { any: false, filters: vec![Held::default(); only.len()], same: None, others: None }
    }

    /// Whether a row is one to read.
    pub fn holds(&mut self, only: &[Filter], record: &StringRecord) -> bool {
        let mut all = true;
        for (filter, held) in only.iter().zip(&mut self.filters) {
            // A remark below the table has no such cell: what else it lacks is said of it.
            let Some(cell) = record.get(filter.at) else { continue };
            if filter.holds(record) {
                held.ever = true;
            } else {
                held.other.get_or_insert_with(|| clip(cell.trim()));
                all = false;
            }
        }
        self.any |= all;
        all
    }

    /// Remembers the cells that are to be alike.
    pub fn alike(&mut self, same: &[usize], record: &StringRecord) {
        if same.is_empty() || self.others.is_some() {
            return;
        }
        let cells: Vec<String> = same.iter().map(|at| clip(record.get(*at).unwrap_or("").trim())).collect();
        let known = self.same.get_or_insert_with(|| cells.clone());
        self.others = known.iter().zip(&cells).find(|(a, b)| a != b).map(|(a, b)| (a.clone(), b.clone()));
    }

    /// Refuses a file of other rows alone, and one of several areas.
    pub fn check(&self, only: &[Filter]) -> Result<(), Refused> {
        if let Some((one, other)) = &self.others {
            let what = format!("its rows are of `{one}` and of `{other}`");
            return Err(Refused::new(what).hint("export one of them, or say which in `only` of a [source.<name>]"));
        }
        if self.any || self.filters.iter().all(|held| held.other.is_none()) {
            return Ok(());
        }
        let never = only.iter().zip(&self.filters).find(|(_, held)| !held.ever);
        let what = match never {
            Some((filter, held)) => {
                format!("no row has {}; the first has `{}`", filter.text(), held.other.as_deref().unwrap_or(""))
            }
            None => {
                let wanted: Vec<String> = only.iter().map(Filter::text).collect();
                format!("no row has {}", wanted.join(" and "))
            }
        };
        Err(Refused::new(what).hint("give the file that is meant; --zone says what the file calls its area or node"))
    }
}
