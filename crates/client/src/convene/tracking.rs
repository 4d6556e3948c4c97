//! Who was reached how, and what came back, as screens show it.

use std::collections::BTreeMap;

use domain::{
    Answer, Channel, Convocation, Happening, MemberId, Proceedings, Reached, Recipient, Role,
    SittingId, Timestamp, Track,
};
use ipc::{AnswerView, Bearer, LocalTime, Problem, ReplyView, TrackView, TrackingView, Words};

use crate::picture::Picture;

/// The tracking of a sitting; a clerk sees everybody, a member what this tablet may know.
pub(crate) fn view(picture: &Picture, sitting: SittingId) -> Result<TrackingView, Problem> {
    picture.catalogue.sitting(sitting)?;
    let nothing = Proceedings::default();
    let proceedings = picture.proceedings(sitting).unwrap_or(&nothing);
    let mut view = TrackingView {
        sitting,
        number: 0,
        tracks: Vec::new(),
        answers: answers(picture, proceedings),
        recipients: 0,
        dispatched: 0,
        opened: 0,
        answered: 0,
        present: 0,
        proxies: 0,
        cancelled: proceedings.is_cancelled(),
    };
    let Some(sent) = proceedings.last() else { return Ok(view) };
    view.number = sent.convocation.number;
    view.recipients = count(sent.convocation.recipients.len());
    let tracks = proceedings.tracks();
    let mut furthest: BTreeMap<MemberId, Reached> = BTreeMap::new();
    for track in &tracks {
        let known = furthest.entry(track.member).or_insert(track.state);
        *known = track.state.max(*known);
    }
    let reached = |at_least| count(furthest.values().filter(|state| **state >= at_least).count());
    view.dispatched = reached(Reached::Dispatched);
    view.opened = reached(Reached::Opened);
    view.answered = count(view.answers.len());
    let coming = |a: &&AnswerView| matches!(a.answer, Answer::Present | Answer::Late);
    view.present = count(view.answers.iter().filter(coming).count());
    let given = |a: &&AnswerView| matches!(a.answer, Answer::Proxy(_)) && a.taken != Some(false);
    view.proxies = count(view.answers.iter().filter(given).count());
    let mine = picture.profile.as_ref().filter(|profile| profile.role != Role::Clerk);
    for recipient in &sent.convocation.recipients {
        if mine.is_some_and(|profile| profile.member != recipient.member) {
            continue;
        }
        view.tracks.extend(lines(recipient, &tracks, &of_member(proceedings, recipient.member)));
    }
    Ok(view)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What happened to the last convocation of a member, latest first.
fn of_member(
    proceedings: &Proceedings,
    member: MemberId,
) -> impl Iterator<Item = &Happening> + Clone {
    let convocation = proceedings.last().map(|sent| sent.convocation.id);
    let receipts = proceedings.witnessed.iter().rev().map(|witnessed| &witnessed.receipt);
    receipts
        .filter(move |r| r.member == member && Some(r.convocation) == convocation)
        .map(|receipt| &receipt.happening)
}

/// One line for each way to a recipient on which something is to happen or has happened. `happened` is
/// what did, latest first.
pub(crate) fn lines<'a>(
    recipient: &Recipient,
    tracks: &[Track],
    happened: &(impl Iterator<Item = &'a Happening> + Clone),
) -> Vec<TrackView> {
    let all = [Channel::App, Channel::Email, Channel::Sms, Channel::Paper].into_iter();
    let lines = all.filter_map(|channel| {
        let track = tracks.iter().find(|t| t.member == recipient.member && t.channel == channel);
        if track.is_none() && !recipient.channels.contains(&channel) {
            return None;
        }
        Some(TrackView {
            member: recipient.member,
            name: recipient.name.clone(),
            channel,
            state: track.map(|track| track.state),
            at: track.map(|track| track.at),
            detail: detail(recipient, channel, happened.clone()),
        })
    });
    lines.collect()
}

/// Where it went, or why it did not.
fn detail<'a>(
    recipient: &Recipient,
    way: Channel,
    mut happened: impl Iterator<Item = &'a Happening>,
) -> String {
    let last = happened.find_map(|happening| match happening {
        Happening::Failed { channel, reason, .. } if *channel == way => Some(reason.clone()),
        Happening::Dispatched { channel, to, proof, .. } if *channel == way => {
            to.clone().or_else(|| proof.clone())
        }
        Happening::Failed { .. }
        | Happening::Dispatched { .. }
        | Happening::Reminded { .. }
        | Happening::Delivered
        | Happening::Opened
        | Happening::Answered { .. }
        | Happening::Borne { .. } => None,
    });
    last.or_else(|| match way {
        Channel::Email => recipient.email.clone(),
        Channel::Sms => recipient.phone.clone(),
        Channel::App | Channel::Paper => None,
    })
    .unwrap_or_default()
}

