//! `hourmatch reservations`

use super::common::{Args, Context, Format, Subcommand, row, table};
use crate::windows::{Desk, Reserved, reserve};
use std::sync::Arc;

const AFTER: &str = "\
`hourmatch windows --reserve ID` makes a reservation.

Examples:
  hourmatch reservations list
  hourmatch reservations release job-17";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Reservations {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List reservations that have not ended
    #[command(after_help = "Example:\n  hourmatch reservations list --all --format json")]
    List {
        /// Include reservations that have ended or were released
        #[arg(long)]
        all: bool,
    },
    /// Release a reservation
    #[command(after_help = "Example:\n  hourmatch reservations release job-17")]
    Release {
        /// Id of the reservation
        id: String,
    },
}

pub async fn run(context: &Context, args: &Reservations) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = Arc::new(context.portfolio()?);
    let desk = Desk::new(context.store(&portfolio).await?, portfolio);
    let clock = context.clock;
    match &args.command {
        Command::List { all } => {
            let list = reserve::list(&desk, clock.now(), *all, None).await?;
            match context.format {
                Format::Json => context.out.json(&list)?,
                _ => context.out.data(&text(&list.reservations))?,
            }
        }
        Command::Release { id } => {
            let released = reserve::release(&desk, id, (clock.now(), clock.record_time())).await?;
            context.out.committed();
            match context.format {
                Format::Json => context.out.json(&released)?,
                _ => context.out.say(&format!("{id} is released: {} MW at {}", released.mw, released.site)),
            }
        }
    }
    desk.store.close().await;
    Ok(())
}

fn text(list: &[Reserved]) -> String {
    if list.is_empty() {
        return "nothing is reserved\n".into();
    }
    let mut table = table::new(["id", "state", "site", "start", "end", "MW", "GPUs"], 5..7);
    for r in list {
        table.add_row(row![r.id, r.state, r.site, r.start, r.end, r.mw, table::if_any(r.gpus)]);
    }
    format!("{table}\n")
}
