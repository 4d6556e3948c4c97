//! Finding words in the open paper.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use ink::{Findable, Line, Rect};
use ipc::{FoundPages, OfVersion, PageText, Reply};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::acts::Acts;
use super::state::{Found, Move};
use crate::app_state::Happening;
use crate::bridge;
use crate::components::icons::{Icon, Picture};

/// How long the hand must rest before pages are looked through, in milliseconds.
const REST_MS: u32 = 180;

#[derive(Properties, PartialEq)]
pub(crate) struct FindProps {
    pub(crate) acts: Acts,
    pub(crate) found: Found,
}

#[component]
pub(crate) fn FindBar(props: &FindProps) -> Html {
    let FindProps { acts, found } = props;
    let words = acts.words();
    let text = {
        let sought = acts.app.clone().sought.clone();
        use_state(|| sought.unwrap_or_default())
    };
    {
        let app = acts.app.dispatcher();
        use_effect_with((), move |()| app.dispatch(Happening::Sought(None)));
    }
    let field = use_node_ref();
    use_effect_with(field.clone(), |field| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            drop(field.focus());
        }
    });
    {
        let acts = acts.clone();
        use_effect_with((*text).clone(), move |text| {
            let wanted = Rc::new(Cell::new(true));
            let (text, still) = (text.trim().to_owned(), Rc::clone(&wanted));
            let timer = Timeout::new(REST_MS, move || spawn_local(look(acts, text, still)));
            move || {
                wanted.set(false);
                drop(timer);
            }
        });
    }
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let by = |step: i32| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(Move::FoundBy(step))
    };
    let keys = {
        let acts = acts.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                acts.desk.dispatch(Move::FoundBy(if event.shift_key() { -1 } else { 1 }));
            }
        })
    };
    let close = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(Move::Find(false))
    };
    let count = u32::try_from(found.hits.len()).unwrap_or(u32::MAX);
    let said = if found.text.is_empty() {
        String::new()
    } else if count == 0 {
        let pages = acts.now().paper.pages;
        match (found.busy, found.bare) {
            (true, _) => words.say("find-busy"),
            (false, 0) => words.say("find-nothing"),
            (false, bare) if bare >= pages => words.say("find-scan"),
            (false, bare) => words.count("find-some-scans", bare),
        }
    } else {
        let at = u32::try_from(found.at + 1).unwrap_or(u32::MAX);
        words.fill("find-at", &[("at", at.into()), ("n", count.into())])
    };
    html! {
        <div class="find" role="search" data-own="">
            <input ref={field} id="find-text" type="search" aria-label={words.say("find")}
                placeholder={words.say("find-placeholder")} value={(*text).clone()} oninput={typed}
                onkeydown={keys} />
            <span class="mute" role="status">{ said }</span>
            <button class="quiet icon" type="button" onclick={by(-1)} disabled={count == 0}
                aria-label={words.say("find-before")}><Icon of={Picture::Up} /></button>
            <button class="quiet icon" type="button" onclick={by(1)} disabled={count == 0}
                aria-label={words.say("find-after")}><Icon of={Picture::Down} /></button>
            <button class="quiet icon" type="button" onclick={close}
                aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
        </div>
    }
}

/// Marks the words on the pages that the search names, those in sight first.
async fn look(acts: Acts, text: String, wanted: Rc<Cell<bool>>) {
    let mut hits = Vec::new();
    let mut bare = 0;
    let tell = |hits: &Vec<_>, bare, busy| {
        let found = Found { text: text.clone(), hits: Rc::new(hits.clone()), at: 0, bare, busy };
        acts.desk.dispatch(Move::Found(found));
    };
    if !text.contains(char::is_alphanumeric) {
        acts.desk.dispatch(Move::Found(Found::default()));
        return;
    }
    tell(&hits, bare, true);
    let question = acts.about(OfVersion::Find { text: text.clone() });
    let pages = match bridge::call(question).await {
        Ok(Reply::FoundPages(FoundPages { pages, bare: without })) => {
            bare = without;
            pages
        }
        Ok(_) => Vec::new(),
        Err(failure) => {
            acts.failed(&failure);
            Vec::new()
        }
    };
    for page in from_here(pages, acts.now().page()) {
        if !wanted.get() {
            return;
        }
        let known = acts.now().texts.get(&page).map(|known| places(known, &text));
        let rects = match known {
            Some(rects) => rects,
            None => {
                let question = acts.about(OfVersion::Text { page });
                match bridge::call(question).await {
                    Ok(Reply::PageText(read)) => places(&read, &text),
                    Ok(_) | Err(_) => Vec::new(),
                }
            }
        };
        if !rects.is_empty() && wanted.get() {
            let at = hits.partition_point(|(before, _)| *before < page);
            hits.splice(at..at, rects.into_iter().map(|rects| (page, rects)));
            tell(&hits, bare, true);
        }
    }
    if wanted.get() {
        tell(&hits, bare, false);
    }
}

/// Where the words stand on a page: together, or else each of them.
fn places(page: &PageText, words: &str) -> Vec<Vec<Rect>> {
    let lines: Vec<Line<'_>> = page.lines.iter().map(Line::from).collect();
    let findable = Findable::new(&lines);
    let together = findable.passages(words);
    if together.is_empty() {
        return findable.words(words).into_iter().map(|rect| vec![rect]).collect();
    }
    together
}

/// The pages in the order in which they are looked at: from the one that is read on, then those
/// before it.
fn from_here(mut pages: Vec<u32>, here: u32) -> Vec<u32> {
    let first = pages.partition_point(|page| *page < here);
    pages.rotate_left(first);
    pages
}

#[cfg(test)]
mod tests {
    use super::from_here;

    #[test]
    fn pages_are_looked_at_from_where_one_reads() {
        assert_eq!(from_here(vec![2, 5, 8, 9], 6), [8, 9, 2, 5]);
        assert_eq!(from_here(vec![2, 5], 9), [2, 5]);
        assert_eq!(from_here(Vec::new(), 1), [0_u32; 0]);
    }
}
