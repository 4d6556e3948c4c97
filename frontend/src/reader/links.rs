//! Links of a page, and the way back after following one.
//!
//! A link inside the paper jumps; an address outside is shown whole and opened only when a person
//! says so, and never in this window.

use ipc::{LinkTarget, PageLink, PageReading, PageSize};
use yew::prelude::*;

use super::acts::Acts;
use super::same::Same;
use super::view::place;
use crate::app::use_app;
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::dom;

#[derive(Properties, PartialEq)]
pub(crate) struct LinksProps {
    pub(crate) acts: Acts,
    pub(crate) reading: Same<PageReading>,
    pub(crate) size: PageSize,
}

/// The links of a page, where they are touched.
#[component]
pub(crate) fn Links(props: &LinksProps) -> Html {
    let asked = use_state(|| None::<String>);
    let on_close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <>
            { for props.reading.links.iter().enumerate().map(|(key, link)| {
                let asked = asked.clone();
                let on_address = Callback::from(move |address| asked.set(Some(address)));
                html! {
                    <Link {key} acts={props.acts.clone()} link={link.clone()} size={props.size}
                        {on_address} />
                }
            }) }
            if let Some(address) = (*asked).clone() {
                <Outside acts={props.acts.clone()} {address} {on_close} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    acts: Acts,
    link: PageLink,
    size: PageSize,
    on_address: Callback<String>,
}

#[component]
fn Link(props: &LinkProps) -> Html {
    let LinkProps { acts, link, size, on_address } = props;
    let words = acts.words();
    let label = match &link.to {
        LinkTarget::Page { page, .. } => words.count("link-page", *page),
        LinkTarget::Address(address) => {
            words.fill("link-address", &[("address", address.as_str().into())])
        }
    };
    let follow = {
        let (acts, to, on_address) = (acts.clone(), link.to.clone(), on_address.clone());
        move |event: MouseEvent| {
            event.stop_propagation();
            match &to {
                LinkTarget::Page { page, top } => acts.jump(*page, *top),
                LinkTarget::Address(address) => on_address.emit(address.clone()),
            }
        }
    };
    html! {
        <button type="button" class="link" data-own="" style={place(size, link.rect)}
            aria-label={label.clone()} title={label} onclick={follow} />
    }
}

#[derive(Properties, PartialEq)]
struct OutsideProps {
    acts: Acts,
    address: String,
    on_close: Callback<()>,
}

/// Asks before an address outside is opened.
#[component]
fn Outside(props: &OutsideProps) -> Html {
    let OutsideProps { acts, address, on_close } = props;
    let words = acts.words();
    let open = {
        let (address, on_close) = (address.clone(), on_close.clone());
        move |_: MouseEvent| {
            dom::open_outside(&address);
            on_close.emit(());
        }
    };
    let stay = on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={words.say("link-outside")} class="small" on_close={on_close.clone()}>
            <div class="ask">
                <p>{ words.say("link-outside-lead") }</p>
                <p class="address">{ address }</p>
                <div class="ask-acts">
                    <button type="button" onclick={stay}>{ words.say("link-stay") }</button>
                    <button class="primary" type="button" onclick={open}>
                        { words.say("link-open") }</button>
                </div>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct WayBackProps {
    pub(crate) acts: Acts,
}

/// Back to where one was before a jump, and forward again.
#[component]
pub(crate) fn WayBack(props: &WayBackProps) -> Html {
    let acts = &props.acts;
    let app = use_app();
    let words = acts.words();
    let way = |back: bool| {
        let spot = app.trail.ahead(back)?;
        let here = spot.document == acts.document;
        let key = match (back, here) {
            (true, true) => "way-back",
            (false, true) => "way-forward",
            (true, false) => "way-back-paper",
            (false, false) => "way-forward-paper",
        };
        let step = {
            let acts = acts.clone();
            move |_: MouseEvent| acts.step(back)
        };
        let label = words.count(key, spot.page);
        Some(html! {
            <button type="button" onclick={step} class={if back { "back" } else { "forward" }}>
                if back { <Icon of={Picture::Back} /> }
                <span>{ label }</span>
                if !back { <Icon of={Picture::Forward} /> }
            </button>
        })
    };
    let (back, forward) = (way(true), way(false));
    if back.is_none() && forward.is_none() {
        return Html::default();
    }
    html! {
        <div class="way" role="group" aria-label={words.say("way")} data-own="">
            { for back }{ for forward }
        </div>
    }
}
