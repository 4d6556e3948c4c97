//! The ends of a form and the corners of a text box, to be dragged or moved with arrow keys.

use ink::{AnnotationId, Mark, MarkKind, Point};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::acts::Acts;
use super::handles::held_on;
use super::keys::nudge;
use super::layout::transform;
use super::state::{Desk, Editing, Move, Subject};

/// What a grip moves: x of this end, y of that one.
type Grip = (usize, usize);

/// The grips of a line are its ends, those of anything else its corners.
fn grips(kind: &MarkKind) -> &'static [Grip] {
    let line = matches!(
        kind,
        MarkKind::Shape(shape) if matches!(shape.form, ink::Form::Line | ink::Form::Arrow)
    );
    if line { &[(0, 0), (1, 1)] } else { &[(0, 0), (1, 0), (1, 1), (0, 1)] }
}

/// Where a grip stands.
fn stands(ends: [Point; 2], (x, y): Grip) -> Point {
    let end = |at: usize| ends.get(at).copied().unwrap_or_default();
    Point { x: end(x).x, y: end(y).y }
}

/// The ends with a grip at another place.
fn with(mut ends: [Point; 2], (x, y): Grip, to: Point) -> [Point; 2] {
    let to = ink::codec::rounded(to);
    if let Some(end) = ends.get_mut(x) {
        end.x = to.x;
    }
    if let Some(end) = ends.get_mut(y) {
        end.y = to.y;
    }
    ends
}

/// The one mark of one's own that is held and has ends.
fn held(desk: &Desk) -> Option<Mark> {
    let id: AnnotationId = match (&desk.caught, &desk.editing) {
        (Some(caught), _) => match caught.ids.as_slice() {
            [id] => *id,
            _ => return None,
        },
        (None, Some(Editing { subject: Subject::Mark(id), .. })) => *id,
        (None, _) => return None,
    };
    let view = desk.marks.get(id).filter(|view| view.mine && view.is_placed() && !desk.fixed)?;
    view.mark.kind.ends()?;
    desk.marks.shown(id).cloned()
}

#[derive(Properties, PartialEq)]
pub(crate) struct GripsProps {
    pub(crate) acts: Acts,
    pub(crate) desk: Desk,
}

#[component]
pub(crate) fn Grips(props: &GripsProps) -> Html {
    let GripsProps { acts, desk } = props;
    let dragged = use_mut_ref(|| None::<[Point; 2]>);
    let Some(mark) = held(desk) else { return Html::default() };
    let (Some(sheet), Some(size)) = (desk.layout.sheet(mark.page), desk.size(mark.page)) else {
        return Html::default();
    };
    let Some(ends) = mark.kind.ends() else { return Html::default() };
    let page = transform(size, desk.zoom);
    let label = acts.words().say("grip");
    let held = |event: &PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok())?;
        target.has_pointer_capture(event.pointer_id()).then_some(target)
    };
    let down = |event: PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        if let Some(target) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) {
            // Fails when the finger has already gone.
            drop(target.set_pointer_capture(event.pointer_id()));
        }
    };
    let end = {
        let (acts, dragged, id) = (acts.clone(), dragged.clone(), mark.id);
        move |_: PointerEvent| {
            if let Some(ends) = dragged.borrow_mut().take() {
                acts.reshape(id, ends);
            }
        }
    };
    let cancel = {
        let (acts, dragged) = (acts.clone(), dragged.clone());
        move |_: PointerEvent| {
            if dragged.borrow_mut().take().is_some() {
                acts.desk.dispatch(Move::Unhide);
            }
        }
    };
    let one = |(number, grip): (usize, &Grip)| {
        let grip = *grip;
        let at = page.to_shown(stands(ends, grip));
        let (left, top) = (sheet.left + f64::from(at.x), sheet.top + f64::from(at.y));
        let moves = {
            let (acts, dragged, mark) = (acts.clone(), dragged.clone(), mark.clone());
            move |event: PointerEvent| {
                let place = held(&event).and_then(|it| held_on(&acts, mark.page, &it, &event));
                let Some(place) = place else { return };
                let to = with(ends, grip, place);
                *dragged.borrow_mut() = Some(to);
                let mut mark = mark.clone();
                mark.kind.reshape(to);
                acts.desk.dispatch(Move::Alter(vec![mark]));
            }
        };
        let keys = {
            let (acts, mark) = (acts.clone(), mark.clone());
            move |event: KeyboardEvent| {
                let Some((right, down)) = nudge(&event.key()) else { return };
                event.prevent_default();
                event.stop_propagation();
                let to = page.at_scale(1.0);
                let from = to.to_shown(stands(ends, grip));
                let place = to.to_user(Point { x: from.x + right, y: from.y + down });
                acts.reshape(mark.id, with(ends, grip, place));
            }
        };
        html! {
            <button key={number} type="button" class="corner" data-own="" aria-label={label.clone()}
                style={format!("left:{left}px;top:{top}px")} onpointerdown={down}
                onpointermove={moves} onpointerup={end.clone()} onpointercancel={cancel.clone()}
                onkeydown={keys} />
        }
    };
    grips(&mark.kind).iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ink::{Form, Rect, Shape};

    #[test]
    fn a_corner_moves_its_two_edges_and_the_end_of_a_line_itself() {
        let text = MarkKind::Text { rect: Rect::from([10.0, 20.0, 110.0, 60.0]) };
        let ends = text.ends().unwrap();
        let corners: Vec<_> = grips(&text).iter().map(|grip| stands(ends, *grip)).collect();
        let expected = [[10.0, 60.0], [110.0, 60.0], [110.0, 20.0], [10.0, 20.0]];
        assert_eq!(corners, expected.map(Point::from));
        let mut wider = text;
        wider.reshape(with(ends, (1, 0), Point { x: 200.0, y: 80.0 }));
        assert_eq!(wider, MarkKind::Text { rect: Rect::from([10.0, 20.0, 200.0, 80.0]) });

        let (from, to) = (Point { x: 0.0, y: 0.0 }, Point { x: 50.0, y: 50.0 });
        let mut line = MarkKind::Shape(Shape { form: Form::Line, from, to, width: 1.0 });
        assert_eq!(grips(&line).len(), 2);
        line.reshape(with([from, to], (1, 1), Point { x: 9.0, y: 7.0 }));
        assert_eq!(line.ends(), Some([from, Point { x: 9.0, y: 7.0 }]));
    }
}
