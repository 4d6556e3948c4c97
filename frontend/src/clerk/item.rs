//! The agenda being made: rows that are dragged or moved by keys, one of them open.

use std::cell::Cell;

use domain::{AgendaItem, Document, DocumentRole, ItemId};
use ipc::{Edit, ItemChange, PaperChange, Target};
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::editor::{Desk, DeskProps};
use super::fields::{Choice, Field, Switch};
use super::list::PasteList;
use super::order::{self, Rows};
use super::said;
use crate::app::use_app;
use crate::app_state::Happening;
use crate::components::icons::{Icon, Picture};

/// Near an edge of the window the list scrolls under a dragged item, in CSS pixels.
const EDGE: f64 = 90.0;

#[derive(Properties, PartialEq)]
pub(crate) struct AgendaProps {
    pub(crate) desk: Desk,
    pub(crate) open: UseStateHandle<Option<ItemId>>,
}

#[component]
pub(crate) fn Agenda(props: &AgendaProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let AgendaProps { desk, open } = props;
    let view = &desk.view;
    let list = use_node_ref();
    // The item that is dragged, its place, and the number it would get.
    let drag = use_state(|| None::<(ItemId, usize, u32)>);
    let pasting = use_state(|| false);
    let new = use_node_ref();
    let add = {
        let (desk, new) = (desk.clone(), new.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = new.cast::<HtmlInputElement>() else { return };
            let title = field.value();
            if !title.trim().is_empty() {
                desk.edit(Edit::AddItem { title, at: None });
                field.set_value("");
            }
        })
    };
    let paste = {
        let pasting = pasting.clone();
        Callback::from(move |_: MouseEvent| pasting.set(true))
    };
    let pasted = {
        let pasting = pasting.clone();
        Callback::from(move |()| pasting.set(false))
    };
    let items = &view.sitting.items;
    html! {
        <section class="card edit" aria-labelledby="agenda-title">
            <header>
                <h2 id="agenda-title">{ words.say("agenda") }</h2>
                <button type="button" onclick={paste} id="paste-list">
                    <Icon of={Picture::List} />{ words.say("agenda-paste") }</button>
            </header>
            if items.is_empty() {
                <p class="hollow soft">{ words.say("agenda-empty") }</p>
            }
            <ol class="edit-items" ref={list.clone()}>
                { for items.iter().enumerate().map(|(at, item)| html! {
                    <Row key={item.id.to_string()} {at} item={item.clone()} desk={desk.clone()}
                        open={open.clone()} drag={drag.clone()} list={list.clone()} />
                }) }
            </ol>
            <form class="add-item" onsubmit={add}>
                <label class="unseen" for="new-item">{ words.say("item-new") }</label>
                <input id="new-item" ref={new} autocomplete="off"
                    placeholder={words.say("item-new")} />
                <button type="submit"><Icon of={Picture::Plus} />{ words.say("item-add") }</button>
            </form>
            if *pasting { <PasteList desk={desk.clone()} on_close={pasted} /> }
            <Lists desk={desk.clone()} />
        </section>
    }
}

