//! By when the convocation must leave: green, amber or red, with the reason, the days and the last
//! lawful minute.

use domain::law::{CountedDay, Deadline, Procedure, Standing, Why};
use domain::{BodyKind, Date, SittingState};
use ipc::{ClerkCommand, Command, DeadlineView, Planned, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::convening::ConvenePanel;
use super::editor::DeskProps;
use super::fields::{Field, Switch};
use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::words::Tongue;

#[component]
pub(crate) fn DeadlinePanel(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = &props.desk.view;
    let procedure = use_state(Procedure::default);
    let after = use_state(|| None::<Date>);
    let planned = Planned::Draft { starts: view.sitting.starts, body: view.sitting.kind };
    let question =
        Command::Deadline { planned, procedure: *procedure, after: *after, dispatch: None };
    let asked = use_asked(Some(question), app.catalogue);
    let choices = [
        (Procedure::Ordinary, "deadline-ordinary"),
        (Procedure::Urgent, "deadline-urgent"),
        (Procedure::Budget, "deadline-budget"),
        (Procedure::SecondCall, "deadline-second-call"),
        (Procedure::Installation, "deadline-installation"),
    ];
    let after_key = match *procedure {
        Procedure::SecondCall => Some("deadline-after-quorum"),
        Procedure::Installation => Some("deadline-after-round"),
        Procedure::Ordinary | Procedure::Urgent | Procedure::Budget => None,
    };
    let dated = {
        let after = after.clone();
        Callback::from(move |text: String| after.set(text.parse().ok()))
    };
    let settle = {
        let app = app.clone();
        Callback::from(move |(house_days, strict): (Option<u16>, Option<bool>)| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                // The screen asks again by itself when the council's record comes back.
                let command = ClerkCommand::SaveLawChoices { house_days, strict };
                if let Err(failure) = bridge::call(Command::Clerk(command)).await {
                    toast(&app, words.failure(&failure));
                }
            });
        })
    };
    let choose = |wanted: Procedure| {
        let procedure = procedure.clone();
        Callback::from(move |_: MouseEvent| procedure.set(wanted))
    };
    let done = matches!(
        view.sitting.state,
        SittingState::Convened | SittingState::Held | SittingState::Closed
    );
    html! {
        <section class="card deadline" aria-labelledby="deadline-title" id="deadline">
            <p class="soft" id="deadline-title">{ words.say("convocation") }</p>
            if done {
                <p class="verdict green">{ words.say("deadline-convened") }</p>
            } else {
                { match asked.reply.as_deref() {
                    Some(Reply::Deadline(view)) => html! {
                        <>{ verdict(words, view) }{ choices_of(words, &view.deadline, &settle) }</>
                    },
                    _ if asked.failure.is_some() => html! {
                        <p class="soft">{ asked.failure.as_ref().map(|why| words.failure(why)) }</p>
                    },
                    _ => html! { <p class="skeleton bone" aria-busy="true" /> },
                } }
                if view.sitting.kind == BodyKind::Council {
                    <div class="choices" role="group" aria-label={words.say("deadline-procedure")}>
                        { for choices.map(|(wanted, key)| html! {
                            <button type="button" onclick={choose(wanted)}
                                aria-pressed={(*procedure == wanted).to_string()}>
                                { words.say(key) }</button>
                        }) }
                    </div>
                    if let Some(key) = after_key {
                        <Field id="deadline-after" label={words.say(key)} kind="date"
                            value={after.map(|day| day.to_string()).unwrap_or_default()}
                            on_change={dated} />
                    }
                }
            }
            <ConvenePanel desk={props.desk.clone()} procedure={*procedure} after={*after} />
        </section>
    }
}

/// What the law leaves to the council, where it matters: the panel says so, and how it is settled.
fn choices_of(
    words: &Tongue,
    deadline: &Deadline,
    settle: &Callback<(Option<u16>, Option<bool>)>,
) -> Html {
    if deadline.house {
        let on_change = settle.reform(|text: String| (Some(text.parse().unwrap_or(0)), None));
        return html! {
            <Field id="house-days" label={words.say("deadline-house-days")} kind="number"
                value={deadline.days.to_string()} {on_change} />
        };
    }
    if !deadline.strict && deadline.safe_dispatch == deadline.latest_dispatch {
        return Html::default();
    }
    let on_change = settle.reform(|on: bool| (None, Some(on)));
    html! { <Switch label={words.say("deadline-strict")} on={deadline.strict} {on_change} /> }
}

fn verdict(words: &Tongue, view: &DeadlineView) -> Html {
    let DeadlineView { deadline, standing, last_minute, .. } = view;
    let (class, key) = match standing {
        Standing::Ample => ("verdict green", "deadline-ample"),
        Standing::Short => ("verdict amber", "deadline-short"),
        Standing::Late => ("verdict red", "deadline-late"),
    };
    let places =
        [("date", words.date(last_minute).into()), ("time", words.time(last_minute).into())];
    let said = words.all();
    // The first sentence, the rule, stands above the days; the second, the latest day, is the verdict.
    let sentences = said.deadline(deadline);
    let (rule, rest) = sentences.split_first().map_or((None, &[][..]), |(rule, rest)| {
        (Some(rule.clone()), rest.get(1..).unwrap_or_default())
    });
    html! {
        <>
            <p {class} role="status">{ words.fill(key, &places) }</p>
            <ol class="days" aria-label={words.say("deadline-days")}>
                { for deadline.explanation.iter().map(|day| counted(words, day)) }
            </ol>
            <p class="soft">{ rule }</p>
            { for rest.iter().map(|sentence| html! { <p class="mute">{ sentence }</p> }) }
        </>
    }
}

fn counted(words: &Tongue, day: &CountedDay) -> Html {
    let class = match day.why {
        Why::DispatchDay => "sent",
        Why::Whole { .. } | Why::SittingDayCounts { .. } => "counts",
        Why::SittingDay => "sitting",
        Why::NotSentYet => "before",
    };
    let weekday =
        words.say(&format!("weekday-short-{}", day.date.weekday().to_monday_one_offset()));
    html! {
        <li {class}>
            <span aria-hidden="true">{ weekday }<b>{ day.date.day() }</b></span>
            <span class="unseen">{ words.all().counted_day(day) }</span>
        </li>
    }
}
