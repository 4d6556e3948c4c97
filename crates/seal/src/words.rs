//! Six words that two people, or one person with two tablets, compare: they are the same on both
//! only when nobody exchanged a key between.

use std::num::NonZeroU32;

use domain::{CouncilId, DeviceId, MemberId, PublicKey};
use ring::pbkdf2;

/// Words that are compared.
pub const WORDS: usize = 6;

/// Makes it dear to look for other keys with the same words: 66 bits, each try so many hashes.
const ROUNDS: u32 = 20_000;

/// In which language the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
}

/// The word lists of BIP-39: 2,048 words each, no two with the same first four letters.
const FRENCH: &str = include_str!("../words/fr.txt");
const ENGLISH: &str = include_str!("../words/en.txt");

/// What a device asks to be taken in with.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The council.
    pub council: CouncilId,
    /// Whose device.
    pub member: MemberId,
    /// The identity that the device knows as the member's, or the member's own.
    pub identity: &'a PublicKey,
    /// The device.
    pub device: DeviceId,
    /// Its Ed25519 key.
    pub signing: &'a PublicKey,
    /// Its X25519 key.
    pub agreement: &'a PublicKey,
}

/// The words of a device that asks. They bind the identity too: a device that a server made believe in
/// another identity shows other words.
#[must_use]
pub fn of_device(asking: &Asking<'_>, language: Language) -> Vec<&'static str> {
    let mut text = Vec::new();
    text.extend_from_slice(&asking.council.to_bytes());
    text.extend_from_slice(&asking.member.to_bytes());
    text.extend_from_slice(asking.identity.as_bytes());
    text.extend_from_slice(&asking.device.to_bytes());
    text.extend_from_slice(asking.signing.as_bytes());
    text.extend_from_slice(asking.agreement.as_bytes());
    let mut bits = [0; 16];
    let rounds = NonZeroU32::new(ROUNDS).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, b"pupitre/words/1", &text, &mut bits);
    let bits = u128::from_be_bytes(bits);
    let list = match language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    };
    let words: Vec<&'static str> = list.lines().collect();
    (0..WORDS)
        .filter_map(|place| {
            let shift = 128 - 11 * (place + 1);
            let index = usize::try_from(bits >> shift & 0x7ff).unwrap_or_default();
            words.get(index).copied()
        })
        .collect()
}
