//! What was read last, kept until somebody writes: an exchange with nothing new is answered from
//! memory, without a blocking thread.
//!
//! Nothing here outlives a commit that contradicts it. Before each answer SQLite is asked whether
//! anything was committed since (`PRAGMA data_version`, which looks at memory shared between
//! processes and not at the disk), so that `revoke` beside a running server counts at once. After a
//! commit the heads are forgotten; who holds which session, and what each member may see, only when
//! the table `standing` says that somebody's standing has changed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{CouncilId, MemberId, Sha256};
use rusqlite::Connection;

use super::schema::{self, OpenError};
use crate::log::{Bearer, Page, Position};

/// Sessions, and members, remembered at most.
const KEPT: usize = 50_000;

/// The memory of one open database.
#[derive(Debug)]
pub(super) struct Recent(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Only asked whether anything has changed; it never waits for another.
    watch: Connection,
    seen: Stamp,
    bearers: BTreeMap<Sha256, Bearer>,
    views: BTreeMap<(CouncilId, MemberId), u64>,
    heads: BTreeMap<CouncilId, u64>,
}

/// A moment of the database. What was read after taking one may be kept if the moment still lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    commits: i64,
    standing: i64,
}

impl Recent {
    pub(super) fn open(database: &Path) -> Result<Self, OpenError> {
        let watch = schema::open_read_only(database)?;
        watch.busy_timeout(Duration::ZERO)?;
        let seen = Stamp { commits: -1, standing: -1 };
        let (bearers, views, heads) = Default::default();
        Ok(Self(Mutex::new(State { watch, seen, bearers, views, heads })))
    }

    /// Who holds this token, if that is remembered; else the moment in which to read it. The
    /// session may have expired.
    pub(super) fn bearer(&self, token_hash: Sha256) -> Result<Bearer, Option<Stamp>> {
        let mut state = self.state();
        let now = state.look();
        now.and_then(|_| state.bearers.get(&token_hash).cloned()).ok_or(now)
    }

    /// The page of a tablet that lacks nothing, if that is remembered; else the moment in which to
    /// read on.
    pub(super) fn nothing_new(
        &self,
        council: CouncilId,
        member: MemberId,
        position: Position,
    ) -> Result<Page, Option<Stamp>> {
        let mut state = self.state();
        let now = state.look();
        let known = || {
            let head = *state.heads.get(&council)?;
            let view = *state.views.get(&(council, member))?;
            (position == Position { cursor: head, view }).then_some(Page {
                items: Vec::new(),
                cursor: head,
                head,
                more: false,
                view,
            })
        };
        now.and_then(|_| known()).ok_or(now)
    }

    /// Keeps who holds a token, as it was read after `moment`.
    pub(super) fn keep_bearer(&self, moment: Option<Stamp>, token_hash: Sha256, bearer: &Bearer) {
        let mut state = self.state();
        if state.still(moment, |stamp| stamp.standing) {
            make_room(&mut state.bearers);
            state.bearers.insert(token_hash, bearer.clone());
        }
    }

    /// Keeps where a council's log ends and what a member may see, as read after `moment`.
    pub(super) fn keep_page(
        &self,
        moment: Option<Stamp>,
        council: CouncilId,
        member: MemberId,
        page: &Page,
    ) {
        let mut state = self.state();
        if state.still(moment, |stamp| stamp.standing) {
            make_room(&mut state.views);
            state.views.insert((council, member), page.view);
        }
        if state.still(moment, |stamp| stamp.commits) {
            make_room(&mut state.heads);
            state.heads.insert(council, page.head);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The present moment; what it contradicts is forgotten. None when SQLite does not say: then
    /// nothing is known.
    fn look(&mut self) -> Option<Stamp> {
        let now = match self.ask() {
            Ok(now) => now,
            Err(error) => {
                tracing::debug!(%error, "whether the log has changed is not known");
                return None;
            }
        };
        if now.commits != self.seen.commits {
            self.heads.clear();
        }
        if now.standing != self.seen.standing {
            self.bearers.clear();
            self.views.clear();
        }
        self.seen = now;
        Some(now)
    }

    fn ask(&self) -> Result<Stamp, rusqlite::Error> {
        let commits =
            self.watch.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if commits == self.seen.commits {
            return Ok(self.seen);
        }
        // A commit between the two is seen by the next question, which asks for both again.
        let standing = self
            .watch
            .prepare_cached("SELECT changes FROM standing")?
            .query_row([], |row| row.get(0))?;
        Ok(Stamp { commits, standing })
    }

    fn still(&mut self, moment: Option<Stamp>, of: fn(Stamp) -> i64) -> bool {
        moment.is_some_and(|then| self.look().is_some_and(|now| of(now) == of(then)))
    }
}

fn make_room<K: Ord, V>(kept: &mut BTreeMap<K, V>) {
    if kept.len() >= KEPT {
        kept.clear();
    }
}
