//! What can be done with marks that were caught in a loop.

use ink::Colour;
use yew::prelude::*;

use super::acts::Acts;
use super::state::{Caught, Move};
use super::tools::ink;
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

/// Colours that every kind of mark can take.
const COLOURS: [Colour; 6] =
    [Colour::Yellow, Colour::Green, Colour::Blue, Colour::Pink, Colour::Red, Colour::Black];

#[derive(Properties, PartialEq)]
pub(crate) struct CaughtProps {
    pub(crate) acts: Acts,
    pub(crate) caught: Caught,
    /// Whether it stands over its place.
    pub(crate) above: bool,
    pub(crate) style: String,
}

#[component]
pub(crate) fn CaughtMenu(props: &CaughtProps) -> Html {
    let CaughtProps { acts, caught, above, style } = props;
    let words = acts.words();
    let count = u32::try_from(caught.ids.len()).unwrap_or(u32::MAX);
    let act = |what: fn(&Acts, &Caught)| {
        let (acts, caught) = (acts.clone(), caught.clone());
        move |_: MouseEvent| what(&acts, &caught)
    };
    let paint = |colour: Colour| {
        let (acts, caught) = (acts.clone(), caught.clone());
        move |_: MouseEvent| acts.recolour(&caught.ids, colour)
    };
    let copy = act(|acts, caught| acts.copy(&caught.ids));
    let remove = act(|acts, caught| {
        acts.desk.dispatch(Move::Catch(None));
        acts.remove(caught.ids.to_vec());
    });
    let leave = act(|acts, _| acts.desk.dispatch(Move::Catch(None)));
    html! {
        <section class={classes!("popover", "caught-menu", above.then_some("above"))}
            style={style.clone()} data-own="" aria-label={words.count("caught", count)}>
            <header>
                <strong>{ words.count("caught", count) }</strong>
                <button class="quiet icon" type="button" onclick={leave}
                    aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
            </header>
            <div class="colour-row" role="group" aria-label={words.say("colours")}>
                { for COLOURS.into_iter().map(|colour| html! {
                    <button class="quiet icon" type="button" onclick={paint(colour)}
                        aria-label={words.say(&format!("colour-{}", colour_name(colour)))}>
                        <span class="ink-dot" style={format!("background:{}", ink(colour))} />
                    </button>
                }) }
            </div>
            <footer>
                <button class="quiet" type="button" data-act="copy" onclick={copy}>
                    <Icon of={Picture::Copy} />{ words.say("copy") }</button>
                <button class="quiet" type="button" data-act="remove" onclick={remove}>
                    <Icon of={Picture::Trash} />{ words.say("remove") }</button>
            </footer>
            <p class="mute">{ words.say("caught-hint") }</p>
        </section>
    }
}
