//! One page on the desk: its image in tiles, the ink on it, its text for who listens, and what lies
//! on top.

use std::rc::Rc;

use domain::DocumentId;
use gloo_timers::callback::Timeout;
use ink::{AnnotationId, MarkKind, Rect, Stamp};
use ipc::page::FIRST;
use ipc::{Audience, Look, PageArea, PageImage, PageReading, PageSize, PageText};
use yew::prelude::*;

use super::acts::Acts;
use super::dry::{InkTile, Shapes};
use super::layout::{Sheet, transform};
use super::links::Links;
use super::marks::{PageMarks, Placed};
use super::paths::svg;
use super::remarks::Remarks;
use super::same::Same;
use super::spoken::Spoken;
use super::state::{Move, Subject};
use super::tiles::{Grid, Tile};
use super::view::{Turn, place};
use crate::components::audience::{sign, tint};
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;
use crate::components::page_img::PageImg;

/// How long the former tiles stay under the sharper ones, in milliseconds.
const UNDER_MS: u32 = 1_500;

#[derive(Properties, PartialEq)]
pub(crate) struct SheetProps {
    pub(crate) acts: Acts,
    pub(crate) document: DocumentId,
    pub(crate) version: u32,
    /// Number of the view.
    pub(crate) generation: u32,
    pub(crate) page: u32,
    pub(crate) sheet: Sheet,
    /// Size of the page before the reader turned it.
    pub(crate) size: PageSize,
    pub(crate) turn: Turn,
    pub(crate) look: Look,
    pub(crate) grid: Grid,
    /// Tiles that are seen or nearly; those that may be seen next.
    pub(crate) tiles: Vec<Tile>,
    pub(crate) ahead: Vec<Tile>,
    /// Told which tile has come, or cannot.
    pub(crate) on_drawn: Callback<PageImage>,
    pub(crate) marks: PageMarks,
    pub(crate) shapes: Shapes,
    pub(crate) text: Option<Same<PageText>>,
    pub(crate) reading: Option<Same<PageReading>>,
    /// Rectangles of the chosen text.
    pub(crate) chosen: Vec<Rect>,
    /// The rectangle around marks that were caught.
    pub(crate) caught: Option<Rect>,
    /// Found passages; the one that is shown.
    pub(crate) found: Vec<(bool, Vec<Rect>)>,
    /// The mark that is held up to the eye.
    pub(crate) shown: Option<AnnotationId>,
    pub(crate) label: String,
}

