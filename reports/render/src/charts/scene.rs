//! A chart as marks on a plane: x to the right, y downwards, in units of which most charts are [`WIDTH`] across.

pub const WIDTH: f64 = 1_000.0;

pub type At = (f64, f64);

/// How a part of a chart is filled; legends show the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    Matched,
    Unmatched,
    Surplus,
    /// A step of the heat map's scale, by its place there.
    Step(usize),
    /// The bar over days in doubt.
    Doubt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    Grid,
    /// The line at zero.
    Base,
    /// Dashed.
    Tie,
    Curve,
    Tick,
    Doubt,
}

/// How the letters of a chart are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    Axis,
    /// Of an axis, gives way where there is little room.
    AxisIfRoom,
    Label,
}

impl Letters {
    /// Their size in units of the plane.
    pub fn size(self) -> f64 {
        match self {
            Self::Axis | Self::AxisIfRoom => 12.0,
            Self::Label => 13.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Hours of a day that follow each other in the same step: rows from `first` up to, not including, `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub day: usize,
    pub first: u32,
    pub next: u32,
}

/// The cells of a heat map: days across, hours down.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    pub at: At,
    pub cell: At,
    /// Cells stand apart from their neighbours.
    pub roomy: bool,
    /// By step of the scale.
    pub runs: [Vec<Run>; 8],
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    Bars(Paint, Vec<Rect>),
    /// What lies under a curve, closed by its floor.
    Area(Vec<At>),
    Line(Stroke, Vec<At>),
    Text {
        letters: Letters,
        at: At,
        anchor: Anchor,
        words: String,
    },
    /// A wedge whose tip stands here: clocks change on the day above it.
    Wedge(At),
    Map(Map),
    /// What a pointer on the marks from here to [`Mark::End`] is told.
    Named(String),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Which chart it is, as a word that style sheets know.
    pub kind: &'static str,
    pub size: At,
    pub marks: Vec<Mark>,
}

impl Scene {
    pub fn new(kind: &'static str, size: At) -> Self {
        Self { kind, size, marks: Vec::new() }
    }

    pub fn text(&mut self, letters: Letters, at: At, anchor: Anchor, words: impl Into<String>) {
        self.marks.push(Mark::Text { letters, at, anchor, words: words.into() });
    }

    /// Several bars of one part; those without height are left out.
    pub fn bars(&mut self, paint: Paint, bars: impl IntoIterator<Item = Rect>) {
        let bars: Vec<Rect> = bars.into_iter().filter(|bar| bar.height >= 0.05 && bar.width >= 0.05).collect();
        if !bars.is_empty() {
            self.marks.push(Mark::Bars(paint, bars));
        }
    }

    pub fn across(&mut self, stroke: Stroke, (left, right): At, y: f64) {
        self.marks.push(Mark::Line(stroke, vec![(left, y), (right, y)]));
    }

    /// Lines at every quarter of a scale that ends at so many percent, from `left` to `right`.
    pub fn percent_grid(&mut self, (left, right): At, (top, bottom): At, percent: i128) {
        for quarter in 0..=4_u32 {
            let y = bottom - (bottom - top) * f64::from(quarter) / 4.0;
            self.across(Stroke::Grid, (left, right), y);
            let words = format!("{} %", i128::from(quarter) * percent / 4);
            self.text(Letters::Axis, (left - 8.0, y + 4.0), Anchor::End, words);
        }
    }
}
