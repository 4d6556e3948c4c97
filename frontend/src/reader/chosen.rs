//! What can be done with text that is chosen.

use ink::{MarkKind, Markup, MarkupStyle};
use yew::prelude::*;

use super::acts::Acts;
use super::state::{Chosen, Move, Subject};
use crate::app::toast;
use crate::components::icons::{Icon, Picture};
use crate::dom;

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
    let copy = act(|acts, chosen| {
        dom::copy(&chosen.selection.quote.exact);
        toast(&acts.app.dispatcher(), acts.words().say("copied"));
    });
    let mark = |style: MarkupStyle| {
        let (acts, chosen) = (acts.clone(), chosen.clone());
        move |_: MouseEvent| {
            acts.mark_passage(chosen.page, style, &chosen.selection);
            acts.desk.dispatch(Move::Choose(None));
        }
    };
    let highlight = mark(MarkupStyle::Highlight);
    let (underline, strikeout) = (mark(MarkupStyle::Underline), mark(MarkupStyle::Strikeout));
    let note = act(|acts, chosen| {
        let selection = &chosen.selection;
        let markup = Markup {
            style: MarkupStyle::Highlight,
            rects: selection.rects.clone(),
            quote: selection.quote.clone(),
        };
        let mark = acts.new_mark(chosen.page, MarkKind::Markup(markup));
        acts.desk.dispatch(Move::Edit(Some(Subject::New(Box::new(mark)))));
    });
    html! {
        <div class={classes!("popover", "menu", above.then_some("above"))} style={style.clone()} data-own="" role="group"
            aria-label={words.say("chosen-text")}>
            <button class="quiet" type="button" data-act="highlight" onclick={highlight}>
                <Icon of={Picture::Highlighter} />{ words.say("highlight") }</button>
            <button class="quiet" type="button" data-act="underline" onclick={underline}
                aria-label={words.say("tool-underline")} title={words.say("tool-underline")}>
                <Icon of={Picture::Underline} /></button>
            <button class="quiet" type="button" data-act="strikeout" onclick={strikeout}
                aria-label={words.say("tool-strikeout")} title={words.say("tool-strikeout")}>
                <Icon of={Picture::Strikeout} /></button>
            <button class="quiet" type="button" data-act="note" onclick={note}>
                <Icon of={Picture::Note} />{ words.say("write-note") }</button>
            <button class="quiet" type="button" data-act="copy" onclick={copy}>
                <Icon of={Picture::Copy} />{ words.say("copy") }</button>
        </div>
    }
}
