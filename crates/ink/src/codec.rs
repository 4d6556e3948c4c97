//! Strokes and rectangles as bytes: how ink is stored and travels.
//!
//! | part | meaning |
//! | --- | --- |
//! | 1 byte | version of the format, 1 |
//! | 1 byte | flags: bit 0 = every point has its pressure; otherwise one byte after `n` gives it |
//! | 1 byte | quanta in a point: 50 |
//! | varint | `n`, the number of points, at most [`MAX_POINTS`] |
//! | nibbles | per point: x, y and, with the flag, pressure |
//!
//! The first point is written whole; after it, x and y are second differences (a hand moves at
//! almost constant speed over a few milliseconds) and pressure, in 255ths, a first difference. Each
//! is zigzagged and cut into nibbles of three bits, lowest first, with the high bit set on all but
//! the last: the usual small number takes half a byte. A last half byte is zero.
//!
//! Reading never panics, and never reserves room for more points than its input has bytes.

use crate::geometry::{Point, Rect};
use crate::stroke::{Stroke, StrokePoint};

/// Most points in a stroke.
pub const MAX_POINTS: usize = 100_000;
/// Farthest coordinate from the origin, in points; the largest PDF page measures 14,400.
pub const MAX_COORDINATE: f32 = 100_000.0;
/// Steps in a point of length: coordinates are kept to the nearest 1/50 point.
pub const QUANTA: u8 = 50;

const VERSION: u8 = 1;
const PRESSURES: u8 = 1;
const MAX_QUANTA: i64 = 5_000_000;

/// Why bytes are not a stroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StrokeCodecError {
    /// A newer version of the app wrote it.
    #[error("This stroke was written by a newer version ({0}).")]
    Version(u8),
    /// The bytes end too early, or go on after the end.
    #[error("This stroke is cut short or too long.")]
    Length,
    /// More than [`MAX_POINTS`] points.
    #[error("This stroke has more than {MAX_POINTS} points.")]
    TooManyPoints,
    /// A coordinate or pressure out of its bounds, or an unknown flag.
    #[error("This stroke has a value out of its bounds.")]
    OutOfBounds,
}

/// The bytes of a stroke. Coordinates are rounded to 1/50 point and pressure to 1/255; what is not
/// finite becomes 0, what is too far is brought to [`MAX_COORDINATE`], and points after
/// [`MAX_POINTS`] are left out (the pen begins a new stroke before).
#[must_use]
pub fn encode_stroke(stroke: &Stroke) -> Vec<u8> {
    let points = stroke.points.get(..MAX_POINTS).unwrap_or(&stroke.points);
    let steady = points.first().map_or(steps_of_pressure(0.5), |p| steps_of_pressure(p.pressure));
    let varies = points.iter().any(|p| steps_of_pressure(p.pressure) != steady);
    let mut out = vec![VERSION, if varies { PRESSURES } else { 0 }, QUANTA];
    push_varint(&mut out, points.len());
    if !varies {
        out.push(steady);
    }
    let mut nibbles = NibbleWriter { out, half: None };
    let (mut x, mut y) = (Course::default(), Course::default());
    let mut pressure = 0;
    for point in points {
        nibbles.push(x.write(quanta(point.x)));
        nibbles.push(y.write(quanta(point.y)));
        if varies {
            let next = i64::from(steps_of_pressure(point.pressure));
            nibbles.push(next - pressure);
            pressure = next;
        }
    }
    nibbles.finish()
}

