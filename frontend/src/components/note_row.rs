//! A note in a list of notes.

use ink::{Colour, MarkKind};
use ipc::NoteCard;
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::components::audience::{AudienceMark, why_not};
use crate::route::Route;

/// Name of a colour in the styles.
pub(crate) const fn colour_name(colour: Colour) -> &'static str {
    match colour {
        Colour::Yellow => "yellow",
        Colour::Green => "green",
        Colour::Blue => "blue",
        Colour::Pink => "pink",
        Colour::Black => "black",
        Colour::Red => "red",
    }
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct NoteRowProps {
    pub(crate) note: NoteCard,
    /// Its answers, oldest first.
    #[prop_or_default]
    pub(crate) answers: Vec<NoteCard>,
}

#[component]
pub(crate) fn NoteRow(props: &NoteRowProps) -> Html {
    let words = &use_app().words;
    let note = &props.note;
    let mark = &note.view.mark;
    let quote = Some(mark.kind.words().into_owned());
    let drawn = matches!(mark.kind, MarkKind::Ink { .. } | MarkKind::Shape(_));
    let route = Route::Paper {
        document: note.document,
        page: Some(mark.page),
        note: Some(mark.id),
        beside: None,
    };
    let places = [
        ("item", note.item.into()),
        ("title", note.document_title.as_str().into()),
        ("page", mark.page.into()),
    ];
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    html! {
        <li>
            <a class={classes!("note-row", format!("edge-{}", colour_name(mark.colour)))}
                href={route.to_string()} onclick={open}>
                <span class="note-words">
                    if let Some(quote) = quote.filter(|quote| !quote.is_empty()) {
                        <q>{ quote }</q>
                    }
                    if !mark.text.is_empty() {
                        <span class="said">{ &mark.text }</span>
                    } else if drawn {
                        <span class="said">{ words.say("drawing") }</span>
                    }
                    <span class="mute">
                        { words.fill("note-place", &places) }
                        if note.view.fresh { <span class="new-dot" />{ words.say("fresh") } }
                    </span>
                    if let Some(not_shared) = &note.view.not_shared {
                        <span class="unshared">{ why_not(words, not_shared) }</span>
                    }
                    { for props.answers.iter().map(|answer| html! {
                        <span class="row-answer" key={answer.annotation.to_string()}>
                            <strong>{ &answer.view.author }</strong>{ " " }{ &answer.view.mark.text }
                        </span>
                    }) }
                </span>
                <AudienceMark view={note.view.clone()} />
            </a>
        </li>
    }
}
