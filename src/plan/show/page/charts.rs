//! Charts of steps over a horizon, with their keys and their figures. As inline SVG: stacked areas, and lines over them.
//! Colours are classes of the page.

use crate::plan::common::{BoundaryId, Instant, SiteId, StorageId, Zone, fixed};
use crate::plan::show::shown::Shown;
use render::charts::axis::round_step;
use render::html::{escape, put};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;

pub struct Figure {
    pub title: String,
    pub svg: String,
    /// Class and name of what the chart shows.
    pub key: Vec<(&'static str, &'static str)>,
    pub unit: String,
    /// By step: its local time and a cell for each of `key`.
    pub rows: Vec<(String, Vec<String>)>,
}

/// A chart of series; none where nothing is known of any.
fn figure(
    shown: &Shown<'_>,
    (title, unit): (String, &str),
    zone: Zone,
    areas: &[Series],
    lines: &[Series],
    now: Option<Instant>,
) -> Option<Figure> {
    let svg = svg(shown, (&title, zone), (areas, lines), now);
    if svg.is_empty() {
        return None;
    }
    let all: Vec<&Series> = areas.iter().chain(lines).filter(|series| series.is_known()).collect();
    let grid = shown.plan.grid();
    let cell = |series: &Series, step: usize| series.values[step].map_or_else(String::new, |v| fixed(v, 3));
    let row = |step: usize| (zone.label(grid.start(step)), all.iter().map(|series| cell(series, step)).collect());
    let key = all.iter().map(|series| (series.class, series.name)).collect();
    Some(Figure { title, svg, key, unit: unit.to_string(), rows: (0..grid.len).map(row).collect() })
}

/// Load of a boundary, matched and not, against what contracts deliver.
pub fn boundary(shown: &Shown<'_>, id: &BoundaryId, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.balance.iter().filter(|row| row.boundary == *id);
    let areas = [
        Series::by_step(shown, ("matched", "matched"), rows(), |row| (row.start, row.matched_mw)),
        Series::by_step(shown, ("unmatched", "unmatched"), rows(), |row| (row.start, row.unmatched_mw)),
    ];
    let lines = [Series::by_step(shown, ("contracted", "contracted"), rows(), |row| (row.start, row.contracted_mw))];
    let title = format!("Facility load of {id}, and what contracts deliver");
    figure(shown, (title, "MW"), shown.portfolio.zone, &areas, &lines, now)
}

/// IT power of a site under its limit, and the cap for schedulers that place jobs themselves.
pub fn site(shown: &Shown<'_>, id: &SiteId, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.capacity.iter().filter(|row| row.site == *id);
    let kept = rows().filter(|row| row.expected_mw > 0.0);
    let areas = [
        Series::by_step(shown, ("firm", "firm load"), rows(), |row| (row.start, row.firm_mw)),
        Series::by_step(shown, ("planned", "planned work"), rows(), |row| (row.start, row.planned_mw)),
        Series::by_step(shown, ("room", "kept for work to come"), kept, |row| (row.start, row.expected_mw)),
    ];
    let caps = shown.beside.caps.iter().filter(|cap| cap.site == *id);
    let lines = [
        Series::by_step(shown, ("limit", "limit"), rows(), |row| (row.start, row.cap_mw)),
        Series::by_step(shown, ("cap", "capacity curve"), caps, |cap| (cap.start, cap.mw)),
    ];
    figure(shown, (format!("IT power at {}", shown.site(id)), "MW"), shown.zone(id), &areas, &lines, now)
}

/// What a MWh of IT energy costs at a site.
pub fn prices(shown: &Shown<'_>, id: &SiteId, now: Option<Instant>) -> Option<Figure> {
    let rows = shown.plan.prices.iter().filter(|row| row.site == *id);
    let lines = [Series::by_step(shown, ("price", "price of one more MWh"), rows, |row| (row.start, row.per_mwh))];
    let title = format!("Price of IT energy at {}", shown.site(id));
    figure(shown, (title, &format!("{}/MWh", shown.currency())), shown.zone(id), &[], &lines, now)
}

pub fn storage(shown: &Shown<'_>, id: &StorageId, now: Option<Instant>) -> Option<Figure> {
    let rows = || shown.plan.storage.iter().filter(|row| row.storage == *id);
    let areas = [
        Series::by_step(shown, ("matched", "carbon-free"), rows(), |row| (row.start, row.clean_mwh)),
        Series::by_step(shown, ("unmatched", "other"), rows(), |row| (row.start, row.other_mwh)),
    ];
    figure(shown, (format!("Energy held by {id}"), "MWh"), shown.portfolio.zone, &areas, &[], now)
}

/// Values by step of the plan; none where nothing is known.
struct Series {
    class: &'static str,
    name: &'static str,
    values: Vec<Option<f64>>,
}

