//! The answer to a convocation, in one tap: present, late, absent, or a proxy.

use domain::{Answer, MemberId, SittingId};
use ipc::{AnswerView, Command, ConvocationCommand, ReplyView};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::bridge;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::words::Tongue;

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct ReplyProps {
    pub(crate) sitting: SittingId,
    pub(crate) reply: ReplyView,
}

/// What stands under the buttons: what was answered, and whether the clerk has it.
pub(crate) fn standing(words: &Tongue, reply: &ReplyView) -> String {
    let Some(mine) = &reply.mine else {
        return deadline(words, reply).unwrap_or_default();
    };
    let said = match (mine.answer, mine.taken) {
        (Answer::Proxy(_), Some(false)) => {
            words.fill("reply-proxy-refused", &[("name", mine.bearer.as_str().into())])
        }
        (Answer::Proxy(_), Some(true)) => {
            words.fill("reply-proxy-taken", &[("name", mine.bearer.as_str().into())])
        }
        (Answer::Proxy(_), None) => {
            words.fill("reply-proxy-given", &[("name", mine.bearer.as_str().into())])
        }
        (Answer::Present | Answer::Late | Answer::Absent, _) => String::new(),
    };
    let sent = words.say(if mine.sent { "reply-sent" } else { "reply-waits" });
    [said, sent].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// "Répondez avant le jeudi 24 septembre, 18 h 30 (dans 3 jours)."
fn deadline(words: &Tongue, reply: &ReplyView) -> Option<String> {
    let by = reply.by.as_ref()?;
    let days = reply.days_left?;
    if days < 0 {
        return Some(words.say("reply-over"));
    }
    let when = format!("{}, {}", words.date(by), words.time(by));
    let left = words.countdown(i64::from(days));
    Some(words.fill("reply-by", &[("when", when.into()), ("left", left.into())]))
}

#[component]
pub(crate) fn ReplyCard(props: &ReplyProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let ReplyProps { sitting, reply } = props;
    let choosing = use_state(|| false);
    let send = {
        let app = app.clone();
        Callback::from(move |command: ConvocationCommand| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                // The answer is on the tablet when this returns; the screen asks again by itself.
                if let Err(failure) = bridge::call(Command::Convocation(command)).await {
                    toast(&app, words.failure(&failure));
                }
            });
        })
    };
    let answer = {
        let (send, sitting) = (send.clone(), *sitting);
        move |answer: Answer| {
            let send = send.clone();
            Callback::from(move |_: MouseEvent| {
                send.emit(ConvocationCommand::Answer { sitting, answer, member: None });
            })
        }
    };
    if reply.cancelled {
        return html! {
            <div class="reply off" role="status">
                <strong>{ words.say("reply-cancelled") }</strong>
                if !reply.note.is_empty() { <p>{ &reply.note }</p> }
            </div>
        };
    }
    if !reply.asked && reply.mine.is_none() {
        return Html::default();
    }
    let mine = reply.mine.as_ref().map(|mine| mine.answer);
    let open = {
        let choosing = choosing.clone();
        Callback::from(move |_: MouseEvent| choosing.set(true))
    };
    let choice = |wanted: Answer, key: &str| {
        let on = mine == Some(wanted);
        html! {
            <button type="button" class={classes!(on.then_some("on"))} disabled={!reply.asked}
                aria-pressed={on.to_string()} onclick={answer(wanted)}>
                if on { <Icon of={Picture::Check} /> }{ words.say(key) }
            </button>
        }
    };
    let proxied = matches!(mine, Some(Answer::Proxy(_)));
    let chosen = {
        let (send, choosing, sitting) = (send.clone(), choosing.clone(), *sitting);
        Callback::from(move |bearer: MemberId| {
            choosing.set(false);
            let answer = Answer::Proxy(bearer);
            send.emit(ConvocationCommand::Answer { sitting, answer, member: None });
        })
    };
    let close = {
        let choosing = choosing.clone();
        Callback::from(move |()| choosing.set(false))
    };
    html! {
        <section class="reply" aria-label={words.say("reply-title")}>
            if reply.corrected {
                <p class="changed"><strong>{ words.say("reply-corrected") }</strong>
                    if !reply.note.is_empty() { { " " }{ &reply.note } }</p>
            }
            <div class="choices" role="group" aria-label={words.say("reply-title")}>
                { choice(Answer::Present, "reply-present") }
                { choice(Answer::Late, "reply-late") }
                { choice(Answer::Absent, "reply-absent") }
                <button type="button" class={classes!(proxied.then_some("on"))}
                    disabled={!reply.asked} aria-pressed={proxied.to_string()} onclick={open}>
                    if proxied { <Icon of={Picture::Check} /> }{ words.say("reply-proxy") }
                </button>
            </div>
            <p class="mute" role="status">{ standing(words, reply) }</p>
            { for reply.proxies.iter().map(|given| html! {
                <Given words={words.clone()} given={given.clone()} sitting={*sitting}
                    send={send.clone()} />
            }) }
            if *choosing {
                <Bearers reply={reply.clone()} on_choose={chosen} on_close={close} />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct GivenProps {
    words: Tongue,
    given: AnswerView,
    sitting: SittingId,
    send: Callback<ConvocationCommand>,
}

/// A proxy that somebody gave to this member.
#[component]
fn Given(props: &GivenProps) -> Html {
    let GivenProps { words, given, sitting, send } = props;
    let say = |accepts: bool| {
        let (send, sitting, giver) = (send.clone(), *sitting, given.member);
        Callback::from(move |_: MouseEvent| {
            send.emit(ConvocationCommand::Bear { sitting, giver, accepts });
        })
    };
    let name = [("name", given.name.as_str().into())];
    let key = match given.taken {
        None => "proxy-given-to-you",
        Some(true) => "proxy-you-take",
        Some(false) => "proxy-you-refuse",
    };
    html! {
        <div class="given">
            <p>{ words.fill(key, &name) }</p>
            if given.taken != Some(true) {
                <button type="button" onclick={say(true)}>{ words.say("proxy-take") }</button>
            }
            if given.taken != Some(false) {
                <button type="button" onclick={say(false)}>{ words.say("proxy-refuse") }</button>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BearersProps {
    reply: ReplyView,
    on_choose: Callback<MemberId>,
    on_close: Callback<()>,
}

/// Whom to give the proxy to.
#[component]
fn Bearers(props: &BearersProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let mine = props.reply.mine.as_ref().map(|mine| mine.answer);
    html! {
        <Dialog title={words.say("proxy-to-whom")} class="small" on_close={props.on_close.clone()}>
            <p class="mute">{ words.say("proxy-rule") }</p>
            if props.reply.bearers.is_empty() {
                <p>{ words.say("proxy-nobody") }</p>
            }
            <ul class="bearers">
                { for props.reply.bearers.iter().map(|bearer| {
                    let on = mine == Some(Answer::Proxy(bearer.member));
                    let (choose, member) = (props.on_choose.clone(), bearer.member);
                    html! {
                        <li key={member.to_string()}>
                            <button type="button" class={classes!(on.then_some("on"))}
                                aria-pressed={on.to_string()}
                                onclick={move |_: MouseEvent| choose.emit(member)}>
                                { &bearer.name }
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipc::{Language, LocalTime};

    fn at(day: i8) -> LocalTime {
        let at = "2026-09-24T16:30:00Z".parse().unwrap();
        LocalTime { at, year: 2026, month: 9, day, weekday: 4, hour: 18, minute: 30 }
    }

    fn reply(mine: Option<(Answer, bool, Option<bool>)>, days_left: i32) -> ReplyView {
        ReplyView {
            number: 1,
            sent: at(17),
            corrected: false,
            note: String::new(),
            urgency: None,
            cancelled: false,
            asked: true,
            by: Some(at(24)),
            days_left: Some(days_left),
            mine: mine.map(|(answer, sent, taken)| AnswerView {
                member: MemberId::from_bytes([1; 16]),
                name: "Inès Baudry".to_owned(),
                answer,
                bearer: "Karim Sahli".to_owned(),
                taken,
                at: at(20).at,
                sent,
            }),
            proxies: Vec::new(),
            bearers: Vec::new(),
        }
    }

    #[test]
    fn until_one_has_answered_the_deadline_is_told_and_then_what_became_of_the_answer() {
        let words = Tongue::new(Language::Fr);
        let said =
            |mine, days| standing(&words, &reply(mine, days)).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(said(None, 1), "Répondez avant le jeudi 24 septembre, 18 h 30 (demain).");
        assert_eq!(said(None, -1), "La date de réponse est passée ; vous pouvez encore répondre.");
        assert_eq!(said(Some((Answer::Late, true, None)), 1), "Réponse transmise.");
        assert_eq!(
            said(Some((Answer::Present, false, None)), 1),
            "Réponse gardée ; elle part dès que le réseau revient."
        );
        let bearer = Answer::Proxy(MemberId::from_bytes([2; 16]));
        assert_eq!(
            said(Some((bearer, true, Some(false))), 1),
            "Karim Sahli a refusé votre pouvoir : choisissez un autre mandataire. Réponse transmise."
        );
    }
}
