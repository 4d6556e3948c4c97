//! The recovery code: 128 random bits that a person writes down, and what is derived from them.

use domain::{CouncilId, MemberId, PublicKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::AgreementSecret;
use crate::bytes::sha256;

/// Digits without I, L, O and U, which are taken for others (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a code: 128 bits, and 12 that check them.
const LENGTH: usize = 28;
/// Digits in a group.
const GROUP: usize = 4;

/// A recovery code. Whoever has it has the member's notes.
///
/// Written as seven groups of four digits. The 140 bits are the 128 random ones and the first twelve of
/// the SHA-256 of `pupitre/recovery/1` and those: a code with one digit wrong, or two exchanged, is
/// found with a chance of 4095 in 4096. No password function is needed for 128 random bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode([u8; 16]);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode")
    }
}

/// What was typed is no recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// It has not 28 digits.
    #[error("A recovery code has 28 letters and digits; this has {0}.")]
    Length(usize),
    /// It has a letter that no code has.
    #[error("No recovery code has the letter “{0}”.")]
    Digit(char),
    /// Its digits do not check each other.
    #[error("Something in this recovery code was typed wrong.")]
    Check,
}

impl RecoveryCode {
    /// The code of these random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// As a person writes it: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = String::with_capacity(LENGTH + LENGTH / GROUP);
        for place in 0..LENGTH {
            if place > 0 && place.is_multiple_of(GROUP) {
                text.push('-');
            }
            let five =
                (0..5).fold(0, |five, bit| five << 1 | usize::from(self.bit(place * 5 + bit)));
            text.extend(DIGITS.get(five).copied().map(char::from));
        }
        Zeroizing::new(text)
    }

    /// Reads what a person typed: case, spaces and hyphens do not matter; O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`RecoveryCodeError`], which says what is wrong without repeating the code.
    pub fn read(typed: &str) -> Result<Self, RecoveryCodeError> {
        let mut bits = Zeroizing::new(Vec::with_capacity(LENGTH * 5));
        for letter in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.'))
        {
            let digit = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let five = DIGITS.iter().position(|known| char::from(*known) == digit);
            let five = five.ok_or(RecoveryCodeError::Digit(letter))?;
            bits.extend((0..5).rev().map(|bit| five >> bit & 1 == 1));
        }
        if bits.len() != LENGTH * 5 {
            return Err(RecoveryCodeError::Length(bits.len() / 5));
        }
        let mut bytes = [0; 16];
        for (byte, eight) in bytes.iter_mut().zip(bits.chunks(8)) {
            *byte = eight.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        }
        let code = Self(bytes);
        if bits.iter().enumerate().any(|(place, bit)| code.bit(place) != *bit) {
            return Err(RecoveryCodeError::Check);
        }
        Ok(code)
    }

    fn bit(&self, place: usize) -> bool {
        let [first, second, ..] = self.check();
        let mut all = self.0.iter().copied().chain([first, second]);
        all.nth(place / 8).is_some_and(|byte| byte >> (7 - place % 8) & 1 == 1)
    }

    fn check(&self) -> [u8; 32] {
        let mut text = b"pupitre/recovery/1".to_vec();
        text.extend_from_slice(&self.0);
        let check = sha256(&text);
        text.zeroize();
        check
    }

    /// The secret to which a member's keys are wrapped.
    #[must_use]
    pub fn agreement(&self, council: CouncilId, member: MemberId) -> AgreementSecret {
        AgreementSecret::from_bytes(self.derive(council, member, b"agreement"))
    }

    /// Shows whoever has the code that this identity is the member's, and not one that a server made up
    /// together with a wrap of it: nobody else can make the mark.
    #[must_use]
    pub fn mark(&self, council: CouncilId, member: MemberId, identity: &PublicKey) -> [u8; 32] {
        let key = Zeroizing::new(self.derive(council, member, b"mark"));
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
        let tag = hmac::sign(&key, identity.as_bytes());
        let mut mark = [0; 32];
        for (to, from) in mark.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        mark
    }

    fn derive(&self, council: CouncilId, member: MemberId, what: &[u8]) -> [u8; 32] {
        struct Length;
        impl KeyType for Length {
            fn len(&self) -> usize {
                32
            }
        }
        let salt = Salt::new(HKDF_SHA256, b"pupitre/recovery/1");
        let (council, member) = (council.to_bytes(), member.to_bytes());
        let info = [what, council.as_slice(), member.as_slice()];
        let mut out = [0; 32];
        // 32 bytes are always to be had of HKDF-SHA256.
        let filled = salt
            .extract(&self.0)
            .expand(&info, Length)
            .and_then(|derived| derived.fill(&mut out))
            .is_ok();
        debug_assert!(filled);
        out
    }
}
