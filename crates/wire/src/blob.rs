//! Papers by their SHA-256.
//!
//! - `HEAD /v1/blobs/{sha256}`: 200 with `Content-Length` when the server holds it whole; 404 with
//!   [`UPLOAD_OFFSET`] telling how many bytes of an unfinished upload it holds.
//! - `PUT /v1/blobs/{sha256}` (clerk) with [`UPLOAD_OFFSET`] (first byte of this body) and
//!   [`UPLOAD_LENGTH`] (of the whole paper): the body is appended; 201 when whole and its digest is
//!   true, 202 with the new [`UPLOAD_OFFSET`] when more is wanted, 409 with the true
//!   [`UPLOAD_OFFSET`] when the offset is not where the server stands. Putting a paper that the
//!   server holds answers 200 and changes nothing.
//! - `GET /v1/blobs/{sha256}`: immutable, `ETag` is the quoted digest, `Range: bytes=N-` resumes.

use domain::Sha256;

/// Header: offset in bytes of an upload.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Header: length in bytes of the whole paper.
pub const UPLOAD_LENGTH: &str = "upload-length";

/// Path of a paper.
#[must_use]
pub fn path(sha256: &Sha256) -> String {
    format!("/v1/blobs/{sha256}")
}
