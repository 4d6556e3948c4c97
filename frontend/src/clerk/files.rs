//! Files that wait for their place: what each would become, to be confirmed; the bad ones by name.

use ipc::{ClerkCommand, Command, DeskFile, DraftView, FileRead, Target};
use uuid::Uuid;
use yew::prelude::*;

use super::editor::DeskProps;
use super::fields::Choice;
use super::item::Paper;
use super::said;
use crate::app::{use_app, write_out};
use crate::bridge::Failure;
use crate::components::icons::{Icon, Picture};
use crate::words::Tongue;

#[component]
pub(crate) fn Files(props: &DeskProps) -> Html {
    html! {
        <>
            <Waiting desk={props.desk.clone()} />
            <Others desk={props.desk.clone()} />
        </>
    }
}

#[component]
fn Waiting(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    if view.waiting.is_empty() {
        return Html::default();
    }
    let known = view.waiting.iter().filter(|file| file.own_name.is_none());
    let (bad, good): (Vec<&DeskFile>, Vec<&DeskFile>) =
        known.partition(|file| matches!(file.read, FileRead::Refused(_)));
    let ready = ready(&good);
    let unplaced = good.len() - ready.len();
    let place = {
        let (desk, files) = (desk.clone(), ready.clone());
        Callback::from(move |_: MouseEvent| {
            desk.ask.emit(ClerkCommand::Place { sitting: desk.id(), files: files.clone() });
        })
    };
    let dismiss = |files: Vec<Uuid>| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| {
            desk.ask.emit(ClerkCommand::Dismiss { sitting: desk.id(), files: files.clone() });
        })
    };
    let all_bad: Vec<Uuid> = bad.iter().map(|file| file.file).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    html! {
        <section class="card waiting" aria-labelledby="waiting-title" id="waiting">
            <header><h2 id="waiting-title">{
                // Nothing waits for a place and nothing is wrong with what came.
                if good.is_empty() && bad.is_empty() { words.say("foreign-heading") }
                else { words.count("waiting-title", count(good.len())) }
            }</h2></header>
            if !bad.is_empty() {
                <div class="refused" role="alert">
                    <p><strong>{ words.count("refused-title", count(bad.len())) }</strong></p>
                    <ul>{ for bad.iter().map(|file| html! {
                        <li>{ refusal(words, file) }</li>
                    }) }</ul>
                    <button type="button" onclick={dismiss(all_bad)}>{ words.say("refused-dismiss") }</button>
                </div>
            }
            <Foreign desk={props.desk.clone()} />
            <ul class="waiting-files">
                { for good.iter().map(|file| {
                    let (options, present) = targets(words, view, file);
                    let keys = options.clone();
                    let (desk, id) = (desk.clone(), file.file);
                    let aim = Callback::from(move |key: String| {
                        if let Some((target, _, _)) = keys.iter().find(|(_, known, _)| *known == key) {
                            let (sitting, target) = (desk.id(), *target);
                            desk.ask.emit(ClerkCommand::Aim { sitting, file: id, target });
                        }
                    });
                    let options: Vec<_> = options.into_iter().map(|(_, key, said)| (key, said)).collect();
                    html! {
                        <li key={file.file.to_string()}
                            class={classes!((file.target == Target::Nowhere).then_some("unplaced"))}>
                            <Icon of={Picture::Paper} />
                            <span class="paper-name"><strong>{ &file.name }</strong>
                                <span class="mute">{ facts(words, file) }</span></span>
                            <Choice id={format!("aim-{id}")} bare={true} {options} value={present}
                                label={words.fill("waiting-place", &[("name", file.name.as_str().into())])}
                                on_change={aim} />
                            <button type="button" class="quiet icon" onclick={dismiss(vec![id])}
                                aria-label={words.fill("waiting-dismiss", &[("name", file.name.as_str().into())])}>
                                <Icon of={Picture::Close} /></button>
                        </li>
                    }
                }) }
            </ul>
            if !good.is_empty() {
                <footer>
                    if unplaced > 0 {
                        <p class="mute">{ words.count("waiting-unplaced", count(unplaced)) }</p>
                    }
                    <span class="grow" />
                    <button type="button" class="primary" id="place-files" disabled={ready.is_empty()}
                        onclick={place}>{ words.count("waiting-confirm", count(ready.len())) }</button>
                </footer>
            }
        </section>
    }
}

