//! Séance: the agenda as a table of contents, the first page of the chosen paper beside it.

use domain::{DocumentId, SittingId};
use ipc::{Availability, Command, DocumentView, Look, PageArea, PageImage, Reply, SittingView};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::clerk::said;
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::components::page_img::PageImg;
use crate::components::reply::ReplyCard;
use crate::dom;
use crate::pages::agenda::{AgendaItem, PaperLink, lead, state};
use crate::pages::next_sitting::Readiness;
use crate::route::Route;

/// Width of the preview, in device pixels.
const PREVIEW: u32 = 1_280;

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct SittingProps {
    pub(crate) sitting: SittingId,
}

#[component]
pub(crate) fn Sitting(props: &SittingProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let asked = use_asked(Some(Command::Sitting { sitting: props.sitting }), app.catalogue);
    let view = match asked.reply.as_deref() {
        Some(Reply::Sitting(view)) => Some(view.as_ref().clone()),
        _ => None,
    };
    let title = view.as_ref().map(|view| view.card.title.clone()).unwrap_or_default();
    use_effect_with(title.clone(), |title| dom::set_title(title));
    let when = view.as_ref().map(|view| {
        let starts = &view.card.starts;
        format!("{}, {}", words.date(starts), words.time(starts))
    });
    html! {
        <>
            <Bar back={Route::Home}>
                <h1 class="brand">{ title }</h1>
                <span class="soft second">{ when.unwrap_or_default() }</span>
            </Bar>
            if let Some(failure) = asked.failure {
                <main class="wrap"><p class="card hollow" role="alert">
                    { words.failure(&failure) }</p></main>
            } else if let Some(view) = view {
                <SittingBody {view} />
            } else {
                <main class="split skeleton" aria-busy="true" />
            }
        </>
    }
}

/// The paper shown beside when nothing has been chosen: where the official stopped.
fn first_shown(view: &SittingView) -> Option<&DocumentView> {
    let resumed = view.resume.and_then(|number| view.items.iter().find(|i| i.number == number));
    resumed
        .and_then(lead)
        .or(view.convocation.as_ref())
        .or_else(|| view.items.iter().find_map(lead))
}

fn paper(view: &SittingView, document: DocumentId) -> Option<&DocumentView> {
    let items = view.items.iter().flat_map(|item| &item.documents);
    view.convocation
        .iter()
        .chain(items)
        .chain(&view.others)
        .find(|paper| paper.document == document)
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    view: SittingView,
}

#[component]
fn SittingBody(props: &BodyProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.view;
    let chosen = use_state(|| None::<DocumentId>);
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |document| chosen.set(Some(document)))
    };
    let shown = chosen.and_then(|id| paper(view, id)).or_else(|| first_shown(view)).cloned();
    let shown_id = shown.as_ref().map(|paper| paper.document);
    let list = use_node_ref();
    let keys = {
        let list = list.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                _ => return,
            };
            event.prevent_default();
            move_focus(&list, step);
        })
    };
    let places = [
        ("items", words.count("n-items", view.card.items).into()),
        ("pages", words.count("n-pages", view.card.pages).into()),
    ];
    let mut lead_words = words.fill("agenda-lead", &places);
    if let Some(number) = view.resume {
        lead_words.push(' ');
        lead_words.push_str(&words.count("agenda-resume", number));
    }
    html! {
        <main class="split" id="sitting">
            <nav class="toc" aria-label={words.say("agenda")} ref={list} onkeydown={keys}>
                if let Some(reply) = &view.card.reply {
                    <ReplyCard sitting={view.card.sitting} reply={reply.clone()} />
                }
                <header>
                    <h2>{ words.say("agenda") }</h2>
                    <p class="mute">{ lead_words }</p>
                    <Changed view={view.clone()} />
                    if view.card.available < view.card.documents {
                        <Readiness card={view.card.clone()} />
                    }
                </header>
                if let Some(letter) = &view.convocation {
                    <div class={classes!("item", "letter",
                        (shown_id == Some(letter.document)).then_some("on"))}>
                        <PaperLink paper={letter.clone()} class="lead" on_choose={on_choose.clone()}>
                            <span class="n"><Icon of={Picture::Paper} /></span>
                            <span class="t">{ words.say("convocation") }</span>
                            <span class="new">if !letter.read {
                                <i class="dot new" role="img" aria-label={words.say("unread")} />
                            }</span>
                            <span class="m mute">
                                <span>{ words.count("n-pages-short", letter.pages) }</span>
                                { state(words, letter) }
                            </span>
                        </PaperLink>
                    </div>
                }
                if view.items.is_empty() {
                    <p class="hollow soft">{ words.say("sitting-no-agenda") }</p>
                }
                <ol class="items">
                    { for view.items.iter().map(|item| {
                        let chosen = item.documents.iter().any(|p| Some(p.document) == shown_id);
                        html! {
                            <AgendaItem key={item.item.to_string()} item={item.clone()} {chosen}
                                on_choose={on_choose.clone()} />
                        }
                    }) }
                </ol>
                if !view.others.is_empty() {
                    <h3 class="others-head">{ words.say("others-papers") }</h3>
                    <ul>
                        { for view.others.iter().map(|paper| html! {
                            <li class={classes!("item", (shown_id == Some(paper.document)).then_some("on"))}
                                key={paper.document.to_string()}>
                                <PaperLink paper={paper.clone()} class="lead" on_choose={on_choose.clone()}>
                                    <span class="n"><Icon of={Picture::Paper} /></span>
                                    <span class="t">{ &paper.title }</span>
                                    <span class="new" />
                                    <span class="m mute">
                                        <span>{ words.count("n-pages-short", paper.pages) }</span>
                                        { state(words, paper) }
                                    </span>
                                </PaperLink>
                            </li>
                        }) }
                    </ul>
                }
            </nav>
            <section class="desk" aria-label={words.say("first-page")}>
                if let Some(paper) = shown {
                    <Preview key={paper.document.to_string()} paper={paper.clone()} />
                }
            </section>
        </main>
    }
}

