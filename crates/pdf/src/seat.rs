//! Where a worker sits: in a process of its own wherever there are processes, else in a thread.

#[cfg(unix)]
mod channel;
#[cfg(not(unix))]
mod in_process;
#[cfg(unix)]
mod process;

#[cfg(unix)]
pub(crate) use channel::Channel;
#[cfg(not(unix))]
pub(crate) use in_process::Seat;
#[cfg(unix)]
pub(crate) use process::Seat;

/// How many workers there may be: pdfium does one thing at a time in a process.
pub(crate) const WORKERS: usize = if cfg!(unix) { 2 } else { 1 };
