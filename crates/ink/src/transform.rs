//! From the page's user space to the page on the screen, and back.

use crate::geometry::{Point, Rect};

/// How a page is shown: visible box, clockwise turn, scale. The fields are those of
/// `ipc::PageSize` with the scale beside them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageTransform {
    width: f32,
    height: f32,
    rotation: u16,
    left: f32,
    bottom: f32,
    scale: f32,
}

impl PageTransform {
    /// `width` and `height` in points of the page as shown (rotation applied), `rotation` clockwise
    /// in degrees (a multiple of 90), `left` and `bottom` of the visible box in user space, `scale`
    /// in pixels a point.
    #[must_use]
    pub fn new(width: f32, height: f32, rotation: u16, left: f32, bottom: f32, scale: f32) -> Self {
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        Self { width, height, rotation: rotation % 360, left, bottom, scale }
    }

    /// Pixels a point.
    #[must_use]
    pub const fn scale(&self) -> f32 {
        self.scale
    }

    /// The same page at another scale.
    #[must_use]
    pub fn at_scale(self, scale: f32) -> Self {
        Self::new(self.width, self.height, self.rotation, self.left, self.bottom, scale)
    }

    /// Width and height of the shown page, in pixels.
    #[must_use]
    pub fn shown_size(&self) -> (f32, f32) {
        (self.width * self.scale, self.height * self.scale)
    }

    /// A place of user space on the shown page: pixels from its top left corner, y downwards.
    #[must_use]
    pub fn to_shown(&self, point: Point) -> Point {
        let (u, v) = (point.x - self.left, point.y - self.bottom);
        let (x, y) = match self.rotation {
            90 => (v, u),
            180 => (self.width - u, v),
            270 => (self.width - v, self.height - u),
            _ => (u, self.height - v),
        };
        Point { x: x * self.scale, y: y * self.scale }
    }

    /// A place on the shown page in user space.
    #[must_use]
    pub fn to_user(&self, shown: Point) -> Point {
        let (x, y) = (shown.x / self.scale, shown.y / self.scale);
        let (u, v) = match self.rotation {
            90 => (y, x),
            180 => (self.width - x, y),
            270 => (self.height - y, self.width - x),
            _ => (x, self.height - y),
        };
        Point { x: u + self.left, y: v + self.bottom }
    }

    /// A rectangle of user space on the shown page; `y0` is its top.
    #[must_use]
    pub fn rect_to_shown(&self, rect: Rect) -> Rect {
        let a = self.to_shown(Point { x: rect.x0, y: rect.y0 });
        let b = self.to_shown(Point { x: rect.x1, y: rect.y1 });
        Rect::from([a.x, a.y, b.x, b.y])
    }

    /// A rectangle of the shown page in user space.
    #[must_use]
    pub fn rect_to_user(&self, shown: Rect) -> Rect {
        let a = self.to_user(Point { x: shown.x0, y: shown.y0 });
        let b = self.to_user(Point { x: shown.x1, y: shown.y1 });
        Rect::from([a.x, a.y, b.x, b.y])
    }

    /// A length of user space in pixels.
    #[must_use]
    pub fn length_to_shown(&self, points: f32) -> f32 {
        points * self.scale
    }

    /// The visible box in user space.
    #[must_use]
    pub fn visible(&self) -> Rect {
        let (width, height) = self.shown_size();
        self.rect_to_user(Rect { x0: 0.0, y0: 0.0, x1: width, y1: height })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn a4(rotation: u16) -> PageTransform {
        let (width, height) =
            if rotation.is_multiple_of(180) { (595.0, 842.0) } else { (842.0, 595.0) };
        PageTransform::new(width, height, rotation, 10.0, 20.0, 2.0)
    }

    #[test]
    fn the_bottom_left_corner_goes_clockwise_with_the_page() {
        let corner = Point { x: 10.0, y: 20.0 };
        let shown: Vec<_> = [0, 90, 180, 270].map(|r| a4(r).to_shown(corner)).into();
        let expected = [[0.0, 1684.0], [0.0, 0.0], [1190.0, 0.0], [1684.0, 1190.0]];
        assert_eq!(shown, expected.map(Point::from));
    }

    #[test]
    fn the_visible_box_is_that_of_the_page_whatever_its_turn() {
        for rotation in [0, 90, 180, 270] {
            let expected = Rect { x0: 10.0, y0: 20.0, x1: 605.0, y1: 862.0 };
            assert_eq!(a4(rotation).visible(), expected, "{rotation}");
        }
    }

    proptest! {
        #[test]
        fn a_place_comes_back_from_the_screen(
            x in -1000.0_f32..3000.0, y in -1000.0_f32..3000.0,
            turn in 0_u16..4, scale in 0.1_f32..8.0,
        ) {
            let page = PageTransform::new(700.0, 500.0, turn * 90, -30.0, 12.5, scale);
            let back = page.to_user(page.to_shown(Point { x, y }));
            prop_assert!((back.x - x).abs() < 0.01 && (back.y - y).abs() < 0.01, "{back:?}");
        }
    }
}
