//! Text messages through a provider's HTTP interface: one small trait, and an adapter whose fields
//! the operator names, so that most providers need no program of their own.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::{StatusCode, Url};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a provider's answer is kept, in characters.
const ANSWER: usize = 200;

/// Why a text message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// It may be taken later.
    #[error("{0}")]
    Passing(String),
    /// It will never be.
    #[error("{0}")]
    Lasting(String),
}

/// A provider of text messages.
pub trait SmsGateway: Send + Sync + 'static {
    /// Hands one message over; answers what the provider said. `key` names the message the same at
    /// each attempt, for providers that know repeats.
    fn send<'a>(
        &'a self,
        to: &'a str,
        text: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<String, SmsError>>;
}

/// A provider that takes a form or JSON over HTTP.
pub struct HttpGateway {
    /// Where messages are posted.
    pub url: Url,
    /// What is posted.
    pub fields: Fields,
    /// Whether the fields go as one JSON object rather than as a form.
    pub json: bool,
    /// The provider's token, sent as `Authorization: Bearer`.
    pub bearer: Option<String>,
    http: reqwest::Client,
}

impl std::fmt::Debug for HttpGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Token and fields may hold secrets.
        write!(f, "HttpGateway({})", self.url.host_str().unwrap_or_default())
    }
}

impl HttpGateway {
    /// The provider at this address.
    ///
    /// # Errors
    /// There is no way to speak HTTPS on this machine.
    pub fn new(
        url: Url,
        fields: Fields,
        json: bool,
        bearer: Option<String>,
    ) -> Result<Self, reqwest::Error> {
        // Another part of the process may have chosen the provider already; either will do.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { url, fields, json, bearer, http })
    }

    async fn post(&self, to: &str, text: &str, key: &str) -> Result<String, SmsError> {
        let fields = self.fields.filled(to, text, key);
        let body = if self.json {
            serde_json::to_string(&fields).map_err(|e| SmsError::Lasting(e.to_string()))?
        } else {
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish()
        };
        let kind = if self.json { "application/json" } else { "application/x-www-form-urlencoded" };
        let mut request = self.http.post(self.url.clone()).header("content-type", kind).body(body);
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        let passing = |error: reqwest::Error| SmsError::Passing(error.without_url().to_string());
        let response = request.send().await.map_err(passing)?;
        let status = response.status();
        let said: String =
            response.text().await.map_err(passing)?.trim().chars().take(ANSWER).collect();
        let answer = format!("{} {said}", status.as_u16()).trim().to_owned();
        match status {
            _ if status.is_success() => Ok(answer),
            // A wrong token or an empty account is put right by somebody; the messages wait.
            StatusCode::UNAUTHORIZED
            | StatusCode::PAYMENT_REQUIRED
            | StatusCode::FORBIDDEN
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS => Err(SmsError::Passing(answer)),
            _ if status.is_client_error() => Err(SmsError::Lasting(answer)),
            _ => Err(SmsError::Passing(answer)),
        }
    }
}

impl SmsGateway for HttpGateway {
    fn send<'a>(
        &'a self,
        to: &'a str,
        text: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<String, SmsError>> {
        Box::pin(self.post(to, text, key))
    }
}

/// What a provider wants to be told.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Names of the provider's fields with what goes into them: `{to}`, `{text}` and `{key}` are
    /// replaced, everything else goes as it is.
    pub fields: BTreeMap<String, String>,
}

impl Fields {
    /// The fields of one message.
    #[must_use]
    pub fn filled(&self, to: &str, text: &str, key: &str) -> BTreeMap<String, String> {
        let fill = |pattern: &str| {
            // One pass, so that a text that speaks of {to} is left alone.
            let mut out = String::new();
            let mut rest = pattern;
            while let Some(at) = rest.find('{') {
                let (before, from) = rest.split_at(at);
                out.push_str(before);
                let known = [("{to}", to), ("{text}", text), ("{key}", key)];
                match known.iter().find(|(name, _)| from.starts_with(name)) {
                    Some((name, value)) => {
                        out.push_str(value);
                        rest = from.get(name.len()..).unwrap_or_default();
                    }
                    None => {
                        out.push('{');
                        rest = from.get(1..).unwrap_or_default();
                    }
                }
            }
            out.push_str(rest);
            out
        };
        self.fields.iter().map(|(name, pattern)| (name.clone(), fill(pattern))).collect()
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::routing::post;

    use super::*;

    /// A provider that answers as the number says.
    async fn provider() -> Url {
        let answer = |headers: HeaderMap, body: String| async move {
            let token = headers.get("authorization").is_some_and(|token| token == "Bearer jeton");
            let status = match () {
                () if !token => StatusCode::UNAUTHORIZED,
                () if body.contains("%2B33600000000") => StatusCode::BAD_REQUEST,
                () if body.contains("%2B33611111111") => StatusCode::BAD_GATEWAY,
                () => StatusCode::OK,
            };
            (axum::http::StatusCode::from_u16(status.as_u16()).unwrap_or_default(), body)
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/sms", listener.local_addr().unwrap());
        let app = Router::new().route("/sms", post(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        url.parse().unwrap()
    }

    #[tokio::test]
    async fn a_provider_is_asked_in_its_own_words_and_its_answers_are_told_apart() {
        let url = provider().await;
        let fields = [("numero", "{to}"), ("message", "{text}")];
        let fields = fields.map(|(name, pattern)| (name.to_owned(), pattern.to_owned()));
        let fields = Fields { fields: fields.into() };
        let token = Some("jeton".to_owned());
        let gateway = HttpGateway::new(url.clone(), fields.clone(), false, token).unwrap();
        let sent = gateway.send("+33612345678", "Séance à 18 h", "k").await.unwrap();
        assert_eq!(sent, "200 message=S%C3%A9ance+%C3%A0+18+h&numero=%2B33612345678");
        let wrong = gateway.send("+33600000000", "x", "k").await;
        assert!(matches!(wrong, Err(SmsError::Lasting(said)) if said.starts_with("400")));
        let busy = gateway.send("+33611111111", "x", "k").await;
        assert!(matches!(busy, Err(SmsError::Passing(said)) if said.starts_with("502")));
        // A false token is put right by somebody: the message waits.
        let stranger = HttpGateway::new(url, fields, false, None).unwrap();
        assert!(matches!(stranger.send("+336", "x", "k").await, Err(SmsError::Passing(_))));
        assert!(!format!("{gateway:?}").contains("jeton"));
    }

    #[test]
    fn the_operators_fields_are_filled_once() {
        let fields = [("dest", "{to}"), ("msg", "{text}"), ("ref", "x-{key}"), ("app", "{other}")];
        let fields = fields.map(|(name, pattern)| (name.to_owned(), pattern.to_owned()));
        let filled = Fields { fields: fields.into() }.filled("+336", "dites {to}", "k");
        let values: Vec<_> = filled.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(
            values,
            [("app", "{other}"), ("dest", "+336"), ("msg", "dites {to}"), ("ref", "x-k")]
        );
    }
}
