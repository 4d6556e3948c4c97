//! Text messages through a provider's HTTP interface: one small trait, an adapter whose fields the
//! operator names, so that most providers need no program of their own, and one for Orange's Contact
//! Everyone, which wants SOAP.

mod contact_everyone;
#[cfg(test)]
mod contract;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::{RequestBuilder, StatusCode, Url};

pub use contact_everyone::{ContactEveryone, ContactEveryoneError};

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
        Ok(Self { url, fields, json, bearer, http: client().build()? })
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
        let (status, said) = heard(request).await?;
        let answer = short(status, &said);
        if status.is_success() { Ok(answer) } else { Err(refusal(status, answer)) }
    }
}

/// A way to speak HTTPS to a provider.
fn client() -> reqwest::ClientBuilder {
    // Another part of the process may have chosen the provider already; either will do.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none())
}

/// What a provider answers: the status, and all that it says.
async fn heard(request: RequestBuilder) -> Result<(StatusCode, String), SmsError> {
    let passing = |error: reqwest::Error| SmsError::Passing(error.without_url().to_string());
    let response = request.send().await.map_err(passing)?;
    let status = response.status();
    Ok((status, response.text().await.map_err(passing)?))
}

/// The status and the beginning of what a provider says, as they are kept.
fn short(status: StatusCode, said: &str) -> String {
    let said: String = said.trim().chars().take(ANSWER).collect();
    format!("{} {said}", status.as_u16()).trim().to_owned()
}

/// Whether a provider that has not taken a message may take it later.
fn refusal(status: StatusCode, answer: String) -> SmsError {
    match status {
        // A wrong token or an empty account is put right by somebody; the messages wait.
        StatusCode::UNAUTHORIZED
        | StatusCode::PAYMENT_REQUIRED
        | StatusCode::FORBIDDEN
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_MANY_REQUESTS => SmsError::Passing(answer),
        _ if status.is_client_error() => SmsError::Lasting(answer),
        _ => SmsError::Passing(answer),
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
    use super::*;

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