/// Names and themes to propose.
#[component]
fn Lists(props: &DeskProps) -> Html {
    let view = &props.desk.view;
    html! {
        <>
            <datalist id="rapporteurs">
                { for view.rapporteurs.iter().map(|name| html! { <option value={name.clone()} /> }) }
            </datalist>
            <datalist id="themes">
                { for view.themes.iter().map(|theme| html! { <option value={theme.join(" > ")} /> }) }
            </datalist>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    at: usize,
    item: AgendaItem,
    desk: Desk,
    open: UseStateHandle<Option<ItemId>>,
    drag: UseStateHandle<Option<(ItemId, usize, u32)>>,
    list: NodeRef,
}

fn rows(list: &NodeRef) -> Rows {
    let Some(list) = list.cast::<Element>() else { return Vec::new() };
    let children = list.children();
    let places = (0..children.length()).filter_map(|at| children.item(at));
    places.map(|row| row.get_bounding_client_rect()).map(|r| (r.top(), r.bottom())).collect()
}

#[component]
fn Row(props: &RowProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let RowProps { at, item, desk, open, drag, list } = props;
    let id = item.id;
    let number = u32::try_from(*at + 1).unwrap_or(u32::MAX);
    let count = u32::try_from(desk.view.sitting.items.len()).unwrap_or(u32::MAX);
    let grip = use_node_ref();
    let by_key = use_memo((), |()| Cell::new(false));
    let is_open = **open == Some(id);
    let moved = {
        let (desk, app, words) = (desk.clone(), app.dispatcher(), words.clone());
        let title = item.title.clone();
        Callback::from(move |to: u32| {
            desk.edit(Edit::MoveItem { item: id, to });
            let places = [("title", title.as_str().into()), ("n", to.into())];
            app.dispatch(Happening::Say(words.fill("item-moved-said", &places)));
        })
    };
    let keyed = {
        let (moved, by_key) = (moved.clone(), by_key.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(to) = order::by_key(&event.key(), number, count) {
                event.prevent_default();
                by_key.set(true);
                moved.emit(to);
            }
        })
    };
    // A row that moves loses the focus; the next key is meant for the same item.
    {
        let grip = grip.clone();
        use_effect_with(*at, move |_| {
            if by_key.take()
                && let Some(grip) = grip.cast::<HtmlElement>()
            {
                drop(grip.focus());
            }
        });
    }
    let down = {
        let (drag, grip) = (drag.clone(), grip.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.prevent_default();
            // Events are delegated: the event's own current target is the root, which would take the
            // moves away from the grip.
            if let Some(grip) = grip.cast::<Element>() {
                // Without capture the drag ends at the grip's edge.
                drop(grip.set_pointer_capture(event.pointer_id()));
            }
            drag.set(Some((id, usize::try_from(number - 1).unwrap_or(0), number)));
        })
    };
    let over = {
        let (drag, list) = (drag.clone(), list.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((item, from, to)) = *drag else { return };
            let y = f64::from(event.client_y());
            scroll_near_edge(y);
            let now = order::dropped_at(&rows(&list), from, y);
            if now != to {
                drag.set(Some((item, from, now)));
            }
        })
    };
    let up = {
        let (drag, moved) = (drag.clone(), moved.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some((_, from, to)) = *drag
                && usize::try_from(to) != Ok(from + 1)
            {
                moved.emit(to);
            }
            drag.set(None);
        })
    };
    let cancel = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set((!is_open).then_some(id)))
    };
    let place = drag.and_then(|(dragged, from, to)| {
        let to = usize::try_from(to).ok()?.checked_sub(1)?;
        if dragged == id {
            return Some("lifted");
        }
        match (*at == to, to < from) {
            (true, true) => Some("before"),
            (true, false) => Some("after"),
            (false, _) => None,
        }
    });
    let title = if item.title.is_empty() { words.say("item-untitled") } else { item.title.clone() };
    html! {
        <li class={classes!("edit-item", place, is_open.then_some("open"))}>
            <div class="edit-row">
                <button type="button" class="quiet grip" ref={grip} id={format!("grip-{id}")}
                    aria-label={words.fill("item-grip", &[("n", number.into()),
                        ("title", title.as_str().into())])}
                    title={words.say("item-grip-hint")}
                    onkeydown={keyed} onpointerdown={down} onpointermove={over} onpointerup={up}
                    onpointercancel={cancel}>
                    <Icon of={Picture::Grip} />
                </button>
                <span class="n">{ number }</span>
                <button type="button" class="quiet edit-title" aria-expanded={is_open.to_string()}
                    onclick={toggle}>
                    <span class="t">{ title }</span>
                    <span class="mute">{ facts(words, item) }</span>
                </button>
                { chip(words, desk, item) }
            </div>
            if is_open { <Open item={item.clone()} desk={desk.clone()} {number} /> }
        </li>
    }
}

fn scroll_near_edge(y: f64) {
    let Some(window) = web_sys::window() else { return };
    let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
    if y < EDGE {
        window.scroll_by_with_x_and_y(0.0, -18.0);
    } else if y > height - EDGE {
        window.scroll_by_with_x_and_y(0.0, 18.0);
    }
}

fn facts(words: &crate::words::Tongue, item: &AgendaItem) -> String {
    let mut facts = vec![said::papers(words, item)];
    facts.extend(item.rapporteur.clone());
    facts.extend((!item.theme.is_empty()).then(|| item.theme.join(" > ")));
    facts.extend((!item.deliberative).then(|| words.say("information")));
    facts.join(", ")
}

