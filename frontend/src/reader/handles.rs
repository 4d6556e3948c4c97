//! The two ends of chosen text, to be dragged by a finger or moved word by word with arrow keys.

use ink::{Point, Rect};
use ipc::PageText;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::acts::Acts;
use super::layout::transform;
use super::state::{Chosen, Desk, Move};

/// How far under its end a handle is held, in CSS pixels.
const UNDER: f64 = 18.0;

/// The middle of every word of a page, in reading order.
pub(crate) fn centres(text: &PageText) -> Vec<Point> {
    let mut centres = Vec::new();
    for line in &text.lines {
        let Rect { x0, y0, x1, y1 } = line.rect;
        let letters: Vec<char> = line.text.chars().collect();
        let mut from = 0;
        for word in letters.chunk_by(|a, b| a.is_whitespace() == b.is_whitespace()) {
            let to = from + word.len();
            let shown = word.first().is_some_and(|letter| !letter.is_whitespace());
            if let (true, Some(a), Some(b)) = (shown, line.edges.get(from), line.edges.get(to)) {
                let along = (a + b) / 2.0;
                centres.push(if line.vertical {
                    Point { x: (x0 + x1) / 2.0, y: along }
                } else {
                    Point { x: along, y: (y0 + y1) / 2.0 }
                });
            }
            from = to;
        }
    }
    centres
}

/// The word that comes so many words after the one nearest to a place.
fn stepped(text: &PageText, from: Point, step: isize) -> Option<Point> {
    let centres = centres(text);
    // Lines lie further apart than the words on them.
    let far = |at: &Point| (at.x - from.x).hypot((at.y - from.y) * 4.0);
    let (now, _) = centres.iter().enumerate().min_by(|a, b| far(a.1).total_cmp(&far(b.1)))?;
    centres.get(now.saturating_add_signed(step).min(centres.len() - 1)).copied()
}

/// A place within the first and within the last word of a choice, with their pages.
fn ends(chosen: &Chosen) -> Option<[(u32, Point); 2]> {
    let ((start, first), (end, last)) = (chosen.parts.first()?, chosen.parts.last()?);
    let (first, last) = (first.rects.first()?, last.rects.last()?);
    let inside = |rect: &Rect, x: f32| Point { x, y: (rect.y0 + rect.y1) / 2.0 };
    Some([(*start, inside(first, first.x0 + 0.5)), (*end, inside(last, last.x1 - 0.5))])
}

#[derive(Properties, PartialEq)]
pub(crate) struct HandlesProps {
    pub(crate) acts: Acts,
    pub(crate) desk: Desk,
}

#[component]
pub(crate) fn Handles(props: &HandlesProps) -> Html {
    let HandlesProps { acts, desk } = props;
    let Some(chosen) = &desk.chosen else { return Html::default() };
    // The lower corner where a part begins, or ends, on its page.
    let at = |start: bool| {
        let (page, part) = if start { chosen.parts.first()? } else { chosen.parts.last()? };
        let rect = if start { part.rects.first()? } else { part.rects.last()? };
        let (sheet, size) = (desk.layout.sheet(*page)?, desk.size(*page)?);
        let corner = Point { x: if start { rect.x0 } else { rect.x1 }, y: rect.y0 };
        let place = transform(size, desk.zoom).to_shown(corner);
        let (left, top) = (sheet.left + f64::from(place.x), sheet.top + f64::from(place.y));
        Some(format!("left:{left}px;top:{top}px"))
    };
    html! {
        <>
            { for at(true).map(|style| html! { <Handle acts={acts.clone()} start=true {style} /> }) }
            { for at(false).map(|style| html! { <Handle acts={acts.clone()} start=false {style} /> }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HandleProps {
    acts: Acts,
    /// Whether it is the beginning.
    start: bool,
    style: String,
}

#[component]
fn Handle(props: &HandleProps) -> Html {
    let HandleProps { acts, start, style } = props;
    let start = *start;
    let words = acts.words();
    let down = Callback::from(|event: PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target {
            // Fails when the finger has already gone.
            drop(target.set_pointer_capture(event.pointer_id()));
        }
    });
    let moves = {
        let acts = acts.clone();
        Callback::from(move |event: PointerEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let held = target.filter(|it| it.has_pointer_capture(event.pointer_id()));
            if let Some(to) = held.and_then(|it| under(&acts, &it, &event)) {
                stretch(&acts, start, to);
            }
        })
    };
    let keys = {
        let acts = acts.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => -1,
                "ArrowDown" => 10,
                "ArrowUp" => -10,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            let desk = acts.now();
            let Some(chosen) = &desk.chosen else { return };
            let place = ends(chosen).and_then(|[first, last]| {
                let (page, from) = if start { first } else { last };
                Some((page, stepped(desk.texts.get(&page)?, from, step)?))
            });
            if let Some(to) = place {
                stretch(&acts, start, to);
            }
        })
    };
    let label = words.say(if start { "chosen-start" } else { "chosen-end" });
    html! {
        <button type="button" data-own="" class={classes!("handle", start.then_some("start"))}
            style={style.clone()} aria-label={label} onpointerdown={down} onpointermove={moves}
            onkeydown={keys} />
    }
}

