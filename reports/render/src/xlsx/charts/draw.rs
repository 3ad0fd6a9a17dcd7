//! A chart over columns of one sheet, in the colours of the other forms.

use crate::captions;
use crate::palette::{Colour, HAIR, MATCHED, STORED, SURPLUS, SURPLUS_PALE, UNMATCHED, UNMATCHED_PALE};
use crate::xlsx::sheet::first_units;
use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType,
    ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType, ChartSeries, ChartSolidFill, ChartType,
    Color,
};

/// In pixels.
const WIDTH: u32 = 960;
pub(super) const HEIGHT: u32 = 340;
/// Longest text alternative Excel takes, in UTF-16 units; it drops one that is longer.
const LONGEST_ALT: usize = 255;
/// Surplus hangs below the line, but is no negative energy: axes show no sign.
const WHOLE_UNITS: &str = "#,##0;#,##0";

const STRIPES: ChartPatternFillType = ChartPatternFillType::DiagonalStripesWideUpwards;
const DOTS: ChartPatternFillType = ChartPatternFillType::Dotted20Percent;

/// How a part is drawn. None rests on colour alone.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Matched,
    Unmatched,
    Surplus,
    /// A line with a mark at each value.
    Score(Colour, ChartMarkerType),
    /// A dashed line, in the colour of the score aimed at.
    Target(Colour),
}

impl Look {
    pub(super) const MATCHED_SHARE: Self = Self::Score(MATCHED, ChartMarkerType::Circle);
    pub(super) const CFE_SCORE: Self = Self::Score(STORED, ChartMarkerType::Diamond);
}

pub(super) struct Series {
    pub(super) name: String,
    pub(super) column: u16,
    pub(super) look: Look,
}

/// Matched and unmatched above the line, together the load; surplus below. Each by its column.
pub(super) fn stacked([matched, unmatched, below]: [u16; 3]) -> Vec<Series> {
    let series = [
        (captions::MATCHED, matched, Look::Matched),
        (captions::UNMATCHED, unmatched, Look::Unmatched),
        (captions::SURPLUS, below, Look::Surplus),
    ];
    series.map(|(name, column, look)| Series { name: name.to_string(), column, look }).into()
}

/// What is drawn: rows of a sheet, their names in its first column.
pub(super) struct Plot {
    pub(super) title: String,
    /// The text alternative, cut to what Excel takes.
    pub(super) about: String,
    /// Titles of the axes, with units.
    pub(super) across: String,
    pub(super) up: &'static str,
    pub(super) numbers: Numbers,
    pub(super) sheet: &'static str,
    /// First and last row, counted from 0.
    pub(super) rows: (u32, u32),
    /// One of so many names is written under the axis.
    pub(super) every: u16,
    pub(super) series: Vec<Series>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Numbers {
    /// Lines from 0 to 100 %.
    Shares,
    /// Columns that reach so far from zero.
    Stack(f64),
}

impl Plot {
    pub(super) fn chart(&self) -> Chart {
        let mut chart = Chart::new(match self.numbers {
            Numbers::Shares => ChartType::Line,
            Numbers::Stack(_) => ChartType::ColumnStacked,
        });
        chart.title().set_name(self.title.as_str()).set_font(ChartFont::new().set_bold().set_size(12));
        chart.legend().set_position(ChartLegendPosition::Bottom);
        let across = chart.x_axis();
        across.set_name(self.across.as_str()).set_label_position(ChartAxisLabelPosition::Low);
        across.set_label_interval(self.every);
        let up = chart.y_axis();
        up.set_name(self.up).set_num_format(self.numbers.format());
        up.set_major_gridlines_line(ChartLine::new().set_color(rgb(HAIR)));
        if matches!(self.numbers, Numbers::Shares) {
            up.set_min(0).set_max(1);
        }
        for series in &self.series {
            self.add(series, chart.add_series());
        }
        chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(first_units(&self.about, LONGEST_ALT));
        chart
    }

    fn add(&self, series: &Series, drawn: &mut ChartSeries) {
        let (first, last) = self.rows;
        drawn.set_name(series.name.as_str());
        drawn.set_categories((self.sheet, first, 0, last, 0));
        drawn.set_values((self.sheet, first, series.column, last, series.column));
        drawn.set_format(&mut format(series.look));
        match marker(series.look, first == last) {
            Some(marker) => drawn.set_marker(&marker),
            None => drawn.set_gap(40),
        };
    }
}

impl Numbers {
    fn format(self) -> &'static str {
        match self {
            Self::Shares => "0 %",
            Self::Stack(highest) if highest >= 10.0 => WHOLE_UNITS,
            Self::Stack(highest) if highest >= 0.1 => "0.00;0.00",
            Self::Stack(_) => "0.000000;0.000000",
        }
    }
}

pub(super) fn rgb(Colour(red, green, blue): Colour) -> Color {
    Color::RGB((u32::from(red) << 16) | (u32::from(green) << 8) | u32::from(blue))
}

fn format(look: Look) -> ChartFormat {
    let mut format = ChartFormat::new();
    match look {
        Look::Matched => format.set_solid_fill(ChartSolidFill::new().set_color(rgb(MATCHED))),
        Look::Unmatched => pattern(&mut format, STRIPES, UNMATCHED, UNMATCHED_PALE),
        Look::Surplus => pattern(&mut format, DOTS, SURPLUS, SURPLUS_PALE),
        Look::Score(colour, _) => format.set_line(ChartLine::new().set_color(rgb(colour)).set_width(2.25)),
        Look::Target(colour) => format
            .set_line(ChartLine::new().set_color(rgb(colour)).set_width(1.5).set_dash_type(ChartLineDashType::Dash)),
    };
    format
}

fn pattern(format: &mut ChartFormat, kind: ChartPatternFillType, edge: Colour, pale: Colour) -> &mut ChartFormat {
    let mut fill = ChartPatternFill::new();
    fill.set_pattern(kind).set_foreground_color(rgb(edge)).set_background_color(rgb(pale));
    format.set_pattern_fill(&fill).set_border(ChartLine::new().set_color(rgb(edge)).set_width(0.75))
}

/// Of a line; one of a single point would not show without.
fn marker(look: Look, single: bool) -> Option<ChartMarker> {
    let (colour, kind) = match look {
        Look::Matched | Look::Unmatched | Look::Surplus => return None,
        Look::Score(colour, kind) => (colour, Some(kind)),
        Look::Target(colour) => (colour, single.then_some(ChartMarkerType::LongDash)),
    };
    let mut marker = ChartMarker::new();
    match kind {
        Some(kind) => marker.set_type(kind).set_size(7).set_format(ChartSolidFill::new().set_color(rgb(colour))),
        None => marker.set_none(),
    };
    Some(marker)
}
