//! `hourmatch certificates list` and `history`

use crate::cli::common::{Args, Context, Format, Portfolio, RecordTime, json, row, table};
use crate::register::enter::no_certificate;
use crate::store::certificates::{self, Event};
use reports::certificates::{Certificate, Status};

#[derive(Debug, Args)]
pub struct List {
    /// Only those with this status: issued, cancelled, expired, withdrawn
    #[arg(long, value_name = "S", value_parser = parse_status)]
    status: Option<Status>,
    /// Only those of this device
    #[arg(long, value_name = "D")]
    device: Option<String>,
}

fn parse_status(text: &str) -> Result<Status, String> {
    let known: Vec<&str> = Status::ALL.iter().map(|s| s.name()).collect();
    Status::parse(text).ok_or_else(|| format!("write one of {}", known.join(", ")))
}

pub async fn list(context: &Context, portfolio: &Portfolio, args: &List) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let all = certificates::at(&store, RecordTime::END).await?;
    store.close().await;
    let asked = |c: &Certificate| {
        args.status.is_none_or(|status| c.status == status) && args.device.as_ref().is_none_or(|d| c.device == *d)
    };
    let list: Vec<Certificate> = all.into_iter().filter(asked).collect();
    if context.format == Format::Json {
        return document(context, portfolio, &list);
    }
    if list.is_empty() {
        context.out.say("no such certificate; add some with `hourmatch certificates import`");
        return Ok(());
    }
    let headings = ["id", "device", "start", "end", "Wh", "status", "owner", "beneficiary", "contract"];
    let mut table = table::new(headings, [4]);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    for c in list {
        let wh = format!("{}..{}", c.first_wh, c.last_wh);
        let owner = or_none(Some(c.owner).filter(|owner| !owner.is_empty()));
        let (beneficiary, contract) = (or_none(c.beneficiary), or_none(c.contract.map(String::from)));
        table.add_row(row![c.id, c.device, c.start, c.end, wh, c.status.name(), owner, beneficiary, contract]);
    }
    context.out.data(&format!("{table}\n"))
}

pub fn document(context: &Context, portfolio: &Portfolio, list: &[Certificate]) -> anyhow::Result<()> {
    let rest = json!({ "certificates": list });
    context.out.document("hourmatch/certificates/1", portfolio.definitions.synthetic, rest)
}

pub async fn history(context: &Context, portfolio: &Portfolio, id: &str) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let events = certificates::history(&store, id).await?;
    store.close().await;
    if events.is_empty() {
        return Err(no_certificate(id).into());
    }
    if context.format == Format::Json {
        let event = |e: &Event| {
            let Event { recorded, kind, actor, reason, after } = e;
            json!({ "recorded": recorded, "act": kind, "actor": actor, "reason": reason, "certificate": after })
        };
        let events: Vec<_> = events.iter().map(event).collect();
        let rest = json!({ "certificate": id, "events": events });
        return context.out.document("hourmatch/certificate-history/1", portfolio.definitions.synthetic, rest);
    }
    let mut table = table::new(["recorded", "act", "actor", "reason", "status", "owner", "beneficiary"], []);
    let or_none = |text: Option<String>| text.filter(|t| !t.is_empty()).unwrap_or_else(|| "-".into());
    for event in events {
        let (status, owner, beneficiary) = match event.after {
            Some(c) => (c.status.name(), Some(c.owner), c.beneficiary),
            None => ("in parts", None, None),
        };
        let [reason, owner, beneficiary] = [event.reason, owner, beneficiary].map(or_none);
        table.add_row(row![event.recorded, event.kind, event.actor, reason, status, owner, beneficiary]);
    }
    context.out.data(&format!("{table}\n"))
}
