//! `hourmatch follow`

use super::common::{Args, Clock, Context, Exit, Fault, Format, Portfolio, Store, counted, json};
use super::signals;
use crate::feeds::asking::Asking;
use crate::feeds::follow::{Follower, Turned, Which};
use reports::text::did_you_mean;
use std::path::Path;
use std::sync::Arc;

const AFTER: &str = "\
Asks each [source.<name>] of the portfolio that names a feed, on its own schedule, for new values, revised values and \
gaps. It stays within each provider's limits, and pauses when a provider keeps failing. Ctrl-C ends it; an \
interrupted question is asked again next time. `hourmatch feeds` shows the status of each source.
With --once, it asks the sources that are due, and ends; with --source, only that one, due or not. If a source could \
not be asked, the exit status is 1; answers of the others are stored.

Examples:
  hourmatch follow --once
  hourmatch follow";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Follow {
    /// Ask once and end
    #[arg(long)]
    once: bool,
    /// Ask only this source, now
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

impl Follow {
    /// Whether it goes on until it is asked to end.
    pub fn for_good(&self) -> bool {
        !self.once && self.source.is_none()
    }
}

pub async fn run(context: &Context, args: &Follow) -> anyhow::Result<Exit> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = Arc::new(context.portfolio()?);
    let followed: Vec<&str> =
        portfolio.feeds.values().filter(|source| source.follow).map(|source| source.name.as_str()).collect();
    match &args.source {
        Some(name) if !portfolio.feeds.contains_key(name) => {
            let names: Vec<&str> = portfolio.feeds.keys().map(String::as_str).collect();
            let hint = did_you_mean(name, &names, || format!("sources that can be asked: {}", names.join(" ")));
            return Err(Fault::new(format!("`{name}` is not a source that is fetched")).hint(hint).into());
        }
        None if followed.is_empty() => {
            let hint = "add one: [source.grid] with kind, zone and area; docs/feeds.md lists the kinds";
            return Err(Fault::new("the portfolio has no source to follow").hint(hint).into());
        }
        _ => {}
    }
    let store = context.store(&portfolio).await?;
    let follower = Follower::new(asking(context, store.clone(), portfolio.clone()));
    let exit = if args.for_good() {
        for_good(context, &follower, followed.len()).await?
    } else {
        let which = args.source.clone().map_or(Which::Due, Which::Named);
        let turned = follower.turn(&which).await?;
        context.out.committed();
        print(context, &portfolio, &turned)?;
        if turned.iter().any(|one| one.error.is_some()) { Exit::Failed } else { Exit::Done }
    };
    store.close().await;
    Ok(exit)
}

/// Who asks for a command.
pub(super) fn asking(context: &Context, store: Store, portfolio: Arc<Portfolio>) -> Asking {
    let text = context.text(&portfolio, None, Clock::recorded());
    let folder = context.config().parent().map(Path::to_path_buf).unwrap_or_default();
    let mut asking = Asking::new(store, portfolio, context.clock, folder);
    asking.text = text;
    asking
}

async fn for_good(context: &Context, follower: &Follower, sources: usize) -> anyhow::Result<Exit> {
    let sources = counted(sources, "source", "sources");
    context.out.say(&format!("following {sources}; Ctrl-C ends it"));
    let mut task = tokio::spawn(follower.clone().run());
    let ended = tokio::select! {
        _ = signals::asked_to_end() => None,
        ended = &mut task => Some(ended),
    };
    if ended.is_none() {
        task.abort();
        let _ = task.await;
    }
    follower.release().await?;
    match ended {
        Some(Err(error)) => Err(error.into()),
        _ => Ok(Exit::Done),
    }
}

fn print(context: &Context, portfolio: &Portfolio, turned: &[Turned]) -> anyhow::Result<()> {
    if context.format == Format::Json {
        let rest = json!({ "sources": turned });
        return context.out.document("hourmatch/follow/1", portfolio.definitions.synthetic, rest);
    }
    if turned.is_empty() {
        context.out.say("no source is due");
    }
    turned.iter().for_each(|one| context.out.say(&one.sentence()));
    Ok(())
}
