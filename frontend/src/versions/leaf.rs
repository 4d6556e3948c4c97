//! One page of one version: its image, what changed on it, and the notes.

use domain::DocumentId;
use ink::{AnnotationId, Mark, MarkKind, PageTransform, Point, Rect};
use ipc::{Look, PageArea, PageImage, PageSize};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::components::note_row::colour_name;
use crate::components::page_img::PageImg;
use crate::reader::transform;

/// Width of the page's image, in device pixels.
const WIDTH: u32 = 1_280;
/// Shorter ways, in points, are a tap.
const TAP: f32 = 6.0;

/// A note on the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) mark: Mark,
    pub(crate) doubtful: bool,
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct LeafProps {
    pub(crate) document: DocumentId,
    pub(crate) version: u32,
    pub(crate) page: u32,
    pub(crate) size: PageSize,
    pub(crate) label: String,
    pub(crate) marks: Vec<Shown>,
    pub(crate) chosen: Option<AnnotationId>,
    /// Changed passages of this page: the one that is looked at, and its look.
    pub(crate) changes: Vec<(bool, &'static str, Vec<Rect>)>,
    /// Where the keyboard points.
    #[prop_or_default]
    pub(crate) cursor: Option<Rect>,
    /// A place, or a way between two, was shown; nothing is asked for when absent.
    #[prop_or_default]
    pub(crate) on_place: Option<Callback<(Point, Option<Point>)>>,
    #[prop_or_default]
    pub(crate) on_key: Option<Callback<KeyboardEvent>>,
}

/// A place of the page under the pointer.
fn under(leaf: &NodeRef, event: &PointerEvent, size: &PageSize) -> Option<Point> {
    let lies = leaf.cast::<HtmlElement>()?.get_bounding_client_rect();
    let scale = lies.width() / f64::from(size.width);
    let x = (f64::from(event.client_x()) - lies.left()) / scale;
    let y = (f64::from(event.client_y()) - lies.top()) / scale;
    Some(transform(size, 1.0).to_user(Point { x: x as f32, y: y as f32 }))
}

#[component]
pub(crate) fn Leaf(props: &LeafProps) -> Html {
    let LeafProps { document, version, page, size, .. } = props;
    let node = use_node_ref();
    let from = use_mut_ref(|| None::<Point>);
    let way = use_state(|| None::<(Point, Point)>);
    let asked = props.on_place.is_some();
    {
        let node = node.clone();
        use_effect_with((asked, *page), move |(asked, _)| {
            if *asked && let Some(leaf) = node.cast::<HtmlElement>() {
                // A leaf that cannot take the focus is still there for the finger.
                leaf.focus().ok();
            }
        });
    }
    let image = PageImage {
        document: *document,
        version: *version,
        page: *page,
        width: WIDTH,
        area: PageArea::Whole,
        generation: 0,
        look: Look::Paper,
        ahead: false,
    };
    let onpointerdown = {
        let (node, from, size) = (node.clone(), from.clone(), *size);
        Callback::from(move |event: PointerEvent| {
            if asked && event.is_primary() {
                event.prevent_default();
                *from.borrow_mut() = under(&node, &event, &size);
            }
        })
    };
    let onpointermove = {
        let (node, from, way, size) = (node.clone(), from.clone(), way.clone(), *size);
        Callback::from(move |event: PointerEvent| {
            if let (Some(from), Some(to)) = (*from.borrow(), under(&node, &event, &size)) {
                way.set(Some((from, to)));
            }
        })
    };
    let onpointerup = {
        let (node, from, way) = (node.clone(), from.clone(), way.clone());
        let (size, on_place) = (*size, props.on_place.clone());
        Callback::from(move |event: PointerEvent| {
            way.set(None);
            let Some(from) = from.borrow_mut().take() else { return };
            let to =
                under(&node, &event, &size).filter(|to| (to.x - from.x).hypot(to.y - from.y) > TAP);
            if let Some(on_place) = &on_place {
                on_place.emit((from, to));
            }
        })
    };
    let onpointercancel = {
        let (from, way) = (from.clone(), way.clone());
        Callback::from(move |_: PointerEvent| {
            from.borrow_mut().take();
            way.set(None);
        })
    };
    let onkeydown = {
        let on_key = props.on_key.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(on_key) = &on_key {
                on_key.emit(event);
            }
        })
    };
    let shown = transform(size, 1.0);
    let rect = |class: Classes, rect: Rect| {
        let r = shown.rect_to_shown(rect);
        html! {
            <rect {class} x={r.x0.to_string()} y={r.y0.to_string()}
                width={r.width().to_string()} height={r.height().to_string()} rx="1.5" />
        }
    };
    let view = format!("0 0 {} {}", size.width, size.height);
    let drawn = way.map(|(from, to)| {
        let (a, b) = (shown.to_shown(from), shown.to_shown(to));
        html! {
            <line class="way" x1={a.x.to_string()} y1={a.y.to_string()} x2={b.x.to_string()}
                y2={b.y.to_string()} />
        }
    });
    html! {
        <div ref={node} class={classes!("vs-leaf", asked.then_some("asked"))} role="img"
            aria-label={props.label.clone()} tabindex={asked.then_some("0")}
            {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown}
            style={format!("aspect-ratio:{} / {}", size.width, size.height)}>
            <PageImg {image} class="vs-image" />
            <svg viewBox={view} aria-hidden="true">
                { for props.changes.iter().flat_map(|(on, look, rects)| {
                    let class = classes!("change", *look, on.then_some("on"));
                    rects.iter().map(move |r| (class.clone(), *r)).collect::<Vec<_>>()
                }).map(|(class, r)| rect(class, r)) }
                { for props.marks.iter().map(|note| {
                    mark(&shown, note, props.chosen == Some(note.mark.id), &rect)
                }) }
                { for props.cursor.map(|r| rect(classes!("cursor"), r.grown(1.5))) }
                { for drawn }
            </svg>
        </div>
    }
}

