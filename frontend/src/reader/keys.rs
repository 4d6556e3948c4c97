//! The keyboard on the desk.

use ink::Tool;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::acts::Acts;
use super::layout::Fit;
use super::state::{Desk, Move};
use super::tools::Family;
use crate::components::page_img::generation_now;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Wish {
    Undo,
    Redo,
    Find,
    Zoom(f64),
    FitWidth,
    Page(i32),
    First,
    Last,
    /// By parts of the height in sight.
    Scroll(f64),
    /// Back on the way after a jump, or forward.
    Step(bool),
    Turn(bool),
    /// All text of the page.
    Choose,
    Leave,
    /// The tool at this place of the bar; once more, its next variant.
    Tool(Family),
    Remove,
    Copy,
    Paste,
}

/// The wish of a key; none when it is not the reader's.
pub(crate) fn wish(key: &str, command: bool, shift: bool, alt: bool) -> Option<Wish> {
    if alt {
        return match key {
            "ArrowLeft" => Some(Wish::Step(true)),
            "ArrowRight" => Some(Wish::Step(false)),
            _ => None,
        };
    }
    Some(match (key, command) {
        ("z" | "Z", true) if shift => Wish::Redo,
        ("z", true) => Wish::Undo,
        ("y", true) => Wish::Redo,
        ("f", true) => Wish::Find,
        ("a", true) => Wish::Choose,
        ("+" | "=", _) => Wish::Zoom(1.25),
        ("-", _) => Wish::Zoom(0.8),
        ("0", true) => Wish::FitWidth,
        ("ArrowRight", false) => Wish::Page(1),
        ("ArrowLeft", false) => Wish::Page(-1),
        ("PageDown", false) => Wish::Scroll(0.85),
        ("PageUp", false) => Wish::Scroll(-0.85),
        (" ", false) => Wish::Scroll(if shift { -0.85 } else { 0.85 }),
        ("ArrowDown", false) => Wish::Scroll(0.1),
        ("ArrowUp", false) => Wish::Scroll(-0.1),
        ("Home", false) => Wish::First,
        ("End", false) => Wish::Last,
        ("r" | "R", false) => Wish::Turn(!shift),
        ("Escape", false) => Wish::Leave,
        ("Delete" | "Backspace", false) => Wish::Remove,
        ("c", true) => Wish::Copy,
        ("v", true) => Wish::Paste,
        (key, false) => {
            let place = key.parse::<usize>().ok()?.checked_sub(1)?;
            Wish::Tool(*Family::ALL.get(place)?)
        }
        _ => return None,
    })
}

/// What Escape leaves first.
pub(crate) fn leave(desk: &Desk) -> Move {
    if desk.editing.is_some() {
        Move::Edit(None)
    } else if desk.chosen.is_some() {
        Move::Choose(None)
    } else if desk.caught.is_some() {
        Move::Catch(None)
    } else if desk.find_open {
        Move::Find(false)
    } else if desk.tool != Tool::Hand {
        Move::Tool(Tool::Hand)
    } else {
        Move::Immerse(!desk.immersed)
    }
}

/// Zooms around the middle.
pub(crate) fn zoom(acts: &Acts, factor: f64) {
    let port = acts.now().port;
    let at = (port.width / 2.0, (port.height + port.head) / 2.0);
    acts.desk.dispatch(Move::ZoomBy { factor, at });
    acts.desk.dispatch(Move::Settle(generation_now()));
}

