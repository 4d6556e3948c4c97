//! The signing key, the secrets of sealed notes and the passwords of papers, each in a file that is
//! sealed by the profile's vault and that only its owner can read. Files of earlier versions are sealed
//! when they are first read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use client::ports::{DeviceSecret, Keys, KeysError, StoreError};
use domain::Sha256;
use ipc::Secret;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

use crate::durable;
use crate::error::Doing;
use crate::vault::Vault;

/// The device's Ed25519 key in `device.key` of its profile, its other secrets in `agreement.key` and
/// `identity.key`, and what opens encrypted papers in `papers.key` beside it.
pub struct FileKeys {
    vault: Vault,
    path: PathBuf,
    profile: PathBuf,
    pair: Mutex<Option<Ed25519KeyPair>>,
    passwords_path: PathBuf,
    /// By the paper's digest; none until they are read.
    passwords: Mutex<Option<BTreeMap<String, Secret>>>,
}

impl std::fmt::Debug for FileKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileKeys").finish_non_exhaustive()
    }
}

impl FileKeys {
    /// The key of a profile; it is made when it is first needed.
    ///
    /// # Errors
    /// The profile's folder cannot be made, or its vault not opened.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(profile).doing("making the profile's folder")?;
        Ok(Self::open_with(profile, Vault::open(profile)?))
    }

    /// The same with a vault that was opened before.
    #[must_use]
    pub fn open_with(profile: &Path, vault: Vault) -> Self {
        Self {
            vault,
            path: profile.join("device.key"),
            profile: profile.to_owned(),
            pair: Mutex::new(None),
            passwords_path: profile.join("papers.key"),
            passwords: Mutex::new(None),
        }
    }

    fn with<T>(&self, use_pair: impl FnOnce(&Ed25519KeyPair) -> T) -> Result<T, KeysError> {
        let mut pair = self.pair.lock().unwrap_or_else(PoisonError::into_inner);
        if pair.is_none() {
            *pair = Some(self.load()?);
        }
        pair.as_ref().map(use_pair).ok_or_else(|| KeysError("no key".to_owned()))
    }

    fn load(&self) -> Result<Ed25519KeyPair, KeysError> {
        let bytes = match self.read(&self.path)? {
            Some(bytes) => bytes,
            None => self.make()?,
        };
        Ed25519KeyPair::from_pkcs8(&bytes).map_err(|error| KeysError(error.to_string()))
    }

    /// What a file holds; one that an earlier version left plain is sealed. None when there is none.
    fn read(&self, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, KeysError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(KeysError(error.to_string())),
        };
        let unsealed = self.vault.unseal_file(&name_of(path), bytes);
        let (bytes, sealed) = unsealed.map_err(|error| KeysError(error.to_string()))?;
        if !sealed {
            self.write(path, &bytes)?;
        }
        Ok(Some(bytes))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), KeysError> {
        let sealed = self.vault.seal_file(&name_of(path), bytes);
        let sealed = sealed.map_err(|error| KeysError(error.to_string()))?;
        durable::write(path, &sealed).map_err(|error| KeysError(error.to_string()))
    }

    /// The passwords as they stand in their file; none when there is no file yet.
    fn read_passwords(&self) -> Result<BTreeMap<String, Secret>, KeysError> {
        match self.read(&self.passwords_path)? {
            Some(bytes) => serde_json::from_slice(&bytes)
                // The message of the parser may quote what it read.
                .map_err(|_| KeysError("the passwords of papers cannot be read".to_owned())),
            None => Ok(BTreeMap::new()),
        }
    }

    fn place(&self, which: DeviceSecret) -> PathBuf {
        self.profile.join(match which {
            DeviceSecret::Agreement => "agreement.key",
            DeviceSecret::Identity => "identity.key",
        })
    }

    fn make(&self) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| KeysError("the system gives no random bytes".to_owned()))?;
        let made = Zeroizing::new(made.as_ref().to_vec());
        self.write(&self.path, &made)?;
        Ok(made)
    }
}

