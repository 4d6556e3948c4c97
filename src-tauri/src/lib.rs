//! The window of Pupitre, and the bridge that shows the same screens in a browser.
//!
//! Both are doors to one [`desk::Desk`] and decide nothing: a command comes in, its reply or problem
//! goes out, events are passed on, and page images are served under an address of their own.

#[cfg(feature = "bridge")]
pub mod bridge;
pub mod desk;
mod page;
mod piece;
pub mod window;
