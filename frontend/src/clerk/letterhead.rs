//! The council's letterhead: how its convocations begin and end.

use domain::Letterhead;
use ipc::{ClerkCommand, ClerkReply, Command, Reply};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::fields::Field;
use super::person::{set, use_keeping};
use crate::app::use_app;
use crate::asked::use_asked;
use crate::components::dialog::Dialog;
use crate::components::file_choice::FileChoice;

#[derive(Properties, PartialEq)]
pub(crate) struct LetterheadProps {
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn LetterheadForm(props: &LetterheadProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let asked = use_asked(Some(Command::Clerk(ClerkCommand::Letterhead)), 0);
    let changed = use_state(|| None::<Letterhead>);
    let (keep, failure, busy) = use_keeping(props.on_close.clone());
    let kept = match asked.reply.as_deref() {
        Some(Reply::Clerk(ClerkReply::Letterhead(head))) => Some(head.as_ref().clone()),
        _ => None,
    };
    let Some(head) = (*changed).clone().or(kept) else {
        return html! {
            <Dialog title={words.say("letterhead")} class="side" on_close={props.on_close.clone()}>
                <p class="problem" role="alert">
                    { asked.failure.map(|why| words.failure(&why)).unwrap_or_default() }
                </p>
            </Dialog>
        };
    };
    let field = |id: &'static str, value: &str, place: fn(&mut Letterhead, String)| {
        let before = head.clone();
        let on_change = set(&changed, move |changed, text| {
            place(changed.get_or_insert_with(|| before.clone()), text);
        });
        let (label, value) = (words.say(id), value.to_owned());
        html! { <Field {id} {label} {value} {on_change} /> }
    };
    let lines = {
        let (changed, before) = (changed.clone(), head.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let lines = text.lines().map(ToOwned::to_owned).collect();
            changed.set(Some(Letterhead { lines, ..before.clone() }));
        })
    };
    let emblem = {
        let (changed, before) = (changed.clone(), head.clone());
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = field.files().and_then(|files| files.item(0)) else { return };
            field.set_value("");
            let (changed, before) = (changed.clone(), before.clone());
            spawn_local(async move {
                if let Ok(text) = JsFuture::from(file.text()).await {
                    changed.set(Some(Letterhead { emblem: text.as_string(), ..before }));
                }
            });
        })
    };
    let without = {
        let (changed, before) = (changed.clone(), head.clone());
        Callback::from(move |_: MouseEvent| {
            changed.set(Some(Letterhead { emblem: None, ..before.clone() }));
        })
    };
    let save = {
        let head = head.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            keep.emit(ClerkCommand::KeepLetterhead(Box::new(head.clone())));
        })
    };
    html! {
        <Dialog title={words.say("letterhead")} class="side" on_close={props.on_close.clone()}>
            <form class="publish" onsubmit={save}>
                <p>{ words.say("letterhead-lead") }</p>
                <label class="field-row" for="letterhead-lines">
                    <span>{ words.say("letterhead-lines") }</span>
                    <textarea id="letterhead-lines" rows="4" value={head.lines.join("\n")}
                        oninput={lines} />
                </label>
                { field("letterhead-town", &head.town, |head, text| head.town = text) }
                { field("letterhead-signatory", &head.signatory, |head, text| head.signatory = text) }
                { field("letterhead-capacity", &head.capacity, |head, text| head.capacity = text) }
                <FileChoice id="letterhead-emblem" title={words.say("letterhead-emblem")}
                    label={words.say("file-choose")} accept=".svg,image/svg+xml" onchange={emblem} />
                if head.emblem.is_some() {
                    <p>{ words.say("letterhead-has-emblem") }
                        <button type="button" class="quiet" onclick={without}>
                            { words.say("letterhead-no-emblem") }</button></p>
                }
                <p class="problem" role="alert">{ failure.unwrap_or_default() }</p>
                <button type="submit" class="primary" id="save-letterhead" disabled={busy}>
                    { words.say("save") }</button>
            </form>
        </Dialog>
    }
}
