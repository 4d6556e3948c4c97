//! The authority that stamps the time on the council's proofs: its address, and the certificates to
//! which its stamps must lead, from a PEM file.

use std::path::Path;
use std::sync::Arc;

use domain::StampAuthority;
use ipc::{ErrorCode, Problem, Reason};

use super::council;
use crate::core::Core;
use crate::problem;
use crate::proof::stamp;

/// Largest file of certificates, in bytes; the council's record carries it.
const FILE: usize = 64 * 1024;

/// Keeps the authority, or forgets it.
pub(super) async fn save(core: &Arc<Core>, named: Option<(String, &Path)>) -> Result<(), Problem> {
    let authority = match named {
        None => None,
        Some((url, file)) => {
            let url = url.trim().to_owned();
            let good = reqwest::Url::parse(&url);
            if !good.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                return Err(Problem::about(ErrorCode::BadAddress, url));
            }
            let name = file.display().to_string();
            let path = file.to_owned();
            let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(path)).await;
            let roots = read
                .map_err(|_| problem::internal("reading certificates"))?
                .map_err(|_| Problem::about(ErrorCode::FileUnreadable, name.clone()))?;
            if roots.len() > FILE || stamp::roots(roots.as_bytes()).is_err() {
                return Err(Reason::NotCertificates { file: name }.into());
            }
            Some(StampAuthority { url, roots })
        }
    };
    council::change(core, |council| council.stamp = authority).await
}