/// Where a handle is held, in CSS pixels of the desk.
fn on_desk(handle: &Element, event: &PointerEvent) -> Option<(f64, f64)> {
    let scroller = handle.closest(".scroller").ok().flatten()?.dyn_into::<HtmlElement>().ok()?;
    let rect = scroller.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - rect.left() + f64::from(scroller.scroll_left());
    let y = f64::from(event.client_y()) - rect.top() + f64::from(scroller.scroll_top());
    Some((x, y))
}

/// A place of the desk on a page.
pub(crate) fn on_page(desk: &Desk, page: u32, (x, y): (f64, f64)) -> Option<Point> {
    let (sheet, size) = (desk.layout.sheet(page)?, desk.size(page)?);
    let place = Point { x: (x - sheet.left) as f32, y: (y - sheet.top) as f32 };
    Some(transform(size, desk.zoom).to_user(place))
}

/// The place of a page that something is held at.
pub(crate) fn held_on(
    acts: &Acts,
    page: u32,
    handle: &Element,
    event: &PointerEvent,
) -> Option<Point> {
    on_page(&acts.now(), page, on_desk(handle, event)?)
}

/// The page and the place of it that a handle under the words is held at.
fn under(acts: &Acts, handle: &Element, event: &PointerEvent) -> Option<(u32, Point)> {
    let (x, y) = on_desk(handle, event)?;
    let (desk, y) = (acts.now(), y - UNDER);
    let (page, ..) = desk.layout.locate(x, y)?;
    Some((page, on_page(&desk, page, (x, y))?))
}

/// Moves one end of the choice; the other stays.
fn stretch(acts: &Acts, start: bool, to: (u32, Point)) {
    let desk = acts.now();
    let Some([first, last]) = desk.chosen.as_ref().and_then(ends) else { return };
    let stays = if start { last } else { first };
    let chosen = Chosen::between(&desk.texts, stays, to);
    if chosen.is_some() {
        acts.desk.dispatch(Move::Choose(chosen));
    }
}

#[cfg(test)]
mod tests {
    use ipc::TextLine;

    use super::*;

    fn page() -> PageText {
        let line = |row: u32, text: &str| {
            let count = text.chars().count();
            let y0 = 700.0 - row as f32 * 20.0;
            TextLine {
                start: 0,
                text: text.to_owned(),
                rect: Rect { x0: 0.0, y0, x1: count as f32 * 10.0, y1: y0 + 12.0 },
                edges: (0..=count).map(|i| i as f32 * 10.0).collect(),
                vertical: false,
            }
        };
        PageText { page: 1, lines: vec![line(0, "le montant"), line(1, "garanti est")] }
    }

    #[test]
    fn an_end_moves_word_by_word_over_the_end_of_a_line_and_stops_at_the_pages() {
        let page = page();
        let words = centres(&page);
        assert_eq!(words.len(), 4);
        assert_eq!(stepped(&page, words[1], 1), Some(words[2]));
        assert_eq!(stepped(&page, words[2], -1), Some(words[1]));
        assert_eq!(stepped(&page, words[3], 10), Some(words[3]));
        assert_eq!(stepped(&page, words[0], -10), Some(words[0]));
    }
}
