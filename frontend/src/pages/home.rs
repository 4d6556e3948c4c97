//! Accueil: the next sitting, the others, the latest notes.

use ipc::{Command, HomeView, Reply, SittingCard};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::bar::Bar;
use crate::components::note_row::NoteRow;
use crate::dom;
use crate::pages::code_reminder::CodeReminder;
use crate::pages::messages::Messages;
use crate::pages::next_sitting::{NextSitting, when};
use crate::route::Route;

/// Past sittings shown before they are asked for.
const PAST_AT_FIRST: usize = 10;

#[component]
pub(crate) fn Home() -> Html {
    let app = use_app();
    let words = &app.words;
    let asked = use_asked(Some(Command::Home), app.catalogue);
    let home = match asked.reply.as_deref() {
        Some(Reply::Home(home)) => Some(home.as_ref().clone()),
        _ => None,
    };
    use_effect_with(words.say("home-title"), |title| dom::set_title(title));
    use_effect_with(home.is_some(), |shown| {
        if *shown {
            // The app notes how long the first screen took; nothing depends on the answer.
            spawn_local(async { drop(bridge::call(Command::Shown).await) });
        }
    });
    let council = app.status.as_ref().and_then(|status| status.session.as_ref());
    let council = council.map(|session| session.council_name.clone()).unwrap_or_default();
    // Once it has ended, every answer says so.
    let lease = app.status.as_ref().and_then(|status| status.lease).filter(|days| *days > 0);
    html! {
        <>
            <Bar>
                <span class="brand">{ words.say("app-name") }</span>
                <span class="soft second">{ council }</span>
            </Bar>
            <main class="wrap home" id="home">
                if let Some(days) = lease {
                    <p class="card hollow" role="status" id="lease">{ words.count("lease-ends", days) }</p>
                }
                if let Some(failure) = asked.failure {
                    <p class="card hollow" role="alert">{ words.failure(&failure) }</p>
                } else if let Some(home) = home {
                    <HomeBody {home} />
                } else {
                    <div class="skeleton" aria-busy="true">
                        <div class="card bone tall" /><div class="card bone" />
                    </div>
                }
            </main>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HomeProps {
    home: HomeView,
}

#[component]
fn HomeBody(props: &HomeProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let HomeView { next, others, notes, messages } = &props.home;
    let past_shown = use_state(|| PAST_AT_FIRST);
    if next.is_none() && others.is_empty() {
        return html! {
            <><Messages messages={messages.clone()} /><CodeReminder /><EmptyHome /></>
        };
    }
    let coming: Vec<_> = others.iter().filter(|card| card.upcoming).collect();
    let past: Vec<_> = others.iter().filter(|card| !card.upcoming).collect();
    let more = past.len().saturating_sub(*past_shown);
    let show_more = {
        let past_shown = past_shown.clone();
        Callback::from(move |_: MouseEvent| past_shown.set(*past_shown + 50))
    };
    let row = |card: &&SittingCard| {
        html! { <SittingRow key={card.sitting.to_string()} card={(*card).clone()} /> }
    };
    html! {
        <>
            <Messages messages={messages.clone()} />
            <CodeReminder />
            if let Some(next) = next {
                <NextSitting card={next.clone()} />
            } else {
                <section class="card hollow"><p class="soft">{ words.say("no-next") }</p></section>
            }
            if !coming.is_empty() {
                <section aria-labelledby="coming">
                    <h2 id="coming">{ words.say("coming") }</h2>
                    <ul class="card list">{ for coming.iter().map(row) }</ul>
                </section>
            }
            if !notes.is_empty() {
                <section aria-labelledby="latest">
                    <h2 id="latest">{ words.say("latest-notes") }</h2>
                    <ul class="card list">
                        { for notes.iter().take(5).map(|note| {
                            let key = note.annotation.to_string();
                            html! { <NoteRow {key} note={note.clone()} /> }
                        }) }
                    </ul>
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
    card: SittingCard,
}

#[component]
fn SittingRow(props: &RowProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let card = &props.card;
    let route = Route::Sitting(card.sitting);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    let this_year = card.starts.year == dom::today().0;
    let mut facts = vec![when(words, card)];
    if card.documents == 0 {
        facts.push(words.say("sitting-no-agenda"));
    } else {
        facts.push(format!("{}.", words.count("n-documents", card.documents)));
    }
    if card.notes > 0 {
        facts.push(format!("{}.", words.count("n-notes", card.notes)));
    }
    let arriving = app.arrivals.contains_key(&card.sitting);
    let chip = if card.available < card.documents {
        let places = [("here", card.available.into()), ("all", card.documents.into())];
        let class = if arriving { "chip warn" } else { "chip" };
        html! { <span {class}>{ words.fill("papers-of", &places) }</span> }
    } else if card.upcoming && card.unread > 0 {
        html! {
            <span class="chip acc"><i class="dot new" />{ words.count("papers-unread", card.unread) }</span>
        }
    } else if card.upcoming {
        let key = if card.documents == 0 { "state-coming" } else { "state-read" };
        html! { <span class="chip">{ words.say(key) }</span> }
    } else {
        html! { <span class="chip">{ words.say("state-held") }</span> }
    };
    html! {
        <li>
            <a class="row" href={route.to_string()} onclick={open}>
                <time datetime={card.starts.at.to_string()}>
                    { words.date_short(&card.starts) }
                    if !this_year { <small>{ card.starts.year }</small> }
                </time>
                <span class="row-text"><strong>{ &card.title }</strong>
                    <span class="mute">{ facts.join(" ") }</span></span>
                { chip }
            </a>
        </li>
    }
}

#[component]
fn EmptyHome() -> Html {
    let app = use_app();
    let words = &app.words;
    let sync = app.sync();
    let said = if sync.exchanging || (sync.last.is_none() && sync.online) {
        "empty-fetching"
    } else if sync.online {
        "empty-online"
    } else {
        "empty-offline"
    };
    html! {
        <section class="hollow empty">
            <h1>{ words.say("empty-title") }</h1>
            <p class="soft">{ words.say(said) }</p>
        </section>
    }
}
