//! `hourmatch work list`

use crate::cli::common::{Args, Context, Format, Portfolio, SiteId, fixed, row, table};
use crate::work::listing::{self, Filter, Listed};
use crate::work::terms;

pub const EXAMPLES: &str = "\
Examples:
  hourmatch work list --format json
  hourmatch work list --site ashburn --state queued";

#[derive(Debug, Args)]
pub struct List {
    /// Only work that may run there, or that runs there
    #[arg(long)]
    site: Option<SiteId>,
    /// Only work in this state: queued, running, paused, done, cancelled
    #[arg(long)]
    state: Option<String>,
}

pub async fn list(context: &Context, portfolio: &Portfolio, args: &List) -> anyhow::Result<()> {
    let filter = Filter::parse(portfolio, args.site.clone(), args.state.as_deref())?;
    let store = context.store(portfolio).await?;
    let list = listing::list(&store, &filter, None, portfolio.definitions.synthetic).await?;
    store.close().await;
    if context.format == Format::Json {
        return context.out.json(&list);
    }
    list.unreadable.iter().for_each(|lost| context.out.say(&lost.message));
    let rows = list.work;
    if rows.is_empty() {
        context.out.say("there is no work; add some with `hourmatch work add` or `work import`");
        return Ok(());
    }
    let headings = ["id", "kind", "state", "done", "release", "deadline", "units", "IT MWh", "max MW", "GPUs", "sites"];
    let mut table = table::new(headings, []);
    let mut arrays = false;
    for Listed { work, standing } in rows {
        let terms = terms::derive(&work, portfolio);
        // A pool's accelerators stand at one site, whatever the work names.
        let sites = match (&work.pool, terms.sites.as_slice()) {
            (None, _) if work.sites.is_empty() => "all".into(),
            (None, _) => work.sites.join("|"),
            (Some(_), []) => "none".into(),
            (Some(_), sites) => {
                sites.iter().map(|s| portfolio.definitions.sites[*s].id.as_str()).collect::<Vec<_>>().join("|")
            }
        };
        let done = standing.done.map_or("-".into(), |done| format!("{} %", fixed(100.0 * done, 0)));
        arrays |= terms.count > 1;
        let gpus = work.gpus.map_or("-".into(), |gpus| (gpus * f64::from(terms.count)).to_string());
        let (kind, state, count) = (work.kind.name(), standing.state.name(), terms.count);
        let [energy, most] = [terms.all_energy_mwh(), terms.most_mw()].map(|value| fixed(value, 3));
        let row = row![work.id, kind, state, done, work.release, work.deadline, count, energy, most, gpus, sites];
        table.add_row(row);
    }
    let note = if arrays { "IT MWh, max MW and GPUs are of all units together\n" } else { "" };
    context.out.data(&format!("{table}\n{note}"))
}
