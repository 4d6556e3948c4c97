//! Convening from the desk: who will be reached and what the law says of it now; then, once it has
//! left, how far it has come to each member and what they answered.

use std::collections::BTreeMap;

use domain::convocation::{Answer, Channel, Verdict};
use domain::law::Procedure;
use domain::proceedings::Reached;
use domain::{Date, MemberId, SittingId};
use ipc::convocation::{
    AnswerView, ConveneRefusal, Convened, Convening, ConvocationCommand, TrackView, TrackingView,
};
use ipc::{ClerkCommand, Command, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::fields::Field;
use crate::app::{AppHandle, toast, use_app, write_out};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::dialog::Dialog;
use crate::words::Tongue;

#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    pub(crate) desk: super::editor::Desk,
    /// How it is convened, as the panel of the deadline is set.
    pub(crate) procedure: Procedure,
    pub(crate) after: Option<Date>,
}

#[component]
pub(crate) fn ConvenePanel(props: &PanelProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let sitting = desk.id();
    let asking = use_state(|| false);
    let tracked = desk.view.published;
    let question = ConvocationCommand::Tracking { sitting };
    let asked = use_asked(tracked.then_some(Command::Convocation(question)), app.catalogue);
    if !tracked {
        return html! { <p class="mute">{ words.say("convene-publish-first") }</p> };
    }
    let tracking = match asked.reply.as_deref() {
        Some(Reply::Tracking(tracking)) if tracking.number > 0 => Some(tracking.as_ref().clone()),
        _ => None,
    };
    let stands = desk.view.sitting.state >= domain::SittingState::Convened;
    let open = {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(true))
    };
    let close = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    html! {
        <>
            if let Some(tracking) = tracking.filter(|_| stands) {
                <Tracking desk={desk.clone()} {tracking} />
            } else {
                <button type="button" class="primary" id="convene" onclick={open}
                    disabled={desk.view.kept.is_some()}>{ words.say("convene") }</button>
                if desk.view.kept.is_some() {
                    <p class="mute">{ words.say("convene-publish-first") }</p>
                }
            }
            if *asking {
                <Convene desk={desk.clone()} procedure={props.procedure} after={props.after}
                    on_close={close} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ConveneProps {
    desk: super::editor::Desk,
    procedure: Procedure,
    after: Option<Date>,
    on_close: Callback<()>,
}

/// Everything that convening would come to now, before anything leaves.
#[component]
fn Convene(props: &ConveneProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let reason = use_state(String::new);
    let knowingly = use_state(|| false);
    let busy = use_state(|| false);
    let urgency = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let (procedure, after) = (props.procedure, props.after);
    let convening = Convening { urgency, procedure, after, ..Convening::of(desk.id()) };
    let question = Command::Convocation(ConvocationCommand::Judge(convening.clone()));
    let asked = use_asked(Some(question), app.catalogue);
    let judged = match asked.reply.as_deref() {
        Some(Reply::Convened(judged)) => Some(judged.as_ref().clone()),
        _ => None,
    };
    let send = {
        let (desk, app, busy) = (desk.clone(), app.clone(), busy.clone());
        let close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| {
            busy.set(true);
            let command = Command::Convocation(ConvocationCommand::Convene(convening.clone()));
            let (desk, busy, close) = (desk.clone(), busy.clone(), close.clone());
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(command).await {
                    Ok(Reply::Convened(done)) => {
                        toast(&app, words.count("convened", done.recipients));
                        close.emit(());
                        desk.ask.emit(ClerkCommand::Open(desk.id()));
                    }
                    Ok(_) => busy.set(false),
                    Err(failure) => {
                        toast(&app, words.failure(&failure));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let typed = {
        let reason = reason.clone();
        Callback::from(move |text: String| reason.set(text))
    };
    let tick = {
        let knowingly = knowingly.clone();
        Callback::from(move |_: Event| knowingly.set(!*knowingly))
    };
    html! {
        <Dialog title={words.say("convene-title")} class="side" on_close={props.on_close.clone()}>
            <div class="publish">
                if let Some(failure) = &asked.failure {
                    <p class="problem" role="alert">{ words.failure(failure) }</p>
                }
                if let Some(judged) = judged {
                    { verdict(words, &judged) }
                    <p>{ words.count("convene-recipients", judged.recipients) }</p>
                    if !judged.on_paper.is_empty() {
                        <p class="mute">{ words.fill("convene-on-paper", &[("names", judged.on_paper.join(", ").into())]) }</p>
                    }
                    if !judged.unreachable.is_empty() {
                        <p class="problem">{ words.fill("convene-unreachable", &[("names", judged.unreachable.join(", ").into())]) }</p>
                    }
                    <Field id="urgency" label={words.say("convene-urgency")} value={(*reason).clone()} on_change={typed} />
                    <p class="mute">{ words.say("convene-urgency-hint") }</p>
                    if judged.verdict == Verdict::Late {
                        <label class="choice"><input type="checkbox" id="knowingly" checked={*knowingly} onchange={tick} />
                            <span>{ words.say("convene-late-knowingly") }</span></label>
                    }
                    <button type="button" class="primary" id="confirm-convene" onclick={send}
                        disabled={*busy || judged.refusal.is_some() || judged.verdict == Verdict::Refused
                            || (judged.verdict == Verdict::Late && !*knowingly)}>
                        { words.count("convene-confirm", judged.recipients) }</button>
                }
            </div>
        </Dialog>
    }
}

fn verdict(words: &Tongue, judged: &Convened) -> Html {
    let (class, key) = match (judged.refusal, judged.verdict) {
        (Some(ConveneRefusal::Begun), _) => ("verdict red", "convene-begun"),
        (Some(ConveneRefusal::UrgencyTooLate), _) => ("verdict red", "convene-urgency-too-late"),
        (Some(ConveneRefusal::Nobody), _) => ("verdict red", "convene-nobody"),
        (Some(ConveneRefusal::NoAgenda), _) => ("verdict red", "convene-no-agenda"),
        (None, Verdict::Regular) => ("verdict green", "convene-regular"),
        (None, Verdict::Late) => ("verdict red", "convene-late"),
        (None, Verdict::Refused) => ("verdict red", "convene-refused"),
    };
    html! { <p {class} role="status">{ words.say(key) }</p> }
}

#[derive(Properties, PartialEq)]
struct TrackingProps {
    desk: super::editor::Desk,
    tracking: TrackingView,
}

/// Counts at a glance, then one line for each member.
#[component]
fn Tracking(props: &TrackingProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let TrackingProps { desk, tracking } = props;
    let remind = {
        let (desk, app) = (desk.clone(), app.clone());
        Callback::from(move |_: MouseEvent| {
            let sitting = desk.id();
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                let command = Command::Convocation(ConvocationCommand::Remind { sitting });
                match bridge::call(command).await {
                    Ok(_) => toast(&app, words.say("convene-reminded")),
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let sitting = desk.id();
    let table = Command::Convocation(ConvocationCommand::Export { sitting, out: None });
    let export = export(&app, table);
    let letters = ConvocationCommand::Letters { sitting, member: None, out: None };
    let letters = self::export(&app, Command::Convocation(letters));
    let prove = prove(&app, sitting);
    let on_paper = tracking.tracks.iter().any(|track| track.channel == Channel::Paper);
    let posted = |member: MemberId| {
        let (desk, app) = (desk.clone(), app.clone());
        Callback::from(move |_: MouseEvent| {
            let (desk, words, app) = (desk.clone(), app.words.clone(), app.dispatcher());
            let posted = ConvocationCommand::Posted { sitting, member, at: None, proof: None };
            spawn_local(async move {
                match bridge::call(Command::Convocation(posted)).await {
                    Ok(_) => desk.ask.emit(ClerkCommand::Open(sitting)),
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let counts = [
        ("track-dispatched", tracking.dispatched),
        ("track-opened", tracking.opened),
        ("track-answered", tracking.answered),
        ("track-present", tracking.present),
        ("track-proxies", tracking.proxies),
    ];
    html! {
        <div class="tracking" id="tracking">
            <p class="soft">{ words.count("convene-recipients", tracking.recipients) }</p>
            <dl>{ for counts.map(|(key, n)| html! {
                <div><dt>{ words.say(key) }</dt><dd>{ n }</dd></div>
            }) }</dl>
            <progress max={tracking.recipients.max(1).to_string()} value={tracking.answered.to_string()}
                aria-label={words.say("track-answered")} />
            <button type="button" id="remind" onclick={remind}
                disabled={tracking.answered >= tracking.recipients}>{ words.say("convene-remind") }</button>
            <details>
                <summary>{ words.say("track-members") }</summary>
                <ul>{ for by_member(tracking).into_iter().map(|member| html! {
                    <li><strong>{ member.name }</strong>
                        <span class="mute">{ line(words, &member.tracks, member.answer) }</span>
                        if let Some(track) = to_post(&member.tracks) {
                            <button type="button" class="quiet" data-post={track.member.to_string()}
                                onclick={posted(track.member)}>{ words.say("track-posted") }</button>
                        }</li>
                }) }</ul>
                if on_paper {
                    <button type="button" id="track-letters" onclick={letters}>{ words.say("track-letters") }</button>
                }
                <button type="button" id="track-export" onclick={export}>{ words.say("track-export") }</button>
            </details>
            <button type="button" id="prove" onclick={prove}>{ words.say("track-prove") }</button>
            <p class="mute">{ words.say("track-prove-hint") }</p>
        </div>
    }
}

/// The letter to a member that is still to be posted.
fn to_post<'a>(tracks: &[&'a TrackView]) -> Option<&'a TrackView> {
    tracks.iter().copied().find(|t| t.channel == Channel::Paper && t.state.is_none())
}

/// Has the proof written, and says where it is and whether an authority has stamped it.
fn prove(app: &AppHandle, sitting: SittingId) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_: MouseEvent| {
        let (words, app) = (app.words.clone(), app.dispatcher());
        spawn_local(async move {
            let command = ConvocationCommand::Prove { sitting, out: None };
            let text = match bridge::call(Command::Convocation(command)).await {
                Ok(Reply::Proved(proved)) => {
                    let written = words.fill("track-proved", &[("file", proved.pdf.into())]);
                    match proved.unstamped {
                        None => written,
                        Some(why) => {
                            let missing = words.fill("track-unstamped", &[("why", why.into())]);
                            format!("{written} {missing}")
                        }
                    }
                }
                Ok(_) => return,
                Err(failure) => words.failure(&failure),
            };
            toast(&app, text);
        });
    })
}

struct Member<'a> {
    name: &'a str,
    tracks: Vec<&'a TrackView>,
    answer: Option<&'a AnswerView>,
}

/// Every member with all ways and the answer, in the order of the tracking.
fn by_member(tracking: &TrackingView) -> Vec<Member<'_>> {
    let mut places: BTreeMap<MemberId, usize> = BTreeMap::new();
    let mut members: Vec<Member<'_>> = Vec::new();
    for track in &tracking.tracks {
        let at = *places.entry(track.member).or_insert_with(|| {
            let answer = tracking.answers.iter().find(|answer| answer.member == track.member);
            members.push(Member { name: &track.name, tracks: Vec::new(), answer });
            members.len() - 1
        });
        if let Some(member) = members.get_mut(at) {
            member.tracks.push(track);
        }
    }
    members
}

fn line(words: &Tongue, tracks: &[&TrackView], answer: Option<&AnswerView>) -> String {
    let mut facts: Vec<String> = tracks.iter().map(|track| way(words, track)).collect();
    facts.extend(answer.map(|answer| match answer.answer {
        Answer::Present => words.say("answer-present"),
        Answer::Late => words.say("answer-late"),
        Answer::Absent => words.say("answer-absent"),
        Answer::Proxy(_) => {
            words.fill("answer-proxy-to", &[("name", answer.bearer.as_str().into())])
        }
    }));
    facts.join(", ")
}

/// Has something written to a file, and says where it is.
pub(super) fn export(app: &AppHandle, command: Command) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_: MouseEvent| write_out(app.clone(), command.clone()))
}

pub(super) fn way(words: &Tongue, track: &TrackView) -> String {
    let channel = words.say(match track.channel {
        Channel::App => "channel-app",
        Channel::Email => "channel-email",
        Channel::Sms => "channel-sms",
        Channel::Paper => "channel-paper",
    });
    let state = words.say(match track.state {
        None => "reached-nothing",
        Some(Reached::Failed) => "reached-failed",
        Some(Reached::Dispatched) => "reached-dispatched",
        Some(Reached::Delivered) => "reached-delivered",
        Some(Reached::Opened) => "reached-opened",
        Some(Reached::Answered) => "reached-answered",
    });
    // Why it did not arrive is the first thing that a clerk needs to know.
    let why = Some(&track.detail)
        .filter(|detail| track.state == Some(Reached::Failed) && !detail.is_empty())
        .map(|detail| format!(" ({detail})"))
        .unwrap_or_default();
    format!("{channel}\u{a0}: {state}{why}")
}
