//! Marks that were caught in a loop are carried elsewhere.

use std::rc::Rc;

use ink::{Device, Point, Tool};

use super::{Doing, Hands};
use crate::reader::marks::Placed;
use crate::reader::state::{Caught, Move};

/// How far around what was caught it can be taken hold of, in CSS pixels.
const GRIP: f64 = 12.0;

impl Hands {
    /// Takes hold of what was caught, when the pointer is on it.
    pub(super) fn carries(
        &mut self,
        page: Option<u32>,
        pointer: i32,
        at: (f64, f64),
        device: Device,
    ) -> bool {
        let desk = self.acts.now();
        let Some(caught) = desk.caught.as_ref().filter(|caught| page == Some(caught.page)) else {
            return false;
        };
        let Some(rect) = desk.caught_rect().filter(|_| desk.tool == Tool::Lasso) else {
            return false;
        };
        self.lay_under(caught.page);
        let from = self.on_page(at);
        let free = !matches!(self.doing, Doing::Pen)
            && (device != Device::Touch || self.fingers.len() == 1);
        if !free || !rect.grown((GRIP / desk.zoom) as f32).contains(from) {
            return false;
        }
        self.wet.begin(&desk.port);
        self.doing = Doing::Carries { pointer, from, by: Point::default() };
        true
    }

    /// What is carried has come to a place of the port.
    pub(super) fn carried(&mut self, from: Point, at: (f64, f64)) {
        let to = self.on_page(at);
        let way = Point { x: to.x - from.x, y: to.y - from.y };
        if let Doing::Carries { by, .. } = &mut self.doing {
            *by = way;
        }
        let (Some(under), Some(marks)) = (self.under, self.caught_marks()) else { return };
        self.wet.carried(&under, &marks, way);
    }

    /// What was carried stays here.
    pub(super) fn put_down(&mut self, by: Point) {
        self.wet.clear();
        let desk = self.acts.now();
        let Some(Caught { ids, .. }) = desk.caught.clone() else { return };
        if f64::from(by.x.hypot(by.y)) * desk.zoom > 2.0 {
            self.acts.shift(&ids, by);
        } else if by != Point::default() {
            self.acts.desk.dispatch(Move::Catch(desk.caught.clone()));
        }
    }

    fn caught_marks(&self) -> Option<Vec<Rc<Placed>>> {
        let desk = self.acts.now();
        let caught = desk.caught.as_ref()?;
        let here = desk.marks.page(caught.page);
        Some(here.iter().filter(|placed| caught.ids.contains(&placed.mark.id)).cloned().collect())
    }
}
