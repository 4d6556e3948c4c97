//! Dry ink: the marks of one tile of a page, drawn once and kept. A tile without marks costs
//! nothing; a new stroke is added to what stands there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ink::{AnnotationId, MarkKind, Markup, MarkupStyle, Nib, Rect};
use ipc::PageSize;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};
use yew::prelude::*;

use super::layout::{matrix, transform};
use super::marks::{PageMarks, Placed};
use super::paths::trace;
use super::tiles::{Grid, Tile};
use super::tools::{band, ink};

/// Shapes of strokes and forms, worked out once for all tiles and zooms.
#[derive(Clone, Default)]
pub(crate) struct Shapes(Rc<RefCell<BTreeMap<AnnotationId, (i64, Path2d)>>>);

impl PartialEq for Shapes {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Shapes {
    /// The shape of a mark in user space; none for marks that are not drawn by the pen.
    fn of(&self, placed: &Placed) -> Option<Path2d> {
        let mark = &placed.mark;
        if let Some((modified, path)) = self.0.borrow().get(&mark.id)
            && *modified == mark.modified_ms
        {
            return Some(path.clone());
        }
        let path = Path2d::new().ok()?;
        match &mark.kind {
            MarkKind::Ink { strokes, width, .. } => {
                for stroke in strokes {
                    let polygon = ink::outline(stroke, *width);
                    let Some((first, rest)) = polygon.split_first() else { continue };
                    path.move_to(f64::from(first.x), f64::from(first.y));
                    for point in rest {
                        path.line_to(f64::from(point.x), f64::from(point.y));
                    }
                    path.close_path();
                }
            }
            MarkKind::Shape(shape) => trace(&path, &shape.path()),
            MarkKind::Markup(_)
            | MarkKind::Stamp(_)
            | MarkKind::Note { .. }
            | MarkKind::Text { .. } => return None,
        }
        self.0.borrow_mut().insert(mark.id, (mark.modified_ms, path.clone()));
        Some(path)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct InkTileProps {
    pub(crate) marks: PageMarks,
    pub(crate) size: PageSize,
    pub(crate) grid: Grid,
    pub(crate) tile: Tile,
    pub(crate) shapes: Shapes,
}

#[component]
pub(crate) fn InkTile(props: &InkTileProps) -> Html {
    let InkTileProps { marks, size, grid, tile, shapes } = props;
    let canvas = use_node_ref();
    let drawn = use_mut_ref(Vec::<Rc<Placed>>::new);
    let scale = f64::from(grid.width) / f64::from(size.width);
    let page = transform(size, scale);
    let (left, top, width, height) = grid.area(*tile);
    let edge = |length: u32| length as f32;
    let area = page.rect_to_user(Rect {
        x0: edge(left),
        y0: edge(top),
        x1: edge(left + width),
        y1: edge(top + height),
    });
    let wanted: Vec<_> = marks
        .within(area.grown(2.0))
        .into_iter()
        .filter(|placed| is_drawn(&placed.mark.kind))
        .collect();
    let empty = wanted.is_empty();
    {
        let (canvas, shapes) = (canvas.clone(), shapes.clone());
        use_effect(move || {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                drawn.borrow_mut().clear();
                return;
            };
            let mut drawn = drawn.borrow_mut();
            let same = |(a, b): (&Rc<Placed>, &Rc<Placed>)| Rc::ptr_eq(a, b);
            let kept = drawn.len() <= wanted.len() && drawn.iter().zip(&wanted).all(same);
            if kept && drawn.len() == wanted.len() {
                return;
            }
            let Some(context) = context(&canvas) else { return };
            if !kept {
                drop(context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0));
                context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
                drawn.clear();
            }
            let [a, b, c, d, e, f] = matrix(&page, -f64::from(left), -f64::from(top));
            drop(context.set_transform(a, b, c, d, e, f));
            for placed in wanted.iter().skip(drawn.len()) {
                draw(&context, placed, &shapes);
            }
            drawn.clone_from(&wanted);
        });
    }
    if empty {
        return Html::default();
    }
    html! {
        <canvas ref={canvas} class="dry" width={width.to_string()} height={height.to_string()}
            style={grid.style(*tile)} />
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Whether a mark is drawn on the ink's tiles; the others are things of their own on the page.
const fn is_drawn(kind: &MarkKind) -> bool {
    match kind {
        MarkKind::Ink { .. } | MarkKind::Shape(_) | MarkKind::Markup(_) => true,
        MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => false,
    }
}

fn draw(context: &CanvasRenderingContext2d, placed: &Placed, shapes: &Shapes) {
    let colour = placed.mark.colour;
    match &placed.mark.kind {
        MarkKind::Ink { nib, .. } => {
            if let Some(path) = shapes.of(placed) {
                let marker = *nib == Nib::Highlighter;
                context.set_fill_style_str(if marker { band(colour) } else { ink(colour) });
                context.fill_with_path_2d(&path);
            }
        }
        MarkKind::Shape(shape) => {
            if let Some(path) = shapes.of(placed) {
                context.set_stroke_style_str(ink(colour));
                context.set_line_width(f64::from(shape.width));
                context.set_line_cap("round");
                context.set_line_join("round");
                context.stroke_with_path(&path);
            }
        }
        MarkKind::Markup(Markup { style, rects, .. }) => {
            for rect in rects {
                let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
                let (width, height) = (f64::from(rect.width()), f64::from(rect.height()));
                let line = (height * 0.08).max(0.8);
                match style {
                    MarkupStyle::Highlight => {
                        context.set_fill_style_str(band(colour));
                        context.fill_rect(x, y, width, height);
                    }
                    MarkupStyle::Underline => {
                        context.set_fill_style_str(ink(colour));
                        context.fill_rect(x, y, width, line);
                    }
                    MarkupStyle::Strikeout => {
                        context.set_fill_style_str(ink(colour));
                        context.fill_rect(x, y + height * 0.45, width, line);
                    }
                }
            }
        }
        MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => {}
    }
}
