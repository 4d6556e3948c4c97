//! Connections: counted, timed, and let go of gently.
//!
//! axum's own loop sets no time-outs, and a peer that sends its request one byte a minute would
//! hold its connection for ever; so the loop stands here.

mod patient;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use self::patient::Patient;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::tls::{Tls, is_http_2};

/// Connections beyond the limit that are accepted to be told so.
const TOLD: usize = 64;
/// Requests of one HTTP/2 connection at the same time.
const STREAMS: u32 = 64;
/// First bytes taken from a TLS connection before HTTP reads it; later reads are not held up by it.
const FIRST: usize = 512;
/// Largest head of a request, in bytes.
const HEAD: usize = 16 * 1024;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    address: SocketAddr,
    /// Whether it is one connection too many.
    pub(crate) crowded: bool,
}

impl Peer {
    /// What its rate is counted under: an IPv4 address, or the network of an IPv6 one, of which a
    /// single machine has as many as it likes.
    pub(crate) fn bucket(&self) -> IpAddr {
        match self.address.ip().to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        }
    }
}

/// A listener and how it is guarded.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<Tls>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
}

/// Serves connections until `closing`, then waits for requests under way, for `farewell` at most.
pub(crate) async fn accept_all(door: Door, router: Router, closing: CancellationToken) {
    let Door { listener, tls, limits, metrics } = door;
    let places = Arc::new(Semaphore::new(limits.connections.saturating_add(TOLD)));
    let graceful = GracefulShutdown::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = closing.cancelled() => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = closing.cancelled() => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, or a peer gone already: neither ends the server.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let peer = Peer { address, crowded: places.available_permits() < TOLD };
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request.map(Body::new)
        });
        let watcher = graceful.watcher();
        let metrics = Arc::clone(&metrics);
        let (tls, closing) = (tls.clone(), closing.clone());
        tokio::spawn(async move {
            metrics.connections.add(1);
            stream.set_nodelay(true).ok();
            let greeted = tokio::select! {
                greeted = tokio::time::timeout(limits.head_timeout, greet(stream, tls)) => greeted,
                () = closing.cancelled() => Ok(None),
            };
            if let Ok(Some((stream, version))) = greeted {
                let builder = builder(version, &limits);
                let connection = builder
                    .serve_connection_with_upgrades(
                        TokioIo::new(Patient::new(stream, limits.idle_timeout)),
                        TowerToHyperService::new(service),
                    )
                    .into_owned();
                if let Err(error) = watcher.watch(connection).await {
                    tracing::debug!(error, "a connection ended badly");
                }
            }
            metrics.connections.add(-1);
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way when the server stopped");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Http1,
    Http2,
}

/// A connection's bytes, in the clear or through TLS.
type Stream = Either<TcpStream, Box<BufReader<TlsStream<TcpStream>>>>;

/// Waits for the peer's first bytes of HTTP, after its TLS handshake if there is one. None when it
/// says nothing that can be answered. The caller sets a limit: without one a silent peer would have
/// all the time in the world.
async fn greet(stream: TcpStream, tls: Option<Tls>) -> Option<(Stream, Version)> {
    let Some(tls) = tls else {
        let version = first_bytes(&stream).await?;
        return Some((Either::Left(stream), version));
    };
    match tls.acceptor.accept(stream).await {
        Ok(stream) => {
            let agreed = stream.get_ref().1.alpn_protocol();
            let version = if is_http_2(agreed) { Version::Http2 } else { Version::Http1 };
            let mut stream = BufReader::with_capacity(FIRST, stream);
            let first = stream.fill_buf().await.ok()?;
            if first.is_empty() {
                return None;
            }
            Some((Either::Right(Box::new(stream)), version))
        }
        Err(error) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
    }
}

/// Looks at the first two bytes without taking them: `PR` starts HTTP/2's preface and no method of
/// HTTP/1.
async fn first_bytes(stream: &TcpStream) -> Option<Version> {
    loop {
        let mut first = [0; 2];
        match stream.peek(&mut first).await {
            Ok(2) if first == *b"PR" => return Some(Version::Http2),
            Ok(2) => return Some(Version::Http1),
            // One byte only: look again soon, there is nothing to wait on.
            Ok(1) => tokio::time::sleep(Duration::from_millis(20)).await,
            Ok(_) | Err(_) => return None,
        }
    }
}

fn builder(version: Version, limits: &Limits) -> Builder<TokioExecutor> {
    let builder = Builder::new(TokioExecutor::new());
    let mut builder = match version {
        Version::Http1 => builder.http1_only(),
        Version::Http2 => builder.http2_only(),
    };
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(HEAD.max(8 * 1024));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.head_timeout)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(16 * 1024);
    builder
}
