//! Messages of the council's office, on the first screen until they are read.

use domain::MessageId;
use ipc::{Command, MessageCommand, MessageView};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::bridge;

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct MessagesProps {
    pub(crate) messages: Vec<MessageView>,
}

#[component]
pub(crate) fn Messages(props: &MessagesProps) -> Html {
    let app = use_app();
    let words = &app.words;
    if props.messages.is_empty() {
        return Html::default();
    }
    let read = |message: MessageId| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                // The receipt is on the tablet when this returns; the screen asks again by itself.
                let command = Command::Message(MessageCommand::Read(message));
                if let Err(failure) = bridge::call(command).await {
                    toast(&app, words.failure(&failure));
                }
            });
        })
    };
    let one = |view: &MessageView| {
        let when = format!("{}, {}", words.date(&view.made), words.time(&view.made));
        let from = [("author", view.author.as_str().into()), ("when", when.into())];
        html! {
            <li class="message" key={view.message.to_string()}>
                <strong>{ &view.subject }</strong>
                <span class="mute">{ words.fill("message-from", &from) }</span>
                <p>{ &view.text }</p>
                if !view.read {
                    <button type="button" onclick={read(view.message)}>
                        { words.say("message-read") }</button>
                }
            </li>
        }
    };
    html! {
        <section aria-labelledby="messages">
            <h2 id="messages">{ words.say("messages") }</h2>
            <ul class="card list">{ for props.messages.iter().map(one) }</ul>
        </section>
    }
}