fn chip(words: &crate::words::Tongue, desk: &Desk, item: &AgendaItem) -> Html {
    if item.closed_doors {
        return html! {
            <span class="chip"><Icon of={Picture::Door} />{ words.say("closed-doors") }</span>
        };
    }
    if let Some(lack) = said::lacks(item) {
        return html! { <span class="chip warn">{ words.say(lack) }</span> };
    }
    let fresh = |paper: &&Document| desk.view.fresh.contains(&paper.id);
    let replaced = item.documents.iter().filter(fresh).filter_map(Document::current);
    if let Some(number) = replaced.map(|version| version.number).max().filter(|n| *n > 1) {
        return html! { <span class="chip acc">{ words.count("version-n", number) }</span> };
    }
    html! { <span class="chip ok">{ words.say("item-ready") }</span> }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    item: AgendaItem,
    desk: Desk,
    number: u32,
}

/// Everything of one item.
#[component]
fn Open(props: &OpenProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let OpenProps { item, desk, number } = props;
    let id = item.id;
    let change = |make: fn(String) -> ItemChange| {
        let desk = desk.clone();
        Callback::from(move |text| desk.edit(Edit::Item { item: id, change: make(text) }))
    };
    let switch = |make: fn(bool) -> ItemChange| {
        let desk = desk.clone();
        Callback::from(move |on| desk.edit(Edit::Item { item: id, change: make(on) }))
    };
    let remove = {
        let (desk, app, words) = (desk.clone(), app.dispatcher(), words.clone());
        let title = item.title.clone();
        Callback::from(move |_: MouseEvent| {
            desk.edit(Edit::RemoveItem(id));
            let back = desk.clone();
            let undo = Callback::from(move |()| {
                back.ask.emit(ipc::ClerkCommand::Undo(back.id()));
            });
            let said = words.fill("item-removed", &[("title", title.as_str().into())]);
            app.dispatch(Happening::Toast(said, Some((words.say("undo"), undo))));
        })
    };
    let step = |to: Option<u32>| {
        let desk = desk.clone();
        let to = to.unwrap_or(*number);
        Callback::from(move |_: MouseEvent| desk.edit(Edit::MoveItem { item: id, to }))
    };
    let count = u32::try_from(desk.view.sitting.items.len()).unwrap_or(u32::MAX);
    html! {
        <div class="edit-open">
            <Field id={format!("title-{id}")} label={words.say("field-item-title")} class="whole"
                value={item.title.clone()} on_change={change(ItemChange::Title)} />
            <Field id={format!("rapporteur-{id}")} label={words.say("field-rapporteur-name")}
                list={AttrValue::from("rapporteurs")}
                value={item.rapporteur.clone().unwrap_or_default()}
                on_change={change(ItemChange::Rapporteur)} />
            <Field id={format!("theme-{id}")} label={words.say("field-item-theme")}
                list={AttrValue::from("themes")} value={item.theme.join(" > ")}
                placeholder={words.say("field-theme-hint")}
                on_change={change(|text| ItemChange::Theme(themes_of(&text)))} />
            <Switch label={words.say("item-voted")} on={item.deliberative}
                on_change={switch(ItemChange::Deliberative)} />
            <Switch label={words.say("item-closed-doors")} on={item.closed_doors}
                on_change={switch(ItemChange::ClosedDoors)} />
            if !item.documents.is_empty() {
                <ul class="edit-papers whole">
                    { for item.documents.iter().map(|paper| html! {
                        <Paper key={paper.id.to_string()} paper={paper.clone()} desk={desk.clone()} />
                    }) }
                </ul>
            }
            <div class="edit-acts whole">
                <button type="button" class="quiet" disabled={*number <= 1}
                    onclick={step(number.checked_sub(1))}>
                    <Icon of={Picture::Up} />{ words.say("item-up") }</button>
                <button type="button" class="quiet" disabled={*number >= count}
                    onclick={step(Some(number + 1))}>
                    <Icon of={Picture::Down} />{ words.say("item-down") }</button>
                <span class="grow" />
                <button type="button" class="quiet" onclick={remove}>
                    <Icon of={Picture::Trash} />{ words.say("item-remove") }</button>
            </div>
        </div>
    }
}

