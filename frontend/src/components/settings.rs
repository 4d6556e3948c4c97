//! What the official prefers on this tablet, and how it stands with the server.

use ipc::{Barrel, Command, Language, Preferences, Reply, SyncSummary, Theme};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::app_state::Happening;
use crate::bridge;
use crate::components::dialog::Dialog;
use crate::components::own_devices::OwnDevices;
use crate::components::pin::Pin;
use crate::components::sealing::Sealing;
use crate::components::sync_mark::sentence;
use crate::dom;

#[derive(Properties, PartialEq)]
pub(crate) struct SettingsProps {
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn SettingsPanel(props: &SettingsProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let preferences = app.preferences();
    let prefer = {
        let app = app.clone();
        Callback::from(move |wanted: Preferences| {
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
    let languages = [
        (None, words.say("language-system")),
        (Some(Language::Fr), "Français".to_owned()),
        (Some(Language::En), "English".to_owned()),
    ];
    let themes = [
        (Theme::System, "theme-system"),
        (Theme::Light, "theme-light"),
        (Theme::Dark, "theme-dark"),
    ];
    let barrels = [
        (Barrel::Lasso, "barrel-lasso"),
        (Barrel::Eraser, "barrel-eraser"),
        (Barrel::Nothing, "barrel-nothing"),
    ];
    let choose = |wanted: Preferences| {
        let prefer = prefer.clone();
        move |_: Event| prefer.emit(wanted.clone())
    };
    let finger = Preferences { finger_draws: !preferences.finger_draws, ..preferences.clone() };
    html! {
        <Dialog title={words.say("settings")} class="side" on_close={props.on_close.clone()}>
            <div class="settings">
                <Server />
                <Calendar />
                <Pin prefer={prefer.clone()} />
                <OwnDevices />
                <Sealing />
                <fieldset>
                    <legend>{ words.say("language") }</legend>
                    { for languages.into_iter().map(|(language, label)| {
                        let checked = preferences.language == language;
                        let wanted = Preferences { language, ..preferences.clone() };
                        html! {
                            <label class="choice"><input type="radio" name="language" {checked}
                                onchange={choose(wanted)} /><span>{ label }</span></label>
                        }
                    }) }
                </fieldset>
                <fieldset>
                    <legend>{ words.say("theme") }</legend>
                    { for themes.map(|(theme, key)| {
                        let checked = preferences.theme == theme;
                        let wanted = Preferences { theme, ..preferences.clone() };
                        html! {
                            <label class="choice"><input type="radio" name="theme" {checked}
                                onchange={choose(wanted)} /><span>{ words.say(key) }</span></label>
                        }
                    }) }
                </fieldset>
                <fieldset>
                    <legend>{ words.say("drawing-by-hand") }</legend>
                    <label class="choice">
                        <input type="checkbox" role="switch" checked={preferences.finger_draws}
                            onchange={choose(finger)} />
                        <span>{ words.say("finger-draws") }
                            <small class="mute">{ words.say("finger-draws-hint") }</small></span>
                    </label>
                </fieldset>
                <fieldset>
                    <legend>{ words.say("barrel") }</legend>
                    { for barrels.map(|(barrel, key)| {
                        let checked = preferences.barrel == barrel;
                        let wanted = Preferences { barrel, ..preferences.clone() };
                        html! {
                            <label class="choice"><input type="radio" name="barrel" {checked}
                                onchange={choose(wanted)} /><span>{ words.say(key) }</span></label>
                        }
                    }) }
                </fieldset>
            </div>
        </Dialog>
    }
}

/// Where a calendar program finds one's convocations, once asked for.
#[component]
fn Calendar() -> Html {
    let app = use_app();
    let words = &app.words;
    let address = use_state(|| None::<String>);
    let ask = |renew: bool| {
        let (app, address) = (app.clone(), address.clone());
        Callback::from(move |_: MouseEvent| {
            let (words, app, address) = (app.words.clone(), app.dispatcher(), address.clone());
            spawn_local(async move {
                match bridge::call(Command::Calendar { renew }).await {
                    Ok(Reply::Calendar { address: found }) => address.set(Some(found)),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let copy = |text: &str| {
        let (app, text) = (app.clone(), text.to_owned());
        Callback::from(move |_: MouseEvent| {
            dom::copy(&text);
            toast(&app.dispatcher(), app.words.say("copied"));
        })
    };
    html! {
        <section class="server" aria-label={words.say("calendar-feed")}>
            <p><strong>{ words.say("calendar-feed") }</strong></p>
            <p class="mute">{ words.say("calendar-feed-lead") }</p>
            if let Some(address) = &*address {
                <p><code id="calendar-address" class="address">{ address }</code></p>
                <button type="button" onclick={copy(address)}>{ words.say("copy") }</button>
                { " " }
                <button type="button" class="quiet" onclick={ask(true)}>
                    { words.say("calendar-feed-renew") }</button>
            } else {
                <button type="button" id="calendar-show" onclick={ask(false)}>
                    { words.say("calendar-feed-show") }</button>
            }
        </section>
    }
}

/// The state of the exchange, in words, and a way to do it now.
#[component]
fn Server() -> Html {
    let app = use_app();
    let words = &app.words;
    let sync = app.sync();
    let busy = use_state(|| false);
    let exchange = {
        let (app, busy) = (app.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            busy.set(true);
            let (words, app, busy) = (app.words.clone(), app.dispatcher(), busy.clone());
            spawn_local(async move {
                match bridge::call(Command::Sync).await {
                    Ok(Reply::Synced(SyncSummary { pending, .. })) if pending > 0 => {
                        let pending = u32::try_from(pending).unwrap_or(u32::MAX);
                        toast(&app, words.count("sync-sending", pending));
                    }
                    Ok(_) => toast(&app, words.say("exchange-done")),
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
                crate::app::ask_status(&app);
                busy.set(false);
            });
        })
    };
    let session = app.status.as_ref().and_then(|status| status.session.clone());
    let exchanging = *busy || sync.exchanging;
    let who = session.map(|session| {
        let name = if session.name.is_empty() { words.say("you") } else { session.name };
        format!("{name}, {}", session.council_name)
    });
    html! {
        <section class="server" aria-label={words.say("server")}>
            <p><strong>{ who.unwrap_or_default() }</strong></p>
            <p class="state"><i class={classes!("dot",
                (!sync.online || sync.pending > 0).then_some("wait"))} />
                { sentence(words, &sync) }</p>
            if let Some(problem) = &sync.problem {
                <p class="problem">
                    { words.failure(&bridge::Failure::Problem(problem.clone())) }
                </p>
            }
            if sync.unreadable > 0 {
                <p class="mute">{ words.count("notes-unreadable", sync.unreadable) }</p>
            }
            <p class="mute">{ words.say("server-lead") }</p>
            <button type="button" onclick={exchange} disabled={exchanging}>
                { words.say(if exchanging { "exchange-busy" } else { "exchange-now" }) }
            </button>
        </section>
    }
}
