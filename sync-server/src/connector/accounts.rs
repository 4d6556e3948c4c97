//! Who may bring sittings: a file of accounts, readable by its owner alone.
//!
//! A password is 160 random bits that the server draws and shows once, so its SHA-256 can be kept as it
//! is: there is nothing to guess that a slow hash would protect.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{CouncilId, Sha256};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

use crate::codes::{self, NoRandom};
use crate::digest;

/// One way in for one piece of software, into one council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The council whose clerks find what it brings.
    pub council: CouncilId,
    /// Name with which it logs in.
    pub username: String,
    /// Name of the connection, as the software's settings call it.
    pub conn: String,
    /// Name of the software, as the clerks read it.
    pub name: String,
    /// What is kept of its password.
    secret: Sha256,
}

/// The accounts of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    accounts: Vec<Account>,
}

/// Why the accounts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file cannot be read or written.
    #[error("The accounts of the connector in {path} cannot be used: {cause}.")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path} is no file of accounts: {cause}. Make one with `pupitre-server connector --file`."
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// Where it is wrong.
        cause: serde_json::Error,
    },
    /// Others could read or change it.
    #[error("{path} can be read by others than its owner; make it private (chmod 600) first.")]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// A name that cannot be one.
    #[error("A {what} has 1 to {NAME} letters, digits and signs, without blanks at its ends.")]
    Name {
        /// Which.
        what: &'static str,
    },
    /// Nothing to take away.
    #[error("There is no account {username} for the connection {conn}; nothing was changed.")]
    Unknown {
        /// Its name.
        username: String,
        /// Its connection.
        conn: String,
    },
    /// The system gives no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandom),
}

/// Longest name of an account, a connection or a piece of software, in bytes.
pub const NAME: usize = 100;

impl Accounts {
    /// The accounts of a file.
    ///
    /// # Errors
    /// [`AccountsError`].
    pub fn read(path: &Path) -> Result<Self, AccountsError> {
        use std::os::unix::fs::PermissionsExt as _;
        let failed = |cause| AccountsError::File { path: path.to_owned(), cause };
        let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(AccountsError::Open { path: path.to_owned() });
        }
        let text = std::fs::read(path).map_err(failed)?;
        serde_json::from_slice(&text)
            .map_err(|cause| AccountsError::Form { path: path.to_owned(), cause })
    }

    /// Each of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Account> {
        self.accounts.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// The account with these credentials. It takes as long for a name that is unknown as for a
    /// password that is wrong: every account is looked at, whole.
    pub(crate) fn find(&self, username: &str, conn: &str, password: &str) -> Option<&Account> {
        let offered = secret(username, conn, password);
        let (mut found, mut place) = (Choice::from(0), 0_u64);
        for (account, index) in self.accounts.iter().zip(0_u64..) {
            let same = account.secret.as_bytes().ct_eq(offered.as_bytes());
            place.conditional_assign(&index, same);
            found |= same;
        }
        let place = bool::from(found).then(|| usize::try_from(place).ok()).flatten();
        place.and_then(|place| self.accounts.get(place))
    }

    /// Opens an account in a file, which is made when there is none; one of the same name and
    /// connection is replaced. The answer is its password, which is written nowhere.
    ///
    /// # Errors
    /// [`AccountsError`]; nothing was changed.
    pub fn grant(
        path: &Path,
        council: CouncilId,
        [username, conn, name]: [&str; 3],
    ) -> Result<String, AccountsError> {
        for (what, text) in [("user name", username), ("connection", conn), ("name", name)] {
            let plain = !text.is_empty() && text.len() <= NAME && text.trim() == text;
            if !plain || text.chars().any(char::is_control) {
                return Err(AccountsError::Name { what });
            }
        }
        let mut all = if path.exists() { Self::read(path)? } else { Self::default() };
        all.accounts.retain(|account| (&*account.username, &*account.conn) != (username, conn));
        let password = codes::password(codes::random()?);
        all.accounts.push(Account {
            council,
            username: username.to_owned(),
            conn: conn.to_owned(),
            name: name.to_owned(),
            secret: secret(username, conn, &password),
        });
        all.write(path)?;
        Ok(password)
    }

    /// Takes an account away; a running server heeds it at once.
    ///
    /// # Errors
    /// [`AccountsError`]; nothing was changed.
    pub fn withdraw(path: &Path, username: &str, conn: &str) -> Result<(), AccountsError> {
        let mut all = Self::read(path)?;
        let before = all.accounts.len();
        all.accounts.retain(|account| (&*account.username, &*account.conn) != (username, conn));
        if all.accounts.len() == before {
            let (username, conn) = (username.to_owned(), conn.to_owned());
            return Err(AccountsError::Unknown { username, conn });
        }
        all.write(path)
    }

    /// Writes the file whole or not at all, for its owner alone.
    fn write(&self, path: &Path) -> Result<(), AccountsError> {
        let failed = |cause| AccountsError::File { path: path.to_owned(), cause };
        let text = serde_json::to_vec_pretty(self)
            .map_err(|cause| AccountsError::Form { path: path.to_owned(), cause })?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // A temporary file is its owner's alone from its first byte.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        std::io::Write::write_all(&mut file, &text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// The accounts as their file says them now: it is read again when it has changed. A file that is gone,
/// that others can read or that holds something else lets nobody in, until it is mended.
#[derive(Debug)]
pub(crate) struct AccountFile {
    path: PathBuf,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// The file that was read; none before the first time, and when there was no file.
    of: Option<Stamp>,
    accounts: Arc<Accounts>,
}

/// What tells a file from another and from itself before a change, a change of its mode included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl AccountFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, held: Mutex::default() }
    }

    /// The accounts now.
    pub(crate) fn now(&self) -> Arc<Accounts> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.stamp();
        if stamp != held.of || stamp.is_none() {
            let accounts = Accounts::read(&self.path).unwrap_or_else(|error| {
                tracing::warn!(%error, "no drafting software is let in");
                Accounts::default()
            });
            *held = Held { of: stamp, accounts: Arc::new(accounts) };
        }
        Arc::clone(&held.accounts)
    }

    fn stamp(&self) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt as _;
        let file = std::fs::metadata(&self.path).ok()?;
        let changed = (file.ctime(), file.ctime_nsec());
        Some(Stamp { inode: file.ino(), bytes: file.len(), changed })
    }
}

