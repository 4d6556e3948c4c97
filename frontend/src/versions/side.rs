//! Beside the pages: what became of the notes, and what changed.

use ink::{AnnotationId, MarkKind, Rect};
use ipc::{CarriedView, Change, ChangeKind, MarkView, Settle};
use yew::prelude::*;

use super::leaf::{Leaf, Shown};
use super::state::{Act, Fate, Tab, Table};
use crate::components::audience::AudienceMark;
use crate::components::note_row::colour_name;
use crate::reader::transform;
use crate::words::Tongue;

/// How much is shown around the place that a note stood on, in points: some words to both sides.
const AROUND: f32 = 40.0;
/// Width and height of the smallest picture of an old place, in points: half a line of A4 text, three
/// lines high.
const LEAST: (f32, f32) = (260.0, 60.0);
/// Height of the highest, in points: a paragraph.
const MOST_HIGH: f32 = 170.0;

#[derive(Properties, PartialEq)]
pub(crate) struct SideProps {
    pub(crate) table: UseReducerHandle<Table>,
    pub(crate) words: Tongue,
    pub(crate) on_settle: Callback<(AnnotationId, Settle)>,
}

const fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Check => "vs-check",
        Fate::Lost => "vs-lost",
        Fate::Moved => "vs-moved",
        Fate::Same => "vs-same",
        Fate::Kept => "vs-kept",
    }
}

#[component]
pub(crate) fn Side(props: &SideProps) -> Html {
    let SideProps { table, words, .. } = props;
    let tab = |tab: Tab, key: &str, n: usize| {
        let dispatch = table.dispatcher();
        let label = words.count(key, u32::try_from(n).unwrap_or(u32::MAX));
        html! {
            <button type="button" role="tab" aria-selected={(table.tab == tab).to_string()}
                class={classes!((table.tab == tab).then_some("on"))}
                onclick={move |_: MouseEvent| dispatch.dispatch(Act::Tab(tab))}>{ label }</button>
        }
    };
    html! {
        <aside class="vs-side" aria-label={words.say("vs-side")}>
            <div class="vs-tabs" role="tablist">
                { tab(Tab::Notes, "vs-tab-notes", table.seen.notes.len()) }
                { tab(Tab::Changes, "vs-tab-changes", table.seen.changes.len()) }
            </div>
            { match table.tab {
                Tab::Notes => notes(props),
                Tab::Changes => changes(table, words),
            } }
        </aside>
    }
}

fn notes(props: &SideProps) -> Html {
    let SideProps { table, words, .. } = props;
    if table.seen.notes.is_empty() {
        return html! { <p class="hollow soft">{ words.say("vs-no-notes") }</p> };
    }
    let groups = Fate::ALL.iter().map(|fate| (*fate, table.with(*fate)));
    groups
        .filter(|(_, notes)| !notes.is_empty())
        .map(|(fate, notes)| {
            html! {
                <section key={name(fate)}>
                    <h2>{ words.say(name(fate)) }</h2>
                    <ul>
                        { for notes.into_iter().map(|note| card(props, fate, note)) }
                    </ul>
                </section>
            }
        })
        .collect()
}

/// The words a note stands on, before or after.
fn quote(kind: &MarkKind) -> Option<String> {
    let words = matches!(kind, MarkKind::Markup(_)).then(|| kind.words().into_owned());
    words.filter(|words| !words.is_empty())
}

/// What became of it, in a sentence.
fn said(words: &Tongue, fate: Fate, note: &CarriedView) -> String {
    let CarriedView { before, after } = note;
    let placed = after.is_placed();
    let places = [
        ("old", before.page.into()),
        ("new", after.mark.page.into()),
        ("version", after.origin.map_or(0, |origin| origin.version).into()),
    ];
    match fate {
        Fate::Check => match quote(&after.mark.kind) {
            Some(now) if placed => words.fill("vs-text-changed", &[("now", now.into())]),
            _ => words.fill("vs-on-page", &places),
        },
        Fate::Lost | Fate::Kept => words.fill("vs-old-place", &places),
        Fate::Moved => words.fill("vs-went", &places),
        Fate::Same => words.count("page-n", after.mark.page),
    }
}

fn card(props: &SideProps, fate: Fate, note: &CarriedView) -> Html {
    let SideProps { table, words, on_settle } = props;
    let id = note.before.id;
    let on = table.note == Some(id);
    let look = {
        let dispatch = table.dispatcher();
        move |_: MouseEvent| dispatch.dispatch(Act::Note(id))
    };
    let settle = |how: Settle| {
        let on_settle = on_settle.clone();
        move |_: MouseEvent| on_settle.emit((id, how))
    };
    let begin = {
        let dispatch = table.dispatcher();
        move |_: MouseEvent| {
            dispatch.dispatch(Act::Note(id));
            dispatch.dispatch(Act::Moving(true));
        }
    };
    let view: &MarkView = &note.after;
    let placed = view.is_placed();
    let colour = format!("edge-{}", colour_name(note.before.colour));
    html! {
        <li key={id.to_string()} class={classes!("vs-note", colour, on.then_some("on"))}>
            <button class="jump" type="button" onclick={look} aria-current={on.then_some("true")}>
                if let Some(quote) = quote(&note.before.kind) { <q>{ quote }</q> }
                if !view.mark.text.is_empty() { <span class="said">{ &view.mark.text }</span> }
                else if quote(&note.before.kind).is_none() {
                    <span class="said">{ words.say("drawing") }</span>
                }
                if matches!(fate, Fate::Lost | Fate::Kept) { { old_place(table, words, note) } }
                <span class="mute">{ said(words, fate, note) }</span>
            </button>
            if view.mine && (on || fate.is_open()) {
                <div class="vs-acts">
                    if fate == Fate::Check && placed {
                        <button class="primary" type="button" onclick={settle(Settle::Accept)}>
                            { words.say("vs-accept") }</button>
                    }
                    <button type="button" onclick={begin}>{ words.say("vs-move") }</button>
                    if fate.is_open() {
                        <button class="quiet" type="button" onclick={settle(Settle::Keep)}>
                            { words.say("vs-keep") }</button>
                    }
                </div>
            } else if !view.mine {
                <AudienceMark view={view.clone()} />
            }
        </li>
    }
}

