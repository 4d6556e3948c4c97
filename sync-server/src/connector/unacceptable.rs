//! Why a form is not taken, in the interface's own words where it has some, and how that is answered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::blobs::BlobError;
use crate::codes::NoRandom;
use crate::log::LogError;

/// Why a form is not taken. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unacceptable {
    /// A field is missing.
    #[error("fields jsonData, username, password and conn must be set")]
    Fields,
    /// The same whichever of the three is wrong: nobody learns here which accounts there are.
    #[error("Authentication error")]
    Credentials,
    /// A file came before its sender had said who it is.
    #[error("fields username, password and conn must stand before the first file")]
    FileFirst,
    /// The description is no JSON.
    #[error("jsonData is not a valid json")]
    Json,
    /// The people are no JSON.
    #[error("acteurs_convoques is not a valid json")]
    People,
    /// Something the interface asks for is not there.
    #[error("{0} is required")]
    Missing(String),
    /// The day cannot be read.
    #[error("date_seance is not a date: write YYYY-MM-DD HH:MM in the council's time")]
    Day,
    /// The same part or number twice.
    #[error("{0} stands twice")]
    Twice(String),
    /// A file that the description does not name.
    #[error("{0} belongs to no project of jsonData")]
    Stray(String),
    /// A file is none that tablets show.
    #[error("{0} is not a PDF")]
    NotPdf(String),
    /// A paper of no bytes.
    #[error("{0} is empty")]
    Empty(String),
    /// The form is cut off or no form.
    #[error("the form is broken: send it again as multipart/form-data")]
    Torn,
    /// The form is too large.
    #[error("the form is larger than {0} bytes")]
    TooLarge(u64),
    /// A text is too large.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// Too many parts.
    #[error("the form has more than {0} parts")]
    Parts(usize),
    /// The agenda does not fit in one record of the log.
    #[error("the agenda is too long to be kept: shorten it or split the sitting")]
    Agenda,
    /// A sitting of this type at this time is there.
    #[error("a sitting of this type at this date exists already; nothing was changed")]
    Known,
    /// Too often.
    #[error("too many requests: wait and send again")]
    TooMany {
        /// For how long, in milliseconds.
        wait_ms: u64,
    },
    /// The form took too long.
    #[error("the form did not arrive in time: send it again")]
    Slow,
    /// The server's own trouble.
    #[error("the server cannot keep this now; nothing was kept, send it again later")]
    Trouble,
}

impl Unacceptable {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Trouble => StatusCode::SERVICE_UNAVAILABLE,
            // The interface knows one status for all the rest.
            Self::Fields
            | Self::Credentials
            | Self::FileFirst
            | Self::Json
            | Self::People
            | Self::Missing(_)
            | Self::Day
            | Self::Twice(_)
            | Self::Stray(_)
            | Self::NotPdf(_)
            | Self::Empty(_)
            | Self::Torn
            | Self::TooLong(_)
            | Self::Parts(_)
            | Self::Agenda
            | Self::Known => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer to a client that tries its settings: plain text.
    pub(crate) fn plain(self) -> Response {
        let status = match self.status() {
            StatusCode::BAD_REQUEST => StatusCode::FORBIDDEN,
            other => other,
        };
        self.timed((status, self.to_string()).into_response())
    }

    fn timed(&self, mut response: Response) -> Response {
        if let Self::TooMany { wait_ms } = self {
            let seconds = HeaderValue::from(wait_ms.div_ceil(1_000));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl IntoResponse for Unacceptable {
    fn into_response(self) -> Response {
        let said = Said {
            success: false,
            code: "Seance.add.error",
            message: &self.to_string(),
            uuid: None,
        };
        self.timed(said.answer(self.status()))
    }
}

/// What a client reads, in the interface's order.
#[derive(Serialize)]
pub(crate) struct Said<'a> {
    pub(crate) success: bool,
    pub(crate) code: &'static str,
    pub(crate) message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uuid: Option<String>,
}

impl Said<'_> {
    pub(crate) fn answer(&self, status: StatusCode) -> Response {
        let text = serde_json::to_string(self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/json")], ascii(&text)).into_response()
    }
}

/// JSON in ASCII, as the interface's own servers write it: some of its clients read no UTF-8.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

impl From<LogError> for Unacceptable {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "a sitting that was brought cannot be kept");
        Self::Trouble
    }
}

impl From<BlobError> for Unacceptable {
    fn from(error: BlobError) -> Self {
        tracing::error!(%error, "a paper that was brought cannot be kept");
        Self::Trouble
    }
}

impl From<NoRandom> for Unacceptable {
    fn from(error: NoRandom) -> Self {
        tracing::error!(%error, "a sitting that was brought cannot be kept");
        Self::Trouble
    }
}

impl From<std::io::Error> for Unacceptable {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "a paper that was brought cannot be laid down");
        Self::Trouble
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_written_as_the_interface_writes_them() {
        assert_eq!(ascii("{\"a\":\"séance 🏛\"}"), r#"{"a":"s\u00e9ance \ud83c\udfdb"}"#);
    }
}
