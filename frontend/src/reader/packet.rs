//! The papers of the sitting as one packet, numbered continuously, beside the paper that is read.

use domain::DocumentId;
use ipc::{Availability, DocumentView};
use yew::prelude::*;

use super::acts::Acts;

#[derive(Properties, PartialEq)]
pub(crate) struct PacketProps {
    pub(crate) acts: Acts,
    pub(crate) packet: Vec<DocumentView>,
    pub(crate) on_open: Callback<DocumentId>,
}

/// Every paper with its item, its title and the packet's numbers of its pages.
#[component]
pub(crate) fn Packet(props: &PacketProps) -> Html {
    let PacketProps { acts, packet, on_open } = props;
    let words = acts.words();
    let mut item = None;
    html! {
        <ol class="packet">
            { for packet.iter().map(|paper| {
                let begins = item.replace(paper.item) != Some(paper.item) && paper.item > 0;
                let here = paper.document == acts.document;
                let open = {
                    let document = paper.document;
                    on_open.reform(move |_: MouseEvent| document)
                };
                let last = paper.first_packet_page + paper.pages.max(1) - 1;
                let pages = words.fill("packet-pages", &[
                    ("from", paper.first_packet_page.into()), ("to", last.into()),
                    ("n", paper.pages.into()),
                ]);
                let absent = paper.availability != Availability::Here;
                html! {
                    <>
                        if begins {
                            <li class="packet-item">
                                { format!("{}. {}", paper.item, paper.item_title) }</li>
                        }
                        <li>
                            <button class={classes!("quiet", here.then_some("on"))} type="button"
                                onclick={open} disabled={absent}
                                aria-current={here.then_some("true")}>
                                <span>{ &paper.title }
                                    if absent {
                                        <span class="mute">{ words.say("not-here-yet") }</span>
                                    }
                                </span>
                                <span class="mute">{ pages }</span>
                            </button>
                        </li>
                    </>
                }
            }) }
        </ol>
    }
}
