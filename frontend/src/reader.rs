//! Lecteur: a paper on the desk, with what is needed to read and annotate it.

mod acts;
mod bar;
mod caught;
mod chosen;
mod desk;
mod drafts;
mod dry;
mod find_bar;
mod go_to;
mod grips;
mod handles;
mod hands;
mod keys;
mod layout;
mod links;
mod making;
mod marks;
mod note_editor;
mod notes_panel;
mod packet;
mod palette;
mod password;
mod paths;
mod rail;
mod remarks;
mod same;
mod sheet;
mod shown;
mod spoken;
mod state;
mod thread;
mod thumbs;
mod tiles;
mod toolbar;
mod tools;
pub(crate) mod trail;
mod turns;
mod view;
mod view_menu;
mod wet;

pub(crate) use hands::native::heard as pen_heard;

use domain::DocumentId;
use ink::AnnotationId;
use ipc::{DocumentView, OfVersion, Reply};
use yew::prelude::*;

use crate::app::use_app;
use crate::asked::use_asked;
use crate::components::bar::Bar;
use crate::dom;
use crate::route::Route;
use desk::Reading;
pub(crate) use layout::transform;
use password::Password;

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct ReaderProps {
    pub(crate) document: DocumentId,
    /// Page to open at; the one last read when none.
    #[prop_or_default]
    pub(crate) page: Option<u32>,
    /// Note to show.
    #[prop_or_default]
    pub(crate) note: Option<AnnotationId>,
    /// Whether it lies beside another.
    #[prop_or_default]
    pub(crate) second: bool,
    /// An earlier version, which is read and never changed; the present one when none.
    #[prop_or_default]
    pub(crate) version: Option<u32>,
}

/// "3. Garantie d'emprunt", "Convocation".
pub(crate) fn title(paper: &DocumentView) -> String {
    if paper.item == 0 {
        paper.title.clone()
    } else {
        format!("{}. {}", paper.item, paper.item_title)
    }
}

#[component]
pub(crate) fn Reader(props: &ReaderProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let (document, earlier) = (props.document, props.version);
    let asked = use_asked(Some(OfVersion::Paper.ask(document, earlier)), app.catalogue);
    // A paper that a password has just opened.
    let opened = use_state(|| None::<DocumentView>);
    let paper = match asked.reply.as_deref() {
        Some(Reply::Document(paper)) => Some(paper.as_ref().clone()),
        _ => (*opened).clone(),
    };
    let name = paper.as_ref().map(title);
    use_effect_with((name, props.second), |(name, second)| {
        if let (Some(name), false) = (name, second) {
            dom::set_title(name);
        }
    });
    let locked = asked.failure.as_ref().filter(|_| earlier.is_none()).and_then(password::asks);
    match (paper, asked.failure) {
        (Some(paper), _) => {
            let key = paper.version;
            html! {
                <Reading {key} {paper} page={props.page} note={props.note} second={props.second}
                    {earlier} />
            }
        }
        (None, Some(_)) if locked.is_some() => {
            let on_open = {
                let opened = opened.clone();
                Callback::from(move |paper: Box<DocumentView>| opened.set(Some(*paper)))
            };
            html! { <Password {document} title={locked.unwrap_or_default()} {on_open} /> }
        }
        (None, Some(failure)) => html! {
            <>
                <Bar back={Route::Home}><h1 class="brand">{ words.say("app-name") }</h1></Bar>
                <main class="hollow" id="not-readable">
                    <p role="alert">{ words.failure(&failure) }</p>
                    <a class="btn" href={Route::Home.to_string()}>{ words.say("back-home") }</a>
                </main>
            </>
        },
        (None, None) => html! { <main class="reader skeleton" aria-busy="true" /> },
    }
}
