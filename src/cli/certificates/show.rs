//! `hourmatch certificates list` and `history`

use crate::cli::context::{Context, Format};
use crate::cli::table;
use crate::portfolio::Portfolio;
use crate::register::enter::no_certificate;
use crate::store::certificates;
use clap::Args;
use reports::certificates::{Certificate, Status};
use reports::time::RecordTime;
use serde_json::json;

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
        return context.out.json(&json!({
            "schema": "hourmatch/certificates/1", "engine": crate::ENGINE,
            "synthetic": portfolio.definitions.synthetic, "certificates": list,
        }));
    }
    if list.is_empty() {
        context.out.say("no such certificate; add some with `hourmatch certificates import`");
        return Ok(());
    }
    let headings = ["id", "device", "start", "end", "Wh", "status", "owner", "beneficiary", "contract"];
    let mut table = table::new(headings, [4]);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    for c in list {
        table.add_row([
            c.id,
            c.device,
            c.start.to_string(),
            c.end.to_string(),
            format!("{}..{}", c.first_wh, c.last_wh),
            c.status.name().into(),
            or_none(Some(c.owner).filter(|owner| !owner.is_empty())),
            or_none(c.beneficiary),
            or_none(c.contract),
        ]);
    }
    context.out.data(&format!("{table}\n"))
}

pub async fn history(context: &Context, portfolio: &Portfolio, id: &str) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let events = certificates::history(&store, id).await?;
    store.close().await;
    if events.is_empty() {
        return Err(no_certificate(id).into());
    }
    if context.format == Format::Json {
        let events: Vec<_> = events
            .iter()
            .map(|e| {
                json!({
                    "recorded": e.recorded, "act": e.kind, "actor": e.actor, "reason": e.reason,
                    "certificate": e.after,
                })
            })
            .collect();
        return context.out.json(&json!({
            "schema": "hourmatch/certificate-history/1", "engine": crate::ENGINE,
            "synthetic": portfolio.definitions.synthetic, "certificate": id, "events": events,
        }));
    }
    let mut table = table::new(["recorded", "act", "actor", "reason", "status", "owner", "beneficiary"], []);
    let or_none = |text: Option<String>| text.filter(|t| !t.is_empty()).unwrap_or_else(|| "-".into());
    for event in events {
        let (status, owner, beneficiary) = match event.after {
            Some(c) => (c.status.name().to_string(), Some(c.owner), c.beneficiary),
            None => ("in parts".to_string(), None, None),
        };
        table.add_row([
            event.recorded.to_string(),
            event.kind,
            event.actor,
            or_none(event.reason),
            status,
            or_none(owner),
            or_none(beneficiary),
        ]);
    }
    context.out.data(&format!("{table}\n"))
}
