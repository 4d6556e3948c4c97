//! Mes notes: all notes in agenda order.

use domain::SittingId;
use ipc::{Command, NoteCard, Reply};
use yew::prelude::*;

use crate::app::use_app;
use crate::asked::use_asked;
use crate::components::bar::Bar;
use crate::components::note_row::NoteRow;
use crate::dom;
use crate::route::Route;

/// Notes by sitting, in the order they came.
fn by_sitting(notes: &[NoteCard]) -> Vec<(SittingId, Vec<&NoteCard>)> {
    let mut groups: Vec<(SittingId, Vec<&NoteCard>)> = Vec::new();
    for note in notes {
        match groups.last_mut() {
            Some((sitting, group)) if *sitting == note.sitting => group.push(note),
            Some(_) | None => groups.push((note.sitting, vec![note])),
        }
    }
    groups
}

#[component]
pub(crate) fn Notes() -> Html {
    let app = use_app();
    let words = &app.words;
    let question = Command::Notes { document: None, audience: None };
    let asked = use_asked(Some(question), app.catalogue);
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
    let body = match (asked.reply.as_deref(), &asked.failure) {
        (_, Some(failure)) => {
            html! { <p class="card hollow" role="alert">{ words.failure(failure) }</p> }
        }
        (Some(Reply::Notes(notes)), _) if notes.is_empty() => html! {
            <section class="hollow empty"><p class="soft">{ words.say("no-notes") }</p></section>
        },
        (Some(Reply::Notes(notes)), _) => {
            let groups = by_sitting(notes).into_iter().map(|(sitting, group)| {
                html! {
                    <section key={sitting.to_string()}>
                        <h2>{ for title(sitting) }</h2>
                        <ul class="card list">
                            { for group.into_iter().map(|note| {
                                let key = note.annotation.to_string();
                                html! { <NoteRow {key} note={note.clone()} /> }
                            }) }
                        </ul>
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
            <main class="wrap" id="notes">{ body }</main>
        </>
    }
}
