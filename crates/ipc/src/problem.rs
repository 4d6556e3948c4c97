//! How the app says that something did not work: a code that the screen has a sentence for.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// What kind of problem; each has a sentence `problem-<code>` in every language, which says what
/// happened, that nothing is lost, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The tablet is locked: only its PIN opens it.
    Locked,
    /// This PIN does not open the tablet.
    WrongPin,
    /// PINs were wrong: the next one is looked at later. The subject says in how many seconds.
    PinTooSoon,
    /// A PIN needs more signs. The subject says how many.
    PinTooShort,
    /// This tablet has not joined a council yet.
    NotEnrolled,
    /// This tablet has already joined a council.
    AlreadyEnrolled,
    /// The server cannot be reached.
    Offline,
    /// The server cannot prove that it is the one of this address.
    Untrusted,
    /// The address of the server cannot be right.
    BadAddress,
    /// The invitation is unknown, used or expired.
    InvitationRefused,
    /// The server no longer accepts this device.
    Revoked,
    /// This tablet was emptied by order.
    Emptied,
    /// The tablet has heard nothing of its council for thirty days: it is locked until it does.
    LeaseOver,
    /// The member's role does not allow it.
    Forbidden,
    /// The server answered something unexpected.
    Server,
    /// The app is too old for the server.
    Outdated,
    /// No such sitting, paper, note or member.
    NotFound,
    /// The paper is not on this tablet yet.
    NotHere,
    /// The paper has no such page.
    NoSuchPage,
    /// The PDF is damaged.
    PdfDamaged,
    /// The PDF asks for a password.
    PdfPassword,
    /// This password does not open the PDF.
    WrongPassword,
    /// A PDF to be published asks for a password, and none was given.
    PublishPassword,
    /// The PDF has no page or is empty.
    PdfEmpty,
    /// The PDF uses something that cannot be shown.
    PdfUnsupported,
    /// The PDF took too long or crashed the reader twice.
    PdfQuarantined,
    /// The paper's file on this tablet is damaged; it is fetched again.
    PaperBroken,
    /// The PDF reader's library is missing.
    PdfReader,
    /// The quoted words do not stand on the page.
    QuoteNotFound,
    /// The quoted words stand on the page more than once.
    QuoteAmbiguous,
    /// A note belongs to someone else.
    NotYours,
    /// The member is not in the group that a note was meant for.
    NotInGroup,
    /// There is nothing to undo or redo.
    NothingToUndo,
    /// The disk of this tablet is full.
    DiskFull,
    /// The store on this tablet cannot be read or written.
    Store,
    /// Another process holds the store.
    StoreBusy,
    /// The store was written by a newer version of the app.
    StoreTooNew,
    /// A file cannot be read.
    FileUnreadable,
    /// A file cannot be written.
    FileUnwritable,
    /// The sitting's description has a mistake.
    SittingDescription,
    /// Someone else changed the record meanwhile.
    Conflict,
    /// No known rule of law answers the question.
    NoRule,
    /// A change to a convened sitting that the clerk must first call minor or not.
    CorrectionUndecided,
    /// There is nothing to publish.
    NothingToPublish,
    /// The work was stopped by the person.
    Stopped,
    /// A value is out of its bounds (text too long, name empty, …).
    BadInput,
    /// The sitting has not been convened.
    NotConvened,
    /// The member is not convened to this sitting.
    NotAsked,
    /// The sitting has begun or was called off: no more answers.
    TooLateToAnswer,
    /// Nobody gives a proxy to themselves.
    ProxyOneself,
    /// The bearer of the proxy is not convened.
    ProxyNotInOffice,
    /// The bearer holds another proxy already.
    ProxyBearerFull,
    /// The bearer will not be there.
    ProxyBearerAway,
    /// Whoever bears a proxy cannot give one.
    ProxyGiverHolds,
    /// The giver was represented at as many sittings in a row as the law allows.
    ProxyTooMany,
    /// The agenda was sent: only a new convocation may change what is decided.
    AgendaSent,
    /// The convocation is too long for one message.
    TooLong,
    /// What was typed is not the recovery code of this member.
    RecoveryCodeWrong,
    /// This device has not been taken in by another one of the member.
    NotTakenIn,
    /// Something that should not happen did.
    Internal,
}

/// A problem, as a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}: {subject} {reason:?}")]
pub struct Problem {
    /// What kind.
    pub code: ErrorCode,
    /// What it is about, by the name a person knows it by: a file, a paper, a member. May be empty.
    /// Never a secret.
    pub subject: String,
    /// What exactly is wrong, for the codes that tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Problem {
    /// A problem about something.
    #[must_use]
    pub fn about(code: ErrorCode, subject: impl Into<String>) -> Self {
        Self { code, subject: subject.into(), reason: None }
    }

    /// A problem with its reason.
    #[must_use]
    pub fn because(code: ErrorCode, reason: Reason) -> Self {
        Self { code, subject: String::new(), reason: Some(reason) }
    }
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        Self::because(ErrorCode::BadInput, reason)
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self { code, subject: String::new(), reason: None }
    }
}
