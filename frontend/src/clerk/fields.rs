//! Fields that keep what is typed: half a second after the hand rests, and at once when it leaves.

use gloo_timers::callback::Timeout;
use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent};
use yew::prelude::*;

/// How long the hand must rest, in milliseconds.
const REST_MS: u32 = 500;

#[derive(Properties, PartialEq)]
pub(crate) struct FieldProps {
    pub(crate) id: AttrValue,
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) on_change: Callback<String>,
    #[prop_or("text".into())]
    pub(crate) kind: AttrValue,
    /// Identifier of the list of words to propose.
    #[prop_or_default]
    pub(crate) list: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) placeholder: String,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) disabled: bool,
}

#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    // What is typed and not kept yet; the app's own value otherwise.
    let typed = use_state(|| None::<String>);
    let timer = use_mut_ref(|| None::<Timeout>);
    {
        let typed = typed.clone();
        // The app has answered: its value is the truth again, unless the hand went on typing.
        use_effect_with(props.value.clone(), move |value| {
            if typed.as_ref().is_some_and(|typed| typed.trim() == value.trim()) {
                typed.set(None);
            }
        });
    }
    let keep = {
        let (value, on_change) = (props.value.clone(), props.on_change.clone());
        move |text: String| {
            if text.trim() != value.trim() {
                on_change.emit(text);
            }
        }
    };
    let oninput = {
        let (typed, timer, keep) = (typed.clone(), timer.clone(), keep.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(Some(text.clone()));
            let keep = keep.clone();
            *timer.borrow_mut() = Some(Timeout::new(REST_MS, move || keep(text)));
        })
    };
    let onchange = {
        let (timer, typed) = (timer.clone(), typed.clone());
        let value = props.value.clone();
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            timer.borrow_mut().take();
            if text.trim() == value.trim() {
                typed.set(None);
            }
            keep(text);
        })
    };
    let shown = (*typed).clone().unwrap_or_else(|| props.value.clone());
    html! {
        <label class={classes!("field-row", props.class.clone())}>
            <span>{ &props.label }</span>
            <input id={props.id.clone()} type={props.kind.clone()} value={shown}
                list={props.list.clone()} placeholder={props.placeholder.clone()}
                autocomplete="off" disabled={props.disabled} {oninput} {onchange} />
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    pub(crate) id: AttrValue,
    pub(crate) label: String,
    /// Values and their words.
    pub(crate) options: Vec<(String, String)>,
    pub(crate) value: String,
    pub(crate) on_change: Callback<String>,
    /// Whether the label is for screen readers alone.
    #[prop_or_default]
    pub(crate) bare: bool,
    #[prop_or_default]
    pub(crate) disabled: bool,
}

#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    let onchange = props
        .on_change
        .reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <label class="field-row" for={props.id.clone()}>
            <span class={classes!(props.bare.then_some("unseen"))}>{ &props.label }</span>
            <select id={props.id.clone()} {onchange} disabled={props.disabled}>
                { for props.options.iter().map(|(value, words)| html! {
                    <option value={value.clone()} selected={*value == props.value}>{ words }</option>
                }) }
            </select>
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SwitchProps {
    pub(crate) label: String,
    pub(crate) on: bool,
    pub(crate) on_change: Callback<bool>,
    #[prop_or_default]
    pub(crate) disabled: bool,
}

#[component]
pub(crate) fn Switch(props: &SwitchProps) -> Html {
    let onchange = props
        .on_change
        .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="choice">
            <input type="checkbox" role="switch" checked={props.on} disabled={props.disabled}
                {onchange} />
            <span>{ &props.label }</span>
        </label>
    }
}
