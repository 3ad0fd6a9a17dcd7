//! `hourmatch plan list`

use crate::cli::common::{Args, Context, Format, Portfolio, SiteId, Store, fixed, row, table};
use crate::plan::listing::{self, Listed, Page};

pub const EXAMPLES: &str = "\
Examples:
  hourmatch plan list
  hourmatch plan list --site ashburn --limit 5 --format json";

#[derive(Debug, Args)]
pub struct List {
    /// Only plans for this site
    #[arg(long)]
    site: Option<SiteId>,
    /// How many of the newest plans to search, 1 to 1000; by default 50
    #[arg(long, value_name = "N")]
    limit: Option<i64>,
    /// Only plans stored before this one
    #[arg(long, value_name = "ID")]
    before: Option<String>,
}

pub async fn list(context: &Context, (store, portfolio): (&Store, &Portfolio), args: &List) -> anyhow::Result<()> {
    let page = Page::new(args.limit, args.before.clone())?;
    let list = listing::list(store, portfolio, args.site.as_ref(), &page).await?;
    if context.format == Format::Json {
        return context.out.json(&list);
    }
    list.unreadable.iter().for_each(|lost| context.out.say(&lost.message));
    if list.plans.is_empty() {
        context.out.say("there is no plan; make one with `hourmatch plan`");
        return Ok(());
    }
    let headings = ["id", "made", "start", "end", "strategy", "status", "objective", "gap", "missed"];
    let mut table = table::new(headings, 6..9);
    for Listed { id, made, start, end, strategy, status, objective, gap, missed, .. } in &list.plans {
        let (status, objective) = (status.replace('_', " "), fixed(*objective, 2));
        let gap = format!("{} %", fixed(100.0 * gap, 4));
        table.add_row(row![id, made, start, end, strategy, status, objective, gap, missed]);
    }
    context.out.data(&format!("{table}\n"))?;
    if let Some(id) = &list.next {
        context.out.say(&format!("there may be older ones: hourmatch plan list --before {id}"));
    }
    Ok(())
}
