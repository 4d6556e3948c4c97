//! One mail server, spoken to step by step: the attempt is recorded between the moment the server is
//! ready for the message and the message's last byte.

use std::future::Future;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::letter::Letter;
use crate::log::LogError;

/// How long one answer of the mail server may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// From the first byte.
    Whole,
    /// After the greeting, when the server offers it.
    Offered,
    /// After the greeting, or not at all.
    Required,
}

/// Where the mail server is.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpAddress {
    host: String,
    port: u16,
    protection: Protection,
    user: Option<(String, String)>,
}

impl std::fmt::Debug for SmtpAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password stays out of every log.
        write!(f, "SmtpAddress({}:{})", self.host, self.port)
    }
}

/// The address of a mail server cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is not the address of a mail server: {0}. Write smtps://USER:PASSWORD@HOST or \
     smtp://HOST:PORT."
)]
pub struct SmtpAddressError(String);

impl std::str::FromStr for SmtpAddress {
    type Err = SmtpAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |what: &str| SmtpAddressError(what.to_owned());
        let url = url::Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(wrong("it has no host"))?;
        let decoded = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| wrong("its user or password is not UTF-8"))
        };
        let user = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?)),
            (_, None) => return Err(wrong("its user has no password")),
        };
        let near = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let (protection, usual) = match url.scheme() {
            "smtps" => (Protection::Whole, 465),
            // A password never travels in the clear, except within this machine.
            "smtp" if user.is_some() && !near => (Protection::Required, 587),
            "smtp" => (Protection::Offered, 25),
            _ => return Err(wrong("it begins neither with smtp:// nor with smtps://")),
        };
        let port = url.port().unwrap_or(usual);
        Ok(Self { host: host.to_owned(), port, protection, user })
    }
}

/// A mail server and whose name stands on the letters.
#[derive(Debug, Clone)]
pub struct Smtp {
    address: SmtpAddress,
    from: Mailbox,
}

/// Why a letter was not taken.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may be taken later.
    Passing(String),
    /// It will never be.
    Lasting(String),
    /// The attempt could not be recorded: nothing has left.
    Log(LogError),
}

/// A trouble, and whether the server itself said so.
struct Refusal {
    trouble: Trouble,
    answered: bool,
}

impl Refusal {
    /// A server that refuses the line (a false password, a full house) refuses no letter: somebody
    /// puts that right, and all letters wait.
    fn at_the_door(self) -> Trouble {
        match self.trouble {
            Trouble::Lasting(reason) => Trouble::Passing(reason),
            trouble @ (Trouble::Passing(_) | Trouble::Log(_)) => trouble,
        }
    }
}

/// An open line to the mail server.
pub(super) type Line = AsyncSmtpConnection;

impl Smtp {
    /// The mail server at this address, for letters from this sender.
    #[must_use]
    pub const fn new(address: SmtpAddress, from: Mailbox) -> Self {
        Self { address, from }
    }

    pub(super) const fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Hands a letter over. `leaving` is awaited when the server is ready for it and before its last
    /// byte goes out. The line is opened when there is none and dropped when it breaks.
    pub(super) async fn send<F>(
        &self,
        line: &mut Option<Line>,
        letter: &Letter,
        leaving: impl FnOnce() -> F,
    ) -> Result<String, Trouble>
    where
        F: Future<Output = Result<(), LogError>>,
    {
        let mut open = match line.take() {
            Some(open) => open,
            None => patiently(self.open()).await.map_err(Refusal::at_the_door)?,
        };
        match hand_over(&mut open, letter, leaving).await {
            Ok(answer) => {
                *line = Some(open);
                Ok(answer)
            }
            Err(refusal) => {
                // The server said no to this letter; the line may serve for the next. Where it said
                // nothing, nobody knows whether it still waits for the message: the line is dropped.
                if refusal.answered
                    && let Ok(Ok(_)) = tokio::time::timeout(PATIENCE, open.command(Rset)).await
                {
                    *line = Some(open);
                }
                Err(refusal.trouble)
            }
        }
    }

