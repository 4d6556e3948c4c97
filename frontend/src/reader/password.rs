//! An encrypted paper asks for its password, once on each tablet.

use domain::DocumentId;
use ipc::{Command, DocumentView, ErrorCode, Reply, Secret};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::use_app;
use crate::bridge::{self, Failure};
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct PasswordProps {
    pub(crate) document: DocumentId,
    /// Title of the paper.
    pub(crate) title: String,
    pub(crate) on_open: Callback<Box<DocumentView>>,
}

/// Whether this failure asks for a password.
pub(crate) fn asks(failure: &Failure) -> Option<String> {
    if let Failure::Problem(problem) = failure
        && problem.code == ErrorCode::PdfPassword
    {
        Some(problem.subject.clone())
    } else {
        None
    }
}

#[component]
pub(crate) fn Password(props: &PasswordProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let (field, busy) = (use_node_ref(), use_state(|| false));
    let wrong = use_state(|| None::<String>);
    let open = {
        let (field, busy, wrong) = (field.clone(), busy.clone(), wrong.clone());
        let (document, on_open, app) = (props.document, props.on_open.clone(), app.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            let password = Secret::new(input.value());
            if password.expose().is_empty() || *busy {
                return;
            }
            busy.set(true);
            let (busy, wrong) = (busy.clone(), wrong.clone());
            let (on_open, words) = (on_open.clone(), app.words.clone());
            spawn_local(async move {
                match bridge::call(Command::Unlock { document, password }).await {
                    Ok(Reply::Document(paper)) => on_open.emit(paper),
                    Ok(_) => busy.set(false),
                    Err(failure) => {
                        wrong.set(Some(words.failure(&failure)));
                        busy.set(false);
                        input.select();
                    }
                }
            });
        })
    };
    use_effect_with(field.clone(), |field| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            drop(field.focus());
        }
    });
    html! {
        <>
            <Bar back={Route::Home}><h1 class="brand">{ &props.title }</h1></Bar>
            <main class="hollow" id="locked">
                <h2><Icon of={Picture::Lock} />{ " " }{ words.say("locked-title") }</h2>
                <p>{ words.say("locked-lead") }</p>
                <form class="locked" onsubmit={open}>
                    <label><span>{ words.say("locked-password") }</span>
                        <input ref={field} id="paper-password" type="password"
                            autocomplete="off" aria-describedby="locked-problem" /></label>
                    <button class="primary" type="submit" disabled={*busy}>
                        { words.say("locked-open") }</button>
                    <p class="problem" id="locked-problem" role="alert">{ for (*wrong).clone() }</p>
                </form>
            </main>
        </>
    }
}
