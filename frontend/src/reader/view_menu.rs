//! How the pages are shown: how they follow each other, in which light, which way up.

use std::cell::Cell;

use domain::DocumentId;
use ipc::{Audience, Command, DocumentView, ExportMode, Look, Preferences, Reply};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::acts::Acts;
use super::packet::Packet;
use super::state::{Desk, Move};
use super::view::Mode;
use crate::app::{AppHandle, go, toast, use_app, write_out};
use crate::app_state::Happening;
use crate::bridge;
use crate::clerk::drop_zone::{identifier, lay};
use crate::components::dialog::Dialog;
use crate::components::file_choice::FileChoice;
use crate::components::icons::{Icon, Picture};
use crate::components::page_img::generation_now;
use crate::dom;

#[derive(Properties, PartialEq)]
pub(crate) struct ViewMenuProps {
    pub(crate) acts: Acts,
    pub(crate) desk: Desk,
    /// All papers of the sitting.
    pub(crate) packet: Vec<DocumentView>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn ViewMenu(props: &ViewMenuProps) -> Html {
    let ViewMenuProps { acts, desk, packet, on_close } = props;
    let app = use_app();
    let words = &app.words;
    let modes = [
        (Mode::Continuous, "view-continuous", Picture::Scroll),
        (Mode::Single, "view-single", Picture::Paper),
        (Mode::Two, "view-two", Picture::Spread),
    ];
    let looks =
        [(Look::Paper, "look-paper"), (Look::Sepia, "look-sepia"), (Look::Night, "look-night")];
    let take = |mode: Mode| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(Move::Mode(mode, generation_now()))
    };
    let light = |look: Look| {
        let app = app.clone();
        move |_: MouseEvent| {
            let wanted = Preferences { look, ..app.preferences() };
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(Command::Prefer(wanted)).await {
                    Ok(Reply::Status(status)) => app.dispatch(Happening::Status(status)),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        }
    };
    let turn = |clockwise: bool| {
        let acts = acts.clone();
        move |_: MouseEvent| {
            acts.desk.dispatch(Move::Turn { clockwise, generation: generation_now() });
        }
    };
    let route = app.route;
    let open_beside = {
        let on_close = on_close.clone();
        Callback::from(move |document| {
            go(route.with_beside(Some(document)));
            on_close.emit(());
        })
    };
    let close_beside = {
        let on_close = on_close.clone();
        move |_: MouseEvent| {
            go(route.with_beside(None));
            on_close.emit(());
        }
    };
    let full = {
        let on_close = on_close.clone();
        move |_: MouseEvent| {
            dom::toggle_full_screen();
            on_close.emit(());
        }
    };
    let chosen = {
        let (app, document) = (app.clone(), acts.document);
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.item(0)) {
                take_in(app.clone(), document, file);
            }
            // The same file may be chosen once more.
            input.set_value("");
        })
    };
    let copies = [
        (ExportMode::Editable, "copy-editable"),
        (ExportMode::Flattened, "copy-flattened"),
        (ExportMode::Notes, "copy-notes"),
        (ExportMode::Xfdf, "copy-xfdf"),
    ];
    let copy = |mode: ExportMode| {
        let (app, document) = (app.clone(), acts.document);
        move |_: MouseEvent| take_along(app.clone(), document, mode)
    };
    html! {
        <Dialog title={words.say("view")} class="side" on_close={on_close.clone()}>
            <div class="view-menu">
                <section role="group" aria-label={words.say("view-mode")}>
                    <h3>{ words.say("view-mode") }</h3>
                    <div class="choices tall">
                        { for modes.map(|(mode, key, picture)| html! {
                            <button type="button" aria-pressed={(desk.mode == mode).to_string()}
                                data-mode={key} onclick={take(mode)}>
                                <Icon of={picture} />{ words.say(key) }</button>
                        }) }
                    </div>
                </section>
                <section role="group" aria-label={words.say("look")}>
                    <h3>{ words.say("look") }</h3>
                    <div class="choices tall">
                        { for looks.map(|(look, key)| html! {
                            <button type="button" aria-pressed={(desk.look == look).to_string()}
                                data-look={key} onclick={light(look)}>
                                <span class={classes!("look-swatch", key)} aria-hidden="true">
                                    { "Aa" }</span>{ words.say(key) }</button>
                        }) }
                    </div>
                    <p class="mute">{ words.say("look-hint") }</p>
                </section>
                <section role="group" aria-label={words.say("view-turn")}>
                    <h3>{ words.say("view-turn") }</h3>
                    <div class="choices">
                        <button type="button" onclick={turn(false)}>
                            <Icon of={Picture::TurnLeft} />{ words.say("turn-left") }</button>
                        <button type="button" onclick={turn(true)}>
                            <Icon of={Picture::TurnRight} />{ words.say("turn-right") }</button>
                    </div>
                </section>
                <section>
                    <div class="choices">
                        <button type="button" onclick={full}>
                            <Icon of={Picture::FullScreen} />{ words.say("full-screen") }</button>
                    </div>
                </section>
                if !desk.fixed {
                    <section role="group" aria-label={words.say("copy-title")}>
                        <h3>{ words.say("copy-title") }</h3>
                        <div class="choices">
                            { for copies.map(|(mode, key)| html! {
                                <button type="button" data-copy={key} onclick={copy(mode)}>
                                    { words.say(key) }</button>
                            }) }
                        </div>
                        <p class="mute">{ words.say("copy-hint") }</p>
                        <FileChoice id="take-in" label={words.say("take-in")} accept=".pdf,.xfdf"
                            onchange={chosen} />
                    </section>
                }
                if route.beside().is_some() {
                    <section>
                        <button type="button" id="close-beside" onclick={close_beside}>
                            <Icon of={Picture::Close} />{ words.say("beside-close") }</button>
                    </section>
                } else if !desk.fixed {
                    <section role="group" aria-label={words.say("beside")}>
                        <h3>{ words.say("beside") }</h3>
                        <Packet acts={acts.clone()} packet={packet.clone()}
                            on_open={open_beside} />
                    </section>
                }
            </div>
        </Dialog>
    }
}

/// Writes a copy of the paper with its notes, and says where it is.
fn take_along(app: AppHandle, document: DocumentId, mode: ExportMode) {
    write_out(app, Command::Export { document, mode, out: None });
}

/// Takes in the notes of a file, and says how many.
fn take_in(app: AppHandle, document: DocumentId, file: File) {
    spawn_local(async move {
        let (id, name) = (identifier(), file.name());
        let asked = async {
            lay(id, &file, &Cell::new(false), |_| ()).await?;
            let audience = Audience::Private;
            bridge::call(Command::ImportLaid { document, file: id, name, audience }).await
        };
        let text = match asked.await {
            Ok(Reply::Imported { made, known, left_out }) => {
                let count = u32::try_from(made.len()).unwrap_or(u32::MAX);
                let places =
                    [("n", count.into()), ("known", known.into()), ("left", left_out.into())];
                app.words.fill("taken-in", &places)
            }
            Ok(_) => return,
            Err(failure) => app.words.failure(&failure),
        };
        toast(&app.dispatcher(), text);
    });
}
