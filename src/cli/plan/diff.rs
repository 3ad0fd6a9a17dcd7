//! `hourmatch plan diff`

use crate::cli::common::{Args, Context, Fault, Format, Kind, Portfolio, Store};
use crate::plan::show::{self, Beside, Shown};

pub const EXAMPLES: &str = "\
Compared is the time that both plans cover. Prices are those of the later plan.

Examples:
  hourmatch plan diff                 # the current plan and the one before it
  hourmatch plan diff -o diff.json    # the same as a document";

#[derive(Debug, Args)]
pub struct Diff {
    /// Plan to compare with; default: the one stored before the other
    from: Option<String>,
    /// Plan id; default: the current plan
    to: Option<String>,
}

pub async fn diff(context: &Context, (store, portfolio): (&Store, &Portfolio), args: &Diff) -> anyhow::Result<()> {
    let to = context.plan(store, args.to.as_deref()).await?;
    let from = match &args.from {
        Some(id) => context.plan(store, Some(id)).await?,
        None => show::before(store, &to, context.clock.now()).await?.ok_or_else(|| {
            Fault::new(format!("no plan is stored from before {}", to.id))
                .kind(Kind::NotFound)
                .hint("name one: hourmatch plan diff ID; `hourmatch plan list` names the stored plans")
        })?,
    };
    let beside = Beside { ended: show::ended(store, &to, &from).await?, ..Beside::default() };
    let shown = Shown { plan: &to, portfolio, before: Some(&from), beside: &beside };
    match context.format {
        Format::Json => context.out.json(&show::difference(&to, &from, &beside.ended)),
        _ => context.out.data(&show::changed(&shown)),
    }
}
