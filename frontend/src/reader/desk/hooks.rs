//! What the desk does beside showing pages: follows hands, its own size, marks, texts and the page
//! that is read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use ink::AnnotationId;
use ipc::{Command, OfVersion, Reply};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::bridge;
use crate::dom;
use crate::reader::acts::Acts;
use crate::reader::hands::Hands;
use crate::reader::hands::listen::listen;
use crate::reader::state::{Desk, Move};
use crate::reader::wet::Wet;

/// How long a page must be looked at to be remembered, in milliseconds.
const LOOK_MS: u32 = 500;
/// How long the same pages must be near for their text to be asked for, in milliseconds.
const TEXT_MS: u32 = 150;

/// Hands over the desk.
#[hook]
pub(super) fn use_hands(acts: &Acts, scroller: &NodeRef, layer: &NodeRef) {
    let (acts, scroller, layer) = (acts.clone(), scroller.clone(), layer.clone());
    use_effect_with((), move |()| {
        let wet = layer.cast::<HtmlElement>().map(Wet::new);
        let hands = scroller.cast::<HtmlElement>().zip(wet).map(|(scroller, wet)| {
            let hands = Hands::shared(acts.clone(), scroller.clone(), wet);
            let mut listeners = listen(&hands);
            let desk = acts.desk.dispatcher();
            let (place, reader) = (scroller.clone(), acts.clone());
            listeners.push(dom::on(&scroller, "scroll", move |_: web_sys::Event| {
                let left = f64::from(place.scroll_left());
                let top = f64::from(place.scroll_top());
                // A jump is known before the browser tells it.
                let known = reader.now().port;
                if (known.left - left).abs() > 0.5 || (known.top - top).abs() > 0.5 {
                    desk.dispatch(Move::Scrolled { left, top });
                }
            }));
            // Arrow keys scroll at once.
            drop(scroller.focus());
            listeners
        });
        move || drop(hands)
    });
}

/// Keeps the desk informed of its size.
#[hook]
pub(super) fn use_port(acts: &Acts, scroller: &NodeRef, bar: &NodeRef) {
    let (acts, scroller, bar) = (acts.clone(), scroller.clone(), bar.clone());
    use_effect_with((), move |()| {
        let measure = {
            let (scroller, bar) = (scroller.clone(), bar.clone());
            move || {
                let Some(desk) = scroller.cast::<HtmlElement>() else { return };
                let head = bar.cast::<HtmlElement>().map_or(64, |bar| bar.offset_height());
                acts.desk.dispatch(Move::Port {
                    width: f64::from(desk.client_width()),
                    height: f64::from(desk.client_height()),
                    ratio: dom::pixel_ratio(),
                    head: f64::from(head),
                });
            }
        };
        measure();
        let resized: Closure<dyn FnMut()> = Closure::new(measure);
        let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(desk)) = (&observer, scroller.cast::<HtmlElement>()) {
            observer.observe(&desk);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(resized);
        }
    });
}

/// Marks of the paper: asked at first and when they changed from outside; then shows the note that
/// was asked for.
#[hook]
pub(super) fn use_marks(acts: &Acts, revision: u32, note: Option<AnnotationId>) {
    {
        let (acts, first) = (acts.clone(), use_mut_ref(|| true));
        use_effect_with(revision, move |_| {
            acts.refresh();
            if first.replace(false) && acts.earlier.is_none() {
                acts.recover();
            }
        });
    }
    let acts = acts.clone();
    use_effect_with(note, move |note| {
        if let Some(note) = *note {
            let shower = acts.clone();
            acts.in_turn(async move { shower.desk.dispatch(Move::Show(note)) });
        }
    });
}

/// Text of the pages in sight, once they are there and nobody turns on.
#[hook]
pub(super) fn use_texts(acts: &Acts, desk: &Desk) {
    let acts = acts.clone();
    let asked = use_mut_ref(BTreeSet::<u32>::new);
    let wanted = if desk.awake { desk.near() } else { 0..0 };
    use_effect_with(wanted, move |wanted| {
        let wanted = wanted.clone();
        let timer = Timeout::new(TEXT_MS, move || {
            for page in wanted {
                if asked.borrow_mut().insert(page) {
                    spawn_local(text(acts.clone(), Rc::clone(&asked), page));
                }
            }
        });
        move || drop(timer)
    });
}

/// Asks for the text of a page, and for the order in which it is read.
async fn text(acts: Acts, asked: Rc<RefCell<BTreeSet<u32>>>, page: u32) {
    let Ok(Reply::PageText(text)) = bridge::call(acts.about(OfVersion::Text { page })).await else {
        asked.borrow_mut().remove(&page);
        return;
    };
    acts.desk.dispatch(Move::Text(*text));
    // Without its order a page is read line by line.
    let question = acts.about(OfVersion::Reading { page });
    if let Ok(Reply::PageReading(reading)) = bridge::call(question).await {
        acts.desk.dispatch(Move::Reading(*reading));
    }
}

/// Has a paper that was only glanced at read through.
#[hook]
pub(super) fn use_measures(acts: &Acts, glanced: bool) {
    let acts = acts.clone();
    use_effect_with(glanced, move |glanced| {
        if *glanced {
            spawn_local(async move {
                let question = Command::Measure { document: acts.document };
                match bridge::call(question).await {
                    Ok(Reply::Document(paper)) => acts.desk.dispatch(Move::Measured(paper)),
                    Ok(_) => {}
                    Err(failure) => acts.failed(&failure),
                }
            });
        }
    });
}

/// Has the page remembered that is looked at.
#[hook]
pub(super) fn use_remembered(acts: &Acts, page: u32) {
    let (document, earlier) = (acts.document, acts.earlier.is_some());
    let remember = move |page: u32| {
        if earlier {
            return;
        }
        // The page last read matters little enough not to trouble anyone when it is not kept.
        spawn_local(async move {
            drop(bridge::call(Command::RememberPage { document, page }).await);
        });
    };
    let last = use_mut_ref(|| (page, page));
    last.borrow_mut().0 = page;
    {
        let last = Rc::clone(&last);
        use_effect_with(page, move |page| {
            let page = *page;
            let timer = Timeout::new(LOOK_MS, move || {
                last.borrow_mut().1 = page;
                remember(page);
            });
            move || drop(timer)
        });
    }
    use_effect_with((), move |()| {
        move || {
            let (seen, told) = *last.borrow();
            if seen != told {
                remember(seen);
            }
        }
    });
}
