//! Beside the pages: what became of the notes, and what changed.

use ink::{AnnotationId, MarkKind};
use ipc::{CarriedView, Change, ChangeKind, MarkView, Settle};
use yew::prelude::*;

use super::state::{Act, Fate, Tab, Table};
use crate::components::audience::AudienceMark;
use crate::components::note_row::colour_name;
use crate::words::Tongue;

#[derive(Properties, PartialEq)]
pub(crate) struct SideProps {
    pub(crate) table: UseReducerHandle<Table>,
    pub(crate) words: Tongue,
    pub(crate) on_settle: Callback<(AnnotationId, Settle)>,
}

const fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Check => "vs-check",
        Fate::Lost => "vs-lost",
        Fate::Moved => "vs-moved",
        Fate::Same => "vs-same",
        Fate::Kept => "vs-kept",
    }
}

#[component]
pub(crate) fn Side(props: &SideProps) -> Html {
    let SideProps { table, words, .. } = props;
    let tab = |tab: Tab, key: &str, n: usize| {
        let dispatch = table.dispatcher();
        let label = words.count(key, u32::try_from(n).unwrap_or(u32::MAX));
        html! {
            <button type="button" role="tab" aria-selected={(table.tab == tab).to_string()}
                class={classes!((table.tab == tab).then_some("on"))}
                onclick={move |_: MouseEvent| dispatch.dispatch(Act::Tab(tab))}>{ label }</button>
        }
    };
    html! {
        <aside class="vs-side" aria-label={words.say("vs-side")}>
            <div class="vs-tabs" role="tablist">
                { tab(Tab::Notes, "vs-tab-notes", table.seen.notes.len()) }
                { tab(Tab::Changes, "vs-tab-changes", table.seen.changes.len()) }
            </div>
            { match table.tab {
                Tab::Notes => notes(props),
                Tab::Changes => changes(table, words),
            } }
        </aside>
    }
}

fn notes(props: &SideProps) -> Html {
    let SideProps { table, words, .. } = props;
    if table.seen.notes.is_empty() {
        return html! { <p class="hollow soft">{ words.say("vs-no-notes") }</p> };
    }
    let groups = Fate::ALL.iter().map(|fate| (*fate, table.with(*fate)));
    groups
        .filter(|(_, notes)| !notes.is_empty())
        .map(|(fate, notes)| {
            html! {
                <section key={name(fate)}>
                    <h2>{ words.say(name(fate)) }</h2>
                    <ul>
                        { for notes.into_iter().map(|note| card(props, fate, note)) }
                    </ul>
                </section>
            }
        })
        .collect()
}

/// The words a note stands on, before or after.
fn quote(kind: &MarkKind) -> Option<&str> {
    if let MarkKind::Markup(markup) = kind {
        return Some(markup.quote.exact.as_str()).filter(|quote| !quote.is_empty());
    }
    None
}

/// What became of it, in a sentence.
fn said(words: &Tongue, fate: Fate, note: &CarriedView) -> String {
    let CarriedView { before, after } = note;
    let placed = after.is_placed();
    let places = [
        ("old", before.page.into()),
        ("new", after.mark.page.into()),
        ("version", after.origin.map_or(0, |origin| origin.version).into()),
    ];
    match fate {
        Fate::Check => match quote(&after.mark.kind) {
            Some(now) if placed => words.fill("vs-text-changed", &[("now", now.to_owned().into())]),
            _ => words.fill("vs-on-page", &places),
        },
        Fate::Lost | Fate::Kept => words.fill("vs-old-place", &places),
        Fate::Moved => words.fill("vs-went", &places),
        Fate::Same => words.count("page-n", after.mark.page),
    }
}

fn card(props: &SideProps, fate: Fate, note: &CarriedView) -> Html {
    let SideProps { table, words, on_settle } = props;
    let id = note.before.id;
    let on = table.note == Some(id);
    let look = {
        let dispatch = table.dispatcher();
        move |_: MouseEvent| dispatch.dispatch(Act::Note(id))
    };
    let settle = |how: Settle| {
        let on_settle = on_settle.clone();
        move |_: MouseEvent| on_settle.emit((id, how))
    };
    let begin = {
        let dispatch = table.dispatcher();
        move |_: MouseEvent| {
            dispatch.dispatch(Act::Note(id));
            dispatch.dispatch(Act::Moving(true));
        }
    };
    let view: &MarkView = &note.after;
    let placed = view.is_placed();
    let colour = format!("edge-{}", colour_name(note.before.colour));
    html! {
        <li key={id.to_string()} class={classes!("vs-note", colour, on.then_some("on"))}>
            <button class="jump" type="button" onclick={look} aria-current={on.then_some("true")}>
                if let Some(quote) = quote(&note.before.kind) { <q>{ quote }</q> }
                if !view.mark.text.is_empty() { <span class="said">{ &view.mark.text }</span> }
                else if quote(&note.before.kind).is_none() {
                    <span class="said">{ words.say("drawing") }</span>
                }
                <span class="mute">{ said(words, fate, note) }</span>
            </button>
            if view.mine && (on || fate.is_open()) {
                <div class="vs-acts">
                    if fate == Fate::Check && placed {
                        <button class="primary" type="button" onclick={settle(Settle::Accept)}>
                            { words.say("vs-accept") }</button>
                    }
                    <button type="button" onclick={begin}>{ words.say("vs-move") }</button>
                    if fate.is_open() {
                        <button class="quiet" type="button" onclick={settle(Settle::Keep)}>
                            { words.say("vs-keep") }</button>
                    }
                </div>
            } else if !view.mine {
                <AudienceMark view={view.clone()} />
            }
        </li>
    }
}

fn changes(table: &UseReducerHandle<Table>, words: &Tongue) -> Html {
    if table.seen.changes.is_empty() {
        return html! { <p class="hollow soft">{ words.say("vs-no-changes") }</p> };
    }
    let rows = table.seen.changes.iter().enumerate().map(|(index, change)| {
        let dispatch = table.dispatcher();
        let on = table.change == Some(index);
        let Change { kind, old, new } = change;
        let page = |passage: &Option<ipc::Passage>| {
            passage.as_ref().and_then(|p| p.places.first()).map_or(0, |(page, _)| *page)
        };
        let (key, look) = match kind {
            ChangeKind::Added => ("vs-added", "added"),
            ChangeKind::Removed => ("vs-removed", "removed"),
            ChangeKind::Changed => ("vs-changed", "changed"),
            ChangeKind::Moved => ("vs-went", "moved"),
        };
        let places = [("old", page(old).into()), ("new", page(new).into()), ("version", 0.into())];
        let text = |passage: &Option<ipc::Passage>| passage.as_ref().map(|p| p.text.clone());
        let shown_old = matches!(kind, ChangeKind::Removed | ChangeKind::Changed);
        html! {
            <li key={index} class={classes!("vs-change", look, on.then_some("on"))}>
                <button class="jump" type="button" aria-current={on.then_some("true")}
                    onclick={move |_: MouseEvent| dispatch.dispatch(Act::Change(index))}>
                    <span class="mute">{ words.fill(key, &places) }</span>
                    if let Some(old) = text(old).filter(|_| shown_old) { <del>{ old }</del> }
                    if let Some(new) = text(new) { <ins>{ new }</ins> }
                </button>
            </li>
        }
    });
    html! { <ul>{ for rows }</ul> }
}
