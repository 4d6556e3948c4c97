//! Challenges that the server need not remember: its own MAC within the nonce proves that it made
//! it, when, and for which device. That each serves once is kept by the log, with the session it
//! opened; so whoever has not signed anything yet can fill no memory here.

use domain::DeviceId;
use ring::hmac;
use subtle::ConstantTimeEq as _;
use wire::limits::CHALLENGE_MS;

use crate::codes::{NoRandom, random};

/// Makes and recognises challenges.
#[derive(Debug)]
pub(crate) struct Challenges {
    key: hmac::Key,
}

impl Challenges {
    /// With a key of this process alone: a restart only costs tablets one more challenge.
    pub(crate) fn new() -> Result<Self, NoRandom> {
        let key = random::<32>()?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &key) })
    }

    /// A new challenge: 8 bytes of time, 8 of chance, 16 of MAC.
    pub(crate) fn make(&self, device: DeviceId, now_ms: i64) -> Result<[u8; 32], NoRandom> {
        Ok(self.nonce(device, now_ms.to_be_bytes(), random()?))
    }

    /// Whether this is a challenge made here for this device within [`CHALLENGE_MS`].
    pub(crate) fn recognise(&self, nonce: &[u8; 32], device: DeviceId, now_ms: i64) -> bool {
        let (Some(time), Some(chance)) = (eight(nonce, 0), eight(nonce, 8)) else { return false };
        let age = now_ms.saturating_sub(i64::from_be_bytes(time));
        let ours: bool = self.nonce(device, time, chance).ct_eq(nonce).into();
        (0..CHALLENGE_MS).contains(&age) && ours
    }

    fn nonce(&self, device: DeviceId, time: [u8; 8], chance: [u8; 8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&device.to_bytes());
        context.update(&time);
        context.update(&chance);
        let mac = context.sign();
        let mut nonce = [0; 32];
        let parts = time.iter().chain(&chance).chain(mac.as_ref());
        for (to, from) in nonce.iter_mut().zip(parts) {
            *to = *from;
        }
        nonce
    }
}

fn eight(nonce: &[u8; 32], from: usize) -> Option<[u8; 8]> {
    nonce.get(from..from + 8)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_recognised_for_its_device_and_for_a_minute() {
        let challenges = Challenges::new().unwrap();
        let device = DeviceId::from_bytes([1; 16]);
        let nonce = challenges.make(device, 1_000).unwrap();
        assert!(challenges.recognise(&nonce, device, 1_000));
        assert!(challenges.recognise(&nonce, device, 60_999));
        assert!(!challenges.recognise(&nonce, device, 61_000), "too late");
        assert!(!challenges.recognise(&nonce, device, 999), "before it was made");
        assert!(!challenges.recognise(&nonce, DeviceId::from_bytes([2; 16]), 1_000));
        assert!(!Challenges::new().unwrap().recognise(&nonce, device, 1_000), "another server");
        let mut forged = nonce;
        forged[31] ^= 1;
        assert!(!challenges.recognise(&forged, device, 1_000));
    }
}
