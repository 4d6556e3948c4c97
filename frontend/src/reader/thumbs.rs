//! Small pages at the left of the desk. Only those in sight and next to it are made: a paper of a
//! thousand pages opens as fast as one of ten.

use std::ops::Range;

use ipc::page::SMALL;
use ipc::{DocumentView, Look, PageArea, PageImage, PageSize};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::acts::Acts;
use super::same::Same;
use crate::components::page_img::PageImg;
use crate::dom;

/// Width of a small page on the rail, in rem.
const WIDTH: f64 = 7.0;
/// Height of what stands under and between small pages, in rem.
const FOOT: f64 = 2.75;
/// How far beyond what is seen small pages are made, in rem.
const BEYOND: f64 = 24.0;
/// What is seen before the list could be measured, in rem.
const AT_FIRST: f64 = 60.0;

#[derive(Properties, PartialEq)]
pub(crate) struct ThumbsProps {
    pub(crate) acts: Acts,
    pub(crate) paper: Same<DocumentView>,
    pub(crate) look: Look,
    /// Number of the view.
    pub(crate) generation: u32,
    /// The page that is read.
    pub(crate) page: u32,
}

/// Where each small page begins, from the top of the list; at last where the list ends. In rem.
fn tops(sizes: &[PageSize]) -> Vec<f64> {
    let mut top = 0.0;
    let mut tops = vec![top];
    for size in sizes {
        top += WIDTH * f64::from(size.height) / f64::from(size.width.max(1.0)) + FOOT;
        tops.push(top);
    }
    tops
}

/// Indices of the small pages that touch a stretch of the list.
fn touching(tops: &[f64], from: f64, to: f64) -> Range<usize> {
    let first = tops.partition_point(|top| *top <= from).saturating_sub(1);
    let last = tops.partition_point(|top| *top < to);
    first..last.min(tops.len().saturating_sub(1)).max(first)
}

/// Where the list must be moved to so that a small page is seen; none when it is.
fn brought(tops: &[f64], index: usize, seen: f64, height: f64) -> Option<f64> {
    let (top, end) = (*tops.get(index)?, *tops.get(index + 1)?);
    (top < seen || end > seen + height).then_some((top - height / 3.0).max(0.0))
}

#[component]
pub(crate) fn Thumbs(props: &ThumbsProps) -> Html {
    let ThumbsProps { acts, paper, look, generation, page } = props;
    let list = use_node_ref();
    let tops = use_memo(paper.clone(), |paper| tops(&paper.sizes));
    let index = page.saturating_sub(1) as usize;
    let made = {
        let tops = tops.clone();
        use_state_eq(move || {
            let from = brought(&tops, index, 0.0, AT_FIRST).unwrap_or(0.0);
            touching(&tops, from - BEYOND, from + AT_FIRST)
        })
    };
    let look_again = {
        let (list, tops, made) = (list.clone(), tops.clone(), made.setter());
        move || {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let rem = dom::rem();
            let from = f64::from(list.scroll_top()) / rem;
            let to = from + f64::from(list.client_height()) / rem;
            made.set(touching(&tops, from - BEYOND, to + BEYOND));
        }
    };
    {
        let (list, tops, look_again) = (list.clone(), tops.clone(), look_again.clone());
        use_effect_with((*page, tops.len()), move |_| {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let rem = dom::rem();
            let (seen, height) = (f64::from(list.scroll_top()), f64::from(list.client_height()));
            if let Some(top) = brought(&tops, index, seen / rem, height / rem) {
                list.set_scroll_top((top * rem).round() as i32);
            }
            look_again();
        });
    }
    let on_go = {
        let acts = acts.clone();
        Callback::from(move |page| acts.jump(page, None))
    };
    let small = |index: usize| {
        let (size, top) = (paper.sizes.get(index)?, tops.get(index)?);
        let number = u32::try_from(index + 1).ok()?;
        let image = PageImage {
            document: paper.document,
            version: paper.version,
            page: number,
            width: SMALL,
            area: PageArea::Whole,
            generation: *generation,
            look: *look,
            ahead: false,
        };
        let own = paper.labels.get(index).filter(|own| !own.is_empty());
        let name = own.cloned().unwrap_or_else(|| number.to_string());
        let label = acts.words().count("go-to-n", number);
        Some(html! {
            <Thumb key={number} {image} on={number == *page} {label} {name} pages={paper.pages}
                top={format!("top:{top}rem")}
                shape={format!("aspect-ratio:{}/{}", size.width, size.height)}
                on_go={on_go.clone()} />
        })
    };
    let height = tops.last().copied().unwrap_or_default();
    html! {
        <div class="thumbs" ref={list} onscroll={move |_: Event| look_again()}>
            <ol style={format!("height:{height}rem;--thumb:{WIDTH}rem")}>
                { for (*made).clone().filter_map(small) }
            </ol>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ThumbProps {
    image: PageImage,
    on: bool,
    label: String,
    /// What the paper calls the page.
    name: String,
    /// How many pages there are.
    pages: u32,
    top: String,
    shape: String,
    on_go: Callback<u32>,
}

#[component]
fn Thumb(props: &ThumbProps) -> Html {
    let page = props.image.page;
    let open = props.on_go.reform(move |_: MouseEvent| page);
    html! {
        <li style={props.top.clone()} aria-posinset={page.to_string()}
            aria-setsize={props.pages.to_string()}>
            <button class={classes!("thumb", props.on.then_some("on"))} type="button" onclick={open}
                aria-label={props.label.clone()} aria-current={props.on.then_some("page")}>
                <span class="small-page" style={props.shape.clone()}>
                    <PageImg image={props.image} lazy=true />
                </span>
                <span aria-hidden="true">{ &props.name }</span>
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(pages: usize) -> Vec<PageSize> {
        let a4 = PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };
        let a3 = PageSize { width: 1191.0, height: 842.0, ..a4 };
        (0..pages).map(|page| if page % 10 == 9 { a3 } else { a4 }).collect()
    }

    #[test]
    fn every_small_page_in_sight_is_made_and_few_others() {
        let tops = tops(&sizes(1_000));
        let end = tops.last().copied().unwrap();
        let mut from = -BEYOND;
        while from < end {
            let made = touching(&tops, from, from + AT_FIRST);
            for (index, pair) in tops.windows(2).enumerate() {
                let touches = pair[1] > from && pair[0] < from + AT_FIRST;
                assert!(!touches || made.contains(&index), "page {index} at {from}");
            }
            assert!(made.len() <= 12, "{made:?} at {from}");
            from += 7.3;
        }
    }

    #[test]
    fn a_list_without_pages_makes_none() {
        assert_eq!(touching(&tops(&[]), -BEYOND, AT_FIRST), 0..0);
        assert_eq!(brought(&tops(&[]), 0, 0.0, AT_FIRST), None);
    }

    #[test]
    fn the_page_that_is_read_is_brought_into_sight_only_when_it_is_not() {
        let tops = tops(&sizes(100));
        assert_eq!(brought(&tops, 0, 0.0, 40.0), None);
        let top = brought(&tops, 50, 0.0, 40.0).unwrap();
        assert_eq!(brought(&tops, 50, top, 40.0), None);
        assert_eq!(brought(&tops, 0, top, 40.0), Some(0.0));
    }
}
