//! Mes notes: all notes in agenda order, sifted, spoken, and taken along as a file.

mod sift;
mod speak;
mod threads;

use domain::SittingId;
use ipc::{Command, NoteCard, NoteFilter, NotebookForm, Reply};
use yew::prelude::*;

use self::sift::Sift;
use self::speak::Speak;
use self::threads::{Thread, by_sitting, threads};
use crate::app::{AppHandle, use_app, write_out};
use crate::asked::use_asked;
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::NoteRow;
use crate::dom;
use crate::route::Route;

const FORMS: [(NotebookForm, &str); 3] = [
    (NotebookForm::Pdf, "export-pdf"),
    (NotebookForm::Odt, "export-odt"),
    (NotebookForm::Markdown, "export-markdown"),
];

#[component]
pub(crate) fn Notes() -> Html {
    let app = use_app();
    let words = &app.words;
    let filter = use_state(NoteFilter::default);
    let speaking = use_state(|| false);
    let question = Command::Notes { document: None, audience: None };
    let revision = app.catalogue.wrapping_add(app.marks.values().sum::<u32>());
    let asked = use_asked(Some(question), revision);
    let sittings = use_asked(Some(Command::Sittings), app.catalogue);
    use_effect_with(words.say("my-notes"), |title| dom::set_title(title));
    let title = |sitting: SittingId| match sittings.reply.as_deref() {
        Some(Reply::Sittings(cards)) => {
            cards.iter().find(|card| card.sitting == sitting).map(|card| {
                let date = words.date_with_year(&card.starts);
                html! { <>{ &card.title }<span class="soft second">{ date }</span></> }
            })
        }
        _ => None,
    };
    let notes: &[NoteCard] = match asked.reply.as_deref() {
        Some(Reply::Notes(notes)) => notes,
        _ => &[],
    };
    let wanted: Vec<NoteCard> = notes.iter().filter(|note| filter.admits(note)).cloned().collect();
    let shown = threads(&wanted);
    let change = {
        let filter = filter.clone();
        Callback::from(move |next: NoteFilter| filter.set(next))
    };
    let speak = {
        let speaking = speaking.clone();
        move |_: MouseEvent| speaking.set(true)
    };
    let hush = {
        let speaking = speaking.clone();
        Callback::from(move |()| speaking.set(false))
    };
    let export = |form: NotebookForm| {
        let (app, filter) = (app.clone(), (*filter).clone());
        move |_: MouseEvent| take_along(app.clone(), filter.clone(), form)
    };
    let leave = {
        let app = app.clone();
        move |_: MouseEvent| {
            let language = app.words.language();
            write_out(app.clone(), Command::Archive { language, out: None });
        }
    };
    let body = match (asked.reply.as_deref(), &asked.failure) {
        (_, Some(failure)) => {
            html! { <p class="card hollow" role="alert">{ words.failure(failure) }</p> }
        }
        (Some(Reply::Notes(notes)), _) if notes.is_empty() => html! {
            <section class="hollow empty"><p class="soft">{ words.say("no-notes") }</p></section>
        },
        (Some(Reply::Notes(_)), _) if shown.is_empty() => html! {
            <section class="hollow empty"><p class="soft">{ words.say("sift-nothing") }</p></section>
        },
        (Some(Reply::Notes(_)), _) => {
            let groups = by_sitting(shown.clone()).into_iter().map(|(sitting, group)| {
                html! {
                    <section key={sitting.to_string()}>
                        <h2>{ for title(sitting) }</h2>
                        <ul class="card list">{ for group.iter().map(rows) }</ul>
                    </section>
                }
            });
            groups.collect::<Html>()
        }
        (Some(_), None) | (None, None) => html! {
            <div class="skeleton" aria-busy="true"><div class="card bone" /></div>
        },
    };
    html! {
        <>
            <Bar back={Route::Home}><h1 class="brand">{ words.say("my-notes") }</h1></Bar>
            <main class="wrap" id="notes">
                if !notes.is_empty() {
                    <div class="notes-tools">
                        <Sift notes={notes.to_vec()} filter={(*filter).clone()} on_change={change} />
                        <div class="take-along">
                            <button class="primary" type="button" onclick={speak} id="speak-open"
                                disabled={shown.is_empty()}>
                                <Icon of={Picture::Text} />{ words.say("speak") }</button>
                            { for FORMS.iter().map(|(form, key)| html! {
                                <button type="button" onclick={export(*form)}
                                    disabled={shown.is_empty()} data-form={form.extension()}>
                                    { words.say(key) }</button>
                            }) }
                            <button type="button" id="archive" onclick={leave}
                                title={words.say("archive-hint")}>{ words.say("archive") }</button>
                        </div>
                    </div>
                }
                { body }
            </main>
            if *speaking {
                <Speak threads={shown} on_close={hush} />
            }
        </>
    }
}

fn rows(thread: &Thread) -> Html {
    let key = thread.note.annotation.to_string();
    html! {
        <NoteRow {key} note={thread.note.clone()} answers={thread.answers.clone()} />
    }
}

/// Writes the notes that are shown to a file, and says where it is.
fn take_along(app: AppHandle, filter: NoteFilter, form: NotebookForm) {
    let language = app.words.language();
    write_out(app, Command::ExportNotes { filter, form, language, out: None });
}
