//! `[source.<name>]`: feeds, and the forms of other people's files, which `reports::received::forms` reads.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{
    Cells, Character, Choice, Duration, Flag, Number, Table, Tables, Text, TextTable, Texts, Words,
};
use reports::received::providers::NAMES;

section! {
    pub static FEED = "[source.<name>] of a feed",
        "What `follow` and `ingest --source <name> --from --to` fetch; docs/feeds.md lists the kinds. Credentials stand in \
        no portfolio: they come from the environment or a file.";
    "kind": Choice(NAMES), "", Needed("\"gb\""); "The provider."
    "url": Text, "", Else("the provider's", "\"https://api.carbonintensity.org.uk\""); "Its address, without a path."
    "area": Text, "", Else("the boundary that `zone` names", "\"PJM\""); "The boundary that the data belong to."
    "zone": Text, "", Else("none, where the provider has one area", "\"DE\""); "What the provider calls the area."
    "series": Texts, "", Else("all that it gives", "[\"carbon_intensity\"]");
        "Series to take: the last part of a name, or a whole name."
    "settings": TextTable, "", Else("none", "{}"); "Further settings of this kind of source."
    "every": Duration, "", Else("as the provider publishes", "\"30min\"");
        "How old what is held may be: a pass comes a little before; at least 1min."
    "overlap": Duration, "", Else("as the provider revises", "\"2d\"");
        "How far back a pass asks again, for late or revised values; at most 60d."
    "rank": Number(0.0, 100.0), "", Default("0"); "Of fresh sources of a series, the lowest rank is used."
    "follow": Flag, "", Default("true"); "Whether `follow` asks it."
    "token_env": Text, "", Else("none", "\"GRID_TOKEN\""); "The environment variable that holds the credential."
    "token_file": Text, "", Else("none", "\"grid.token\"");
        "The file that holds it, relative to this one; `user:password` where the provider wants both."
    "proxy": Text, "", Else("as the environment says", "\"http://127.0.0.1:3128\""); "The proxy to use."
    "ca_file": Text, "", Else("the system's", "\"ca.pem\""); "Certificates to trust besides the system's, as PEM."
}

section! {
    pub(super) static GB = "[source.gb]",
        "GB Carbon Intensity, the feed that works even without a table. It takes the keys of a feed.";
    "kind": Choice(&["gb"]), "", Default("\"gb\""); "GB Carbon Intensity."
    "url": Text, "", Default("\"https://api.carbonintensity.org.uk\""); "Its address, without a path."
    "area": Text, "", Else("`GB`", "\"PJM\""); "The boundary that the data belong to."
    "series": Texts, "", Else("all that it gives", "[\"carbon_intensity\"]"); "Series to take."
    "every": Duration, "", Default("\"30min\"");
        "How old what is held may be: a pass comes a little before; at least 1min."
    "overlap": Duration, "", Default("\"1d\""); "How far back a pass asks again."
    "rank": Number(0.0, 100.0), "", Default("0"); "Of fresh sources of a series, the lowest rank is used."
    "follow": Flag, "", Default("true"); "Whether `follow` asks it."
    "proxy": Text, "", Else("as the environment says", "\"http://127.0.0.1:3128\""); "The proxy to use."
    "ca_file": Text, "", Else("the system's", "\"ca.pem\""); "Certificates to trust besides the system's, as PEM."
}

section! {
    pub(super) static TABLE = "[source.<name>] of a table",
        "Columns and cells match whatever their capitals, and however many blanks stand between words; `*` at the \
        end stands for anything.";
    "kind": Choice(&["table"]), "", Needed("\"table\""); "A header and rows."
    "separator": Character, "", Default("\",\""); "Between fields: `,`, `;`, `|` or a tab."
    "encoding": Choice(&["utf-8", "cp1252", "utf-16"]), "", Default("\"utf-8\"");
        "Of files without a byte order mark; `cp1252` is Windows-1252, as Excel saves CSV."
    "decimal": Character, "", Default("\".\""); "`.` or `,`."
    "thousands": Character, "", Else("numbers with groups are refused", "\"'\""); "Between groups of three digits."
    "time": Table(&TIME), "", Needed("{ start = \"Zeit\", step = \"15min\" }");
        "Where the intervals of rows stand."
    "series": Tables(&SERIES), "",
        Needed("[{ series = \"site/ashburn/load\", column = \"Wirkleistung [kW]\", unit = \"kW\" }]");
        "Each series and where its values stand."
    "header_rows": Number(1.0, 3.0), "", Default("1");
        "Rows that the header goes over, at most 3: names below one another are joined with a blank."
    "stated": Cells, "", Else("none", "{ Unite = \"W\" }");
        "What must stand beside or below a name above the header, if that name is there."
    "same": Words, "", Else("none", "\"area\"");
        "Columns whose cells must be alike in all rows: a file of two is refused."
    "only": Cells, "", Else("all rows", "{ \"Zone id\" = \"DE\" }"); "Rows to read, by column and cell; all must hold."
    "ignore": Cells, "", Else("none", "{ fuel_type = \"Storage\" }");
        "Rows to pass over before anything in them is read, such as totals; one of the columns is enough."
    "estimated": Cells, "", Else("none", "{ \"Data estimated\" = \"true\" }");
        "Rows whose values are estimates; one is enough."
    "issued": Text, "", Else("rows are readings", "\"issued\"");
        "The column that says when forecasts of a row were issued."
    "missing": Words, "", Else("the usual ones, such as `-`, `N/A` and `null`", "[\"\", \"n/a\"]");
        "Cells without a value."
    "absent": Words, "", Else("none", "\"n/e\"");
        "Cells for what does not exist: left out of sums, without making a gap."
    "add_up": Text, "", Else("none", "\"TRADING_HUB\"");
        "The column by whose cells several rows make one reading; all that ever have a value are needed."
    "zeros_are_a_gap": Flag, "", Default("false");
        "Whether a row whose generation is all zero is a gap in it, and likewise one whose demand is."
}

