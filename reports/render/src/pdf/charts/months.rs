//! Matched energy against surplus, month by month.

use super::scale::Scale;
use super::{STACK, legend};
use crate::html::Sums;
use crate::html::doubt::{self, MARK};
use crate::html::hours::by_month;
use crate::pdf::canvas::{Area, LEFT, WIDTH};
use crate::pdf::figures::{NOT_SUPPLIED, share};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::palette::{MATCHED, MUTED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use crate::pdf::table::{Table, figure, text};
use crate::pdf::text::LABEL;
use chrono::NaiveDate;
use reports::units::WH_PER_MWH;

const HEIGHT: f32 = 130.0;
const LABELS: f32 = 44.0;

pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let months = by_month(&frame.days);
    flow.section_with(
        "Matched against surplus by month",
        "MWh by local calendar month, portfolio: left the load, split into matched and unmatched, right the surplus. \
         A month cut by the period counts only its part of it.",
        HEIGHT + 46.0,
    );
    if months.is_empty() {
        flow.note("The period has no intervals.");
        return;
    }
    columns(flow, frame, &months);
    legend(flow, &STACK);
    table(frame, &months).draw(flow);
    if months.iter().any(|(first, _)| !mark(frame, *first).is_empty()) {
        flow.note(&doubt::note());
    }
}

/// Set behind the name of a month that holds a day in doubt.
fn mark(frame: &Frame<'_>, first: NaiveDate) -> &'static str {
    if frame.doubt.holds_month(&frame.days, first) { MARK } else { "" }
}

fn mwh(wh: i128) -> f64 {
    wh.max(0) as f64 / WH_PER_MWH as f64
}

/// What the chart shows, for readers who cannot see it; the table below it has the figures.
fn in_words(frame: &Frame<'_>, months: &[(NaiveDate, Sums)]) -> String {
    let words = |(first, sums): &(NaiveDate, Sums)| {
        let (load, matched) = (frame.energy.up(sums.load), frame.energy.down(sums.matched));
        format!(
            "{}: load {load}, matched {matched}, surplus {}",
            first.format("%B %Y"),
            frame.energy.down(sums.surplus)
        )
    };
    let months: Vec<String> = months.iter().map(words).collect();
    format!("Columns by month, MWh. {}.", months.join("; "))
}

fn columns(flow: &mut Flow, frame: &Frame<'_>, months: &[(NaiveDate, Sums)]) {
    let highest = months.iter().map(|(_, sums)| mwh(sums.load.max(sums.surplus))).fold(0.0, f64::max);
    let scale = Scale::over(highest, 0.0, 5.0);
    let (mut pen, top) = flow.figure(in_words(frame, months), HEIGHT + 26.0);
    let plot = Area::new(LEFT + LABELS, top + 12.0, WIDTH - LABELS, HEIGHT);
    scale.grid(&mut pen, plot, true);
    pen.text_right(LABEL, (plot.x - 4.0, plot.y - 5.0), "MWh");
    let slot = plot.w / months.len() as f32;
    let bar = (slot * 0.38).min(34.0);
    let every = months.len().div_ceil(24).max(1);
    for (index, (first, sums)) in months.iter().enumerate() {
        let middle = plot.x + slot * (index as f32 + 0.5);
        let (matched, load, surplus) = (mwh(sums.matched), mwh(sums.load), mwh(sums.surplus));
        pen.bar(MATCHED, MATCHED, scale.bar(plot, middle - bar, bar, 0.0, matched));
        pen.bar(UNMATCHED_PALE, UNMATCHED, scale.bar(plot, middle - bar, bar, matched, load));
        pen.bar(SURPLUS_PALE, SURPLUS, scale.bar(plot, middle + 1.5, bar, 0.0, surplus));
        if index.is_multiple_of(every) {
            let form = if months.len() <= 12 { "%b %Y" } else { "%m/%y" };
            let style = LABEL.sized(6.0);
            let name = format!("{}{}", first.format(form), mark(frame, *first));
            pen.text_centred(style, (middle, plot.foot() + 9.0), &name);
        }
    }
    pen.line(MUTED, 0.7, &[(plot.x, plot.foot()), (plot.right(), plot.foot())]);
}

fn table(frame: &Frame<'_>, months: &[(NaiveDate, Sums)]) -> Table {
    let mut table = Table::new(
        "Energy and shares by month",
        &[
            text("Month"),
            figure("Load, MWh"),
            figure("Matched, MWh"),
            figure("Unmatched, MWh"),
            figure("Surplus, MWh"),
            figure("Matched share"),
            figure("CFE score"),
        ],
    );
    let has_grid = frame.report.portfolio.cfe_score.is_some();
    for (first, sums) in months {
        let cfe = if has_grid { share(sums.matched + sums.grid_cfe, sums.load) } else { NOT_SUPPLIED.to_string() };
        table.row(vec![
            format!("{}{}", first.format("%B %Y"), mark(frame, *first)),
            frame.energy.up(sums.load),
            frame.energy.down(sums.matched),
            frame.energy.up(sums.unmatched),
            frame.energy.down(sums.surplus),
            share(sums.matched, sums.load),
            cfe,
        ]);
    }
    table
}
