//! How cells look.

use crate::records::Kind;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

const HEADER_FILL: Color = Color::RGB(0xE8EEF4);
const NOTE_TEXT: Color = Color::RGB(0x555555);
const INTEGER: &str = "#,##0";
const SHARE: &str = "0.000000";
const DECIMAL: &str = "#,##0.000###";
const PERCENT: &str = "0.00 %";

pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) note: Format,
    pub(super) header: Format,
    pub(super) label: Format,
    /// Text among figures.
    pub(super) right: Format,
    pub(super) long: Format,
    pub(super) integer: Format,
    pub(super) share: Format,
    pub(super) instant: Format,
    pub(super) decimal: Format,
    pub(super) percent: Format,
    pub(super) total_label: Format,
    pub(super) total: Format,
    pub(super) total_decimal: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let right = Format::new().set_align(FormatAlign::Right);
        let total = Format::new().set_bold().set_border_top(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            note: Format::new().set_italic().set_font_color(NOTE_TEXT),
            header: Format::new().set_bold().set_background_color(HEADER_FILL).set_border_bottom(FormatBorder::Thin),
            label: Format::new().set_bold(),
            long: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            integer: right.clone().set_num_format(INTEGER),
            share: right.clone().set_num_format(SHARE),
            instant: right.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            decimal: right.clone().set_num_format(DECIMAL),
            percent: right.clone().set_num_format(PERCENT),
            total_label: total.clone(),
            total_decimal: total.clone().set_num_format(DECIMAL),
            total: total.set_num_format(INTEGER),
            right,
        }
    }

    /// The format of a table's column; plain text has none.
    pub(super) fn format(&self, kind: Kind) -> Option<&Format> {
        match kind {
            Kind::Text => None,
            Kind::Long => Some(&self.long),
            Kind::Integer => Some(&self.integer),
            Kind::Share => Some(&self.share),
            Kind::Instant => Some(&self.instant),
            Kind::Decimal => Some(&self.decimal),
            Kind::Percent => Some(&self.percent),
        }
    }
}
