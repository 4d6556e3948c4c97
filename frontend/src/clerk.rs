//! Greffe: the clerk's screens. A sitting is prepared here, published, and its people are kept.
//!
//! Every change goes to the app at once and comes back as the draft stands then: the screens keep
//! nothing that a closed window could lose. What can be decided without a browser (orders, sentences,
//! the state of an import) is in `order`, `said` and `import_state`, and tested natively.

mod audit;
pub(crate) mod board;
mod body;
mod convening;
mod deadline;
pub(crate) mod devices;
pub(crate) mod drop_zone;
pub(crate) mod editor;
mod fields;
mod files;
mod import_state;
mod invitation;
mod item;
mod letterhead;
mod list;
mod message;
mod order;
pub(crate) mod people;
mod person;
mod picks;
mod publish;
mod roster;
pub(crate) mod said;
mod tabs;