    async fn open(&self) -> Result<Line, Error> {
        let SmtpAddress { host, port, protection, user } = &self.address;
        let hello = ClientId::default();
        let tls = || TlsParameters::new_rustls(host.clone());
        let whole = (*protection == Protection::Whole).then(tls).transpose()?;
        let at = (host.trim_matches(['[', ']']), *port);
        let mut line =
            AsyncSmtpConnection::connect_tokio1(at, Some(PATIENCE), &hello, whole, None).await?;
        let upgrade = match protection {
            Protection::Whole => false,
            Protection::Offered => line.can_starttls(),
            Protection::Required => true,
        };
        if upgrade {
            line.starttls(tls()?, &hello).await?;
        }
        if let Some((user, password)) = user {
            let credentials = Credentials::new(user.clone(), password.clone());
            line.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(line)
    }
}

async fn hand_over<F>(
    line: &mut Line,
    letter: &Letter,
    leaving: impl FnOnce() -> F,
) -> Result<String, Refusal>
where
    F: Future<Output = Result<(), LogError>>,
{
    let envelope: &Envelope = &letter.envelope;
    let mut options = Vec::new();
    if !letter.bytes.is_ascii() && line.server_info().supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    patiently(line.command(Mail::new(envelope.from().cloned(), options))).await?;
    for to in envelope.to() {
        patiently(line.command(Rcpt::new(to.clone(), Vec::new()))).await?;
    }
    patiently(line.command(Data)).await?;
    leaving().await.map_err(|error| Refusal { trouble: Trouble::Log(error), answered: false })?;
    let answer = patiently(line.message(&letter.bytes)).await?;
    let code = answer.code();
    let said = answer.message().collect::<Vec<_>>().join(" ");
    Ok(format!("{code} {said}").trim().to_owned())
}

async fn patiently<T>(doing: impl Future<Output = Result<T, Error>>) -> Result<T, Refusal> {
    let Ok(done) = tokio::time::timeout(PATIENCE, doing).await else {
        let trouble = Trouble::Passing("the mail server does not answer".to_owned());
        return Err(Refusal { trouble, answered: false });
    };
    done.map_err(|error| {
        let answered = error.status().is_some();
        let said = said(&error);
        let lasting = error.is_permanent();
        let trouble = if lasting { Trouble::Lasting(said) } else { Trouble::Passing(said) };
        Refusal { trouble, answered }
    })
}

/// What the server said, or what happened to the line.
fn said(error: &Error) -> String {
    use std::error::Error as _;
    let detail = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => format!("{code} {detail}").trim().to_owned(),
        None if detail.is_empty() => error.to_string(),
        None => detail,
    }
}

/// Ends a line in order; it may have gone already.
pub(super) async fn hang_up(mut line: Line) {
    tokio::time::timeout(Duration::from_secs(5), line.quit()).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_mail_server_is_read_strictly_and_hides_its_password() {
        let read = |text: &str| text.parse::<SmtpAddress>();
        let whole = read("smtps://greffe%40valbrune:s%3Acret@mail.example").unwrap();
        assert_eq!((whole.port, whole.protection), (465, Protection::Whole));
        assert_eq!(whole.user, Some(("greffe@valbrune".to_owned(), "s:cret".to_owned())));
        assert!(!format!("{whole:?}").contains("cret"));
        let near = read("smtp://127.0.0.1:2525").unwrap();
        assert_eq!((near.port, near.protection), (2_525, Protection::Offered));
        // A password asks for protection.
        let far = read("smtp://a:b@mail.example").unwrap();
        assert_eq!((far.port, far.protection), (587, Protection::Required));
        for wrong in ["mail.example", "http://mail.example", "smtp://", "smtp://a@mail.example"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
