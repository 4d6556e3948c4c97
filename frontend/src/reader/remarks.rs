//! What other programs wrote on a page: pdfium draws it; its words are read here, and never changed.

use ipc::{PageReading, PageRemark, PageSize, Remark};
use yew::prelude::*;

use super::acts::Acts;
use super::same::Same;
use super::view::place;
use crate::components::dialog::Dialog;
use crate::words::Tongue;

#[derive(Properties, PartialEq)]
pub(crate) struct RemarksProps {
    pub(crate) acts: Acts,
    pub(crate) reading: Same<PageReading>,
    pub(crate) size: PageSize,
}

/// The comments of a page, where they are touched.
#[component]
pub(crate) fn Remarks(props: &RemarksProps) -> Html {
    let words = props.acts.words();
    let open = use_state(|| None::<PageRemark>);
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let comments = props.reading.remarks.iter().filter(|it| author(it).is_some());
    html! {
        <>
            { for comments.enumerate().map(|(key, remark)| {
                let show = {
                    let (open, remark) = (open.clone(), remark.clone());
                    move |event: MouseEvent| {
                        event.stop_propagation();
                        open.set(Some(remark.clone()));
                    }
                };
                html! {
                    <button {key} type="button" class="link remark" data-own="" onclick={show}
                        style={place(&props.size, remark.rect)} aria-label={said(&words, remark)} />
                }
            }) }
            if let Some(remark) = &*open {
                <Dialog title={words.say("remark-title")} class="small" {on_close}>
                    <div class="ask">
                        if let Some(by) = author(remark).filter(|by| !by.is_empty()) {
                            <strong>{ by.to_owned() }</strong>
                        }
                        <p class="said">{ &remark.text }</p>
                        <p class="mute">{ words.say("remark-fixed") }</p>
                    </div>
                </Dialog>
            }
        </>
    }
}

/// Who wrote a comment; none of a field.
fn author(remark: &PageRemark) -> Option<&str> {
    match &remark.what {
        Remark::Comment { author } => Some(author),
        Remark::Field { .. } | Remark::Tick { .. } => None,
    }
}

/// A remark in a sentence.
pub(crate) fn said(words: &Tongue, remark: &PageRemark) -> String {
    let (key, name, on) = match &remark.what {
        Remark::Comment { author } => ("remark-comment", author, false),
        Remark::Field { name } => ("remark-field", name, false),
        Remark::Tick { name, on } => ("remark-tick", name, *on),
    };
    let places = [
        ("named", i32::from(!name.is_empty()).into()),
        ("name", name.as_str().into()),
        ("on", i32::from(on).into()),
        ("text", remark.text.as_str().into()),
    ];
    words.fill(key, &places)
}
