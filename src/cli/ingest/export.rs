//! What a file is read by; of an export, which of its provider's forms it has, and what the user has to say of it.

use super::args::Ingest;
use crate::cli::common::{BoundaryId, Fault, Portfolio};
use crate::ingest::recognise::{self, Recognised};
use crate::ingest::sources::Source;
use reports::received::forms::{Answers, Export, is_of, named_area};
use reports::text::clip;
use std::path::Path;

/// What a file is read by, and what to say of it where its header told.
pub(super) struct Chosen {
    pub source: Source,
    pub taken_as: Option<String>,
    /// The form of an export, as a portfolio would state it.
    pub text: Option<String>,
}

impl Chosen {
    pub(super) fn by_name(source: Source) -> Self {
        Self { source, taken_as: None, text: None }
    }
}

/// ``PJM Data Miner generation by fuel, `pjm` ``.
pub(super) fn title(name: &str, found: &Recognised) -> String {
    let exports = found.exports.iter().map(|export| (export.name, export.title));
    let feeds = found.feeds.iter().map(|feed| (feed.about().name, feed.about().title));
    match exports.chain(feeds).find(|(known, _)| *known == name) {
        Some((name, title)) => format!("{title}, `{name}`"),
        None => format!("`{name}` of the portfolio"),
    }
}

/// The boundary that a file's rows belong to.
pub(super) fn area(args: &Ingest, source: &str, portfolio: &Portfolio) -> Result<BoundaryId, Fault> {
    let area = args.area.clone().ok_or_else(|| {
        Fault::new(format!("--source {source} needs --area"))
            .hint(format!("name the boundary the file belongs to: {}", portfolio.boundary_ids().join(" ")))
    })?;
    portfolio.check_area(&area)?;
    Ok(area)
}

/// An export of a provider, in that of its forms which the file's header has.
pub(super) fn choose(args: &Ingest, portfolio: &Portfolio, path: &Path, exports: &[Export]) -> Result<Chosen, Fault> {
    let answers = answers(args, portfolio, exports)?;
    let answered: Vec<Export> = exports.iter().copied().filter(|export| export.lacks(&answers).is_empty()).collect();
    let Some(any) = answered.first() else { return Err(unanswered(exports, &answers)) };
    let form = |export: Export| export.form(&answers).map_err(|what| Fault::new(format!("{}: {what}", export.name)));
    let first = recognise::first(path)?;
    for export in &answered {
        let form = form(*export)?;
        if form.recognises(&first) {
            area_of(&first, *export, &answers).map_err(|problem| problem.file(path.display()))?;
            let source = Source::Form { name: export.name.into(), form };
            return Ok(Chosen { text: Some(export.text(&answers)), ..Chosen::by_name(source) });
        }
    }
    // Read all the same where nothing else is likelier: its refusal says what the header lacks.
    let found = recognise::recognise(&first, &portfolio.forms);
    match found.names().first() {
        Some(other) => Err(Fault::new(format!("is not of source `{}`", any.name))
            .file(path.display())
            .hint(format!("it looks like {}", title(other, &found)))),
        None => Ok(Chosen::by_name(Source::Form { name: any.name.into(), form: form(*any)? })),
    }
}

/// Refuses a file that names another area than the user does.
fn area_of(first: &[u8], export: Export, answers: &Answers) -> Result<(), Fault> {
    let Some(named) = named_area(export, answers, first) else { return Ok(()) };
    let area = answers.area.as_deref().unwrap_or_default();
    let said = answers.zone.as_deref().unwrap_or(area);
    if is_of(&named, said) {
        return Ok(());
    }
    let named = clip(&named);
    Err(Fault::new(format!("is of area `{named}`, not of `{said}`")).hint(format!(
        "give the file of `{said}`, or name its boundary with --area; where `{area}` is what the file calls `{named}`, add \
         --zone \"{named}\""
    )))
}

/// What is said of an export; what none of its forms asks for is refused.
fn answers(args: &Ingest, portfolio: &Portfolio, exports: &[Export]) -> Result<Answers, Fault> {
    let name = exports.first().map_or("", |export| export.name);
    let asked: Vec<&str> = exports.iter().flat_map(|export| export.asks()).collect();
    let names_area = exports.iter().any(|export| export.name.starts_with("entsoe-"));
    let said = [
        ("area", args.area.is_some(), "zone"),
        ("zone", args.zone.is_some(), "zone"),
        ("series", args.series.is_some(), "series"),
        ("site", args.site.is_some(), "site"),
        ("time-zone", args.time_zone.is_some(), "time-zone"),
    ];
    for (option, said, or) in said {
        let named = option == "zone" && names_area;
        if said && !named && !asked.contains(&option) && !asked.contains(&or) {
            let wanted: Vec<String> = asked.iter().map(|asked| format!("--{asked}")).collect();
            return Err(Fault::new(format!("--{option} does not apply to --source {name}"))
                .hint(format!("it takes {}", wanted.join(" "))));
        }
    }
    args.site.as_ref().map(|site| portfolio.find_site(site)).transpose()?;
    let area = args.area.as_ref().map(|_| area(args, name, portfolio)).transpose()?;
    let [zone, series, time_zone] = [&args.zone, &args.series, &args.time_zone].map(Clone::clone);
    Ok(Answers { area, zone, series, site: args.site.clone(), time_zone })
}

/// What to say of an export that no form of its own can do without.
fn unanswered(exports: &[Export], answers: &Answers) -> Fault {
    let example = |asked: &str| match asked {
        "area" => "--area PJM",
        "zone" => "--zone DE_LU",
        "series" => "--series site/ashburn/import",
        "site" => "--site ashburn",
        _ => "--time-zone Europe/Berlin",
    };
    let ways = |word: &dyn Fn(&str) -> String, between: &str| {
        let lacks = exports.iter().map(|export| export.lacks(answers));
        let mut ways: Vec<_> =
            lacks.map(|lacks| lacks.into_iter().map(word).collect::<Vec<_>>().join(between)).collect();
        ways.dedup();
        ways.join(", or ")
    };
    let name = exports.first().map_or("", |export| export.name);
    let needs = ways(&|lack| format!("--{lack}"), " and ");
    Fault::new(format!("--source {name} needs {needs}"))
        .hint(format!("add {}", ways(&|lack| example(lack).into(), " ")))
}
