//! Where the pages lie on the desk, row under row, in CSS pixels, and what follows from it.

use std::ops::Range;

use ink::{PageTransform, Point, Rect};
use ipc::PageSize;

use super::view::Mode;

/// Space between pages and beside them.
pub(crate) const GAP: f64 = 24.0;
/// Space between two pages side by side.
const BESIDE: f64 = 8.0;
/// Room under the last page, for the tools.
const FOOT: f64 = 120.0;
/// Smallest and greatest zoom, in CSS pixels a point.
pub(crate) const ZOOM: (f64, f64) = (0.2, 6.0);
/// Greatest zoom at which the width is filled: a short line reads better than a wide one.
const WIDEST: f64 = 1.8;
/// Widths of pages are multiples of this, in device pixels, so that the app can keep images.
const STEP: f64 = 32.0;

/// One page on the desk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The part of the desk that is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Port {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Device pixels a CSS pixel.
    pub(crate) ratio: f64,
    /// Height that the bar covers at the top.
    pub(crate) head: f64,
}

impl Default for Port {
    fn default() -> Self {
        Self { left: 0.0, top: 0.0, width: 0.0, height: 0.0, ratio: 1.0, head: 0.0 }
    }
}

/// Pages beside each other.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    /// Where the row begins; in a paged mode the desk lies there when the row is shown.
    top: f64,
    /// Where its pages begin and end.
    upper: f64,
    lower: f64,
}

/// All pages on the desk.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layout {
    sheets: Vec<Sheet>,
    rows: Vec<Row>,
    mode: Mode,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// CSS pixels a point.
    pub(crate) zoom: f64,
}

impl Layout {
    pub(crate) fn new(sizes: &[PageSize], zoom: f64, port: &Port, mode: Mode) -> Self {
        let abreast = mode.abreast();
        // Whole device pixels: a page between two pixels is blurred.
        let whole = |length: f64| (length * port.ratio).round() / port.ratio;
        let size = |size: &PageSize| {
            (whole(f64::from(size.width) * zoom), whole(f64::from(size.height) * zoom))
        };
        let row_width = |row: &[PageSize]| {
            row.iter().map(|each| size(each).0).sum::<f64>() + BESIDE * (row.len() - 1) as f64
        };
        let widest = sizes.chunks(abreast).map(row_width).fold(0.0, f64::max);
        let width = (widest + 2.0 * GAP).max(port.width).floor();
        let (mut sheets, mut rows) = (Vec::with_capacity(sizes.len()), Vec::new());
        let mut top = 0.0;
        for row in sizes.chunks(abreast) {
            let tall = row.iter().map(|each| size(each).1).fold(0.0, f64::max);
            // Where pages are turned, a row takes the whole window and stands in its middle.
            let (upper, height) = if mode.is_paged() {
                let room = (port.height - port.head - tall).max(2.0 * GAP);
                (top + port.head + room / 2.0, port.head + tall + room)
            } else {
                let upper = if rows.is_empty() { port.head + GAP } else { top };
                (upper, upper - top + tall + GAP)
            };
            let mut left = ((width - row_width(row)) / 2.0).floor().max(0.0);
            for each in row {
                let (page_width, page_height) = size(each);
                let down = ((tall - page_height) / 2.0).floor();
                let top = (upper + down).floor();
                sheets.push(Sheet { left, top, width: page_width, height: page_height });
                left += page_width + BESIDE;
            }
            rows.push(Row { top, upper: upper.floor(), lower: upper.floor() + tall });
            top = (top + height).ceil();
        }
        let foot = if mode.is_paged() { 0.0 } else { FOOT };
        Self { sheets, rows, mode, width, height: top + foot, zoom }
    }

    /// The page with this number, from 1.
    pub(crate) fn sheet(&self, page: u32) -> Option<&Sheet> {
        self.sheets.get(usize::try_from(page.checked_sub(1)?).ok()?)
    }