/// Reads a stroke.
///
/// # Errors
/// [`StrokeCodecError`]; any bytes may be given.
pub fn decode_stroke(bytes: &[u8]) -> Result<Stroke, StrokeCodecError> {
    let [version, flags, per_point, rest @ ..] = bytes else {
        return Err(StrokeCodecError::Length);
    };
    if *version != VERSION {
        return Err(StrokeCodecError::Version(*version));
    }
    if *flags > PRESSURES || *per_point == 0 {
        return Err(StrokeCodecError::OutOfBounds);
    }
    let varies = *flags == PRESSURES;
    let mut rest = rest;
    let count = take_varint(&mut rest)?;
    if count > MAX_POINTS {
        return Err(StrokeCodecError::TooManyPoints);
    }
    let mut steady = 0;
    if !varies {
        (steady, rest) =
            rest.split_first().map(|(p, r)| (*p, r)).ok_or(StrokeCodecError::Length)?;
    }
    // Every point takes at least one byte: two nibbles.
    if count > rest.len() {
        return Err(StrokeCodecError::Length);
    }
    let mut nibbles = NibbleReader { bytes: rest, at: 0 };
    let (mut x, mut y) = (Course::default(), Course::default());
    let mut pressure = 0;
    let mut points = Vec::with_capacity(count);
    let scale = f32::from(*per_point);
    for _ in 0..count {
        let (px, py) = (x.read(nibbles.next()?)?, y.read(nibbles.next()?)?);
        if varies {
            pressure += nibbles.next()?;
            steady = u8::try_from(pressure).map_err(|_| StrokeCodecError::OutOfBounds)?;
        }
        points.push(StrokePoint {
            x: px as f32 / scale,
            y: py as f32 / scale,
            pressure: f32::from(steady) / 255.0,
        });
    }
    nibbles.finish()?;
    Ok(Stroke { points })
}

/// The bytes of several strokes, each behind its length.
#[must_use]
pub fn encode_strokes(strokes: &[Stroke]) -> Vec<u8> {
    let mut out = Vec::new();
    for stroke in strokes {
        let bytes = encode_stroke(stroke);
        push_varint(&mut out, bytes.len());
        out.extend_from_slice(&bytes);
    }
    out
}

/// Reads several strokes; together they have at most [`MAX_POINTS`] points.
///
/// # Errors
/// [`StrokeCodecError`]; any bytes may be given.
pub fn decode_strokes(mut bytes: &[u8]) -> Result<Vec<Stroke>, StrokeCodecError> {
    let mut strokes = Vec::new();
    let mut points = 0;
    while !bytes.is_empty() {
        let length = take_varint(&mut bytes)?;
        let (one, rest) = bytes.split_at_checked(length).ok_or(StrokeCodecError::Length)?;
        let stroke = decode_stroke(one)?;
        points += stroke.points.len();
        if points > MAX_POINTS {
            return Err(StrokeCodecError::TooManyPoints);
        }
        strokes.push(stroke);
        bytes = rest;
    }
    Ok(strokes)
}

/// The bytes of rectangles: four little-endian `f32` each, exact.
#[must_use]
pub fn encode_rects(rects: &[Rect]) -> Vec<u8> {
    rects.iter().flat_map(|rect| <[f32; 4]>::from(*rect)).flat_map(f32::to_le_bytes).collect()
}

/// Reads rectangles.
///
/// # Errors
/// [`StrokeCodecError`]; any bytes may be given.
pub fn decode_rects(bytes: &[u8]) -> Result<Vec<Rect>, StrokeCodecError> {
    let (rects, rest) = bytes.as_chunks::<16>();
    if !rest.is_empty() {
        return Err(StrokeCodecError::Length);
    }
    rects
        .iter()
        .map(|sixteen| {
            let mut edges = [0.0; 4];
            for (edge, four) in edges.iter_mut().zip(sixteen.as_chunks::<4>().0) {
                *edge = f32::from_le_bytes(*four);
            }
            let sane = |edge: &f32| edge.is_finite() && edge.abs() <= MAX_COORDINATE;
            edges.iter().all(sane).then(|| edges.into()).ok_or(StrokeCodecError::OutOfBounds)
        })
        .collect()
}

/// The bytes of places: two little-endian `f32` each, exact.
#[must_use]
pub fn encode_points(points: &[Point]) -> Vec<u8> {
    points.iter().flat_map(|point| <[f32; 2]>::from(*point)).flat_map(f32::to_le_bytes).collect()
}

/// Reads places.
///
/// # Errors
/// [`StrokeCodecError`]; any bytes may be given.
pub fn decode_points(bytes: &[u8]) -> Result<Vec<Point>, StrokeCodecError> {
    let (points, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(StrokeCodecError::Length);
    }
    points
        .iter()
        .map(|eight| {
            let mut place = [0.0; 2];
            for (axis, four) in place.iter_mut().zip(eight.as_chunks::<4>().0) {
                *axis = f32::from_le_bytes(*four);
            }
            let sane = |axis: &f32| axis.is_finite() && axis.abs() <= MAX_COORDINATE;
            place.iter().all(sane).then(|| place.into()).ok_or(StrokeCodecError::OutOfBounds)
        })
        .collect()
}

