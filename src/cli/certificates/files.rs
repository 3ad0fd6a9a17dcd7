//! `hourmatch certificates import` and `export`

use super::show;
use crate::cli::common::{Args, Context, Fault, Format, Paths, Portfolio, Stated, counted, json, parse_when};
use crate::ingest::{files, recognise, reject};
use crate::register::kinds::Kind;
use crate::register::taking::{Row, Setting, Table};
use crate::register::{csv, enter};
use crate::rejects::Rejects;
use crate::store::certificates;
use ids::ContractId;
use reports::definitions::ContractDef;
use reports::time::{RecordTime, Zone};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Import {
    /// The certificates file
    file: PathBuf,
    /// Keep the good rows and write the bad ones here
    #[arg(long, value_name = "FILE")]
    reject: Option<PathBuf>,
    /// Time zone of the hours in an M-RETS file
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Registry of a file that does not name it
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
    /// Technology of devices that neither the file nor the portfolio knows
    #[arg(long, value_name = "NAME")]
    technology: Option<String>,
    #[command(flatten)]
    stated: Stated,
}

impl Import {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        paths.reads("the certificates", &self.file)?;
        self.reject.iter().try_for_each(|file| paths.writes("--reject", file))
    }
}

pub async fn import(context: &Context, portfolio: &Portfolio, args: &Import) -> anyhow::Result<()> {
    let kind = Kind::recognise(&recognise::first(&args.file)?);
    let Table { rows, mut rejects, notes } = read(context, portfolio, args, kind)?;
    let file = args.file.display().to_string();
    if !rejects.is_empty() && args.reject.is_none() {
        let problems = rejects.problems(&file);
        return Err(match kind.has_rows() {
            true => problems,
            false => problems.hinted("correct the file, or ask the registry for a correct one"),
        }
        .into());
    }
    warn_unknown(context, portfolio, &rows);
    let store = context.store(portfolio).await?;
    let keep_good = args.reject.is_some();
    let mut write = store.write().await?;
    let imported = enter::import(&mut write, &file, &rows, keep_good, args.stated.by()).await?;
    rejects.extend(imported.conflicts);
    // There before the register changes.
    let target = args.reject.as_ref().filter(|_| !rejects.is_empty());
    let pending = target
        .map(|target| context.paths().prepare(target, &mut |out| reject::write(&args.file, None, &mut rejects, out)))
        .transpose()?;
    write.commit().await?;
    context.out.committed();
    store.close().await;
    notes.iter().for_each(|note| context.out.say(&format!("{file}: {note}")));
    let taken_as = kind.title().map(|title| format!(" (as {title})")).unwrap_or_default();
    let added = counted(imported.new.len(), "certificate", "certificates");
    let mut text = format!("{file}{taken_as}: {added} added");
    for (count, one, many) in
        [(imported.unchanged, "known already", "known already"), (rejects.len(), "row rejected", "rows rejected")]
    {
        if count > 0 {
            text.push_str(&format!(", {}", counted(count, one, many)));
        }
    }
    context.out.say(&text);
    if let (Some(pending), Some(target)) = (pending, target) {
        context.out.publish(pending, &format!("rejected rows: {}", target.display()));
    }
    let rest = || json!({ "added": imported.new.len(), "unchanged": imported.unchanged, "rejected": rejects.len() });
    context.done("hourmatch/certificates-import/1", portfolio.definitions.synthetic, rest)
}

fn read(context: &Context, portfolio: &Portfolio, args: &Import, kind: Kind) -> Result<Table, Fault> {
    let here = |problem: Fault| problem.file(args.file.display());
    if args.reject.is_some() && !kind.has_rows() {
        let what = format!("--reject does not work with {}", kind.title().unwrap_or("this file"));
        return Err(here(Fault::new(what).hint("it is imported whole or not at all; leave --reject out")));
    }
    let contracts: Vec<ContractId> = portfolio.definitions.contracts.iter().map(|c| c.id.clone()).collect();
    let zone = args.time_zone.as_deref().map(Zone::parse).transpose();
    let zone = zone.map_err(|e| Fault::new(e.to_string()).hint("--time-zone America/Chicago"))?;
    let device = |device: &str| contract_of(portfolio, device).map(|known| known.technology.clone());
    let (registry, technology) = (args.registry.as_deref(), args.technology.as_deref());
    let (now, ignored) = (context.clock.now(), &[reject::LINE, reject::REASON]);
    let setting = Setting { now, contracts: &contracts, ignored, zone, registry, technology, device: &device };
    let rejects = Rejects::for_file(args.reject.is_some());
    let opened = files::open(&args.file, false)?;
    kind.read(opened.reader, &setting, rejects).map_err(here)
}

fn contract_of<'p>(portfolio: &'p Portfolio, device: &str) -> Option<&'p ContractDef> {
    portfolio.definitions.contracts.iter().find(|c| c.id == device || c.plant.as_deref() == Some(device))
}

/// Certificates of devices the portfolio does not know are kept: another portfolio on this store may use them.
fn warn_unknown(context: &Context, portfolio: &Portfolio, rows: &[Row]) {
    let devices: BTreeSet<&str> = rows.iter().map(|row| row.certificate.device.as_str()).collect();
    let unknown: Vec<&str> = devices.into_iter().filter(|device| contract_of(portfolio, device).is_none()).collect();
    if !unknown.is_empty() {
        let shown = unknown[..unknown.len().min(3)].join(", ");
        let more = if unknown.len() > 3 { format!(" and {} more", unknown.len() - 3) } else { String::new() };
        context.out.say(&format!("warning: device {shown}{more}: no plant or contract of the portfolio"));
    }
}

pub async fn export(context: &Context, portfolio: &Portfolio, as_of: Option<&str>) -> anyhow::Result<()> {
    let as_of = as_of.map(|t| parse_when(t, context.clock.now(), portfolio.zone)).transpose()?;
    let store = context.store(portfolio).await?;
    let list = certificates::at(&store, as_of.map_or(RecordTime::END, RecordTime::from)).await?;
    store.close().await;
    match context.format {
        Format::Json => show::document(context, portfolio, &list)?,
        _ => context.out.raw(&csv::write(&list)?)?,
    }
    if let Some(path) = context.out.path() {
        context.out.say(&format!("wrote {}: {}", path.display(), counted(list.len(), "certificate", "certificates")));
    }
    Ok(())
}
