//! Everything the app can do without a window.
//!
//! One actor owns the ports and answers [`ipc::Command`] with [`ipc::Reply`]; the Tauri window, the
//! browser bridge, the command line and the tests are thin doors to it. The ports are what it
//! needs from the outside: [`ports::Store`], [`ports::PaperFiles`], [`ports::Papers`],
//! [`ports::Keys`] and [`ports::World`]; `store` and `pdf` implement them.

mod actor;
pub mod archive;
mod ark;
mod carrying;
mod catalogue;
mod clerk;
mod client;
mod convene;
mod core;
pub mod deliberations;
mod desk;
pub mod door;
mod driver;
mod earlier;
mod enrolment;
mod exchange;
mod farewell;
mod fetch;
mod giving_back;
mod importing;
mod indexing;
mod inspections;
pub mod lease;
mod ledger;
mod marking;
mod messages;
mod notebook;
mod notes;
mod pages;
mod people;
mod picture;
pub mod ports;
mod problem;
pub mod proof;
mod publish;
mod reading;
mod remote;
mod rescue;
mod roll;
pub mod sealed;
mod sealing;
mod shelf;
mod statements;
mod views;
mod world;

pub use ark::ark;
pub use client::{Client, ClientConfig, Hint};
pub use door::Door;
pub use farewell::Dismissal;
pub use sealing::SealingWork;
pub use world::SystemWorld;
