//! `hourmatch reference`: what there is, from the tables that the program itself goes by.

mod codes;
mod commands;
mod files;
mod page;
mod portfolio;
mod series;

use super::common::{Context, Format, counted};
use clap::{Args, Command, ValueEnum};
use page::Page;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  hourmatch reference series\n  hourmatch reference codes --format json\n  \
    hourmatch reference schema -o hourmatch.schema.json")]
pub struct Reference {
    /// What to list; without it, everything but the schema
    #[arg(value_enum)]
    topic: Option<Topic>,
    /// Write every page and the schema into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "topic")]
    write: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Topic {
    /// Series, what they hold, and qualities of readings
    Series,
    /// Units and their conversions
    Units,
    /// Keys of the portfolio file
    Portfolio,
    /// Columns of a work list
    Work,
    /// Columns of the files that are read and written
    Files,
    /// Codes of plans, reports, verdicts and problems, and exit statuses
    Codes,
    /// Subcommands and their options
    Commands,
    /// A JSON Schema of the portfolio file, for editors
    Schema,
}

const PAGES: [Topic; 7] =
    [Topic::Series, Topic::Units, Topic::Portfolio, Topic::Work, Topic::Files, Topic::Codes, Topic::Commands];

const SCHEMA_FILE: &str = "portfolio.schema.json";

/// `whole` is the command line that this is part of.
pub fn run(context: &Context, args: &Reference, whole: Command) -> anyhow::Result<()> {
    if let Some(folder) = &args.write {
        return write(context, folder, &whole);
    }
    context.allow(&[Format::Text, Format::Json])?;
    let pages: Vec<Page> = match args.topic {
        Some(Topic::Schema) => return context.out.raw(&schema_text()?),
        Some(topic) => page(topic, &whole).into_iter().collect(),
        None => PAGES.into_iter().filter_map(|topic| page(topic, &whole)).collect(),
    };
    match (context.format, pages.as_slice()) {
        (Format::Json, [page]) => context.out.json(page),
        (Format::Json, pages) => context.out.json(&pages),
        _ => {
            let texts: Vec<String> = pages.iter().map(Page::markdown).collect();
            context.out.data(&texts.join("\n"))
        }
    }
}

/// None of the schema, which is no page.
fn page(topic: Topic, whole: &Command) -> Option<Page> {
    Some(match topic {
        Topic::Series => series::page(),
        Topic::Units => series::units_page(),
        Topic::Portfolio => portfolio::page(),
        Topic::Work => files::work_page(),
        Topic::Files => files::page(),
        Topic::Codes => codes::page(),
        Topic::Commands => commands::page(whole.clone()),
        Topic::Schema => return None,
    })
}

fn schema_text() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&portfolio::schema()).map(|text| text + "\n")
}

fn write(context: &Context, folder: &Path, whole: &Command) -> anyhow::Result<()> {
    let mut files = vec![(SCHEMA_FILE.to_string(), schema_text()?.into_bytes())];
    for topic in PAGES {
        let name = topic.to_possible_value().map(|value| format!("{}.md", value.get_name()));
        files.extend(name.zip(page(topic, whole)).map(|(name, page)| (name, page.file().into_bytes())));
    }
    context.write_all(folder, "the reference cannot be written", &files)?;
    context.out.say(&format!("{} in {}", counted(files.len(), "file", "files"), folder.display()));
    Ok(())
}
