//! Asking the council's time-stamping authority (RFC 3161, 3.4: over HTTP).

use std::time::Duration;

use domain::{Sha256, StampAuthority};
use ring::rand::{SecureRandom, SystemRandom};

use super::file::{Stamp, hex};
use super::stamp::{self, StampError, Stamped};

/// How long an authority may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest answer that is read, in bytes: a token with its certificates is about 6 KB.
const LONGEST: usize = 256 * 1024;

/// Why there is no stamp; the proof is written without.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unstamped {
    /// The authority was not reached.
    #[error("{0}")]
    Unreachable(String),
    /// Its stamp is not believed.
    #[error(transparent)]
    Stamp(#[from] StampError),
}

/// Has the digest stamped.
pub(super) async fn ask(
    authority: &StampAuthority,
    root: &Sha256,
) -> Result<(Stamp, Stamped), Unstamped> {
    let unreachable =
        |error: reqwest::Error| Unstamped::Unreachable(error.without_url().to_string());
    let roots = stamp::roots(authority.roots.as_bytes())?;
    let mut nonce = [0; 8];
    SystemRandom::new()
        .fill(&mut nonce)
        .map_err(|_| Unstamped::Unreachable("no random numbers on this machine".to_owned()))?;
    let question = stamp::question(root, nonce)?;
    // Another part of the process may have chosen the provider already; either will do.
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder().timeout(PATIENCE).build().map_err(unreachable)?;
    let response = http
        .post(&authority.url)
        .header("content-type", "application/timestamp-query")
        .body(question)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(unreachable)?;
    if response.content_length().is_some_and(|length| length > LONGEST as u64) {
        return Err(StampError::Unreadable.into());
    }
    let answer = response.bytes().await.map_err(unreachable)?;
    let (token, stamped) = stamp::token(&answer, root, nonce, &roots)?;
    let stamp = Stamp {
        url: authority.url.clone(),
        token: hex(&token),
        roots: roots.iter().map(|root| hex(root)).collect(),
    };
    Ok((stamp, stamped))
}
