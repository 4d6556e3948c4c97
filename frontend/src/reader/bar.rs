//! The reader's bar: where one is, and ways to other places.

use ipc::{Command, DocumentView, Reply};
use yew::prelude::*;

use super::acts::Acts;
use super::go_to::GoTo;
use super::state::{Desk, Move, Rail};
use super::title;
use crate::app::go;
use crate::asked::use_asked;
use crate::components::icons::{Icon, Picture};
use crate::components::sync_mark::SyncMark;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct ReaderBarProps {
    pub(crate) node: NodeRef,
    pub(crate) acts: Acts,
    pub(crate) desk: Desk,
}

#[component]
pub(crate) fn ReaderBar(props: &ReaderBarProps) -> Html {
    let ReaderBarProps { acts, desk, .. } = props;
    let words = acts.words();
    let paper = &desk.paper;
    let asked = use_asked(Some(Command::Sitting { sitting: paper.sitting }), 0);
    let packet: Vec<DocumentView> = match asked.reply.as_deref() {
        Some(Reply::Sitting(view)) => {
            let items = view.items.iter().flat_map(|item| &item.documents);
            view.convocation.iter().chain(items).cloned().collect()
        }
        _ => Vec::new(),
    };
    let here = packet.iter().position(|other| other.document == paper.document);
    let before = here.and_then(|at| packet.get(at.checked_sub(1)?));
    let after = here.and_then(|at| packet.get(at + 1));
    let going = use_state(|| false);
    let page = desk.page();
    let places = [
        ("page", page.into()),
        ("pages", paper.pages.into()),
        ("packet", (paper.first_packet_page + page - 1).into()),
    ];
    let sitting = Route::Sitting(paper.sitting);
    let switch = |wanted: fn(&Desk) -> Move| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(wanted(&acts.now()))
    };
    let rail =
        switch(|desk| Move::Rail(if desk.rail.is_some() { None } else { Some(Rail::Pages) }));
    let notes = switch(|desk| Move::Notes(!desk.notes_open));
    let find = switch(|desk| Move::Find(!desk.find_open));
    let show = {
        let acts = acts.clone();
        move |_: FocusEvent| {
            if acts.now().immersed {
                acts.desk.dispatch(Move::Immerse(false));
            }
        }
    };
    let open = {
        let going = going.clone();
        move |_: MouseEvent| going.set(true)
    };
    let on_close = {
        let going = going.clone();
        Callback::from(move |()| going.set(false))
    };
    html! {
        <>
            <header class="bar" ref={props.node.clone()} onfocusin={show}>
                <button class="quiet icon" type="button" id="back" aria-label={words.say("back")}
                    onclick={move |_| go(sitting)}>
                    <Icon of={Picture::Back} />
                </button>
                <button class="quiet icon roomy" type="button" aria-label={words.say("rail")}
                    aria-pressed={desk.rail.is_some().to_string()} onclick={rail}>
                    <Icon of={Picture::Pages} />
                </button>
                <div class="where">
                    <h1>{ title(paper) }
                        if paper.item > 0 { <span class="mute">{ &paper.title }</span> }
                    </h1>
                    <button class="quiet where-page" type="button" id="where" onclick={open}>
                        { words.fill("page-where", &places) }
                    </button>
                </div>
                <span class="grow" />
                <SyncMark />
                <Neighbour paper={before.cloned()} label={words.say("paper-before")}
                    picture={Picture::Up} />
                <Neighbour paper={after.cloned()} label={words.say("paper-after")}
                    picture={Picture::Down} />
                <button class="quiet icon" type="button" id="find" aria-label={words.say("find")}
                    aria-pressed={desk.find_open.to_string()} onclick={find}>
                    <Icon of={Picture::Search} />
                </button>
                <button class="quiet icon" type="button" id="notes-toggle"
                    aria-label={words.say("notes-panel")}
                    aria-pressed={desk.notes_open.to_string()} onclick={notes}>
                    <Icon of={Picture::Note} />
                </button>
            </header>
            if *going {
                <GoTo acts={acts.clone()} paper={(**paper).clone()} {packet} {page} {on_close} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NeighbourProps {
    paper: Option<DocumentView>,
    label: String,
    picture: Picture,
}

/// The paper before or after this one.
#[component]
fn Neighbour(props: &NeighbourProps) -> Html {
    let document = props.paper.as_ref().map(|paper| paper.document);
    let label = match &props.paper {
        Some(paper) => format!("{}, {}", props.label, title(paper)),
        None => props.label.clone(),
    };
    let open = move |_: MouseEvent| {
        if let Some(document) = document {
            go(Route::paper(document));
        }
    };
    html! {
        <button class="quiet icon roomy" type="button" aria-label={label.clone()} title={label}
            disabled={document.is_none()} onclick={open}>
            <Icon of={props.picture} />
        </button>
    }
}
