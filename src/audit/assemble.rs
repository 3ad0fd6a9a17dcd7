//! Rows of the store as the inputs of a report.

use super::acts::{self, shown};
use super::suspects;
use crate::error::Fault;
use crate::portfolio::Portfolio;
use crate::store::readings::{self, Cut};
use crate::store::{Store, certificates, invoices, revisions};
use ids::ContractId;
use reports::certificates::Certificate;
use reports::definitions::{ContractDef, too_much};
use reports::inputs::Inputs;
use reports::ruleset::Ruleset;
use reports::series::{certified, mix, needed};
use reports::time::{Grid, Instant, Interval, RecordTime};

/// What of the store a report sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The last revision of readings and invoices.
    pub revision: i64,
    /// The last instant of the certificate register.
    pub certificates: RecordTime,
}

impl Known {
    /// All that was recorded up to a second, or now. Pinned: a file committed while this reads is all in or all out.
    pub async fn at(store: &Store, as_of: Option<Instant>) -> anyhow::Result<Self> {
        let until = as_of.map_or(RecordTime::END, RecordTime::from);
        let last = certificates::last_recorded(store).await?;
        Ok(Self { revision: revisions::last_at(store, until).await?, certificates: until.min(last) })
    }
}

/// Canonical readings of a period as they were known, with the rules and definitions.
pub async fn inputs(
    store: &Store,
    portfolio: &Portfolio,
    period: Interval,
    as_of: Option<Instant>,
    known: Known,
) -> anyhow::Result<Inputs> {
    let grid = Grid::over(period, portfolio.resolution())
        .map_err(|e| Fault::new(e.to_string()).hint("give --from and --to on the portfolio's resolution"))?;
    if let Some(what) = too_much(&portfolio.definitions, grid.len) {
        return Err(Fault::new(what).hint("report a shorter period").into());
    }
    let (ruleset, ruleset_text) = Ruleset::named(&portfolio.definitions.ruleset)?;
    let mut revisions = revisions::all(store).await?;
    for revision in revisions.values_mut() {
        (revision.actor, revision.reason) = (shown(revision.actor.as_ref()), shown(revision.reason.as_ref()));
    }
    let recorded = revisions.get(&known.revision).map(|r| r.recorded).unwrap_or_default();
    let contracts = &portfolio.definitions.contracts;
    let register = register(store, contracts, period, known.certificates).await?;
    // Of a site that is no more: no part of what these figures rest on.
    let mut bills = invoices::recorded(store, recorded).await?;
    bills.retain(|(bill, _)| {
        let span = Interval { start: bill.start, end: bill.end };
        span.overlap_s(period) > 0 && portfolio.site(&bill.site).is_some()
    });
    let log = certificates::log(store, known.certificates).await?;
    let acts = acts::behind(&log, &register, &bills, &revisions);
    let spans = needed::for_report(&portfolio.definitions, &ruleset, &register, period);
    let cut = Cut { revision: known.revision, ..Cut::NONE };
    let mut inputs = Inputs {
        definitions: portfolio.definitions.clone(),
        ruleset,
        ruleset_text: ruleset_text.into(),
        factors: reports::factors::Factors::default(),
        period,
        fuels: mix::reported_fuels(&readings::grid_series(store, cut.revision).await?)
            .into_iter()
            .filter(|(boundary, _)| portfolio.boundary(boundary).is_some())
            .collect(),
        as_of,
        series: readings::load(store, &spans, cut).await?,
        revisions,
        certificates: register,
        invoices: bills.into_iter().map(|(bill, _)| bill).collect(),
        acts,
        restatement: None,
        overlaps: Vec::new(),
        suspects: Vec::new(),
        fallbacks: Vec::new(),
    };
    inputs.suspects = suspects::find(store, portfolio, &inputs, cut).await?;
    inputs.fallbacks = suspects::fallbacks(store, &inputs).await?;
    Ok(inputs)
}

/// Certificates that figures of a period rest on, as the register stood: none of other devices or another time, or of a
/// contract that is no more.
pub(super) async fn register(
    store: &Store,
    contracts: &[ContractDef],
    period: Interval,
    until: RecordTime,
) -> anyhow::Result<Vec<Certificate>> {
    let mut register = certificates::at(store, until).await?;
    let of_contract = |id: &ContractId| contracts.iter().any(|c| c.id == *id);
    register.retain(|c| certified::concerns(c, contracts, period) && c.contract.as_ref().is_none_or(of_contract));
    Ok(register)
}

/// Report errors with what to do about them.
pub fn explain(error: reports::report::ReportError) -> anyhow::Error {
    Fault::new(error.to_string()).hint("`hourmatch check` lists which series hold readings and for when").into()
}
