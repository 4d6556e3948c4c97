//! The desk: pages, ink and tools of one open paper.

mod hooks;
mod sheets;

use std::rc::Rc;

use ink::{AnnotationId, MarkKind, Rect, Tool};
use ipc::{Audience, AudienceView, Command, DocumentView, Reply};
use web_sys::HtmlElement;
use yew::prelude::*;

use self::hooks::{use_hands, use_marks, use_measures, use_port, use_remembered, use_texts};
use self::sheets::Sheets;
use super::acts::Acts;
use super::bar::ReaderBar;
use super::caught::CaughtMenu;
use super::chosen::ChosenMenu;
use super::find_bar::FindBar;
use super::grips::Grips;
use super::handles::Handles;
use super::keys;
use super::layout::{Fit, transform};
use super::links::WayBack;
use super::note_editor::NoteEditor;
use super::notes_panel::NotesPanel;
use super::rail::RailPanel;
use super::state::{Desk, Move, Rail, Subject};
use super::toolbar::Toolbar;
use crate::app::use_app;
use crate::asked::use_asked;
use crate::components::icons::{Icon, Picture};
use crate::components::page_img::generation_now;
use crate::dom::{self, kept};
use crate::tree;

/// Where it is remembered how pages follow each other.
const MODE: &str = "pupitre.mode";
/// Where the kit is remembered.
const KIT: &str = "pupitre.kit";
/// Where the audience of the next marks is remembered.
const AUDIENCE: &str = "pupitre.audience";
/// Where it is remembered whose notes are not shown.
const HIDDEN: &str = "pupitre.hidden";

fn remembered<T: serde::de::DeserializeOwned + Default>(key: &str) -> T {
    kept::get(key).and_then(|text| tree::read(&text)).unwrap_or_default()
}

fn remember(key: &str, value: &impl serde::Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        kept::set(key, &text);
    }
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct ReadingProps {
    pub(crate) paper: DocumentView,
    pub(crate) page: Option<u32>,
    pub(crate) note: Option<AnnotationId>,
    /// Whether it lies beside another.
    pub(crate) second: bool,
    /// The earlier version that it is; none when it is the present one.
    pub(crate) earlier: Option<u32>,
}

fn laid_out(
    paper: &DocumentView,
    page: Option<u32>,
    audiences: &[AudienceView],
    alone: bool,
) -> Desk {
    let kit = remembered(KIT);
    let mut desk = Desk::new(paper.clone(), page.unwrap_or(paper.last_page), kit, generation_now());
    let rems = dom::window_width() / dom::rem();
    desk.rail = (alone && rems >= 60.0).then_some(Rail::Pages);
    desk.notes_open = alone && rems >= 78.0;
    // A group that one has left is no audience any more.
    let audience: Audience = remembered(AUDIENCE);
    if audiences.iter().any(|known| known.audience.is(&audience)) {
        desk.audience = audience;
    }
    desk.marks.change(|marks| marks.set_hidden_from(remembered(HIDDEN)));
    let mode = kept::get(MODE).and_then(|mode| tree::read(&mode));
    if let Some(mode) = mode {
        let desk = Rc::new(desk).reduce(Move::Mode(mode, generation_now()));
        return Rc::unwrap_or_clone(desk);
    }
    desk
}

