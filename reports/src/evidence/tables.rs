//! The computed tables of a pack, streamed. A pack's maker and its verifier both call this.

use super::files::Sink;
use super::layout::INTERVAL_FACTORS;
use super::merkle::Accumulator;
use super::site_hours;
use crate::books::{Books, Share};
use crate::definitions::gcd_wide;
use crate::digest;
use crate::inputs::Inputs;
use crate::inventory;
use crate::matching::{Ledger, score};
use crate::report::{BoundaryReport, Claim, Computed, DeltaRow, OverlapReport, Report, delta, intervals, rows};
use crate::ruleset::{CertificateRule, FallbackTier, InventoryLoad};
use crate::seal::EvidenceError;
use crate::seal::format::Format;
use crate::series::certified::Claims;
use crate::series::name::{GridLeaf, Group, SeriesName, SiteLeaf};
use ids::{BoundaryId, ContractIndex, Index, SiteIndex, StorageIndex};
use std::io::{self, Write};

/// Writes every computed table as packs of a format have it, and returns the root over site-hours.
pub fn write<S: Sink>(
    format: Format,
    inputs: &Inputs,
    computed: &Computed,
    sink: &mut S,
) -> Result<digest::Hash, EvidenceError> {
    let Computed { report, books, .. } = computed;
    sink.table("certificates_used.csv", &mut |out| certificates(inputs, books, out))?;
    sink.table("exceptions.csv", &mut |out| exceptions(report, out))?;
    sink.table("instrument_intervals.csv", &mut |out| instrument_intervals(computed, out))?;
    sink.table("instruments.csv", &mut |out| instruments(report, out))?;
    if format >= Format::V3 {
        sink.table(INTERVAL_FACTORS, &mut |out| interval_factors(books, out))?;
    }
    sink.table("intervals.csv", &mut |out| out.write_all(intervals::text(report).as_bytes()))?;
    sink.table("price_tests.csv", &mut |out| price_tests(books, out))?;
    sink.table("reconciliations.csv", &mut |out| reconciliations(report, out))?;
    let deltas = inputs.restatement.as_ref().map(|restatement| delta::intervals(restatement, report)).transpose();
    let deltas = deltas.map_err(|what| EvidenceError::malformed("inputs/previous", what))?.unwrap_or_default();
    sink.table("restatements.csv", &mut |out| restatements(report, &deltas, out))?;
    sink.table("results.json", &mut |out| out.write_all(results(format, report)?.as_bytes()))?;
    sink.table("storage.csv", &mut |out| storage(computed, out))?;
    sink.table("unmatched.csv", &mut |out| unmatched(computed, out))?;
    Ok(site_tables(computed, sink)?)
}

/// `site_intervals.csv` and `allocations.csv` side by side, and the root over their rows.
fn site_tables<S: Sink>(computed: &Computed, sink: &mut S) -> io::Result<digest::Hash> {
    let mut sites = sink.create("site_intervals.csv")?;
    let mut allocations = sink.create("allocations.csv")?;
    writeln!(sites, "{}", site_hours::sites_header(&computed.books))?;
    writeln!(allocations, "{}", site_hours::ALLOCATIONS_HEADER)?;
    let mut root = Accumulator::default();
    site_hours::each(computed, &mut |site, given| {
        sites.write_all(site.as_bytes())?;
        allocations.write_all(given.as_bytes())?;
        root.push(site_hours::leaf(site, given));
        Ok(())
    })?;
    sink.close(sites)?;
    sink.close(allocations)?;
    Ok(root.root())
}

/// The report without the tables that are files of their own; what format 2 had no place for is left out of it.
///
/// # Errors
/// A report that JSON cannot hold.
pub fn results(format: Format, report: &Report) -> serde_json::Result<String> {
    let newer = format >= Format::V3;
    let overlaps = report.overlaps.iter().filter(|_| newer);
    let slim = Report {
        inputs_sha256: report.inputs_sha256.clone().filter(|_| newer),
        unmatched: report.unmatched.filter(|_| newer),
        boundaries: report.boundaries.iter().map(|b| BoundaryReport { intervals: Vec::new(), ..b.clone() }).collect(),
        overlaps: overlaps.map(|o| OverlapReport { changed: Vec::new(), ..o.clone() }).collect(),
        allocations: Vec::new(),
        exceptions: Vec::new(),
        ..report.clone()
    };
    let mut text = serde_json::to_string_pretty(&slim)?;
    text.push('\n');
    Ok(text)
}

/// Free text in a table: one line, quoted, no quotes inside.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "'").replace(char::is_control, " "))
}

