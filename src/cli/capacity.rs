//! `hourmatch capacity`

use super::common::{Args, Context, Format, SiteId, fixed, parse_when, row, table};
use crate::windows::Desk;
use crate::windows::capacity::{self, Answer, Ask};
use crate::windows::local_day::Day;
use reports::columns::{Column, column};
use std::sync::Arc;

const AFTER: &str = "\
For schedulers that place jobs themselves: under this cap, starting jobs first come, first served finishes incoming \
work in time on 97 of 100 days, mostly in the hours that the plan prefers. Power is IT power, before PUE, of \
everything at the site.

Examples:
  hourmatch capacity --site ashburn
  hourmatch capacity --site ashburn --from now --to now+24h --format csv";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Capacity {
    /// Site of the curve
    #[arg(long)]
    site: SiteId,
    /// Start; default: the step that contains now
    #[arg(long, value_name = "T")]
    from: Option<String>,
    /// End, exclusive; default: as far as the plan reaches
    #[arg(long, value_name = "T")]
    to: Option<String>,
}

pub async fn run(context: &Context, args: &Capacity) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json, Format::Csv])?;
    let portfolio = context.portfolio()?;
    let now = context.clock.now();
    let when = |text: &Option<String>| text.as_deref().map(|t| parse_when(t, now, portfolio.zone)).transpose();
    let ask = Ask { now, site: args.site.clone(), from: when(&args.from)?, to: when(&args.to)? };
    let portfolio = Arc::new(portfolio);
    let desk = Desk::new(context.store(&portfolio).await?, portfolio);
    let answer = capacity::answer(&desk, &ask).await;
    desk.store.close().await;
    let answer = answer?;
    talk(&answer).iter().for_each(|line| context.out.say(line));
    match context.format {
        Format::Json => context.out.json(&answer),
        Format::Csv => context.out.raw(&csv(&answer)?),
        _ => context.out.data(&text(&answer)),
    }
}

fn talk(answer: &Answer) -> Vec<String> {
    let short = answer.days.iter().filter(|d| d.short_mwh > 0.0).map(|d| {
        let short = fixed(d.short_mwh, 3);
        format!("note: day from {}: the site's limits leave {short} MWh less than it may need", d.start)
    });
    answer.reason.iter().map(|reason| format!("note: {reason}")).chain(short).collect()
}

pub(super) const COLUMNS: [Column; 6] = [
    column("start", "RFC 3339", "First instant of the step."),
    column("end", "RFC 3339", "First instant after it."),
    column("cap_mw", "IT MW", "What everything at the site may draw."),
    column("firm_q95_mw", "IT MW", "Firm load at its 95 % level, which the cap holds."),
    column("limit_mw", "IT MW", "What the site can take."),
    column("gpus", "count", "Accelerators that work may hold; empty without pools."),
];

fn csv(answer: &Answer) -> anyhow::Result<String> {
    let rows = answer
        .intervals
        .iter()
        .map(|i| row![i.start, i.end, i.cap_mw, i.firm_q95_mw, i.limit_mw, table::if_any(i.gpus)]);
    table::csv(&COLUMNS, rows)
}

fn text(answer: &Answer) -> String {
    let mut table = table::new(["start", "end", "cap MW", "firm q95 MW", "limit MW", "GPUs"], 2..6);
    for i in &answer.intervals {
        let [cap, firm, limit] = [i.cap_mw, i.firm_q95_mw, i.limit_mw].map(|mw| fixed(mw, 3));
        table.add_row(row![i.start, i.end, cap, firm, limit, table::if_any(i.gpus)]);
    }
    let mut out =
        format!("{}, by plan {}: what everything at the site may draw\n{table}\n", answer.site, answer.plan.id);
    out.extend(answer.days.iter().map(|day| format!("day from {}: {}\n", day.start, leaves(day))));
    out
}

/// What a day's caps leave for batch work, why so much, and what the day may need.
fn leaves(day: &Day) -> String {
    let left = format!("the caps leave {} MWh for batch work", fixed(day.left_mwh, 3));
    let why = match day.theta {
        Some(theta) => format!("{theta:.3} times what is planned"),
        None if day.q97_mwh <= 0.0 => {
            return format!("{left}, all the room there is: nothing is planned or expected for this day");
        }
        None => "in the cheapest other hours too, as the planned ones cannot hold it".to_string(),
    };
    format!(
        "{left}, {why}; 97 of 100 such days need no more than {} MWh; planned are {} MWh of known work, and {} MWh \
         are kept for work not released yet",
        fixed(day.q97_mwh, 3),
        fixed(day.known_mwh, 3),
        fixed(day.expected_mwh, 3)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(theta: Option<f64>, q97_mwh: f64, left_mwh: f64) -> Day {
        let [start, end] = ["2026-01-15T00:00:00Z", "2026-01-16T00:00:00Z"]
            .map(|text| reports::time::Instant::parse(text).expect("an instant"));
        Day { start, end, theta, q97_mwh, known_mwh: 3.0, expected_mwh: 1.0, left_mwh, short_mwh: 0.0 }
    }

    #[test]
    fn a_day_says_what_it_leaves_and_why() {
        assert_eq!(
            leaves(&day(Some(1.5), 6.0, 6.0)),
            "the caps leave 6.000 MWh for batch work, 1.500 times what is planned; 97 of 100 such days need no more than \
             6.000 MWh; planned are 3.000 MWh of known work, and 1.000 MWh are kept for work not released yet"
        );
        let opened = leaves(&day(None, 6.0, 6.0));
        assert!(
            opened.contains("6.000 MWh for batch work, in the cheapest other hours too, as the planned"),
            "{opened}"
        );
        assert_eq!(
            leaves(&day(None, 0.0, 41.636)),
            "the caps leave 41.636 MWh for batch work, all the room there is: nothing is planned or expected for this day"
        );
    }
}
