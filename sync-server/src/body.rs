//! Messages in and out: CBOR, never larger or slower than allowed.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use wire::ProblemCode;

use crate::app::App;
use crate::refusal::Refusal;

/// A message of at most `LIMIT` bytes.
pub(crate) struct Cbor<T, const LIMIT: usize>(pub(crate) T);

impl<T, const LIMIT: usize> FromRequest<App> for Cbor<T, LIMIT>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok())
            .and_then(|length| length.parse::<usize>().ok());
        if announced.is_some_and(|length| length > LIMIT) {
            return Err(too_large(LIMIT));
        }
        let collect = axum::body::to_bytes(request.into_body(), LIMIT);
        let bytes = tokio::time::timeout(app.limits.body_timeout, collect)
            .await
            .map_err(|_| {
                Refusal::new(ProblemCode::Malformed, "The request's body did not arrive in time.")
            })?
            .map_err(|error| {
                if is_length_limit(&error) {
                    too_large(LIMIT)
                } else {
                    Refusal::new(ProblemCode::Malformed, "The request's body broke off.")
                }
            })?;
        let message = wire::decode(&bytes)
            .map_err(|error| Refusal::new(ProblemCode::Malformed, error.to_string()))?;
        Ok(Self(message))
    }
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        ProblemCode::TooLarge,
        format!("This request is larger than {limit} bytes; send less at a time."),
    )
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A message as an answer.
pub(crate) struct Answer<T>(pub(crate) T);

impl<T: minicbor::Encode<()>> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match wire::encode(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, wire::CONTENT_TYPE)], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                Refusal::new(ProblemCode::Unavailable, "The answer could not be written.")
                    .into_response()
            }
        }
    }
}
