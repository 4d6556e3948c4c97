//! A member's answer: present, late, absent, or a proxy; without a network too.

use std::sync::Arc;

use domain::law::proxy::{Proxy, ProxyContext, ProxyRefusal, may_give};
use domain::{Answer, CouncilKind, Happening, MemberId, Proceedings, Role, SittingId, Timestamp};
use ipc::{ErrorCode, Problem};

use super::receipts::{self, word};
use crate::core::Core;
use crate::picture::Picture;

/// Answers for the member of this tablet, or for another when a clerk was told by other means.
pub(crate) async fn answer(
    core: &Arc<Core>,
    sitting: SittingId,
    answer: Answer,
    member: Option<MemberId>,
) -> Result<(), Problem> {
    let picture = core.now();
    let profile = picture.enrolled()?;
    let member = match member {
        None => profile.member,
        Some(other) if other == profile.member || profile.role == Role::Clerk => other,
        Some(_) => return Err(ErrorCode::Forbidden.into()),
    };
    let proceedings = open_for_answers(core, &picture, sitting)?;
    if proceedings.standing().is_none_or(|sent| sent.convocation.recipient(member).is_none()) {
        return Err(ErrorCode::NotAsked.into());
    }
    if let Answer::Proxy(bearer) = answer {
        check_proxy(core, &picture, proceedings, member, bearer)?;
    }
    receipts::sign(core, vec![word(sitting, member, Happening::Answered { answer })]).await?;
    Ok(())
}

/// The bearer's word on a proxy.
pub(crate) async fn bear(
    core: &Arc<Core>,
    sitting: SittingId,
    giver: MemberId,
    accepts: bool,
) -> Result<(), Problem> {
    let picture = core.now();
    let member = picture.enrolled()?.member;
    let proceedings = open_for_answers(core, &picture, sitting)?;
    let given = proceedings.borne_by(member);
    if !given.iter().any(|(by, _)| *by == giver) {
        return Err(ErrorCode::NotFound.into());
    }
    let another = given.iter().any(|(by, taken)| *by != giver && *taken == Some(true));
    if accepts && another {
        return Err(Problem::about(ErrorCode::ProxyBearerFull, picture.catalogue.name(member)));
    }
    receipts::sign(core, vec![word(sitting, member, Happening::Borne { giver, accepts })]).await?;
    Ok(())
}

fn open_for_answers<'a>(
    core: &Core,
    picture: &'a Picture,
    sitting: SittingId,
) -> Result<&'a Proceedings, Problem> {
    let known = picture.catalogue.sitting(sitting)?;
    let proceedings = picture.proceedings(sitting).ok_or(ErrorCode::NotConvened)?;
    let over = known.starts.as_millisecond() <= core.world.now_ms();
    if over || proceedings.is_cancelled() {
        return Err(ErrorCode::TooLateToAnswer.into());
    }
    Ok(proceedings)
}

/// The law's checks of a proxy, as far as this tablet can know: a member's tablet does not know
/// what others gave each other, the server and the bearer do.
fn check_proxy(
    core: &Core,
    picture: &Picture,
    proceedings: &Proceedings,
    giver: MemberId,
    bearer: MemberId,
) -> Result<(), Problem> {
    let kind = picture.catalogue.council.as_ref().map_or(CouncilKind::Commune, |c| c.kind);
    let answers = proceedings.answers();
    let in_office: Vec<MemberId> = proceedings
        .standing()
        .map(|sent| sent.convocation.recipients.iter().map(|r| r.member).collect())
        .unwrap_or_default();
    let of = |wanted: fn(&Answer) -> bool| {
        answers.iter().filter(move |(member, a)| **member != giver && wanted(&a.answer))
    };
    let absent: Vec<MemberId> =
        of(|answer| *answer == Answer::Absent).map(|(member, _)| *member).collect();
    let proxies: Vec<Proxy> = of(|answer| matches!(answer, Answer::Proxy(_)))
        .filter_map(|(member, answered)| match answered.answer {
            Answer::Proxy(bearer) => Some(Proxy {
                giver: *member,
                bearer,
                given: answered.at,
                revoked: None,
                declined: (answered.taken == Some(false)).then_some(answered.at),
                illness_certified: false,
            }),
            Answer::Present | Answer::Late | Answer::Absent => None,
        })
        .collect();
    let context = ProxyContext {
        kind,
        in_office: &in_office,
        absent: &absent,
        proxies: &proxies,
        represented_in_a_row: represented_in_a_row(picture, proceedings, giver),
        at: Timestamp::from_millisecond(core.world.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH),
    };
    may_give(giver, bearer, false, &context).map_err(|refusal| {
        let name = |member| picture.catalogue.name(member);
        match refusal {
            ProxyRefusal::Oneself => ErrorCode::ProxyOneself.into(),
            ProxyRefusal::GiverNotInOffice => ErrorCode::NotAsked.into(),
            ProxyRefusal::BearerNotInOffice => {
                Problem::about(ErrorCode::ProxyNotInOffice, name(bearer))
            }
            ProxyRefusal::BearerHoldsOne { .. } => {
                Problem::about(ErrorCode::ProxyBearerFull, name(bearer))
            }
            ProxyRefusal::BearerAbsent | ProxyRefusal::BearerRepresented { .. } => {
                Problem::about(ErrorCode::ProxyBearerAway, name(bearer))
            }
            ProxyRefusal::GiverHoldsOne { of } => {
                Problem::about(ErrorCode::ProxyGiverHolds, name(of))
            }
            ProxyRefusal::AlreadyGiven { to } => {
                Problem::about(ErrorCode::ProxyBearerFull, name(to))
            }
            ProxyRefusal::TooManySittings { allowed, .. } => {
                Problem::about(ErrorCode::ProxyTooMany, allowed.to_string())
            }
        }
    })
}

/// Sittings of the same body just before this one, without gap, at which the member was represented.
fn represented_in_a_row(picture: &Picture, proceedings: &Proceedings, member: MemberId) -> u16 {
    let Some(now) = proceedings.standing().map(|sent| &sent.convocation) else { return 0 };
    let mut before: Vec<&Proceedings> = picture
        .proceedings
        .values()
        .filter(|other| {
            other.standing().is_some_and(|sent| {
                let convocation = &sent.convocation;
                convocation.kind == now.kind
                    && convocation.starts < now.starts
                    && convocation.recipient(member).is_some()
            })
        })
        .collect();
    before.sort_by_key(|other| other.standing().map(|sent| sent.convocation.starts));
    let represented = |other: &&&Proceedings| {
        let answer = other.answers().get(&member).copied();
        answer.is_some_and(|a| matches!(a.answer, Answer::Proxy(_)) && a.taken != Some(false))
    };
    u16::try_from(before.iter().rev().take_while(represented).count()).unwrap_or(u16::MAX)
}
