//! The tools: one tap takes a tool, a second tap or a long press opens what it can be: its variants,
//! colours and widths. Arrow keys move between them.

use gloo_timers::callback::Timeout;
use ink::Tool;
use ipc::Audience;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::acts::Acts;
use super::palette::{Palette, picture};
use super::state::Move;
use super::tools::{Family, Kit};
use crate::components::audience::{AudienceChoice, called, sign, tint};
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

/// How long a press is long, in milliseconds.
const LONG_MS: u32 = 450;

#[derive(Properties, PartialEq)]
pub(crate) struct ToolbarProps {
    pub(crate) acts: Acts,
    pub(crate) tool: Tool,
    pub(crate) kit: Kit,
    /// Who shall see the next marks.
    pub(crate) audience: Audience,
    pub(crate) can_undo: bool,
    pub(crate) can_redo: bool,
}

/// A press on a tool that may become long.
#[derive(Default)]
struct Press {
    timer: Option<Timeout>,
    /// It has become long: the click at its end means nothing more.
    was_long: bool,
}

#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let ToolbarProps { acts, tool, kit, audience, can_undo, can_redo } = props;
    let words = acts.words();
    let open = use_state(|| None::<Family>);
    let choosing = use_state(|| false);
    let node = use_node_ref();
    let at = use_state(|| 0_usize);
    let press = use_mut_ref(Press::default);
    let family = Family::of(*tool);
    let variant = kit.in_hand(*tool);
    let opened = (*open).filter(|opened| *opened == family);
    let pressed = |wanted: Family| {
        let (acts, open, kit, press) = (acts.clone(), open.clone(), *kit, press.clone());
        move |_: PointerEvent| {
            let (acts, open, long) = (acts.clone(), open.clone(), press.clone());
            let timer = Timeout::new(LONG_MS, move || {
                long.borrow_mut().was_long = true;
                if wanted != family {
                    acts.desk.dispatch(Move::Tool(kit.tool(wanted)));
                }
                open.set(Some(wanted));
            });
            press.replace(Press { timer: Some(timer), was_long: false });
        }
    };
    let released = {
        let press = press.clone();
        Callback::from(move |_: PointerEvent| press.borrow_mut().timer = None)
    };
    let take = |wanted: Family| {
        let (acts, open, kit, press) = (acts.clone(), open.clone(), *kit, press.clone());
        let choosing = choosing.clone();
        move |_: MouseEvent| {
            if std::mem::take(&mut *press.borrow_mut()).was_long {
                return;
            }
            choosing.set(false);
            open.set((wanted == family && opened.is_none()).then_some(wanted));
            if wanted != family {
                acts.desk.dispatch(Move::Tool(kit.tool(wanted)));
            }
        }
    };
    let keys = {
        let (node, at, open) = (node.clone(), at.clone(), open.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => -1,
                "ArrowUp" => {
                    event.prevent_default();
                    return open.set(Some(family));
                }
                "Escape" if opened.is_some() => {
                    event.stop_propagation();
                    return open.set(None);
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(now) = step_focus(&node, step) {
                at.set(now);
            }
        })
    };
    // One stop for the Tab key, as a toolbar has.
    let stop = |index: usize| if *at == index { "0" } else { "-1" };
    let toggle = {
        let (open, choosing) = (open.clone(), choosing.clone());
        move |_: MouseEvent| {
            choosing.set(false);
            open.set(opened.is_none().then_some(family));
        }
    };
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let history = |back: bool| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.history(back)
    };
    let choose = {
        let (open, choosing) = (open.clone(), choosing.clone());
        move |_: MouseEvent| {
            open.set(None);
            choosing.set(!*choosing);
        }
    };
    let chosen = {
        let (acts, choosing) = (acts.clone(), choosing.clone());
        Callback::from(move |audience: Audience| {
            choosing.set(false);
            acts.announce(&audience);
            acts.desk.dispatch(Move::Audience(audience));
        })
    };
    let leave = {
        let choosing = choosing.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *choosing {
                event.stop_propagation();
                choosing.set(false);
            }
        })
    };
    let shared = *audience != Audience::Private;
    let who = called(&words, audience);
    let short = match audience {
        Audience::Group(name) => name.clone(),
        Audience::Private | Audience::Council => who.clone(),
    };
    let seen_by = words.fill("seen-by", &[("who", who.into())]);
    let colour = kit.colour(variant);
    let colourful = !variant.colours().is_empty();
    html! {
        <div class="tools-place" data-own="" onkeydown={leave}>
            if *choosing {
                <div class="audience-choice">
                    <AudienceChoice chosen={audience.clone()} on_choose={chosen} />
                </div>
            }
            if opened.is_some() {
                <Palette acts={acts.clone()} {family} tool={*tool} kit={*kit} {on_close} />
            }
            <div class="tools" role="toolbar" aria-label={words.say("tools")} ref={node}
                onkeydown={keys}>
                { for Family::ALL.into_iter().enumerate().map(|(index, each)| {
                    let on = each == family;
                    let shown = if on { variant } else { kit.variant(each) };
                    let name = words.say(shown.key());
                    let several = each.variants().len() > 1;
                    html! {
                        <button type="button"
                            class={classes!(on.then_some("on"), several.then_some("several"))}
                            tabindex={stop(index)} aria-pressed={on.to_string()}
                            aria-expanded={several.then(|| (on && opened.is_some()).to_string())}
                            aria-label={name.clone()} title={name} data-tool={each.name()}
                            data-variant={shown.key().trim_start_matches("tool-")}
                            onpointerdown={pressed(each)} onpointerup={released.clone()}
                            onpointerleave={released.clone()} onpointercancel={released.clone()}
                            onclick={take(each)}>
                            <Icon of={picture(shown)} />
                        </button>
                    }
                }) }
                <hr />
                <button type="button" tabindex={stop(6)} onclick={toggle} disabled={!colourful}
                    aria-expanded={opened.is_some().to_string()} data-tool="colour"
                    aria-label={words.fill("tool-colour",
                        &[("colour", words.say(&format!("colour-{}", colour_name(colour))).into())])}>
                    <span class="ink-dot"
                        style={format!("background:{}", variant.swatch(colour))} />
                </button>
                <button type="button" tabindex={stop(7)} onclick={choose} data-tool="audience"
                    class={classes!("audience", shared.then_some("shared"))}
                    style={tint(&acts.audiences(), audience)}
                    aria-expanded={choosing.to_string()} aria-label={seen_by.clone()}
                    title={seen_by}>
                    <Icon of={sign(audience)} />
                    if shared { <span class="audience-name">{ short }</span> }
                </button>
                <hr />
                <button type="button" tabindex={stop(8)} onclick={history(true)} data-tool="undo"
                    disabled={!can_undo} aria-label={words.say("undo")} title={words.say("undo")}>
                    <Icon of={Picture::Undo} />
                </button>
                <button type="button" tabindex={stop(9)} onclick={history(false)} data-tool="redo"
                    disabled={!can_redo} aria-label={words.say("redo")} title={words.say("redo")}>
                    <Icon of={Picture::Redo} />
                </button>
            </div>
        </div>
    }
}

/// Moves the focus to the next button that can be pressed; its place.
fn step_focus(node: &NodeRef, step: i64) -> Option<usize> {
    let bar = node.cast::<web_sys::Element>()?;
    let buttons = bar.get_elements_by_tag_name("button");
    let count = i64::from(buttons.length());
    let active = web_sys::window()?.document()?.active_element();
    let button = |index: i64| buttons.item(u32::try_from(index).ok()?);
    let now = (0..count).find(|index| button(*index) == active)?;
    let next = (1..count)
        .map(|away| (now + step * away).rem_euclid(count))
        .find(|index| button(*index).is_some_and(|it| !it.has_attribute("disabled")))?;
    button(next)?.dyn_into::<HtmlElement>().ok()?.focus().ok()?;
    usize::try_from(next).ok()
}