impl Series {
    /// Of rows that each name their step; of several in a step, the sum.
    fn by_step<'r, R: 'r>(
        shown: &Shown<'_>,
        (class, name): (&'static str, &'static str),
        rows: impl Iterator<Item = &'r R>,
        value: impl Fn(&'r R) -> (Instant, f64),
    ) -> Self {
        let grid = shown.plan.grid();
        let mut values = vec![None; grid.len];
        for row in rows {
            let (start, value) = value(row);
            if let Some(step) = grid.index_of(start) {
                values[step] = Some(values[step].unwrap_or(0.0) + value);
            }
        }
        Self { class, name, values }
    }

    fn is_known(&self) -> bool {
        self.values.iter().any(Option::is_some)
    }
}

/// Areas stacked, the first at the bottom, and lines over them; empty where nothing is known.
fn svg(
    shown: &Shown<'_>,
    (about, zone): (&str, Zone),
    (areas, lines): (&[Series], &[Series]),
    now: Option<Instant>,
) -> String {
    let steps = shown.plan.grid().len;
    let stacks = stacked(areas, steps);
    let values =
        || stacks.iter().flatten().copied().chain(lines.iter().flat_map(|l| l.values.iter().flatten().copied()));
    let (least, most) = (values().fold(0.0_f64, f64::min), values().fold(0.0_f64, f64::max));
    if steps == 0 || !areas.iter().chain(lines).any(Series::is_known) {
        return String::new();
    }
    let tick = round_step(most - least);
    let (bottom, top) = ((least / tick).floor() * tick, ((most / tick).ceil() * tick).max(tick));
    let frame = Frame { bottom, top, gap: (WIDTH - LEFT - RIGHT) / steps as f64 };
    let mut out = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#, escape(about));
    days(&mut out, shown, zone);
    for tick_at in 0..=((top - bottom) / tick).round() as usize {
        let value = bottom + tick * tick_at as f64;
        let (y, right) = (frame.y(value), WIDTH - RIGHT);
        put(&mut out, format_args!(r#"<path class="grid" d="M{LEFT} {y:.1}H{right}"/>"#));
        let (x, y, decimals) = (LEFT - 6.0, y + 4.0, usize::from(tick < 1.0));
        let value = fixed(value, decimals);
        put(&mut out, format_args!(r#"<text x="{x}" y="{y:.1}" text-anchor="end">{value}</text>"#));
    }
    let floor = vec![0.0; steps];
    for (index, area) in areas.iter().enumerate().filter(|(_, area)| area.is_known()) {
        let below = if index == 0 { &floor } else { &stacks[index - 1] };
        put(&mut out, format_args!(r#"<path class="area {}" d="{}"/>"#, area.class, frame.area(below, &stacks[index])));
    }
    for line in lines.iter().filter(|line| line.is_known()) {
        put(&mut out, format_args!(r#"<path class="line {}" d="{}"/>"#, line.class, frame.line(&line.values)));
    }
    if let Some(now) = now.filter(|now| (shown.plan.start..shown.plan.end).contains(now)) {
        let x = x_of(shown, now);
        put(&mut out, format_args!(r#"<path class="now" d="M{x:.1} {TOP}V{:.1}"/>"#, HEIGHT - BOTTOM));
    }
    out + "</svg>"
}

/// Tops of the areas, each on those before it; what is unknown adds nothing.
fn stacked(areas: &[Series], steps: usize) -> Vec<Vec<f64>> {
    let mut top = vec![0.0; steps];
    let tops = areas.iter().map(|area| {
        top.iter_mut().zip(&area.values).for_each(|(top, value)| *top += value.unwrap_or(0.0).max(0.0));
        top.clone()
    });
    tops.collect()
}

struct Frame {
    bottom: f64,
    top: f64,
    gap: f64,
}

impl Frame {
    fn y(&self, value: f64) -> f64 {
        TOP + (self.top - value) / (self.top - self.bottom) * (HEIGHT - TOP - BOTTOM)
    }

    fn x(&self, step: usize) -> f64 {
        LEFT + self.gap * step as f64
    }

    fn area(&self, below: &[f64], above: &[f64]) -> String {
        let mut path = format!("M{LEFT} {:.1}", self.y(below.first().copied().unwrap_or(0.0)));
        let there = above.iter().enumerate().map(|(step, value)| (step + 1, value));
        for (step, value) in there.chain(below.iter().enumerate().rev()) {
            put(&mut path, format_args!("V{:.1}H{:.1}", self.y(*value), self.x(step)));
        }
        path + "Z"
    }

    fn line(&self, values: &[Option<f64>]) -> String {
        let (mut path, mut drawn) = (String::new(), false);
        for (step, value) in values.iter().enumerate() {
            let Some(value) = value else {
                drawn = false;
                continue;
            };
            let (x, y, next) = (self.x(step), self.y(*value), self.x(step + 1));
            match drawn {
                true => put(&mut path, format_args!("V{y:.1}H{next:.1}")),
                false => put(&mut path, format_args!("M{x:.1} {y:.1}H{next:.1}")),
            }
            drawn = true;
        }
        path
    }
}

fn x_of(shown: &Shown<'_>, at: Instant) -> f64 {
    let part = (at - shown.plan.start) as f64 / (shown.plan.end - shown.plan.start).max(1) as f64;
    LEFT + part * (WIDTH - LEFT - RIGHT)
}

/// A rule at each local midnight, the day's name beside it if there is room; narrow screens leave out every second.
fn days(out: &mut String, shown: &Shown<'_>, zone: Zone) {
    let (mut last, mut odd, bottom) = (f64::NEG_INFINITY, false, HEIGHT - BOTTOM);
    for (at, name) in shown.days(zone) {
        let x = x_of(shown, at);
        put(out, format_args!(r#"<path class="grid" d="M{x:.1} {TOP}V{bottom}"/>"#));
        if x - last >= 64.0 && x + 40.0 < WIDTH {
            let class = if odd { r#" class="odd""# } else { "" };
            put(out, format_args!(r#"<text{class} x="{:.1}" y="{:.1}">{name}</text>"#, x + 3.0, HEIGHT - 8.0));
            (last, odd) = (x, !odd);
        }
    }
}
