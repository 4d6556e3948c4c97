//! At the left of the desk: small pages, or the paper's outline.

use ipc::{Command, DocumentView, OutlineEntry, PageArea, PageImage, Reply};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::acts::Acts;
use super::state::{Move, Rail};
use crate::asked::use_asked;
use crate::components::icons::{Icon, Picture};
use crate::components::page_img::PageImg;
use wasm_bindgen::JsCast;

/// Width of a small page, in device pixels.
const SMALL: u32 = 192;

#[derive(Properties, PartialEq)]
pub(crate) struct RailProps {
    pub(crate) acts: Acts,
    pub(crate) rail: Rail,
    pub(crate) paper: DocumentView,
    /// Number of the view.
    pub(crate) generation: u32,
    pub(crate) page: u32,
}

#[component]
pub(crate) fn RailPanel(props: &RailProps) -> Html {
    let RailProps { acts, rail, paper, generation, page } = props;
    let words = acts.words();
    let asked = use_asked(Some(Command::Outline { document: paper.document }), 0);
    let outline = match asked.reply.as_deref() {
        Some(Reply::Outline(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    let tab = |wanted: Rail, picture: Picture, key: &str| {
        let acts = acts.clone();
        let open = move |_: MouseEvent| acts.desk.dispatch(Move::Rail(Some(wanted)));
        html! {
            <button class="quiet icon" type="button" onclick={open} aria-label={words.say(key)}
                aria-pressed={(*rail == wanted).to_string()}><Icon of={picture} /></button>
        }
    };
    let wide = *rail == Rail::Outline && !outline.is_empty();
    html! {
        <nav class={classes!("rail", wide.then_some("wide-rail"))} aria-label={words.say("rail")}>
            if !outline.is_empty() {
                <div class="tabs">
                    { tab(Rail::Pages, Picture::Pages, "pages") }
                    { tab(Rail::Outline, Picture::Outline, "outline") }
                </div>
            }
            if wide {
                <ul class="outline">{ entries(acts, &outline) }</ul>
            } else {
                <Thumbs acts={acts.clone()} paper={paper.clone()} generation={*generation}
                    page={*page} />
            }
        </nav>
    }
}

fn entries(acts: &Acts, list: &[OutlineEntry]) -> Html {
    list.iter()
        .map(|entry| {
            let (acts_, page) = (acts.clone(), entry.page);
            let open = move |_: MouseEvent| {
                if let Some(page) = page {
                    acts_.desk.dispatch(Move::GoTo(page));
                }
            };
            html! {
                <li>
                    <button class="quiet" type="button" onclick={open} disabled={page.is_none()}>
                        <span>{ &entry.title }</span>
                        <span class="mute">{ for page }</span>
                    </button>
                    if !entry.children.is_empty() {
                        <ul>{ entries(acts, &entry.children) }</ul>
                    }
                </li>
            }
        })
        .collect()
}

#[derive(Properties, PartialEq)]
struct ThumbsProps {
    acts: Acts,
    paper: DocumentView,
    generation: u32,
    page: u32,
}

#[component]
fn Thumbs(props: &ThumbsProps) -> Html {
    let ThumbsProps { acts, paper, generation, page } = props;
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(*page, move |page| {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let children = list.children();
            let thumb = children.item(page - 1).and_then(|it| it.dyn_into::<HtmlElement>().ok());
            let Some(thumb) = thumb else { return };
            let (top, seen) = (thumb.offset_top(), list.scroll_top());
            if top < seen || top + thumb.offset_height() > seen + list.client_height() {
                list.set_scroll_top(top - list.client_height() / 3);
            }
        });
    }
    let on_go = {
        let acts = acts.clone();
        Callback::from(move |page| acts.desk.dispatch(Move::GoTo(page)))
    };
    html! {
        <ol class="thumbs" ref={list}>
            { for (1..=paper.pages).zip(&paper.sizes).map(|(number, size)| {
                let image = PageImage {
                    document: paper.document,
                    version: paper.version,
                    page: number,
                    width: SMALL,
                    area: PageArea::Whole,
                    generation: *generation,
                    look: ipc::Look::Paper,
                };
                let label = acts.words().count("go-to-n", number);
                html! {
                    <Thumb key={number} {image} on={number == *page} {label}
                        shape={format!("aspect-ratio:{}/{}", size.width, size.height)}
                        on_go={on_go.clone()} />
                }
            }) }
        </ol>
    }
}

#[derive(Properties, PartialEq)]
struct ThumbProps {
    image: PageImage,
    on: bool,
    label: String,
    shape: String,
    on_go: Callback<u32>,
}

#[component]
fn Thumb(props: &ThumbProps) -> Html {
    let page = props.image.page;
    let open = props.on_go.reform(move |_: MouseEvent| page);
    html! {
        <li>
            <button class={classes!("thumb", props.on.then_some("on"))} type="button" onclick={open}
                aria-label={props.label.clone()} aria-current={props.on.then_some("page")}>
                <span class="small-page" style={props.shape.clone()}>
                    <PageImg image={props.image} lazy=true />
                </span>
                <span aria-hidden="true">{ page }</span>
            </button>
        </li>
    }
}
