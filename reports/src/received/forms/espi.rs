//! Green Button (NAESB ESPI) as Atom XML: interval blocks of one meter, in the unit that their reading type states.

use crate::inputs::Quality;
use crate::received::xml::{self, children, is, parse};
use crate::received::{Refused, Row, Rows};
use crate::series::name::kind_of;
use crate::text::clip;
use crate::time::{Instant, Interval};
use crate::units::Unit;
use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::str::FromStr;

/// A year of quarter-hours has some 20 MB.
const LARGEST: u64 = 128 << 20;
const MOST_NODES: u32 = 20_000_000;

/// The series that a file's energy is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GreenButton {
    pub series: String,
    /// Which way: delivered to the site, or received from it.
    #[serde(default)]
    pub flow: Flow,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    #[default]
    Delivered,
    Received,
}

pub fn recognises(first: &[u8]) -> bool {
    let text = String::from_utf8_lossy(first);
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<') && text.contains("http://naesb.org/espi")
}

/// What a `ReadingType` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    power_of_ten: i32,
    unit: u32,
    flow: Flow,
    accumulation: Option<u32>,
    commodity: Option<u32>,
}

impl Kind {
    /// What it leaves out is 0, which says nothing; what is no number is never taken for that.
    fn read(node: Node<'_, '_>) -> Result<Self, String> {
        let flow: Option<u32> = number(node, "flowDirection")?;
        Ok(Self {
            power_of_ten: number(node, "powerOfTenMultiplier")?.unwrap_or(0),
            unit: number(node, "uom")?.unwrap_or(0),
            flow: if flow == Some(19) { Flow::Received } else { Flow::Delivered },
            accumulation: number(node, "accumulationBehaviour")?,
            commodity: number(node, "commodity")?,
        })
    }

    /// Wh or W, for energy of each interval or the mean power over it.
    fn unit(self) -> Result<Unit, String> {
        // 1 and 2 are electricity, 0 says nothing.
        if let Some(commodity) = self.commodity.filter(|commodity| *commodity > 2) {
            return Err(format!("its commodity is {commodity}, not electricity (1 or 2)"));
        }
        // 4 is the change over the interval, 0 says nothing, 12 is a mean or momentary value, as power may be.
        let known: &[u32] = if self.unit == 38 { &[0, 4, 12] } else { &[0, 4] };
        if let Some(behaviour) = self.accumulation.filter(|behaviour| !known.contains(behaviour)) {
            let what = if behaviour == 3 { "register readings that add up" } else { "no energy per interval" };
            return Err(format!("its values are {what} (accumulationBehaviour {behaviour}), not intervals (4)"));
        }
        match self.unit {
            72 => Ok(Unit::WH),
            38 => Ok(Unit::W),
            other => Err(format!("its unit is uom {other}, not Wh (72) or W (38)")),
        }
    }
}

impl GreenButton {
    pub fn check(&self) -> Result<(), String> {
        kind_of(&self.series).map(|_| ()).map_err(|e| e.to_string())
    }

    pub fn read(&self, text: impl Read, batch: &mut impl Rows) -> Result<(), Refused> {
        let mut xml = String::new();
        let unreadable =
            |e: std::io::Error| Refused::new(format!("is not UTF-8 text: {e}")).hint("give XML, plain or gzip");
        text.take(LARGEST + 1).read_to_string(&mut xml).map_err(unreadable)?;
        if xml.len() as u64 > LARGEST {
            return Err(Refused::new(format!("is larger than {} MB", LARGEST >> 20)).hint("export shorter periods"));
        }
        let document = parse(&xml, MOST_NODES).map_err(|refused| refused.hint("fetch the file again"))?;
        self.blocks(&xml, &document, batch)
    }

    fn blocks(&self, xml: &str, document: &Document<'_>, batch: &mut impl Rows) -> Result<(), Refused> {
        let nodes = |name: &'static str| document.descendants().filter(move |node| is(*node, name));
        let kinds: Vec<Node<'_, '_>> = nodes("ReadingType").collect();
        let mut lines = Lines { xml, at: 0, line: 1 };
        let mut taken = false;
        for block in nodes("IntervalBlock") {
            let kind = match kinds[..] {
                [] => return Err(Refused::new("holds no ReadingType, so its unit is not known")),
                [kind] => kind,
                _ => linked(document, block, &kinds).ok_or_else(|| {
                    let line = lines.line_of(block);
                    Refused::new("an IntervalBlock is linked to none of the ReadingTypes").line(line)
                })?,
            };
            let kind = Kind::read(kind).map_err(|what| Refused::new(what).line(lines.line_of(kind)))?;
            if kind.flow != self.flow {
                continue;
            }
            let unit = kind.unit().map_err(Refused::new)?;
            taken = true;
            for reading in children(block, "IntervalReading") {
                let line = lines.line_of(reading);
                if let Err(reason) = self.reading(reading, (kind, unit, line), batch) {
                    batch.reject(line, reason);
                }
            }
        }
        if taken {
            return Ok(());
        }
        let which = if self.flow == Flow::Delivered { "delivered" } else { "received" };
        Err(Refused::new(format!("holds no energy {which}"))
            .hint("a [source.<name>] of kind green-button-xml says flow = \"delivered\" or \"received\""))
    }