section! {
    static TIME = "time of [source.<name>]",
        "`start`, `end` or both; or `range` alone; or `start` and `period`. One edge alone needs `step`.";
    "start": Words, "", Else("from `end` and `step`, or `range`", "[\"DATE\", \"START TIME\"]");
        "The column of starts; several are joined with a blank."
    "end": Words, "", Else("from `start` and `step`, or `range`", "\"END\""); "The column of ends."
    "range": Text, "", Else("none", "\"MTU\""); "One column with both: `01.01.2024 00:00 - 01.01.2024 01:00`."
    "period": Text, "", Else("none", "\"SETTLEMENT_PERIOD\"");
        "The number of the interval in the local day that `start` names, from 1."
    "format": Words, "", Else("ISO 8601", "\"%d.%m.%Y %H:%M\"");
        "As strftime writes it, or `epoch-s` or `epoch-ms`: seconds or milliseconds since 1970."
    "zone": Text, "", Default("\"UTC\""); "IANA zone of times without offset."
    "marks": TextTable, "", Else("none", "{ \"(CET)\" = \"+01:00\", \"(CEST)\" = \"+02:00\" }");
        "What stands behind a time, and its offset. Where clocks go back, a time without a mark is refused."
    "step": Words, "", Else("from `start` and `end`", "\"15min\"");
        "How long an interval is; a list where it changes within a file."
    "inclusive": Flag, "", Default("false"); "Whether ends name the last minute or second of their interval."
    "across": Flag, "", Default("false");
        "Whether the columns of a series are the intervals of the day that `start` names, in order, not parts to add up."
}

section! {
    static SERIES = "series of [source.<name>]", "`[[source.<name>.series]]`, each series once.";
    "series": Text, "", Needed("\"site/ashburn/load\""); "Its name."
    "column": Words, "", Needed("\"Wirkleistung [kW]\""); "Its values; several columns are added up."
    "unit": Text, "", Needed("\"kW\""); "The unit of its values."
    "suffix": Text, "", Else("numbers alone", "\"MW\"");
        "The unit as it stands behind each number, such as `18.0 MW`; a cell with another is refused."
    "where": Cells, "", Else("all", "{ fuel_type = [\"Coal\", \"Lignite\"] }");
        "The rows that are of it, by column and cell."
    "quality": Choice(&["measured", "validated", "calculated", "estimated", "profiled"]), "",
        Default("\"measured\"");
        "How good its values are."
    "optional": Flag, "", Default("false"); "Whether columns that the header lacks are left out."
    "register": Flag, "", Default("false");
        "Whether its values are those of a register that counts on: a reading is what it rose by since the instant at \
         which its interval starts. Needs `end`."
}

section! {
    pub(super) static NEM12 = "[source.<name>] of NEM12", "AEMO's meter data file.";
    "kind": Choice(&["nem12"]), "", Needed("\"nem12\""); "NEM12."
    "series": TextTable, "", Needed("{ E1 = \"site/ashburn/import\", B1 = \"site/ashburn/export\" }");
        "Series by suffix: `E1` is drawn from the grid, `B1` fed into it."
    "nmi": Text, "", Else("the file's only meter", "\"6001234567\""); "The meter, where a file holds several."
}

section! {
    pub(super) static GREEN_BUTTON = "[source.<name>] of Green Button XML", "Green Button (ESPI) as Atom XML.";
    "kind": Choice(&["green-button-xml"]), "", Needed("\"green-button-xml\""); "Green Button XML."
    "series": Text, "", Needed("\"site/ashburn/export\""); "The series that its energy belongs to."
    "flow": Choice(&["delivered", "received"]), "", Default("\"delivered\"");
        "Delivered to the site, or received from it."
}
