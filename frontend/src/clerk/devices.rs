//! Devices of the council: whose they are, when they were last seen, and the way to shut one out.

use ipc::{ClerkCommand, ClerkReply, Command, DeviceView, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::audit::Audit;
use super::tabs::Tabs;
use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::bar::Bar;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::components::own_devices::{seen, standing};
use crate::dom;
use crate::words::Tongue;

#[component]
pub(crate) fn Devices() -> Html {
    let app = use_app();
    let words = &app.words;
    use_effect_with(words.say("devices-title"), |title| dom::set_title(title));
    let revision = use_state(|| 0_u32);
    let asked = use_asked(Some(Command::Clerk(ClerkCommand::Devices)), *revision);
    let revoking = use_state(|| None::<DeviceView>);
    let close = {
        let revoking = revoking.clone();
        Callback::from(move |()| revoking.set(None))
    };
    let revoke = {
        let (app, revoking, revision) = (app.clone(), revoking.clone(), revision.clone());
        Callback::from(move |wipe: bool| {
            let Some(device) = (*revoking).clone() else { return };
            let (words, app) = (app.words.clone(), app.dispatcher());
            let (revoking, revision) = (revoking.clone(), revision.clone());
            spawn_local(async move {
                let (command, said) = if wipe {
                    (ClerkCommand::Wipe(device.device), "device-wipe-said")
                } else {
                    (ClerkCommand::Revoke(device.device), "device-revoked-said")
                };
                match bridge::call(Command::Clerk(command)).await {
                    Ok(_) => {
                        let name = [("name", device.name.as_str().into())];
                        toast(&app, words.fill(said, &name));
                    }
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
                revoking.set(None);
                revision.set(*revision + 1);
            });
        })
    };
    let devices = match asked.reply.as_deref() {
        Some(Reply::Clerk(ClerkReply::Devices(devices))) => Some(devices.clone()),
        _ => None,
    };
    html! {
        <>
            <Bar><span class="brand">{ words.say("desk") }</span></Bar>
            <main class="wrap board" id="devices">
                <div class="board-head"><Tabs /></div>
                if let Some(failure) = asked.failure {
                    <p class="card hollow" role="alert">{ words.failure(&failure) }</p>
                } else if let Some(devices) = devices {
                    <section aria-labelledby="devices-head">
                        <h2 id="devices-head">{ words.say("desk-tab-devices") }</h2>
                        <p class="soft">{ words.say("devices-lead") }</p>
                        <ul class="card list">
                            { for devices.into_iter().map(|device| {
                                let (open, ask) = (revoking.clone(), device.clone());
                                let ask = Callback::from(move |_: MouseEvent| open.set(Some(ask.clone())));
                                html! { <li class="device" key={device.device.to_string()}>
                                    <Icon of={Picture::Device} />
                                    <span class="row-text"><strong>{ &device.name }</strong>
                                        <span class="mute">{ facts(words, &device) }</span></span>
                                    { standing(words, &device) }
                                    if !device.revoked && !device.own {
                                        <button type="button" onclick={ask}
                                            aria-label={words.fill("device-revoke-named", &[
                                                ("name", device.name.as_str().into()),
                                                ("member", device.member_name.as_str().into())])}>
                                            { words.say("device-revoke") }</button>
                                    }
                                </li> }
                            }) }
                        </ul>
                    </section>
                    <Audit revision={*revision} />
                } else {
                    <div class="skeleton" aria-busy="true"><div class="card bone tall" /></div>
                }
            </main>
            if let Some(device) = (*revoking).clone() {
                <Dialog title={words.say("device-revoke")} class="small" on_close={close}>
                    <div class="publish">
                        <p>{ words.fill("device-revoke-ask", &[
                            ("name", device.name.as_str().into()),
                            ("member", device.member_name.as_str().into())]) }</p>
                        <p class="soft">{ words.fill("device-wipe-ask", &[
                            ("name", device.name.as_str().into())]) }</p>
                        <button type="button" class="primary" id="confirm-revoke"
                            onclick={revoke.reform(|_: MouseEvent| false)}>
                            { words.say("device-revoke") }</button>
                        <button type="button" id="confirm-wipe"
                            onclick={revoke.reform(|_: MouseEvent| true)}>
                            { words.say("device-wipe") }</button>
                    </div>
                </Dialog>
            }
        </>
    }
}

fn facts(words: &Tongue, device: &DeviceView) -> String {
    let joined = [("date", words.date_with_year(&device.enrolled).into())];
    let joined = words.fill("device-joined", &joined);
    format!("{}, {joined}, {}", device.member_name, seen(words, device))
}
