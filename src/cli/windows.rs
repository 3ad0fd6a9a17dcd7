//! `hourmatch windows`

use super::common::{AccountId, Args, Context, Format, PoolId, SiteId, fixed, parse_duration, parse_when, row, table};
use crate::windows::{Answer, Ask, Desk, Draw, Window, answer, reserve};
use std::sync::Arc;

const AFTER: &str = "\
Power is IT power, before PUE; accelerators draw the power that their pool states. Asking reserves nothing; --reserve \
reserves the best window, and `hourmatch reservations` lists and releases reservations. Windows marked = are tied.

Examples:
  hourmatch windows --duration 4h --mw 2
  hourmatch windows --duration 4h --gpus 512
  hourmatch windows --duration 4h --mw 2 --site ashburn --before now+24h \\
      --reserve job-17 --format json";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Windows {
    /// How long the job runs
    #[arg(long, value_name = "D")]
    duration: String,
    /// IT power it draws
    #[arg(long, required_unless_present = "gpus", conflicts_with = "gpus")]
    mw: Option<f64>,
    /// Accelerators it uses, instead of its power
    #[arg(long, value_name = "N")]
    gpus: Option<u32>,
    /// Pool of the accelerators, at a site with several
    #[arg(long, value_name = "ID", requires = "gpus")]
    pool: Option<PoolId>,
    /// Account whose quota they count against
    #[arg(long, value_name = "ID", requires = "gpus")]
    account: Option<AccountId>,
    /// Only this site
    #[arg(long)]
    site: Option<SiteId>,
    /// Earliest start
    #[arg(long, value_name = "T")]
    after: Option<String>,
    /// Latest end
    #[arg(long, value_name = "T")]
    before: Option<String>,
    /// How many windows to show
    #[arg(long, default_value_t = 3)]
    top: usize,
    /// Reserve the best window under this id
    #[arg(long, value_name = "ID")]
    reserve: Option<String>,
}

pub async fn run(context: &Context, args: &Windows) -> anyhow::Result<()> {
    context.allow(&[Format::Text, Format::Json])?;
    let portfolio = context.portfolio()?;
    let now = context.clock.now();
    let when = |text: &Option<String>| text.as_deref().map(|t| parse_when(t, now, portfolio.zone)).transpose();
    let (duration_s, draw) = (parse_duration(&args.duration)?, Draw::parse(args.mw, args.gpus, args.pool.clone())?);
    let (account, site) = (args.account.clone(), args.site.clone());
    let (after, before) = (when(&args.after)?, when(&args.before)?);
    let ask = Ask { now, duration_s, draw, account, site, after, before, top: args.top };
    let currency = portfolio.definitions.currency.clone();
    let portfolio = Arc::new(portfolio);
    let desk = Desk::new(context.store(&portfolio).await?, portfolio);
    let answer = match &args.reserve {
        Some(id) => reserve::reserve(&desk, &ask, id, context.clock.record_time()).await?.answer,
        None => answer(&desk, &ask).await?,
    };
    if args.reserve.is_some() {
        context.out.committed();
    }
    desk.store.close().await;
    if answer.fallback {
        context.out.say(&format!("fallback: {}", answer.reason.as_deref().unwrap_or("no plan")));
    } else if let Some(reason) = &answer.reason {
        context.out.say(&format!("note: {reason}"));
    }
    match context.format {
        Format::Json => context.out.json(&answer),
        _ => context.out.data(&text(&answer, &currency)),
    }
}

/// What a price holds and what it does not, beside a table that has some.
const PRICES: &str = "Prices are of energy, carbon and a higher billing peak, with the rest of the plan as it is. They leave \
    out what a\ntarget falls short by it; the plan's own price, plan_price_per_mwh of --format json, counts that too.\n";

fn text(answer: &Answer, currency: &str) -> String {
    if answer.windows.is_empty() {
        // The note says why.
        return "no window fits\n".into();
    }
    let price = format!("{currency} per IT MWh");
    let mut table = table::new(["", "site", "start", "end", "MW", price.as_str(), "unmatched MWh"], 4..7);
    let number = |value: Option<f64>, digits: usize| value.map_or("-".to_string(), |v| fixed(v, digits));
    let mut add = |name: String, w: &Window| {
        let (price, unmatched) = (number(w.price_per_mwh, 2), number(w.unmatched_mwh, 3));
        table.add_row(row![name, w.site, w.start, w.end, w.mw, price, unmatched]);
    };
    for (index, window) in answer.windows.iter().enumerate() {
        add(format!("{}{}", window.rank.unwrap_or(index + 1), if window.tied { "=" } else { "" }), window);
    }
    for (name, window) in [("run now", &answer.run_now), ("median", &answer.median), ("worst", &answer.worst)] {
        if let Some(window) = window {
            add(name.into(), window);
        }
    }
    let mut out = format!("{table}\n");
    if answer.windows.iter().any(|window| window.price_per_mwh.is_some()) {
        out.push_str(PRICES);
    }
    if let Some(id) = &answer.reserved {
        out.push_str(&format!("reserved as {id}\n"));
    }
    out
}
