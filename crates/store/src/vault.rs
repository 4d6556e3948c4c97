//! The keys of a profile: one random master key, from which every other key comes.
//!
//! `vault.json` holds the master key wrapped by AES-256-GCM; what it is wrapped by stands in
//! `vault.key`, a file that only its owner can read. Whoever copies the whole folder has both: this is
//! the documented, weaker place, and it keeps apart what is copied without it (a database alone, a
//! paper alone, a disk image without that file). With a PIN, both the file and the PIN are needed.
//!
//! Every purpose has a key of its own (HKDF-SHA-256), so that none of them tells another.

mod destroy;
mod form;
mod pin;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use client::ports::{BootTime, Emptied, Lock, LockError, LockStanding, StoreError, StoreErrorKind};
use ipc::Secret;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Doing, corrupt, failed};
use crate::vault::form::Form;
use crate::vault::pin::{Pin, Tries};
use crate::{durable, lock};

/// Length of every key, in bytes.
const KEY: usize = 32;
/// Length of a sealed key.
const SEALED_KEY: usize = KEY + 16;
/// A key that leaves memory with its owner.
pub(crate) type Key = Zeroizing<[u8; KEY]>;

/// Separates our keys from anybody else's that come from the same bytes.
const SALT: &[u8] = b"pupitre vault 1";

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The database of the tablet.
    Store,
    /// The keys of the papers.
    Papers,
    /// The device's signing key and the passwords of papers, each in a file.
    Keys,
}

impl Purpose {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Store => b"store",
            Self::Papers => b"papers",
            Self::Keys => b"keys",
        }
    }
}