/// Does what a key asks for, unless somebody is writing or the key is a button's.
pub(crate) fn press(acts: &Acts, event: &KeyboardEvent) {
    let command = event.ctrl_key() || event.meta_key();
    let keys = (event.shift_key(), event.alt_key());
    let Some(wish) = wish(&event.key(), command, keys.0, keys.1) else { return };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        target.as_ref().and_then(|it| it.closest(selector).ok().flatten()).is_some()
    };
    // Of two papers side by side the one that was touched last listens.
    if within("dialog") || within(".pane.second") != acts.second {
        return;
    }
    let writes = within("input, textarea");
    let on_button = within("button, a, [role=toolbar], .rail, .notes");
    let goes = match wish {
        Wish::Leave | Wish::Find => true,
        Wish::Undo | Wish::Redo | Wish::Zoom(_) | Wish::FitWidth | Wish::Step(_) => !writes,
        Wish::Tool(_) | Wish::Paste => !writes,
        Wish::Choose => !writes,
        // The browser's copying stays the browser's.
        Wish::Remove => !writes && acts.now().caught.is_some(),
        Wish::Copy => !writes && (acts.now().caught.is_some() || acts.now().chosen.is_some()),
        Wish::Page(_) | Wish::First | Wish::Last | Wish::Scroll(_) | Wish::Turn(_) => {
            !writes && !on_button
        }
    };
    if !goes {
        return;
    }
    event.prevent_default();
    let desk = acts.now();
    if let (Some(caught), Some(by)) = (&desk.caught, nudge(&event.key())) {
        // Arrows move what was caught, by the reading directions of the page.
        return acts.nudge(caught, by);
    }
    match wish {
        Wish::Tool(family) => acts.desk.dispatch(next_variant(&desk, family)),
        Wish::Choose => acts.choose_page(),
        Wish::Copy if desk.caught.is_none() => acts.copy_chosen(),
        Wish::Remove | Wish::Copy => {
            let Some(caught) = &desk.caught else { return };
            if wish == Wish::Copy {
                acts.copy(&caught.ids);
            } else {
                acts.remove(caught.ids.to_vec());
            }
        }
        Wish::Paste => acts.paste(),
        Wish::Undo => acts.history(true),
        Wish::Redo => acts.history(false),
        Wish::Find => acts.desk.dispatch(Move::Find(true)),
        Wish::Zoom(factor) => zoom(acts, factor),
        Wish::FitWidth => {
            acts.desk.dispatch(Move::Fit(Fit::Width));
            acts.desk.dispatch(Move::Settle(generation_now()));
        }
        Wish::Page(step) => {
            let abreast = i32::try_from(desk.mode.abreast()).unwrap_or(1);
            acts.desk.dispatch(Move::GoTo(desk.page().saturating_add_signed(step * abreast)));
        }
        Wish::First => acts.jump(1, None),
        Wish::Last => acts.jump(desk.paper.pages, None),
        Wish::Step(back) => acts.step(back),
        Wish::Turn(clockwise) => {
            acts.desk.dispatch(Move::Turn { clockwise, generation: generation_now() });
        }
        Wish::Scroll(part) => acts.desk.dispatch(Move::ScrollBy(part)),
        Wish::Leave => acts.desk.dispatch(leave(&desk)),
    }
}

/// The tool of a family; its next variant when it is in hand already.
fn next_variant(desk: &Desk, family: Family) -> Move {
    if Family::of(desk.tool) != family {
        return Move::Tool(desk.kit.tool(family));
    }
    let variants = family.variants();
    let now = desk.kit.in_hand(desk.tool);
    let at = variants.iter().position(|variant| *variant == now).map_or(0, |at| at + 1);
    let next = variants.get(at % variants.len().max(1));
    next.map_or(Move::Tool(desk.tool), |next| Move::Take(*next))
}

/// How far an arrow key moves marks on the page as it is shown, in points: right and down.
pub(crate) fn nudge(key: &str) -> Option<(f32, f32)> {
    const STEP: f32 = 4.0;
    Some(match key {
        "ArrowRight" => (STEP, 0.0),
        "ArrowLeft" => (-STEP, 0.0),
        "ArrowDown" => (0.0, STEP),
        "ArrowUp" => (0.0, -STEP),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_they_mean_everywhere() {
        assert_eq!(wish("z", true, false, false), Some(Wish::Undo));
        assert_eq!(wish("Z", true, true, false), Some(Wish::Redo));
        assert_eq!(wish("y", true, false, false), Some(Wish::Redo));
        assert_eq!(wish("f", true, false, false), Some(Wish::Find));
        assert_eq!(wish("End", false, false, false), Some(Wish::Last));
        assert_eq!(wish("a", false, false, false), None);
        assert_eq!(wish("z", false, false, false), None);
        assert_eq!(wish("ArrowLeft", false, false, true), Some(Wish::Step(true)));
        assert_eq!(wish("f", true, false, true), None);
        assert_eq!(wish("3", false, false, false), Some(Wish::Tool(Family::Pen)));
        assert_eq!((wish("0", false, false, false), wish("7", false, false, false)), (None, None));
    }
}
