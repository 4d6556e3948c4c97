//! How a sitting stands, and the way to make everyone see it: what will be told is shown first, and
//! of a convened sitting it is asked whether the change is minor (law R14).

use domain::{SittingState, Stake};
use ipc::{
    BroughtView, ChangeView, ClerkCommand, ClerkReply, Command, Correction, Edit, FileRead, Reply,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::editor::DeskProps;
use super::fields::Field;
use super::said;
use crate::app::{go, toast, use_app};
use crate::app_state::Happening;
use crate::bridge;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::route::Route;
use crate::words::Tongue;

/// "Enregistré", and what is not published yet.
#[component]
pub(crate) fn Kept(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.desk.view;
    let count = u32::try_from(view.changes.len()).unwrap_or(u32::MAX);
    let said = match (&view.kept, view.published) {
        (Some(kept), true) => {
            let time = [("time", words.time(kept).into())];
            format!(
                "{} {}",
                words.fill("desk-kept", &time),
                words.count("desk-unpublished-long", count)
            )
        }
        (Some(kept), false) => words.fill("desk-kept-draft", &[("time", words.time(kept).into())]),
        (None, _) => words.say("desk-all-published"),
    };
    let waits = view.kept.is_some() && view.published;
    html! {
        <span class="state" id="kept"><i class={classes!("dot", waits.then_some("wait"))} />{ said }</span>
    }
}

/// Where a draft comes from, and whether somebody else was faster; mostly nothing.
#[component]
pub(crate) fn Standing(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    if view.brought.is_none() && !view.overtaken {
        return Html::default();
    }
    let take_up = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.ask.emit(ClerkCommand::TakeUpPeople(desk.id())))
    };
    html! {
        <div class="desk-standing">
            if let Some(brought) = &view.brought {
                <p class="mute">{ words.fill("desk-brought", &[("by", (&*brought.by).into())]) }</p>
                { for about_people(words, brought).into_iter().map(|said| html! { <p class="mute">{ said }</p> }) }
                if !brought.strangers.is_empty() || brought.new_body {
                    <button type="button" class="quiet" id="take-up" onclick={take_up}>
                        { take_up_words(words, brought) }
                    </button>
                }
            }
            if view.overtaken {
                <p class="problem" role="alert">{ words.say("desk-overtaken") }</p>
                <Discard desk={desk.clone()} />
            }
        </div>
    }
}