    /// Pages of the rows that lie between two heights, as numbers from 1.
    pub(crate) fn between(&self, top: f64, bottom: f64) -> Range<u32> {
        let first = self.rows.partition_point(|row| row.lower <= top);
        let end = self.rows.partition_point(|row| row.upper < bottom).max(first);
        let number = |row: usize| {
            u32::try_from((row * self.mode.abreast()).min(self.sheets.len())).unwrap_or(0) + 1
        };
        number(first)..number(end)
    }

    /// The page that is read: the one under a line a third below the top.
    pub(crate) fn current(&self, port: &Port) -> u32 {
        let line = port.top + port.head + (port.height - port.head) / 3.0;
        let above = if self.mode.is_paged() {
            self.rows.partition_point(|row| row.top <= line)
        } else {
            self.rows.partition_point(|row| row.upper <= line)
        };
        let row = above.saturating_sub(1);
        u32::try_from(row * self.mode.abreast()).unwrap_or(0) + 1
    }

    /// Where the desk lies when this page's row is shown from its beginning.
    pub(crate) fn row_top(&self, page: u32) -> Option<f64> {
        let index = usize::try_from(page.checked_sub(1)?).ok()? / self.mode.abreast();
        self.rows.get(index).map(|row| row.top)
    }

    /// Begin and height of every row, for the browser to stop at.
    pub(crate) fn stops(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let ends = self.rows.iter().skip(1).map(|row| row.top).chain([self.height]);
        self.rows.iter().zip(ends).map(|(row, end)| (row.top, end - row.top))
    }

    /// The page at a place of the desk, with the place on it in CSS pixels from its corner.
    pub(crate) fn locate(&self, x: f64, y: f64) -> Option<(u32, f64, f64)> {
        self.between(y, y + 1e-6).find_map(|page| {
            let sheet = self.sheet(page)?;
            let (x, y) = (x - sheet.left, y - sheet.top);
            ((0.0..=sheet.width).contains(&x) && (0.0..=sheet.height).contains(&y))
                .then_some((page, x, y))
        })
    }

    /// The page nearest to a place of the desk.
    fn nearest(&self, x: f64, y: f64) -> u32 {
        let last = u32::try_from(self.sheets.len()).unwrap_or(u32::MAX).max(1);
        let first = self.between(y, y + 1e-6).start.min(last);
        let beside =
            first..=(first + u32::try_from(self.mode.abreast()).unwrap_or(1) - 1).min(last);
        let far = |page: &u32| {
            self.sheet(*page).map_or(f64::MAX, |s| (s.left - x).max(x - s.left - s.width).max(0.0))
        };
        beside.min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(1)
    }

    /// Where the desk must lie after a change of zoom for what is at `at` (in the port) to stay.
    pub(crate) fn keep(&self, after: &Self, port: &Port, at: (f64, f64)) -> (f64, f64) {
        let (x, y) = (port.left + at.0, port.top + at.1);
        let page = self.nearest(x, y);
        let (Some(old), Some(new)) = (self.sheet(page), after.sheet(page)) else {
            return (port.left, port.top);
        };
        let share_x = (x - old.left) / old.width;
        // Gaps do not grow.
        let share_y = (y - old.top) / old.height;
        let new_y = if share_y < 0.0 { y - old.top } else { share_y * new.height };
        after.bounded(port, new.left + share_x * new.width - at.0, new.top + new_y - at.1)
    }

    /// A place where the desk may lie.
    pub(crate) fn bounded(&self, port: &Port, left: f64, top: f64) -> (f64, f64) {
        (
            left.clamp(0.0, (self.width - port.width).max(0.0)),
            top.clamp(0.0, (self.height - port.height).max(0.0)),
        )
    }
}

/// How the zoom follows the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Fit {
    /// The widest page fills the width, within reason.
    #[default]
    Width,
    /// One page is seen whole.
    Page,
    /// As it was set by hand.
    Free,
}

