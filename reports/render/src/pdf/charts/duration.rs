//! The duration curve: matched shares of all intervals, best first.

use crate::html::Slot;
use crate::pdf::canvas::{Area, At, LEFT, Pen, WIDTH};
use crate::pdf::figures::{count, share};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::palette::{HAIR, INK, MATCHED, MATCHED_PALE, MUTED};
use crate::pdf::text::LABEL;

const HEIGHT: f32 = 140.0;
const LABELS: f32 = 30.0;
/// Of a curve that is drawn lower, so that it does not stand alone on the next page.
const LOWEST: f32 = 64.0;
/// Of the words below the curve.
const WORDS: f32 = 54.0;
/// Of a subheading with the space above it, and a little for sums that do not come out even.
const SUBHEADING: f32 = 22.5;
/// Points drawn at most.
const POINTS: usize = 900;

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    flow.section_with(
        "Duration curve of the matched share",
        "Intervals with load, sorted by their matched share. Left of the dashed line nothing is unmatched.",
        HEIGHT + WORDS,
    );
    body(flow, &frame.slots, HEIGHT);
}

/// The curve of a part of the portfolio, as tall as the rest of its page lets it.
pub fn part(flow: &mut Flow, slots: &[Slot]) {
    let height = height_in(flow.room() - SUBHEADING);
    flow.subheading("Duration curve of the matched share", height + WORDS);
    body(flow, slots, height);
}

/// The height of the curve in what is left of a page; where too little is, it takes another.
fn height_in(room: f32) -> f32 {
    let left = room - WORDS;
    if left < LOWEST { HEIGHT } else { left.min(HEIGHT) }
}

/// The curve and what it says in words.
fn body(flow: &mut Flow, slots: &[Slot], height: f32) {
    let sorted = sorted(slots);
    if sorted.is_empty() {
        flow.note("No interval has load: not applicable.");
        return;
    }
    let full = sorted.iter().filter(|slot| slot.sums.is_full()).count();
    let words = summary(&sorted, full);
    let (mut pen, top) = flow.figure(format!("Duration curve of the matched share. {words}"), height + 28.0);
    let plot = Area::new(LEFT + LABELS, top + 6.0, WIDTH - LABELS - 12.0, height);
    draw_curve(&mut pen, &sorted, full, plot);
    drop(pen);
    flow.note(&words);
}

fn draw_curve(pen: &mut Pen<'_>, sorted: &[Slot], full: usize, plot: Area) {
    axes(pen, plot);
    let curve = curve(sorted, plot);
    let mut filled = vec![(plot.x, plot.foot())];
    filled.extend_from_slice(&curve);
    filled.push((plot.right(), plot.foot()));
    pen.polygon(MATCHED_PALE, &filled);
    pen.line(MATCHED, 1.2, &curve);
    let x = plot.x + full as f32 / sorted.len().max(1) as f32 * plot.w;
    if full > 0 {
        pen.dashed(INK, 0.7, &[(x, plot.y), (x, plot.foot())]);
    }
    pen.line(MUTED, 0.6, &[(plot.x, plot.foot()), (plot.right(), plot.foot())]);
}

/// Slots with load, largest share first, ties by time.
fn sorted(slots: &[Slot]) -> Vec<Slot> {
    let mut sorted: Vec<Slot> = slots.iter().filter(|slot| slot.sums.load > 0).copied().collect();
    sorted.sort_by(|a, b| share_of(b).total_cmp(&share_of(a)));
    sorted
}

fn share_of(slot: &Slot) -> f64 {
    (slot.sums.matched.max(0) as f64 / slot.sums.load.max(1) as f64).min(1.0)
}

