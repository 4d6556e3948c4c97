//! The clerk's acts: judge, convene, postpone, call off, record a posting.

use std::sync::Arc;

use domain::convocation::{Act, Verdict};
use domain::{
    Cancellation, Channel, Convocation, ConvocationId, Correction, DeviceCard, Happening, Member,
    MemberId, Proceedings, Recipient, Sent, Sitting, SittingId, SittingState, Timestamp, changes,
};
use ipc::{ConveneRefusal, Convened, Convening, ErrorCode, Problem, Reason};
use wire::DocKey;

use super::letter;
use super::receipts::{self, Word};
use super::ruling;
use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::exchange;
use crate::picture::Picture;
use crate::world::moment;

/// Answers are asked for until so long before the sitting, unless the clerk says otherwise: the law
/// sets no time for them.
const ANSWER_BEFORE_MS: i64 = 24 * 3_600_000;

/// Whom a convocation goes to, and whom nothing reaches.
struct Reach {
    recipients: Vec<Recipient>,
    unreachable: Vec<String>,
    on_paper: Vec<String>,
}

/// What convening would come to now.
pub(crate) fn judge(core: &Core, wanted: &Convening) -> Result<Convened, Problem> {
    let picture = core.now();
    picture.clerk()?;
    let sitting = picture.catalogue.sitting(wanted.sitting)?;
    Plan::of(core, &picture, sitting, wanted).map(|plan| plan.outcome(&picture))
}

/// Convenes. What was sent and still stands is not sent again.
pub(crate) async fn convene(core: &Arc<Core>, wanted: &Convening) -> Result<Convened, Problem> {
    core.now().clerk()?;
    exchange::catch_up(core).await?;
    let picture = core.now();
    let sitting = picture.catalogue.sitting(wanted.sitting)?.as_ref().clone();
    send(core, &picture, sitting, wanted).await
}

/// Moves a convened sitting and convenes it anew.
pub(crate) async fn postpone(
    core: &Arc<Core>,
    wanted: &Convening,
    starts: Timestamp,
    place: Option<String>,
) -> Result<Convened, Problem> {
    core.now().clerk()?;
    exchange::catch_up(core).await?;
    let picture = core.now();
    let mut sitting = picture.catalogue.sitting(wanted.sitting)?.as_ref().clone();
    picture.proceedings(sitting.id).and_then(Proceedings::last).ok_or(ErrorCode::NotConvened)?;
    sitting.starts = starts;
    if let Some(place) = place {
        sitting.place = place;
    }
    send(core, &picture, sitting, wanted).await
}

async fn send(
    core: &Arc<Core>,
    picture: &Picture,
    sitting: Sitting,
    wanted: &Convening,
) -> Result<Convened, Problem> {
    let plan = Plan::of(core, picture, &sitting, wanted)?;
    let outcome = plan.outcome(picture);
    if outcome.already || outcome.verdict == Verdict::Refused {
        return Ok(outcome);
    }
    let told = letter::Told {
        number: plan.number,
        urgency: wanted.urgency.as_deref().map(str::trim),
        ruling: &plan.ruling,
        now: plan.now,
    };
    let (sitting, letter) = letter::give(core, picture, sitting.clone(), told).await?;
    let plan = Plan::of(core, picture, &sitting, wanted)?;
    let convocation = plan.convocation(core, picture)?;
    let convened = Sitting { state: SittingState::Convened, cancelled: None, ..sitting };
    exchange::send_convocation(core, convened, convocation).await?;
    letter::arrived(core, letter).await?;
    Ok(outcome)
}

/// Calls a convened sitting off: everybody who was convened is told.
pub(crate) async fn call_off(
    core: &Arc<Core>,
    sitting: SittingId,
    reason: &str,
) -> Result<(), Problem> {
    core.now().clerk()?;
    exchange::catch_up(core).await?;
    let picture = core.now();
    let mut known = picture.catalogue.sitting(sitting)?.as_ref().clone();
    let proceedings = picture.proceedings(sitting).ok_or(ErrorCode::NotConvened)?;
    if proceedings.is_cancelled() {
        return Ok(());
    }
    if known.starts.as_millisecond() <= core.world.now_ms() {
        return Err(Reason::SittingBegun.into());
    }
    let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    known.state = SittingState::Published;
    known.cancelled = Some(Cancellation { at: moment(core.world.now_ms()), reason });
    send_off(core, known).await
}

/// Sends the record of a sitting that is called off, and tells everybody who was convened.
pub(crate) async fn send_off(core: &Arc<Core>, sitting: Sitting) -> Result<(), Problem> {
    let picture = core.now();
    let last = picture.proceedings(sitting.id).and_then(Proceedings::last);
    let mut convocation = last.ok_or(ErrorCode::NotConvened)?.convocation.clone();
    let number = convocation.number + 1;
    convocation.id = ConvocationId::from_bytes(DocKey::of_convocation(sitting.id, number).0);
    convocation.number = number;
    convocation.act = Act::Cancel;
    convocation.made = moment(core.world.now_ms());
    convocation.urgency = None;
    convocation.ruling = None;
    convocation.answer_by = None;
    convocation.note = sitting.cancelled.as_ref().and_then(|cancelled| cancelled.reason.clone());
    (convocation.author, convocation.author_name) = author(&picture)?;
    exchange::send_convocation(core, sitting, convocation).await
}

