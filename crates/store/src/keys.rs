//! The signing key, and the passwords of papers, each in a file that only its owner can read: the
//! documented, weaker place for them, until the key store of the system holds them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use client::ports::{Keys, KeysError, StoreError};
use domain::Sha256;
use ipc::Secret;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::error::Doing;

/// The device's Ed25519 key in `device.key` of its profile, and what opens encrypted papers in
/// `papers.key` beside it.
pub struct FileKeys {
    path: PathBuf,
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
    /// The profile's folder cannot be made.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(profile).doing("making the profile's folder")?;
        Ok(Self {
            path: profile.join("device.key"),
            pair: Mutex::new(None),
            passwords_path: profile.join("papers.key"),
            passwords: Mutex::new(None),
        })
    }

    fn with<T>(&self, use_pair: impl FnOnce(&Ed25519KeyPair) -> T) -> Result<T, KeysError> {
        let mut pair = self.pair.lock().unwrap_or_else(PoisonError::into_inner);
        if pair.is_none() {
            *pair = Some(self.load()?);
        }
        pair.as_ref().map(use_pair).ok_or_else(|| KeysError("no key".to_owned()))
    }

    fn load(&self) -> Result<Ed25519KeyPair, KeysError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.make()?,
            Err(error) => return Err(KeysError(error.to_string())),
        };
        Ed25519KeyPair::from_pkcs8(&bytes).map_err(|error| KeysError(error.to_string()))
    }

    /// The passwords as they stand in their file; none when there is no file yet.
    fn read_passwords(&self) -> Result<BTreeMap<String, Secret>, KeysError> {
        match std::fs::read(&self.passwords_path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                // The message of the parser may quote what it read.
                .map_err(|_| KeysError("the passwords of papers cannot be read".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(KeysError(error.to_string())),
        }
    }

    fn make(&self) -> Result<Vec<u8>, KeysError> {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| KeysError("the system gives no random bytes".to_owned()))?;
        write_durably(&self.path, made.as_ref()).map_err(|error| KeysError(error.to_string()))?;
        Ok(made.as_ref().to_vec())
    }
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
        let bytes = serde_json::to_vec(&all)
            .map_err(|_| KeysError("the passwords of papers cannot be written".to_owned()))?;
        write_durably(&self.passwords_path, &bytes)
            .map_err(|error| KeysError(error.to_string()))?;
        *known = Some(all);
        Ok(())
    }
}

/// Writes beside, makes durable, then renames: the key is there whole or not at all.
fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
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
