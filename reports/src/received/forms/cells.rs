//! Numbers as tables write them.

use super::table::Table;
use crate::text::clip;
use crate::units::Decimal;

/// A cell's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Value(Decimal),
    /// Unknown, which is not zero.
    Missing,
    /// Of something that does not exist.
    Absent,
}

/// What a cell says.
///
/// # Errors
///
/// Why it is no number in this table, and what to write in its form.
pub fn cell(table: &Table, text: &str) -> Result<Cell, String> {
    let text = text.trim();
    if table.absent.hold(text) {
        return Ok(Cell::Absent);
    }
    if table.missing.hold(text) {
        return Ok(Cell::Missing);
    }
    let plain = plain(table, text);
    plain.as_deref().and_then(|plain| Decimal::parse(plain).ok()).map(Cell::Value).ok_or_else(|| refusal(table, text))
}

/// With a point and without groups; none where groups are not of three digits.
fn plain(table: &Table, text: &str) -> Option<String> {
    let (whole, part) = match text.split_once(table.decimal) {
        Some((whole, part)) => (whole, Some(part)),
        None => (text, None),
    };
    let whole = match table.thousands {
        Some(mark) if whole.contains(mark) => ungrouped(whole, mark)?,
        _ => whole.to_string(),
    };
    // What is a point elsewhere is none here.
    let stray = |text: &str| text.contains([',', '.']);
    if stray(&whole) || part.is_some_and(stray) {
        return None;
    }
    Some(part.map_or(whole.clone(), |part| format!("{whole}.{part}")))
}

fn ungrouped(whole: &str, mark: char) -> Option<String> {
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let digits = first.trim_start_matches(['-', '+']);
    if digits.is_empty() || digits.len() > 3 {
        return None;
    }
    let mut plain = first.to_string();
    for group in groups {
        if group.len() != 3 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        plain.push_str(group);
    }
    Some(plain)
}

fn refusal(table: &Table, text: &str) -> String {
    let shown = clip(text);
    let other = if table.decimal == '.' { ',' } else { '.' };
    let numeric = text.contains(|c: char| c.is_ascii_digit());
    let letters = text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'));
    if numeric && !letters && text.contains(other) && table.thousands.is_none() {
        return format!(
            "`{shown}` can be two numbers; say decimal = \"{other}\" if `{other}` is its decimal point, \
             thousands = \"{other}\" if it groups digits"
        );
    }
    format!("`{shown}` is not a number; list it under missing if it stands for no value")
}
