//! What stands between a note and everybody it is not for: epoch keys, their wraps, the directory of
//! a member's devices, and the recovery code. The server links none of it.
//!
//! A *scope* is an owner and an audience. Each scope has *epochs*, counted from 1, and each epoch a
//! random key. A note's payload is sealed under the newest epoch of its scope ([`EpochKey`]), with the
//! operation's header as associated data. The key of an epoch travels as a *wrap* for each device that
//! may read ([`wrap`]), by HPKE to that device's X25519 key. Which devices those are is said by the
//! [`directory`]: each member's *identity key* signs the list of that member's devices, and every list
//! names the one before. The identity key itself is wrapped to the member's own devices and to the
//! *recovery code* ([`RecoveryCode`]), which stands in the list like a device without a signature.
//!
//! | step | who | with what |
//! | --- | --- | --- |
//! | a member's first device | makes the identity key | [`Identity`], [`DeviceList`] |
//! | a further device asks | with its two keys | [`Letter::Request`] |
//! | an old device compares | six words | [`words::of_device`] |
//! | and approves | with the next list, and wraps | [`DeviceList::with`], [`plan::due`] |
//! | or declines | with the key that asked | [`Letter::Decline`] |
//! | a group takes a newcomer in | by one who is inside | [`Letter::Welcome`] |
//!
//! Pure: no IO, no clock, no randomness. Random bytes are arguments, and each is used once.

mod bytes;
pub mod directory;
mod epoch;
mod keyring;
mod letter;
pub mod plan;
mod recovery;
pub mod words;
pub mod wrap;

pub use directory::{
    CheckedList, DeviceList, Directory, Holder, Identity, ListedDevice, SignedList,
};
pub use epoch::{BUCKET, EpochKey, OVERHEAD};
pub use keyring::{Keyring, OpenError};
pub use letter::{DeviceWrap, KeyWrap, Letter, WRAPS};
pub use recovery::{RecoveryCode, RecoveryCodeError};
pub use wrap::{AgreementSecret, WRAP, Wrap};

/// What was sealed does not open: another key, or bytes that were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This was sealed under another key, or changed since.")]
pub struct Sealed;

/// Bytes that are not what they are put forward as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("These bytes are not of this form.")]
pub struct Malformed;
