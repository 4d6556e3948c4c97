//! Everything the app can do without a window.
//!
//! One actor owns the ports and answers [`ipc::Command`] with [`ipc::Reply`]; the Tauri window, the
//! browser bridge, the command line and the tests are thin doors to it. The ports are what it
//! needs from the outside: [`ports::Store`], [`ports::PaperFiles`], [`ports::Papers`],
//! [`ports::Keys`] and [`ports::World`]; `store` and `pdf` implement them.

pub mod ports;
