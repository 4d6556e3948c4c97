//! Which notes are listed: by audience, colour, kind, author, and what is new.

use std::collections::BTreeMap;

use domain::MemberId;
use ink::Colour;
use ipc::{Audience, NoteCard, NoteFilter, NoteKind};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::use_app;
use crate::components::audience::called;
use crate::components::note_row::colour_name;

const COLOURS: [Colour; 6] =
    [Colour::Yellow, Colour::Green, Colour::Blue, Colour::Pink, Colour::Black, Colour::Red];
const KINDS: [(NoteKind, &str); 3] = [
    (NoteKind::Marked, "kind-marked"),
    (NoteKind::Written, "kind-written"),
    (NoteKind::Drawn, "kind-drawn"),
];

/// One list to choose from: the first choice is everything.
#[derive(Debug, Clone, PartialEq)]
struct List<T> {
    name: &'static str,
    choices: Vec<(T, String)>,
    chosen: Option<T>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct SiftProps {
    /// All notes, sifted or not.
    pub(crate) notes: Vec<NoteCard>,
    pub(crate) filter: NoteFilter,
    pub(crate) on_change: Callback<NoteFilter>,
}

#[component]
pub(crate) fn Sift(props: &SiftProps) -> Html {
    let SiftProps { notes, filter, on_change } = props;
    let app = use_app();
    let words = &app.words;
    let mut audiences: Vec<Audience> =
        notes.iter().map(|note| note.view.audience.clone()).collect();
    audiences.sort();
    audiences.dedup();
    let people: BTreeMap<(bool, String), MemberId> = notes
        .iter()
        .map(|note| ((!note.view.mine, note.view.author.clone()), note.view.author_id))
        .collect();
    let fresh = notes.iter().filter(|note| note.view.fresh).count();
    let audience = List {
        name: "sift-audience",
        choices: audiences
            .into_iter()
            .map(|a| {
                let text = called(words, &a);
                (a, text)
            })
            .collect(),
        chosen: filter.audience.clone(),
    };
    let author = List {
        name: "sift-author",
        choices: people
            .into_iter()
            .map(|((other, name), id)| (id, if other { name } else { words.say("you") }))
            .collect(),
        chosen: filter.author,
    };
    let kind = List {
        name: "sift-kind",
        choices: KINDS.map(|(kind, key)| (kind, words.say(key))).to_vec(),
        chosen: filter.kind,
    };
    let colour = List {
        name: "sift-colour",
        choices: COLOURS
            .into_iter()
            .filter(|colour| notes.iter().any(|note| note.view.mark.colour == *colour))
            .map(|colour| (colour, words.say(&format!("colour-{}", colour_name(colour)))))
            .collect(),
        chosen: filter.colour,
    };
    let all = words.say("sift-all");
    let fresh_count = u32::try_from(fresh).unwrap_or(u32::MAX);
    let turn = {
        let (filter, on_change) = (filter.clone(), on_change.clone());
        move |_: MouseEvent| on_change.emit(NoteFilter { fresh: !filter.fresh, ..filter.clone() })
    };
    let set = |change: fn(&mut NoteFilter, Choice)| {
        let (filter, on_change) = (filter.clone(), on_change.clone());
        Callback::from(move |choice: Choice| {
            let mut filter = filter.clone();
            change(&mut filter, choice);
            on_change.emit(filter);
        })
    };
    html! {
        <div class="sift" role="group" aria-label={words.say("sift")}>
            { select(&audience, &all, &words.say(audience.name), Choice::Audience,
                &set(|filter, choice| filter.audience = choice.audience())) }
            { select(&author, &all, &words.say(author.name), Choice::Author,
                &set(|filter, choice| filter.author = choice.author())) }
            { select(&kind, &all, &words.say(kind.name), Choice::Kind,
                &set(|filter, choice| filter.kind = choice.kind())) }
            { select(&colour, &all, &words.say(colour.name), Choice::Colour,
                &set(|filter, choice| filter.colour = choice.colour())) }
            if fresh > 0 || filter.fresh {
                <button type="button" class="quiet" aria-pressed={filter.fresh.to_string()}
                    onclick={turn} id="sift-fresh">
                    { words.count("sift-fresh", fresh_count) }</button>
            }
        </div>
    }
}

/// What was chosen in one of the lists.
#[derive(Debug, Clone, PartialEq)]
enum Choice {
    All,
    Audience(Audience),
    Author(MemberId),
    Kind(NoteKind),
    Colour(Colour),
}

impl Choice {
    fn audience(self) -> Option<Audience> {
        if let Self::Audience(audience) = self { Some(audience) } else { None }
    }
    fn author(self) -> Option<MemberId> {
        if let Self::Author(author) = self { Some(author) } else { None }
    }
    fn kind(self) -> Option<NoteKind> {
        if let Self::Kind(kind) = self { Some(kind) } else { None }
    }
    fn colour(self) -> Option<Colour> {
        if let Self::Colour(colour) = self { Some(colour) } else { None }
    }
}

fn select<T: Clone + PartialEq + 'static>(
    list: &List<T>,
    all: &str,
    label: &str,
    make: fn(T) -> Choice,
    on_choose: &Callback<Choice>,
) -> Html {
    if list.choices.len() < 2 && list.chosen.is_none() {
        return Html::default();
    }
    let choices: Vec<T> = list.choices.iter().map(|(value, _)| value.clone()).collect();
    let changed = {
        let on_choose = on_choose.clone();
        Callback::from(move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            // The first line is everything.
            let chosen = usize::try_from(at - 1).ok().and_then(|at| choices.get(at).cloned());
            on_choose.emit(chosen.map_or(Choice::All, make));
        })
    };
    html! {
        <label class="sift-list">
            <span class="mute">{ label }</span>
            <select onchange={changed} id={list.name}>
                <option selected={list.chosen.is_none()}>{ all }</option>
                { for list.choices.iter().map(|(value, text)| html! {
                    <option selected={list.chosen.as_ref() == Some(value)}>{ text }</option>
                }) }
            </select>
        </label>
    }
}
