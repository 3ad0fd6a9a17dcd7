//! One expected series: each step from the best source that knows it.

use super::blend;
use serde::Serialize;

/// Where an expected value comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Supplier,
    /// Built in, learnt from how the series went before.
    Learnt,
    History,
    Configured,
    None,
}

/// Values per step of the horizon, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    pub values: Vec<f64>,
    pub origins: Vec<Origin>,
}

impl Expected {
    /// The same in every step, of no origin.
    pub fn flat(value: f64, len: usize) -> Self {
        Self { values: vec![value; len], origins: vec![Origin::None; len] }
    }

    /// The least good origin that was used.
    pub fn worst(&self) -> Origin {
        self.origins.iter().copied().max().unwrap_or(Origin::None)
    }

    /// Fills steps nothing was known of from another series.
    pub fn or(mut self, other: &Self) -> Self {
        for step in 0..self.values.len().min(other.values.len()) {
            if self.origins[step] == Origin::None {
                self.values[step] = other.values[step];
                self.origins[step] = other.origins[step];
            }
        }
        self
    }

    pub fn count(&self, origin: Origin) -> usize {
        self.origins.iter().filter(|o| **o == origin).count()
    }
}

/// Shape of history and horizon.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub steps: usize,
    pub steps_per_day: usize,
    pub step_hours: f64,
}

/// Supplier values where there are any, the history blend elsewhere, then `configured`, else zero.
pub fn expect(shape: Shape, supplier: &[Option<f64>], history: &[Option<f64>], configured: Option<f64>) -> Expected {
    let known_ahead = supplier.iter().filter(|v| v.is_some()).count();
    let history = if known_ahead < shape.steps {
        blend::forecast(history, shape.steps_per_day, shape.step_hours, shape.steps)
    } else {
        None
    };
    let mut expected = Expected { values: Vec::with_capacity(shape.steps), origins: Vec::with_capacity(shape.steps) };
    for step in 0..shape.steps {
        let from_history = history.as_ref().map(|h| h[step].max(0.0));
        let (value, origin) = match (supplier.get(step).copied().flatten(), from_history, configured) {
            (Some(value), ..) => (value, Origin::Supplier),
            (None, Some(value), _) => (value, Origin::History),
            (None, None, Some(value)) => (value, Origin::Configured),
            (None, None, None) => (0.0, Origin::None),
        };
        expected.values.push(value);
        expected.origins.push(origin);
    }
    expected
}
