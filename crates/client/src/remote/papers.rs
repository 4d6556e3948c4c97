//! Papers over the line: downloads that resume, uploads that resume.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use domain::Sha256;
use futures_util::{Stream, TryStreamExt};
use reqwest::header::{CONTENT_LENGTH, RANGE};
use reqwest::{Body, Method};
use wire::blob::{self, UPLOAD_LENGTH, UPLOAD_OFFSET};

use super::{Remote, RemoteError, SMALL, number};
use crate::publish::upload::Parcel;
use crate::sealed::Unsealed;

/// Bytes read from the disk at once.
const CHUNK: usize = 256 * 1024;

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upload {
    /// The server holds the paper whole.
    Whole,
    /// The server wants it from this byte on.
    From(u64),
}

impl Remote {
    /// The paper's bytes from `offset` on.
    pub(crate) async fn download(
        &self,
        pdf: &Sha256,
        offset: u64,
    ) -> Result<impl Stream<Item = Result<Bytes, RemoteError>> + use<>, RemoteError> {
        let path = blob::path(pdf);
        let range = format!("bytes={offset}-");
        let response = self
            .with_session(Method::GET, &path, 0, |request| request.header(RANGE, &range))
            .await?;
        if response.status().as_u16() != 206 && offset > 0 {
            return Err(RemoteError::Unexpected("a whole paper instead of a part".to_owned()));
        }
        let traffic = self.traffic();
        Ok(response.bytes_stream().map_err(RemoteError::of_http).inspect_ok(move |chunk| {
            traffic.received(chunk.len() as u64);
        }))
    }

    /// Where the upload of a paper stands.
    pub(crate) async fn uploaded(&self, pdf: &Sha256) -> Result<Upload, RemoteError> {
        let path = blob::path(pdf);
        let answer = self.any_status(Method::HEAD, &path).await?;
        match answer.status().as_u16() {
            200 => Ok(Upload::Whole),
            404 => Ok(Upload::From(number(answer.headers(), UPLOAD_OFFSET).unwrap_or(0))),
            status => Err(RemoteError::Unexpected(format!("status {status}"))),
        }
    }

    /// Sends a paper from `offset` on; `sent` hears of every piece that has gone out.
    pub(crate) async fn upload(
        &self,
        paper: &Parcel,
        offset: u64,
        sent: impl Fn(u64) + Send + Sync + Clone + 'static,
    ) -> Result<Upload, RemoteError> {
        let path = blob::path(&paper.pdf);
        let unreadable = |error: &std::io::Error| {
            tracing::info!(%error, "a paper to be sent");
            RemoteError::Here(ipc::Problem::about(
                ipc::ErrorCode::FileUnreadable,
                paper.file_name.clone(),
            ))
        };
        let line = &self.inner.line;
        let token = self.inner.door.token(line).await?;
        let rest = paper.bytes.saturating_sub(offset);
        let source = source(paper, offset, rest).map_err(|error| unreadable(&error))?;
        let traffic = self.traffic();
        let pieces = pieces(source).inspect_ok(move |piece| {
            traffic.sent(piece.len() as u64);
            sent(piece.len() as u64);
        });
        let request = line
            .request(Method::PUT, &path)?
            .bearer_auth(&*token)
            .header(UPLOAD_OFFSET, offset)
            .header(UPLOAD_LENGTH, paper.bytes)
            .header(CONTENT_LENGTH, rest)
            .body(Body::wrap_stream(pieces));
        let answer = line.send_any(request, 0).await?;
        match answer.status().as_u16() {
            200 | 201 => Ok(Upload::Whole),
            202 | 409 => match number(answer.headers(), UPLOAD_OFFSET) {
                Some(stands) => Ok(Upload::From(stands)),
                None => Err(RemoteError::Unexpected("an upload without its offset".to_owned())),
            },
            _ => {
                let refusal = line.refusal(answer).await;
                if let RemoteError::Refused(said) = &refusal
                    && said.code == wire::ProblemCode::Session
                {
                    self.inner.door.forget(&token).await;
                }
                Err(refusal)
            }
        }
    }

    async fn any_status(
        &self,
        method: Method,
        path: &str,
    ) -> Result<reqwest::Response, RemoteError> {
        let line = &self.inner.line;
        for last in [false, true] {
            let token = self.inner.door.token(line).await?;
            let request = line.request(method.clone(), path)?.timeout(SMALL).bearer_auth(&*token);
            let answer = line.send_any(request, 0).await?;
            if last || answer.status().as_u16() != 401 {
                return Ok(answer);
            }
            self.inner.door.forget(&token).await;
        }
        Err(RemoteError::Unexpected("no answer".to_owned()))
    }
}

/// What is left of a paper after `offset`; one of the tablet's own is opened as it is read.
fn source(paper: &Parcel, offset: u64, rest: u64) -> io::Result<Box<dyn Read + Send>> {
    let mut file = File::open(&paper.path)?;
    let start = SeekFrom::Start(offset);
    Ok(match &paper.key {
        Some(key) => {
            let mut unsealed = Unsealed::open(file, key)?;
            unsealed.seek(start)?;
            Box::new(unsealed.take(rest))
        }
        None => {
            file.seek(start)?;
            Box::new(file.take(rest))
        }
    })
}

/// The pieces of a source, each read off the threads that answer.
fn pieces(source: Box<dyn Read + Send>) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::try_unfold(source, |mut source| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(CHUNK);
            source.by_ref().take(CHUNK as u64).read_to_end(&mut piece)?;
            Ok::<_, io::Error>((piece, source))
        });
        let (piece, source) = read.await.map_err(io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), source)))
    })
}