/// What is kept of a password. The names are part of it, each with its length, so that no two accounts
/// can be told apart by which half of their credentials was wrong.
fn secret(username: &str, conn: &str, password: &str) -> Sha256 {
    let mut text = b"pupitre/connector/1".to_vec();
    for part in [username, conn, password] {
        text.extend_from_slice(&(part.len() as u64).to_be_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    digest::of(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNCIL: CouncilId = CouncilId::from_bytes([7; 16]);

    #[test]
    fn an_account_is_found_by_all_three_of_its_words_and_by_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("accounts.json");
        let first = Accounts::grant(&file, COUNCIL, ["webdelib", "valbrune", "Webdelib"]).unwrap();
        let second = Accounts::grant(&file, COUNCIL, ["autre", "valbrune", "Autre"]).unwrap();
        let accounts = Accounts::read(&file).unwrap();
        let name = |account: Option<&Account>| account.map(|account| account.name.clone());
        assert_eq!(
            name(accounts.find("webdelib", "valbrune", &first)),
            Some("Webdelib".to_owned())
        );
        assert_eq!(name(accounts.find("autre", "valbrune", &second)), Some("Autre".to_owned()));
        for (username, conn, password) in [
            ("webdelib", "valbrune", &*second),
            ("autre", "valbrune", &*first),
            ("webdelib", "montclar", &*first),
            ("webdelibvalbrune", "", &*first),
            ("webdelib", "valbrune", ""),
            ("", "", ""),
        ] {
            assert_eq!(accounts.find(username, conn, password), None, "{username} {conn}");
        }
        assert_eq!(Accounts::default().find("webdelib", "valbrune", &first), None);
    }

    #[test]
    fn the_file_holds_no_password_and_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("accounts.json");
        let password = Accounts::grant(&file, COUNCIL, ["webdelib", "c", "Webdelib"]).unwrap();
        assert!(!std::fs::read_to_string(&file).unwrap().contains(&password));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

        // A new password takes the place of the old one.
        let again = Accounts::grant(&file, COUNCIL, ["webdelib", "c", "Webdelib"]).unwrap();
        let accounts = Accounts::read(&file).unwrap();
        assert_eq!((accounts.len(), accounts.find("webdelib", "c", &password)), (1, None));
        assert!(accounts.find("webdelib", "c", &again).is_some());

        Accounts::withdraw(&file, "webdelib", "c").unwrap();
        assert!(Accounts::read(&file).unwrap().is_empty());
        let unknown = Accounts::withdraw(&file, "webdelib", "c").unwrap_err();
        assert!(matches!(unknown, AccountsError::Unknown { .. }), "{unknown}");

        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Accounts::read(&file), Err(AccountsError::Open { .. })));
    }

    #[test]
    fn the_file_counts_as_it_is_now_and_a_bad_one_lets_nobody_in() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("accounts.json");
        let file = AccountFile::new(path.clone());
        assert!(file.now().is_empty(), "no file yet");
        let first = Accounts::grant(&path, COUNCIL, ["a", "c", "A"]).unwrap();
        assert!(file.now().find("a", "c", &first).is_some());
        let second = Accounts::grant(&path, COUNCIL, ["b", "c", "B"]).unwrap();
        assert!(file.now().find("a", "c", &first).is_some());
        assert!(file.now().find("b", "c", &second).is_some());
        Accounts::withdraw(&path, "a", "c").unwrap();
        assert!(file.now().find("a", "c", &first).is_none());

        let mode = |mode| std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        mode(0o644);
        assert!(file.now().is_empty(), "others can read it");
        mode(0o600);
        assert_eq!(file.now().len(), 1);
        std::fs::write(&path, "{").unwrap();
        assert!(file.now().is_empty(), "it holds something else");
        std::fs::remove_file(&path).unwrap();
        assert!(file.now().is_empty());
    }

    #[test]
    fn a_name_that_cannot_be_typed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("accounts.json");
        for name in ["", " a", "a\n", &"a".repeat(NAME + 1)] {
            let refused = Accounts::grant(&file, COUNCIL, [name, "c", "n"]);
            assert!(matches!(refused, Err(AccountsError::Name { .. })), "{name:?}");
        }
        assert!(!file.exists());
    }
}
