//! Search in all papers and notes.

use gloo_timers::callback::Timeout;
use ipc::{Command, Reply, SearchHit, SearchIn, SearchResults};
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::app_state::Happening;
use crate::asked::use_asked;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::route::Route;

/// How long the hand must rest before the app is asked, in milliseconds.
const REST_MS: u32 = 120;

/// The words around a hit, the found ones marked.
pub(crate) fn snippet_parts(snippet: &str) -> Vec<(bool, String)> {
    let mut parts = Vec::new();
    let mut found = false;
    for piece in snippet.split_inclusive(['\u{2068}', '\u{2069}']) {
        let text = piece.trim_end_matches(['\u{2068}', '\u{2069}']);
        if !text.is_empty() {
            parts.push((found, text.to_owned()));
        }
        found = piece.ends_with('\u{2068}') || (found && !piece.ends_with('\u{2069}'));
    }
    parts
}

#[derive(Properties, PartialEq)]
pub(crate) struct SearchProps {
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn SearchPanel(props: &SearchProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let text = use_state(String::new);
    let asked_text = use_state(String::new);
    let within = use_state(SearchIn::default);
    let field = use_node_ref();
    use_effect_with(field.clone(), |field| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            drop(field.focus());
        }
    });
    {
        let asked_text = asked_text.clone();
        use_effect_with((*text).clone(), move |text| {
            let text = text.trim().to_owned();
            let timer = Timeout::new(REST_MS, move || asked_text.set(text));
            move || drop(timer)
        });
    }
    let question = (!asked_text.is_empty()).then(|| Command::Search {
        text: (*asked_text).clone(),
        within: *within,
        places: false,
    });
    let asked = use_asked(question, app.catalogue);
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let choices = [
        (SearchIn::All, "search-all"),
        (SearchIn::Documents, "search-papers"),
        (SearchIn::Notes, "search-notes"),
    ];
    let body = match (asked.reply.as_deref(), &asked.failure) {
        (_, Some(failure)) => html! { <p class="hollow">{ words.failure(failure) }</p> },
        (Some(Reply::Found(found)), None) => html! {
            <Results found={found.clone()} sought={(*asked_text).clone()} />
        },
        (Some(_), None) | (None, None) => {
            html! { <p class="hollow soft">{ words.say("search-hint") }</p> }
        }
    };
    html! {
        <Dialog title={words.say("search")} class="side" on_close={props.on_close.clone()}>
            <div class="search-head">
                <div class="field">
                    <Icon of={Picture::Search} />
                    <input ref={field} id="search" type="search" value={(*text).clone()}
                        oninput={typed} aria-label={words.say("search")}
                        placeholder={words.say("search-placeholder")} />
                </div>
                <div class="choices" role="group" aria-label={words.say("search-within")}>
                    { for choices.map(|(choice, key)| {
                        let chosen = *within == choice;
                        let within = within.clone();
                        html! {
                            <button type="button" aria-pressed={chosen.to_string()}
                                onclick={move |_| within.set(choice)}>{ words.say(key) }</button>
                        }
                    }) }
                </div>
            </div>
            { body }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ResultsProps {
    sought: String,
    found: SearchResults,
}

#[component]
fn Results(props: &ResultsProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let SearchResults { hits, without_text, .. } = &props.found;
    let count = u32::try_from(hits.len()).unwrap_or(u32::MAX);
    html! {
        <>
            <p class="mute found" role="status">{ words.count("search-found", count) }</p>
            <ul class="list hits">
                { for hits.iter().map(|hit| html! {
                    <Hit hit={hit.clone()} sought={props.sought.clone()} />
                }) }
            </ul>
            if !without_text.is_empty() {
                <p class="mute found">
                    { words.fill("search-scans", &[("titles", without_text.join(", ").into())]) }
                </p>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HitProps {
    /// The words that were looked for: they are marked on the page.
    sought: String,
    hit: SearchHit,
}

#[component]
fn Hit(props: &HitProps) -> Html {
    let words = &use_app().words;
    let hit = &props.hit;
    let (document, note) = (hit.document, hit.annotation);
    let route = Route::Paper { document, page: Some(hit.page), note, beside: None };
    let app = use_app();
    let sought = (hit.annotation.is_none()).then(|| props.sought.clone());
    let open = move |event: MouseEvent| {
        event.prevent_default();
        app.dispatch(Happening::Sought(sought.clone()));
        go(route);
    };
    let places = [("title", hit.title.as_str().into()), ("page", hit.page.into())];
    html! {
        <li>
            <a class="hit" href={route.to_string()} onclick={open}>
                <Icon of={if hit.annotation.is_some() { Picture::Note } else { Picture::Paper }} />
                <span>
                    <strong>{ words.fill("page-of-paper", &places) }</strong>
                    <span class="mute">{ &hit.sitting_title }</span>
                    <span class="snippet">
                        { for snippet_parts(&hit.snippet).into_iter().map(|(found, text)| {
                            if found { html! { <mark>{ text }</mark> } } else { html! { text } }
                        }) }
                    </span>
                </span>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_found_words_of_a_snippet_are_told_from_the_others() {
        let parts = snippet_parts("la \u{2068}garantie\u{2069} d’\u{2068}emprunt\u{2069}.");
        let expected =
            [(false, "la "), (true, "garantie"), (false, " d’"), (true, "emprunt"), (false, ".")];
        assert_eq!(parts, expected.map(|(found, text)| (found, text.to_owned())));
    }
}