/// Whether it is cancelled, and what has changed: a dot as long as something is new.
#[component]
fn Changed(props: &BodyProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.view;
    let open = use_state(|| false);
    let sitting = view.card.sitting;
    // Looking at the sitting is looking at its changes: the next visit begins from here.
    use_effect_with((sitting, view.changes.len()), |(sitting, _)| {
        let sitting = *sitting;
        let seen = gloo_timers::callback::Timeout::new(SEEN_MS, move || {
            wasm_bindgen_futures::spawn_local(async move {
                drop(bridge::call(Command::SawChanges { sitting }).await);
            });
        });
        move || drop(seen)
    });
    // What was new when the screen opened stays marked as long as it is shown.
    let first = use_memo(sitting, |_| view.changes.iter().filter(|change| change.new).count());
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <>
            if view.card.cancelled {
                <p class="chip warn cancelled" role="status">{ match &view.cancelled {
                    Some(reason) => words.fill("sitting-cancelled-why", &[("reason", reason.as_str().into())]),
                    None => words.say("sitting-cancelled"),
                } }</p>
            }
            if !view.changes.is_empty() {
                <button type="button" class="quiet changes-toggle" onclick={toggle} id="changes"
                    aria-expanded={open.to_string()}>
                    if *first > 0 {
                        <i class="dot new" />
                        { words.count("changes-new", u32::try_from(*first).unwrap_or(u32::MAX)) }
                    } else {
                        { words.say("changes-title") }
                    }
                </button>
                if *open || *first > 0 {
                    <ul class="changes" aria-label={words.say("changes-title")}>
                        { for view.changes.iter().take(if *open { 200 } else { *first }).map(|change| html! {
                            <li>
                                { said::change(words, change) }
                                <small class="mute">{ words.fill("change-at", &[
                                    ("date", words.date_short(&change.at).into()),
                                    ("time", words.time(&change.at).into())]) }</small>
                            </li>
                        }) }
                    </ul>
                }
            }
        </>
    }
}

/// How long a sitting must be looked at before its changes are known, in milliseconds.
const SEEN_MS: u32 = 1_500;

/// Moves the focus to the next paper of the list, or the one before.
fn move_focus(list: &NodeRef, step: i32) {
    let Some(list) = list.cast::<web_sys::Element>() else { return };
    let links = list.get_elements_by_tag_name("a");
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    let count = i32::try_from(links.length()).unwrap_or(0);
    let current = (0..count).find(|index| links.item(index.unsigned_abs()) == active);
    let wanted = match current {
        Some(index) => (index + step).clamp(0, count - 1),
        None if step > 0 => 0,
        None => count - 1,
    };
    let link = links.item(wanted.unsigned_abs()).and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        // An element of the page can be focused.
        drop(link.focus());
    }
}

#[derive(Properties, PartialEq)]
struct PreviewProps {
    paper: DocumentView,
}

#[component]
fn Preview(props: &PreviewProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let paper = &props.paper;
    let route = Route::paper(paper.document);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    if paper.availability != Availability::Here {
        return html! {
            <div class="leaf waiting">
                <p>{ &paper.title }</p>
                <p class="mute">{ words.say("preview-waiting") }</p>
                { state(words, paper) }
            </div>
        };
    }
    let page = if paper.read { paper.last_page.clamp(1, paper.pages.max(1)) } else { 1 };
    let image = PageImage {
        document: paper.document,
        version: paper.version,
        page,
        width: PREVIEW,
        area: PageArea::Whole,
        generation: 0,
        look: Look::Paper,
        ahead: false,
    };
    let places = [("title", paper.title.as_str().into()), ("page", page.into())];
    html! {
        <a class="leaf" href={route.to_string()} onclick={open} tabindex="-1">
            <PageImg {image} alt={words.fill("page-of-paper", &places)} />
        </a>
    }
}
