//! The authority that stamps the time on the council's proofs: its address, and the certificates to
//! which its stamps must lead, from a PEM file.

use std::path::Path;
use std::sync::Arc;

use domain::{Record, StampAuthority};
use ipc::{ErrorCode, Problem, Reason};

use crate::core::Core;
use crate::proof::stamp;
use crate::{exchange, problem};

/// Largest file of certificates, in bytes; the council's record carries it.
const FILE: usize = 64 * 1024;

/// Keeps the authority, or forgets it.
pub(super) async fn save(
    core: &Arc<Core>,
    named: Option<(String, &Path)>,
) -> Result<(), Problem> {
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
    exchange::catch_up(core).await?;
    let mut council = core.now().catalogue.council.clone().ok_or(ErrorCode::NotEnrolled)?;
    if council.stamp == authority {
        return Ok(());
    }
    council.stamp = authority;
    exchange::send_records(core, vec![Record::Council(council)]).await
}
