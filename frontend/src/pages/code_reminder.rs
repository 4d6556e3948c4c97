//! One line on the first screen while sealed notes hang on a single device: without a recovery code
//! they are lost with it.

use ipc::{Command, Preferences, Reply, SealingCommand};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::app_state::{Happening, Panel};
use crate::asked::use_asked;
use crate::bridge;

#[component]
pub(crate) fn CodeReminder() -> Html {
    let app = use_app();
    let words = &app.words;
    let question = Command::Sealing(SealingCommand::State { language: words.language() });
    // Asked again once the settings are closed: the code may have been made there.
    let revision = app.catalogue.wrapping_mul(2).wrapping_add(u32::from(app.panel.is_some()));
    let asked = use_asked(Some(question), revision);
    let preferences = app.preferences();
    let remind = match asked.reply.as_deref() {
        Some(Reply::Sealing(view)) => view.remind && !preferences.code_later,
        _ => false,
    };
    if !remind {
        return Html::default();
    }
    let open = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            app.dispatch(Happening::Panel(Some(Panel::Settings)));
        })
    };
    let later = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            let wanted = Preferences { code_later: true, ..preferences.clone() };
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(Command::Prefer(wanted)).await {
                    Ok(Reply::Status(status)) => app.dispatch(Happening::Status(status)),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    html! {
        <section class="card reminder" id="code-reminder">
            <p>{ words.say("code-reminder") }</p>
            <button type="button" onclick={open}>{ words.say("code-reminder-open") }</button>
            <button type="button" class="quiet" onclick={later}>
                { words.say("code-reminder-later") }</button>
        </section>
    }
}
