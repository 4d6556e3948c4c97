//! The window of Pupitre: what an official sees and touches.
//!
//! Screens are in `pages`, the reader's parts in `reader`, what several screens share in
//! `components`. What can be decided without a browser is in modules free of web types and tested
//! natively: routes, words, messages, and the reader's layout, tiles, marks and state. Only
//! `bridge` speaks to the app.

mod app;
mod app_state;
mod asked;
mod bridge;
mod clerk;
mod components;
mod dom;
mod pages;
mod reader;
mod route;
mod toasts;
mod versions;
mod words;

fn main() {
    yew::Renderer::<app::Window>::new().render();
}