/// Files that other software brought and that tablets cannot show: kept, and taken out when wanted.
#[component]
fn Foreign(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let files = desk.view.waiting.iter();
    let files: Vec<_> =
        files.filter_map(|file| file.own_name.as_ref().map(|name| (file, name))).collect();
    if files.is_empty() {
        return Html::default();
    }
    let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let take_out = |file: Uuid| {
        let command = ClerkCommand::TakeOut { sitting: desk.id(), file, out: None };
        let app = app.clone();
        Callback::from(move |_: MouseEvent| write_out(app.clone(), Command::Clerk(command.clone())))
    };
    html! {
        <div class="foreign">
            <p>{ words.count("foreign-lead", count) }</p>
            <ul>{ for files.into_iter().map(|(file, name)| html! {
                <li key={file.file.to_string()}>
                    <Icon of={Picture::Clip} />
                    <span class="paper-name"><strong>{ name }</strong>
                        <span class="mute">{ refusal(words, file) }</span></span>
                    <button type="button" class="take-out" onclick={take_out(file.file)}
                        aria-label={words.fill("foreign-save-named", &[("name", name.as_str().into())])}>
                        { words.say("foreign-save") }</button>
                </li>
            }) }</ul>
        </div>
    }
}

/// Files that are read and have a place.
fn ready(files: &[&DeskFile]) -> Vec<Uuid> {
    let ready = files.iter().filter(|file| {
        matches!(file.read, FileRead::Paper { .. }) && file.target != Target::Nowhere
    });
    ready.map(|file| file.file).collect()
}

fn facts(words: &Tongue, file: &DeskFile) -> String {
    match &file.read {
        FileRead::Waiting => words.say("waiting-reading"),
        FileRead::Paper { pages, bytes, searchable } => {
            let mut facts = vec![words.count("n-pages", *pages), words.bytes(*bytes)];
            facts.extend((!searchable).then(|| words.say("paper-scan-short")));
            facts.join(", ")
        }
        FileRead::Refused(_) => String::new(),
    }
}

fn refusal(words: &Tongue, file: &DeskFile) -> String {
    match &file.read {
        FileRead::Refused(problem) => {
            let code = serde_json::to_value(problem.code).ok();
            let code = code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            let key = format!("refused-{code}");
            let said = words.fill(&key, &[("name", file.name.as_str().into())]);
            // A reason that only this screen has no words for.
            if said == key { words.failure(&Failure::Problem(problem.clone())) } else { said }
        }
        FileRead::Waiting | FileRead::Paper { .. } => String::new(),
    }
}

/// Every place a file could have; the key of the one it has.
fn targets(
    words: &Tongue,
    view: &DraftView,
    file: &DeskFile,
) -> (Vec<(Target, String, String)>, String) {
    let mut all = vec![(Target::Nowhere, "n".to_owned(), words.say("target-nowhere"))];
    // What its name says, when that is none of the places below.
    if matches!(file.target, Target::Version(_) | Target::NewItem(_)) {
        all.push((file.target, "p".to_owned(), said::target(words, view, file.target)));
    } else {
        all.push((Target::NewItem(99_999), "p".to_owned(), words.say("target-new-item")));
    }
    for (item, number) in view.sitting.items.iter().zip(1_u32..) {
        for (target, key) in [
            (Target::Report(item.id), format!("r{number}")),
            (Target::Annex(item.id), format!("a{number}")),
        ] {
            let said = format!("{} – {}", said::target(words, view, target), item.title);
            all.push((target, key, said));
        }
    }
    for (target, key) in [(Target::Convocation, "c"), (Target::Other, "o")] {
        all.push((target, key.to_owned(), said::target(words, view, target)));
    }
    let present = all.iter().find(|(target, _, _)| *target == file.target);
    let present = present.map(|(_, key, _)| key.clone()).unwrap_or_default();
    (all, present)
}

/// The convocation letter and papers of no item.
#[component]
fn Others(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let sitting = &props.desk.view.sitting;
    if sitting.convocation.is_none() && sitting.others.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card others" aria-labelledby="others-title">
            <header><h2 id="others-title">{ words.say("others-title") }</h2></header>
            <ul class="edit-papers">
                { for sitting.convocation.iter().chain(&sitting.others).map(|paper| html! {
                    <Paper key={paper.id.to_string()} paper={paper.clone()} desk={props.desk.clone()} />
                }) }
            </ul>
        </section>
    }
}
