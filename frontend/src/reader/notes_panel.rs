//! The notes of the paper, beside it, in reading order.

use std::rc::Rc;

use ink::{AnnotationId, MarkKind};
use ipc::MarkView;
use yew::prelude::*;

use super::acts::Acts;
use super::marks::Marks;
use super::same::Same;
use super::state::Move;
use crate::components::audience::AudienceMark;
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

#[derive(Properties, PartialEq)]
pub(crate) struct NotesPanelProps {
    pub(crate) acts: Acts,
    pub(crate) marks: Same<Marks>,
    pub(crate) shown: Option<AnnotationId>,
}

/// A line of the panel: one note, or what was drawn on a page.
#[derive(Debug, Clone, PartialEq)]
enum Line {
    Note(Rc<MarkView>),
    Drawn { page: u32, first: AnnotationId, count: u32 },
}

/// Strokes without words are one line a page.
fn lines(views: &[Rc<MarkView>]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for view in views {
        let drawn = matches!(view.mark.kind, MarkKind::Ink { .. } | MarkKind::Shape(_))
            && view.mark.text.is_empty();
        if !drawn {
            out.push(Line::Note(Rc::clone(view)));
            continue;
        }
        let known = out.iter_mut().find_map(|line| match line {
            Line::Drawn { page, count, .. } if *page == view.mark.page => Some(count),
            Line::Drawn { .. } | Line::Note(_) => None,
        });
        match known {
            Some(count) => *count += 1,
            None => {
                out.push(Line::Drawn { page: view.mark.page, first: view.mark.id, count: 1 });
            }
        }
    }
    out
}

#[component]
pub(crate) fn NotesPanel(props: &NotesPanelProps) -> Html {
    let NotesPanelProps { acts, marks, shown } = props;
    let words = acts.words();
    let views = marks.in_order();
    let close = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(Move::Notes(false))
    };
    let failed = marks.pending().iter().filter(|pending| pending.failed).count();
    let retry = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.retry()
    };
    html! {
        <aside class="notes" aria-label={words.say("notes-panel")}>
            <header>
                <h2>{ words.say("notes-title") }</h2>
                <button class="quiet icon" type="button" onclick={close}
                    aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
            </header>
            if failed > 0 {
                <div class="note unsafe">
                    <p>{ words.count("marks-wait", u32::try_from(failed).unwrap_or(u32::MAX)) }</p>
                    <button type="button" onclick={retry}>{ words.say("try-again") }</button>
                </div>
            }
            if views.is_empty() && failed == 0 {
                <p class="hollow soft">{ words.say("notes-none") }</p>
            }
            <ul>
                { for lines(&views).into_iter().map(|line| match line {
                    Line::Note(view) => html! {
                        <NoteLine key={view.mark.id.to_string()} acts={acts.clone()}
                            on={*shown == Some(view.mark.id)} view={(*view).clone()} />
                    },
                    Line::Drawn { page, first, count } => {
                        let acts = acts.clone();
                        let places = [("page", page.into()), ("n", count.into())];
                        html! {
                            <li key={first.to_string()} class="note">
                                <button class="jump" type="button" onclick={move |_: MouseEvent|
                                    acts.desk.dispatch(Move::Show(first))}>
                                    <span class="soft">{ words.fill("drawn-on", &places) }</span>
                                </button>
                            </li>
                        }
                    }
                }) }
            </ul>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct NoteLineProps {
    acts: Acts,
    view: MarkView,
    on: bool,
}

#[component]
fn NoteLine(props: &NoteLineProps) -> Html {
    let NoteLineProps { acts, view, on } = props;
    let words = acts.words();
    let mark = &view.mark;
    let id = mark.id;
    let quote = Some(mark.kind.words().to_owned());
    let show = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.desk.dispatch(Move::Show(id))
    };
    let edit = {
        let (acts, view) = (acts.clone(), view.clone());
        move |_: MouseEvent| {
            acts.desk.dispatch(Move::Show(view.mark.id));
            acts.open(&view);
        }
    };
    let remove = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.remove(vec![id])
    };
    let class = classes!("note", format!("edge-{}", colour_name(mark.colour)), on.then_some("on"));
    html! {
        <li {class}>
            <button class="jump" type="button" onclick={show}>
                if let Some(quote) = quote.filter(|quote| !quote.is_empty()) { <q>{ quote }</q> }
                if !mark.text.is_empty() { <span class="said">{ &mark.text }</span> }
                <span class="mute">{ words.count("page-n", mark.page) }</span>
            </button>
            <div class="note-foot">
                <AudienceMark view={view.clone()} />
                if view.mine {
                    <button class="quiet icon" type="button" onclick={edit}
                        aria-label={words.say("edit")}><Icon of={Picture::Pen} /></button>
                    <button class="quiet icon" type="button" onclick={remove}
                        aria-label={words.say("remove")}><Icon of={Picture::Trash} /></button>
                }
            </div>
        </li>
    }
}
