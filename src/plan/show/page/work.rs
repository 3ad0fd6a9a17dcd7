//! The time line of work at a site: a row for each piece, its power as a strip over the horizon.

use crate::plan::common::{Instant, SiteId, WorkId, fixed, put};
use crate::plan::schedule::{EventKind, State};
use crate::plan::show::pieces::Piece;
use crate::plan::show::shown::Shown;
use crate::work::Kind;

/// Units across a strip, and down it.
const ACROSS: f64 = 1_000.0;
const DOWN: f64 = 16.0;

pub struct Row<'p> {
    pub work: &'p WorkId,
    /// Of a training run, whose power a plan may vary; anything else is batch work.
    pub training: bool,
    /// What a search finds beside the id: pool, account, other sites.
    pub also: String,
    pub start: String,
    pub end: String,
    pub energy: String,
    pub power: String,
    pub gpus: String,
    pub marks: Vec<String>,
    pub strip: String,
}

/// A row for each piece at a site.
pub fn rows<'p>(shown: &Shown<'p>, site: &SiteId, pieces: &[Piece<'p>]) -> Vec<Row<'p>> {
    let row = |piece: &Piece<'p>| {
        let first = piece.stretches.first();
        let named = first.into_iter().flat_map(|row| [row.pool.as_deref(), row.account.as_deref()]).flatten();
        let also: Vec<&str> = named.chain(piece.elsewhere.iter().map(|site| site.as_str())).collect();
        Row {
            work: piece.work,
            training: piece.stretches.iter().any(|row| row.kind == Kind::Training),
            also: also.join(" "),
            start: shown.moment(site, piece.start()),
            end: shown.moment(site, piece.end()),
            energy: fixed(piece.energy_mwh, 3),
            power: fixed(piece.peak_mw, 3),
            gpus: piece.gpus.map_or_else(String::new, |gpus| gpus.to_string()),
            marks: piece.marks(shown),
            strip: strip(shown, piece),
        }
    };
    pieces.iter().map(row).collect()
}

/// Heights are parts of the piece's own peak; ticks are checkpoints.
fn strip(shown: &Shown<'_>, piece: &Piece<'_>) -> String {
    let plan = shown.plan;
    let span_s = (plan.end - plan.start).max(1) as f64;
    let x = |at: Instant| ((at - plan.start) as f64 / span_s).clamp(0.0, 1.0) * ACROSS;
    let mut out =
        format!(r#"<svg class="strip" viewBox="0 0 {ACROSS} {DOWN}" preserveAspectRatio="none" aria-hidden="true">"#);
    for row in &piece.stretches {
        let (from, to) = (x(row.start), x(row.end));
        let height = (row.mw / piece.peak_mw.max(1e-12)).clamp(0.08, 1.0) * DOWN;
        let class = if row.state == State::Paused { "held" } else { "run" };
        put(
            &mut out,
            format_args!(
                r#"<rect class="{class}" x="{from:.1}" y="{:.1}" width="{:.1}" height="{height:.1}"/>"#,
                DOWN - height,
                (to - from).max(1.5)
            ),
        );
    }
    for event in piece.events.iter().filter(|event| event.kind == EventKind::Checkpoint) {
        put(&mut out, format_args!(r#"<path class="tick" d="M{:.1} 0V{DOWN}"/>"#, x(event.at)));
    }
    out + "</svg>"
}

/// The days above the strips, and a line at now; narrow screens leave out every second name.
pub fn days(shown: &Shown<'_>, site: &SiteId, now: Option<Instant>) -> String {
    let plan = shown.plan;
    let part = |at: Instant| 100.0 * (at - plan.start) as f64 / (plan.end - plan.start).max(1) as f64;
    let mut out = String::from(r#"<svg class="days" aria-hidden="true">"#);
    let (mut last, mut odd) = (f64::NEG_INFINITY, false);
    for (at, name) in shown.days(shown.zone(site)) {
        let x = part(at);
        if x - last >= 12.0 && x < 95.0 {
            let class = if odd { r#" class="odd""# } else { "" };
            put(&mut out, format_args!(r#"<text{class} x="{x:.2}%" y="12">{name}</text>"#));
            (last, odd) = (x, !odd);
        }
    }
    if let Some(now) = now.filter(|now| (plan.start..plan.end).contains(now)) {
        let x = part(now);
        put(&mut out, format_args!(r#"<line class="now" x1="{x:.2}%" x2="{x:.2}%" y1="0" y2="16"/>"#));
    }
    out + "</svg>"
}
