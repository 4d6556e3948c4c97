//! The pieces of the wet layer: small canvases, only where the hand draws.
//!
//! A browser without a graphics card blends whole canvases at each change. One as large as the desk
//! costs ten milliseconds an event there; pieces cost what they cover, and of each only what changed is
//! drawn anew.

use std::collections::BTreeMap;

use ink::Rect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use crate::reader::layout::Port;

/// Side of a piece, in CSS pixels.
const SIDE: f64 = 256.0;
/// So far around what is drawn pieces are laid, in CSS pixels: the browser lays the page out anew for
/// each time that some are, and not for each stroke that goes a little farther.
const AROUND: f32 = 64.0;

/// Column and row of a piece.
pub(super) type Place = (u32, u32);

/// How the desk is parted into pieces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mesh {
    /// Side of a piece, in device pixels.
    side: u32,
    /// Size of the desk, in device pixels.
    width: u32,
    height: u32,
    /// Device pixels a CSS pixel.
    ratio: f64,
}

/// A part of a piece, in device pixels from the piece's corner: left, top, width and height.
pub(super) type Part = (u32, u32, u32, u32);

impl Mesh {
    pub(super) fn new(port: &Port) -> Self {
        let pixels = |length: f64| (length * port.ratio).round().max(0.0) as u32;
        Self {
            side: pixels(SIDE).max(1),
            width: pixels(port.width),
            height: pixels(port.height),
            ratio: port.ratio,
        }
    }

    /// Where a piece begins, in CSS pixels from the desk's corner.
    pub(super) fn corner(&self, (column, row): Place) -> (f64, f64) {
        let at = |index: u32| f64::from(index * self.side) / self.ratio;
        (at(column), at(row))
    }

    /// Device pixels that an area of the desk touches, as first and end of columns and rows; those out
    /// of sight left out.
    fn pixels(&self, area: Rect) -> [(u32, u32); 2] {
        let span = |from: f32, to: f32, most: u32| {
            let first = (f64::from(from) * self.ratio).floor().max(0.0) as u32;
            let end = (f64::from(to) * self.ratio).ceil().max(0.0) as u32;
            (first.min(most), end.min(most))
        };
        [span(area.x0, area.x1, self.width), span(area.y0, area.y1, self.height)]
    }

    /// Pieces that an area (in CSS pixels) touches, each with the part of it.
    pub(super) fn touched(&self, area: Rect) -> Vec<(Place, Part)> {
        let [across, down] = self.pixels(area);
        let side = self.side;
        let parts = |(first, end): (u32, u32)| {
            let pieces = if first < end { first / side..end.div_ceil(side) } else { 0..0 };
            pieces.map(move |index| {
                let begin = index * side;
                let from = first.max(begin);
                (index, from - begin, end.min(begin + side) - from)
            })
        };
        parts(down)
            .flat_map(|(row, top, height)| {
                parts(across)
                    .map(move |(column, left, width)| ((column, row), (left, top, width, height)))
            })
            .collect()
    }
}

/// One canvas.
#[derive(Debug)]
struct Piece {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

/// The layer over the desk with its pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    layer: HtmlElement,
    mesh: Mesh,
    laid: BTreeMap<Place, Piece>,
    /// Canvases that were used before.
    spare: Vec<Piece>,
}

impl Pieces {
    pub(super) fn new(layer: HtmlElement) -> Self {
        let mesh = Mesh::new(&Port::default());
        Self { layer, mesh, laid: BTreeMap::new(), spare: Vec::new() }
    }

    /// Takes all pieces away, and parts a desk of this size from now on.
    pub(super) fn fit(&mut self, port: &Port) {
        self.clear();
        let mesh = Mesh::new(port);
        if mesh.side != self.mesh.side {
            self.spare.clear();
        }
        self.mesh = mesh;
    }

    /// Takes all pieces away.
    pub(super) fn clear(&mut self) {
        while let Some((_, piece)) = self.laid.pop_first() {
            piece.canvas.remove();
            self.spare.push(piece);
        }
    }

    /// Draws an area (in CSS pixels of the desk) anew: `paint` is called for each piece that it
    /// touches, with where the piece begins; nothing of what it draws falls outside the area. What
    /// stood there is wiped first when asked.
    pub(super) fn draw(
        &mut self,
        area: Rect,
        wipe: bool,
        paint: &dyn Fn(&CanvasRenderingContext2d, (f64, f64)),
    ) {
        let touched = self.mesh.touched(area);
        if touched.iter().any(|(place, _)| !self.laid.contains_key(place)) {
            for (place, _) in self.mesh.touched(area.grown(AROUND)) {
                self.lay(place);
            }
        }
        for (place, (left, top, width, height)) in touched {
            let Some(Piece { context, .. }) = self.laid.get(&place) else { continue };
            let [left, top, width, height] = [left, top, width, height].map(f64::from);
            context.save();
            if wipe {
                context.clear_rect(left, top, width, height);
            }
            context.begin_path();
            context.rect(left, top, width, height);
            context.clip();
            paint(context, self.mesh.corner(place));
            context.restore();
        }
    }

