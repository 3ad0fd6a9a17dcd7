//! Market documents of IEC 62325, as ENTSO-E answers with them: curves of points in XML, and acknowledgements in their
//! place.
//!
//! Names are read in any namespace, for its version changes. A point of curve type A01 stands for its own interval; one
//! of A03 for all that follow until the next, or the end of its period: A03 leaves out points that repeat the one
//! before.

use super::answer::Fault;
use super::json::published;
use crate::received::xml::{children, parse, text_of};
use crate::text::clip;
use crate::time::{Instant, Interval};
use roxmltree::Node;
use std::collections::BTreeMap;

const MOST_NODES: u32 = 6_000_000;
/// Values that one document may come to: repeated points take no bytes in it.
const MOST_POINTS: i64 = 3_000_000;

/// What an answer is.
#[derive(Debug, PartialEq, Eq)]
pub enum Market {
    Curves(Curves),
    /// In place of data: why there are none, as code and text.
    Acknowledgement {
        code: String,
        text: String,
    },
}

#[derive(Debug, PartialEq, Eq)]
pub struct Curves {
    /// Document type, such as `A75`.
    pub kind: String,
    pub process: Option<String>,
    /// When the document was made.
    pub created: Option<Instant>,
    /// One for each period of each time series.
    pub curves: Vec<Curve>,
}

/// A period of a time series, and what that says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Curve {
    pub psr_type: Option<String>,
    /// Into which area, and out of which.
    pub into: Option<String>,
    pub out_of: Option<String>,
    pub contract: Option<String>,
    pub sequence: Option<String>,
    /// `MAW`; of a price `MWH`.
    pub unit: Option<String>,
    pub currency: Option<String>,
    pub step_s: i64,
    /// In time; a value that is not known is none.
    pub points: Vec<(Interval, Option<String>)>,
    /// What cannot be told of points.
    pub faults: Vec<String>,
}

/// Reads a document; of its points, those within a period.
pub fn read(xml: &str, within: Interval) -> Result<Market, Fault> {
    let document = parse(xml, MOST_NODES).map_err(|refused| Fault::form(format!("the answer {}", refused.what)))?;
    let root = document.root_element();
    match root.tag_name().name() {
        "GL_MarketDocument" | "Publication_MarketDocument" => curves(root, within).map(Market::Curves),
        "Acknowledgement_MarketDocument" => {
            let reasons: Vec<Node<'_, '_>> = children(root, "Reason").collect();
            let all = |name: &str| {
                let texts: Vec<String> = reasons.iter().filter_map(|reason| text_of(*reason, name)).collect();
                texts.join("; ").chars().take(300).collect::<String>()
            };
            Ok(Market::Acknowledgement { code: all("code"), text: all("text") })
        }
        other => Err(Fault::form(format!("the answer is a `{}`, not a market document", clip(other)))),
    }
}

fn curves(root: Node<'_, '_>, within: Interval) -> Result<Curves, Fault> {
    let created = text_of(root, "createdDateTime").map(|text| published(&text)).transpose();
    let mut read = Curves {
        kind: text_of(root, "type").unwrap_or_default(),
        process: text_of(root, "process.processType"),
        created: created.map_err(|what| Fault::form(format!("createdDateTime {what}")))?,
        curves: Vec::new(),
    };
    let mut left = MOST_POINTS;
    for series in children(root, "TimeSeries") {
        let sparse = match text_of(series, "curveType").as_deref() {
            None | Some("A01") => false,
            Some("A03") => true,
            Some(other) => return Err(Fault::form(format!("curve type `{}` is not A01 or A03", clip(other)))),
        };
        for period in children(series, "Period") {
            read.curves.push(curve(series, period, (sparse, within, &mut left))?);
        }
    }
    Ok(read)
}

fn curve(
    series: Node<'_, '_>,
    period: Node<'_, '_>,
    (sparse, within, left): (bool, Interval, &mut i64),
) -> Result<Curve, Fault> {
    let any = |names: [&str; 2]| names.into_iter().find_map(|name| text_of(series, name));
    let (span, step_s) = grid(period)?;
    let count = span.duration_s() / step_s;
    *left -= count;
    if *left < 0 {
        return Err(Fault::form(format!("the answer comes to more than {MOST_POINTS} values")));
    }
    let mut curve = Curve {
        psr_type: children(series, "MktPSRType").find_map(|kind| text_of(kind, "psrType")),
        into: any(["inBiddingZone_Domain.mRID", "in_Domain.mRID"]),
        out_of: any(["outBiddingZone_Domain.mRID", "out_Domain.mRID"]),
        contract: text_of(series, "contract_MarketAgreement.type"),
        sequence: text_of(series, "classificationSequence_AttributeInstanceComponent.position"),
        unit: any(["quantity_Measure_Unit.name", "price_Measure_Unit.name"]),
        currency: text_of(series, "currency_Unit.name"),
        step_s,
        points: Vec::new(),
        faults: Vec::new(),
    };
    let stated = stated(period, count, &mut curve.faults)?;
    let mut before: Option<&Option<String>> = None;
    for position in 1..=count {
        before = stated.get(&position).or(before.filter(|_| sparse));
        let start = span.start + (position - 1) * step_s;
        let interval = Interval { start, end: start + step_s };
        if let Some(value) = before.filter(|_| within.contains(interval)) {
            curve.points.push((interval, value.clone()));
        }
    }
    Ok(curve)
}

/// Where a period lies, and how long its intervals are.
fn grid(period: Node<'_, '_>) -> Result<(Interval, i64), Fault> {
    let resolution = text_of(period, "resolution").unwrap_or_default();
    let step_s = match resolution.as_str() {
        "PT15M" => 900,
        "PT30M" => 1_800,
        "PT60M" | "PT1H" => 3_600,
        other => return Err(Fault::form(format!("resolution `{}` is not PT15M, PT30M or PT60M", clip(other)))),
    };
    let interval = children(period, "timeInterval").next();
    let edge = |name: &str| {
        let text = interval.and_then(|interval| text_of(interval, name)).unwrap_or_default();
        Instant::parse_minute(&text).map_err(|e| Fault::form(format!("the {name} of a period: {e}")))
    };
    let span = Interval::new(edge("start")?, edge("end")?).map_err(|e| Fault::form(format!("a period: {e}")))?;
    if let Some(fault) = span.fault() {
        return Err(Fault::form(fault));
    }
    if !span.start.is_on(step_s) || !span.end.is_on(step_s) {
        return Err(Fault::form(format!("the period {span} does not lie on {resolution}")));
    }
    Ok((span, step_s))
}

/// The points there are, by position from 1. Of two in one place that differ, neither is known.
fn stated(period: Node<'_, '_>, count: i64, faults: &mut Vec<String>) -> Result<BTreeMap<i64, Option<String>>, Fault> {
    let mut points = BTreeMap::new();
    for point in children(period, "Point") {
        let text = text_of(point, "position").unwrap_or_default();
        let position = text.parse::<i64>().ok().filter(|position| (1..=count).contains(position));
        let position =
            position.ok_or_else(|| Fault::form(format!("position `{}` is not one of 1 to {count}", clip(&text))))?;
        let value = text_of(point, "quantity").or_else(|| text_of(point, "price.amount"));
        let value = value.filter(|value| !value.is_empty() && !value.eq_ignore_ascii_case("nan"));
        match points.get(&position) {
            Some(known) if *known != value => {
                faults.push(format!("position {position} is there twice, with different values"));
                points.insert(position, None);
            }
            Some(_) => {}
            None => {
                points.insert(position, value);
            }
        }
    }
    Ok(points)
}
