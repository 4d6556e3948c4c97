//! One stroke of the pen.

use serde::{Deserialize, Serialize};

/// One sample of the pen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 3]", into = "[f32; 3]")]
pub struct StrokePoint {
    /// Distance from the left edge, in points.
    pub x: f32,
    /// Distance from the bottom edge, in points.
    pub y: f32,
    /// Pressure from 0 to 1; 0.5 where the device tells none.
    pub pressure: f32,
}

impl From<[f32; 3]> for StrokePoint {
    fn from([x, y, pressure]: [f32; 3]) -> Self {
        Self { x, y, pressure }
    }
}

impl From<StrokePoint> for [f32; 3] {
    fn from(point: StrokePoint) -> Self {
        [point.x, point.y, point.pressure]
    }
}

/// One stroke, from pen-down to pen-up: `[[x, y, pressure], …]` in JSON.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stroke {
    /// The samples, in order; never empty once the pen has left the paper.
    pub points: Vec<StrokePoint>,
}
