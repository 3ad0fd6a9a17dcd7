//! `hourmatch pack`

use super::common::{Args, Clock, Context, Fault, Format, Paths, Stated, counted, io_reason, json};
use super::form::Ending;
use super::period::{Asked, Period};
use super::summary;
use crate::audit::pack::{self, Made, Order};
use crate::audit::settle::{Outcome, Settled};
use crate::store::certificates::NOT_STATED;
use reports::evidence::stamp;
use reports::report::{Report, Scope};
use std::io::Read;
use std::path::{Path, PathBuf};

const AFTER: &str = "\
The pack holds every input and figure. Publish the root it prints, or your public key, and anyone can verify it with \
`hourmatch-verify PACK --root HASH` or `--key PUB`. Packing a period again is a restatement: the pack carries the next \
version, the reason, what changed, and the root of the pack it replaces. With `--as-of`, a pack is evidence of what was \
known then: nothing is settled, and no later pack replaces it.

Examples:
  hourmatch pack --from 2026-03-16 --to 2026-03-23 -o week-12
  hourmatch pack --from 2026-03-16 --to 2026-03-23 -o week-12-stamped \\
      --timestamp root.tsr
  hourmatch pack --from 2026-03-16 --to 2026-03-23 -o week-12.tar.zst \\
      --sign-with hourmatch.key --reason \"meter exchanged\" --actor \"J. Doe\"";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Pack {
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    stated: Stated,
    /// Sign the root with this secret key, made by `hourmatch keys new`
    #[arg(long, value_name = "FILE", env = "HOURMATCH_SIGNING_KEY", hide_env_values = true)]
    sign_with: Option<PathBuf>,
    /// Add an authority's time-stamp of this pack's root: its answer to the query from `hourmatch pack-request`
    #[arg(long, value_name = "FILE")]
    timestamp: Option<PathBuf>,
}

const ARCHIVE: &str = ".tar.zst";

impl Pack {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        self.sign_with.iter().try_for_each(|file| paths.reads("the secret key", file))?;
        self.timestamp.iter().try_for_each(|file| paths.reads("the time-stamp", file))
    }
}

pub async fn run(context: &Context, args: &Pack) -> anyhow::Result<()> {
    context.allow_stated(&[Format::Text, Format::Json])?;
    let new = "name a new one with -o DIR or -o FILE.tar.zst";
    let to = context.out.path().ok_or_else(|| Fault::new("a pack is a folder or an archive").hint(new))?;
    // A folder named like another kind of file would be one that nothing opens. Of a file that is there already, it is said
    // that it is no folder.
    if let Some(kind) = Ending::from_path(Some(to)).kind()
        && !to.to_string_lossy().ends_with(ARCHIVE)
        && !to.is_file()
    {
        let what = format!("a pack is a folder or a {ARCHIVE}, not a .{kind}");
        return Err(Fault::new(what).file(to.display()).hint(new).into());
    }
    let key = args.sign_with.as_deref().map(super::keys::secret).transpose()?;
    let stamp = args.timestamp.as_deref().map(answer).transpose()?;
    let portfolio = context.portfolio()?;
    let Asked { store, portfolio, period, as_of, text } =
        args.period.ask(context, &portfolio, args.stated.actor.as_deref()).await?;
    let record_time = Clock::recorded();
    let why = args.stated.why();
    let order = Order { period, as_of, why, key, stamp: stamp.as_deref(), to, record_time, text };
    let made = pack::make(&store, &portfolio, &order).await?;
    context.out.committed();
    store.close().await;
    let (manifest, report) = (&made.manifest, &made.settled.computed.report);
    context.out.say(&format!("wrote {}: {}", to.display(), counted(manifest.files.len() + 1, "file", "files")));
    settled(context, &made.settled);
    other_root(&made).into_iter().for_each(|note| context.out.say(&note));
    let stdout = context.out.on_stdout();
    if context.format == Format::Json {
        let rest = json!({
            "dir": to.display().to_string(), "root": manifest.merkle_root, "files": manifest.files.len() + 1,
            "version": report.version, "replaces": report.replaces, "signed": manifest.signature.is_some(),
            "intervals_allocated": made.settled.intervals, "rows_posted": made.settled.rows,
            "intervals_with_load": report.portfolio.intervals_with_load,
            "intervals_fully_matched": report.portfolio.intervals_fully_matched,
        });
        stdout.document("hourmatch/pack-made/1", report.synthetic, rest)
    } else {
        stdout.data(&format!("root {}\n", manifest.merkle_root))
    }
}

/// Said where the version is published under another root than this pack's, as after a change of names.
fn other_root(made: &Made) -> Option<String> {
    let (report, root) = (&made.settled.computed.report, made.settled.settlement.root.as_ref()?);
    let (version, next) = (report.version, "the next version replaces that, not this pack");
    let other = report.as_of.is_none() && *root != made.manifest.merkle_root;
    other.then(|| format!("note: version {version} is published under root {root}: {next}"))
}

/// An authority's answer, as it came.
fn answer(path: &Path) -> Result<Vec<u8>, Fault> {
    let refuse = |e: std::io::Error| Fault::new(format!("cannot be read: {}", io_reason(&e))).file(path.display());
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(refuse)?.take(stamp::LARGEST + 1).read_to_end(&mut bytes).map_err(refuse)?;
    if bytes.len() as u64 > stamp::LARGEST {
        let what = format!("is not a time-stamp: it is longer than {} bytes", stamp::LARGEST);
        return Err(Fault::new(what).file(path.display()).hint("give the authority's answer, as it came"));
    }
    Ok(bytes)
}

/// Says what a settlement did, and what a restatement changed.
pub(super) fn settled(context: &Context, settled: &Settled) {
    let report: &Report = &settled.computed.report;
    let standing = match (settled.outcome, report.as_of) {
        (Outcome::Posted, _) => None,
        (Outcome::Standing, None) => Some("nothing has changed since it was settled".to_string()),
        (Outcome::Standing, Some(as_of)) => Some(format!("as it was settled by {as_of}")),
        (Outcome::FiguresOnly, as_of) => Some(format!(
            "as known at {}; nothing is settled, the ledger stays as it is",
            as_of.map_or_else(|| "another time".into(), |as_of| as_of.to_string())
        )),
    };
    let totals = &report.portfolio;
    let matched = format!(
        "{} of {} intervals with load fully matched",
        totals.intervals_fully_matched, totals.intervals_with_load
    );
    report.overlaps.iter().flat_map(summary::overlapping).for_each(|line| context.out.say(&line));
    if let Some(standing) = standing {
        context.out.say(&format!("version {}: {matched}; {standing}", report.version));
        return;
    }
    context.out.say(&format!(
        "version {}: {matched}; {} of {} intervals allocated anew, {} posted",
        report.version,
        settled.intervals,
        report.period.intervals,
        counted(settled.rows, "row", "rows")
    ));
    if let Some(restatement) = &report.restatement {
        let by = match restatement.actor.as_str() {
            NOT_STATED => "(by whom is not stated)".to_string(),
            actor => format!("by {actor}"),
        };
        context.out.say(&format!("restated {by}: {}", restatement.reason));
        for row in restatement.totals.iter().filter(|r| r.scope == Scope::Portfolio) {
            context.out.say(&format!("  {}", summary::before_after(row)));
        }
        let claims: Vec<_> = restatement.totals.iter().filter(|r| matches!(r.scope, Scope::Contract(_))).collect();
        if !claims.is_empty() {
            context.out.say("  claims changed:");
        }
        for row in claims {
            context.out.say(&format!("  {} {}", row.scope, summary::before_after(row)));
        }
    }
}
