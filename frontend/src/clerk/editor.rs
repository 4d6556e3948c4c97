//! One sitting on the desk: what it is, its agenda, its papers, its deadline.

use std::cell::Cell;
use std::rc::Rc;

use domain::{ItemId, SittingId};
use ipc::{ClerkCommand, ClerkReply, Command, DraftView, Edit, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::deadline::DeadlinePanel;
use super::drop_zone::DropZone;
use super::files::Files;
use super::item::Agenda;
use super::publish::{Kept, PublishButton, Standing};
use super::said;
use crate::app::{toast, use_app};
use crate::app_state::Happening;
use crate::bridge::{self, Failure};
use crate::clerk::fields::{Choice, Field};
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::dom;
use crate::route::Route;

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct EditorProps {
    pub(crate) sitting: SittingId,
}

/// What the editor's parts do with a draft: ask, and show what comes back.
#[derive(Clone, PartialEq)]
pub(crate) struct Desk {
    pub(crate) view: Rc<DraftView>,
    pub(crate) ask: Callback<ClerkCommand>,
}

impl Desk {
    pub(crate) fn id(&self) -> SittingId {
        self.view.sitting.id
    }

    pub(crate) fn edit(&self, edit: Edit) {
        self.ask.emit(ClerkCommand::Edit { sitting: self.id(), edit });
    }
}

#[component]
pub(crate) fn Editor(props: &EditorProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let view = use_state(|| None::<Rc<DraftView>>);
    let failure = use_state(|| None::<Failure>);
    // Answers may overtake each other: the one to the latest question is shown.
    let asked = use_mut_ref(|| 0_u32);
    let shown = use_mut_ref(|| Rc::new(Cell::new(0_u32)));
    let ask = {
        let (view, failure, app) = (view.clone(), failure.clone(), app.clone());
        Callback::from(move |command: ClerkCommand| {
            *asked.borrow_mut() += 1;
            let (turn, shown) = (*asked.borrow(), Rc::clone(&shown.borrow()));
            let (view, failure) = (view.clone(), failure.clone());
            let (words, app) = (app.words.clone(), app.dispatcher());
            let opening = matches!(command, ClerkCommand::Open(_));
            spawn_local(async move {
                match bridge::call(Command::Clerk(command)).await {
                    Ok(Reply::Clerk(ClerkReply::Draft(draft))) if turn > shown.get() => {
                        shown.set(turn);
                        failure.set(None);
                        view.set(Some(Rc::from(draft)));
                    }
                    Ok(_) => {}
                    Err(why) if opening => failure.set(Some(why)),
                    Err(why) => toast(&app, words.failure(&why)),
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((props.sitting, app.catalogue), move |(sitting, _)| {
            ask.emit(ClerkCommand::Open(*sitting));
        });
    }
    let title = view.as_ref().map(|view| view.sitting.title.clone()).unwrap_or_default();
    use_effect_with(title, |title| dom::set_title(title));
    let body = match (&*view, &*failure) {
        (_, Some(failure)) => html! {
            <main class="wrap"><p class="card hollow" role="alert">{ words.failure(failure) }</p></main>
        },
        (None, None) => html! {
            <main class="wrap skeleton" aria-busy="true"><div class="card bone tall" /></main>
        },
        (Some(view), None) => {
            let desk = Desk { view: Rc::clone(view), ask };
            html! { <Sheet {desk} /> }
        }
    };
    let head = view.as_ref().map(|view| {
        html! {
            <>
                <h1 class="brand">{ heading(view, words) }</h1>
                <span class="chip second">
                    { said::state(words, view.published, view.sitting.state) }</span>
            </>
        }
    });
    html! {
        <>
            <Bar back={Route::Board}>{ head }</Bar>
            { body }
        </>
    }
}

/// "Conseil municipal du 14 décembre".
fn heading(view: &DraftView, words: &crate::words::Tongue) -> String {
    let title = view.sitting.title.clone();
    let date = words.fill(
        "date-long-plain",
        &[("day", words.day(&view.starts).into()), ("month", words.month(&view.starts).into())],
    );
    words.fill("sitting-of", &[("title", title.into()), ("date", date.into())])
}

#[derive(Properties, PartialEq)]
pub(crate) struct DeskProps {
    pub(crate) desk: Desk,
}

#[component]
fn Sheet(props: &DeskProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let desk = &props.desk;
    let view = &desk.view;
    let open = use_state(|| None::<ItemId>);
    let turn = |command: fn(SittingId) -> ClerkCommand| {
        let (desk, app, said) = (desk.clone(), app.dispatcher(), words.clone());
        Callback::from(move |_: MouseEvent| {
            desk.ask.emit(command(desk.id()));
            let undone = matches!(command(desk.id()), ClerkCommand::Undo(_));
            app.dispatch(Happening::Say(said.say(if undone {
                "said-undone"
            } else {
                "said-redone"
            })));
        })
    };
    html! {
        <main class="wrap desk-sheet" id="desk-sheet">
            <div class="desk-tools">
                <Kept desk={desk.clone()} />
                <button type="button" class="quiet" disabled={!view.can_undo} id="undo"
                    onclick={turn(ClerkCommand::Undo)} aria-label={words.say("undo")}>
                    <Icon of={Picture::Undo} /><span class="wide">{ words.say("undo") }</span></button>
                <button type="button" class="quiet" disabled={!view.can_redo} id="redo"
                    onclick={turn(ClerkCommand::Redo)} aria-label={words.say("redo")}>
                    <Icon of={Picture::Redo} /><span class="wide">{ words.say("redo") }</span></button>
                <PublishButton desk={desk.clone()} />
            </div>
            <Standing desk={desk.clone()} />
            <div class="desk-left">
                <Details desk={desk.clone()} />
                <DropZone desk={desk.clone()}>
                    <Files desk={desk.clone()} />
                    <Agenda desk={desk.clone()} open={open.clone()} />
                </DropZone>
            </div>
            <aside class="desk-right">
                <DeadlinePanel desk={desk.clone()} />
            </aside>
        </main>
    }
}

/// What, when, where.
#[component]
fn Details(props: &DeskProps) -> Html {
    use domain::{Attendance, BodyKind};
    use ipc::Civil;
    let app = use_app();
    let words = &app.words;
    let desk = props.desk.clone();
    let view = &desk.view;
    let starts = view.starts;
    let text = |make: fn(String) -> Edit| {
        let desk = desk.clone();
        Callback::from(move |text: String| desk.edit(make(text)))
    };
    let civil = Civil {
        year: starts.year,
        month: starts.month,
        day: starts.day,
        hour: starts.hour,
        minute: starts.minute,
    };
    let day = {
        let desk = desk.clone();
        Callback::from(move |text: String| {
            // The field is empty while a day is being typed.
            if let Some((year, month, day)) = day_of(&text) {
                desk.edit(Edit::Starts(Civil { year, month, day, ..civil }));
            }
        })
    };
    let hour = {
        let desk = desk.clone();
        Callback::from(move |text: String| {
            if let Some((hour, minute)) = hour_of(&text) {
                desk.edit(Edit::Starts(Civil { hour, minute, ..civil }));
            }
        })
    };
    let kinds = [
        (BodyKind::Council, "council", "new-council"),
        (BodyKind::Committee, "committee", "new-committee"),
        (BodyKind::Bureau, "bureau", "new-bureau"),
    ];
    let mut bodies: Vec<(String, String)> =
        kinds.map(|(_, value, key)| (value.to_owned(), words.say(key))).to_vec();
    bodies.extend(view.bodies.iter().map(|body| (body.id.to_string(), body.name.clone())));
    let body = view.sitting.body.filter(|id| view.bodies.iter().any(|body| body.id == *id));
    let of_kind = kinds.iter().find(|(kind, _, _)| *kind == view.sitting.kind);
    let body = body.map_or_else(
        || of_kind.map_or_else(String::new, |(_, value, _)| (*value).to_owned()),
        |id| id.to_string(),
    );
    let set_body = {
        let desk = desk.clone();
        Callback::from(move |value: String| {
            let known = desk.view.bodies.iter().find(|body| body.id.to_string() == value);
            let plain = kinds.iter().find(|(_, name, _)| *name == value).map(|(kind, _, _)| *kind);
            if let Some(kind) = known.map(|body| body.kind).or(plain) {
                desk.edit(Edit::Kind { kind, body: known.map(|body| body.id) });
            }
        })
    };
    let ways = [Attendance::Room, Attendance::Hybrid, Attendance::Remote];
    let options: Vec<(String, String)> = ways
        .iter()
        .map(|way| (said::attendance(*way).to_owned(), words.say(said::attendance(*way))))
        .collect();
    let set_way = {
        let desk = desk.clone();
        Callback::from(move |value: String| {
            if let Some(way) = ways.iter().find(|way| said::attendance(**way) == value) {
                desk.edit(Edit::Attendance(*way));
            }
        })
    };
    // Once there is an agenda, what is settled makes room for it.
    let opened = use_state(|| None::<bool>);
    let open = opened.unwrap_or(view.sitting.items.is_empty());
    let toggle = {
        let opened = opened.clone();
        Callback::from(move |_: MouseEvent| opened.set(Some(!open)))
    };
    let button = html! {
        <button type="button" class="quiet" id="details" onclick={toggle}
            aria-expanded={open.to_string()}>{ words.say(if open { "done" } else { "edit" }) }</button>
    };
    if !open {
        let place = view.sitting.place.as_str();
        let mut facts = vec![words.date_with_year(&starts), words.time(&starts)];
        facts.extend((!place.is_empty()).then(|| place.to_owned()));
        if view.sitting.attendance != Attendance::Room {
            facts.push(words.say(said::attendance(view.sitting.attendance)));
        }
        return html! {
            <section class="card settled" aria-label={words.say("desk-details")}>
                <Icon of={Picture::Waiting} /><p>{ facts.join(", ") }</p>{ button }
            </section>
        };
    }
    html! {
        <section class="card details" aria-label={words.say("desk-details")}>
            <Field id="sitting-title" label={words.say("field-sitting-title")} class="whole"
                value={view.sitting.title.clone()} on_change={text(Edit::Title)} />
            <Field id="sitting-day" label={words.say("field-day")} kind="date"
                value={format!("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day)}
                on_change={day} />
            <Field id="sitting-hour" label={words.say("field-hour")} kind="time"
                value={format!("{:02}:{:02}", civil.hour, civil.minute)} on_change={hour} />
            <Field id="sitting-place" label={words.say("field-sitting-place")}
                value={view.sitting.place.clone()} on_change={text(Edit::Place)} />
            <Choice id="sitting-body" label={words.say("field-body")} options={bodies} value={body}
                on_change={set_body} />
            <Choice id="sitting-way" label={words.say("field-attendance")} {options}
                value={said::attendance(view.sitting.attendance)} on_change={set_way} />
            if !view.sitting.items.is_empty() { <div class="whole settled-end">{ button }</div> }
        </section>
    }
}

/// "2026-12-14" as the date field gives it.
pub(crate) fn day_of(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    Some((year, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// "18:30", or "18:30:00" as some web views give it.
pub(crate) fn hour_of(text: &str) -> Option<(i8, i8)> {
    let mut parts = text.split(':');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_read_as_the_fields_give_them() {
        assert_eq!(day_of("2026-12-14"), Some((2026, 12, 14)));
        assert_eq!((day_of(""), day_of("2026-12")), (None, None));
        assert_eq!((hour_of("18:30"), hour_of("18:30:00")), (Some((18, 30)), Some((18, 30))));
        assert_eq!((hour_of(""), hour_of("18")), (None, None));
    }
}
