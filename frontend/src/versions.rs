//! Nouvelle version: an earlier version of a paper beside the present one; every note in doubt is
//! settled in one gesture, and every reader sees what changed.

mod leaf;
mod side;
mod state;

use std::rc::Rc;

use domain::DocumentId;
use ink::{AnnotationId, Point, Rect};
use ipc::{
    Change, ChangeKind, Command, Comparison, PageSize, PageText, Reply, Settle, VersionView,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::{go, toast, use_app};
use crate::app_state::Happening;
use crate::asked::use_asked;
use crate::bridge;
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::dom;
use crate::route::Route;
use leaf::{Leaf, Shown};
use side::Side;
use state::{Act, Fate, Tab, Table};

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct NewVersionProps {
    pub(crate) document: DocumentId,
    /// The earlier version; the one before the present when none.
    pub(crate) from: Option<u32>,
}

#[component]
pub(crate) fn NewVersion(props: &NewVersionProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let document = props.document;
    let question = Command::Compare { document, from: props.from };
    let asked = use_asked(Some(question), app.catalogue);
    let seen = match asked.reply.as_deref() {
        Some(Reply::Compared(seen)) => Some(Rc::new(seen.as_ref().clone())),
        _ => None,
    };
    let back = Route::paper(document);
    match (seen, asked.failure) {
        (Some(seen), _) => {
            let key = format!("{}-{}", seen.old.number, seen.new.number);
            html! { <SideBySide {key} {seen} /> }
        }
        (None, Some(failure)) => html! {
            <>
                <Bar {back}><h1 class="brand">{ words.say("vs-title") }</h1></Bar>
                <main class="hollow"><p role="alert">{ words.failure(&failure) }</p></main>
            </>
        },
        (None, None) => html! {
            <>
                <Bar {back}><h1 class="brand">{ words.say("vs-title") }</h1></Bar>
                <main class="vs skeleton" aria-busy="true">
                    <div class="card bone tall" /><div class="card bone tall" />
                </main>
            </>
        },
    }
}

#[derive(Properties, PartialEq)]
struct SideBySideProps {
    seen: Rc<Comparison>,
}

#[component]
fn SideBySide(props: &SideBySideProps) -> Html {
    let app = use_app();
    let words = app.words.clone();
    let table = use_reducer(|| Table::new(Rc::clone(&props.seen)));
    {
        let dispatch = table.dispatcher();
        use_effect_with(Rc::clone(&props.seen), move |seen| {
            dispatch.dispatch(Act::Fresh(Rc::clone(seen)));
        });
    }
    let seen = &table.seen;
    let document = seen.document;
    let title = words.fill("vs-title-of", &[("title", seen.title.as_str().into())]);
    use_effect_with(title, |title| dom::set_title(title));

    let on_settle = {
        let (app, dispatch) = (app.dispatcher(), table.dispatcher());
        let words = words.clone();
        Callback::from(move |(annotation, how): (AnnotationId, Settle)| {
            let (app, dispatch, words) = (app.clone(), dispatch.clone(), words.clone());
            spawn_local(async move {
                match bridge::call(Command::Settle { document, annotation, how }).await {
                    Ok(Reply::Marked(view)) => {
                        let key = if view.is_placed() { "vs-said-placed" } else { "vs-said-kept" };
                        app.dispatch(Happening::Say(words.say(key)));
                        dispatch.dispatch(Act::Settled(view));
                    }
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let undo = {
        let (app, dispatch) = (app.dispatcher(), table.dispatcher());
        let words = words.clone();
        Callback::from(move |()| {
            let (app, dispatch, words) = (app.clone(), dispatch.clone(), words.clone());
            spawn_local(async move {
                match bridge::call(Command::Undo { document }).await {
                    Ok(Reply::Marks(views)) => {
                        app.dispatch(Happening::Say(words.say("vs-undone")));
                        dispatch.dispatch(Act::Undone(views));
                    }
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    use_effect_with((table.choices > 0, undo.clone()), |(can, undo)| {
        let (can, undo) = (*can, undo.clone());
        let listener = dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
            if can && event.key() == "z" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                undo.emit(());
            }
        });
        move || drop(listener)
    });
    let text_asked = table.moving.then_some(Command::PageText { document, page: table.new_page });
    let text = use_asked(text_asked, 0);
    let text: Option<PageText> = match text.reply.as_deref() {
        Some(Reply::PageText(text)) => Some(text.as_ref().clone()),
        _ => None,
    };
    let chosen = table.note;
    let on_place = table.moving.then(|| {
        let (on_settle, page) = (on_settle.clone(), table.new_page);
        Callback::from(move |(from, to): (Point, Option<Point>)| {
            if let Some(id) = chosen {
                on_settle.emit((id, Settle::Here { page, from, to }));
            }
        })
    });
    let cursor = text.as_ref().filter(|_| table.moving);
    let cursor = cursor.and_then(|text| state::word_at(text, table.cursor));
    let on_key = table.moving.then(|| {
        let (dispatch, on_place) = (table.dispatcher(), on_place.clone());
        let (at, page) = (table.cursor, table.new_page);
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            match (key.as_str(), cursor) {
                ("Escape", _) => dispatch.dispatch(Act::Moving(false)),
                ("PageDown", _) => dispatch.dispatch(Act::New(page + 1)),
                ("PageUp", _) => dispatch.dispatch(Act::New(page.saturating_sub(1))),
                ("Enter", Some(word)) => {
                    if let Some(on_place) = &on_place {
                        on_place.emit((state::onto(word), None));
                    }
                }
                _ => match text.as_ref().and_then(|text| state::moved(text, at, &key)) {
                    Some(cursor) => dispatch.dispatch(Act::Cursor(cursor)),
                    None => return,
                },
            }
            event.prevent_default();
        })
    });
    html! {
        <>
            <Head table={table.clone()} on_undo={undo} />
            <main class="vs" id="vs">
                { column(&table, &words, &seen.old, table.old_page, false, None, None, None) }
                { column(&table, &words, &seen.new, table.new_page, true, cursor, on_place, on_key) }
                <Side table={table.clone()} words={words.clone()} {on_settle} />
            </main>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    table: UseReducerHandle<Table>,
    on_undo: Callback<()>,
}

/// What the paper is, why it was replaced, and what became of the notes, in numbers.
#[component]
fn Head(props: &HeadProps) -> Html {
    let words = use_app().words.clone();
    let table = &props.table;
    let Comparison { document, title, new, old, versions, .. } = &*table.seen;
    let count = |fates: &[Fate]| -> u32 {
        fates.iter().map(|fate| table.with(*fate).len()).sum::<usize>().try_into().unwrap_or(0)
    };
    let (found, check, lost) = (
        count(&[Fate::Moved, Fate::Same]),
        count(&[Fate::Check]),
        count(&[Fate::Lost, Fate::Kept]),
    );
    let chip = |class: &'static str, key: &str, n: u32| {
        html! { if n > 0 { <span class={classes!("chip", class)}>{ words.count(key, n) }</span> } }
    };
    let day = words.date(&new.published);
    let places = [("n", new.number.into()), ("day", day.into())];
    let about = match &new.note {
        Some(note) => format!("{} {note}", words.fill("vs-about-why", &places)),
        None => words.fill("vs-about", &places),
    };
    let document = *document;
    let number = old.number;
    let choose = Callback::from(move |event: Event| {
        use wasm_bindgen::JsCast;
        let select = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok());
        let value = select.and_then(|s| js_sys::Reflect::get(&s, &"value".into()).ok());
        let from = value.and_then(|v| v.as_string()).and_then(|v| v.parse().ok());
        go(Route::Versions { document, from });
    });
    html! {
        <Bar back={Route::paper(document)}>
            <h1 class="brand">{ title }</h1>
            <span class="mute second">{ about }</span>
            <span class="vs-chips">
                { chip("ok", "vs-n-found", found) }
                { chip("warn", "vs-n-check", check) }
                { chip("", "vs-n-lost", lost) }
            </span>
            if table.choices > 0 {
                <button class="quiet icon" type="button" id="vs-undo" title={words.say("vs-undo")}
                    aria-label={words.say("vs-undo")}
                    onclick={props.on_undo.reform(|_: MouseEvent| ())}>
                    <Icon of={Picture::Undo} /></button>
            }
            if versions.len() > 2 {
                <label class="vs-choose"><span class="unseen">{ words.say("vs-choose") }</span>
                    <select onchange={choose}>
                        { for versions.iter().filter(|v| !v.current).map(|v| {
                            let n = v.number;
                            html! {
                                <option value={n.to_string()} selected={n == number}>
                                    { words.count("vs-version", n) }</option>
                            }
                        }) }
                    </select>
                </label>
            }
        </Bar>
    }
}

/// One version: its number, its page, and ways to the pages before and after.
#[allow(clippy::too_many_arguments, reason = "what one column shows")]
fn column(
    table: &UseReducerHandle<Table>,
    words: &crate::words::Tongue,
    version: &VersionView,
    page: u32,
    new: bool,
    cursor: Option<Rect>,
    on_place: Option<Callback<(Point, Option<Point>)>>,
    on_key: Option<Callback<KeyboardEvent>>,
) -> Html {
    let size: Option<PageSize> =
        usize::try_from(page - 1).ok().and_then(|at| version.sizes.get(at)).copied();
    let turn = |to: u32| {
        let dispatch = table.dispatcher();
        move |_: MouseEvent| dispatch.dispatch(if new { Act::New(to) } else { Act::Old(to) })
    };
    let places =
        [("n", version.number.into()), ("page", page.into()), ("pages", version.pages.into())];
    let marks: Vec<Shown> = table
        .seen
        .notes
        .iter()
        .filter_map(|note| {
            let open = Fate::of(&note.after).is_open();
            let (mark, here) =
                if new { (&note.after.mark, note.after.is_placed()) } else { (&note.before, true) };
            (here && mark.page == page).then(|| Shown { mark: mark.clone(), doubtful: new && open })
        })
        .collect();
    let changes = if table.tab == Tab::Changes { changed(table, page, new) } else { Vec::new() };
    let moving = new && table.moving;
    html! {
        <section class={classes!("vs-column", moving.then_some("moving"))}>
            <header>
                <button class="quiet icon" type="button" disabled={page <= 1}
                    aria-label={words.say("vs-page-before")} onclick={turn(page.saturating_sub(1))}>
                    <Icon of={Picture::Up} /></button>
                <span class={classes!("chip", new.then_some("acc"))}>
                    { words.fill("vs-version-page", &places) }</span>
                <button class="quiet icon" type="button" disabled={page >= version.pages}
                    aria-label={words.say("vs-page-after")} onclick={turn(page + 1)}>
                    <Icon of={Picture::Down} /></button>
                if !new {
                    <a class="btn quiet icon" title={words.say("vs-read")} id="vs-read"
                        aria-label={words.say("vs-read")} href={earlier(table, version)}>
                        <Icon of={Picture::Paper} /></a>
                }
            </header>
            if moving {
                <p class="vs-hint" role="status">{ words.say("vs-where") }
                    <button class="quiet" type="button" onclick={{
                        let dispatch = table.dispatcher();
                        move |_: MouseEvent| dispatch.dispatch(Act::Moving(false))
                    }}>{ words.say("vs-cancel") }</button></p>
            }
            if let Some(size) = size {
                <Leaf document={table.seen.document} version={version.number} {page} {size}
                    label={words.fill("vs-version-page", &places)} {marks} chosen={table.note}
                    {changes} {cursor} {on_place} {on_key} />
            }
        </section>
    }
}

/// The way to a version, to be read.
fn earlier(table: &Table, version: &VersionView) -> String {
    Route::Earlier { document: table.seen.document, version: version.number }.to_string()
}

/// Changed passages of a page.
fn changed(table: &Table, page: u32, new: bool) -> Vec<(bool, &'static str, Vec<Rect>)> {
    let of = |(index, change): (usize, &Change)| {
        let passage = if new { &change.new } else { &change.old };
        let look = match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed if new => "added",
            ChangeKind::Changed => "removed",
            ChangeKind::Moved => "moved",
        };
        let places = passage.as_ref()?.places.iter().find(|(at, _)| *at == page)?;
        Some((table.change == Some(index), look, places.1.clone()))
    };
    table.seen.changes.iter().enumerate().filter_map(of).collect()
}
