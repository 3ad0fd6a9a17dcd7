//! The schedule for a terminal: a table for each site, in its own time, the largest work first.

use super::changes::Changes;
use super::pieces::{self, Piece};
use super::shown::Shown;
use crate::plan::common::{Placement, Plan, SiteId, counted, fixed};
use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use std::fmt::Write;

/// Rows of a site, and lines of each kind of change, that are shown without being asked for more.
const ROWS: usize = 20;
const LINES: usize = 5;
/// Characters of a power line: four a day in a plan of a week.
const SPARK_WIDTH: i64 = 28;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Every site's schedule and what changed since the plan before; with `all`, nothing is left out.
pub fn schedule(shown: &Shown<'_>, all: bool) -> String {
    let mut out = String::new();
    let rows = if all { usize::MAX } else { ROWS };
    for (site, pieces) in pieces::by_site(shown.plan) {
        table(&mut out, shown, site, &pieces, rows);
    }
    changes(&mut out, shown, if all { usize::MAX } else { LINES });
    out
}

/// What changed since the plan before, in full.
pub fn changed(shown: &Shown<'_>) -> String {
    let mut out = String::new();
    changes(&mut out, shown, usize::MAX);
    out.trim_start().to_string()
}

fn table(out: &mut String, shown: &Shown<'_>, site: &SiteId, pieces: &[Piece<'_>], rows: usize) {
    let energy = |pieces: &[Piece<'_>]| pieces.iter().map(|piece| piece.energy_mwh).sum::<f64>();
    let (zone, count) = (shown.zone(site).name(), counted(pieces.len(), "piece of work", "pieces of work"));
    // Writing to a String cannot fail.
    let (label, energy_mwh) = (shown.site_with_id(site), fixed(energy(pieces), 3));
    let _ = writeln!(out, "\n{label}: {count}, {energy_mwh} MWh of IT energy; times in {zone}");
    if pieces.is_empty() {
        return;
    }
    let shorter = &pieces[..pieces.len().min(rows)];
    let notes: Vec<String> = shorter.iter().map(|piece| piece.marks(shown).join("; ")).collect();
    let noted = notes.iter().any(|note| !note.is_empty());
    let gpus = shorter.iter().any(|piece| piece.gpus.is_some());
    let mut table = Table::new();
    let mut head = vec!["work", "start", "end", "IT MWh", "peak MW"];
    head.extend(gpus.then_some("GPUs"));
    head.push("power over the horizon");
    head.extend(noted.then_some("notes"));
    table.load_style(UTF8_FULL_CONDENSED).set_header(head);
    for column in table.column_iter_mut().skip(3).take(2 + usize::from(gpus)) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for (piece, note) in shorter.iter().zip(notes) {
        let mut cells =
            vec![piece.work.to_string(), shown.moment(site, piece.start()), shown.moment(site, piece.end())];
        cells.extend([fixed(piece.energy_mwh, 3), fixed(piece.peak_mw, 3)]);
        cells.extend(gpus.then(|| piece.gpus.map_or_else(String::new, |gpus| gpus.to_string())));
        cells.push(spark(piece, shown.plan));
        cells.extend(noted.then_some(note));
        table.add_row(cells);
    }
    let _ = writeln!(out, "{table}");
    if let Some(rest) = pieces.get(rows..).filter(|rest| !rest.is_empty()) {
        let _ = writeln!(
            out,
            "and {} smaller, {} MWh: --all shows them here, --format csv and html have every one",
            rest.len(),
            fixed(energy(rest), 3)
        );
    }
}

fn changes(out: &mut String, shown: &Shown<'_>, lines: usize) {
    let Some(before) = shown.before else { return };
    let changes = Changes::new(shown.plan, before, &shown.beside.ended);
    let _ = writeln!(out, "\nsince plan {} of {}: {}", changes.since, changes.made, changes.summary());
    for moved in changes.moved.iter().take(lines) {
        let _ = writeln!(
            out,
            "  moved {}: {} MWh from {} to {}",
            moved.work,
            fixed(moved.energy_mwh, 3),
            moved.from.words(shown),
            moved.to.words(shown)
        );
    }
    if changes.moved.len() > lines {
        let _ = writeln!(out, "  and {} more moved", changes.moved.len() - lines);
    }
    for (what, works) in changes.listed() {
        if works.is_empty() {
            continue;
        }
        let named = works.iter().take(lines).map(|work| work.as_str()).collect::<Vec<_>>().join(", ");
        let more = works.len().saturating_sub(lines);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(out, "  {what}: {named}{rest}");
    }
}

/// Mean power of equal parts of the horizon, against the piece's own peak; a dot where it draws nothing.
fn spark(piece: &Piece<'_>, plan: &Plan) -> String {
    let (start, span_s) = (plan.start, plan.end - plan.start);
    let edge = |part: i64| start + span_s * part / SPARK_WIDTH;
    (0..SPARK_WIDTH)
        .map(|part| {
            let (from, to) = (edge(part), edge(part + 1));
            let overlap_s = |row: &Placement| (row.end.min(to) - row.start.max(from)).max(0);
            let energy: f64 = piece.stretches.iter().map(|row| row.mw * overlap_s(row) as f64).sum();
            let height = energy / ((to - from).max(1) as f64 * piece.peak_mw.max(1e-12));
            match energy > 0.0 {
                true => BLOCKS[((height * 8.0).ceil() as usize).clamp(1, 8) - 1],
                false => '·',
            }
        })
        .collect()
}
