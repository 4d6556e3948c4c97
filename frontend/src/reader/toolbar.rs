//! The tools: one tap takes a tool, a second tap on it opens its colours. Arrow keys move between
//! them.

use ink::{Colour, Tool};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::acts::Acts;
use super::state::Move;
use super::tools::{Kit, WIDTHS, band, colours, ink};
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

const TOOLS: [(Tool, Picture, &str); 6] = [
    (Tool::Hand, Picture::Hand, "tool-hand"),
    (Tool::Highlighter, Picture::Highlighter, "tool-highlighter"),
    (Tool::Pen, Picture::Pen, "tool-pen"),
    (Tool::Note, Picture::Note, "tool-note"),
    (Tool::Text, Picture::Text, "tool-text"),
    (Tool::Eraser, Picture::Eraser, "tool-eraser"),
];

#[derive(Properties, PartialEq)]
pub(crate) struct ToolbarProps {
    pub(crate) acts: Acts,
    pub(crate) tool: Tool,
    pub(crate) kit: Kit,
    pub(crate) can_undo: bool,
    pub(crate) can_redo: bool,
}

/// How a colour looks in the hand.
pub(crate) const fn swatch(tool: Tool, colour: Colour) -> &'static str {
    match tool {
        Tool::Pen => ink(colour),
        Tool::Hand | Tool::Highlighter | Tool::Note | Tool::Text | Tool::Eraser => band(colour),
    }
}

#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let ToolbarProps { acts, tool, kit, can_undo, can_redo } = props;
    let words = acts.words();
    let palette = use_state(|| false);
    let node = use_node_ref();
    let at = use_state(|| 0_usize);
    let colourful = !matches!(tool, Tool::Hand | Tool::Eraser);
    let open = *palette && colourful;
    let take = |wanted: Tool| {
        let (acts, palette, tool) = (acts.clone(), palette.clone(), *tool);
        move |_: MouseEvent| {
            palette.set(wanted == tool && !*palette);
            if wanted != tool {
                acts.desk.dispatch(Move::Tool(wanted));
            }
        }
    };
    let keys = {
        let (node, at) = (node.clone(), at.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => -1,
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
        let palette = palette.clone();
        move |_: MouseEvent| palette.set(!*palette)
    };
    let history = |back: bool| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.history(back)
    };
    let lock = {
        let acts = acts.clone();
        move |_: MouseEvent| {
            crate::app::toast(&acts.app.dispatcher(), acts.words().say("private-means"));
        }
    };
    let colour = kit.colour(*tool);
    html! {
        <div class="tools-place" data-own="">
            if open {
                <Palette acts={acts.clone()} tool={*tool} kit={*kit} />
            }
            <div class="tools" role="toolbar" aria-label={words.say("tools")} ref={node}
                onkeydown={keys}>
                { for TOOLS.iter().enumerate().map(|(index, (each, picture, key))| {
                    let on = each == tool;
                    html! {
                        <button type="button" class={classes!(on.then_some("on"))}
                            tabindex={stop(index)} aria-pressed={on.to_string()}
                            aria-label={words.say(key)} title={words.say(key)}
                            data-tool={key.trim_start_matches("tool-")} onclick={take(*each)}>
                            <Icon of={*picture} />
                        </button>
                    }
                }) }
                <hr />
                <button type="button" tabindex={stop(6)} onclick={toggle} disabled={!colourful}
                    aria-expanded={open.to_string()} data-tool="colour"
                    aria-label={words.fill("tool-colour",
                        &[("colour", words.say(&format!("colour-{}", colour_name(colour))).into())])}>
                    <span class="ink-dot"
                        style={format!("background:{}", swatch(*tool, colour))} />
                </button>
                <button type="button" tabindex={stop(7)} onclick={lock} data-tool="audience"
                    aria-label={words.say("private-to-me")} title={words.say("private-to-me")}>
                    <Icon of={Picture::Lock} />
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

#[derive(Properties, PartialEq)]
struct PaletteProps {
    acts: Acts,
    tool: Tool,
    kit: Kit,
}

/// Colours of the tool, and widths of the pen.
#[component]
fn Palette(props: &PaletteProps) -> Html {
    let PaletteProps { acts, tool, kit } = props;
    let words = acts.words();
    let choose = |wanted: fn(usize, Tool) -> Option<Move>, index: usize| {
        let (acts, tool) = (acts.clone(), *tool);
        move |_: MouseEvent| {
            if let Some(wanted) = wanted(index, tool) {
                acts.desk.dispatch(wanted);
            }
        }
    };
    let names = ["width-thin", "width-medium", "width-broad"];
    html! {
        <div class="palette" role="group" aria-label={words.say("colours")}>
            { for colours(*tool).iter().enumerate().map(|(index, colour)| {
                let on = kit.colour(*tool) == *colour;
                let wanted = |index, tool| colours(tool).get(index).copied().map(Move::Colour);
                html! {
                    <button type="button" aria-pressed={on.to_string()}
                        aria-label={words.say(&format!("colour-{}", colour_name(*colour)))}
                        onclick={choose(wanted, index)}>
                        <span class="ink-dot"
                            style={format!("background:{}", swatch(*tool, *colour))} />
                    </button>
                }
            }) }
            if *tool == Tool::Pen {
                <hr />
                { for WIDTHS.iter().zip(names).enumerate().map(|(index, (width, name))| {
                    let on = kit.width == index;
                    let wanted = |index, _| Some(Move::Width(index));
                    html! {
                        <button type="button" aria-pressed={on.to_string()}
                            aria-label={words.say(name)} onclick={choose(wanted, index)}>
                            <span class="width" style={format!("height:{}px", width * 2.0)} />
                        </button>
                    }
                }) }
            }
        </div>
    }
}
