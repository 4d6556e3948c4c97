//! One's own devices: which they are, when they were last seen, and the way to shut a lost one out.

use ipc::{Command, DeviceView, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::bridge;
use crate::components::dialog::Dialog;
use crate::words::Tongue;

/// The section of the settings; the server is asked when somebody wants to see it.
#[component]
pub(crate) fn OwnDevices() -> Html {
    let app = use_app();
    let words = &app.words;
    let devices = use_state(|| None::<Vec<DeviceView>>);
    let leaving = use_state(|| None::<DeviceView>);
    let ask = {
        let (app, devices, leaving) = (app.clone(), devices.clone(), leaving.clone());
        Callback::from(move |command: Command| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            let (devices, leaving) = (devices.clone(), leaving.clone());
            spawn_local(async move {
                match bridge::call(command).await {
                    Ok(Reply::Devices(found)) => devices.set(Some(found)),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
                leaving.set(None);
            });
        })
    };
    let show = ask.reform(|_: MouseEvent| Command::OwnDevices);
    let close = {
        let leaving = leaving.clone();
        Callback::from(move |()| leaving.set(None))
    };
    html! {
        <section class="server" aria-label={words.say("own-devices")}>
            <p><strong>{ words.say("own-devices") }</strong></p>
            <p class="mute">{ words.say("own-devices-hint") }</p>
            if let Some(devices) = &*devices {
                <ul class="list" id="own-devices">
                    { for devices.iter().map(|device| {
                        let (open, chosen) = (leaving.clone(), device.clone());
                        let choose = Callback::from(move |_: MouseEvent| open.set(Some(chosen.clone())));
                        let name = [("name", device.name.as_str().into())];
                        html! { <li class="device" key={device.device.to_string()}>
                            <span class="row-text"><strong>{ &device.name }</strong>
                                <span class="mute">{ seen(words, device) }</span></span>
                            { standing(words, device) }
                            if !device.own && !device.revoked {
                                <button type="button" onclick={choose}
                                    aria-label={words.fill("device-wipe-named", &name)}>
                                    { words.say("device-wipe") }</button>
                            }
                        </li> }
                    }) }
                </ul>
            } else {
                <button type="button" id="own-devices-show" onclick={show}>
                    { words.say("own-devices-show") }</button>
            }
            if let Some(device) = (*leaving).clone() {
                <Dialog title={words.say("device-wipe")} class="small" on_close={close}>
                    <div class="publish">
                        <p>{ words.fill("device-wipe-ask", &[("name", device.name.as_str().into())]) }</p>
                        <button type="button" class="primary" id="confirm-own-wipe"
                            onclick={ask.reform(move |_: MouseEvent| Command::RevokeOwn {
                                device: device.device, wipe: true })}>
                            { words.say("device-wipe") }</button>
                    </div>
                </Dialog>
            }
        </section>
    }
}

/// When a device was last seen.
pub(crate) fn seen(words: &Tongue, device: &DeviceView) -> String {
    device.seen.as_ref().map_or_else(
        || words.say("device-never"),
        |seen| {
            let places = [("date", words.date(seen).into()), ("time", words.time(seen).into())];
            words.fill("device-seen", &places)
        },
    )
}

/// Whether a device may act, as a mark.
pub(crate) fn standing(words: &Tongue, device: &DeviceView) -> Html {
    if device.emptied.is_some() {
        html! { <span class="chip">{ words.say("device-emptied") }</span> }
    } else if device.wipe {
        html! { <span class="chip warn">{ words.say("device-wipe-waits") }</span> }
    } else if device.revoked {
        html! { <span class="chip">{ words.say("device-revoked") }</span> }
    } else if device.quarantined {
        html! { <span class="chip warn">{ words.say("device-quarantined") }</span> }
    } else if device.own {
        html! { <span class="chip ok">{ words.say("device-own") }</span> }
    } else {
        Html::default()
    }
}
