//! Writes down in the audit log who lets drafting software in. The accounts are a file that the operator
//! changes beside the server; the server compares it with what the audit log says.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::CouncilId;
use tokio_util::sync::CancellationToken;

use super::accounts::{Account, Accounts};
use crate::config::Clock;
use crate::log::audit::{self, By, Deed, Done};
use crate::log::{Log, LogError};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(60);
/// What an account is called in the audit log.
type Named = (CouncilId, String);

/// What this process has compared last: the audit log is read again only when something is different,
/// and another password is told by it.
#[derive(Default)]
struct Seen {
    councils: Vec<CouncilId>,
    accounts: BTreeMap<Named, Account>,
}

pub(crate) struct Register {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) clock: Clock,
    pub(crate) accounts: PathBuf,
}

impl Register {
    /// Compares until `closing`.
    pub(crate) async fn keep(&self, closing: &CancellationToken) {
        let mut seen = Seen::default();
        loop {
            match self.compare(&mut seen).await {
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "accounts are not written down yet"),
            }
            tokio::select! {
                () = closing.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn compare(&self, seen: &mut Seen) -> Result<(), LogError> {
        // A file that cannot be read now lets nobody in and says nothing of who was taken away.
        let Ok(accounts) = Accounts::read(&self.accounts) else { return Ok(()) };
        let mut now: BTreeMap<Named, Account> = BTreeMap::new();
        for account in accounts.all() {
            let name = format!("{} ({})", account.username, account.conn);
            now.insert((account.council, name), account.clone());
        }
        let councils = self.log.councils().await?;
        if seen.councils == councils && seen.accounts == now {
            return Ok(());
        }
        let by = By::operator((self.clock)());
        for council in councils.iter().copied() {
            let mut open = self.open(council).await?;
            for ((_, name), account) in now.iter().filter(|((of, _), _)| *of == council) {
                let key = (council, name.clone());
                let done = match (open.remove(name), seen.accounts.get(&key)) {
                    (Some(false) | None, _) => Done::AccountOpened,
                    (Some(true), Some(before)) if before != account => Done::AccountChanged,
                    (Some(true), _) => continue,
                };
                self.log.note(council, Deed::of(done).with(name), by).await?;
            }
            for name in open.into_iter().filter(|(_, open)| *open).map(|(name, _)| name) {
                self.log.note(council, Deed::of(Done::AccountClosed).with(&name), by).await?;
            }
        }
        *seen = Seen { councils, accounts: now };
        Ok(())
    }

    /// What the audit log says of the accounts of a council: whether each is open.
    async fn open(&self, council: CouncilId) -> Result<BTreeMap<String, bool>, LogError> {
        let (opened, changed) = (Done::AccountOpened.word(), Done::AccountChanged.word());
        let mut found = BTreeMap::new();
        for line in audit::all(&*self.log, council).await? {
            let open = line.done == opened || line.done == changed;
            if open || line.done == Done::AccountClosed.word() {
                found.entry(line.detail).or_insert(open);
            }
        }
        Ok(found)
    }
}
