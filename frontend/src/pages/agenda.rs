//! One item of the agenda in the table of contents.

use domain::{DocumentId, DocumentRole};
use ipc::{Availability, DocumentView, ItemView};
use yew::prelude::*;

use crate::app::{go, use_app};
use crate::components::icons::{Icon, Picture};
use crate::route::Route;

/// The paper that opens when an item is tapped: its report, its first paper otherwise.
pub(crate) fn lead(item: &ItemView) -> Option<&DocumentView> {
    item.documents
        .iter()
        .find(|paper| paper.role == DocumentRole::Report)
        .or_else(|| item.documents.first())
}

/// Whether something of the item has not been read yet.
fn unread(item: &ItemView) -> bool {
    item.documents.iter().any(|paper| !paper.read)
}

#[derive(Properties, PartialEq)]
pub(crate) struct ItemProps {
    pub(crate) item: ItemView,
    /// Whether its first page is shown beside.
    pub(crate) chosen: bool,
    pub(crate) on_choose: Callback<DocumentId>,
}

#[component]
pub(crate) fn AgendaItem(props: &ItemProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let item = &props.item;
    let lead = lead(item);
    let pages: u32 = item.documents.iter().map(|paper| paper.pages).sum();
    let annexes = item.documents.iter().filter(|p| Some(p.document) != lead.map(|l| l.document));
    let facts = html! {
        <span class="m mute">
            if let Some(rapporteur) = &item.rapporteur { <span>{ rapporteur }</span> }
            if pages > 0 { <span>{ words.count("n-pages-short", pages) }</span> }
            if item.notes > 0 {
                <span><Icon of={Picture::Note} />
                    <span aria-hidden="true">{ item.notes }</span>
                    <span class="unseen">{ words.count("n-notes", item.notes) }</span></span>
            }
            if item.closed_doors {
                <span><Icon of={Picture::Door} />{ words.say("closed-doors") }</span>
            }
            if !item.deliberative { <span>{ words.say("information") }</span> }
        </span>
    };
    let new = unread(item).then(|| {
        html! { <i class="dot new" role="img" aria-label={words.say("unread")} /> }
    });
    let class = classes!("item", props.chosen.then_some("on"));
    html! {
        <li {class} aria-current={props.chosen.then_some("true")}>
            <PaperLink paper={lead.cloned()} class="lead" on_choose={props.on_choose.clone()}>
                <span class="n">{ item.number }</span>
                <span class="t">{ &item.title }</span>
                <span class="new">{ for new }</span>
                { facts }
            </PaperLink>
            <ul class="annexes">
                { for item.documents.iter().filter_map(|paper| changed(words, paper)) }
                { for annexes.map(|paper| html! {
                    <li key={paper.document.to_string()}>
                        <PaperLink paper={paper.clone()} class="annex"
                            on_choose={props.on_choose.clone()}>
                            <Icon of={Picture::Clip} />
                            <span>{ &paper.title }</span>
                            <span class="mute">{ words.count("n-pages-short", paper.pages) }</span>
                            { state(words, paper) }
                        </PaperLink>
                    </li>
                }) }
            </ul>
        </li>
    }
}

/// The way to what changed in a paper since it was last read.
fn changed(words: &crate::words::Tongue, paper: &DocumentView) -> Option<Html> {
    let from = Some(paper.changed_since?);
    let route = Route::Versions { document: paper.document, from };
    let places = [("title", paper.title.as_str().into()), ("n", paper.version.into())];
    Some(html! {
        <li key={format!("changed {}", paper.document)}>
            <a class="annex changed" href={route.to_string()}>
                <Icon of={Picture::Pages} /><span>{ words.fill("vs-changed-since", &places) }</span>
            </a>
        </li>
    })
}

/// How far a paper is, when it is not here.
pub(crate) fn state(words: &crate::words::Tongue, paper: &DocumentView) -> Html {
    match paper.availability {
        Availability::Here => Html::default(),
        Availability::Arriving { received } => {
            let percent = received.saturating_mul(100).checked_div(paper.bytes).unwrap_or(0);
            let percent = u32::try_from(percent.min(99)).unwrap_or(0);
            html! { <span class="mute">{ words.count("arriving-percent", percent) }</span> }
        }
        Availability::Waiting => {
            html! { <span class="mute">{ words.say("not-here-yet") }</span> }
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaperLinkProps {
    pub(crate) paper: Option<DocumentView>,
    pub(crate) class: &'static str,
    pub(crate) on_choose: Callback<DocumentId>,
    pub(crate) children: Html,
}

/// Opens a paper with one tap; what the hand or the keyboard is on is shown beside.
#[component]
pub(crate) fn PaperLink(props: &PaperLinkProps) -> Html {
    let Some(paper) = &props.paper else {
        return html! { <div class={props.class}>{ props.children.clone() }</div> };
    };
    let document = paper.document;
    let route = Route::paper(document);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        go(route);
    };
    let focused = props.on_choose.reform(move |_: FocusEvent| document);
    let over = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() == "mouse" {
                on_choose.emit(document);
            }
        })
    };
    html! {
        <a class={props.class} href={route.to_string()} onclick={open} onfocus={focused}
            onpointerenter={over} data-document={document.to_string()}>
            { props.children.clone() }
        </a>
    }
}
