//! One file per request: read, ask the log or the store, answer.

pub(crate) mod audit;
pub(crate) mod blobs;
pub(crate) mod calendar;
pub(crate) mod connector;
pub(crate) mod devices;
pub(crate) mod enrol;
pub(crate) mod farewell;
pub(crate) mod health;
pub(crate) mod invitations;
pub(crate) mod poke;
pub(crate) mod session;
pub(crate) mod sync;
