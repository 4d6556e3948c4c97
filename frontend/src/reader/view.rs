//! How the pages lie: one under the other, one at a time or two side by side; and which way up.

use ink::Rect;
use ipc::PageSize;
use serde::{Deserialize, Serialize};

use super::layout::{Port, Sheet};

/// How pages follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Mode {
    /// One under the other, without end.
    #[default]
    Continuous,
    /// One at a time.
    Single,
    /// Two at a time, side by side.
    Two,
}

impl Mode {
    /// Pages beside each other.
    pub(crate) const fn abreast(self) -> usize {
        match self {
            Self::Continuous | Self::Single => 1,
            Self::Two => 2,
        }
    }

    /// Whether one turns pages instead of scrolling on.
    pub(crate) const fn is_paged(self) -> bool {
        matches!(self, Self::Single | Self::Two)
    }
}

/// How far the pages are turned, clockwise, beside what the paper itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Turn(u16);

impl Turn {
    /// A quarter further, clockwise or back.
    pub(crate) const fn further(self, clockwise: bool) -> Self {
        Self((self.0 + if clockwise { 90 } else { 270 }) % 360)
    }

    const fn is_across(self) -> bool {
        self.0 % 180 == 90
    }

    /// The size of a page as it lies turned.
    pub(crate) fn of(self, size: &PageSize) -> PageSize {
        let PageSize { width, height, rotation, left, bottom } = *size;
        let (width, height) = if self.is_across() { (height, width) } else { (width, height) };
        PageSize { width, height, rotation: (rotation + self.0) % 360, left, bottom }
    }

    /// The page's face before it is turned: its size as a sheet at the desk's corner, and the part
    /// of the desk that is seen, as it lies over that face.
    pub(crate) fn face(self, sheet: &Sheet, port: &Port) -> (Sheet, Port) {
        let Sheet { width, height, .. } = *sheet;
        let (x, y) = (port.left - sheet.left, port.top - sheet.top);
        let (right, bottom) = (width - x - port.width, height - y - port.height);
        let (left, top) = match self.0 {
            90 => (y, right),
            180 => (right, bottom),
            270 => (bottom, x),
            _ => (x, y),
        };
        let across = self.is_across();
        let turned = |a: f64, b: f64| if across { (b, a) } else { (a, b) };
        let (face_width, face_height) = turned(width, height);
        let (seen_width, seen_height) = turned(port.width, port.height);
        (
            Sheet { left: 0.0, top: 0.0, width: face_width, height: face_height },
            Port { left, top, width: seen_width, height: seen_height, ..*port },
        )
    }

    /// The style that lays the face of a page turned upon its sheet.
    pub(crate) fn style(self, sheet: &Sheet) -> String {
        let Sheet { width, height, .. } = *sheet;
        match self.0 {
            90 => format!(
                "width:{height}px;height:{width}px;transform:translateX({width}px) rotate(90deg)"
            ),
            180 => format!(
                "width:{width}px;height:{height}px;\
                 transform:translate({width}px,{height}px) rotate(180deg)"
            ),
            270 => format!(
                "width:{height}px;height:{width}px;transform:translateY({height}px) rotate(270deg)"
            ),
            _ => format!("width:{width}px;height:{height}px"),
        }
    }
}

/// A place on the face of a page as a style, in parts of the page.
pub(crate) fn place(size: &PageSize, rect: Rect) -> String {
    let shown = super::layout::transform(size, 1.0).rect_to_shown(rect);
    let x = |length: f32| f64::from(length) * 100.0 / f64::from(size.width);
    let y = |length: f32| f64::from(length) * 100.0 / f64::from(size.height);
    format!(
        "left:{:.3}%;top:{:.3}%;width:{:.3}%;height:{:.3}%",
        x(shown.x0),
        y(shown.y0),
        x(shown.width()),
        y(shown.height())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::layout::transform;

    const PLAN: PageSize =
        PageSize { width: 1191.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };

    #[test]
    fn four_turns_bring_a_page_back() {
        let mut turn = Turn::default();
        let mut sizes = Vec::new();
        for _ in 0..4 {
            turn = turn.further(true);
            sizes.push(turn.of(&PLAN));
        }
        assert_eq!((sizes[0].width, sizes[0].rotation), (842.0, 90));
        assert_eq!(sizes[3], PLAN);
        assert_eq!(Turn::default().further(false).of(&PLAN).rotation, 270);
    }

    #[test]
    fn what_is_seen_of_a_turned_page_is_the_same_place_of_its_face() {
        // A corner of the turned page is seen: 100 by 50 pixels of it.
        for quarters in 0..4 {
            let turn = (0..quarters).fold(Turn::default(), |turn, _| turn.further(true));
            let size = turn.of(&PLAN);
            let sheet = Sheet {
                left: 40.0,
                top: 300.0,
                width: f64::from(size.width),
                height: f64::from(size.height),
            };
            let port =
                Port { left: 60.0, top: 310.0, width: 100.0, height: 50.0, ..Port::default() };
            let (face, seen) = turn.face(&sheet, &port);
            assert_eq!((face.width, face.height), (1191.0, 842.0));
            // The middle of what is seen is the same place of the paper on both ways.
            let on_sheet = transform(&size, 1.0).to_user([70.0, 35.0].into());
            let x = (seen.left + seen.width / 2.0) as f32;
            let y = (seen.top + seen.height / 2.0) as f32;
            let on_face = transform(&PLAN, 1.0).to_user([x, y].into());
            let far = (on_sheet.x - on_face.x).hypot(on_sheet.y - on_face.y);
            assert!(far < 0.1, "{quarters}: {on_sheet:?} {on_face:?}");
        }
    }
}