#[component]
pub(crate) fn Reading(props: &ReadingProps) -> Html {
    let app = use_app();
    let document = props.paper.document;
    let desk = {
        let (paper, page, audiences) = (props.paper.clone(), props.page, app.audiences());
        let alone = !props.second && app.route.beside().is_none();
        let fixed = props.earlier.is_some();
        use_reducer(move || {
            let mut desk = laid_out(&paper, page, &audiences, alone);
            desk.fixed = fixed;
            desk
        })
    };
    let acts = {
        let (app, desk) = (app.clone(), desk.clone());
        let (second, earlier) = (props.second, props.earlier);
        use_memo(document, move |document| Acts::new(*document, app, desk, second, earlier))
    };
    let acts = (*acts).clone();
    let (scroller, wet, bar) = (use_node_ref(), use_node_ref(), use_node_ref());
    use_hands(&acts, &scroller, &wet);
    use_port(&acts, &scroller, &bar);
    use_marks(&acts, app.marks_revision(document), props.note);
    use_texts(&acts, &desk);
    use_measures(&acts, props.paper.measured.is_some());
    {
        let (acts, look) = (acts.clone(), app.preferences().look);
        use_effect_with(look, move |look| acts.desk.dispatch(Move::Look(*look)));
    }
    use_effect_with(desk.mode, |mode| {
        if let Ok(mode) = serde_json::to_string(mode) {
            kept::set(MODE, &mode);
        }
    });
    use_remembered(&acts, desk.page());
    {
        // A second paper needs the room; what stood at the sides comes back by their buttons.
        let acts = acts.clone();
        use_effect_with(app.route.beside().is_some(), move |split| {
            if *split {
                acts.desk.dispatch(Move::Rail(None));
                acts.desk.dispatch(Move::Notes(false));
            }
        });
    }
    {
        let acts = acts.clone();
        use_effect_with(app.sought.is_some() && !props.second, move |sought| {
            if *sought {
                acts.desk.dispatch(Move::Find(true));
            }
        });
    }
    {
        let scroller = scroller.clone();
        use_effect_with(desk.jump, move |jump| {
            if let Some(scroller) = scroller.cast::<HtmlElement>() {
                scroller.set_scroll_left(jump.left.round() as i32);
                scroller.set_scroll_top(jump.top.round() as i32);
            }
        });
    }
    {
        let (acts, page, first) = (acts.clone(), props.page, use_mut_ref(|| true));
        use_effect_with((page, props.note), move |(page, _)| {
            if let (false, Some(page)) = (first.replace(false), page) {
                acts.desk.dispatch(Move::GoTo(*page));
            }
        });
    }
    use_effect_with(desk.kit, |kit| remember(KIT, kit));
    use_effect_with(desk.audience.clone(), |audience| remember(AUDIENCE, audience));
    use_effect_with(desk.marks.hidden_from().clone(), |hidden| remember(HIDDEN, hidden));
    {
        let acts = acts.clone();
        use_effect_with((), move |()| {
            let listener = dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
                keys::press(&acts, &event);
            });
            move || drop(listener)
        });
    }
    let sitting = desk.awake.then_some(Command::Sitting { sitting: props.paper.sitting });
    let asked = use_asked(sitting, app.catalogue);
    let packet: Vec<DocumentView> = match asked.reply.as_deref() {
        Some(Reply::Sitting(view)) => {
            let items = view.items.iter().flat_map(|item| &item.documents);
            view.convocation.iter().chain(items).cloned().collect()
        }
        _ => Vec::new(),
    };
    let finger = app.preferences().finger_draws && desk.tool != Tool::Hand;
    let touch = if finger { "touch-action:none" } else { "touch-action:pan-x pan-y" };
    let class = classes!(
        "reader",
        desk.immersed.then_some("immersed"),
        (desk.tool != Tool::Hand).then_some("draws")
    );
    let room = format!("width:{}px;height:{}px", desk.layout.width, desk.layout.height);
    let words = &app.words;
    html! {
        <div {class} data-tool={format!("{:?}", desk.tool).to_lowercase()}>
            <ReaderBar node={bar} acts={acts.clone()} desk={(*desk).clone()} packet={packet.clone()} />
            if let Some(rail) = desk.rail {
                <RailPanel acts={acts.clone()} {rail} paper={desk.paper.clone()}
                    {packet} look={desk.look} generation={desk.generation} page={desk.page()} awake={desk.awake} />
            }
            <div class="desk-wrap">
                <main class={classes!("scroller", desk.turns_pages().then_some("paged"))} ref={scroller} tabindex="0" style={touch}
                    aria-label={words.say("pages")}>
                    <div class="pages" style={room}>
                        <Sheets acts={acts.clone()} desk={(*desk).clone()} />
                        <Handles acts={acts.clone()} desk={(*desk).clone()} />
                        <Over acts={acts.clone()} desk={(*desk).clone()} />
                        <Grips acts={acts.clone()} desk={(*desk).clone()} />
                        if desk.turns_pages() {
                            { for desk.layout.stops().map(|(top, height)| html! {
                                <div class="stop" style={format!("top:{top}px;height:{height}px")} />
                            }) }
                        }
                    </div>
                </main>
                <div class="wet" ref={wet} aria-hidden="true" />
                if desk.find_open {
                    <FindBar acts={acts.clone()} found={desk.found.clone()} />
                }
                // What lies over the pages comes after them.
                if desk.awake && !desk.fixed {
                    <Toolbar acts={acts.clone()} tool={desk.tool} kit={desk.kit}
                        audience={desk.audience.clone()}
                        can_undo={desk.can_undo} can_redo={desk.can_redo} />
                }
                if desk.awake {
                    <WayBack acts={acts.clone()} />
                    <ZoomBox acts={acts.clone()} zoom={desk.zoom} />
                }
            </div>
            if desk.notes_open && !desk.awake {
                <aside class="notes" />
            } else if desk.notes_open {
                <NotesPanel acts={acts.clone()} marks={desk.marks.clone()} shown={desk.shown} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DeskProps {
    acts: Acts,
    desk: Desk,
}

/// What is opened over the pages: the menu of a choice, the note being written.
#[component]
fn Over(props: &DeskProps) -> Html {
    let DeskProps { acts, desk } = props;
    // Under a rectangle of a page, or above it where there is no room; in CSS pixels of the desk.
    let beside = |page: u32, rect: Rect, tall: f64| {
        let (sheet, size) = (desk.layout.sheet(page)?, desk.size(page)?);
        let shown = transform(size, desk.zoom).rect_to_shown(rect);
        let seen = (desk.port.left + 8.0, desk.port.left + desk.port.width - 8.0);
        let left = (sheet.left + f64::from(shown.x0)).clamp(seen.0, seen.1.max(seen.0));
        let end = desk.port.left + desk.port.width - 8.0;
        let (over, under) = (sheet.top + f64::from(shown.y0), sheet.top + f64::from(shown.y1));
        let tall = tall * dom::rem();
        let above = under + tall > desk.port.top + desk.port.height
            && over - tall > desk.port.top + desk.port.head;
        let top = if above { over - 10.0 } else { under + 10.0 };
        Some((above, format!("--x:{left}px;--y:{top}px;--end:{end}px")))
    };
    let menu = desk.chosen.as_ref().and_then(|chosen| {
        let (page, part) = chosen.parts.last()?;
        let all = part.rects.iter().copied().reduce(Rect::union)?;
        let (above, style) = beside(*page, all, 10.0)?;
        Some(html! { <ChosenMenu acts={acts.clone()} chosen={chosen.clone()} {above} {style} /> })
    });
    let editor = desk.editing.as_ref().and_then(|editing| {
        let (page, rect, view) = match &editing.subject {
            Subject::New(mark) => (mark.page, mark.kind.bounds(), None),
            Subject::Mark(id) => {
                let view = desk.marks.get(*id)?;
                (view.mark.page, view.mark.bounds(), Some((**view).clone()))
            }
        };
        let kind = match (&editing.subject, &view) {
            (_, Some(view)) => &view.mark.kind,
            (Subject::New(mark), None) => &mark.kind,
            (Subject::Mark(_), None) => return None,
        };
        let in_place = matches!(kind, MarkKind::Text { .. });
        let (above, style) =
            if in_place { (false, on_page(desk, page, rect)?) } else { beside(page, rect, 27.0)? };
        let answers = match &editing.subject {
            Subject::Mark(id) => desk.marks.answers(*id),
            Subject::New(_) => Vec::new(),
        };
        Some(html! {
            <NoteEditor key={editing.number} acts={acts.clone()} editing={editing.clone()} {view}
                {answers} {above} {in_place} {style} />
        })
    });
    let caught = desk.caught.as_ref().zip(desk.caught_rect()).and_then(|(caught, rect)| {
        let (above, style) = beside(caught.page, rect.grown(6.0), 15.0)?;
        Some(html! { <CaughtMenu acts={acts.clone()} caught={caught.clone()} {above} {style} /> })
    });
    html! { <>{ for menu }{ for caught }{ for editor }</> }
}

/// A text box is written where it stands, as large as it will be read.
fn on_page(desk: &Desk, page: u32, rect: Rect) -> Option<String> {
    let (sheet, size) = (desk.layout.sheet(page)?, desk.size(page)?);
    let shown = transform(size, desk.zoom).rect_to_shown(rect);
    let (x, y) = (sheet.left + f64::from(shown.x0), sheet.top + f64::from(shown.y0));
    let (width, height) = (shown.width(), shown.height());
    let letters = f64::from(ink::mark::TEXT_SIZE) * desk.zoom;
    let end = desk.port.left + desk.port.width - 8.0;
    Some(format!(
        "--x:{x}px;--y:{y}px;--w:{width}px;--h:{height}px;--letters:{letters}px;--end:{end}px"
    ))
}

#[derive(Properties, PartialEq)]
struct ZoomProps {
    acts: Acts,
    zoom: f64,
}

#[component]
fn ZoomBox(props: &ZoomProps) -> Html {
    let acts = &props.acts;
    let words = acts.words();
    let by = |factor: f64| {
        let acts = acts.clone();
        move |_: MouseEvent| keys::zoom(&acts, factor)
    };
    let fit = {
        let acts = acts.clone();
        move |_: MouseEvent| {
            let fit = if acts.now().fit == Fit::Width { Fit::Page } else { Fit::Width };
            acts.desk.dispatch(Move::Fit(fit));
            acts.desk.dispatch(Move::Settle(generation_now()));
        }
    };
    // A point is 1/72 inch, a CSS pixel 1/96.
    let percent = (props.zoom * 75.0).round() as u32;
    html! {
        <div class="zoom" role="group" aria-label={words.say("zoom")}>
            <button type="button" onclick={by(1.25)} aria-label={words.say("zoom-in")}>
                <Icon of={Picture::Plus} /></button>
            <button type="button" onclick={fit} aria-label={words.say("zoom-fit")}>
                <Icon of={Picture::FitWidth} />
                <span class="unseen">{ words.count("percent", percent) }</span></button>
            <button type="button" onclick={by(0.8)} aria-label={words.say("zoom-out")}>
                <Icon of={Picture::Minus} /></button>
        </div>
    }
}