/// Records that a convocation was posted, or handed over, on paper.
pub(crate) async fn posted(
    core: &Arc<Core>,
    sitting: SittingId,
    member: MemberId,
    at: Option<Timestamp>,
    proof: Option<String>,
) -> Result<(), Problem> {
    let picture = core.now();
    picture.clerk()?;
    let last = picture.proceedings(sitting).and_then(Proceedings::last);
    let asked = last.and_then(|sent| sent.convocation.recipient(member));
    if last.is_none() {
        return Err(ErrorCode::NotConvened.into());
    }
    if asked.is_none() {
        return Err(ErrorCode::NotAsked.into());
    }
    let now = moment(core.world.now_ms());
    let at = at.unwrap_or(now);
    if at > now {
        return Err(Reason::PostingInFuture.into());
    }
    let happening = Happening::Dispatched {
        channel: Channel::Paper,
        to: None,
        proof,
        message: None,
        reminder: false,
    };
    receipts::sign(core, vec![Word { sitting, member, happening, at: Some(at) }]).await?;
    // The tablet may be without a network: it leaves with the next exchange.
    exchange::catch_up(core).await.ok();
    Ok(())
}

/// Asks the office to remind everybody who has not opened the convocation, or not answered it.
pub(crate) async fn remind(core: &Arc<Core>, sitting: SittingId) -> Result<(), Problem> {
    core.now().clerk()?;
    exchange::catch_up(core).await?;
    let picture = core.now();
    let proceedings = picture.proceedings(sitting).ok_or(ErrorCode::NotConvened)?;
    let standing = proceedings.standing().ok_or(ErrorCode::NotConvened)?;
    if standing.convocation.starts.as_millisecond() <= core.world.now_ms() {
        return Err(Reason::SittingBegun.into());
    }
    let answers = proceedings.answers();
    let silent = standing.convocation.recipients.iter().map(|recipient| recipient.member);
    let words: Vec<Word> = silent
        .filter(|member| !answers.contains_key(member))
        .map(|member| {
            let nth = proceedings.reminders(member) + 1;
            Word { sitting, member, happening: Happening::Reminded { nth }, at: None }
        })
        .collect();
    receipts::sign(core, words).await?;
    exchange::catch_up(core).await
}

/// A dispatch thought through, before anything is sent.
struct Plan<'a> {
    sitting: &'a Sitting,
    wanted: &'a Convening,
    now: Timestamp,
    standing: Option<&'a Sent>,
    number: u32,
    reach: Reach,
    ruling: domain::Ruling,
    refusal: Option<ConveneRefusal>,
    answer_by: Timestamp,
}

