//! A list pasted from a letter or a spreadsheet becomes items; what will be added is shown first.

use domain::agenda_list;
use ipc::Edit;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use super::editor::Desk;
use crate::app::use_app;
use crate::components::dialog::Dialog;
use crate::components::file_choice::FileChoice;

#[derive(Properties, PartialEq)]
pub(crate) struct PasteProps {
    pub(crate) desk: Desk,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn PasteList(props: &PasteProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let text = use_state(String::new);
    let items = use_memo((*text).clone(), |text| agenda_list::read(text));
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let chosen = {
        let text = text.clone();
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let file = field.files().and_then(|files| files.item(0));
            let text = text.clone();
            spawn_local(async move {
                let Some(file) = file else { return };
                let read = wasm_bindgen_futures::JsFuture::from(file.text()).await;
                text.set(read.ok().and_then(|read| read.as_string()).unwrap_or_default());
            });
        })
    };
    let add = {
        let (desk, items, close) = (props.desk.clone(), items.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            desk.edit(Edit::AddList(items.to_vec()));
            close.emit(());
        })
    };
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    html! {
        <Dialog title={words.say("agenda-paste")} class="side" on_close={props.on_close.clone()}>
            <div class="paste">
                <p class="soft">{ words.say("paste-lead") }</p>
                <label class="field-row"><span>{ words.say("paste-text") }</span>
                    <textarea id="pasted" rows="8" value={(*text).clone()} oninput={typed}
                        placeholder={words.say("paste-placeholder")} /></label>
                <FileChoice id="list-file" label={words.say("paste-file")}
                    accept=".csv,.txt,.tsv,text/plain,text/csv" onchange={chosen} />
                if count > 0 {
                    <h3>{ words.count("paste-found", count) }</h3>
                    <ol class="paste-items">
                        { for items.iter().take(300).map(|item| {
                            let mut facts: Vec<String> = Vec::new();
                            facts.extend(item.rapporteur.clone());
                            facts.extend((!item.theme.is_empty()).then(|| item.theme.join(" > ")));
                            facts.extend(item.closed_doors.then(|| words.say("closed-doors")));
                            facts.extend((!item.deliberative).then(|| words.say("information")));
                            html! {
                                <li><span class="n">{ item.number.clone().unwrap_or_default() }</span>
                                    <span>{ &item.title }
                                        <span class="mute">{ facts.join(", ") }</span></span></li>
                            }
                        }) }
                    </ol>
                }
                <button type="button" class="primary" id="add-list" disabled={count == 0}
                    onclick={add}>{ words.count("paste-add", count) }</button>
            </div>
        </Dialog>
    }
}
