//! Whoever knows the address of a member's calendar.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::{Convocation, Entity, Record, SittingId, Timestamp, calendar};
use wire::ProblemCode;

use super::Caller;
use crate::app::App;
use crate::codes;
use crate::limits::SECRET_TEXT;
use crate::log::Subscribed;
use crate::refusal::Refusal;

/// Sittings stay in a calendar for so long: a year and the time to look back on it.
const KEPT_MS: i64 = 400 * 24 * 3_600_000;

/// The permission to read one member's calendar.
pub(crate) struct Subscriber {
    app: App,
    subscribed: Subscribed,
}

impl FromRequestParts<App> for Subscriber {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        // Counts against the address; 160 bits are not guessed at that pace.
        Caller::from_request_parts(parts, app).await?;
        let nothing = || Refusal::new(ProblemCode::NotFound, "There is nothing at this address.");
        let Path(name): Path<String> =
            Path::from_request_parts(parts, app).await.map_err(|_| nothing())?;
        let token = name.strip_suffix(".ics").filter(|token| token.len() <= SECRET_TEXT);
        let hash = codes::hash_calendar(token.ok_or_else(nothing)?);
        let subscribed = app.vault.log.calendar_at(hash).await?.ok_or_else(nothing)?;
        let who = (subscribed.council, subscribed.member);
        app.calendars.take(who, app.now_ms()).map_err(|wait| {
            app.metrics.limited.add(1);
            Refusal::too_many("This calendar is asked for too often.", wait)
        })?;
        Ok(Self { app: app.clone(), subscribed })
    }
}

impl Subscriber {
    /// Names the calendar as it stands: it changes when the council convenes, and with the day, which
    /// lets old sittings go.
    pub(crate) fn tag(&self) -> String {
        let Subscribed { council, member, latest } = self.subscribed;
        let mut text = b"pupitre/calendar/tag/1".to_vec();
        text.extend_from_slice(&council.to_bytes());
        text.extend_from_slice(&member.to_bytes());
        text.extend_from_slice(&latest.to_be_bytes());
        text.extend_from_slice(&self.app.now_ms().div_euclid(24 * 3_600_000).to_be_bytes());
        format!("\"{}\"", crate::digest::of(&text))
    }

    /// The calendar: of each sitting the last convocation, where it is to this member.
    pub(crate) async fn calendar(&self) -> Result<String, Refusal> {
        let Subscribed { council, member, .. } = self.subscribed;
        let log = &self.app.vault.log;
        let name = match log.record(council, Entity::Council, council.to_bytes()).await? {
            Some((_, Record::Council(council))) => council.name,
            Some(_) | None => String::new(),
        };
        let mut last: BTreeMap<SittingId, (Convocation, i64)> = BTreeMap::new();
        for (convocation, sent_ms) in log.convocations(council).await? {
            let number = last.get(&convocation.sitting).map_or(0, |(known, _)| known.number);
            if convocation.number >= number {
                last.insert(convocation.sitting, (convocation, sent_ms));
            }
        }
        let since = self.app.now_ms().saturating_sub(KEPT_MS);
        let mut shown: Vec<(&Convocation, Timestamp)> = last
            .values()
            .filter(|(convocation, _)| convocation.recipient(member).is_some())
            .filter(|(convocation, _)| convocation.starts.as_millisecond() >= since)
            .map(|(convocation, sent_ms)| {
                (convocation, Timestamp::from_millisecond(*sent_ms).unwrap_or(convocation.made))
            })
            .collect();
        shown.sort_by_key(|(convocation, _)| (convocation.starts, convocation.sitting));
        Ok(calendar::feed(&name, &shown))
    }
}
