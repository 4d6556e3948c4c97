//! From the ports' errors to problems that a person can act on.

use ipc::{ErrorCode, Problem};

use crate::ports::{KeysError, PdfError, PdfErrorKind, StoreError, StoreErrorKind};

/// The store's difficulty, for a person; the detail goes to the log.
pub(crate) fn of_store(error: &StoreError) -> Problem {
    let code = match error.kind {
        StoreErrorKind::Full => ErrorCode::DiskFull,
        StoreErrorKind::TooNew => ErrorCode::StoreTooNew,
        StoreErrorKind::NotFound => ErrorCode::NotFound,
        StoreErrorKind::Busy => ErrorCode::StoreBusy,
        StoreErrorKind::Locked => ErrorCode::Locked,
        StoreErrorKind::Corrupt | StoreErrorKind::Untrue | StoreErrorKind::Failed => {
            ErrorCode::Store
        }
    };
    if code != ErrorCode::NotFound {
        tracing::warn!(%error, "the store had a difficulty");
    }
    code.into()
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        of_store(error)
    }
}

impl From<&KeysError> for Problem {
    fn from(error: &KeysError) -> Self {
        of_keys(error)
    }
}

/// A PDF's difficulty, named after the paper or file that a person knows it by.
pub(crate) fn of_pdf(error: &PdfError, name: &str) -> Problem {
    let code = match error.kind {
        PdfErrorKind::Damaged => ErrorCode::PdfDamaged,
        PdfErrorKind::Password => ErrorCode::PdfPassword,
        PdfErrorKind::Empty => ErrorCode::PdfEmpty,
        PdfErrorKind::Unsupported => ErrorCode::PdfUnsupported,
        PdfErrorKind::NoSuchPage => ErrorCode::NoSuchPage,
        PdfErrorKind::Quarantined => ErrorCode::PdfQuarantined,
        PdfErrorKind::Reader => ErrorCode::PdfReader,
        PdfErrorKind::Broken => ErrorCode::PaperBroken,
        PdfErrorKind::Unreadable => ErrorCode::FileUnreadable,
        PdfErrorKind::Unwritable => ErrorCode::FileUnwritable,
        PdfErrorKind::Dropped => {
            return internal("work that was dropped");
        }
    };
    tracing::info!(%error, "a PDF made difficulties");
    Problem::about(code, name)
}

/// The device's key cannot be used.
pub(crate) fn of_keys(error: &KeysError) -> Problem {
    tracing::warn!(%error, "the device's key");
    ErrorCode::Store.into()
}

/// Something that should not happen did.
pub(crate) fn internal(what: impl Into<String>) -> Problem {
    let what = what.into();
    tracing::error!(what, "internal");
    ErrorCode::Internal.into()
}
