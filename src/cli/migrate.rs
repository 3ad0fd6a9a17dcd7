//! `hourmatch migrate`

use super::Context;
use super::output::Exit;
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Every command migrates what it opens; this one does only that.\n\nExample:\n  hourmatch migrate --store sqlite://hourmatch.db"
)]
pub struct Migrate {}

pub async fn run(context: &Context, _args: &Migrate) -> anyhow::Result<Exit> {
    let portfolio = context.portfolio()?;
    let store = context.store(&portfolio).await?;
    context.out.committed();
    context.out.say(&format!("{}: schema up to date", store.engine()));
    context.done("hourmatch/migrate/1", store.engine())?;
    store.close().await;
    Ok(Exit::Done)
}