    fn reading(
        &self,
        node: Node<'_, '_>,
        (kind, unit, line): (Kind, Unit, u64),
        batch: &mut impl Rows,
    ) -> Result<(), String> {
        let period = children(node, "timePeriod").next().ok_or("has no timePeriod")?;
        let number = |name: &str| {
            let text = text_of(period, name).ok_or_else(|| format!("has no {name}"))?;
            text.parse::<i64>().map_err(|_| format!("its {name} `{}` is not a number of seconds", clip(text)))
        };
        let (start, length_s) = (number("start")?, number("duration")?);
        let end = start.checked_add(length_s).ok_or("its duration is too long")?;
        let interval =
            Interval::new(Instant::from_seconds(start), Instant::from_seconds(end)).map_err(|e| e.to_string())?;
        let Some(value) = xml::text_of(node, "value").filter(|value| !value.is_empty()) else { return Ok(()) };
        if value.contains(['e', 'E']) {
            return Err(format!("`{}` is not a number", clip(&value)));
        }
        let value = format!("{value}e{}", kind.power_of_ten);
        let quality = children(node, "ReadingQuality").next().and_then(|node| text_of(node, "quality"));
        // Estimated, interpolated, questionable, projected, mixed.
        let is_estimate = quality.is_some_and(|quality| ["8", "9", "10", "12", "13"].contains(&quality));
        let quality = if is_estimate { Quality::Estimated } else { Quality::Measured };
        batch.push(Row { line, series: &self.series, interval, value: &value, unit, quality, issued: None });
        Ok(())
    }
}

/// The number that a child holds; none where there is no such child, or nothing in it.
fn number<T: FromStr>(node: Node<'_, '_>, name: &str) -> Result<Option<T>, String> {
    let text = text_of(node, name).filter(|text| !text.is_empty());
    let read = |text: &str| {
        text.parse::<T>().map_err(|_| format!("its {name} `{}` is not a number as ESPI has it", clip(text)))
    };
    text.map(read).transpose()
}

fn text_of<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|child| is(*child, name))?.text().map(str::trim)
}

/// The reading type of a block, where a file has several: the block's `up` is among what its meter reading is related to,
/// and so is the type's `self`.
fn linked<'a, 'i>(document: &Document<'_>, block: Node<'_, '_>, kinds: &[Node<'a, 'i>]) -> Option<Node<'a, 'i>> {
    let up = links(entry(block)?, "up").next()?;
    let meters: Vec<Node<'_, '_>> =
        document.descendants().filter(|node| is(*node, "MeterReading")).filter_map(entry).collect();
    let relates = |entry: &&Node<'_, '_>| links(**entry, "related").any(|related| related == up);
    let holds = |entry: &&Node<'_, '_>| links(**entry, "self").any(|own| up.starts_with(&format!("{own}/")));
    let meter = *meters.iter().find(relates).or_else(|| meters.iter().find(holds))?;
    let related: Vec<&str> = links(meter, "related").collect();
    kinds
        .iter()
        .find(|node| entry(**node).is_some_and(|entry| links(entry, "self").any(|own| related.contains(&own))))
        .copied()
}

fn entry<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    node.ancestors().find(|ancestor| is(*ancestor, "entry"))
}

fn links<'a>(entry: Node<'a, 'a>, rel: &'static str) -> impl Iterator<Item = &'a str> {
    let of_rel = move |node: &Node<'a, 'a>| is(*node, "link") && node.attribute("rel") == Some(rel);
    entry.children().filter(of_rel).filter_map(|node| node.attribute("href"))
}

/// Lines of elements, asked for in the order of the text.
struct Lines<'x> {
    xml: &'x str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line_of(&mut self, node: Node<'_, '_>) -> u64 {
        let at = node.range().start;
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        let passed = self.xml.as_bytes()[self.at..at].iter().filter(|byte| **byte == b'\n').count();
        (self.at, self.line) = (at, self.line + passed as u64);
        self.line
    }
}
