//! The period before beside this one.

use crate::compare::{self, Row, Value};
use crate::page_one::Written;
use crate::pdf::figures::{count, percent_of_hundredths, tonnes, tonnes_change};
use crate::pdf::flow::Flow;
use crate::pdf::frame::Frame;
use crate::pdf::table::{Table, figure, id, text};

/// Drawn only where a period before was given.
pub fn draw(flow: &mut Flow, frame: &Frame<'_>) {
    let Some((before, span)) = &frame.previous else {
        return;
    };
    flow.section(
        "Against the period before",
        &format!("{span} beside {}. Changes lie between the figures as shown.", frame.span),
    );
    let mut table = Table::new(
        "Headline figures of two periods",
        &[text("Figure"), figure("Period before"), figure("This period"), figure("Change")],
    );
    for row in compare::totals(&before.portfolio, &frame.report.portfolio, frame.names) {
        table.row(line(frame, format!("{}{}", row.name, unit(&row)), &row));
    }
    table.draw(flow);
    let mut shares = Table::new(
        "Matched share by boundary",
        &[id("Boundary"), figure("Period before"), figure("This period"), figure("Change")],
    );
    for row in compare::boundaries(before, frame.report) {
        shares.row(line(frame, row.name.clone(), &row));
    }
    shares.draw(flow);
    for note in compare::differences(before, frame.report) {
        flow.note(&note);
    }
}

fn line(frame: &Frame<'_>, name: String, row: &Row) -> Vec<String> {
    vec![name, shown(frame, row.before), shown(frame, row.now), change(frame, row)]
}

fn unit(row: &Row) -> &'static str {
    match (row.before, row.now) {
        (Value::Energy(..), _) | (_, Value::Energy(..)) => ", MWh",
        (Value::Mass(_), _) | (_, Value::Mass(_)) => ", t CO2e",
        _ => "",
    }
}

fn shown(frame: &Frame<'_>, value: Value) -> String {
    match value {
        Value::Share(millionths) => percent_of_hundredths(millionths / 100),
        Value::Energy(wh, cut) => frame.energy.shown(wh, cut),
        Value::Mass(grams) => tonnes(Some(grams)),
        Value::Intervals(full, with_load) => format!("{} / {}", count(full), count(with_load)),
        Value::Absent(why) => why.to_string(),
    }
}

fn change(frame: &Frame<'_>, row: &Row) -> String {
    match (row.before, row.now) {
        (Value::Share(was), Value::Share(is)) => frame.change(is / 100 - was / 100),
        (Value::Energy(was, cut), Value::Energy(is, _)) => frame.energy.change(was, is, cut),
        (Value::Mass(was), Value::Mass(is)) => tonnes_change(was, is),
        _ => "\u{2013}".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Cut;
    use crate::html::Options;
    use crate::sample::sample_report;

    #[test]
    fn changes_lie_between_the_figures_as_shown() {
        let (report, options) = (sample_report(), Options::default());
        let frame = Frame::new(&report, &options).expect("frame");
        let of = |before, now| change(&frame, &Row { name: String::new(), before, now });
        assert_eq!(of(Value::Share(500_099), Value::Share(610_000)), "+11.00 points");
        assert_eq!(of(Value::Mass(5_613), Value::Mass(613)), "\u{2212}0.005");
        assert_eq!(of(Value::Energy(600, Cut::Up), Value::Energy(601, Cut::Up)), "+0.000001");
        assert_eq!(of(Value::Share(1), Value::Absent("not in the report")), "\u{2013}");
    }
}
