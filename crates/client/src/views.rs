//! What the screens show, drawn from a [`crate::picture::Picture`].

pub(crate) mod deadline;
pub(crate) mod document;
pub(crate) mod home;
pub(crate) mod notes;
pub(crate) mod people;
pub(crate) mod search;
pub(crate) mod sitting;
pub(crate) mod status;
pub(crate) mod versions;
