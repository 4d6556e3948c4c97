//! At the left of the desk: small pages, or the paper's outline.

use ipc::{DocumentView, Look, OfVersion, OutlineEntry, Reply};
use yew::prelude::*;

use super::acts::Acts;
use super::packet::Packet;
use super::same::Same;
use super::state::{Move, Rail};
use super::thumbs::Thumbs;
use crate::asked::use_asked;
use crate::components::icons::{Icon, Picture};
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct RailProps {
    pub(crate) acts: Acts,
    pub(crate) rail: Rail,
    pub(crate) paper: Same<DocumentView>,
    /// All papers of the sitting.
    pub(crate) packet: Vec<DocumentView>,
    pub(crate) look: Look,
    /// Number of the view.
    pub(crate) generation: u32,
    pub(crate) page: u32,
    /// Whether the page itself is there: what stands beside it must not delay it.
    pub(crate) awake: bool,
}

#[component]
pub(crate) fn RailPanel(props: &RailProps) -> Html {
    let RailProps { acts, rail, paper, packet, look, generation, page, awake } = props;
    let words = acts.words();
    let asked = use_asked(awake.then(|| acts.about(OfVersion::Outline)), 0);
    let outline = match asked.reply.as_deref() {
        Some(Reply::Outline(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    let tab = |wanted: Rail, picture: Picture, key: &str| {
        let acts = acts.clone();
        let open = move |_: MouseEvent| acts.desk.dispatch(Move::Rail(Some(wanted)));
        html! {
            <button class="quiet icon" type="button" onclick={open} aria-label={words.say(key)}
                aria-pressed={(*rail == wanted).to_string()}><Icon of={picture} /></button>
        }
    };
    let hollow = *rail == Rail::Outline && outline.is_empty();
    let rail = if hollow { Rail::Pages } else { *rail };
    let wide = rail != Rail::Pages;
    let on_open = {
        let acts = acts.clone();
        Callback::from(move |document| {
            if document != acts.document {
                acts.leave_for(Route::paper(document));
            }
        })
    };
    html! {
        <nav class={classes!("rail", wide.then_some("wide-rail"))} aria-label={words.say("rail")}>
            <div class="tabs">
                { tab(Rail::Pages, Picture::Pages, "pages") }
                if !outline.is_empty() { { tab(Rail::Outline, Picture::Outline, "outline") } }
                if packet.len() > 1 { { tab(Rail::Packet, Picture::Packet, "packet") } }
            </div>
            if rail == Rail::Outline {
                <ul class="outline">
                    { for outline.iter().map(|entry| html! {
                        <Entry acts={acts.clone()} entry={entry.clone()} page={*page}
                            open={outline.len() < 12} />
                    }) }
                </ul>
            } else if rail == Rail::Packet {
                <Packet acts={acts.clone()} packet={packet.clone()} {on_open} />
            } else if *awake {
                <Thumbs acts={acts.clone()} paper={paper.clone()} look={*look} generation={*generation}
                    page={*page} />
            }
        </nav>
    }
}

#[derive(Properties, PartialEq)]
struct EntryProps {
    acts: Acts,
    entry: OutlineEntry,
    /// The page that is read.
    page: u32,
    /// Whether what is below it is shown at first.
    open: bool,
}

/// One entry of the outline with those below it.
#[component]
fn Entry(props: &EntryProps) -> Html {
    let EntryProps { acts, entry, page, open } = props;
    let words = acts.words();
    let shown = use_state(|| *open);
    let go = {
        let (acts, page) = (acts.clone(), entry.page);
        move |_: MouseEvent| {
            if let Some(page) = page {
                acts.jump(page, None);
            }
        }
    };
    let toggle = {
        let shown = shown.clone();
        move |_: MouseEvent| shown.set(!*shown)
    };
    let here = entry.page == Some(*page);
    html! {
        <li>
            <div class="entry">
                if entry.children.is_empty() {
                    <span class="leaf-mark" />
                } else {
                    <button class="quiet icon fold" type="button" onclick={toggle}
                        aria-expanded={shown.to_string()}
                        aria-label={words.fill("outline-below",
                            &[("title", entry.title.as_str().into())])}>
                        <Icon of={if *shown { Picture::Down } else { Picture::Forward }} />
                    </button>
                }
                <button class={classes!("quiet", here.then_some("on"))} type="button" onclick={go}
                    disabled={entry.page.is_none()} aria-current={here.then_some("page")}>
                    <span>{ &entry.title }</span>
                    <span class="mute">{ for entry.page }</span>
                </button>
            </div>
            if *shown && !entry.children.is_empty() {
                <ul>
                    { for entry.children.iter().map(|below| html! {
                        <Entry acts={acts.clone()} entry={below.clone()} page={*page} open=false />
                    }) }
                </ul>
            }
        </li>
    }
}
