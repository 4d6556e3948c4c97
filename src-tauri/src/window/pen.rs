//! The pen as GTK sees it. WebKitGTK tells the page of a pen as a mouse with the pressure 0.5, so
//! what the pen really does is read before the web view gets the event, and told to the page beside
//! it.

use ipc::NativePen;
use tauri::{AppHandle, Emitter};

/// Name of the event that tells the page.
const EVENT: &str = "pupitre-pen";

/// What a device of the system is, for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Pen,
    Eraser,
    Other,
}

/// What GTK tells of one event.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Told {
    source: Source,
    /// From 0 to 1; none when the device has no such axis.
    pressure: Option<f64>,
    /// Whether the button on the barrel is held.
    barrel: bool,
}

/// What the page is told; nothing of a mouse or finger, which it sees itself.
fn heard(told: Told) -> Option<NativePen> {
    let Told { source, pressure, barrel } = told;
    let eraser = match source {
        Source::Pen => false,
        Source::Eraser => true,
        Source::Other => return None,
    };
    let pressure = pressure.filter(|pressure| pressure.is_finite());
    let pressure = pressure.map_or(0.5, |pressure| pressure.clamp(0.0, 1.0)) as f32;
    Some(NativePen { pressure, eraser, barrel })
}

/// Listens to the pen on the window's web view.
#[cfg(target_os = "linux")]
pub(super) fn listen(window: &tauri::WebviewWindow, app: AppHandle) {
    use gtk::gdk::{Event, EventMask};
    use gtk::glib::Propagation;
    use gtk::prelude::{WidgetExt, WidgetExtManual};

    let connected = window.with_webview(move |view| {
        let view = view.inner();
        view.add_events(
            EventMask::POINTER_MOTION_MASK
                | EventMask::BUTTON_PRESS_MASK
                | EventMask::BUTTON_RELEASE_MASK,
        );
        let tell = move |event: &Event| {
            if let Some(pen) = heard(told(event)) {
                // A page that is closing hears nothing.
                app.emit_to(super::WINDOW, EVENT, pen).ok();
            }
        };
        let (press, motion) = (tell.clone(), tell);
        view.connect_button_press_event(move |_, event| {
            press(event);
            Propagation::Proceed
        });
        view.connect_motion_notify_event(move |_, event| {
            motion(event);
            Propagation::Proceed
        });
    });
    if let Err(error) = connected {
        tracing::warn!(%error, "the pen's pressure is not heard");
    }
}

#[cfg(target_os = "linux")]
fn told(event: &gtk::gdk::Event) -> Told {
    use gtk::gdk::{AxisUse, InputSource, ModifierType};

    let source = match event.source_device().map(|device| gtk::prelude::DeviceExt::source(&device))
    {
        Some(InputSource::Pen) => Source::Pen,
        Some(InputSource::Eraser) => Source::Eraser,
        Some(_) | None => Source::Other,
    };
    let held = event.state().unwrap_or(ModifierType::empty());
    let barrel = held.intersects(ModifierType::BUTTON2_MASK | ModifierType::BUTTON3_MASK);
    Told { source, pressure: event.axis(AxisUse::Pressure), barrel }
}

/// Elsewhere the web view tells the page itself.
#[cfg(not(target_os = "linux"))]
pub(super) fn listen(_: &tauri::WebviewWindow, _: AppHandle) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pen_is_told_with_its_pressure_and_which_end_it_is() {
        let pen = Told { source: Source::Pen, pressure: Some(0.25), barrel: true };
        assert_eq!(heard(pen), Some(NativePen { pressure: 0.25, eraser: false, barrel: true }));
        let turned = Told { source: Source::Eraser, barrel: false, ..pen };
        assert!(heard(turned).is_some_and(|pen| pen.eraser && !pen.barrel));
    }

    #[test]
    fn a_mouse_is_not_told_and_an_odd_pressure_is_brought_to_its_bounds() {
        let mouse = Told { source: Source::Other, pressure: Some(0.5), barrel: false };
        assert_eq!(heard(mouse), None);
        for (read, expected) in [(None, 0.5), (Some(f64::NAN), 0.5), (Some(7.0), 1.0)] {
            let pen = Told { source: Source::Pen, pressure: read, barrel: false };
            assert_eq!(heard(pen).map(|pen| pen.pressure), Some(expected));
        }
    }
}
