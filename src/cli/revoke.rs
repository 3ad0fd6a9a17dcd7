//! `hourmatch revoke`

use super::common::{Args, Clock, Context, Fault, Format, Interval, Portfolio, counted, json, parse_when};
use super::output::{Exit, on_terminal};
use super::stated::{not_blank, one_line};
use crate::ingest::revoke::{self, Request, Revoked};
use std::io::{self, BufRead, IsTerminal, Read};

const AFTER: &str = "\
From the withdrawal on, the store holds what it would hold without those rows: the rows they had replaced hold again, \
unless a later revision replaced those too. Nothing is deleted: --as-of shows what was held before. A withdrawal is a \
revision with a number of its own; revoking it puts the rows back.
A period that was packed with withdrawn rows gets a new version when it is next settled, packed or reported.

Examples:
  hourmatch revoke 1 --reason \"other site\" --dry-run
  hourmatch revoke 1 --series site/columbus/load --from 2026-03-16 \\
      --to 2026-03-17 --reason \"meter exchanged\" --actor j.doe
  hourmatch revoke 2 --reason \"wrong area\" --yes";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Revoke {
    /// The revision, as `hourmatch revisions` numbers it
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    revision: i64,
    /// Why; printed in reports
    #[arg(long, value_name = "TEXT", value_parser = one_line)]
    reason: String,
    /// Who withdraws it; printed in reports
    #[arg(long, value_name = "NAME", env = "HOURMATCH_ACTOR", hide_env_values = true, value_parser = one_line)]
    actor: Option<String>,
    /// Only this series; repeat for several. Default: everything, including invoices
    #[arg(long, value_name = "NAME")]
    series: Vec<String>,
    /// Only rows that lie within a period: its start
    #[arg(long, value_name = "T", requires = "to")]
    from: Option<String>,
    /// Its end, exclusive
    #[arg(long, value_name = "T", requires = "from")]
    to: Option<String>,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Show what would be withdrawn, but change nothing
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(context: &Context, args: &Revoke) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let span = span(context, args, &portfolio)?;
    let reason = args.reason.trim();
    Fault::refuse_if(reason.is_empty(), "--reason is blank", "say why: the reason is printed in reports")?;
    let (series, actor, record_time) = (&args.series, not_blank(&args.actor), Clock::recorded());
    let request = Request { revision: args.revision, series, span, actor, reason, record_time };
    let asks = !args.yes && !args.dry_run && io::stdin().is_terminal() && on_terminal();
    let store = context.store(&portfolio).await?;
    let mut shown = None;
    if args.dry_run || asks {
        let mut write = store.write().await?;
        let would = revoke::run(&mut write, &request).await?;
        // Nothing of it stays.
        drop(write);
        context.out.say(&sentence(&would, true));
        if args.dry_run {
            store.close().await;
            return answer(context, &portfolio, &would, true);
        }
        if !confirmed(context)? {
            context.out.say("left as it was");
            return Ok(Exit::Failed);
        }
        shown = Some(would);
    }
    let mut write = store.write().await?;
    let done = revoke::run(&mut write, &request).await?;
    if shown.is_some_and(|shown| Revoked { revision: done.revision, ..shown } != done) {
        let changed = Fault::conflict("the store has changed since you were asked");
        return Err(changed.hint("run the command once more, and look again").into());
    }
    write.commit().await?;
    context.out.committed();
    store.close().await;
    context.out.say(&sentence(&done, false));
    answer(context, &portfolio, &done, false)
}

fn span(context: &Context, args: &Revoke, portfolio: &Portfolio) -> Result<Option<Interval>, Fault> {
    let (Some(from), Some(to)) = (&args.from, &args.to) else { return Ok(None) };
    let now = context.clock.now();
    let (start, end) = (parse_when(from, now, portfolio.zone)?, parse_when(to, now, portfolio.zone)?);
    let span = Interval::new(start, end).map_err(|e| Fault::new(e.to_string()).hint("--from lies before --to"))?;
    Ok(Some(span))
}

fn answer(context: &Context, portfolio: &Portfolio, revoked: &Revoked, dry_run: bool) -> anyhow::Result<Exit> {
    let rest = || json!({ "dry_run": dry_run, "revoked": revoked });
    context.done("hourmatch/revoked/1", portfolio.definitions.synthetic, rest)?;
    Ok(Exit::Done)
}

/// `revision 3 withdraws revision 2, a.csv: 24 readings of 1 series; 24 earlier rows hold again`.
fn sentence(revoked: &Revoked, dry_run: bool) -> String {
    let Revoked { revision, withdraws, file, readings, forecasts, invoices, restored, series, .. } = revoked;
    let counts = [
        (*readings as u64, "reading", "readings"),
        (*forecasts as u64, "forecast value", "forecast values"),
        (*invoices, "invoice", "invoices"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<String> = counts.map(|(count, one, many)| counted(count, one, many)).collect();
    let what = match (revoked.undoes, dry_run) {
        (true, true) => format!("would put back what revision {withdraws} withdrew of {file}"),
        (true, false) => format!("revision {revision} puts back what revision {withdraws} withdrew of {file}"),
        (false, true) => format!("would withdraw revision {withdraws}, {file}"),
        (false, false) => format!("revision {revision} withdraws revision {withdraws}, {file}"),
    };
    let series = if series.is_empty() { String::new() } else { format!(" of {} series", series.len()) };
    let back = match (revoked.undoes, *restored) {
        (true, _) | (false, 0) => String::new(),
        (false, 1) => "; 1 earlier row holds again".into(),
        (false, many) => format!("; {many} earlier rows hold again"),
    };
    format!("{what}: {}{series}{back}", parts.join(", "))
}

/// Asks, once; anything but a yes is a no.
fn confirmed(context: &Context) -> io::Result<bool> {
    context.out.say("Go on? [y/N]");
    let mut line = String::new();
    io::stdin().lock().take(64).read_line(&mut line)?;
    Ok(["y", "yes"].contains(&line.trim().to_ascii_lowercase().as_str()))
}
