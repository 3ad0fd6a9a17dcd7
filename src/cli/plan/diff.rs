//! `hourmatch plan diff`

use crate::cli::context::{Context, Format};
use crate::error::Problem;
use crate::plan::show::{self, Beside, Shown};
use crate::plan::{self, Plan};
use crate::portfolio::Portfolio;
use crate::store::Store;
use clap::Args;

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

pub async fn diff(
    context: &Context,
    form: Format,
    (store, portfolio): (&Store, &Portfolio),
    args: &Diff,
) -> anyhow::Result<()> {
    let to = found(context, store, args.to.as_deref()).await?;
    let from = match &args.from {
        Some(id) => found(context, store, Some(id)).await?,
        None => show::before(store, &to, context.clock.now_s()).await?.ok_or_else(|| {
            Problem::new(format!("no plan is stored from before {}", to.id))
                .hint("name one: hourmatch plan diff ID; `hourmatch plan list` names the stored plans")
        })?,
    };
    let beside = Beside::default();
    let shown = Shown { plan: &to, portfolio, before: Some(&from), beside: &beside };
    match form {
        Format::Json => context.out.json(&show::difference(&to, &from)),
        _ => context.out.data(&show::changed(&shown)),
    }
}

async fn found(context: &Context, store: &Store, id: Option<&str>) -> anyhow::Result<Plan> {
    let (plan, notes) = plan::current::shown(store, id, context.clock.now_s()).await?;
    notes.iter().for_each(|note| context.out.say(&format!("note: {note}")));
    let missing = || match id {
        Some(id) => {
            Problem::new(format!("there is no plan `{id}`")).hint("`hourmatch plan list` names the stored plans")
        }
        None => Problem::new("there is no plan yet").hint("make one: hourmatch plan"),
    };
    Ok(plan.ok_or_else(missing)?)
}
