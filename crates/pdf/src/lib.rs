//! The PDF reader: draws pages, reads their text, writes copies with notes.
//!
//! PDFs come from anybody, and the library that reads them is a large C++ program: it runs in worker
//! processes of its own that have neither files nor network nor secrets. The tablet opens a paper
//! and passes the descriptor; images come back already encoded over the same socket. A worker that
//! dies or takes too long over a page is replaced in about 20 ms; a paper that does this to it twice
//! is set aside.
//!
//! - [`PdfReader`] is the port [`client::ports::Papers`].
//! - Every binary that uses it calls [`worker_main_if_asked`] first thing in `main`: the worker is
//!   the same executable, started again.

mod cache;
mod check;
mod config;
mod export;
mod foreign;
mod protocol;
mod queue;
mod reader;
mod seat;
mod sheets;
mod typeset;
mod worker;

pub use config::PdfConfig;
pub use reader::PdfReader;
pub use worker::worker_main_if_asked;
