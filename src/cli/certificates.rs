//! `hourmatch certificates`: the register of energy certificates.

mod files;
mod show;

use super::common::{Args, Context, Fault, Format, Paths, Portfolio, Stated, Subcommand, counted, json};
use crate::register::csv::printable;
use crate::register::{Act, enter};
use ids::ContractId;
use reports::certificates::{Certificate, Status};
use reports::ruleset::Ruleset;
use reports::series::certified::Claims;
use reports::time::Instant;
use serde::Serialize;

const IMPORT: &str = "\
A certificates file is CSV, plain or gzip: id,device,registry,technology,start,end and wh or last_wh, and optional \
issuance,first_wh,status,owner,beneficiary,contract,since,expires. Times are RFC 3339 with offset. A bundle is the Wh \
first_wh..last_wh of its issuance; no Wh is in two bundles. The same certificate again adds nothing.
M-RETS uploads of hourly generation and bundles of EnergyTag registries, CSV or JSON, are recognised by their first \
row. An M-RETS file needs --time-zone; only the whole MWh of a month become certificates.

Examples:
  hourmatch certificates import certificates.csv --actor j.doe
  hourmatch certificates import mrets.csv --time-zone Etc/GMT+6 \\
      --technology wind
  hourmatch certificates import bundles.json --registry \"SYN registry\"";

const SPLIT: &str = "\
Wh 1..100 split at 25 is 1..25 and 26..100; the parts are named ID.1 and ID.2.

Example:
  hourmatch certificates split gc-2026-03 --at 25";

const CANCEL: &str = "\
A certificate is cancelled once and for good, for a beneficiary, and under a contract if its device serves several.

Example:
  hourmatch certificates cancel gc-2026-03 --beneficiary \"Example AI Ltd\" \\
      --contract ashburn-only-wind";

const WITHDRAW: &str = "\
The issuer takes the certificate back, for good. If it was cancelled, the reports that counted it are named.

Example:
  hourmatch certificates withdraw gc-2026-03 --reason \"issued twice\"";

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hourmatch certificates list")]
pub struct Certificates {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Import certificates as a registry lists them
    #[command(after_help = IMPORT)]
    Import(files::Import),
    /// Export the register as a file that import accepts
    #[command(after_help = "Example:\n  hourmatch certificates export -o register.csv")]
    Export {
        /// The register as recorded by then
        #[arg(long, value_name = "T")]
        as_of: Option<String>,
    },
    /// List certificates
    #[command(after_help = "Example:\n  hourmatch certificates list --status cancelled")]
    List(show::List),
    /// Show what happened to a certificate, by whom and why
    #[command(after_help = "Example:\n  hourmatch certificates history gc-2026-03")]
    History {
        /// Id of the certificate
        id: String,
    },
    /// Split a certificate in two
    #[command(after_help = SPLIT)]
    Split {
        /// Id of the certificate
        id: String,
        /// Last Wh of the first part
        #[arg(long, value_name = "WH")]
        at: i64,
        #[command(flatten)]
        stated: Stated,
    },
    /// Transfer a certificate to another owner
    #[command(after_help = "Example:\n  hourmatch certificates transfer gc-2026-03 --to \"Example Power Ltd\"")]
    Transfer {
        /// Id of the certificate
        id: String,
        /// The new owner
        #[arg(long, value_name = "OWNER")]
        to: String,
        #[command(flatten)]
        stated: Stated,
    },
    /// Cancel a certificate: use it once and for good
    #[command(after_help = CANCEL)]
    Cancel {
        /// Id of the certificate
        id: String,
        /// Beneficiary it is cancelled for
        #[arg(long, value_name = "NAME")]
        beneficiary: String,
        /// The contract it is claimed under
        #[arg(long)]
        contract: Option<ContractId>,
        #[command(flatten)]
        stated: Stated,
    },
    /// Mark a certificate as expired, or all that are due
    #[command(after_help = "Example:\n  hourmatch certificates expire --due")]
    Expire {
        /// Id of the certificate
        #[arg(required_unless_present = "due", conflicts_with = "due")]
        id: Option<String>,
        /// All whose expiry has passed
        #[arg(long)]
        due: bool,
        #[command(flatten)]
        stated: Stated,
    },
    /// Mark a certificate as withdrawn by its issuer
    #[command(after_help = WITHDRAW)]
    Withdraw {
        /// Id of the certificate
        id: String,
        #[command(flatten)]
        stated: Stated,
    },
}

impl Certificates {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        match &self.action {
            Action::Import(args) => args.paths(paths),
            _ => Ok(()),
        }
    }
}

