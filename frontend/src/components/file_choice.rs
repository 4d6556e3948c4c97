//! A button of our own for choosing files: the browser's speaks the browser's language. The field itself
//! stays, unseen, inside its label: keyboards and screen readers meet it as a file field, a press on the
//! label opens it.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FileChoiceProps {
    /// Identifier of the field.
    pub(crate) id: AttrValue,
    /// What the button says.
    pub(crate) label: AttrValue,
    /// Endings and types that are offered.
    pub(crate) accept: AttrValue,
    /// What the file is for, when the button does not say it.
    #[prop_or_default]
    pub(crate) title: Option<AttrValue>,
    /// Name of the file that was chosen.
    #[prop_or_default]
    pub(crate) chosen: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) multiple: bool,
    #[prop_or_default]
    pub(crate) disabled: bool,
    pub(crate) onchange: Callback<Event>,
}

#[component]
pub(crate) fn FileChoice(props: &FileChoiceProps) -> Html {
    let FileChoiceProps { id, label, accept, title, chosen, multiple, disabled, onchange } = props;
    let (titled, named) = (format!("{id}-title"), format!("{id}-label"));
    let whole = title.as_ref().map(|_| format!("{titled} {named}"));
    let button = html! {
        <label class="btn">
            <input type="file" class="unseen" id={id.clone()} multiple={*multiple}
                accept={accept.clone()} onchange={onchange.clone()} disabled={*disabled}
                aria-labelledby={whole} />
            <span id={named}>{ label.clone() }</span>
        </label>
    };
    let Some(title) = title else { return button };
    html! {
        <div class="field-row">
            <span id={titled}>{ title.clone() }</span>
            <div class="file-choice">{ button }
                if let Some(name) = chosen { <span class="mute">{ name.clone() }</span> }
            </div>
        </div>
    }
}
