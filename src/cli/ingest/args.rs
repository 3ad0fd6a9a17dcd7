//! What `hourmatch ingest` is told.

use super::input::{STDIN, STDOUT};
use crate::cli::common::{Args, BoundaryId, Fault, Paths, SiteId, Stated, ValueEnum};
use reports::received::Ends;
use std::path::PathBuf;

const AFTER: &str = "\
A readings file is CSV, plain or gzip: series,start,end,value,unit and optional quality,issued,quantile. A row with \
`issued` is a forecast, issued before its interval ends; it never changes.
An invoices file is CSV with a column `invoice`: invoice,site,start,end and wh, or value,unit. A later row of the same \
number and site replaces the earlier one, which is kept.
A file with a bad row is refused whole, unless --reject keeps the good rows. Several files are stored all or none. \
Ingesting a file again adds nothing; a changed value is a correction, and the old value is kept.
Exports of Electricity Maps, ENTSO-E, NESO, Elexon, EIA-930, PJM, CAISO, WattTime, Octopus, Enedis, Green Button and \
NEM12 are recognised by their header; the command says what else they need, such as --area. docs/sources.md lists them; \
any other table needs a [source.<name>] in the portfolio, which --explain FILE proposes.
Parquet files and workbooks (XLSX, one sheet) are read as tables; the store keeps the table as CSV.
With --source NAME of a feed in the portfolio, or `gb`, --from and --to, it fetches a period part by part, and no part \
twice: after an interruption, the same command continues.
`neso` files are captures of GB carbon intensity; their name or --issued says when they were issued.
Readings that are doubtful, given the portfolio or the series' own past, are stored as received and flagged \
`suspect`; readings above twice a stated limit are refused. docs/checks.md lists the checks.
The end of an interval is the first instant after it; ends such as 00:59:59 or 00:59 are refused, or read as the last \
second or minute with --ends inclusive. Negative readings of plants and fuels are kept and count as 0.

Examples:
  hourmatch ingest meters.csv.gz
  hourmatch ingest meters.csv --reject bad-rows.csv
  hourmatch ingest logger.csv --ends inclusive
  hourmatch ingest corrected.csv --actor j.doe --reason meter-exchanged
  hourmatch ingest gen_by_fuel.csv --area EAST
  hourmatch ingest nem12.csv --site ashburn
  hourmatch ingest --explain load-from-excel.csv
  hourmatch ingest load.xlsx --sheet Load
  hourmatch ingest PJM.csv.gz --source eia930 --area EAST --label start
  hourmatch ingest 2026-03-14T0331Z.csv --source neso --area NORTH
  hourmatch ingest --source gb --area NORTH --from 2026-03-01 --to 2026-03-08";

#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub struct Ingest {
    /// Files to ingest, all or none; `-` is standard input
    pub files: Vec<PathBuf>,
    /// Source that the files come from, or feed to fetch; default: recognised by header
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Say what each file is and how its rows would be taken, and take nothing in; of a table that no source describes,
    /// propose a [source.<name>]
    #[arg(long)]
    pub explain: bool,
    /// Sheet of a workbook that has several with data
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Boundary the data belong to
    #[arg(long)]
    pub area: Option<BoundaryId>,
    /// The file's own name for the area or node, if it is not the boundary's id
    #[arg(long)]
    pub zone: Option<String>,
    /// Series of a meter's export
    #[arg(long)]
    pub series: Option<String>,
    /// Site of a meter's export that holds import and export
    #[arg(long)]
    pub site: Option<SiteId>,
    /// Time zone of an export in local time
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Whether times name the start or the end of their hour; it differs by area, so there is no default
    #[arg(long, value_enum)]
    pub label: Option<LabelName>,
    /// Whether ends in a readings or invoices file are the first instant after an interval, or its last second or
    /// minute
    #[arg(long, value_enum)]
    pub ends: Option<EndsName>,
    /// When the forecasts in a capture were issued; default: the time in the file's name
    #[arg(long, value_name = "T")]
    pub issued: Option<String>,
    /// How long after an interval's end its reading is published
    #[arg(long, default_value = "0s", value_name = "D")]
    pub delay: String,
    /// Keep the good rows and write the bad ones here; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub reject: Option<PathBuf>,
    /// Refuse a file with suspect readings; otherwise they are taken, with a warning
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub stated: Stated,
    /// Start of what to fetch
    #[arg(long, value_name = "T")]
    pub from: Option<String>,
    /// End of what to fetch
    #[arg(long, value_name = "T")]
    pub to: Option<String>,
    /// Fetch again what was fetched before, in case values were revised
    #[arg(long)]
    pub again: bool,
    /// Also write the provider's answers to files in this folder, without secrets
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LabelName {
    Start,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EndsName {
    /// The first instant after the interval
    Exclusive,
    /// The last second or minute of the interval: 00:59:59 or 00:59
    Inclusive,
}

impl Ingest {
    pub fn paths(&self, paths: &Paths) -> Result<(), Fault> {
        let named = self.files.iter().filter(|file| file.as_os_str() != STDIN);
        named.into_iter().try_for_each(|file| paths.reads("an input", file))?;
        let file = self.reject.iter().filter(|file| file.as_os_str() != STDOUT);
        file.into_iter().try_for_each(|file| paths.writes("--reject", file))
    }

    /// What the ends of readings and invoices name.
    pub fn ends(&self) -> Ends {
        match self.ends {
            None | Some(EndsName::Exclusive) => Ends::Exclusive,
            Some(EndsName::Inclusive) => Ends::Inclusive,
        }
    }
}
