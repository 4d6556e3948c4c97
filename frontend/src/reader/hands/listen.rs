//! From the browser's listeners to the hands; two fingers and the wheel zoom.

use std::rc::Rc;

use web_sys::{PointerEvent, TouchEvent, WheelEvent};

use super::{Doing, Hands, Shared};
use crate::dom;

impl Hands {
    fn touch(&mut self, event: &TouchEvent, starts: bool) {
        let touches = event.touches();
        if let (2, Some(a), Some(b)) = (touches.length(), touches.item(0), touches.item(1)) {
            let (dx, dy) = (b.client_x() - a.client_x(), b.client_y() - a.client_y());
            let apart = f64::from(dx).hypot(f64::from(dy)).max(1.0);
            let x = (a.client_x() + b.client_x()) / 2;
            let middle = self.in_port(x, (a.client_y() + b.client_y()) / 2);
            if event.cancelable() {
                event.prevent_default();
            }
            if let Doing::Pinches { apart: before } = self.doing {
                self.zoom(apart / before, middle);
            }
            self.rest = None;
            self.doing = Doing::Pinches { apart };
            return;
        }
        let held = matches!(self.doing, Doing::Pen | Doing::Chooses { .. });
        if held && event.cancelable() {
            event.prevent_default();
        }
        if !starts && touches.length() == 0 && matches!(self.doing, Doing::Pinches { .. }) {
            self.doing = Doing::Nothing;
        }
    }

    fn wheel(&mut self, event: &WheelEvent) {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            let at = self.in_port(event.client_x(), event.client_y());
            self.zoom((-event.delta_y() * 0.0022).exp().clamp(0.5, 2.0), at);
        }
    }
}

/// Listens to the desk; the hands rest when the listeners are dropped.
pub(crate) fn listen(shared: &Shared) -> Vec<dom::Listener> {
    let scroller = shared.borrow().scroller.clone();
    let with = |act: fn(&mut Hands, &PointerEvent)| {
        let shared = Rc::clone(shared);
        move |event: PointerEvent| act(&mut shared.borrow_mut(), &event)
    };
    let touches = |starts: bool| {
        let shared = Rc::clone(shared);
        move |event: TouchEvent| shared.borrow_mut().touch(&event, starts)
    };
    let down = {
        let shared = Rc::clone(shared);
        move |event: PointerEvent| shared.borrow_mut().down(&event, &shared)
    };
    let wheel = {
        let shared = Rc::clone(shared);
        move |event: WheelEvent| shared.borrow_mut().wheel(&event)
    };
    vec![
        dom::on(&scroller, "pointerdown", down),
        dom::on(&scroller, "pointermove", with(Hands::moves)),
        dom::on(&scroller, "pointerup", with(Hands::up)),
        dom::on(&scroller, "pointercancel", with(Hands::cancel)),
        dom::on(&scroller, "touchstart", touches(true)),
        dom::on(&scroller, "touchmove", touches(false)),
        dom::on(&scroller, "touchend", touches(false)),
        dom::on(&scroller, "wheel", wheel),
        dom::on(&scroller, "contextmenu", |event: web_sys::Event| event.prevent_default()),
    ]
}