/// Puts the draft away; the message takes it back.
#[component]
fn Discard(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    if view.kept.is_none() {
        return Html::default();
    }
    let discard = {
        let (desk, app) = (desk.clone(), app.clone());
        Callback::from(move |_: MouseEvent| {
            let (desk, words, app) = (desk.clone(), app.words.clone(), app.dispatcher());
            spawn_local(async move {
                let id = desk.id();
                let published = desk.view.published;
                match bridge::call(Command::Clerk(ClerkCommand::Discard(id))).await {
                    Ok(_) => {
                        let back = Callback::from(move |()| {
                            spawn_local(async move {
                                drop(
                                    bridge::call(Command::Clerk(ClerkCommand::TakeBack(id))).await,
                                );
                                go(Route::Home);
                                go(Route::Draft(id));
                            });
                        });
                        let said = words.say("desk-discarded");
                        app.dispatch(Happening::Toast(said, Some((words.say("undo"), back))));
                        if published {
                            desk.ask.emit(ClerkCommand::Open(id));
                        } else {
                            go(Route::Board);
                        }
                    }
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    html! {
        <button type="button" id="discard" onclick={discard}>
            { words.say(if view.published { "desk-discard-changes" } else { "desk-discard" }) }</button>
    }
}

/// Names said before the rest is only counted on.
const NAMES: usize = 8;

/// What differs between whom the software names and whom the council would convene.
fn about_people(words: &Tongue, brought: &BroughtView) -> Vec<String> {
    let BroughtView { by, strangers, outside, unnamed, .. } = brought;
    let lists =
        [("desk-strangers", strangers), ("desk-outside", outside), ("desk-unnamed", unnamed)];
    let told = lists.into_iter().filter(|(_, names)| !names.is_empty());
    told.map(|(key, names)| {
        let first = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
        let more = if names.len() > NAMES { ", …" } else { "" };
        words.fill(key, &[("by", by.as_str().into()), ("names", format!("{first}{more}").into())])
    })
    .collect()
}

fn take_up_words(words: &Tongue, brought: &BroughtView) -> String {
    let strangers = u32::try_from(brought.strangers.len()).unwrap_or(u32::MAX);
    let key = match (strangers, brought.new_body) {
        (0, _) => return words.say("desk-take-up-body"),
        (_, true) => "desk-take-up-both",
        (_, false) => "desk-take-up",
    };
    words.count(key, strangers)
}

#[component]
pub(crate) fn PublishButton(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let asking = use_state(|| false);
    let more = use_state(|| false);
    let view = &props.desk.view;
    let toggle = |state: &UseStateHandle<bool>, to: bool| {
        let state = state.clone();
        move || state.set(to)
    };
    let ask = {
        let open = toggle(&asking, true);
        Callback::from(move |_: MouseEvent| open())
    };
    let close = {
        let close = toggle(&asking, false);
        Callback::from(move |()| close())
    };
    let open_more = {
        let open = toggle(&more, true);
        Callback::from(move |_: MouseEvent| open())
    };
    let close_more = {
        let close = toggle(&more, false);
        Callback::from(move |()| close())
    };
    html! {
        <>
            <button type="button" class="quiet icon" onclick={open_more} id="more"
                aria-label={words.say("desk-more")}><Icon of={Picture::More} /></button>
            <button type="button" class="primary" id="publish" disabled={view.kept.is_none()}
                onclick={ask}><Icon of={Picture::Send} />{ words.say("publish") }</button>
            if *asking { <Publish desk={props.desk.clone()} on_close={close} /> }
            if *more { <More desk={props.desk.clone()} on_close={close_more} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    desk: super::editor::Desk,
    on_close: Callback<()>,
}

/// What will be told, the question that the law asks, and the progress.
#[component]
fn Publish(props: &PanelProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    let busy = use_state(|| false);
    let correction = use_state(|| None::<Correction>);
    let reason = use_state(String::new);
    let typed = {
        let reason = reason.clone();
        Callback::from(move |text: String| reason.set(text))
    };
    let publish = {
        let (desk, app, busy) = (desk.clone(), app.clone(), busy.clone());
        let (correction, close) = (*correction, props.on_close.clone());
        let reason = Some((*reason).clone()).filter(|reason| !reason.trim().is_empty());
        Callback::from(move |_: MouseEvent| {
            let reason = reason.clone();
            busy.set(true);
            let (desk, busy, close) = (desk.clone(), busy.clone(), close.clone());
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                let sitting = desk.id();
                let command = ClerkCommand::Publish { sitting, correction, reason };
                match bridge::call(Command::Clerk(command)).await {
                    Ok(Reply::Clerk(ClerkReply::Draft(_))) => {
                        toast(&app, words.say("published"));
                        close.emit(());
                        desk.ask.emit(ClerkCommand::Open(sitting));
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
    let stop = Callback::from(|_: MouseEvent| {
        spawn_local(async { drop(bridge::call(Command::Clerk(ClerkCommand::Stop)).await) });
    });
    let answered = view.stake == Stake::None || correction.is_some();
    let choose = |wanted: Correction| {
        let correction = correction.clone();
        Callback::from(move |_: Event| correction.set(Some(wanted)))
    };
    let (sent, total) = app.publishing.as_ref().map_or((0, 0), |(_, sent, total)| (*sent, *total));
    let file = app.publishing.as_ref().map(|(file, _, _)| file.clone()).unwrap_or_default();
    let title = words.say(if view.published { "publish-update" } else { "publish" });
    let waiting =
        view.waiting.iter().filter(|file| !matches!(file.read, FileRead::Refused(_))).count();
    let lacking = view.sitting.items.iter().filter(|item| said::lacks(item).is_some()).count();
    html! {
        <Dialog {title} class="side" on_close={props.on_close.clone()}>
            <div class="publish">
                if view.published {
                    <p>{ words.say("publish-changes") }</p>
                    <Changes desk={desk.clone()} />
                } else {
                    <p>{ words.fill("publish-lead", &[
                        ("items", words.count("n-items", u32::try_from(view.sitting.items.len()).unwrap_or(0)).into()),
                        ("documents", words.count("n-documents", u32::try_from(view.sitting.packet().count()).unwrap_or(0)).into()),
                    ]) }</p>
                }
                if lacking > 0 {
                    <p class="chip warn">{ words.count("publish-lacking", u32::try_from(lacking).unwrap_or(u32::MAX)) }</p>
                }
                if waiting > 0 {
                    <p class="chip warn">{ words.count("desk-files-waiting", u32::try_from(waiting).unwrap_or(u32::MAX)) }</p>
                }
                if view.stake != Stake::None {
                    <fieldset class="correction">
                        <legend>{ words.say("correction-question") }</legend>
                        <label class="choice"><input type="radio" name="correction" id="minor"
                            disabled={view.stake == Stake::Convocation}
                            checked={*correction == Some(Correction::Minor)}
                            onchange={choose(Correction::Minor)} />
                            <span>{ words.say("correction-minor") }
                                <small class="mute">{ words.say(if view.stake == Stake::Convocation {
                                    "correction-minor-refused" } else { "correction-minor-hint" }) }</small></span></label>
                        <label class="choice"><input type="radio" name="correction" id="convene-again"
                            checked={*correction == Some(Correction::Convene)}
                            onchange={choose(Correction::Convene)} />
                            <span>{ words.say("correction-convene") }
                                <small class="mute">{ words.say("correction-convene-hint") }</small></span></label>
                        <Field id="correction-reason" label={words.say("correction-reason")}
                            value={(*reason).clone()} on_change={typed} />
                    </fieldset>
                }
                if *busy {
                    <div class="drop-progress" role="status">
                        <p>{ if file.is_empty() { words.say("publishing") } else {
                            words.fill("publishing-file", &[("name", file.as_str().into())]) } }</p>
                        <progress max={total.max(1).to_string()} value={sent.to_string()}
                            aria-label={words.say("publishing")} />
                        <div class="drop-bytes"><span class="mute">{ words.fill("bytes-of", &[
                            ("here", words.bytes(sent).into()), ("all", words.bytes(total).into())]) }</span>
                            <button type="button" onclick={stop}>{ words.say("import-stop") }</button></div>
                    </div>
                } else {
                    <button type="button" class="primary" id="confirm-publish" disabled={!answered}
                        onclick={publish}>{ words.say("publish-confirm") }</button>
                }
            </div>
        </Dialog>
    }
}

/// The changes of a draft, one line each.
#[component]
fn Changes(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.desk.view;
    html! {
        <ul class="changes">
            { for view.changes.iter().map(|change| {
                let number = change.item.and_then(|item| view.sitting.number(item));
                let shown = ChangeView {
                    at: view.starts,
                    // The hour before is the council's clock's: the screen has no table of zones.
                    was: None,
                    number: u32::try_from(number.unwrap_or(0)).unwrap_or(0),
                    new: false,
                    change: change.clone(),
                };
                html! {
                    <li>{ said::change(words, &shown) }
                        if view.sitting.state >= SittingState::Convened
                            && change.stake() == Stake::Convocation {
                            <span class="chip warn">{ words.say("correction-chip") }</span>
                        }
                    </li>
                }
            }) }
        </ul>
    }
}

/// Cancel, mark as held or closed, see as an official does.
#[component]
fn More(props: &PanelProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    let reason = use_state(String::new);
    let typed = {
        let reason = reason.clone();
        Callback::from(move |text: String| reason.set(text))
    };
    let act = |command: ClerkCommand| {
        let (desk, close) = (desk.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            desk.ask.emit(command.clone());
            close.emit(());
        })
    };
    let sitting = desk.id();
    let cancel =
        act(ClerkCommand::Edit { sitting, edit: Edit::Cancelled(Some((*reason).clone())) });
    let restore = act(ClerkCommand::Edit { sitting, edit: Edit::Cancelled(None) });
    let next = match view.sitting.state {
        SittingState::Draft | SittingState::Closed => None,
        SittingState::Published => Some((SittingState::Convened, "mark-convened")),
        SittingState::Convened => Some((SittingState::Held, "mark-held")),
        SittingState::Held => Some((SittingState::Closed, "mark-closed")),
    };
    let see = move |event: MouseEvent| {
        event.prevent_default();
        go(Route::Sitting(sitting));
    };
    html! {
        <Dialog title={words.say("desk-more")} class="side" on_close={props.on_close.clone()}>
            <div class="publish">
                if view.published {
                    <a class="btn" href={Route::Sitting(sitting).to_string()} onclick={see}>
                        { words.say("desk-see") }</a>
                }
                if let Some((state, key)) = next.filter(|_| view.published && view.kept.is_none()) {
                    <button type="button" id="mark" onclick={act(ClerkCommand::Mark { sitting, state })}>
                        { words.say(key) }</button>
                }
                if view.published && view.sitting.cancelled.is_none() {
                    <fieldset class="correction">
                        <legend>{ words.say("cancel-title") }</legend>
                        <p class="mute">{ words.say("cancel-lead") }</p>
                        <Field id="cancel-reason" label={words.say("cancel-reason")}
                            value={(*reason).clone()} on_change={typed} />
                        <button type="button" id="cancel-sitting" onclick={cancel}>
                            { words.say("cancel-sitting") }</button>
                    </fieldset>
                    <p class="mute">{ words.say("postpone-hint") }</p>
                }
                if view.sitting.cancelled.is_some() {
                    <button type="button" onclick={restore}>{ words.say("cancel-undo") }</button>
                }
                <Discard desk={desk.clone()} />
            </div>
        </Dialog>
    }
}
