//! The waterfall as a chart and a table.

use super::blocks::{Chart, Drawing, Print, Section, Table, figure, text};
use super::view::View;
use crate::charts::fall;
use crate::charts::heat::Key;
use crate::charts::scene::Paint;
use crate::figures::Cut;
use crate::waterfall::{Kind, Step, steps};

/// The chart and its figures; nothing without load.
pub fn section(view: &View<'_>) -> Option<Section> {
    let report = view.report;
    let steps = steps(report);
    if steps.is_empty() {
        return None;
    }
    let section = Section::new(
        "waterfall",
        "From what was contracted to every hour",
        "Contracted energy over all load, whenever and wherever it was generated; what of it remains once it has to be \
         generated in the boundary and the interval that uses it; and why load went unmatched: never contracted, \
         contracted at other hours, or elsewhere in that hour. Contracted less stored, beyond what load lacked, at other \
         hours and elsewhere is matched; so is all load less never contracted, at other hours and elsewhere. Scores are \
         floored; a step is what lies between two of them as shown, so that the steps add up.",
    );
    Some(section.with_chart(Chart {
        id: "fall".into(),
        drawing: Drawing::Marks(fall::fall(&steps)),
        caption: "Part of the portfolio's load".into(),
        about: fall::in_words(&steps),
        keys: vec![
            Key { paint: Paint::Matched, label: "a score" },
            Key { paint: Paint::Unmatched, label: "contracted, not matched; or of the load, never contracted" },
            Key { paint: Paint::Surplus, label: "what the grid adds" },
        ],
        tables: vec![table(&steps, view)],
        print: Print::Tables,
    }))
}

/// The same steps with their energy: load cut upwards, scores downwards, and what lies between them as shown.
fn table(steps: &[Step], view: &View<'_>) -> Table {
    let (energy, load) = (view.energy, view.report.portfolio.load_wh);
    let cut = |wh: i128| if wh == load { Cut::Up } else { Cut::Down };
    let shown = |step: &Step| {
        let (from, to) = (step.from.wh, step.to.wh);
        match step.kind {
            Kind::Level => energy.shown(to, cut(to)),
            Kind::Loss | Kind::Gain => energy.between((from, cut(from)), (to, cut(to))),
        }
    };
    Table::listing(
        "Steps from what was contracted",
        steps,
        &[
            (text("Step"), &|step| step.name.to_string()),
            (figure("Energy", "MWh"), &shown),
            (figure("of load", ""), &fall::shown),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::sample_report;

    #[test]
    fn the_table_prints_the_steps_of_the_chart() {
        let report = sample_report();
        let all = steps(&report);
        let levels: Vec<i128> = all.iter().filter(|s| s.kind == Kind::Level).map(|s| s.to.wh).collect();
        assert_eq!(levels, [420, 366, 446]);
        let view = View::new(&report);
        let shares: Vec<String> = table(&all, &view).lines.into_iter().map(|line| line.cells[1].text.clone()).collect();
        assert_eq!(shares, all.iter().map(fall::shown).collect::<Vec<_>>());
    }
}
