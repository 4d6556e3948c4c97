//! Whether one's notes are sealed, and which devices read them.

use ipc::{
    Command, Reply, SealingAlarm, SealingCommand, SealingNewcomer, SealingRequest, SealingStanding,
    Secret,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::audience::readers;

/// The section of the settings.
#[component]
pub(crate) fn Sealing() -> Html {
    let app = use_app();
    let words = &app.words;
    let revision = use_state(|| 0_u32);
    let code = use_state(|| None::<String>);
    let busy = use_state(|| false);
    let (section, field) = (use_node_ref(), use_node_ref());
    let question = Command::Sealing(SealingCommand::State { language: words.language() });
    let asked = use_asked(Some(question), *revision);
    let act = {
        let (app, revision, code, busy) =
            (app.clone(), revision.clone(), code.clone(), busy.clone());
        let section = section.clone();
        Callback::from(move |command: SealingCommand| {
            if *busy {
                return;
            }
            busy.set(true);
            let (words, app) = (app.words.clone(), app.dispatcher());
            let (revision, code, busy) = (revision.clone(), code.clone(), busy.clone());
            let section = section.clone();
            spawn_local(async move {
                match bridge::call(Command::Sealing(command)).await {
                    Ok(Reply::RecoveryCode(made)) => code.set(Some(made.expose().to_owned())),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
                busy.set(false);
                revision.set(*revision + 1);
                // The button that was pressed may go: whoever has only a keyboard goes on from here.
                if let Some(section) = section.cast::<HtmlElement>() {
                    drop(section.focus());
                }
            });
        })
    };
    let recover = {
        let (act, field) = (act.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = field.cast::<HtmlInputElement>() {
                act.emit(SealingCommand::Recover { code: Secret::new(input.value()) });
            }
        })
    };
    let view = match asked.reply.as_deref() {
        Some(Reply::Sealing(view)) => Some(view.as_ref().clone()),
        _ => None,
    };
    let Some(view) = view else { return html! {} };
    let press = |command: SealingCommand| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(command.clone()))
    };
    let say = |key: &str| words.say(key);
    let alarm = |alarm: &SealingAlarm| {
        let name = [("name", alarm.name.as_str().into())];
        let member = alarm.member;
        html! {
            <div class="problem" role="alert">
                if alarm.forged {
                    <p>{ words.fill("sealing-forged", &name) }</p>
                } else {
                    <p>{ words.fill("sealing-other-key", &name) }</p>
                    <button type="button" onclick={press(SealingCommand::Agree { member })}>
                        { words.fill("sealing-agree", &name) }</button>
                }
            </div>
        }
    };
    let request = |request: &SealingRequest| {
        let device = request.device;
        html! {
            <div class="sealing-request">
                <p>{ say("sealing-request") }</p>
                <p class="address">{ request.words.join(" ") }</p>
                <button type="button" disabled={*busy}
                    onclick={press(SealingCommand::Approve { device })}>
                    { say("sealing-approve") }</button>
                <button type="button" class="quiet" disabled={*busy}
                    onclick={press(SealingCommand::Decline { device })}>
                    { say("sealing-decline") }</button>
            </div>
        }
    };
    let newcomer = |one: &SealingNewcomer| {
        let said = [("name", one.name.as_str().into()), ("group", one.group.as_str().into())];
        let welcome = |history: bool| {
            let (member, group) = (one.member, one.group.clone());
            press(SealingCommand::Welcome { member, group, history })
        };
        html! {
            <div class="sealing-request">
                <p>{ words.fill("sealing-newcomer", &said) }</p>
                <button type="button" disabled={*busy} onclick={welcome(false)}>
                    { words.fill("sealing-welcome-now", &said) }</button>
                <button type="button" disabled={*busy} onclick={welcome(true)}>
                    { words.fill("sealing-welcome-all", &said) }</button>
            </div>
        }
    };
    html! {
        <section class="server" id="sealing" ref={section} tabindex="-1" aria-label={say("sealing")}>
            <p><strong>{ say("sealing") }</strong></p>
            { for view.alarms.iter().map(alarm) }
            { match view.standing {
                SealingStanding::Off => html! {
                    <>
                        <p class="mute">{ say("sealing-off") }</p>
                        <p class="mute">{ say("sealing-loss") }</p>
                        <button type="button" id="sealing-begin" disabled={*busy}
                            onclick={press(SealingCommand::Begin)}>{ say("sealing-begin") }</button>
                    </>
                },
                SealingStanding::Waiting => html! {
                    <>
                        <p>{ say("sealing-waits") }</p>
                        <p class="address" id="sealing-words">{ view.words.join(" ") }</p>
                        <form class="locked" onsubmit={recover}>
                            <label><span>{ say("sealing-code-field") }</span>
                                <input ref={field} id="recovery-code" type="text"
                                    autocomplete="off" spellcheck="false" /></label>
                            <button type="submit" disabled={*busy}>{ say("sealing-recover") }</button>
                        </form>
                        <p class="mute">{ say("sealing-anew-lead") }</p>
                        <button type="button" class="quiet" disabled={*busy}
                            onclick={press(SealingCommand::BeginAnew)}>
                            { say("sealing-anew") }</button>
                    </>
                },
                SealingStanding::On => html! {
                    <>
                        <p class="mute">{ words.count("sealing-on", view.devices) }</p>
                        { for view.requests.iter().map(request) }
                        { for view.newcomers.iter().map(newcomer) }
                        { for view.from_now.iter().map(|group| html! {
                            <p class="mute">{ words.fill("sealing-from-now", &[
                                ("group", group.as_str().into()),
                            ]) }</p>
                        }) }
                        { for view.missing.iter().map(|one| html! {
                            <p class="mute">{ words.fill("sealing-missing", &[
                                ("group", one.group.as_str().into()),
                                ("members", readers(words, &one.members).into()),
                            ]) }</p>
                        }) }
                        if let Some(code) = &*code {
                            <p>{ say("sealing-code-shown") }</p>
                            <p class="address" id="sealing-code">{ code }</p>
                        } else {
                            <p class="mute">{ say(if view.has_code {
                                "sealing-code-is" } else { "sealing-code-none" }) }</p>
                            <button type="button" id="sealing-make-code" disabled={*busy}
                                onclick={press(SealingCommand::Code)}>{ say("sealing-code") }</button>
                        }
                    </>
                },
            } }
            if view.waiting > 0 {
                <p class="mute">{ words.count("sealing-waiting", view.waiting) }</p>
            }
        </section>
    }
}
