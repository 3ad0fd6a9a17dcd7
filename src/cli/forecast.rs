//! `hourmatch forecast`

mod accuracy;
mod table;

pub(super) use table::COLUMNS as ACCURACY;

use super::context::Context;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch forecast accuracy --site ashburn --from now-7d")]
pub struct Forecast {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// How far forecasts were off, by lead time
    #[command(after_help = accuracy::AFTER)]
    Accuracy(accuracy::Accuracy),
}

pub async fn run(context: &Context, command: &Forecast) -> anyhow::Result<()> {
    match &command.action {
        Action::Accuracy(args) => accuracy::run(context, args).await,
    }
}
