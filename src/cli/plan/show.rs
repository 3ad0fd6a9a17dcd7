//! `hourmatch plan show`, and how a plan that was just made is printed.

use crate::cli::common::{Args, Context, Format, Portfolio, Store};
use crate::plan::Plan;
use crate::plan::show::{self, Shown, page};
use crate::windows::{self, Desk};
use std::sync::Arc;

pub const EXAMPLES: &str = "\
Examples:
  hourmatch plan show                # what runs when, and what changed
  hourmatch plan show -o plan.html   # a page with charts and a time line
  hourmatch plan show -o plan.csv    # a row for each stretch of equal power";

pub const FORMS: [Format; 4] = [Format::Text, Format::Json, Format::Csv, Format::Html];

#[derive(Debug, Args)]
pub struct Show {
    /// Plan id; default: the current plan
    id: Option<String>,
    /// Show every piece of work and every change, not only the largest
    #[arg(long)]
    all: bool,
}

pub async fn show(context: &Context, (store, portfolio): (&Store, &Portfolio), args: &Show) -> anyhow::Result<()> {
    let plan = context.plan(store, args.id.as_deref()).await?;
    print(context, (store, portfolio), &plan, args.all).await
}

/// What is to be said of a plan, then the plan in the form asked for.
pub async fn print(
    context: &Context,
    (store, portfolio): (&Store, &Portfolio),
    plan: &Plan,
    all: bool,
) -> anyhow::Result<()> {
    show::talk(plan).iter().for_each(|line| context.out.say(line));
    let before = match context.format {
        Format::Json | Format::Csv => None,
        _ => show::before(store, plan, context.clock.now()).await?,
    };
    let mut beside = match context.format {
        Format::Html => {
            let desk = Desk::new(store.clone(), Arc::new(portfolio.clone()));
            windows::beside(&desk, plan, context.clock.now()).await?
        }
        _ => show::Beside::default(),
    };
    if let Some(before) = &before {
        beside.ended = show::ended(store, plan, before).await?;
    }
    let shown = Shown { plan, portfolio, before: before.as_ref(), beside: &beside };
    match context.format {
        Format::Json => context.out.json(plan),
        Format::Csv => context.out.stream(&mut |out| show::csv(&shown, out)),
        Format::Html => context.out.raw(&page::page(Some(&shown), portfolio, &page::Shell::default())?),
        _ => context.out.data(&(show::summary(&shown) + &show::schedule(&shown, all))),
    }
}