impl<'a> Plan<'a> {
    fn of(
        core: &Core,
        picture: &'a Picture,
        sitting: &'a Sitting,
        wanted: &'a Convening,
    ) -> Result<Self, Problem> {
        let council = picture.catalogue.council.as_ref().ok_or(ErrorCode::NotEnrolled)?;
        let now = moment(core.world.now_ms());
        if wanted.urgency.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Reason::UrgencyWithoutReason.into());
        }
        let proceedings = picture.proceedings(sitting.id);
        let standing = proceedings.and_then(Proceedings::standing).filter(|sent| {
            sent.convocation.differs_from(sitting) != Correction::Convocation
                && wanted.correction.is_none()
                && (wanted.urgency.is_none() || sent.convocation.urgency == wanted.urgency)
        });
        let last = proceedings.and_then(Proceedings::last);
        let number = last.map_or(1, |sent| sent.convocation.number + 1);
        let ruling = ruling::of(council, sitting, wanted, now)?;
        let reach = reach(picture, sitting);
        let begun = sitting.starts <= now;
        let over = matches!(sitting.state, SittingState::Held | SittingState::Closed);
        let refusal = if begun || over {
            Some(ConveneRefusal::Begun)
        } else if reach.recipients.is_empty() {
            Some(ConveneRefusal::Nobody)
        } else if sitting.items.is_empty() {
            Some(ConveneRefusal::NoAgenda)
        } else if wanted.urgency.is_some() && ruling.verdict == Verdict::Late {
            Some(ConveneRefusal::UrgencyTooLate)
        } else {
            None
        };
        let usual = moment(sitting.starts.as_millisecond().saturating_sub(ANSWER_BEFORE_MS));
        let usual = if usual > now { usual } else { sitting.starts };
        let answer_by = wanted.answer_by.unwrap_or(usual);
        if answer_by > sitting.starts {
            return Err(Reason::AnswerAfterStart.into());
        }
        Ok(Self { sitting, wanted, now, standing, number, reach, ruling, refusal, answer_by })
    }

    fn outcome(&self, picture: &Picture) -> Convened {
        let already = self.standing.is_some();
        let frozen = self.standing.map(|sent| &sent.convocation);
        let ruling = frozen.and_then(|convocation| convocation.ruling.clone());
        let ruling = ruling.unwrap_or_else(|| self.ruling.clone());
        let refusal = self.refusal.filter(|_| !already);
        let answer_by = frozen.map_or(Some(self.answer_by), |convocation| convocation.answer_by);
        let recipients = frozen.map_or(self.reach.recipients.len(), |c| c.recipients.len());
        Convened {
            sitting: self.sitting.id,
            verdict: if refusal.is_some() { Verdict::Refused } else { ruling.verdict },
            refusal,
            number: frozen.map_or(self.number, |convocation| convocation.number),
            already,
            recipients: u32::try_from(recipients).unwrap_or(u32::MAX),
            unreachable: self.reach.unreachable.clone(),
            on_paper: self.reach.on_paper.clone(),
            ruling,
            answer_by: answer_by.map(|by| picture.catalogue.local(by)),
        }
    }

    /// Why it replaces the one before: as the clerk says now, or said when the change was published.
    fn why(&self, picture: &Picture) -> Option<String> {
        let said = self.wanted.correction.as_deref().map(str::trim);
        let before = picture.proceedings(self.sitting.id).and_then(Proceedings::last);
        let published =
            before.and_then(|sent| changes::reason_since(self.sitting, sent.convocation.made));
        said.or(published).map(ToOwned::to_owned)
    }

    fn convocation(self, core: &Core, picture: &Picture) -> Result<Convocation, Problem> {
        let sitting = self.sitting;
        let note = self.why(picture);
        let (author, author_name) = author(picture)?;
        let council = picture.catalogue.council.as_ref().ok_or(ErrorCode::NotEnrolled)?;
        let (agenda, papers) = Convocation::freeze(sitting);
        let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
        tracing::info!(number = self.number, made = %self.now, "a convocation leaves");
        Ok(Convocation {
            id: ConvocationId::from_bytes(DocKey::of_convocation(sitting.id, self.number).0),
            sitting: sitting.id,
            number: self.number,
            act: Act::Convene,
            // Filled in when the sitting's record is sealed.
            sitting_op: domain::Sha256::from_bytes([0; 32]),
            author,
            author_name,
            made: moment(core.world.now_ms()),
            council: council.name.clone(),
            zone: council.zone.clone(),
            title: sitting.title.clone(),
            kind: sitting.kind,
            starts: sitting.starts,
            place: sitting.place.clone(),
            agenda,
            papers,
            recipients: self.reach.recipients,
            urgency: trimmed(&self.wanted.urgency),
            ruling: Some(self.ruling),
            note,
            answer_by: Some(self.answer_by),
        })
    }
}

fn author(picture: &Picture) -> Result<(MemberId, String), Problem> {
    let profile = picture.clerk()?;
    Ok((profile.member, picture.catalogue.name(profile.member)))
}

/// Whether a member is convened: the members of the body that sits, every official where none is named.
pub(crate) fn is_convened(catalogue: &Catalogue, sitting: &Sitting, member: &Member) -> bool {
    let body = sitting.body.and_then(|id| catalogue.bodies.iter().find(|body| body.id == id));
    match body {
        Some(body) => body.members.contains(&member.id),
        None => member.in_office(),
    }
}

/// Who is convened, and by which ways.
fn reach(picture: &Picture, sitting: &Sitting) -> Reach {
    let catalogue = &picture.catalogue;
    let mut reach = Reach { recipients: Vec::new(), unreachable: Vec::new(), on_paper: Vec::new() };
    for member in catalogue.members.iter().filter(|m| is_convened(catalogue, sitting, m)) {
        let mut recipient = recipient(catalogue, member);
        if member.on_paper {
            recipient.channels.push(Channel::Paper);
            reach.on_paper.push(recipient.name.clone());
        }
        if recipient.channels.is_empty() {
            reach.unreachable.push(recipient.name.clone());
        }
        reach.recipients.push(recipient);
    }
    reach
}

/// The ways on which something sent reaches a member, as far as this tablet knows; paper is apart.
pub(crate) fn recipient(catalogue: &Catalogue, member: &Member) -> Recipient {
    let device = |card: &&DeviceCard| card.member == member.id && card.revoked.is_none();
    let ways = [
        (Channel::App, catalogue.devices.iter().any(|card| device(&card))),
        (Channel::Email, member.email.is_some()),
        (Channel::Sms, member.phone.is_some()),
    ];
    Recipient {
        member: member.id,
        name: member.full_name(),
        channels: ways.into_iter().filter_map(|(way, there)| there.then_some(way)).collect(),
        email: member.email.clone(),
        phone: member.phone.clone(),
    }
}
