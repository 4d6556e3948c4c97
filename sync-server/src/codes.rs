//! Secrets in text: invitation codes, session tokens, passwords. Only their hashes are stored.

use domain::Sha256;
use ring::rand::{SecureRandom, SystemRandom};

use crate::digest;

/// Crockford's alphabet: no I, L, O or U to misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The system gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The system gives no random bytes; nothing was changed. Try again.")]
pub struct NoRandom;

/// Random bytes of the operating system.
///
/// # Errors
/// [`NoRandom`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

/// An invitation code of these 80 random bits, `XXXX-XXXX-XXXX-XXXX`.
#[must_use]
pub fn invitation_code(random: [u8; 10]) -> String {
    let bits = random.iter().fold(0, |bits: u128, byte| bits << 8 | u128::from(*byte));
    let mut code = String::with_capacity(19);
    for index in 0..16 {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        let five = usize::try_from(bits >> (75 - 5 * index) & 31).unwrap_or(0);
        code.push(char::from(ALPHABET.get(five).copied().unwrap_or(b'0')));
    }
    code
}

/// What is stored of an invitation code. Case, hyphens, blanks and the usual misreadings (O for 0,
/// I and L for 1) do not matter.
#[must_use]
pub fn hash_invitation(code: &str) -> Sha256 {
    let mut text = b"pupitre/invitation/1".to_vec();
    text.extend(code.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(|c| {
        match c.to_ascii_uppercase() {
            'O' => b'0',
            'I' | 'L' => b'1',
            c => u8::try_from(c).unwrap_or(0),
        }
    }));
    digest::of(&text)
}

/// A password of these 160 random bits: 32 signs that survive a settings screen.
#[must_use]
pub fn password(random: [u8; 20]) -> String {
    let signs = random.chunks(5).flat_map(|five| {
        let bits = five.iter().fold(0, |bits: u64, byte| bits << 8 | u64::from(*byte));
        (0..8).map(move |index| {
            let five = usize::try_from(bits >> (35 - 5 * index) & 31).unwrap_or(0);
            char::from(ALPHABET.get(five).copied().unwrap_or(b'0'))
        })
    });
    signs.collect()
}

/// A bearer token of these 256 random bits.
#[must_use]
pub fn token(random: [u8; 32]) -> String {
    Sha256::from_bytes(random).to_string()
}

/// What is stored of a calendar's address.
#[must_use]
pub fn hash_calendar(token: &str) -> Sha256 {
    let mut text = b"pupitre/calendar/1".to_vec();
    text.extend_from_slice(token.as_bytes());
    digest::of(&text)
}

/// What is stored of a token. Looking a token up by its hash tells nothing by its timing: who
/// guesses does not choose the hash.
#[must_use]
pub fn hash_token(token: &str) -> Sha256 {
    let mut text = b"pupitre/token/1".to_vec();
    text.extend_from_slice(token.as_bytes());
    digest::of(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_sixteen_signs_in_fours_and_uses_every_bit() {
        assert_eq!(invitation_code([0; 10]), "0000-0000-0000-0000");
        assert_eq!(invitation_code([255; 10]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_eq!(invitation_code([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), "0000-0000-0000-0001");
        assert_eq!(invitation_code([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "G000-0000-0000-0000");
    }

    #[test]
    fn a_password_uses_every_bit() {
        assert_eq!(password([0; 20]), "0".repeat(32));
        assert_eq!(password([255; 20]), "Z".repeat(32));
        let mut last = [0; 20];
        last[19] = 1;
        assert_eq!(password(last), format!("{}1", "0".repeat(31)));
        last[0] = 0x80;
        assert_eq!(password(last), format!("G{}1", "0".repeat(30)));
    }

    #[test]
    fn a_code_may_be_typed_as_it_was_heard() {
        let code = hash_invitation("01AB-CDEF-GHJK-MNPQ");
        assert_eq!(hash_invitation(" oiab cdefghjkmnpq"), code);
        assert_eq!(hash_invitation("0lAB-CDEF-GHJK-MNPQ"), code);
        assert_ne!(hash_invitation("01AB-CDEF-GHJK-MNPR"), code);
    }
}
