//! The average day of each month, all on one scale.

use super::scale::Scale;
use super::{STACK, legend};
use crate::html::hours::by_wall_hour;
use crate::html::{Day, Sums};
use crate::pdf::canvas::{Area, LEFT, Pen, WIDTH};
use crate::pdf::figures::share;
use crate::pdf::flow::Flow;
use crate::pdf::fonts::Face;
use crate::pdf::frame::Frame;
use crate::pdf::palette::{INK, MATCHED, MUTED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use crate::pdf::text::{LABEL, Style};
use chrono::Datelike;
use reports::units::wh_to_mw;

const LABELS: f32 = 34.0;
const GAP: f32 = 10.0;
const COLUMNS: usize = 4;
const HEAD: f32 = 13.0;
const PLOT: f32 = 62.0;
const FOOT: f32 = 13.0;
const NAME: Style = Style { face: Face::Bold, size: 7.0, colour: INK };

/// One month's average day.
struct Panel {
    name: String,
    matched_share: String,
    /// Mean MW by hour of the wall clock: matched, unmatched, surplus.
    hours: [[f64; 3]; 24],
}

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let panels: Vec<Panel> = frame
        .days
        .chunk_by(|a, b| (a.date.year(), a.date.month()) == (b.date.year(), b.date.month()))
        .map(panel)
        .collect();
    let rows = panels.len().div_ceil(COLUMNS).min(3) as f32;
    flow.section_with(
        "Average day by month",
        "Mean MW by local clock hour, portfolio, every month on the same scale. What stands above the line is the \
         load; what hangs below it was generated when nobody in its boundary needed it. Beside each name: the month's \
         matched share.",
        rows * (HEAD + PLOT + FOOT) + 20.0,
    );
    if panels.is_empty() {
        flow.note("The period has no intervals.");
        return;
    }
    let highest = |value: fn(&[f64; 3]) -> f64| panels.iter().flat_map(|p| &p.hours).map(value).fold(0.0, f64::max);
    let scale = Scale::over(highest(|[matched, unmatched, _]| matched + unmatched), highest(|[_, _, s]| *s), 4.0);
    let width = (WIDTH - LABELS - GAP * (COLUMNS - 1) as f32) / COLUMNS as f32;
    for row in panels.chunks(COLUMNS) {
        let (mut pen, top) = flow.figure(in_words(row), HEAD + PLOT + FOOT);
        for (index, panel) in row.iter().enumerate() {
            let x = LEFT + LABELS + (width + GAP) * index as f32;
            draw_panel(&mut pen, panel, &scale, Area::new(x, top + HEAD, width, PLOT), index == 0);
        }
    }
    legend(flow, &STACK);
}

/// What the panels show, for readers who cannot see them.
fn in_words(panels: &[Panel]) -> String {
    let months: Vec<String> = panels.iter().map(Panel::in_words).collect();
    format!("Average day in mean MW by hour. {}.", months.join("; "))
}

impl Panel {
    fn in_words(&self) -> String {
        let load = |[matched, unmatched, _]: &[f64; 3]| matched + unmatched;
        let loads = || self.hours.iter().map(load);
        format!(
            "{}: matched share {}, load from {:.1} to {:.1}, surplus up to {:.1}",
            self.name,
            self.matched_share,
            loads().fold(f64::INFINITY, f64::min),
            loads().fold(0.0, f64::max),
            self.hours.iter().map(|[_, _, surplus]| *surplus).fold(0.0, f64::max)
        )
    }
}

fn panel(days: &[Day]) -> Panel {
    let mut total = Sums::default();
    days.iter().flat_map(|day| &day.hours).for_each(|hour| total.add(&hour.sums));
    let mut hours = [[0.0; 3]; 24];
    for (bars, (sums, seconds)) in hours.iter_mut().zip(by_wall_hour(days)) {
        *bars = [sums.matched, sums.unmatched, sums.surplus].map(|wh| mean_mw(wh, seconds));
    }
    Panel {
        name: days.first().map_or_else(String::new, |day| day.date.format("%B %Y").to_string()),
        matched_share: share(total.matched, total.load),
        hours,
    }
}

fn mean_mw(wh: i128, seconds: i64) -> f64 {
    if seconds <= 0 {
        return 0.0;
    }
    wh_to_mw(i64::try_from(wh.max(0)).unwrap_or(i64::MAX), seconds)
}

fn draw_panel(pen: &mut Pen<'_>, panel: &Panel, scale: &Scale, plot: Area, labelled: bool) {
    pen.text(NAME, (plot.x, plot.y - 4.5), &panel.name);
    pen.text_right(LABEL, (plot.right(), plot.y - 4.5), &panel.matched_share);
    scale.grid(pen, plot, labelled);
    if labelled {
        pen.text_right(LABEL, (plot.x - 4.0, plot.y - 4.5), "MW");
    }
    let slot = plot.w / 24.0;
    for (hour, [matched, unmatched, surplus]) in panel.hours.iter().enumerate() {
        let (x, width) = (plot.x + slot * hour as f32 + 0.1 * slot, 0.8 * slot);
        pen.bar(MATCHED, MATCHED, scale.bar(plot, x, width, 0.0, *matched));
        pen.bar(UNMATCHED_PALE, UNMATCHED, scale.bar(plot, x, width, *matched, matched + unmatched));
        pen.bar(SURPLUS_PALE, SURPLUS, scale.bar(plot, x, width, -surplus, 0.0));
    }
    let zero = scale.y(plot, 0.0);
    pen.line(MUTED, 0.7, &[(plot.x, zero), (plot.right(), zero)]);
    for hour in [0_u8, 6, 12, 18] {
        let x = plot.x + slot * (f32::from(hour) + 0.5);
        pen.text_centred(LABEL.sized(6.0), (x, plot.foot() + 7.5), &format!("{hour:02}"));
    }
}
