//! What happened at the council's doors, as a plain list: the last lines, and earlier ones when asked.

use ipc::{AuditLineView, AuditView, ClerkCommand, ClerkReply, Command, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::words::Tongue;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Changes when something was done that is written down.
    pub(super) revision: u32,
}

#[component]
pub(super) fn Audit(props: &Props) -> Html {
    let app = use_app();
    let words = &app.words;
    let first = Command::Clerk(ClerkCommand::Audit { before: None });
    let asked = use_asked(Some(first), props.revision);
    let more = use_state(|| None::<(u32, AuditView)>);
    let Some(Reply::Clerk(ClerkReply::Audit(newest))) = asked.reply.as_deref() else {
        return Html::default();
    };
    let further = more.as_ref().filter(|(of, _)| *of == props.revision).map(|(_, view)| view);
    let earlier = further.map_or(newest.earlier, |view| view.earlier);
    let ask = {
        let (app, more, revision) = (app.clone(), more.clone(), props.revision);
        let known = further.cloned();
        Callback::from(move |_: MouseEvent| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            let (more, known) = (more.clone(), known.clone());
            spawn_local(async move {
                let question = Command::Clerk(ClerkCommand::Audit { before: earlier });
                match bridge::call(question).await {
                    Ok(Reply::Clerk(ClerkReply::Audit(page))) => {
                        let mut lines = known.map(|view| view.lines).unwrap_or_default();
                        lines.extend(page.lines);
                        more.set(Some((revision, AuditView { lines, earlier: page.earlier })));
                    }
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let lines = newest.lines.iter().chain(further.into_iter().flat_map(|view| &view.lines));
    html! {
        <section aria-labelledby="audit-head" id="audit">
            <h2 id="audit-head">{ words.say("audit") }</h2>
            <p class="soft">{ words.say("audit-lead") }</p>
            <ul class="card list">
                { for lines.map(|line| html! {
                    <li class="device" key={line.number.to_string()}>
                        <span class="row-text"><strong>{ told(words, line) }</strong>
                            <span class="mute">{ facts(words, line) }</span></span>
                    </li>
                }) }
            </ul>
            if earlier.is_some() {
                <button type="button" id="audit-earlier" onclick={ask}>
                    { words.say("audit-earlier") }</button>
            }
        </section>
    }
}

/// What was done and to what, in one line.
fn told(words: &Tongue, line: &AuditLineView) -> String {
    let detail = match line.detail.as_str() {
        "clerk" => words.say("role-clerk"),
        "official" => words.say("role-official"),
        "guest" => words.say("role-guest"),
        other => other.to_owned(),
    };
    let mut subject = line.subject.clone().unwrap_or_else(|| detail.clone());
    if let Some(starts) = &line.starts {
        subject = format!("{subject}, {}", words.date_with_year(starts));
    }
    let places = [("subject", subject.into()), ("detail", detail.into())];
    match key(&line.done) {
        Some(key) => words.fill(key, &places),
        // A newer server knows a word that these screens do not.
        None => line.done.clone(),
    }
}

fn key(done: &str) -> Option<&'static str> {
    Some(match done {
        "founded" => "audit-founded",
        "invited" => "audit-invited",
        "enrolled" => "audit-enrolled",
        "logged-in" => "audit-logged-in",
        "device-revoked" => "audit-device-revoked",
        "wipe-ordered" => "audit-wipe-ordered",
        "emptied" => "audit-emptied",
        "member-revoked" => "audit-member-revoked",
        "quarantined" => "audit-quarantined",
        "joined" => "audit-joined",
        "role-changed" => "audit-role-changed",
        "left" => "audit-left",
        "council-changed" => "audit-council-changed",
        "published" => "audit-published",
        "convened" => "audit-convened",
        "called-off" => "audit-called-off",
        "backed-up" => "audit-backed-up",
        "account-opened" => "audit-account-opened",
        "account-changed" => "audit-account-changed",
        "account-closed" => "audit-account-closed",
        _ => return None,
    })
}

/// When, and by whom.
fn facts(words: &Tongue, line: &AuditLineView) -> String {
    let by = line.by.clone().unwrap_or_else(|| words.say("audit-operator"));
    let places = [
        ("date", words.date_with_year(&line.at).into()),
        ("time", words.time(&line.at).into()),
        ("by", by.into()),
    ];
    words.fill("audit-by", &places)
}