/// The zoom for a fit; `free` when it is set by hand.
pub(crate) fn zoom_for(fit: Fit, sizes: &[PageSize], port: &Port, mode: Mode, free: f64) -> f64 {
    let widest = sizes.iter().map(|size| size.width).fold(1.0, f32::max);
    let tallest = sizes.iter().map(|size| size.height).fold(1.0, f32::max);
    let row = sizes
        .chunks(mode.abreast())
        .map(|row| row.iter().map(|size| f64::from(size.width)).sum::<f64>())
        .fold(1.0, f64::max);
    let between = BESIDE * (mode.abreast() - 1) as f64;
    let by_width = (port.width - 2.0 * GAP - between) / row;
    let by_height = (port.height - port.head - 2.0 * GAP) / f64::from(tallest);
    let zoom = match fit {
        Fit::Width => by_width.min(WIDEST),
        Fit::Page => by_width.min(by_height),
        Fit::Free => return snapped(free, widest, port.ratio),
    };
    let steps = (zoom * f64::from(widest) * port.ratio / STEP).floor().max(1.0);
    (steps * STEP / port.ratio / f64::from(widest)).clamp(ZOOM.0, ZOOM.1)
}

/// The nearest zoom at which the widest page is a whole number of steps wide.
fn snapped(zoom: f64, widest: f32, ratio: f64) -> f64 {
    let zoom = zoom.clamp(ZOOM.0, ZOOM.1);
    let steps = (zoom * f64::from(widest) * ratio / STEP).round().max(1.0);
    steps * STEP / ratio / f64::from(widest)
}

/// From user space to CSS pixels on the page.
pub(crate) fn transform(size: &PageSize, scale: f64) -> PageTransform {
    let PageSize { width, height, rotation, left, bottom } = *size;
    PageTransform::new(width, height, rotation, left, bottom, scale as f32)
}

/// The six numbers of a canvas transform that draws user space at `scale`, moved by `(dx, dy)`.
pub(crate) fn matrix(page: &PageTransform, dx: f64, dy: f64) -> [f64; 6] {
    let at = |x, y| {
        let point = page.to_shown(Point { x, y });
        (f64::from(point.x), f64::from(point.y))
    };
    // Far points keep the rounding of the short ones out.
    let (origin, right, up) = (at(0.0, 0.0), at(1000.0, 0.0), at(0.0, 1000.0));
    [
        (right.0 - origin.0) / 1000.0,
        (right.1 - origin.1) / 1000.0,
        (up.0 - origin.0) / 1000.0,
        (up.1 - origin.1) / 1000.0,
        origin.0 + dx,
        origin.1 + dy,
    ]
}