/// A way rounded to the steps in which strokes are kept: moving a stroke there and back again gives
/// the same stroke.
#[must_use]
pub fn rounded(way: Point) -> Point {
    let round = |value: f32| quanta(value) as f32 / f32::from(QUANTA);
    Point { x: round(way.x), y: round(way.y) }
}

impl Stroke {
    /// The stroke as it will be read again: rounded by [`encode_stroke`].
    #[must_use]
    pub fn rounded(&self) -> Self {
        let points = self.points.get(..MAX_POINTS).unwrap_or(&self.points);
        let round = |value: f32| quanta(value) as f32 / f32::from(QUANTA);
        Self {
            points: points
                .iter()
                .map(|p| StrokePoint {
                    x: round(p.x),
                    y: round(p.y),
                    pressure: f32::from(steps_of_pressure(p.pressure)) / 255.0,
                })
                .collect(),
        }
    }
}

fn quanta(coordinate: f32) -> i64 {
    let sane = if coordinate.is_finite() { coordinate } else { 0.0 };
    (sane.clamp(-MAX_COORDINATE, MAX_COORDINATE) * f32::from(QUANTA)).round() as i64
}

fn steps_of_pressure(pressure: f32) -> u8 {
    // A cast of NaN gives 0.
    (pressure.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Second differences along one axis.
#[derive(Default)]
struct Course {
    place: i64,
    speed: Option<i64>,
    begun: bool,
}

impl Course {
    fn write(&mut self, place: i64) -> i64 {
        let expected = self.place + self.speed.unwrap_or(0);
        self.step_to(place);
        place - expected
    }

    fn read(&mut self, difference: i64) -> Result<i64, StrokeCodecError> {
        let place = self.place + self.speed.unwrap_or(0) + difference;
        if place.abs() > MAX_QUANTA {
            return Err(StrokeCodecError::OutOfBounds);
        }
        self.step_to(place);
        Ok(place)
    }

    fn step_to(&mut self, place: i64) {
        // The way from the origin to the first point is no speed.
        self.speed = self.begun.then_some(place - self.place);
        self.begun = true;
        self.place = place;
    }
}

struct NibbleWriter {
    out: Vec<u8>,
    half: Option<u8>,
}

impl NibbleWriter {
    fn push(&mut self, value: i64) {
        let mut rest = ((value << 1) ^ (value >> 63)) as u64;
        loop {
            let low = (rest & 7) as u8;
            rest >>= 3;
            let nibble = if rest == 0 { low } else { low | 8 };
            match self.half.take() {
                None => self.half = Some(nibble),
                Some(first) => self.out.push(first | nibble << 4),
            }
            if rest == 0 {
                return;
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.extend(self.half);
        self.out
    }
}

struct NibbleReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl NibbleReader<'_> {
    fn next(&mut self) -> Result<i64, StrokeCodecError> {
        let mut value = 0_u64;
        // Nine nibbles hold every difference between two places.
        for shift in (0..27).step_by(3) {
            let byte = *self.bytes.get(self.at / 2).ok_or(StrokeCodecError::Length)?;
            let nibble = if self.at.is_multiple_of(2) { byte & 15 } else { byte >> 4 };
            self.at += 1;
            value |= u64::from(nibble & 7) << shift;
            if nibble & 8 == 0 {
                return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
            }
        }
        Err(StrokeCodecError::OutOfBounds)
    }

    fn finish(&self) -> Result<(), StrokeCodecError> {
        let whole = self.at.div_ceil(2) == self.bytes.len();
        let padded = self.at.is_multiple_of(2) || self.bytes.last().is_none_or(|b| b >> 4 == 0);
        if whole && padded { Ok(()) } else { Err(StrokeCodecError::Length) }
    }
}

fn push_varint(out: &mut Vec<u8>, mut value: usize) {
    while value > 127 {
        out.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take_varint(bytes: &mut &[u8]) -> Result<usize, StrokeCodecError> {
    let mut value = 0;
    for shift in (0..28).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(StrokeCodecError::Length)?;
        *bytes = rest;
        value |= usize::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Ok(value);
        }
    }
    Err(StrokeCodecError::OutOfBounds)
}