fn mark(
    shown: &PageTransform,
    note: &Shown,
    chosen: bool,
    rect: &impl Fn(Classes, Rect) -> Html,
) -> Html {
    let Shown { mark, doubtful } = note;
    let colour = format!("wash-{}", colour_name(mark.colour));
    let frame = classes!("frame", doubtful.then_some("doubtful"), chosen.then_some("on"));
    let framed = |r: Rect| {
        let wanted = *doubtful || chosen;
        html! { if wanted { { rect(frame.clone(), r) } } }
    };
    match &mark.kind {
        MarkKind::Markup(markup) => html! {
            <>
                { for markup.rects.iter().map(|r| rect(classes!("mark", colour.clone()), *r)) }
                { for markup.rects.iter().map(|r| framed(r.grown(1.0))) }
            </>
        },
        MarkKind::Ink { strokes, width, .. } => html! {
            <>
                { for strokes.iter().map(|stroke| {
                    let points: Vec<String> = stroke.points.iter().map(|p| {
                        let at = shown.to_shown(Point { x: p.x, y: p.y });
                        format!("{:.1},{:.1}", at.x, at.y)
                    }).collect();
                    let class = classes!("stroke", format!("edge-{}", colour_name(mark.colour)));
                    html! {
                        <polyline {class} points={points.join(" ")}
                            stroke-width={width.max(1.0).to_string()} />
                    }
                }) }
                { framed(mark.bounds().grown(2.0)) }
            </>
        },
        MarkKind::Shape(_) => html! {
            <>{ rect(classes!("shape"), mark.bounds()) }{ framed(mark.bounds().grown(2.0)) }</>
        },
        MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => html! {
            <>{ rect(classes!("mark", "sticky", colour), mark.bounds()) }{ framed(mark.bounds().grown(2.0)) }</>
        },
    }
}