pub async fn run(context: &Context, command: &Certificates) -> anyhow::Result<()> {
    let forms = [Format::Text, Format::Json, Format::Csv];
    // Only an export is a table.
    context.allow(if matches!(command.action, Action::Export { .. }) { &forms[..] } else { &forms[..2] })?;
    let portfolio = context.portfolio()?;
    let (id, act, stated) = match &command.action {
        Action::Import(args) => return files::import(context, &portfolio, args).await,
        Action::Export { as_of } => return files::export(context, &portfolio, as_of.as_deref()).await,
        Action::List(args) => return show::list(context, &portfolio, args).await,
        Action::History { id } => return show::history(context, &portfolio, id).await,
        Action::Split { id, at, stated } => (id, Act::Split { at_wh: *at }, stated),
        Action::Transfer { id, to, stated } => (id, Act::Transfer { to: named("--to", to)? }, stated),
        Action::Cancel { id, beneficiary, contract, stated } => {
            let beneficiary = named("--beneficiary", beneficiary)?;
            contract.iter().try_for_each(|id| check_contract(context, &portfolio, id, &beneficiary))?;
            (id, Act::Cancel { beneficiary, contract: contract.clone() }, stated)
        }
        Action::Expire { id: Some(id), due: false, stated } => (id, Act::Expire, stated),
        Action::Expire { stated, .. } => return expire_due(context, &portfolio, stated).await,
        Action::Withdraw { id, stated } => (id, Act::Withdraw, stated),
    };
    let store = context.store(&portfolio).await?;
    let done = enter::act(&store, id, &act, context.clock.now(), stated.by()).await?;
    context.out.committed();
    store.close().await;
    context.out.say(&sentence(&done.before, &act, &done.after));
    let restate = duties(&portfolio, &act, &done.before);
    restate.iter().for_each(|duty| context.out.say(&duty.sentence()));
    answer(context, &portfolio, &act, &done.after, &restate)
}

/// A name as the register may hold it.
fn named(flag: &str, text: &str) -> Result<String, Fault> {
    match text.trim() {
        "" => Err(Fault::new(format!("{flag} is empty")).hint("write a name")),
        name => printable(flag, name).map_err(Fault::new),
    }
}

/// A contract must exist; whom it names is whom its certificates count for.
fn check_contract(context: &Context, portfolio: &Portfolio, id: &ContractId, beneficiary: &str) -> Result<(), Fault> {
    let known = portfolio.find_contract(id)?;
    if let Some(wanted) = known.beneficiary.as_deref().filter(|wanted| *wanted != beneficiary) {
        context.out.say(&format!(
            "warning: contract {id} names the beneficiary `{wanted}`; cancelled for `{beneficiary}` it does not count"
        ));
    }
    Ok(())
}

fn sentence(before: &Certificate, act: &Act, after: &[Certificate]) -> String {
    let id = &before.id;
    match act {
        Act::Split { .. } => {
            let parts: Vec<String> =
                after.iter().map(|c| format!("{} is Wh {}..{}", c.id, c.first_wh, c.last_wh)).collect();
            format!("{id} split: {}", parts.join(", "))
        }
        Act::Transfer { to } => format!("{id} now belongs to {to}"),
        Act::Cancel { beneficiary, contract: Some(contract) } => {
            format!("{id} cancelled for {beneficiary} under contract {contract}")
        }
        Act::Cancel { beneficiary, contract: None } => format!("{id} cancelled for {beneficiary}"),
        Act::Expire => format!("{id} has expired"),
        Act::Withdraw => format!("{id} withdrawn"),
    }
}

async fn expire_due(context: &Context, portfolio: &Portfolio, stated: &Stated) -> anyhow::Result<()> {
    let store = context.store(portfolio).await?;
    let expired = enter::expire_due(&store, context.clock.now(), stated.by()).await?;
    context.out.committed();
    store.close().await;
    context.out.say(&match expired.len() {
        0 => "no certificate is due to expire".to_string(),
        count => format!("marked as expired: {}", counted(count, "certificate", "certificates")),
    });
    answer(context, portfolio, &Act::Expire, &expired, &[])
}

/// With `--format json`, what an act left.
fn answer(
    context: &Context,
    portfolio: &Portfolio,
    act: &Act,
    after: &[Certificate],
    restate: &[Duty],
) -> anyhow::Result<()> {
    let rest = || json!({ "act": act.into_str(), "certificates": after, "restate": restate });
    context.done("hourmatch/certificates-act/1", portfolio.definitions.synthetic, rest)
}

/// A contract and the span whose figures a certificate counts in no more.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
struct Duty {
    /// None where it is of no contract of the portfolio.
    contract: Option<ContractId>,
    start: Instant,
    end: Instant,
    #[serde(skip)]
    certificate: String,
}

impl Duty {
    fn sentence(&self) -> String {
        let Self { contract, start, end, certificate } = self;
        match contract {
            Some(contract) => format!(
                "to be restated: contract {contract}, {start} to {end}; {certificate} was cancelled and may count in \
                 reports of that period: `hourmatch pack` for it will make a new version"
            ),
            None => format!(
                "{certificate} was cancelled, for {start} to {end}; it backs no contract of the portfolio, so nothing \
                 here is to be restated"
            ),
        }
    }
}

/// Duties after an act on a bundle: only withdrawing a cancelled one has any.
fn duties(portfolio: &Portfolio, act: &Act, before: &Certificate) -> Vec<Duty> {
    if *act != Act::Withdraw || before.status != Status::Cancelled {
        return Vec::new();
    }
    let (start, end) = (before.start, before.end);
    let duty = |contract: Option<ContractId>| Duty { contract, start, end, certificate: before.id.clone() };
    let definitions = &portfolio.definitions;
    // A portfolio is read only with a ruleset there is.
    let rule = Ruleset::named(&definitions.ruleset).map(|(ruleset, _)| ruleset.rules.certificates).unwrap_or_default();
    let claims = Claims::new(definitions, rule);
    let contracts = definitions.contracts.iter().filter(|c| claims.belongs(before, c));
    let duties: Vec<Duty> = contracts.map(|c| duty(Some(c.id.clone()))).collect();
    if duties.is_empty() { vec![duty(None)] } else { duties }
}
