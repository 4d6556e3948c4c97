//! What can be done with text that is chosen.

use ink::{MarkKind, Markup, MarkupStyle};
use yew::prelude::*;

use super::acts::Acts;
use super::state::{Chosen, Move, Subject};
use crate::components::icons::{Icon, Picture};

#[derive(Properties, PartialEq)]
pub(crate) struct ChosenProps {
    pub(crate) acts: Acts,
    pub(crate) chosen: Chosen,
    /// Whether it stands over its place.
    pub(crate) above: bool,
    pub(crate) style: String,
}

#[component]
pub(crate) fn ChosenMenu(props: &ChosenProps) -> Html {
    let ChosenProps { acts, chosen, above, style } = props;
    let words = acts.words();
    let act = |what: fn(&Acts, &Chosen)| {
        let (acts, chosen) = (acts.clone(), chosen.clone());
        move |_: MouseEvent| {
            what(&acts, &chosen);
            acts.desk.dispatch(Move::Choose(None));
        }
    };
    let copy = act(|acts, _| acts.copy_chosen());
    let mark = |style: MarkupStyle| {
        let (acts, chosen) = (acts.clone(), chosen.clone());
        move |_: MouseEvent| {
            for (page, part) in chosen.parts.iter() {
                acts.mark_passage(*page, style, part);
            }
            acts.desk.dispatch(Move::Choose(None));
        }
    };
    let highlight = mark(MarkupStyle::Highlight);
    let (underline, strikeout) = (mark(MarkupStyle::Underline), mark(MarkupStyle::Strikeout));
    let note = act(|acts, chosen| {
        // The note stands where the passage begins.
        let Some((page, selection)) = chosen.parts.first() else { return };
        let markup = Markup {
            style: MarkupStyle::Highlight,
            rects: selection.rects.clone(),
            quote: selection.quote.clone(),
        };
        let mark = acts.new_mark(*page, MarkKind::Markup(markup));
        acts.desk.dispatch(Move::Edit(Some(Subject::New(Box::new(mark)))));
    });
    let word = |key: &str| html! { <span class="word">{ words.say(key) }</span> };
    html! {
        <div class={classes!("popover", "menu", above.then_some("above"))} style={style.clone()} data-own="" role="group"
            aria-label={words.say("chosen-text")}>
            if !acts.now().fixed {
                <>
                    <button class="quiet" type="button" data-act="highlight" onclick={highlight}>
                        <Icon of={Picture::Highlighter} />{ word("highlight") }</button>
                    <button class="quiet" type="button" data-act="underline" onclick={underline}
                        aria-label={words.say("tool-underline")} title={words.say("tool-underline")}>
                        <Icon of={Picture::Underline} /></button>
                    <button class="quiet" type="button" data-act="strikeout" onclick={strikeout}
                        aria-label={words.say("tool-strikeout")} title={words.say("tool-strikeout")}>
                        <Icon of={Picture::Strikeout} /></button>
                    <button class="quiet" type="button" data-act="note" onclick={note}>
                        <Icon of={Picture::Note} />{ word("write-note") }</button>
                </>
            }
            <button class="quiet" type="button" data-act="copy" onclick={copy}>
                <Icon of={Picture::Copy} />{ word("copy") }</button>
        </div>
    }
}
