//! `vault.json`, read as if somebody hostile had written it.

use client::ports::{StoreError, StoreErrorKind};
use ring::aead::NONCE_LEN;
use serde::{Deserialize, Serialize};

use super::SEALED_KEY;
use super::pin::{Pin, Written};
use crate::error::{Doing, corrupt};

/// The form that this version writes and reads.
const VERSION: u32 = 1;
const DOING: &str = "opening the vault";

/// What stands in the file.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) nonce: [u8; NONCE_LEN],
    pub(super) sealed: [u8; SEALED_KEY],
    pub(super) pin: Option<Pin>,
}

/// The file itself. Bytes are in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    nonce: String,
    sealed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<Written>,
}

impl Form {
    pub(super) fn new(nonce: [u8; NONCE_LEN], sealed: &[u8], pin: Option<Pin>) -> Self {
        let mut bytes = [0; SEALED_KEY];
        super::copy(&mut bytes, sealed);
        Self { nonce, sealed: bytes, pin }
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let not_a_vault = || corrupt(DOING, "it is not written as a vault is");
        let file: File = serde_json::from_slice(bytes).map_err(|_| not_a_vault())?;
        if file.version != VERSION {
            let detail = format!("form {}, this version knows {VERSION}", file.version);
            return Err(StoreError { kind: StoreErrorKind::TooNew, doing: DOING, detail });
        }
        let pin = file.pin.map(|pin| pin.read().ok_or_else(not_a_vault)).transpose()?;
        Ok(Self {
            nonce: unhex(&file.nonce).ok_or_else(not_a_vault)?,
            sealed: unhex(&file.sealed).ok_or_else(not_a_vault)?,
            pin,
        })
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let file = File {
            version: VERSION,
            nonce: hex(&self.nonce),
            sealed: hex(&self.sealed),
            pin: self.pin.as_ref().map(Pin::written),
        };
        serde_json::to_vec_pretty(&file).doing("writing the vault")
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(u32::from(half), 16));
        }
    }
    digits
}

/// Exactly so many bytes, or none.
pub(super) fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let value =
        |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (value(*high)? << 4) | value(*low)?;
    }
    Some(bytes)
}
