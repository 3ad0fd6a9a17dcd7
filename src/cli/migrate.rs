//! `hourmatch migrate`

use super::common::{Args, Context, Format, json};
use crate::plan;
use crate::store::retention::{self, Removed};

#[derive(Debug, Args)]
#[command(
    after_help = "Every command brings the store it opens up to date; this one does nothing else.\n\nExamples:\n  hourmatch migrate --store sqlite://hourmatch.db\n  hourmatch migrate --prune"
)]
pub struct Migrate {
    /// Also remove old plans and work as [retention] says; ages count from now
    #[arg(long)]
    prune: bool,
}

pub async fn run(context: &Context, args: &Migrate) -> anyhow::Result<()> {
    context.allow_ending(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let store = context.store(&portfolio).await?;
    context.out.committed();
    let engine = store.engine();
    context.out.say(&format!("{engine}: schema up to date"));
    let mut rest = json!({ "done": engine });
    if args.prune {
        let removed = retention::prune(&store, plan::kept(&portfolio), context.clock.now()).await?;
        context.out.say(&format!("removed: {}", removed.words()));
        let Removed { plans, reports, work, reservations } = removed;
        rest["removed"] = json!({"plans": plans, "reports": reports, "work": work, "reservations": reservations});
    }
    context.done("hourmatch/migrate/1", false, || rest)?;
    store.close().await;
    Ok(())
}
