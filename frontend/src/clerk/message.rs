//! A message to members: to whom, the words, and how far those before have come.

use domain::{BodyId, GroupId, MemberId};
use ipc::{
    Addressees, ClerkCommand, ClerkReply, Command, MessageCommand, MessageView, NewMessage, Reply,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::convening::way;
use super::fields::{Choice, Switch};
use super::person::flip;
use super::picks::Picks;
use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::dialog::Dialog;

/// Messages of before that are shown.
const SHOWN: usize = 10;

#[derive(Properties, PartialEq)]
pub(crate) struct MessageProps {
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn MessageDialog(props: &MessageProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let people = use_asked(Some(Command::Clerk(ClerkCommand::People)), app.catalogue);
    let sent = use_asked(Some(Command::Message(MessageCommand::List)), app.catalogue);
    let to = use_state(|| "everyone".to_owned());
    let chosen = use_state(Vec::<MemberId>::new);
    let pressing = use_state(|| false);
    let busy = use_state(|| false);
    let (subject, text) = (use_node_ref(), use_node_ref());
    let mut options = vec![("everyone".to_owned(), words.say("message-everyone"))];
    let mut members = Vec::new();
    if let Some(Reply::Clerk(ClerkReply::People(people))) = people.reply.as_deref() {
        let group = |id: GroupId| format!("group {id}");
        let body = |id: BodyId| format!("body {id}");
        options.extend(people.bodies.iter().map(|of| (body(of.id), of.name.clone())));
        options.extend(people.groups.iter().map(|of| (group(of.id), of.name.clone())));
        members = people.members.iter().filter(|member| member.left.is_none()).cloned().collect();
    }
    options.push(("members".to_owned(), words.say("message-chosen")));
    let addressees = match to.split_once(' ') {
        Some(("group", id)) => id.parse().ok().map(Addressees::Group),
        Some(("body", id)) => id.parse().ok().map(Addressees::Body),
        _ if *to == "members" => Some(Addressees::Members((*chosen).clone())),
        _ => Some(Addressees::Everyone),
    };
    let send = {
        let (app, busy, close) = (app.clone(), busy.clone(), props.on_close.clone());
        let (subject, text, pressing) = (subject.clone(), text.clone(), *pressing);
        Callback::from(move |_: MouseEvent| {
            let Some(to) = addressees.clone() else { return };
            let typed = (subject.cast::<HtmlInputElement>(), text.cast::<HtmlTextAreaElement>());
            let (Some(subject), Some(text)) = typed else { return };
            let (subject, text) = (subject.value(), text.value());
            busy.set(true);
            let message = MessageCommand::Send(NewMessage { to, subject, text, pressing });
            let (busy, close) = (busy.clone(), close.clone());
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(Command::Message(message)).await {
                    Ok(Reply::Messages(sent)) => {
                        let n = sent.first().map_or(0, |view| view.recipients);
                        toast(&app, words.count("message-sent", n));
                        close.emit(());
                    }
                    Ok(_) => busy.set(false),
                    Err(failure) => {
                        toast(&app, words.failure(&failure));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let choose = {
        let to = to.clone();
        Callback::from(move |value: String| to.set(value))
    };
    let press = {
        let pressing = pressing.clone();
        Callback::from(move |on: bool| pressing.set(on))
    };
    let tick = {
        let chosen = chosen.clone();
        Callback::from(move |member: MemberId| {
            let mut next = (*chosen).clone();
            flip(&mut next, member);
            chosen.set(next);
        })
    };
    let before = match sent.reply.as_deref() {
        Some(Reply::Messages(all)) => all.iter().take(SHOWN).cloned().collect(),
        _ => Vec::new(),
    };
    html! {
        <Dialog title={words.say("message")} class="side" on_close={props.on_close.clone()}>
            <div class="publish">
                <Choice id="message-to" label={words.say("message-to")} {options}
                    value={(*to).clone()} on_change={choose} />
                if *to == "members" {
                    <Picks id="message-members" legend={words.say("message-chosen")} {members}
                        chosen={(*chosen).clone()} on_flip={tick} />
                }
                <label class="field-row"><span>{ words.say("message-subject") }</span>
                    <input id="message-subject" ref={subject} maxlength="78" /></label>
                <label class="field-row"><span>{ words.say("message-text") }</span>
                    <textarea id="message-text" ref={text} rows="6" maxlength="2000" /></label>
                <Switch label={words.say("message-sms")} on={*pressing} on_change={press} />
                <button type="button" class="primary" id="send-message" onclick={send}
                    disabled={*busy}>{ words.say("message-send") }</button>
                if !before.is_empty() {
                    <h3>{ words.say("message-before") }</h3>
                    { for before.into_iter().map(|view| {
                        let key = view.message.to_string();
                        html! { <Before {key} {view} /> }
                    }) }
                }
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct BeforeProps {
    view: MessageView,
}

/// A message of before: counts at a glance, then one line a recipient and way.
#[component]
fn Before(props: &BeforeProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.view;
    let counts = [
        ("n", view.recipients.into()),
        ("dispatched", view.dispatched.into()),
        ("opened", view.opened.into()),
    ];
    let export = super::convening::export(
        &app,
        Command::Message(MessageCommand::Export { message: view.message, out: None }),
    );
    html! {
        <details class="tracking">
            <summary>{ format!("{}, {}", view.subject, words.date(&view.made)) }
                <span class="mute">{ format!("{}\u{a0}: {}", view.to, words.fill("message-counts", &counts)) }</span>
            </summary>
            if !view.unreachable.is_empty() {
                <p class="problem">{ words.fill("convene-unreachable",
                    &[("names", view.unreachable.join(", ").into())]) }</p>
            }
            <ul>{ for view.tracks.iter().map(|track| html! {
                <li><strong>{ &track.name }</strong><span class="mute">{ way(words, track) }</span></li>
            }) }</ul>
            <button type="button" onclick={export}>{ words.say("track-export") }</button>
        </details>
    }
}
