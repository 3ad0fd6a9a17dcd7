//! `hourmatch serve`

use super::common::{Args, Clock, Context};
use super::follow;
use crate::audit::portfolios;
use crate::feeds::follow::Follower;
use crate::serve::{self, App};
use crate::settings::DEFAULT_LISTEN;
use std::sync::Arc;

const AFTER: &str = "\
Plans a week for all sites at each site's `plan_at`, in the site's time zone; with `follow = true` in [serve], follows \
feeds as `hourmatch follow` does. It answers:
  /v1/windows?duration=4h&mw=2   /v1/reservations   /v1/work   /v1/plans/current   /v1/capacity?site=..
  /v1/reports?from=..&to=..   /openapi.json   /   (a page)
  /metrics   how sources stand, for Prometheus
  /healthz   whether to restart it   /readyz   whether to send requests: store, due plans, warnings

Example:
  hourmatch serve --listen 127.0.0.1:8080";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Serve {
    /// Loopback address to listen on; port 0 takes a free one
    #[arg(long, env = "HOURMATCH_LISTEN", hide_env_values = true, value_name = "ADDR")]
    listen: Option<String>,
}

pub async fn run(context: &Context, args: &Serve) -> anyhow::Result<()> {
    let portfolio = context.portfolio()?;
    let listen = args.listen.as_deref().or(portfolio.listen.as_deref()).unwrap_or(DEFAULT_LISTEN);
    let address = serve::loopback(listen)?;
    let store = context.store(&portfolio).await?;
    if let Some(text) = context.text(&portfolio, None, Clock::recorded()) {
        portfolios::keep_if_free(&store, &text).await?;
    }
    let portfolio = Arc::new(portfolio);
    let follows = portfolio.follow && portfolio.feeds.values().any(|source| source.follow);
    let asking = || follow::asking(context, store.clone(), portfolio.clone());
    let following = follows.then(asking).map(Follower::new);
    let app = App { following, ..App::new(store, portfolio, context.clock) };
    let out = context.out.clone();
    serve::run(app, address, |bound| out.say(&format!("listening on http://{bound}"))).await
}