#[component]
pub(crate) fn PageSheet(props: &SheetProps) -> Html {
    let SheetProps { page, sheet, size, grid, tiles, marks, .. } = props;
    let current = use_mut_ref(|| (*grid, tiles.clone()));
    let under = use_mut_ref(|| None::<(Grid, Vec<Tile>)>);
    if current.borrow().0 != *grid {
        let before = current.replace((*grid, tiles.clone()));
        *under.borrow_mut() = Some(before);
    } else {
        current.borrow_mut().1.clone_from(tiles);
    }
    {
        let (under, update) = (Rc::clone(&under), use_force_update());
        use_effect_with(*grid, move |_| {
            let timer = Timeout::new(UNDER_MS, move || {
                if under.take().is_some() {
                    update.force_update();
                }
            });
            move || drop(timer)
        });
    }
    let unshown = use_state_eq(|| false);
    let onfail = {
        let unshown = unshown.setter();
        Callback::from(move |()| unshown.set(true))
    };
    let image = |width: u32, area: PageArea| PageImage {
        document: props.document,
        version: props.version,
        page: *page,
        width,
        area,
        generation: props.generation,
        look: props.look,
        ahead: false,
    };
    let layer = |grid: Grid, tiles: &[Tile], ahead: bool| {
        tiles
            .iter()
            .map(|tile| {
                let Tile { column, row } = *tile;
                let image =
                    PageImage { ahead, ..image(grid.width, PageArea::Tile { column, row }) };
                let key = format!("{}-{column}-{row}", grid.width);
                let onload = props.on_drawn.clone();
                html! { <PageImg {key} {image} {onload} style={grid.style(*tile)} class="tile" /> }
            })
            .collect::<Vec<Html>>()
    };
    let audiences = props.acts.audiences();
    let before = under.borrow().clone();
    let Sheet { left, top, width, height } = sheet;
    let lies = format!("left:{left}px;top:{top}px;width:{width}px;height:{height}px");
    let rects = |class: &'static str, rects: &[Rect]| {
        rects
            .iter()
            .map(|rect| html! { <div {class} style={place(size, *rect)} /> })
            .collect::<Html>()
    };
    let shown = props.shown.and_then(|id| marks.iter().find(|placed| placed.mark.id == id));
    let shown = shown.map(|placed| rects("held", &[placed.bounds.grown(3.0)]));
    html! {
        <section class={classes!("sheet", look_class(props.look))} style={lies} aria-label={props.label.clone()}
            data-page={page.to_string()}>
            <div class="face" style={props.turn.style(sheet)}>
            <PageImg key="first" image={image(FIRST, PageArea::Whole)} class="whole" {onfail} />
            <div class="layer" key="tiles">
                if let Some((grid, tiles)) = before { { for layer(grid, &tiles, false) } }
                // One list: a tile that comes into sight stays the element that it was.
                { for layer(*grid, tiles, false).into_iter().chain(layer(*grid, &props.ahead, true)) }
            </div>
            if *unshown {
                <p class="unshown" key="unshown">{ props.acts.words().say("page-unshown") }</p>
            }
            <div class="layer ink" key="ink" aria-hidden="true">
                { for grid.inked(tiles).iter().map(|tile| {
                    let key = format!("{}-{}-{}", grid.width, tile.column, tile.row);
                    html! {
                        <InkTile {key} marks={marks.clone()} size={*size} grid={*grid} tile={*tile}
                            shapes={props.shapes.clone()} />
                    }
                }) }
            </div>
            <div class="layer" key="over" aria-hidden="true">
                { for props.found.iter().map(|(now, found)| {
                    rects(if *now { "hit-mark now" } else { "hit-mark" }, found)
                }) }
                { rects("chosen", &props.chosen) }
                { for props.caught.map(|rect| rects("caught", &[rect.grown(4.0)])) }
                { for shown }
                { for marks.iter().filter(|placed| placed.failed).map(|placed| {
                    rects("failed", &[placed.bounds.grown(4.0)])
                }) }
                { for badges(marks, props.shown).into_iter().map(|placed| {
                    let Rect { x1, y1, .. } = placed.bounds;
                    let corner = place(size, Rect { x0: x1, y0: y1, x1, y1 });
                    let tint = tint(&audiences, &placed.audience).unwrap_or_default();
                    html! {
                        <div class="badge" style={format!("{corner};{tint}")}>
                            <Icon of={sign(&placed.audience)} />
                        </div>
                    }
                }) }
            </div>
            if let Some(text) = &props.text {
                <Spoken acts={props.acts.clone()} text={text.clone()}
                    reading={props.reading.clone()} marks={marks.clone()} size={*size} />
            }
            if let Some(reading) = props.reading.as_ref().filter(|r| !r.links.is_empty()) {
                <Links acts={props.acts.clone()} reading={reading.clone()} size={*size} />
            }
            if let Some(reading) = props.reading.as_ref().filter(|r| !r.remarks.is_empty()) {
                <Remarks acts={props.acts.clone()} reading={reading.clone()} size={*size} />
            }
            { for marks.iter().filter_map(|placed| {
                things(&props.acts, size, placed, props.shown == Some(placed.mark.id))
            }) }
            </div>
        </section>
    }
}

/// Marks that say who can see them: all that others see, notes and text boxes in any case, and the
/// one that is held up. Of what was drawn with one pen for the same people, the last stroke says it.
fn badges(marks: &PageMarks, shown: Option<AnnotationId>) -> Vec<Rc<Placed>> {
    let mut drawn: Vec<(bool, &Audience)> = Vec::new();
    let mut badges = Vec::new();
    for placed in marks.iter().rev() {
        let shared = placed.audience != Audience::Private;
        let says = match &placed.mark.kind {
            MarkKind::Note { .. } | MarkKind::Text { .. } | MarkKind::Stamp(_) => true,
            MarkKind::Markup(_) => shared,
            MarkKind::Ink { .. } | MarkKind::Shape(_) => {
                let known = drawn.contains(&(placed.mine, &placed.audience));
                drawn.push((placed.mine, &placed.audience));
                shared && !known
            }
        };
        if says || shown == Some(placed.mark.id) {
            badges.push(Rc::clone(placed));
        }
    }
    badges
}

