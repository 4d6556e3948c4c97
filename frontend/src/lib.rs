//! The screens of Pupitre, in two programs of one library: `pupitre-frontend` is what an official
//! sees and touches, `pupitre-desk` is Greffe, which most tablets never load. A page of the window
//! holds one of them; going to a screen of the other loads its page ([`program`]).
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
mod program;
mod reader;
mod route;
mod toasts;
mod tree;
mod versions;
mod words;

pub use app::{desk, tablet};
