//! How cells look.

use crate::records::{Kind, Value};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use std::sync::LazyLock;

type Style = LazyLock<Format>;

const HEADER_FILL: Color = Color::RGB(0xE8EEF4);
const NOTE_TEXT: Color = Color::RGB(0x555555);
const WHOLE_NUMBER: &str = "#,##0";
const UP_TO_SIX: &str = "#,##0.000###";

pub(super) static TITLE: Style = Style::new(|| Format::new().set_bold().set_font_size(16));
pub(super) static NOTE: Style = Style::new(|| Format::new().set_italic().set_font_color(NOTE_TEXT));
pub(super) static HEADER: Style =
    Style::new(|| Format::new().set_bold().set_background_color(HEADER_FILL).set_border_bottom(FormatBorder::Thin));
pub(super) static LABEL: Style = Style::new(|| Format::new().set_bold());
/// Text among figures.
pub(super) static RIGHT: Style = Style::new(|| Format::new().set_align(FormatAlign::Right));
static LONG: Style = Style::new(|| Format::new().set_text_wrap().set_align(FormatAlign::Top));
static INTEGER: Style = Style::new(|| RIGHT.clone().set_num_format(WHOLE_NUMBER));
pub(super) static SHARE: Style = Style::new(|| RIGHT.clone().set_num_format("0.000000"));
static INSTANT: Style = Style::new(|| RIGHT.clone().set_num_format("yyyy-mm-dd hh:mm:ss"));
static DECIMAL: Style = Style::new(|| RIGHT.clone().set_num_format(UP_TO_SIX));
pub(super) static PERCENT: Style = Style::new(|| RIGHT.clone().set_num_format("0.00 %"));
pub(super) static TOTAL_LABEL: Style = Style::new(|| Format::new().set_bold().set_border_top(FormatBorder::Thin));
pub(super) static TOTAL: Style = Style::new(|| TOTAL_LABEL.clone().set_num_format(WHOLE_NUMBER));
pub(super) static TOTAL_DECIMAL: Style = Style::new(|| TOTAL_LABEL.clone().set_num_format(UP_TO_SIX));

/// The format of a table's column; plain text has none.
pub(super) fn format(kind: Kind) -> Option<&'static Format> {
    match kind {
        Kind::Text => None,
        Kind::Long => Some(&LONG),
        Kind::Integer => Some(&INTEGER),
        Kind::Share => Some(&SHARE),
        Kind::Instant => Some(&INSTANT),
        Kind::Decimal => Some(&DECIMAL),
        Kind::Percent => Some(&PERCENT),
    }
}

/// The format of a value among figures.
pub(super) fn of_value(value: &Value<'_>) -> &'static Format {
    match value {
        Value::Integer(_) => &INTEGER,
        Value::Share(_) => &SHARE,
        _ => &RIGHT,
    }
}
