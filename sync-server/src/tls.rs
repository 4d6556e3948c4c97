//! TLS in the server itself: rustls with ring, versions 1.2 and 1.3, HTTP/2 and 1.1 by ALPN.
//!
//! The certificate is read again when its files change and at SIGHUP, without a restart. Files that
//! make no pair are said in the log, and the certificate that worked stays.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// HTTP versions in the order in which they are preferred.
const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// Where the certificate is, in PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The server's certificate, then those between it and an authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// How often the files are looked at for a change.
    pub watch: Duration,
}

impl TlsFiles {
    /// These two files, looked at every half minute.
    #[must_use]
    pub const fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self { certificate, key, watch: Duration::from_secs(30) }
    }
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM of its kind.
    #[error("{path} cannot be used for TLS: {cause}.")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: rustls::pki_types::pem::Error,
    },
    /// The certificate and the key are not usable together.
    #[error("{certificate} and {key} are not a certificate and its key: {cause}.")]
    Pair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why.
        cause: rustls::Error,
    },
    /// The library lacks what it was built with.
    #[error("TLS cannot be set up: {0}.")]
    Library(rustls::Error),
}

/// The door's TLS.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

impl Tls {
    pub(crate) fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let certificate = Arc::new(Certificate::load(files, Arc::clone(&provider))?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TlsError::Library)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// Keeps the certificate as fresh as its files until `closing`.
    pub(crate) async fn keep_fresh(self, closing: CancellationToken) {
        let certificate = self.certificate;
        let mut hangup = Hangup::listen();
        let mut known = certificate.changed();
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(certificate.files.watch) => false,
                () = hangup.next() => true,
                () = closing.cancelled() => return,
            };
            let now = certificate.changed();
            if asked || now != known {
                certificate.reload();
            }
            known = now;
        }
    }
}

/// Whether an agreed protocol is HTTP/2.
pub(crate) fn is_http_2(protocol: Option<&[u8]>) -> bool {
    protocol == Some(HTTP_2)
}

#[derive(Debug)]
struct Certificate {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    present: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    fn load(files: TlsFiles, provider: Arc<CryptoProvider>) -> Result<Self, TlsError> {
        let present = RwLock::new(Arc::new(read(&files, &provider)?));
        Ok(Self { files, provider, present })
    }

    fn reload(&self) {
        match read(&self.files, &self.provider) {
            Ok(fresh) => {
                *self.present.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::error!(%error, "the certificate in use is kept"),
        }
    }

    /// When the files were last written; none while one is missing.
    fn changed(&self) -> Option<(SystemTime, SystemTime)> {
        let written = |path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
        Some((written(&self.files.certificate)?, written(&self.files.key)?))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let at = |path: &PathBuf| {
        let path = path.clone();
        move |cause| TlsError::File { path, cause }
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .and_then(|chain: Vec<_>| {
            if chain.is_empty() {
                Err(rustls::pki_types::pem::Error::NoItemsFound)
            } else {
                Ok(chain)
            }
        })
        .map_err(at(&files.certificate))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(at(&files.key))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|cause| TlsError::Pair {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        cause,
    })
}

/// SIGHUP, where there is one.
struct Hangup(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

impl Hangup {
    #[cfg(unix)]
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self(signal(SignalKind::hangup()).ok())
    }

    #[cfg(not(unix))]
    const fn listen() -> Self {
        Self()
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