/// "Finances > Budget" as a path.
fn themes_of(text: &str) -> Vec<String> {
    text.split('>').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaperProps {
    pub(crate) paper: Document,
    pub(crate) desk: Desk,
}

/// One paper: its title, its place, why its new version replaces the one before.
#[component]
pub(crate) fn Paper(props: &PaperProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let PaperProps { paper, desk } = props;
    let id = paper.id;
    let Some(version) = paper.current() else { return Html::default() };
    let fresh = desk.view.fresh.contains(&id);
    let renamed = {
        let desk = desk.clone();
        Callback::from(move |title| {
            desk.edit(Edit::Paper { document: id, change: PaperChange::Title(title) });
        })
    };
    let noted = {
        let desk = desk.clone();
        Callback::from(move |note| {
            desk.edit(Edit::Paper { document: id, change: PaperChange::Note(note) });
        })
    };
    let remove = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.edit(Edit::RemovePaper(id)))
    };
    let (options, present) = places(words, desk, paper);
    let targets = options.clone();
    let placed = {
        let desk = desk.clone();
        Callback::from(move |value: String| {
            if let Some((target, _, _)) = targets.iter().find(|(_, key, _)| *key == value) {
                let change = PaperChange::Place(*target);
                desk.edit(Edit::Paper { document: id, change });
            }
        })
    };
    let options = options.into_iter().map(|(_, key, words)| (key, words)).collect::<Vec<_>>();
    let facts = words.fill(
        "paper-facts",
        &[
            ("file", paper.file_name.as_str().into()),
            ("pages", words.count("n-pages", version.pages).into()),
            ("bytes", words.bytes(version.bytes).into()),
        ],
    );
    html! {
        <li class="edit-paper">
            <Icon of={if paper.role == DocumentRole::Report { Picture::Paper } else { Picture::Clip }} />
            if paper.role == DocumentRole::Report {
                <span class="paper-name"><strong>{ words.say("paper-report") }</strong>
                    <span class="mute">{ facts }</span></span>
            } else {
                <div class="paper-name">
                    <Field id={format!("paper-{id}")} label={words.say("field-paper-title")}
                        value={paper.title.clone()} on_change={renamed} />
                    <span class="mute">{ facts }</span>
                </div>
            }
            if fresh && version.number > 1 {
                <span class="chip acc">{ words.count("version-n", version.number) }</span>
            }
            <Choice id={format!("place-{id}")} bare={true} label={words.say("paper-place")}
                {options} value={present} on_change={placed} />
            <button type="button" class="quiet icon" onclick={remove}
                aria-label={words.fill("paper-remove", &[("title", paper.title.as_str().into())])}>
                <Icon of={Picture::Trash} /></button>
            if fresh && version.number > 1 {
                <Field id={format!("note-{id}")} class="whole" label={words.say("field-note")}
                    placeholder={words.say("field-note-hint")}
                    value={version.note.clone().unwrap_or_default()} on_change={noted} />
            }
            if !version.searchable {
                <p class="mute whole">{ words.say("paper-scan") }</p>
            }
        </li>
    }
}

/// Every place a paper could have, with a key and its words; and the key of where it is.
fn places(
    words: &crate::words::Tongue,
    desk: &Desk,
    paper: &Document,
) -> (Vec<(Target, String, String)>, String) {
    let mut all = Vec::new();
    let mut present = String::new();
    for (item, number) in desk.view.sitting.items.iter().zip(1_u32..) {
        let here = item.documents.iter().any(|known| known.id == paper.id);
        for (target, key, said) in [
            (Target::Report(item.id), format!("r{number}"), words.count("target-report", number)),
            (Target::Annex(item.id), format!("a{number}"), words.count("target-annex", number)),
        ] {
            let is = here && (paper.role == DocumentRole::Report) == key.starts_with('r');
            if is {
                present.clone_from(&key);
            }
            all.push((target, key, said));
        }
    }
    for (target, key, said, role) in [
        (Target::Convocation, "c", "target-convocation", DocumentRole::Convocation),
        (Target::Other, "o", "target-other", DocumentRole::Other),
    ] {
        if paper.role == role {
            key.clone_into(&mut present);
        }
        all.push((target, key.to_owned(), words.say(said)));
    }
    (all, present)
}
