//! The notes of the paper, beside it, in reading order.

use std::rc::Rc;

use ink::{AnnotationId, MarkKind};
use ipc::{Audience, MarkView, Placement};
use yew::prelude::*;

use super::acts::Acts;
use super::marks::Marks;
use super::same::Same;
use super::shown::{Circle, Hidden, circles};
use super::state::Move;
use super::thread::Thread;
use crate::components::audience::{AudienceMark, called, sign, tint, why_not};
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
    let sifting = use_state(|| false);
    let sift = {
        let sifting = sifting.clone();
        move |_: MouseEvent| sifting.set(!*sifting)
    };
    let circles = circles(marks.all());
    let some_hidden = circles.iter().any(|(circle, _)| marks.hidden_from().has(circle));
    let failed = marks.pending().iter().filter(|pending| pending.failed).count();
    let retry = {
        let acts = acts.clone();
        move |_: MouseEvent| acts.retry()
    };
    html! {
        <aside class="notes" aria-label={words.say("notes-panel")}>
            <header>
                <h2>{ words.say("notes-title") }</h2>
                if !circles.is_empty() {
                    <button class="quiet icon" type="button" onclick={sift} data-act="sift"
                        aria-expanded={sifting.to_string()} aria-label={words.say("shown-notes")}
                        aria-pressed={some_hidden.to_string()}>
                        <Icon of={Picture::People} /></button>
                }
                <button class="quiet icon" type="button" onclick={close}
                    aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
            </header>
            if *sifting && !circles.is_empty() {
                <Sieve acts={acts.clone()} hidden={marks.hidden_from().clone()} {circles} />
            }
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
                            on={*shown == Some(view.mark.id)} answers={marks.answers(view.mark.id)}
                            view={(*view).clone()} />
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

/// How a note of an earlier version stands, in words.
fn doubt(view: &MarkView) -> &'static str {
    if view.is_placed() || view.placement != Placement::Orphan { "vs-check" } else { "vs-lost" }
}

#[derive(Properties, PartialEq)]
struct SieveProps {
    acts: Acts,
    hidden: Hidden,
    circles: Vec<(Circle, Option<String>)>,
}

/// Whose notes are shown: a switch for each audience and each person.
#[component]
fn Sieve(props: &SieveProps) -> Html {
    let SieveProps { acts, hidden, circles } = props;
    let words = acts.words();
    let turn = |circle: &Circle| {
        let (acts, hidden, circle) = (acts.clone(), hidden.clone(), circle.clone());
        move |_: MouseEvent| {
            acts.desk.dispatch(Move::Hidden(hidden.clone().turned(circle.clone())));
        }
    };
    let audiences = acts.audiences();
    let rows = circles.iter().map(|(circle, name)| {
        let audience = match circle {
            Circle::Person(_) => None,
            Circle::Group(name) => Some(Audience::Group(name.clone())),
            Circle::Council => Some(Audience::Council),
        };
        let label = match (&audience, name) {
            (Some(audience), _) => called(&words, audience),
            (None, name) => name.clone().unwrap_or_default(),
        };
        let style = audience.as_ref().and_then(|audience| tint(&audiences, audience));
        let on = !hidden.has(circle);
        html! {
            <button type="button" role="switch" class="quiet" aria-checked={on.to_string()} {style}
                onclick={turn(circle)}>
                <Icon of={audience.as_ref().map_or(Picture::Person, sign)} />
                <span>{ label }</span>
                if on { <Icon of={Picture::Check} /> }
            </button>
        }
    });
    html! {
        <div class="sieve" role="group" aria-label={words.say("shown-notes")}>
            <p class="mute">{ words.say("shown-notes") }</p>
            { for rows }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NoteLineProps {
    acts: Acts,
    view: MarkView,
    answers: Vec<Rc<MarkView>>,
    on: bool,
}

#[component]
fn NoteLine(props: &NoteLineProps) -> Html {
    let NoteLineProps { acts, view, answers, on } = props;
    let words = acts.words();
    let mark = &view.mark;
    let id = mark.id;
    let quote = Some(mark.kind.words().into_owned());
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
                if view.origin.is_some() && view.placement.is_doubtful() {
                    <span class="chip warn">{ words.say(doubt(view)) }</span>
                }
                <span class="mute">
                    { words.count("page-n", mark.page) }
                    if view.fresh { <span class="new-dot" />{ words.say("fresh") } }
                </span>
                if let Some(not_shared) = &view.not_shared {
                    <span class="unshared">{ why_not(&words, not_shared) }</span>
                }
            </button>
            <Thread acts={acts.clone()} answers={answers.clone()} />
            <div class="note-foot">
                <AudienceMark view={view.clone()} />
                if view.mine && acts.earlier.is_none() {
                    <button class="quiet icon" type="button" onclick={edit}
                        aria-label={words.say("edit")}><Icon of={Picture::Pen} /></button>
                    <button class="quiet icon" type="button" onclick={remove}
                        aria-label={words.say("remove")}><Icon of={Picture::Trash} /></button>
                } else if view.audience != Audience::Private && acts.earlier.is_none() {
                    <button class="quiet" type="button" onclick={edit} data-act="answer">
                        { words.say("answer") }</button>
                }
            </div>
        </li>
    }
}
