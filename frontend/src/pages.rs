//! The screens, the reader aside.

pub(crate) mod agenda;
pub(crate) mod code_reminder;
pub(crate) mod enrolment;
pub(crate) mod home;
pub(crate) mod lock;
pub(crate) mod messages;
pub(crate) mod next_sitting;
pub(crate) mod notes;
pub(crate) mod sitting;
