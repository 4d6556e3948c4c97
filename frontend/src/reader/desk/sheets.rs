//! The pages in sight and next to it.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use ink::{MarkKind, Rect};
use ipc::{PageArea, PageImage};
use yew::prelude::*;

use super::DeskProps;
use crate::reader::acts::Acts;
use crate::reader::dry::Shapes;
use crate::reader::making::{Made, Making, Wanted};
use crate::reader::marks::PageMarks;
use crate::reader::sheet::PageSheet;
use crate::reader::state::{Desk, Move, Subject};
use crate::reader::tiles::{Grid, Tile};

/// How long after what is seen has come what is next to it waits, in milliseconds: a turned page is
/// shown before anything is done for the one after it.
const REST_MS: u32 = 60;
/// A page that takes longer than this to draw keeps the tools no longer away, in milliseconds.
const PATIENCE_MS: u32 = 1_500;

#[component]
pub(super) fn Sheets(props: &DeskProps) -> Html {
    let DeskProps { acts, desk } = props;
    let words = acts.words();
    let shapes = (*use_memo((), |()| Shapes::default())).clone();
    let making = use_mut_ref(Making::default);
    let rests = use_mut_ref(|| None::<Timeout>);
    let update = use_force_update();
    {
        let acts = acts.clone();
        use_effect_with((), move |()| {
            let timer = Timeout::new(PATIENCE_MS, move || wakes(&acts));
            move || drop(timer)
        });
    }
    // Once what is seen is on the screen the rest may come: what stands beside the pages too.
    let later = {
        let (acts, making) = (acts.clone(), Rc::clone(&making));
        use_callback((), move |(), ()| {
            if rests.borrow().is_some() {
                return;
            }
            let (acts, making, again) = (acts.clone(), Rc::clone(&making), Rc::clone(&rests));
            let update = update.clone();
            let timer = Timeout::new(REST_MS, move || {
                again.borrow_mut().take();
                making.borrow_mut().rests();
                if acts.now().awake {
                    update.force_update();
                }
                wakes(&acts);
            });
            *rests.borrow_mut() = Some(timer);
        })
    };
    let on_drawn = {
        let (acts, making, later) = (acts.clone(), Rc::clone(&making), later.clone());
        use_callback((), move |image: PageImage, ()| {
            let PageArea::Tile { column, row } = image.area else { return };
            let mut making = making.borrow_mut();
            making.has_come((image.page, image.width, Tile { column, row }));
            if making.is_ready() || (!acts.now().awake && making.is_seen()) {
                later.emit(());
            }
        })
    };
    let made = making.borrow_mut().make(desk.near().filter_map(|page| wanted(desk, page)));
    if making.borrow().is_ready() {
        later.emit(());
    }
    made.into_iter()
        .filter_map(|Made { page, tiles, ahead }| {
            let sheet = *desk.layout.sheet(page)?;
            let (size, grid) = grid(desk, page)?;
            let chosen = desk.chosen.as_ref().and_then(|chosen| chosen.on(page));
            let chosen = chosen.map(|part| part.rects.clone());
            let chosen = chosen.or_else(|| written(desk, page)).unwrap_or_default();
            let found = desk.found.hits.iter().enumerate().filter(|(_, hit)| hit.0 == page);
            // Where things stand on a page is not known before the page is.
            let known = desk.size(page).is_some();
            let places = [("page", page.into()), ("pages", desk.paper.pages.into())];
            Some(html! {
                <PageSheet key={page} acts={acts.clone()} document={desk.paper.document}
                    version={desk.paper.version} generation={desk.generation} {page} {sheet} {size} {grid}
                    turn={desk.turn} look={desk.look}
                    {tiles} {ahead} on_drawn={on_drawn.clone()}
                    marks={if known { desk.marks.page(page) } else { PageMarks::default() }}
                    shapes={shapes.clone()} text={desk.texts.get(&page).filter(|_| known).cloned()}
                    reading={desk.readings.get(&page).filter(|_| known).cloned()}
                    {chosen} caught={desk.caught_rect().filter(|_|
                        desk.caught.as_ref().is_some_and(|caught| caught.page == page))}
                    found={found.filter(|_| known).map(|(at, hit)| (at == desk.found.at, hit.1.clone()))
                        .collect::<Vec<_>>()}
                    shown={desk.shown} label={words.fill("page-of", &places)} />
            })
        })
        .collect()
}

/// What stands beside the pages may come, if it has not.
fn wakes(acts: &Acts) {
    if !acts.now().awake {
        acts.desk.dispatch(Move::Awake);
    }
}

/// Size of a page before the reader turned it, and its tiles.
fn grid(desk: &Desk, page: u32) -> Option<(ipc::PageSize, Grid)> {
    let index = usize::try_from(page.checked_sub(1)?).ok()?;
    let size = *desk.paper.sizes.get(index)?;
    Some((size, Grid::new(&size, desk.sharp, desk.port.ratio)))
}

/// What there is to be made of a page.
fn wanted(desk: &Desk, page: u32) -> Option<Wanted> {
    let sheet = desk.layout.sheet(page)?;
    let (_, grid) = grid(desk, page)?;
    let (face, port) = desk.turn.face(sheet, &desk.port);
    let (seen, near) = (grid.seen(&face, &port), grid.near(&face, &port));
    let (face, within_reach) = desk.turn.face(sheet, &desk.reach());
    let mut ahead = grid.near(&face, &within_reach);
    ahead.retain(|tile| !near.contains(tile));
    Some(Wanted { page, width: grid.width, seen, near, ahead })
}

/// The passage that a note is being written on, before the note is made.
fn written(desk: &Desk, page: u32) -> Option<Vec<Rect>> {
    let Subject::New(mark) = &desk.editing.as_ref()?.subject else { return None };
    match &mark.kind {
        MarkKind::Markup(markup) if mark.page == page => Some(markup.rects.clone()),
        MarkKind::Text { rect } if mark.page == page => Some(vec![*rect]),
        MarkKind::Markup(_)
        | MarkKind::Text { .. }
        | MarkKind::Note { .. }
        | MarkKind::Stamp(_)
        | MarkKind::Shape(_)
        | MarkKind::Ink { .. } => None,
    }
}
