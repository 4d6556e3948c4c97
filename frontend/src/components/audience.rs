//! Who can see a note, on the note itself, always.

use ipc::{Audience, MarkView};
use yew::prelude::*;

use crate::app::use_app;
use crate::components::icons::{Icon, Picture};

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct AudienceProps {
    pub(crate) view: MarkView,
}

/// "Vous, privée", "Karim, groupe Valbrune demain".
#[component]
pub(crate) fn AudienceMark(props: &AudienceProps) -> Html {
    let words = &use_app().words;
    let MarkView { audience, author, mine, .. } = &props.view;
    let who = if *mine { words.say("you") } else { author.clone() };
    let (picture, text) = match audience {
        Audience::Private => {
            (Picture::Lock, words.fill("audience-private", &[("who", who.into())]))
        }
        Audience::Group(name) => {
            let places = [("who", who.into()), ("group", name.as_str().into())];
            (Picture::People, words.fill("audience-group", &places))
        }
        Audience::Council => {
            (Picture::Everyone, words.fill("audience-council", &[("who", who.into())]))
        }
    };
    html! { <span class="who"><Icon of={picture} />{ text }</span> }
}