/// The answers that stand, by name.
fn answers(picture: &Picture, proceedings: &Proceedings) -> Vec<AnswerView> {
    let standing = proceedings.answers();
    let mut answers: Vec<AnswerView> = standing
        .iter()
        .map(|(member, answered)| AnswerView {
            member: *member,
            name: name(picture, proceedings.last().map(|sent| &sent.convocation), *member),
            answer: answered.answer,
            bearer: match answered.answer {
                Answer::Proxy(bearer) => picture.catalogue.name(bearer),
                Answer::Present | Answer::Late | Answer::Absent => String::new(),
            },
            taken: answered.taken,
            at: answered.at,
            sent: is_sent(proceedings, *member, answered.at),
        })
        .collect();
    answers.sort_by(|a, b| a.name.cmp(&b.name));
    answers
}

/// Whether the server has the answer that stands.
fn is_sent(proceedings: &Proceedings, member: MemberId, at: Timestamp) -> bool {
    proceedings.witnessed.iter().any(|witnessed| {
        witnessed.receipt.member == member
            && witnessed.receipt.at == at
            && matches!(witnessed.receipt.happening, Happening::Answered { .. })
            && witnessed.received.is_some()
    })
}

fn name(picture: &Picture, convocation: Option<&Convocation>, member: MemberId) -> String {
    let frozen = convocation.and_then(|c| c.recipient(member)).map(|r| r.name.clone());
    frozen.unwrap_or_else(|| picture.catalogue.name(member))
}

/// What a sitting asks of the member of this tablet.
pub(crate) fn reply(picture: &Picture, sitting: SittingId, now_ms: i64) -> Option<ReplyView> {
    let proceedings = picture.proceedings(sitting)?;
    let sent = proceedings.last()?;
    let convocation = &sent.convocation;
    let member = picture.member();
    let all = answers(picture, proceedings);
    let by = convocation.answer_by;
    let begun = convocation.starts.as_millisecond() <= now_ms;
    let asked = member.is_some_and(|member| convocation.recipient(member).is_some());
    let proxy_to_me =
        |answer: &&AnswerView| member.is_some_and(|m| answer.answer == Answer::Proxy(m));
    Some(ReplyView {
        number: convocation.number,
        sent: picture.catalogue.local(sent.received),
        corrected: convocation.number > 1,
        note: convocation.note.clone().unwrap_or_default(),
        urgency: convocation.urgency.clone(),
        cancelled: proceedings.is_cancelled(),
        asked: asked && !begun && !proceedings.is_cancelled(),
        by: by.map(|by| picture.catalogue.local(by)),
        days_left: by.and_then(|by| days_left(picture, by, now_ms)),
        proxies: all.iter().filter(proxy_to_me).cloned().collect(),
        mine: all.into_iter().find(|answer| Some(answer.member) == member),
        bearers: Vec::new(),
    })
}

/// "lundi 28 septembre 2026 à 18 h 30".
pub(crate) fn spoken(words: &Words, time: &LocalTime) -> String {
    let number = |n: i8| i32::from(n);
    let weekday = words.say(&format!("weekday-{}", time.weekday));
    let month = words.say(&format!("month-{}", time.month));
    let day = words.say_with("date-day", &[("day", number(time.day).into())]);
    let clock = words.say_with(
        "time",
        &[
            ("sharp", i32::from(time.minute == 0).into()),
            ("hour", number(time.hour).into()),
            ("minute", format!("{:02}", time.minute).into()),
        ],
    );
    let date = format!("{weekday} {day} {month} {}", time.year);
    words.say_with("at-time", &[("day", date.into()), ("time", clock.into())])
}

/// Whole days to a moment in the council's calendar.
fn days_left(picture: &Picture, by: Timestamp, now_ms: i64) -> Option<i32> {
    let zone = picture.catalogue.zone();
    let now = Timestamp::from_millisecond(now_ms).ok()?;
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    Some(day(now).until(day(by)).ok()?.get_days())
}

/// Members who may bear a proxy: convened themselves, and not the member of this tablet.
pub(crate) fn bearers(picture: &Picture, sitting: SittingId) -> Vec<Bearer> {
    let Some(sent) = picture.proceedings(sitting).and_then(Proceedings::standing) else {
        return Vec::new();
    };
    let others = sent.convocation.recipients.iter().filter(|r| Some(r.member) != picture.member());
    let mut bearers: Vec<Bearer> =
        others.map(|r| Bearer { member: r.member, name: r.name.clone() }).collect();
    bearers.sort_by(|a, b| a.name.cmp(&b.name));
    bearers
}