fn instruments(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // Told by some rulesets only.
    let column = if report.portfolio.backed.is_some() { "backed_wh," } else { "" };
    writeln!(
        out,
        "contract,kind,boundary,technology,delivered_wh,allocated_wh,stored_wh,surplus_wh,inventory_allocated_wh,\
         inventory_stored_wh,inventory_surplus_wh,ef_mg_per_kwh,claim,cancelled_wh,held_wh,{column}statement"
    )?;
    for c in &report.contracts {
        let backed = match column {
            "" => String::new(),
            _ => format!("{},", c.claim.backed_wh.map_or(String::new(), |wh| wh.to_string())),
        };
        let Claim { cancelled_wh, held_wh, .. } = &c.claim;
        write!(out, "{},{},{},{},", c.id, c.kind.name(), c.boundary, c.technology)?;
        write!(out, "{},{},{},{},", c.delivered_wh, c.allocated_wh, c.stored_wh, c.surplus_wh)?;
        write!(out, "{},{},{},", c.inventory_allocated_wh, c.inventory_stored_wh, c.inventory_surplus_wh)?;
        write!(out, "{},{},{cancelled_wh},{held_wh},", c.ef_mg_per_kwh, c.claim.basis.name())?;
        writeln!(out, "{backed}{}", quoted(&c.claim.statement))?;
    }
    Ok(())
}

fn instrument_intervals(computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    let Computed { books, matched, .. } = computed;
    let has_backed = computed.report.portfolio.backed.is_some();
    let column = if has_backed { ",backed_wh" } else { "" };
    writeln!(out, "contract,start,ledger,delivered_wh,allocated_wh,stored_wh,surplus_wh{column}")?;
    let starts: Vec<String> = (0..books.grid.len).map(|t| books.grid.start(t).to_string()).collect();
    for i in books.instruments_by_id() {
        let instrument = &books.instruments[i];
        for ledger in Ledger::ALL {
            let takes_part = match ledger {
                Ledger::Matching => score::counts(books, instrument),
                Ledger::Inventory => books.allocation_order.contains(&instrument.step),
            };
            if !takes_part {
                continue;
            }
            let run = matched.ledger(ledger);
            for (t, start) in starts.iter().enumerate() {
                let delivered = run.delivered(books, i, t);
                if delivered > 0 {
                    let (given, stored) = (run.allocated_wh[i][t], run.stored(i, t));
                    let (name, surplus) = (ledger.name(), delivered - given - stored);
                    write!(out, "{},{start},{name},{delivered},{given},{stored},{surplus}", instrument.id)?;
                    if has_backed {
                        write!(out, ",{}", books.certified_wh(i, t).min(given))?;
                    }
                    writeln!(out)?;
                }
            }
        }
    }
    Ok(())
}

fn exceptions(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "code,series,start,end,wh,message")?;
    for e in &report.exceptions {
        writeln!(out, "{},{},{},{},{},{}", e.code, e.series, e.start, e.end, e.wh, quoted(&e.message))?;
    }
    Ok(())
}

/// What each boundary's energy was weighed with, interval by interval, so that location-based and market-based figures
/// can be followed back: by boundary, then start; what was never supplied is empty.
fn interval_factors(books: &Books, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "boundary,start,factor_basis,intensity_mg_per_kwh,upstream_mg_per_kwh,cfe_share,fallback_mg_per_kwh,tier,source"
    )?;
    for boundary in &books.boundaries {
        for t in 0..books.grid.len {
            let at = |values: &Option<Vec<i64>>| values.as_ref().map_or(String::new(), |v| v[t].to_string());
            let (intensity, upstream) = (at(&boundary.intensity_mg_per_kwh), at(&boundary.upstream_mg_per_kwh));
            let cfe_share = boundary.grid_cfe.as_ref().map_or(String::new(), |shares| lowest(shares[t]));
            let (fallback, tier) = (boundary.fallback_mg_per_kwh[t], boundary.fallback_tier[t]);
            write!(out, "{},{},{},", boundary.id, books.grid.start(t), boundary.factor_basis.name())?;
            write!(out, "{intensity},{upstream},{cfe_share},")?;
            writeln!(out, "{fallback},{},{}", tier.name(), source(tier, &boundary.id))?;
        }
    }
    Ok(())
}

/// Where a factor came from: a series, or the definition of the boundary.
fn source(tier: FallbackTier, boundary: &BoundaryId) -> String {
    match tier {
        FallbackTier::ResidualIntensity => SeriesName::grid(boundary, GridLeaf::ResidualIntensity).into(),
        FallbackTier::ResidualComputed => format!("{}/<fuel> less issued volumes", Group::Grid.subject(boundary)),
        FallbackTier::FossilIntensity => {
            format!("{} or its coal gas and oil", SeriesName::grid(boundary, GridLeaf::FossilIntensity))
        }
        FallbackTier::DefaultFossil => format!("default of boundary {boundary}"),
    }
}

/// An exact share in lowest terms.
fn lowest(share: Share) -> String {
    let divisor = gcd_wide(share.numerator, share.denominator);
    format!("{}/{}", share.numerator / divisor, share.denominator / divisor)
}