/// What a file is sealed as.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Keys for FileKeys {
    fn public_key(&self) -> Result<[u8; 32], KeysError> {
        self.with(|pair| {
            let mut key = [0; 32];
            for (to, from) in key.iter_mut().zip(pair.public_key().as_ref()) {
                *to = *from;
            }
            key
        })
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeysError> {
        self.with(|pair| {
            let mut signature = [0; 64];
            for (to, from) in signature.iter_mut().zip(pair.sign(message).as_ref()) {
                *to = *from;
            }
            signature
        })
    }

    fn secret(&self, which: DeviceSecret) -> Result<Option<Zeroizing<[u8; 32]>>, KeysError> {
        let Some(bytes) = self.read(&self.place(which))? else { return Ok(None) };
        let secret = bytes.as_slice().try_into();
        let secret = secret.map_err(|_| KeysError("a secret of another length".to_owned()))?;
        Ok(Some(Zeroizing::new(secret)))
    }

    fn keep_secret(&self, which: DeviceSecret, secret: &[u8; 32]) -> Result<(), KeysError> {
        self.write(&self.place(which), secret)
    }

    fn password(&self, pdf: &Sha256) -> Option<Secret> {
        let mut known = self.passwords.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            // What cannot be read is asked for again.
            *known = Some(self.read_passwords().unwrap_or_default());
        }
        known.as_ref()?.get(&pdf.to_string()).cloned()
    }

    fn keep_password(&self, pdf: &Sha256, password: &Secret) -> Result<(), KeysError> {
        let mut known = self.passwords.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.read_passwords()?;
        all.insert(pdf.to_string(), password.clone());
        // With room for every password, each byte of it escaped: a vector that grows leaves what it
        // held behind.
        let room = |(pdf, word): (&String, &Secret)| pdf.len() + word.expose().len() * 6 + 8;
        let room = all.iter().map(room).sum::<usize>() + 2;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *bytes, &all)
            .map_err(|_| KeysError("the passwords of papers cannot be written".to_owned()))?;
        self.write(&self.passwords_path, &bytes)?;
        *known = Some(all);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_key_signs_the_same_after_the_app_was_closed() {
        let folder = tempfile::tempdir().unwrap();
        let first = FileKeys::open(folder.path()).unwrap();
        let key = first.public_key().unwrap();
        let again = FileKeys::open(folder.path()).unwrap();
        assert_eq!(again.public_key().unwrap(), key);
        let signature = again.sign(b"note").unwrap();
        UnparsedPublicKey::new(&ED25519, key).verify(b"note", &signature).unwrap();
    }

    #[test]
    fn what_opened_a_paper_is_remembered_when_the_app_was_closed() {
        let folder = tempfile::tempdir().unwrap();
        let (locked, other) = (Sha256::from_bytes([7; 32]), Sha256::from_bytes([8; 32]));
        let keys = FileKeys::open(folder.path()).unwrap();
        assert_eq!(keys.password(&locked), None);
        keys.keep_password(&locked, &Secret::new("huis clos")).unwrap();
        keys.keep_password(&other, &Secret::new("budget")).unwrap();
        let again = FileKeys::open(folder.path()).unwrap();
        assert_eq!(again.password(&locked), Some(Secret::new("huis clos")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = std::fs::metadata(folder.path().join("papers.key")).unwrap();
            assert_eq!(meta.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn neither_the_key_nor_a_password_can_be_read_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(folder.path()).unwrap();
        let public = keys.public_key().unwrap();
        keys.keep_password(&Sha256::from_bytes([7; 32]), &Secret::new("huis clos")).unwrap();
        let file = |name| std::fs::read(folder.path().join(name)).unwrap();
        let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        // The form of a key carries the public one.
        assert!(!holds(&file("device.key"), &public));
        assert!(!holds(&file("papers.key"), b"huis clos"));
    }

    #[test]
    fn what_an_earlier_version_left_plain_is_used_and_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.key");
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        std::fs::write(&path, made.as_ref()).unwrap();
        let locked = Sha256::from_bytes([7; 32]);
        let passwords = format!("{{\"{locked}\":\"huis clos\"}}");
        std::fs::write(folder.path().join("papers.key"), passwords).unwrap();
        for _ in 0..2 {
            let keys = FileKeys::open(folder.path()).unwrap();
            let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
            assert_eq!(keys.public_key().unwrap().as_slice(), pair.public_key().as_ref());
            assert_eq!(keys.password(&locked), Some(Secret::new("huis clos")));
            for name in ["device.key", "papers.key"] {
                let bytes = std::fs::read(folder.path().join(name)).unwrap();
                assert!(bytes.starts_with(b"pupitre sealed 1\n"), "{name}");
            }
        }
    }

    #[test]
    fn secrets_are_kept_apart_and_outlive_the_app() {
        let folder = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(folder.path()).unwrap();
        assert_eq!(keys.secret(DeviceSecret::Agreement).unwrap(), None);
        keys.keep_secret(DeviceSecret::Agreement, &[1; 32]).unwrap();
        keys.keep_secret(DeviceSecret::Identity, &[2; 32]).unwrap();
        keys.keep_secret(DeviceSecret::Agreement, &[3; 32]).unwrap();
        let again = FileKeys::open(folder.path()).unwrap();
        for (which, byte) in [(DeviceSecret::Agreement, 3), (DeviceSecret::Identity, 2)] {
            assert_eq!(again.secret(which).unwrap().as_deref(), Some(&[byte; 32]));
            let bytes = std::fs::read(again.place(which)).unwrap();
            assert!(!bytes.windows(32).any(|part| part == [byte; 32]));
        }
        std::fs::write(folder.path().join("identity.key"), [2; 31]).unwrap();
        assert!(again.secret(DeviceSecret::Identity).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        FileKeys::open(folder.path()).unwrap().public_key().unwrap();
        let mode = std::fs::metadata(folder.path().join("device.key")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}