/// Steps where there are few intervals, samples where there are many.
fn curve(sorted: &[Slot], plot: Area) -> Vec<At> {
    let many = sorted.len();
    let y = |slot: &Slot| plot.foot() - share_of(slot) as f32 * plot.h;
    let x = |index: usize| plot.x + index as f32 / many.max(1) as f32 * plot.w;
    if many * 2 <= POINTS {
        return sorted.iter().enumerate().flat_map(|(i, slot)| [(x(i), y(slot)), (x(i + 1), y(slot))]).collect();
    }
    (0..=POINTS)
        .filter_map(|point| {
            let index = point * (many - 1) / POINTS;
            let x = plot.x + point as f32 / POINTS as f32 * plot.w;
            sorted.get(index).map(|slot| (x, y(slot)))
        })
        .collect()
}

fn axes(pen: &mut Pen<'_>, plot: Area) {
    for quarter in 0..=4_u8 {
        let part = f32::from(quarter) / 4.0;
        let (x, y) = (plot.x + part * plot.w, plot.foot() - part * plot.h);
        let label = format!("{} %", u32::from(quarter) * 25);
        pen.line(HAIR, 0.4, &[(plot.x, y), (plot.right(), y)]);
        pen.text_right(LABEL, (plot.x - 4.0, y + 2.2), &label);
        pen.line(HAIR, 0.4, &[(x, plot.foot()), (x, plot.foot() + 3.0)]);
        pen.text_centred(LABEL, (x, plot.foot() + 10.0), &label);
    }
    pen.text_centred(LABEL, (plot.x + plot.w / 2.0, plot.foot() + 18.5), "of all intervals with load");
}

fn summary(sorted: &[Slot], full: usize) -> String {
    let many = sorted.len();
    let none = sorted.iter().filter(|slot| slot.sums.matched <= 0).count();
    let of = |part: usize| share(part as i128, many as i128);
    let half = sorted.get((many - 1) / 2).map_or_else(String::new, shown);
    format!(
        "{} of {} intervals with load are fully matched ({}). Half of all reach {half} or more. {} have no matched \
         energy at all ({}).",
        count(full),
        count(many),
        of(full),
        count(none),
        of(none)
    )
}

/// Almost all is not all.
fn shown(slot: &Slot) -> String {
    if slot.sums.is_full() { "100 %".to_string() } else { share(slot.sums.matched, slot.sums.load) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Sums;

    fn slot(start_s: i64, load: i128, matched: i128) -> Slot {
        Slot { start_s, sums: Sums { load, matched, unmatched: load - matched, ..Sums::default() } }
    }

    #[test]
    fn the_curve_falls_and_leaves_out_what_has_no_load() {
        let slots = [slot(0, 100, 40), slot(1, 0, 0), slot(2, 100, 100), slot(3, 100, 0)];
        let sorted = sorted(&slots);
        assert_eq!(sorted.iter().map(|slot| slot.start_s).collect::<Vec<_>>(), [2, 0, 3]);
        let plot = Area::new(0.0, 0.0, 300.0, 100.0);
        let points = curve(&sorted, plot);
        assert!(points.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1));
        assert!(summary(&sorted, 1).starts_with("1 of 3 intervals with load are fully matched (33.33 %)."));
    }

    #[test]
    fn a_curve_is_lowered_rather_than_left_alone_on_a_page() {
        let heights = [400.0, 194.0, 150.0, 118.0, 117.0, 0.0].map(height_in);
        assert_eq!(heights, [140.0, 140.0, 96.0, 64.0, 140.0, 140.0]);
        let slots = [slot(0, 100, 40)];
        let mut flow = Flow::start();
        flow.block(flow.room() - 150.0);
        part(&mut flow, &slots);
        assert!(flow.room() > 0.0 && flow.room() < 20.0, "on the same page: {}", flow.room());
    }

    #[test]
    fn a_long_period_is_sampled() {
        let slots: Vec<Slot> = (0..35_040).map(|t| slot(t, 1_000, i128::from(t % 1_000))).collect();
        assert_eq!(curve(&sorted(&slots), Area::new(0.0, 0.0, 300.0, 100.0)).len(), POINTS + 1);
    }
}