fn unmatched(computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    let Computed { books, matched, .. } = computed;
    writeln!(out, "site,boundary,start,wh,factor_mg_per_kwh,tier,source")?;
    for t in 0..books.grid.len {
        let start = books.grid.start(t).to_string();
        for (s, site) in SiteIndex::each(&books.sites) {
            let boundary = &books.boundaries[site.boundary.at(t)];
            let wh = inventory::unmatched(books, &matched.inventory, s, t);
            if wh > 0 {
                let (factor, tier) = (boundary.fallback_mg_per_kwh[t], boundary.fallback_tier[t]);
                let source = source(tier, &boundary.id);
                writeln!(out, "{},{},{start},{wh},{factor},{},{source}", site.id, boundary.id, tier.name())?;
            }
            let own = inventory::own_fossil(books, &matched.inventory, s, t);
            if own > 0 {
                let source = SeriesName::site(&site.id, SiteLeaf::OnsiteGeneration);
                writeln!(out, "{},{},{start},{own},0,scope_1,{source}", site.id, boundary.id)?;
            }
        }
    }
    Ok(())
}

fn storage(computed: &Computed, out: &mut dyn Write) -> io::Result<()> {
    let Computed { books, matched, .. } = computed;
    writeln!(out, "storage,start,ledger,charge_wh,clean_charge_wh,discharge_wh,reissued_wh,efficiency")?;
    for (s, storage) in StorageIndex::each(&books.storage) {
        for t in (0..books.grid.len).filter(|t| storage.charge_wh[*t] != 0 || storage.discharge_wh[*t] != 0) {
            let start = books.grid.start(t).to_string();
            let efficiency = storage.efficiency(t).map_or(String::new(), |ratio| rows::six_decimals(ratio).to_string());
            for ledger in Ledger::ALL {
                // Where what was purchased is weighed, a battery is no matter of the inventory ledger.
                if ledger == Ledger::Inventory && books.rules.inventory_load == InventoryLoad::Purchased {
                    continue;
                }
                let run = matched.ledger(ledger);
                write!(out, "{},{start},{},", storage.id, ledger.name())?;
                write!(out, "{},{},", storage.charge_wh[t], run.clean_charge_wh[s][t])?;
                writeln!(out, "{},{},{efficiency}", storage.discharge_wh[t], run.reissued_wh[s][t])?;
            }
        }
    }
    Ok(())
}

fn price_tests(books: &Books, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "from,to,start,load_price,generation_price,passed")?;
    let price = |p: Option<i64>| p.map_or(String::new(), |p| p.to_string());
    for link in &books.links {
        let (from, to) = (&books.boundaries[link.from].id, &books.boundaries[link.to].id);
        for (t, test) in link.tests.iter().enumerate() {
            let start = books.grid.start(t);
            let (load, generation) = (price(test.load_price), price(test.generation_price));
            writeln!(out, "{from},{to},{start},{load},{generation},{}", test.passed)?;
        }
    }
    Ok(())
}

/// Which certificates back which contract, and by the hour how much production each of them found; what is backed of a
/// contract then stands in `instrument_intervals.csv`.
fn certificates(inputs: &Inputs, books: &Books, out: &mut dyn Write) -> io::Result<()> {
    let claims = Claims::for_inputs(inputs);
    let hour = inputs.ruleset.rules.certificates == CertificateRule::Hour;
    let column = if hour { ",laid_wh" } else { "" };
    writeln!(out, "certificate,contract,start,end,wh,status,counted{column}")?;
    for (i, contract) in ContractIndex::each(&inputs.definitions.contracts) {
        for c in inputs.certificates.iter().filter(|c| claims.belongs(c, contract)) {
            let counted = claims.counts(c, contract);
            let (start, end) = (c.start, c.end);
            write!(out, "{},{},{start},{end},{},{},{counted}", c.id, contract.id, c.wh(), c.status.name())?;
            if hour {
                let laid = books.certified.get(i.get()).and_then(|b| b.by_certificate.get(&c.id)).copied().unwrap_or(0);
                write!(out, ",{laid}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

fn reconciliations(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "invoice,site,start,end,invoice_wh,metered_wh,difference_wh,outcome")?;
    let wh = |wh: Option<i128>| wh.map_or(String::new(), |wh| wh.to_string());
    for r in &report.reconciliations {
        let (metered, difference) = (wh(r.metered_wh), wh(r.difference_wh));
        let (invoice, outcome) = (quoted(&r.invoice), r.outcome.name());
        writeln!(out, "{invoice},{},{},{},{},{metered},{difference},{outcome}", r.site, r.start, r.end, r.invoice_wh)?;
    }
    Ok(())
}

fn restatements(report: &Report, intervals: &[DeltaRow], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "scope,start,figure,before,after")?;
    let mut write_row = |of: &str, DeltaRow { scope, start, figure, before, after }: &DeltaRow| {
        let start = start.map_or_else(String::new, |start| start.to_string());
        writeln!(out, "{of}{scope},{start},{},{before},{after}", figure.name())
    };
    let totals = report.restatement.iter().flat_map(|r| &r.totals);
    for row in totals.chain(intervals) {
        write_row("", row)?;
    }
    // What was published of some of these hours in reports of other periods.
    for overlap in &report.overlaps {
        for row in overlap.totals.iter().chain(&overlap.changed) {
            write_row(&format!("overlap/{}/", overlap.root), row)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_in_lowest_terms() {
        let of = |numerator, denominator| lowest(Share { numerator, denominator });
        assert_eq!([of(0, 7), of(7, 7), of(300, 1_000), of(3, 7)], ["0/1", "1/1", "3/10", "3/7"]);
    }
}
