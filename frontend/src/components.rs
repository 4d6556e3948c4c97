//! What several screens share.

pub(crate) mod audience;
pub(crate) mod bar;
pub(crate) mod dialog;
pub(crate) mod file_choice;
pub(crate) mod icons;
pub(crate) mod note_row;
pub(crate) mod own_devices;
pub(crate) mod page_img;
pub(crate) mod pin;
pub(crate) mod reply;
pub(crate) mod sealing;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod sync_mark;
pub(crate) mod toasts;
