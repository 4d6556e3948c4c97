//! The next sitting, large: when, where, and how much of it is on the tablet.

use ipc::SittingCard;
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::app_state::Arrival;
use crate::components::icons::{Icon, Picture};
use crate::components::reply::ReplyCard;
use crate::dom;
use crate::route::Route;
use crate::words::{Tongue, days_between};

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct NextProps {
    pub(crate) card: SittingCard,
}

/// "18 h 30, salle du conseil."
pub(crate) fn when(words: &Tongue, card: &SittingCard) -> String {
    let time = words.time(&card.starts);
    if card.place.is_empty() {
        return format!("{time}.");
    }
    words.fill("sitting-when", &[("time", time.into()), ("place", card.place.as_str().into())])
}

/// "18 h 30, salle du conseil. 12 points, 25 documents, 412 pages."
fn facts(words: &Tongue, card: &SittingCard) -> String {
    let when = when(words, card);
    if card.items == 0 && card.documents == 0 {
        return format!("{when} {}", words.say("sitting-no-agenda"));
    }
    let counts = [
        words.count("n-items", card.items),
        words.count("n-documents", card.documents),
        words.count("n-pages", card.pages),
    ];
    format!("{when} {}.", counts.join(", "))
}

/// What of the papers is here.
#[component]
pub(crate) fn Readiness(props: &NextProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let card = &props.card;
    if card.documents == 0 {
        return Html::default();
    }
    if card.available >= card.documents {
        return html! {
            <span class="chip ok">
                <Icon of={Picture::Check} />{ words.count("papers-here", card.documents) }
            </span>
        };
    }
    let places = [("here", card.available.into()), ("all", card.documents.into())];
    let text = words.fill("papers-of", &places);
    let Some(arrival) = app.arrivals.get(&card.sitting) else {
        return html! {
            <span class="chip"><Icon of={Picture::Waiting} />{ text }</span>
        };
    };
    html! { <Progress words={words.clone()} {text} arrival={arrival.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct ProgressProps {
    words: Tongue,
    text: String,
    arrival: Arrival,
}

#[component]
fn Progress(props: &ProgressProps) -> Html {
    let Arrival { title, received, total, available, documents } = &props.arrival;
    // The paper under way counts for the part of it that is here.
    let part = if *total == 0 { 0.0 } else { *received as f64 / *total as f64 };
    let done = f64::from(*available) + part.clamp(0.0, 1.0);
    let words = &props.words;
    let size = [("here", words.bytes(*received).into()), ("all", words.bytes(*total).into())];
    html! {
        <div class="arriving">
            <span>{ &props.text }</span>
            <progress max={documents.to_string()} value={format!("{done:.3}")}
                aria-label={props.text.clone()} />
            <span class="mute">{ format!("{title}, {}", words.fill("bytes-of", &size)) }</span>
        </div>
    }
}

#[component]
pub(crate) fn NextSitting(props: &NextProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let card = &props.card;
    let starts = &card.starts;
    let days = days_between(dom::today(), (starts.year, starts.month, starts.day));
    let route = Route::Sitting(card.sitting);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    html! {
        <section class="card next" aria-labelledby="next-title">
            <div class="day" aria-hidden="true">
                <span>{ words.weekday(starts) }</span>
                <b>{ starts.day }</b>
                <span>{ words.month(starts) }</span>
            </div>
            <div class="about">
                <p class="soft">
                    { words.fill("next-sitting", &[("when", words.countdown(days).into())]) }
                </p>
                <h1 id="next-title">
                    { &card.title }
                    <span class="unseen">{ format!(", {}", words.date_with_year(starts)) }</span>
                </h1>
                <p class="soft">{ facts(words, card) }</p>
                <div class="chips">
                    <Readiness card={card.clone()} />
                    if card.unread > 0 && card.unread < card.documents {
                        <span class="chip acc">
                            <i class="dot new" />{ words.count("papers-unread", card.unread) }
                        </span>
                    }
                    if card.notes > 0 {
                        <span class="chip">
                            <Icon of={Picture::Note} />{ words.count("n-notes", card.notes) }
                        </span>
                    }
                </div>
                if let Some(reply) = &card.reply {
                    <ReplyCard sitting={card.sitting} reply={reply.clone()} />
                }
            </div>
            <div class="actions">
                <a class="btn primary" id="open-next" href={route.to_string()} onclick={open}>
                    { words.say("open-sitting") }
                </a>
            </div>
        </section>
    }
}