/// The keys of a profile, or a lock before them. Cheap to clone; all clones are locked together.
#[derive(Clone)]
pub struct Vault {
    profile: PathBuf,
    /// None while it is locked.
    master: Arc<Mutex<Option<Key>>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// Opens the vault of a profile, making it when the profile is new. One with a PIN stays locked.
    ///
    /// # Errors
    /// `Corrupt` when it cannot be opened, or is gone while there is a store that it would open; no
    /// other is made then. `Failed` and `Full` when it cannot be read or written, `Busy` when it must be
    /// made and another process holds the profile.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        destroy::finish(profile)?;
        if profile.join("vault.json").exists() {
            return Self::open_held(profile);
        }
        std::fs::create_dir_all(profile).doing("making the profile's folder")?;
        // Two processes that make one each would lock one of them out for ever.
        let _lock = lock::take(profile)?;
        Self::open_held(profile)
    }

    /// The same for who holds the profile's lock.
    pub(crate) fn open_held(profile: &Path) -> Result<Self, StoreError> {
        let vault = Self { profile: profile.to_owned(), master: Arc::default() };
        match read(&vault.path())? {
            Some(bytes) => {
                let form = Form::read(&bytes)?;
                if form.pin.is_none() {
                    *vault.master() = Some(vault.unwrap(&form, None)?);
                }
            }
            None if crate::encrypt::is_sealed(&profile.join("pupitre.db"))? => {
                return Err(corrupt(
                    "opening the vault",
                    "it is gone, and the store is locked by it",
                ));
            }
            None => vault.make()?,
        }
        Ok(vault)
    }

    fn path(&self) -> PathBuf {
        self.profile.join("vault.json")
    }

    fn master(&self) -> MutexGuard<'_, Option<Key>> {
        self.master.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn form(&self) -> Result<Form, StoreError> {
        let gone = || corrupt("opening the vault", "it is gone");
        Form::read(&read(&self.path())?.ok_or_else(gone)?)
    }

    fn make(&self) -> Result<(), StoreError> {
        let doing = "making the vault";
        std::fs::create_dir_all(&self.profile).doing(doing)?;
        if wrapping_key(&self.profile)?.is_none() {
            durable::write(&self.profile.join("vault.key"), &*random()?).doing(doing)?;
        }
        let master = random()?;
        self.write(&self.wrap(&master, None)?)?;
        *self.master() = Some(master);
        Ok(())
    }

    fn write(&self, form: &Form) -> Result<(), StoreError> {
        durable::write(&self.path(), &form.bytes()?).doing("writing the vault")
    }

    /// What the master key is wrapped by: the file, and what the PIN gives when there is one.
    fn wrapping(&self, stretched: Option<&Key>) -> Result<Key, StoreError> {
        let file = wrapping_key(&self.profile)?
            .ok_or_else(|| corrupt("opening the vault", "vault.key beside it is gone"))?;
        let parts: [&[u8]; 2] = [&*file, stretched.map_or(&[] as &[u8], |key| key.as_slice())];
        derive(&Zeroizing::new(parts.concat()), b"wrap")
    }

    fn wrap(&self, master: &Key, pin: Option<(Pin, &Key)>) -> Result<Form, StoreError> {
        let (pin, stretched) = pin.unzip();
        let mut sealed = master.to_vec();
        let about = Pin::about(pin.as_ref());
        let nonce = seal(&self.wrapping(stretched)?, &about, &mut sealed)?;
        Ok(Form::new(nonce, &sealed, pin))
    }

    fn unwrap(&self, form: &Form, stretched: Option<&Key>) -> Result<Key, StoreError> {
        let mut sealed = form.sealed;
        let about = Pin::about(form.pin.as_ref());
        let opened = open(&self.wrapping(stretched)?, &about, form.nonce, &mut sealed);
        let opened = opened.ok_or_else(|| {
            corrupt("opening the vault", "what it is wrapped by does not open it")
        })?;
        let mut master = Key::default();
        copy(&mut *master, opened);
        sealed.zeroize();
        Ok(master)
    }

    /// The key of one purpose.
    pub(crate) fn key(&self, purpose: Purpose) -> Result<Key, StoreError> {
        let master = self.master();
        let master = master.as_ref().ok_or_else(locked)?;
        derive(&**master, purpose.name())
    }

    /// The key of a database, as SQLCipher takes one that is not to be stretched any more.
    pub(crate) fn database_key(&self, purpose: Purpose) -> Result<Zeroizing<String>, StoreError> {
        let key = self.key(purpose)?;
        let digits = Zeroizing::new(form::hex(&*key));
        Ok(Zeroizing::new(format!("x'{}'", *digits)))
    }

    /// Seals the bytes of the file of this name.
    pub(crate) fn seal_file(&self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        // With room for the tag: a vector that grows leaves what it held behind.
        let mut sealed = Vec::with_capacity(bytes.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(bytes);
        let nonce = seal(&self.key(Purpose::Keys)?, name.as_bytes(), &mut sealed)?;
        Ok([SEALED, &nonce, &sealed].concat())
    }

    /// The bytes of a file that was sealed under this name, or of one that never was; and whether it
    /// was.
    pub(crate) fn unseal_file(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(Zeroizing<Vec<u8>>, bool), StoreError> {
        let Some(rest) = bytes.strip_prefix(SEALED) else {
            return Ok((Zeroizing::new(bytes), false));
        };
        let damaged = || corrupt("opening a sealed file", format!("{name} is damaged"));
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let length = open(&self.key(Purpose::Keys)?, name.as_bytes(), *nonce, &mut opened)
            .ok_or_else(damaged)?
            .len();
        opened.truncate(length);
        Ok((opened, true))
    }
}

impl Lock for Vault {
    fn standing(&self, now: &BootTime) -> Result<LockStanding, StoreError> {
        let form = self.form()?;
        let locked = self.master().is_none();
        let Some(pin) = form.pin else { return Ok(LockStanding { locked, ..Default::default() }) };
        let wait_ms = pin.tries.wait_ms(now);
        Ok(LockStanding { pin: true, locked, wrong: pin.tries.wrong, wait_ms })
    }

    fn unlock(&self, typed: &Secret, now: &BootTime) -> Result<(), LockError> {
        let mut form = self.form()?;
        let Some(pin) = &mut form.pin else {
            *self.master() = Some(self.unwrap(&form, None)?);
            return Ok(());
        };
        let wait_ms = pin.tries.wait_ms(now);
        if wait_ms > 0 {
            return Err(LockError::TooSoon { wait_ms });
        }
        // Counted before it is judged: pulling the plug in between buys no attempt.
        pin.tries = pin.tries.one_more(now);
        let stretched = pin.stretch(typed)?;
        self.write(&form)?;
        let Ok(master) = self.unwrap(&form, Some(&stretched)) else {
            return Err(LockError::Wrong);
        };
        if let Some(pin) = &mut form.pin {
            pin.tries = Tries::default();
        }
        self.write(&form)?;
        *self.master() = Some(master);
        Ok(())
    }

    fn set_pin(&self, chosen: Option<&Secret>) -> Result<(), StoreError> {
        let master = self.master().clone().ok_or_else(locked)?;
        let form = match chosen {
            Some(chosen) => {
                let pin = Pin::new()?;
                let stretched = pin.stretch(chosen)?;
                self.wrap(&master, Some((pin, &stretched)))?
            }
            None => self.wrap(&master, None)?,
        };
        self.write(&form)
    }

    fn empty(&self, notice: &Emptied) -> Result<(), StoreError> {
        *self.master() = None;
        destroy::destroy(&self.profile, notice)?;
        let _lock = lock::take(&self.profile)?;
        self.make()
    }

    fn emptied(&self) -> Result<Option<Emptied>, StoreError> {
        destroy::notice(&self.profile)
    }

    fn lock(&self) -> Result<(), StoreError> {
        if self.form()?.pin.is_some() {
            *self.master() = None;
        }
        Ok(())
    }
}

fn locked() -> StoreError {
    let detail = "a PIN is set and was not given".to_owned();
    StoreError { kind: StoreErrorKind::Locked, doing: "opening the vault", detail }
}

/// A key for one use of these bytes.
fn derive(from: &[u8], purpose: &[u8]) -> Result<Key, StoreError> {
    let info = [purpose];
    let mut key = Key::default();
    Salt::new(HKDF_SHA256, SALT)
        .extract(from)
        .expand(&info, HKDF_SHA256)
        .and_then(|made| made.fill(&mut *key))
        .map_err(|_| failed("deriving a key", "the length"))?;
    Ok(key)
}

/// How a sealed file begins.
const SEALED: &[u8] = b"pupitre sealed 1\n";

/// What the vault is wrapped by; none when there is no such file yet.
fn wrapping_key(profile: &Path) -> Result<Option<Key>, StoreError> {
    let Some(bytes) = read(&profile.join("vault.key"))? else { return Ok(None) };
    let bytes = Zeroizing::new(bytes);
    if bytes.len() != KEY {
        return Err(corrupt("opening the vault", "vault.key has another length"));
    }
    let mut key = Key::default();
    copy(&mut *key, &bytes);
    Ok(Some(key))
}

/// Longest vault that is read, in bytes: ours has some hundred.
const LONGEST: u64 = 64 * 1024;

/// A small file; none when it is not there.
fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let doing = "opening the vault";
    match std::fs::metadata(path) {
        Ok(about) if about.len() > LONGEST => Err(corrupt(doing, "it is far too long")),
        Ok(_) => std::fs::read(path).map(Some).doing(doing),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing(doing),
    }
}

fn random() -> Result<Key, StoreError> {
    let mut key = Key::default();
    fill(&mut *key)?;
    Ok(key)
}

/// Random bytes, fit for keys.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), StoreError> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| failed("making a key", "the system gives no random bytes"))
}

fn cipher(key: &Key) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, &**key).ok().map(LessSafeKey::new)
}

/// Seals in place, the tag behind; the nonce, which is random.
fn seal(key: &Key, about: &[u8], bytes: &mut Vec<u8>) -> Result<[u8; NONCE_LEN], StoreError> {
    let failed = || failed("sealing", "the cipher refused");
    let mut nonce = [0; NONCE_LEN];
    fill(&mut nonce)?;
    cipher(key)
        .ok_or_else(failed)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), bytes)
        .map_err(|_| failed())?;
    Ok(nonce)
}

/// Opens in place; none when a byte of it, or what it is about, is another.
fn open<'a>(
    key: &Key,
    about: &[u8],
    nonce: [u8; NONCE_LEN],
    bytes: &'a mut [u8],
) -> Option<&'a [u8]> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let opened = cipher(key)?.open_in_place(nonce, Aad::from(about), bytes).ok()?;
    Some(opened)
}

fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests;
