//! Bars and lines of a backtest as inline SVG; colours are the page's classes `s0`, `s1`, ... by strategy.

use render::charts::axis::round_step;
use render::html::put;
use reports::words::fixed;

/// One strategy's values along an axis.
pub struct Line {
    pub name: &'static str,
    pub values: Vec<Option<f64>>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
const BAR: f64 = 30.0;

/// Matched shares, zero to one, a bar for each strategy.
pub fn bars(shares: &[(&'static str, Option<f64>)]) -> String {
    let (left, height) = (140.0, BAR * shares.len() as f64 + 24.0);
    let mut out = open(height, "Matched share of each strategy");
    let x = |share: f64| left + share * (WIDTH - left - 70.0);
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (at, bottom) = (x(tick), height - 18.0);
        put(&mut out, format_args!(r#"<line class="grid" x1="{at:.1}" x2="{at:.1}" y1="4" y2="{bottom:.1}"/>"#));
        let (y, label) = (height - 4.0, 100.0 * tick);
        put(&mut out, format_args!(r#"<text x="{at:.1}" y="{y:.1}" text-anchor="middle">{label:.0} %</text>"#));
    }
    for (i, (name, share)) in shares.iter().enumerate() {
        let y = 6.0 + BAR * i as f64;
        let middle = y + 15.0;
        put(&mut out, format_args!(r#"<text x="{:.1}" y="{middle:.1}" text-anchor="end">{name}</text>"#, left - 8.0));
        let Some(share) = share else { continue };
        let (width, text) = (x(*share) - left, fixed((share * 1e4).floor() / 100.0, 2));
        put(
            &mut out,
            format_args!(r#"<rect class="s{i}" x="{left}" y="{y:.1}" width="{width:.1}" height="20" rx="2"/>"#),
        );
        put(&mut out, format_args!(r#"<text x="{:.1}" y="{middle:.1}">{text} %</text>"#, x(*share) + 6.0));
    }
    out + "</svg>"
}

/// A line for each strategy over labelled places.
pub fn lines(lines: &[Line], labels: &[String], unit: &str) -> String {
    let known = || lines.iter().flat_map(|line| line.values.iter().flatten().copied());
    let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    if labels.is_empty() || !least.is_finite() {
        return String::new();
    }
    let step = round_step(most - least);
    let (bottom, top) =
        ((least / step).floor() * step, ((most / step).ceil() * step).max((least / step).floor() * step + step));
    let y = |v: f64| TOP + (top - v) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    let gap = (WIDTH - LEFT - RIGHT) / (labels.len().max(2) - 1) as f64;
    let x = |i: usize| LEFT + gap * i as f64;
    let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
    let mut out = open(HEIGHT, &format!("{unit} of {}", names.join(", ")));
    let ticks = ((top - bottom) / step).round() as usize;
    for tick in 0..=ticks {
        let value = bottom + step * tick as f64;
        let (at, right) = (y(value), WIDTH - RIGHT);
        put(&mut out, format_args!(r#"<line class="grid" x1="{LEFT}" x2="{right}" y1="{at:.1}" y2="{at:.1}"/>"#));
        let (text_x, text_y, decimals) = (LEFT - 6.0, at + 4.0, usize::from(step < 1.0));
        let value = fixed(value, decimals);
        put(&mut out, format_args!(r#"<text x="{text_x}" y="{text_y:.1}" text-anchor="end">{value} {unit}</text>"#));
    }
    // As many labels as fit side by side.
    let widest = labels.iter().map(|label| label.len()).max().unwrap_or(1) as f64 * 7.0 + 8.0;
    let every = (widest / gap).ceil().max(1.0) as usize;
    for (i, label) in labels.iter().enumerate().step_by(every) {
        let (x, y) = (x(i), HEIGHT - 8.0);
        put(&mut out, format_args!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle">{label}</text>"#));
    }
    for (s, line) in lines.iter().enumerate() {
        let mut path = String::new();
        let mut pen = 'M';
        for (i, value) in line.values.iter().enumerate() {
            match value {
                Some(value) => {
                    put(&mut path, format_args!("{pen}{:.1} {:.1}", x(i), y(*value)));
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
        put(&mut out, format_args!(r#"<path class="line s{s}" d="{path}"><title>{}</title></path>"#, line.name));
    }
    out + "</svg>"
}

fn open(height: f64, about: &str) -> String {
    format!(r#"<svg viewBox="0 0 {WIDTH} {height:.0}" role="img" aria-label="{about}">"#)
}