/// A picture of the place that is gone, with what stood around it.
fn old_place(table: &Table, words: &Tongue, note: &CarriedView) -> Html {
    let (old, mark) = (&table.seen.old, &note.before);
    let at = usize::try_from(mark.page).ok().and_then(|page| page.checked_sub(1));
    let Some(size) = at.and_then(|at| old.sizes.get(at)).copied() else { return Html::default() };
    let place = transform(&size, 1.0).rect_to_shown(mark.bounds());
    let (x, y, width, height) = window(place, size.width, size.height);
    let part = |length: f32, whole: f32| f64::from(length) * 100.0 / f64::from(whole);
    let lies = format!(
        "width:{:.2}%;left:{:.2}%;top:{:.2}%",
        part(size.width, width),
        part(-x, width),
        part(-y, height)
    );
    let places = [("page", mark.page.into()), ("n", old.number.into())];
    html! {
        <span class="vs-crop" style={format!("aspect-ratio:{width} / {height}")}>
            <span style={lies}>
                <Leaf document={table.seen.document} version={old.number} page={mark.page} {size}
                    label={words.fill("vs-picture", &places)} chosen={None::<AnnotationId>}
                    marks={vec![Shown { mark: mark.clone(), doubtful: false }]} changes={Vec::new()} />
            </span>
        </span>
    }
}

/// What of a page is shown around a place: left, top, width and height in points as it is shown.
fn window(place: Rect, width: f32, height: f32) -> (f32, f32, f32, f32) {
    let wide = (place.width() + 2.0 * AROUND).max(LEAST.0).min(width);
    let high = (place.height() + AROUND).clamp(LEAST.1, MOST_HIGH).min(height);
    let x = (place.middle().x - wide / 2.0).clamp(0.0, width - wide);
    // Of what is higher than the picture its top is shown.
    let y = (place.middle().y - high / 2.0).min(place.y0 - AROUND / 4.0).clamp(0.0, height - high);
    (x, y, wide, high)
}

fn changes(table: &UseReducerHandle<Table>, words: &Tongue) -> Html {
    if table.seen.changes.is_empty() {
        return html! { <p class="hollow soft">{ words.say("vs-no-changes") }</p> };
    }
    let rows = table.seen.changes.iter().enumerate().map(|(index, change)| {
        let dispatch = table.dispatcher();
        let on = table.change == Some(index);
        let Change { kind, old, new } = change;
        let page = |passage: &Option<ipc::Passage>| {
            passage.as_ref().and_then(|p| p.places.first()).map_or(0, |(page, _)| *page)
        };
        let (key, look) = match kind {
            ChangeKind::Added => ("vs-added", "added"),
            ChangeKind::Removed => ("vs-removed", "removed"),
            ChangeKind::Changed => ("vs-changed", "changed"),
            ChangeKind::Moved => ("vs-went", "moved"),
        };
        let places = [("old", page(old).into()), ("new", page(new).into()), ("version", 0.into())];
        let text = |passage: &Option<ipc::Passage>| passage.as_ref().map(|p| p.text.clone());
        let shown_old = matches!(kind, ChangeKind::Removed | ChangeKind::Changed);
        html! {
            <li key={index} class={classes!("vs-change", look, on.then_some("on"))}>
                <button class="jump" type="button" aria-current={on.then_some("true")}
                    onclick={move |_: MouseEvent| dispatch.dispatch(Act::Change(index))}>
                    <span class="mute">{ words.fill(key, &places) }</span>
                    if let Some(old) = text(old).filter(|_| shown_old) { <del>{ old }</del> }
                    if let Some(new) = text(new) { <ins>{ new }</ins> }
                </button>
            </li>
        }
    });
    html! { <ul>{ for rows }</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_an_old_place_shows_it_and_stays_on_the_page() {
        for place in [
            [0.0, 0.0, 30.0, 12.0],
            [500.0, 830.0, 595.0, 842.0],
            [70.0, 400.0, 540.0, 412.0],
            [70.0, 100.0, 300.0, 700.0],
        ] {
            let place = Rect::from(place);
            let (x, y, wide, high) = window(place, 595.0, 842.0);
            assert!(x >= 0.0 && y >= 0.0 && x + wide <= 595.0 && y + high <= 842.0, "{place:?}");
            assert!(x <= place.x0 && x + wide >= place.x1, "{place:?}");
            assert!(y <= place.y0 && y + high >= place.y1.min(place.y0 + 100.0), "{place:?}");
        }
    }
}