    /// Lays a piece down, empty, where there is none.
    fn lay(&mut self, place: Place) {
        if self.laid.contains_key(&place) {
            return;
        }
        let side = self.mesh.side;
        let Some(piece) = self.spare.pop().or_else(|| Piece::new(&self.layer, side)) else {
            return;
        };
        let whole = f64::from(side);
        piece.context.clear_rect(0.0, 0.0, whole, whole);
        let ((left, top), length) = (self.mesh.corner(place), whole / self.mesh.ratio);
        let style = format!("left:{left}px;top:{top}px;width:{length}px;height:{length}px");
        // Without its place it would cover another one: then it is better left out.
        if piece.canvas.set_attribute("style", &style).is_ok()
            && self.layer.append_child(&piece.canvas).is_ok()
        {
            self.laid.insert(place, piece);
        }
    }
}

impl Piece {
    fn new(layer: &HtmlElement, side: u32) -> Option<Self> {
        let canvas = layer.owner_document()?.create_element("canvas").ok()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        canvas.set_width(side);
        canvas.set_height(side);
        let options = js_sys::Object::new();
        // The shortest way to the screen, where the system has one.
        drop(js_sys::Reflect::set(&options, &"desynchronized".into(), &JsValue::TRUE));
        let context = canvas.get_context_with_context_options("2d", &options).ok()??;
        Some(Self { context: context.dyn_into().ok()?, canvas })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(ratio: f64) -> Port {
        Port { width: 1000.0, height: 700.0, ratio, ..Port::default() }
    }

    /// Device pixels of the desk that are covered, each as often as it is.
    fn covered(mesh: &Mesh, area: Rect) -> BTreeMap<(u32, u32), u32> {
        let mut pixels = BTreeMap::new();
        for ((column, row), (left, top, width, height)) in mesh.touched(area) {
            assert!(left + width <= mesh.side && top + height <= mesh.side);
            for y in top..top + height {
                for x in left..left + width {
                    *pixels.entry((column * mesh.side + x, row * mesh.side + y)).or_default() += 1;
                }
            }
        }
        pixels
    }

    #[test]
    fn every_pixel_of_an_area_is_drawn_once_and_none_around_it() {
        for ratio in [1.0, 1.25, 1.5, 2.0] {
            let mesh = Mesh::new(&port(ratio));
            for area in
                [[10.2, 20.7, 30.0, 21.0], [250.0, 250.0, 262.5, 300.1], [0.0, 500.0, 700.0, 520.0]]
            {
                let area: Rect = area.into();
                let drawn = covered(&mesh, area);
                assert!(drawn.values().all(|times| *times == 1), "at {ratio}");
                let edge = |at: f32, up: bool| {
                    let at = f64::from(at) * ratio;
                    (if up { at.ceil() } else { at.floor() }) as u32
                };
                let (x0, x1) = (edge(area.x0, false), edge(area.x1, true));
                let (y0, y1) = (edge(area.y0, false), edge(area.y1, true));
                assert_eq!(drawn.len() as u32, (x1 - x0) * (y1 - y0), "at {ratio}");
                assert!(drawn.contains_key(&(x0, y0)) && drawn.contains_key(&(x1 - 1, y1 - 1)));
            }
        }
    }

    #[test]
    fn a_dot_touches_one_piece_or_those_that_meet_under_it() {
        let mesh = Mesh::new(&port(1.0));
        let dot = |x: f32, y: f32| mesh.touched(Rect::from([x, y, x, y]).grown(2.0));
        let places = |x, y| dot(x, y).into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(places(100.0, 300.0), [(0, 1)]);
        assert_eq!(places(256.0, 256.0), [(0, 0), (1, 0), (0, 1), (1, 1)]);
    }

    #[test]
    fn nothing_is_drawn_where_nobody_sees_it() {
        let mesh = Mesh::new(&port(1.5));
        for area in
            [[-90.0, 10.0, -5.0, 40.0], [1_001.0, 10.0, 1_100.0, 40.0], [10.0, 800.0, 20.0, 900.0]]
        {
            assert_eq!(mesh.touched(area.into()), [], "{area:?}");
        }
        let edge = covered(&mesh, [980.0, 690.0, 1_200.0, 900.0].into());
        assert_eq!(edge.len(), 30 * 15);
    }

    #[test]
    fn pieces_begin_at_whole_pixels_of_the_glass() {
        for ratio in [1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 3.0] {
            let mesh = Mesh::new(&port(ratio));
            let (x, y) = mesh.corner((3, 2));
            for at in [x * ratio, y * ratio] {
                assert!((at - at.round()).abs() < 1e-6, "at {ratio}: {at}");
            }
        }
    }
}
