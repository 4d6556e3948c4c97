//! The sync server: one append-only log per council, and the papers, behind HTTP.
//!
//! The server is a log and a tablet is a replica. The server gives every entry its sequence
//! number, checks who may write and who may read, and stores what it is given: of notes it
//! understands nothing, of the catalogue only what its rules need. An operation is acknowledged
//! when it is durable and not before.
//!
//! [`serve`] takes the listener and the shutdown, so that a test owns both. The parts:
//! [`log`] (entries, members, devices, sessions) and [`blobs`] (papers) are traits with an
//! implementation each for real life and for comparison; `authority` turns a request into a
//! permission that handlers hold; `handlers` are thin; `commands` are the program's verbs.

mod accept;
mod app;
mod authority;
pub mod blobs;
mod body;
pub mod codes;
pub mod commands;
pub mod config;
pub mod connector;
pub mod digest;
mod handlers;
pub mod limits;
pub mod log;
pub mod metrics;
mod office;
mod poke;
pub mod post;
mod rate;
mod refusal;
mod router;
mod serve;
pub mod tls;

pub use config::{Clock, Config, system_clock};
pub use limits::Limits;
pub use router::routes;
pub use serve::{ServeError, Server, Stores, serve};
pub use tls::TlsFiles;
