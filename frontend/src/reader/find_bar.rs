//! Finding words in the open paper.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use ipc::{Command, Reply, SearchIn};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::acts::Acts;
use super::find::find;
use super::state::{Found, Move};
use crate::bridge;
use crate::components::icons::{Icon, Picture};

/// How long the hand must rest before pages are looked through, in milliseconds.
const REST_MS: u32 = 180;
/// Most pages that are looked through one by one when the search names none.
const MOST: u32 = 150;

#[derive(Properties, PartialEq)]
pub(crate) struct FindProps {
    pub(crate) acts: Acts,
    pub(crate) found: Found,
}

#[component]
pub(crate) fn FindBar(props: &FindProps) -> Html {
    let FindProps { acts, found } = props;
    let words = acts.words();
    let text = use_state(String::new);
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
        let bare = !acts.now().paper.searchable;
        words.say(match (found.busy, bare) {
            (true, _) => "find-busy",
            (false, true) => "find-scan",
            (false, false) => "find-nothing",
        })
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

/// Looks through the pages that the search names, or through all of them.
async fn look(acts: Acts, text: String, wanted: Rc<Cell<bool>>) {
    let mut hits = Vec::new();
    let tell = |hits: &Vec<_>, busy| {
        let found = Found { text: text.clone(), hits: Rc::new(hits.clone()), at: 0, busy };
        acts.desk.dispatch(Move::Found(found));
    };
    if text.chars().count() < 2 {
        acts.desk.dispatch(Move::Found(Found::default()));
        return;
    }
    tell(&hits, true);
    let question = Command::Search { text: text.clone(), within: SearchIn::Documents };
    let named: BTreeSet<u32> = match bridge::call(question).await {
        Ok(Reply::Found(found)) => found
            .hits
            .iter()
            .filter(|hit| hit.document == acts.document)
            .map(|hit| hit.page)
            .collect(),
        Ok(_) | Err(_) => BTreeSet::new(),
    };
    let pages: Vec<u32> = if named.is_empty() {
        (1..=acts.now().paper.pages.min(MOST)).collect()
    } else {
        named.into_iter().collect()
    };
    for page in pages {
        if !wanted.get() {
            return;
        }
        let known = acts.now().texts.get(&page).map(|known| find(known, &text));
        let rects = match known {
            Some(rects) => rects,
            None => {
                let question = Command::PageText { document: acts.document, page };
                match bridge::call(question).await {
                    Ok(Reply::PageText(read)) => find(&read, &text),
                    Ok(_) | Err(_) => Vec::new(),
                }
            }
        };
        if !rects.is_empty() && wanted.get() {
            hits.extend(rects.into_iter().map(|rects| (page, rects)));
            tell(&hits, true);
        }
    }
    if wanted.get() {
        tell(&hits, false);
    }
}
