//! Counting what goes over the line.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::HeaderMap;

/// Bytes both ways, shared by all who send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traffic {
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

impl Traffic {
    pub(crate) fn sent(&self, bytes: u64) {
        self.up.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn received(&self, bytes: u64) {
        self.down.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes sent and received so far.
    pub(crate) fn so_far(&self) -> (u64, u64) {
        (self.up.load(Ordering::Relaxed), self.down.load(Ordering::Relaxed))
    }
}

/// Length of a request's or an answer's head as HTTP/1.1 writes it, near enough.
pub(crate) fn of_head(path: usize, headers: &HeaderMap) -> u64 {
    let lines: usize =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    (path + lines + 20) as u64
}