/// A rectangle of user space that is upright as the page is shown: so far right and down from a
/// place, so wide and high, in points.
pub(crate) fn upright(size: &PageSize, at: Point, from: (f32, f32), wide: (f32, f32)) -> Rect {
    let page = transform(size, 1.0);
    let Point { x, y } = page.to_shown(at);
    let (left, top) = (x + from.0, y + from.1);
    page.rect_to_user(Rect { x0: left, y0: top, x1: left + wide.0, y1: top + wide.1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Mode = Mode::Continuous;

    fn a4(pages: usize) -> Vec<PageSize> {
        vec![PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 }; pages]
    }

    fn port(top: f64) -> Port {
        Port { top, width: 900.0, height: 1000.0, head: 64.0, ..Port::default() }
    }

    #[test]
    fn the_page_read_is_the_one_below_the_bar() {
        let layout = Layout::new(&a4(9), 1.0, &port(0.0), ON);
        assert_eq!(layout.current(&port(0.0)), 1);
        let third = layout.sheet(3).copied().unwrap();
        assert_eq!(layout.current(&port(third.top - 64.0)), 3);
        assert_eq!(layout.current(&port(1e9)), 9);
    }

    #[test]
    fn only_pages_in_sight_are_listed() {
        let layout = Layout::new(&a4(500), 1.0, &port(0.0), ON);
        let tenth = layout.sheet(10).copied().unwrap();
        assert_eq!(layout.between(tenth.top + 1.0, tenth.top + 900.0), 10..12);
        assert!(layout.between(-50.0, 0.0).is_empty());
    }

    #[test]
    fn what_is_under_the_fingers_stays_there_when_they_spread() {
        let sizes = a4(20);
        let seen = port(5_000.0);
        let before = Layout::new(&sizes, 1.0, &seen, ON);
        let after = Layout::new(&sizes, 2.5, &seen, ON);
        let at = (450.0, 500.0);
        let (page, x, y) = before.locate(seen.left + at.0, seen.top + at.1).unwrap();
        let (left, top) = before.keep(&after, &seen, at);
        let (same, x2, y2) = after.locate(left + at.0, top + at.1).unwrap();
        assert_eq!(page, same);
        assert!((x2 / 2.5 - x).abs() < 1.0 && (y2 / 2.5 - y).abs() < 1.0, "{x} {x2} {y} {y2}");
    }

    #[test]
    fn a_page_is_a_whole_number_of_steps_wide() {
        for fit in [Fit::Width, Fit::Page, Fit::Free] {
            let port = Port { ratio: 1.5, ..port(0.0) };
            let zoom = zoom_for(fit, &a4(1), &port, ON, 1.3);
            let pixels = zoom * 595.0 * 1.5;
            assert!((pixels / 32.0 - (pixels / 32.0).round()).abs() < 1e-6, "{fit:?} {pixels}");
        }
    }

    #[test]
    fn the_canvas_draws_a_turned_page_where_it_is_shown() {
        let size = PageSize { width: 842.0, height: 595.0, rotation: 90, left: 5.0, bottom: 7.0 };
        let page = transform(&size, 2.0);
        let [a, b, c, d, e, f] = matrix(&page, 10.0, 20.0);
        let shown = page.to_shown(Point { x: 100.0, y: 200.0 });
        let (x, y) = (a * 100.0 + c * 200.0 + e, b * 100.0 + d * 200.0 + f);
        assert!((x - f64::from(shown.x) - 10.0).abs() < 0.01);
        assert!((y - f64::from(shown.y) - 20.0).abs() < 0.01);
    }

    #[test]
    fn a_page_at_a_time_stands_in_the_middle_of_the_window() {
        let seen = port(0.0);
        let zoom = zoom_for(Fit::Page, &a4(5), &seen, Mode::Single, 1.0);
        let layout = Layout::new(&a4(5), zoom, &seen, Mode::Single);
        let stops: Vec<(f64, f64)> = layout.stops().collect();
        assert_eq!(stops.len(), 5);
        assert!(stops.iter().all(|(_, height)| (height - seen.height).abs() < 2.0), "{stops:?}");
        for page in 1..=5 {
            let top = layout.row_top(page).unwrap();
            let here = Port { top, ..seen };
            assert_eq!(layout.current(&here), page);
            let sheet = layout.sheet(page).unwrap();
            assert!(sheet.top >= top + seen.head && sheet.top + sheet.height <= top + seen.height);
            assert_eq!(layout.between(top, top + seen.height), page..page + 1);
        }
    }

    #[test]
    fn two_pages_lie_side_by_side_and_the_last_may_be_alone() {
        let seen = Port { width: 1180.0, height: 820.0, head: 64.0, ..Port::default() };
        let zoom = zoom_for(Fit::Page, &a4(5), &seen, Mode::Two, 1.0);
        let layout = Layout::new(&a4(5), zoom, &seen, Mode::Two);
        let [one, two, three] = [1, 2, 3].map(|page| layout.sheet(page).copied().unwrap());
        assert_eq!(one.top, two.top);
        assert!(two.left >= one.left + one.width && two.left + two.width <= seen.width);
        assert!(three.top >= one.top + one.height);
        let shown = Port { top: layout.row_top(4).unwrap(), ..seen };
        assert_eq!(layout.current(&shown), 3);
        assert_eq!(layout.between(shown.top, shown.top + 800.0), 3..5);
        assert_eq!(layout.between(1e7, 1e8), 6..6);
        let (page, ..) = layout.locate(two.left + 5.0, two.top + 5.0).unwrap();
        assert_eq!(page, 2);
        assert_eq!(layout.locate(one.left + one.width + 4.0, one.top + 5.0), None);
        // The page under the fingers stays under them, on the right as well.
        let after = Layout::new(&a4(5), zoom * 2.0, &seen, Mode::Two);
        let at = (two.left + 100.0, two.top + 200.0);
        let (left, top) = layout.keep(&after, &seen, at);
        assert_eq!(after.locate(left + at.0, top + at.1).map(|(page, ..)| page), Some(2));
    }
}
