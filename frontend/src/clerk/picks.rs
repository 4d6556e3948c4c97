//! Members to be ticked: in a council of seventy the one that is meant is found by a few letters.

use domain::MemberId;
use ipc::MemberView;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::use_app;
use crate::components::icons::{Icon, Picture};
use crate::dom;

/// So many are seen at a glance.
const AT_A_GLANCE: usize = 10;

#[derive(Properties, PartialEq)]
pub(crate) struct PicksProps {
    /// Begins the identifiers of what it shows.
    pub(crate) id: AttrValue,
    pub(crate) legend: String,
    pub(crate) members: Vec<MemberView>,
    pub(crate) chosen: Vec<MemberId>,
    pub(crate) on_flip: Callback<MemberId>,
}

#[component]
pub(crate) fn Picks(props: &PicksProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let wanted = use_state(String::new);
    let typed = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            wanted.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let letters = dom::bare(wanted.trim());
    let shown = props
        .members
        .iter()
        .filter(|member| letters.is_empty() || dom::bare(&full_name(member)).contains(&letters));
    let count = u32::try_from(props.chosen.len()).unwrap_or(u32::MAX);
    html! {
        <fieldset class="correction member-picks" id={props.id.clone()}>
            <legend>{ &props.legend }</legend>
            <p class="mute" role="status">{ words.count("picks-chosen", count) }</p>
            if props.members.len() > AT_A_GLANCE {
                <div class="field"><Icon of={Picture::Search} />
                    <input type="search" id={format!("{}-find", props.id)} value={(*wanted).clone()}
                        oninput={typed} aria-label={words.say("picks-find")}
                        placeholder={words.say("picks-find")} /></div>
            }
            <div class="member-list">
                { for shown.map(|member| {
                    let id = member.member;
                    let flip = props.on_flip.reform(move |_: Event| id);
                    html! {
                        <label class="choice" key={id.to_string()}><input type="checkbox"
                            checked={props.chosen.contains(&id)} onchange={flip} />
                            <span>{ full_name(member) }</span></label>
                    }
                }) }
            </div>
        </fieldset>
    }
}

/// First and last name.
pub(super) fn full_name(member: &MemberView) -> String {
    format!("{} {}", member.first_name, member.last_name).trim().to_owned()
}
