//! Going to a page, by the number in this paper or by the number in the packet.

use ipc::DocumentView;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::acts::Acts;
use crate::components::dialog::Dialog;
use crate::route::Route;

/// The paper that a page of the packet belongs to, with the page's number in it.
pub(crate) fn in_packet(packet: &[DocumentView], number: u32) -> Option<(&DocumentView, u32)> {
    packet.iter().find_map(|paper| {
        let page = number.checked_sub(paper.first_packet_page)? + 1;
        (page <= paper.pages).then_some((paper, page))
    })
}

/// The page of a paper that somebody names: by what the paper calls it, or else by its number.
pub(crate) fn own_page(labels: &[String], pages: u32, name: &str) -> Option<u32> {
    let called = labels.iter().position(|label| label.eq_ignore_ascii_case(name));
    called
        .and_then(|index| u32::try_from(index + 1).ok())
        .or_else(|| name.parse().ok())
        .filter(|page| (1..=pages).contains(page))
}

#[derive(Properties, PartialEq)]
pub(crate) struct GoToProps {
    pub(crate) acts: Acts,
    pub(crate) paper: DocumentView,
    pub(crate) packet: Vec<DocumentView>,
    pub(crate) page: u32,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn GoTo(props: &GoToProps) -> Html {
    let GoToProps { acts, paper, packet, page, on_close } = props;
    let words = acts.words();
    let wrong = use_state(|| false);
    let here = use_node_ref();
    use_effect_with(here.clone(), |here| {
        if let Some(field) = here.cast::<HtmlInputElement>() {
            drop(field.focus());
            field.select();
        }
    });
    let named = |node: &NodeRef| {
        node.cast::<HtmlInputElement>().map(|field| field.value().trim().to_owned())
    };
    let number = move |node: &NodeRef| named(node).and_then(|name| name.parse::<u32>().ok());
    let in_paper = {
        let (acts, on_close, here) = (acts.clone(), on_close.clone(), here.clone());
        let (wrong, pages, labels) = (wrong.clone(), paper.pages, paper.labels.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match named(&here).and_then(|name| own_page(&labels, pages, &name)) {
                Some(page) => {
                    acts.jump(page, None);
                    on_close.emit(());
                }
                None => wrong.set(true),
            }
        })
    };
    let there = use_node_ref();
    let in_all = {
        let (acts, on_close, there) = (acts.clone(), on_close.clone(), there.clone());
        let (wrong, packet, document) = (wrong.clone(), packet.clone(), paper.document);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match number(&there).and_then(|number| in_packet(&packet, number)) {
                Some((paper, page)) if paper.document == document => {
                    acts.jump(page, None);
                    on_close.emit(());
                }
                Some((paper, page)) => {
                    let document = paper.document;
                    acts.leave_for(Route::Paper {
                        document,
                        page: Some(page),
                        note: None,
                        beside: None,
                    });
                }
                None => wrong.set(true),
            }
        })
    };
    let last = packet.last().map_or(0, |paper| paper.first_packet_page + paper.pages - 1);
    html! {
        <Dialog title={words.say("go-to")} class="small" on_close={on_close.clone()}>
            <div class="go-to">
                <form onsubmit={in_paper}>
                    <label><span>{ words.count("go-to-page", paper.pages) }
                        if let Some((first, last)) = paper.labels.first().zip(paper.labels.last()) {
                            <small class="mute">{ words.fill("go-to-own", &[
                                ("first", first.as_str().into()), ("last", last.as_str().into()),
                            ]) }</small>
                        }</span>
                        <input ref={here} id="go-page" type="text"
                            inputmode={if paper.labels.is_empty() { "numeric" } else { "text" }}
                            value={page.to_string()} /></label>
                    <button class="primary" type="submit">{ words.say("go") }</button>
                </form>
                if last > 0 {
                    <form onsubmit={in_all}>
                        <label><span>{ words.count("go-to-packet", last) }</span>
                            <input ref={there} type="text" inputmode="numeric"
                                value={(paper.first_packet_page + page - 1).to_string()} /></label>
                        <button type="submit">{ words.say("go") }</button>
                    </form>
                }
                <p class="problem" role="alert">
                    if *wrong { { words.say("go-to-wrong") } }
                </p>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn a_page_is_named_as_the_paper_names_it_or_by_its_number() {
        let labels = ["i", "ii", "1", "2", "A-1"].map(str::to_owned);
        for (name, page) in [
            ("II", Some(2)),
            ("1", Some(3)),
            ("a-1", Some(5)),
            ("4", Some(4)),
            ("6", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(own_page(&labels, 5, name), page, "{name}");
        }
        assert_eq!(own_page(&[], 5, "1"), Some(1));
    }
}
