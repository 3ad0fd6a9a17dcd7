//! Tables that run over pages: the head is repeated, figures stand right, nothing overlaps.

use super::canvas::{LEFT, Pen, WIDTH};
use super::columns::{self, Plan, cell_style, head_style, text_of};
use super::flow::Flow;
use super::fonts::Face;
use super::tags::Tag;
use super::text::Style;
use crate::content::blocks::{Column, Kind, Line, Table, is_absent};
use crate::palette::{HAIR, INK, MUTED, RULE};

/// Rows that stay on one page at the start and at the end of a table.
const TOGETHER: usize = 3;
/// Lines a cell may take.
const MOST_LINES: usize = 7;
const PAD: f32 = 2.6;
const CAPTION: Style = Style { face: Face::Bold, size: 8.5, colour: INK };
const CAPTION_HEIGHT: f32 = 15.0;

/// A row's text in lines, ready to draw.
struct Laid {
    cells: Vec<Vec<String>>,
    height: f32,
}

impl Table {
    /// Draws the table; one without rows leaves no trace.
    pub(super) fn draw(&self, flow: &mut Flow) {
        if self.lines.is_empty() {
            return;
        }
        let plan = columns::plan(self, WIDTH);
        let many = self.lines.len();
        let start = if many < 2 * TOGETHER { many } else { TOGETHER };
        let height = |rows: &[Line]| rows.iter().map(|row| self.lay(&plan, row).height).sum::<f32>();
        flow.space(8.0);
        flow.need(CAPTION_HEIGHT + plan.head_height() + height(&self.lines[..start]));
        flow.within(Tag::Table, |flow| {
            self.head(flow, &plan);
            for (index, row) in self.lines.iter().enumerate() {
                let laid = self.lay(&plan, row);
                let ends = many >= 2 * TOGETHER && index + TOGETHER == many;
                let needed = if ends { height(&self.lines[index..]) } else { laid.height };
                if needed > flow.room() {
                    flow.page_break();
                    self.head_again(flow, &plan);
                }
                self.line(flow, &plan, row, &laid);
            }
        });
        if !self.more.is_empty() {
            flow.note(&self.more);
        }
        flow.space(4.0);
    }

    fn lay(&self, plan: &Plan, row: &Line) -> Laid {
        let style = cell_style(plan.size, row.strong);
        let lines = |(index, (column, width)): (usize, (&Column, &f32))| {
            let text = text_of(row, index);
            match column.kind {
                Kind::Text | Kind::Prose => style.wrap(text, *width, MOST_LINES),
                Kind::Id => id_lines(style, text, *width),
                Kind::Figure => vec![style.fit(text, *width)],
            }
        };
        let cells: Vec<Vec<String>> = self.columns.iter().zip(&plan.widths).enumerate().map(lines).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Laid { cells, height: lines as f32 * style.leading() + 2.0 * PAD }
    }

    fn head(&self, flow: &mut Flow, plan: &Plan) {
        let top = flow.block(CAPTION_HEIGHT + plan.head_height());
        let foot = top + CAPTION_HEIGHT + plan.head_height();
        flow.tagged(Tag::Caption).text(CAPTION, (LEFT, top + 9.0), &CAPTION.fit(&self.caption, WIDTH));
        flow.within(Tag::Row, |flow| {
            for ((column, lines), place) in self.columns.iter().zip(&plan.heads).zip(plan.places()) {
                head_cell(&mut flow.tagged(Tag::Head), plan, column.kind, lines, (place, foot));
            }
        });
        flow.artifact().line(RULE, 0.7, &[(LEFT, foot), (LEFT + plan.total(), foot)]);
    }

    /// The head of the next page says nothing new.
    fn head_again(&self, flow: &mut Flow, plan: &Plan) {
        let top = flow.block(CAPTION_HEIGHT + plan.head_height());
        let foot = top + CAPTION_HEIGHT + plan.head_height();
        let caption = format!("{}, continued", self.caption);
        let mut pen = flow.artifact();
        pen.text(CAPTION, (LEFT, top + 9.0), &CAPTION.fit(&caption, WIDTH));
        for ((column, lines), place) in self.columns.iter().zip(&plan.heads).zip(plan.places()) {
            head_cell(&mut pen, plan, column.kind, lines, (place, foot));
        }
        pen.line(RULE, 0.7, &[(LEFT, foot), (LEFT + plan.total(), foot)]);
    }

    fn line(&self, flow: &mut Flow, plan: &Plan, row: &Line, laid: &Laid) {
        let style = cell_style(plan.size, row.strong);
        let top = flow.block(laid.height);
        flow.within(Tag::Row, |flow| {
            for ((column, lines), (x, width)) in self.columns.iter().zip(&laid.cells).zip(plan.places()) {
                let mut pen = flow.tagged(Tag::Cell);
                for (index, line) in lines.iter().enumerate() {
                    let y = top + PAD + style.size + index as f32 * style.leading();
                    let style = if is_absent(line) { style.coloured(MUTED) } else { style };
                    cell_line(&mut pen, style, column.kind, (x, width), (y, line.as_str()));
                }
            }
        });
        let foot = top + laid.height;
        flow.artifact().line(HAIR, 0.4, &[(LEFT, foot), (LEFT + plan.total(), foot)]);
    }
}

/// The name of a column, standing on `foot`; a place is a left edge and a width.
fn head_cell(pen: &mut Pen<'_>, plan: &Plan, kind: Kind, lines: &[String], (place, foot): ((f32, f32), f32)) {
    let style = head_style(plan.size);
    for (index, line) in lines.iter().enumerate() {
        let back = lines.len() - 1 - index;
        let y = foot - PAD - 1.2 - back as f32 * style.leading();
        cell_line(pen, style, kind, place, (y, line.as_str()));
    }
}

fn cell_line(pen: &mut Pen<'_>, style: Style, kind: Kind, (x, width): (f32, f32), (y, line): (f32, &str)) {
    match kind {
        Kind::Figure => pen.text_right(style, (x + width, y), line),
        Kind::Text | Kind::Prose | Kind::Id => pen.text(style, (x, y), line),
    }
}

fn id_lines(style: Style, text: &str, width: f32) -> Vec<String> {
    let lines = style.wrap(text, width, usize::MAX);
    if lines.len() > MOST_LINES { vec![style.fit(text, width)] } else { lines }
}
