//! How wide the columns of a table are, and in which size it is set.

use super::canvas::LEFT;
use super::fonts::Face;
use super::text::Style;
use crate::content::blocks::{Column, Kind, Line, Table};
use crate::palette::{INK, MUTED};

/// Between columns.
const GAP: f32 = 8.0;
const SIZES: [f32; 4] = [7.5, 7.0, 6.5, 6.0];
/// Widths below which ids and text are not squeezed while a smaller size is left.
const LEAST_ID: f32 = 54.0;
const LEAST_TEXT: f32 = 66.0;
const LEAST_PROSE: f32 = 110.0;
/// Spare room a column takes at most.
const MOST_SPARE: f32 = 40.0;
const HEAD_LINES: usize = 7;

pub struct Plan {
    pub size: f32,
    pub widths: Vec<f32>,
    /// The heads in lines.
    pub heads: Vec<Vec<String>>,
}

impl Plan {
    /// Left edge and width of each column.
    pub fn places(&self) -> impl Iterator<Item = (f32, f32)> + '_ {
        self.widths.iter().scan(LEFT, |x, width| {
            let left = *x;
            *x += width + GAP;
            Some((left, *width))
        })
    }

    pub fn total(&self) -> f32 {
        self.widths.iter().sum::<f32>() + gaps(self.widths.len())
    }

    pub fn head_height(&self) -> f32 {
        let lines = self.heads.iter().map(Vec::len).max().unwrap_or(1).max(1);
        lines as f32 * head_style(self.size).leading() + 4.0
    }
}

fn gaps(columns: usize) -> f32 {
    GAP * columns.saturating_sub(1) as f32
}

pub fn cell_style(size: f32, strong: bool) -> Style {
    Style { face: if strong { Face::Bold } else { Face::Regular }, size, colour: INK }
}

pub fn head_style(size: f32) -> Style {
    Style { face: Face::Bold, size, colour: MUTED }
}

/// What a column takes at least, and where nothing is short.
#[derive(Debug, Clone, Copy)]
struct Want {
    least: f32,
    full: f32,
}

/// Widths in the largest size at which no figure is cut.
pub fn plan(table: &Table, width: f32) -> Plan {
    let room = (width - gaps(table.columns.len())).max(1.0);
    let fitting = SIZES.iter().find(|size| least(&wants(table, **size)) <= room);
    let size = fitting.or(SIZES.last()).copied().unwrap_or(6.0);
    let widths = share_out(&wants(table, size), room);
    let style = head_style(size);
    let heads = table.columns.iter().zip(&widths).map(|(column, width)| head_lines(style, column, *width)).collect();
    Plan { size, widths, heads }
}

/// The name of a column, with a comma before its unit.
fn name(column: &Column) -> String {
    if column.unit.is_empty() { column.name.clone() } else { format!("{},", column.name) }
}

/// The name of a column and its unit, which stays in one piece.
fn head_lines(style: Style, column: &Column, width: f32) -> Vec<String> {
    let mut lines = style.wrap(&name(column), width, HEAD_LINES);
    if column.unit.is_empty() {
        return lines;
    }
    let fits = lines.last().is_some_and(|last| style.width(&format!("{last} {}", column.unit)) <= width);
    if let Some(last) = lines.last_mut() {
        last.push(' ');
        last.push_str(if fits { column.unit } else { "" });
    }
    if !fits {
        lines.push(column.unit.to_string());
    }
    lines
}

/// The text of a line in one of its columns.
pub fn text_of(line: &Line, column: usize) -> &str {
    match column {
        0 => &line.head,
        _ => line.cells.get(column - 1).map_or("", |cell| cell.text.as_str()),
    }
}

fn least(wants: &[Want]) -> f32 {
    wants.iter().map(|want| want.least).sum()
}

fn wants(table: &Table, size: f32) -> Vec<Want> {
    let heads = head_style(size);
    let of = |(index, column): (usize, &Column)| {
        let word = name(column).split(' ').chain([column.unit]).map(|part| heads.width(part)).fold(0.0, f32::max);
        let cells = table.lines.iter().map(|line| cell_style(size, line.strong).width(text_of(line, index)));
        let widest = cells.fold(0.0, f32::max).ceil();
        let least = match column.kind {
            Kind::Figure => widest,
            Kind::Id => widest.min(LEAST_ID),
            Kind::Text => widest.min(LEAST_TEXT),
            Kind::Prose => widest.min(LEAST_PROSE),
        };
        Want { least: least.max(word).ceil(), full: widest.max(word).ceil() }
    };
    table.columns.iter().enumerate().map(of).collect()
}

/// Every column in full where that fits; else the widest give way first, down to their least.
fn share_out(wants: &[Want], room: f32) -> Vec<f32> {
    let full: f32 = wants.iter().map(|want| want.full).sum();
    if full <= room {
        let spare = ((room - full) / wants.len().max(1) as f32).min(MOST_SPARE);
        return wants.iter().map(|want| want.full + spare).collect();
    }
    let least = least(wants);
    if least > room {
        return wants.iter().map(|want| want.least * room / least).collect();
    }
    let at = |level: f32| -> Vec<f32> { wants.iter().map(|want| want.full.min(level).max(want.least)).collect() };
    let (mut low, mut high) = (0.0_f32, full);
    for _ in 0..40 {
        let level = (low + high) / 2.0;
        if at(level).iter().sum::<f32>() <= room {
            low = level;
        } else {
            high = level;
        }
    }
    at(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::blocks::{figure, id, text};
    use crate::pdf::canvas::WIDTH;

    #[test]
    fn columns_never_leave_the_page_and_figures_stay_whole() {
        let figures = "9,223,372,036.854";
        let columns = [id("Site"), text("What"), figure("Load", "MWh"), figure("Matched", "MWh")];
        let mut table = Table::new("Test", columns);
        let long = "a-site-with-an-unusually-long-name-".repeat(6);
        table.push(long, vec!["word ".repeat(80), figures.into(), figures.into()]);
        let plan = plan(&table, WIDTH);
        assert!(plan.total() <= WIDTH + 0.1, "{}", plan.total());
        let style = Style { face: Face::Regular, size: plan.size, colour: INK };
        assert!(plan.widths[2] >= style.width(figures) && plan.widths[3] >= style.width(figures));
        assert_eq!((plan.size, plan.heads[2].concat()), (7.5, "Load, MWh".to_string()));
    }

    #[test]
    fn too_many_figures_are_squeezed_into_the_page() {
        let mut table = Table::new("Test", (0..14).map(|_| figure("Energy", "Wh")));
        let figures = "9,223,372,036,854,775,807".to_string();
        table.push(figures.clone(), vec![figures; 13]);
        assert!(plan(&table, WIDTH).total() <= WIDTH + 0.1);
    }
}
