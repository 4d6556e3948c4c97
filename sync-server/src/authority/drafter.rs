//! The software in which a council drafts its acts.

use std::net::IpAddr;

use domain::{CouncilId, Entity, Record, SittingId, Timestamp};
use wire::Outcome;
use wire::limits::OP_PAYLOAD;

use crate::app::App;
use crate::blobs::{Piece, Progress};
use crate::connector::form::{Credentials, Form, Staged};
use crate::connector::{Unacceptable, description};

/// What a record's envelope takes of its room, in bytes.
const ENVELOPE: usize = 1024;

/// The permission of drafting software: to lay a draft before the clerks of its one council.
pub(crate) struct Drafter {
    app: App,
    /// User name and connection.
    account: (String, String),
    council: CouncilId,
    name: String,
}

impl Drafter {
    /// Whoever holds an account's credentials. An address that has been wrong too often is not
    /// listened to for a while, whatever it brings.
    ///
    /// # Errors
    /// The same for every kind of wrong.
    pub(crate) fn prove(
        app: &App,
        address: Option<IpAddr>,
        credentials: &Credentials,
    ) -> Result<Self, Unacceptable> {
        let (username, conn, password) = credentials.whole().ok_or(Unacceptable::Fields)?;
        let connector = app.connector.as_ref().ok_or(Unacceptable::Credentials)?;
        let tired = |wait_ms| {
            app.metrics.limited.add(1);
            Unacceptable::TooMany { wait_ms }
        };
        if let Some(address) = address {
            app.guesses.has(&address, app.now_ms()).map_err(tired)?;
        }
        let accounts = connector.accounts.now();
        let Some(account) = accounts.find(username, conn, password) else {
            if let Some(address) = address {
                app.guesses.take(address, app.now_ms()).map_err(tired)?;
            }
            return Err(Unacceptable::Credentials);
        };
        let (council, name) = (account.council, account.name.clone());
        let account = (account.username.clone(), account.conn.clone());
        Ok(Self { app: app.clone(), account, council, name })
    }

    /// Counts a form against what the account may bring.
    pub(crate) fn count(self) -> Result<Self, Unacceptable> {
        let app = &self.app;
        if let Some(connector) = &app.connector {
            connector.rates.take(self.account.clone(), app.now_ms()).map_err(|wait_ms| {
                app.metrics.limited.add(1);
                Unacceptable::TooMany { wait_ms }
            })?;
        }
        Ok(self)
    }

    /// Lays a form before the clerks as a draft: its papers first, then one record. Whatever ends the
    /// way there leaves no draft; what was kept of the papers is kept again for nothing.
    pub(crate) async fn bring(&self, form: &Form) -> Result<SittingId, Unacceptable> {
        let (app, council) = (&self.app, self.council);
        let log = &app.vault.log;
        let connector = app.connector.as_ref().ok_or(Unacceptable::Credentials)?;
        let found = log.record(council, Entity::Council, council.to_bytes()).await;
        let Ok(Some((_, Record::Council(known)))) = found else {
            tracing::error!(%council, "an account of the connector is for no council here");
            return Err(Unacceptable::Trouble);
        };
        let zone = known.zone;
        let ground = description::Ground {
            council,
            zone: &zone,
            by: &self.name,
            now: Timestamp::from_millisecond(app.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH),
            words: &connector.words,
        };
        let sitting = description::sitting(form, ground)?;
        let id = sitting.id;
        let record = Record::Sitting(Box::new(sitting));
        let json = record.to_json().map_err(|_| Unacceptable::Agenda)?;
        if json.len() + ENVELOPE > OP_PAYLOAD {
            return Err(Unacceptable::Agenda);
        }
        let Record::Sitting(sitting) = record else { return Err(Unacceptable::Trouble) };
        let if_version = match log.record(council, Entity::Sitting, id.to_bytes()).await? {
            None => 0,
            // A clerk has put the one before away.
            Some((version, Record::Sitting(before))) if before.is_withdrawn() => version,
            Some(_) => return Err(Unacceptable::Known),
        };
        for paper in form.papers.values() {
            self.keep(paper).await?;
        }
        match app.office.bring(council, *sitting, if_version).await? {
            Outcome::Accepted { .. } => Ok(id),
            Outcome::Conflict { .. } => Err(Unacceptable::Known),
            Outcome::Refused { code } => {
                tracing::error!(?code, "a draft that was brought was not taken by the log");
                Err(Unacceptable::Trouble)
            }
        }
    }

    /// Makes a paper the council's.
    async fn keep(&self, paper: &Staged) -> Result<(), Unacceptable> {
        let (vault, council) = (&self.app.vault, self.council);
        let &Staged { sha256, bytes: length, .. } = paper;
        if vault.log.paper(council, sha256).await?.is_some() {
            return Ok(());
        }
        // A clerk may have begun to send the same paper.
        let begun = vault.blobs.uploaded(council, sha256).await?;
        let offset = if begun <= length { begun } else { 0 };
        let piece = Piece { council, sha256, offset, length };
        let progress = vault.blobs.append(piece, paper.read(offset)?).await?;
        if progress != Progress::Whole {
            tracing::error!(?progress, "a paper that was brought did not become whole");
            return Err(Unacceptable::Trouble);
        }
        vault.log.hold_paper(council, sha256, length, self.app.now_ms()).await?;
        Ok(())
    }
}
