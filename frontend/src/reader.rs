//! Lecteur (stub)
use domain::DocumentId;
use ink::AnnotationId;
use yew::prelude::*;
#[derive(Debug, Properties, PartialEq)]
pub(crate) struct ReaderProps {
    pub(crate) document: DocumentId,
    pub(crate) page: Option<u32>,
    pub(crate) note: Option<AnnotationId>,
}
#[component]
pub(crate) fn Reader(props: &ReaderProps) -> Html {
    html! { <p>{ props.document.to_string() }</p> }
}
