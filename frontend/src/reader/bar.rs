//! The reader's bar: where one is, and ways to other places.

use ipc::DocumentView;
use yew::prelude::*;

use super::acts::Acts;
use super::go_to::GoTo;
use super::state::{Desk, Move, Rail};
use super::title;
use super::view_menu::ViewMenu;
use crate::components::icons::{Icon, Picture};
use crate::components::sync_mark::SyncMark;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct ReaderBarProps {
    pub(crate) node: NodeRef,
    pub(crate) acts: Acts,
    pub(crate) desk: Desk,
    /// All papers of the sitting.
    pub(crate) packet: Vec<DocumentView>,
}

#[component]
pub(crate) fn ReaderBar(props: &ReaderBarProps) -> Html {
    let ReaderBarProps { acts, desk, packet, .. } = props;
    let words = acts.words();
    let paper = &desk.paper;
    let here = packet.iter().position(|other| other.document == paper.document);
    let before = here.and_then(|at| packet.get(at.checked_sub(1)?));
    let after = here.and_then(|at| packet.get(at + 1));
    let (going, viewing) = (use_state(|| false), use_state(|| false));
    let page = desk.page();
    let own = paper.labels.get(page as usize - 1).filter(|own| !own.is_empty()).cloned();
    let places = [
        ("page", page.into()),
        ("labelled", i32::from(own.is_some()).into()),
        ("label", own.unwrap_or_default().into()),
        ("pages", paper.pages.into()),
        ("packet", (paper.first_packet_page + page - 1).into()),
    ];
    let open_doubts = desk.marks.in_order().into_iter().filter(|view| {
        view.mine
            && view.placement.is_doubtful()
            && view.origin.is_some_and(|origin| origin.settled.is_none())
    });
    let from = paper.changed_since;
    let doubts = u32::try_from(open_doubts.count()).unwrap_or(u32::MAX);
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
    let close = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.close()
    };
    let view = {
        let viewing = viewing.clone();
        move |_: MouseEvent| viewing.set(true)
    };
    let end_viewing = {
        let viewing = viewing.clone();
        Callback::from(move |()| viewing.set(false))
    };
    let on_close = {
        let going = going.clone();
        Callback::from(move |()| going.set(false))
    };
    html! {
        <>
            <header class="bar" ref={props.node.clone()} onfocusin={show}>
                <button class="quiet icon" type="button" id="back"
                    aria-label={words.say(if acts.second { "close" } else { "back" })}
                    onclick={close}>
                    <Icon of={if acts.second { Picture::Close } else { Picture::Back }} />
                </button>
                <button class="quiet icon roomy" type="button" aria-label={words.say("rail")}
                    aria-pressed={desk.rail.is_some().to_string()} onclick={rail}>
                    <Icon of={Picture::Pages} />
                </button>
                <div class="where">
                    <h1>{ title(paper) }
                        if paper.item > 0 && paper.title != paper.item_title {
                            <span class="mute">{ &paper.title }</span>
                        }
                    </h1>
                    <button class="quiet where-page" type="button" id="where" onclick={open}>
                        <span>{ words.fill("page-where", &places) }</span>
                    </button>
                </div>
                if acts.earlier.is_some() {
                    <a class="btn quiet" id="versions" href={Route::paper(paper.document).to_string()}>
                        <span class="chip warn">{ words.count("vs-earlier", paper.version) }</span>
                        { words.say("vs-present") }
                    </a>
                } else if paper.version > 1 {
                    <a class="btn quiet" id="versions" title={words.say("vs-open")}
                        href={Route::Versions { document: paper.document, from }.to_string()}>
                        { words.count("vs-version", paper.version) }
                        if from.is_some() { <span class="chip acc">{ words.say("vs-new") }</span> }
                        if doubts > 0 { <span class="chip warn">{ words.count("vs-n-check", doubts) }</span> }
                    </a>
                }
                <span class="grow" />
                if !acts.second { <SyncMark /> }
                <Neighbour acts={acts.clone()} paper={before.cloned()} label={words.say("paper-before")}
                    picture={Picture::Up} />
                <Neighbour acts={acts.clone()} paper={after.cloned()} label={words.say("paper-after")}
                    picture={Picture::Down} />
                <button class="quiet icon" type="button" id="find" aria-label={words.say("find")}
                    aria-pressed={desk.find_open.to_string()} onclick={find}>
                    <Icon of={Picture::Search} />
                </button>
                <button class="quiet icon" type="button" id="view" aria-label={words.say("view")}
                    onclick={view}>
                    <Icon of={Picture::View} />
                </button>
                <button class="quiet icon" type="button" id="notes-toggle"
                    aria-label={words.say("notes-panel")}
                    aria-pressed={desk.notes_open.to_string()} onclick={notes}>
                    <Icon of={Picture::Note} />
                </button>
            </header>
            if *going {
                <GoTo acts={acts.clone()} paper={(**paper).clone()} packet={packet.clone()} {page}
                    {on_close} />
            }
            if *viewing {
                <ViewMenu acts={acts.clone()} desk={desk.clone()} packet={packet.clone()} on_close={end_viewing} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NeighbourProps {
    acts: Acts,
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
    let open = {
        let acts = props.acts.clone();
        move |_: MouseEvent| {
            if let Some(document) = document {
                acts.leave_for(Route::paper(document));
            }
        }
    };
    html! {
        <button class="quiet icon roomy" type="button" aria-label={label.clone()} title={label}
            disabled={document.is_none()} onclick={open}>
            <Icon of={props.picture} />
        </button>
    }
}