/// A sticky note or a text box on the page: it can be reached without seeing it.
fn things(acts: &Acts, size: &PageSize, placed: &Placed, shown: bool) -> Option<Html> {
    let mark = &placed.mark;
    let words = acts.words();
    let colour = colour_name(mark.colour);
    let open = {
        let (acts, id) = (acts.clone(), mark.id);
        move |event: MouseEvent| {
            event.stop_propagation();
            acts.desk.dispatch(Move::Edit(Some(Subject::Mark(id))));
        }
    };
    let key = mark.id.to_string();
    let style = place(size, placed.bounds);
    let on = shown.then_some("on");
    match &mark.kind {
        MarkKind::Note { .. } => {
            let label = words.fill("note-said", &[("text", mark.text.as_str().into())]);
            Some(html! {
                <button {key} type="button" data-own="" onclick={open} aria-label={label} {style}
                    class={classes!("sticky", format!("wash-{colour}"), on)}>
                    <Icon of={Picture::Note} />
                </button>
            })
        }
        MarkKind::Text { rect } => {
            let label = words.fill("text-said", &[("text", mark.text.as_str().into())]);
            let letters = f64::from(ink::mark::TEXT_SIZE) * 100.0 / f64::from(size.width);
            // As wide as it was drawn, and as high as its words ask for.
            let shown = transform(size, 1.0).rect_to_shown(*rect);
            let least = f64::from(shown.height()) * 100.0 / f64::from(size.height);
            let style =
                format!("{style};font-size:{letters:.3}cqw;height:auto;min-height:{least:.3}%");
            Some(html! {
                <button {key} type="button" data-own="" onclick={open} aria-label={label} {style}
                    class={classes!("text-box", format!("edge-{colour}"), on)}>
                    { &mark.text }
                </button>
            })
        }
        MarkKind::Stamp(stamp) => {
            let places =
                [("word", stamp.word.as_str().into()), ("text", mark.text.as_str().into())];
            let label = words.fill("stamp-said", &places);
            Some(html! {
                <button {key} type="button" data-own="" onclick={open} aria-label={label} {style}
                    class={classes!("stamp", format!("ink-{colour}"), on)}>
                    <StampFace stamp={stamp.clone()} turned={!size.rotation.is_multiple_of(180)} />
                </button>
            })
        }
        MarkKind::Markup(_) | MarkKind::Ink { .. } | MarkKind::Shape(_) => None,
    }
}

#[derive(Properties, PartialEq)]
struct StampFaceProps {
    stamp: Stamp,
    /// The page lies on its side: the stamp's frame is high in user space and long as it is shown.
    turned: bool,
}

/// A stamp's frame, sign and word, as `pdf` draws them on paper.
#[component]
fn StampFace(props: &StampFaceProps) -> Html {
    let StampFaceProps { stamp, turned } = props;
    let (width, height) = (stamp.rect.width(), stamp.rect.height());
    let (width, height) = if *turned { (height, width) } else { (width, height) };
    let edge = ink::stamp::LINE / 2.0;
    let letters = ink::stamp::LETTERS;
    let room = width - height - 6.0;
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} aria-hidden="true"
            stroke-width={ink::stamp::LINE.to_string()}>
            <rect x={edge.to_string()} y={edge.to_string()}
                width={(width - 2.0 * edge).to_string()} height={(height - 2.0 * edge).to_string()} />
            <path d={svg(&ink::stamp::lines(stamp.sign, height), height)} />
            <text x={height.to_string()} y={(height / 2.0 + letters * 0.36).to_string()}
                font-size={letters.to_string()} textLength={room.to_string()}
                lengthAdjust="spacingAndGlyphs">{ &stamp.word }</text>
        </svg>
    }
}

/// The light as a class.
pub(crate) const fn look_class(look: Look) -> Option<&'static str> {
    match look {
        Look::Paper => None,
        Look::Sepia => Some("sepia"),
        Look::Night => Some("night"),
    }
}
