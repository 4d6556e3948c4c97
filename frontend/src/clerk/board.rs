//! The board: what is being prepared, what comes, what has been.

use domain::{BodyKind, SittingState};
use ipc::{BoardCard, ClerkCommand, ClerkReply, Command, Model, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::message::MessageDialog;
use super::said;
use super::tabs::Tabs;
use crate::app::{go, toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::bar::Bar;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::dom;
use crate::route::Route;

/// Past sittings shown before they are asked for.
const PAST_AT_FIRST: usize = 8;

#[component]
pub(crate) fn Board() -> Html {
    let app = use_app();
    let words = &app.words;
    use_effect_with(words.say("desk-title"), |title| dom::set_title(title));
    let asked = use_asked(Some(Command::Clerk(ClerkCommand::Board)), app.catalogue);
    let cards = match asked.reply.as_deref() {
        Some(Reply::Clerk(ClerkReply::Board(cards))) => Some(cards.clone()),
        _ => None,
    };
    use_effect_with(cards.is_some(), |shown| {
        if *shown {
            // The app notes how long the first screen took; nothing depends on the answer.
            spawn_local(async { drop(bridge::call(Command::Shown).await) });
        }
    });
    let making = use_state(|| false);
    let ask_new = {
        let making = making.clone();
        Callback::from(move |_: MouseEvent| making.set(true))
    };
    let close = {
        let making = making.clone();
        Callback::from(move |()| making.set(false))
    };
    let writing = use_state(|| false);
    let write = |on: bool| {
        let writing = writing.clone();
        move || writing.set(on)
    };
    let (ask_message, unwrite) = (write(true), write(false));
    let session = app.status.as_ref().and_then(|status| status.session.as_ref());
    let council = session.map(|session| session.council_name.clone()).unwrap_or_default();
    html! {
        <>
            <Bar>
                <span class="brand">{ words.say("desk") }</span>
                <span class="soft second">{ council }</span>
            </Bar>
            <main class="wrap board" id="board">
                <div class="board-head">
                    <Tabs />
                    <button type="button" id="new-message" onclick={move |_| ask_message()}>
                        { words.say("message") }</button>
                    <button class="primary" type="button" id="new-sitting" onclick={ask_new}>
                        <Icon of={Picture::Plus} />{ words.say("desk-new") }
                    </button>
                </div>
                if let Some(failure) = asked.failure {
                    <p class="card hollow" role="alert">{ words.failure(&failure) }</p>
                } else if let Some(cards) = cards.clone() {
                    <Cards {cards} />
                } else {
                    <div class="skeleton" aria-busy="true"><div class="card bone tall" /></div>
                }
            </main>
            if *writing {
                <MessageDialog on_close={move |()| unwrite()} />
            }
            if *making {
                <NewSitting cards={cards.unwrap_or_default()} on_close={close} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CardsProps {
    cards: Vec<BoardCard>,
}

#[component]
fn Cards(props: &CardsProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let past_shown = use_state(|| PAST_AT_FIRST);
    let cards = &props.cards;
    if cards.is_empty() {
        return html! {
            <section class="hollow empty">
                <h1>{ words.say("desk-empty-title") }</h1>
                <p class="soft">{ words.say("desk-empty") }</p>
            </section>
        };
    }
    let is_past = |card: &&BoardCard| card.published && !card.card.upcoming;
    let prepared: Vec<_> = cards.iter().filter(|card| !card.published).collect();
    let coming: Vec<_> = cards.iter().filter(|card| card.published && card.card.upcoming).collect();
    let past: Vec<_> = cards.iter().rev().filter(is_past).collect();
    let more = past.len().saturating_sub(*past_shown);
    let show_more = {
        let past_shown = past_shown.clone();
        Callback::from(move |_: MouseEvent| past_shown.set(*past_shown + 50))
    };
    let row = |card: &&BoardCard| {
        html! { <Row key={card.card.sitting.to_string()} card={(*card).clone()} /> }
    };
    html! {
        <>
            if !prepared.is_empty() {
                <section aria-labelledby="prepared">
                    <h2 id="prepared">{ words.say("desk-prepared") }</h2>
                    <ul class="card list">{ for prepared.iter().map(row) }</ul>
                </section>
            }
            if !coming.is_empty() {
                <section aria-labelledby="coming">
                    <h2 id="coming">{ words.say("desk-coming") }</h2>
                    <ul class="card list">{ for coming.iter().map(row) }</ul>
                </section>
            }
            if !past.is_empty() {
                <section aria-labelledby="past">
                    <h2 id="past">{ words.say("past") }</h2>
                    <ul class="card list">{ for past.iter().take(*past_shown).map(row) }</ul>
                    if more > 0 {
                        <button class="more" type="button" onclick={show_more}>
                            { words.count("show-more", u32::try_from(more).unwrap_or(u32::MAX)) }
                        </button>
                    }
                </section>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    card: BoardCard,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let BoardCard { card, published, changes, without_report, waiting, cancelled, brought, .. } =
        &props.card;
    let route = Route::Draft(card.sitting);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    let this_year = card.starts.year == dom::today().0;
    let mut facts = vec![words.time(&card.starts), words.count("n-items", card.items)];
    facts.push(words.count("n-documents", card.documents));
    if *without_report > 0 && card.upcoming {
        facts.push(words.count("desk-without-report", *without_report));
    }
    if *waiting > 0 {
        facts.push(words.count("desk-files-waiting", *waiting));
    }
    if let Some(brought) = brought {
        facts.push(words.fill("desk-brought", &[("by", (&*brought.by).into())]));
    }
    let chip = if *cancelled {
        html! { <span class="chip warn">{ words.say("desk-cancelled") }</span> }
    } else {
        let class = match (published, card.state) {
            (false, _) => "chip",
            (true, SittingState::Convened) => "chip ok",
            (true, SittingState::Draft | SittingState::Published) if card.upcoming => "chip acc",
            (true, _) => "chip",
        };
        html! { <span {class}>{ said::state(words, *published, card.state) }</span> }
    };
    html! {
        <li>
            <a class="row" href={route.to_string()} onclick={open}>
                <time datetime={card.starts.at.to_string()}>
                    { words.date_short(&card.starts) }
                    if !this_year { <small>{ card.starts.year }</small> }
                </time>
                <span class="row-text"><strong>{ &card.title }</strong>
                    <span class="mute">{ facts.join(", ") }</span></span>
                <span class="row-chips">
                    if *changes > 0 {
                        <span class="chip warn">{ words.count("desk-unpublished", *changes) }</span>
                    }
                    { chip }
                </span>
            </a>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct NewProps {
    cards: Vec<BoardCard>,
    on_close: Callback<()>,
}

/// What a new sitting is made from.
#[component]
fn NewSitting(props: &NewProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let people = use_asked(Some(Command::Clerk(ClerkCommand::People)), app.catalogue);
    let make = {
        let app = app.clone();
        Callback::from(move |model: Model| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(Command::Clerk(ClerkCommand::New(model))).await {
                    Ok(Reply::Clerk(ClerkReply::Draft(view))) => go(Route::Draft(view.sitting.id)),
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let choose = |model: Model, label: String, hint: String| {
        let make = make.clone();
        html! {
            <li><button class="pick" type="button" onclick={move |_| make.emit(model.clone())}>
                <strong>{ label }</strong><span class="mute">{ hint }</span>
            </button></li>
        }
    };
    let kinds = [
        (BodyKind::Council, "new-council"),
        (BodyKind::Committee, "new-committee"),
        (BodyKind::Bureau, "new-bureau"),
    ];
    let bodies = match people.reply.as_deref() {
        Some(Reply::Clerk(ClerkReply::People(people))) => people.bodies.clone(),
        _ => Vec::new(),
    };
    let latest: Vec<_> = props.cards.iter().rev().take(3).collect();
    html! {
        <Dialog title={words.say("desk-new")} class="side" on_close={props.on_close.clone()}>
            <div class="picks">
                <p class="soft">{ words.say("new-lead") }</p>
                <ul>
                    { for kinds.map(|(kind, key)| {
                        let model = Model::Body { kind, body: None };
                        choose(model, words.say(key), words.say("new-hint"))
                    }) }
                    { for bodies.into_iter().map(|body| {
                        let model = Model::Body { kind: body.kind, body: Some(body.id) };
                        choose(model, body.name, words.say("new-hint"))
                    }) }
                </ul>
                if !latest.is_empty() {
                    <h3>{ words.say("new-like") }</h3>
                    <ul>
                        { for latest.into_iter().map(|card| {
                            let label = format!("{}, {}", card.card.title, words.date(&card.card.starts));
                            let hint = words.count("new-like-hint", card.card.items);
                            choose(Model::Sitting(card.card.sitting), label, hint)
                        }) }
                    </ul>
                }
            </div>
        </Dialog>
    }
}
