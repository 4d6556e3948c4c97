//! The image of a page or of a part of it.

use ipc::PageImage;
use ipc::page::AGAIN;
use yew::prelude::*;

use crate::bridge;
use crate::dom;

/// The number of a view that is made now: grows with the clock, so that a later view of the same
/// paper has the greater one, in whichever screen. Tenths of a second since 2026.
pub(crate) fn generation_now() -> u32 {
    const START_MS: u64 = 1_767_225_600_000;
    u32::try_from(dom::now_ms().saturating_sub(START_MS) / 100).unwrap_or(u32::MAX)
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct PageImgProps {
    /// Which; a later generation of the same image is not fetched again, nor one that was fetched
    /// ahead; 0 stands for now.
    pub(crate) image: PageImage,
    #[prop_or_default]
    pub(crate) style: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// What the image shows, for who does not see it; empty when the text stands beside it.
    #[prop_or_default]
    pub(crate) alt: AttrValue,
    #[prop_or_default]
    pub(crate) lazy: bool,
    /// Told which it was when it is there, or cannot be had.
    #[prop_or_default]
    pub(crate) onload: Callback<PageImage>,
    /// Told when it cannot be had, however often it is asked for.
    #[prop_or_default]
    pub(crate) onfail: Callback<()>,
}

/// The image; asks again when the app has dropped the work as stale.
#[component]
pub(crate) fn PageImg(props: &PageImgProps) -> Html {
    let PageImage { document, version, page, width, area, look, ahead, .. } = props.image;
    let tries = use_state(|| 0_u8);
    let generation = match props.image.generation {
        0 => generation_now(),
        known => known,
    };
    let source = use_memo(
        (document, version, page, width, area, look, *tries),
        move |(document, version, page, width, area, look, tries)| {
            let address = bridge::image(&PageImage {
                document: *document,
                version: *version,
                page: *page,
                width: *width,
                area: *area,
                generation,
                look: *look,
                ahead,
            });
            if *tries == 0 { address } else { format!("{address}{AGAIN}{tries}") }
        },
    );
    let shown = use_state(|| false);
    let onload = {
        let (shown, told, image) = (shown.clone(), props.onload.clone(), props.image);
        Callback::from(move |_: Event| {
            shown.set(true);
            told.emit(image);
        })
    };
    let onerror = {
        let (tries, told, failed) = (tries.clone(), props.onload.clone(), props.onfail.clone());
        let image = props.image;
        Callback::from(move |_: Event| {
            if *tries < 2 {
                tries.set(*tries + 1);
            } else {
                told.emit(image);
                failed.emit(());
            }
        })
    };
    let class = classes!(props.class.clone(), (!*shown).then_some("blank"));
    html! {
        <img src={(*source).clone()} {class} style={props.style.clone()} alt={props.alt.clone()}
            loading={if props.lazy { "lazy" } else { "eager" }} decoding="async" draggable="false"
            fetchpriority={if ahead { "low" } else { "auto" }}
            {onload} {onerror} />
    }
}
