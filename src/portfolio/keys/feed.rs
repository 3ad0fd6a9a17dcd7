//! `[source.<name>]` of what is fetched: one table for every provider.

use super::kinds::Presence::{Default, Else, Needed};
use super::kinds::Takes::{Choice, Duration, Flag, Number, Text, TextTable, Texts};
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
