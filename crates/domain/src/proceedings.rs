//! What happened to the convocations of one sitting, put together from the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::convocation::{Act, Answer, Channel, Convocation, Happening, Receipt};
use crate::digest::Sha256;
use crate::ids::{DeviceId, MemberId};

/// A convocation in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What was sent.
    pub convocation: Convocation,
    /// Its operation.
    pub op: Sha256,
    /// The server's clock when it became durable.
    pub received: Timestamp,
}

/// A receipt with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// What happened.
    pub receipt: Receipt,
    /// Its operation.
    pub op: Sha256,
    /// The device that signed it.
    pub device: DeviceId,
    /// The server's clock when it became durable; none as long as it waits on this tablet.
    pub received: Option<Timestamp>,
}

/// How far a convocation has come to somebody by one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reached {
    /// It could not be sent.
    Failed,
    /// It has left.
    Dispatched,
    /// It is on the member's tablet, papers included.
    Delivered,
    /// The member has opened it.
    Opened,
    /// The member has answered.
    Answered,
}

/// How far the standing convocation has come to one member by one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The member.
    pub member: MemberId,
    /// The way.
    pub channel: Channel,
    /// How far.
    pub state: Reached,
    /// Since when.
    pub at: Timestamp,
}

impl Track {
    /// Takes one thing that happened into the tracks.
    pub(crate) fn follow(
        tracks: &mut BTreeMap<(MemberId, Channel), Self>,
        member: MemberId,
        happening: &Happening,
        at: Timestamp,
    ) {
        let (channel, state) = match happening {
            Happening::Dispatched { channel, .. } => (*channel, Reached::Dispatched),
            Happening::Failed { channel, .. } => (*channel, Reached::Failed),
            Happening::Delivered => (Channel::App, Reached::Delivered),
            Happening::Opened => (Channel::App, Reached::Opened),
            Happening::Answered { .. } => (Channel::App, Reached::Answered),
            Happening::Borne { .. } | Happening::Reminded { .. } => return,
        };
        let track = Self { member, channel, state, at };
        tracks
            .entry((member, channel))
            .and_modify(|known| {
                // A later attempt may succeed after a failure, and an answer may change.
                let again = known.state == state && state == Reached::Answered;
                if state > known.state || again {
                    *known = track.clone();
                }
            })
            .or_insert(track);
    }
}

/// A member's answer that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// What was answered.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
    /// For a proxy: whether its bearer takes it, once the bearer has said.
    pub taken: Option<bool>,
}

/// Everything about the convocations of one sitting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proceedings {
    /// Every convocation, by number.
    pub sent: Vec<Sent>,
    /// Every receipt, in the order of the log, then those that wait here.
    pub witnessed: Vec<Witnessed>,
}

impl Proceedings {
    /// The last thing sent.
    #[must_use]
    pub fn last(&self) -> Option<&Sent> {
        self.sent.last()
    }

    /// The convocation that stands; none before dispatch and when the sitting is called off.
    #[must_use]
    pub fn standing(&self) -> Option<&Sent> {
        self.last().filter(|sent| sent.convocation.act == Act::Convene)
    }

    /// Whether the sitting was called off.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.last().is_some_and(|sent| sent.convocation.act == Act::Cancel)
    }

    /// The receipts of the last thing sent.
    fn of_last(&self) -> impl Iterator<Item = &Witnessed> {
        let last = self.last().map(|sent| sent.convocation.id);
        self.witnessed.iter().filter(move |w| Some(w.receipt.convocation) == last)
    }

    /// How far the last convocation has come, in the order of its recipients; a way on which
    /// nothing has happened yet has no line.
    #[must_use]
    pub fn tracks(&self) -> Vec<Track> {
        let Some(sent) = self.last() else { return Vec::new() };
        let mut tracks: BTreeMap<(MemberId, Channel), Track> = BTreeMap::new();
        for recipient in &sent.convocation.recipients {
            if recipient.channels.contains(&Channel::App) {
                let (member, channel) = (recipient.member, Channel::App);
                let (state, at) = (Reached::Dispatched, sent.received);
                tracks.insert((member, channel), Track { member, channel, state, at });
            }
        }
        for witnessed in self.of_last() {
            let Receipt { member, happening, at, .. } = &witnessed.receipt;
            Track::follow(&mut tracks, *member, happening, *at);
        }
        let place: BTreeMap<MemberId, usize> =
            sent.convocation.recipients.iter().map(|r| r.member).zip(0..).collect();
        let mut tracks: Vec<Track> = tracks.into_values().collect();
        tracks.sort_by_key(|t| (place.get(&t.member).copied().unwrap_or(usize::MAX), t.channel));
        tracks
    }

    /// How far the last convocation has come to one member, by whatever way.
    #[must_use]
    pub fn reached(&self, member: MemberId) -> Option<Reached> {
        self.tracks().into_iter().filter(|t| t.member == member).map(|t| t.state).max()
    }

    /// Whether this has happened to the last convocation of this member already.
    #[must_use]
    pub fn has_happened(&self, member: MemberId, happening: &Happening) -> bool {
        self.of_last().any(|w| w.receipt.member == member && w.receipt.happening == *happening)
    }

    /// Reminders of the last thing sent that a clerk has asked for.
    #[must_use]
    pub fn reminders(&self, member: MemberId) -> u32 {
        let asked = self.of_last().filter(|w| w.receipt.member == member);
        let numbers = asked.filter_map(|w| match w.receipt.happening {
            Happening::Reminded { nth } => Some(nth),
            Happening::Dispatched { .. }
            | Happening::Failed { .. }
            | Happening::Delivered
            | Happening::Opened
            | Happening::Answered { .. }
            | Happening::Borne { .. } => None,
        });
        numbers.max().unwrap_or(0)
    }

    /// The answers that stand. A new convocation for another day, or elsewhere, asks anew.
    #[must_use]
    pub fn answers(&self) -> BTreeMap<MemberId, Answered> {
        let mut answers = BTreeMap::new();
        let Some(last) = self.standing() else { return answers };
        let same: Vec<_> = self
            .sent
            .iter()
            .filter(|sent| {
                let (a, b) = (&sent.convocation, &last.convocation);
                a.starts == b.starts && a.place == b.place
            })
            .map(|sent| sent.convocation.id)
            .collect();
        for witnessed in &self.witnessed {
            let receipt = &witnessed.receipt;
            if !same.contains(&receipt.convocation) {
                continue;
            }
            match receipt.happening {
                Happening::Answered { answer } => {
                    let answered = Answered { answer, at: receipt.at, taken: None };
                    answers.insert(receipt.member, answered);
                }
                Happening::Borne { giver, accepts } => {
                    let given = answers.get_mut(&giver).filter(|answered: &&mut Answered| {
                        answered.answer == Answer::Proxy(receipt.member)
                    });
                    if let Some(answered) = given {
                        answered.taken = Some(accepts);
                    }
                }
                Happening::Dispatched { .. }
                | Happening::Failed { .. }
                | Happening::Reminded { .. }
                | Happening::Delivered
                | Happening::Opened => {}
            }
        }
        answers
    }

    /// Proxies given to this member that stand: who gave them, and whether the bearer takes them.
    #[must_use]
    pub fn borne_by(&self, bearer: MemberId) -> Vec<(MemberId, Option<bool>)> {
        self.answers()
            .into_iter()
            .filter(|(_, answered)| answered.answer == Answer::Proxy(bearer))
            .map(|(giver, answered)| (giver, answered.taken))
            .collect()
    }

    /// What a device chains its next receipt to: its own last one on the standing convocation, or
    /// the convocation.
    #[must_use]
    pub fn chain_end(&self, device: DeviceId) -> Option<Sha256> {
        let own = self.of_last().filter(|w| w.device == device).last().map(|w| w.op);
        own.or_else(|| self.last().map(|sent| sent.op))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convocation::Recipient;
    use crate::ids::{ConvocationId, SittingId};
    use crate::member::BodyKind;

    fn member(n: u8) -> MemberId {
        MemberId::from_bytes([n; 16])
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + minute * 60).unwrap()
    }

    fn sent(number: u32, act: Act, place: &str) -> Sent {
        let recipients = [1, 2]
            .map(|n| Recipient {
                member: member(n),
                name: format!("Élu {n}"),
                channels: vec![Channel::App, Channel::Email],
                email: Some(format!("{n}@valbrune.example")),
                phone: None,
            })
            .to_vec();
        let convocation = Convocation {
            id: ConvocationId::from_bytes([number as u8; 16]),
            sitting: SittingId::from_bytes([9; 16]),
            number,
            act,
            sitting_op: Sha256::from_bytes([8; 32]),
            author: member(7),
            author_name: "Greffe".to_owned(),
            made: at(0),
            council: "Ville de Valbrune".to_owned(),
            zone: "Europe/Paris".to_owned(),
            title: "Conseil municipal".to_owned(),
            kind: BodyKind::Council,
            starts: at(10_000),
            place: place.to_owned(),
            agenda: Vec::new(),
            papers: Vec::new(),
            recipients,
            urgency: None,
            ruling: None,
            note: None,
            answer_by: None,
        };
        Sent { convocation, op: Sha256::from_bytes([number as u8; 32]), received: at(1) }
    }

    fn witnessed(number: u8, who: u8, minute: i64, happening: Happening) -> Witnessed {
        Witnessed {
            receipt: Receipt {
                sitting: SittingId::from_bytes([9; 16]),
                convocation: ConvocationId::from_bytes([number; 16]),
                member: member(who),
                happening,
                at: at(minute),
                after: None,
                previous: Sha256::from_bytes([number; 32]),
            },
            op: Sha256::from_bytes([minute as u8; 32]),
            device: DeviceId::from_bytes([who; 16]),
            received: Some(at(minute)),
        }
    }

    fn mail() -> Happening {
        Happening::Dispatched {
            channel: Channel::Email,
            to: None,
            proof: None,
            message: None,
            reminder: false,
        }
    }

    fn refused_mail() -> Happening {
        Happening::Failed { channel: Channel::Email, to: None, reason: "550".to_owned() }
    }

    fn answered(answer: Answer) -> Happening {
        Happening::Answered { answer }
    }

    #[test]
    fn each_way_shows_the_furthest_it_has_come_and_a_silent_way_nothing() {
        let mut all =
            Proceedings { sent: vec![sent(1, Act::Convene, "Salle")], ..Default::default() };
        all.witnessed = vec![
            witnessed(1, 1, 3, refused_mail()),
            witnessed(1, 1, 4, mail()),
            witnessed(1, 1, 5, Happening::Delivered),
            witnessed(1, 1, 7, Happening::Opened),
            witnessed(1, 1, 6, Happening::Delivered),
        ];
        let lines: Vec<_> =
            all.tracks().into_iter().map(|t| (t.member, t.channel, t.state, t.at)).collect();
        assert_eq!(
            lines,
            [
                (member(1), Channel::App, Reached::Opened, at(7)),
                (member(1), Channel::Email, Reached::Dispatched, at(4)),
                (member(2), Channel::App, Reached::Dispatched, at(1)),
            ]
        );
        assert_eq!(all.reached(member(1)), Some(Reached::Opened));
    }

    #[test]
    fn a_corrected_convocation_is_tracked_anew_and_keeps_answers_for_the_same_day_and_place() {
        let mut all = Proceedings {
            sent: vec![sent(1, Act::Convene, "Salle"), sent(2, Act::Convene, "Salle")],
            witnessed: vec![witnessed(1, 1, 3, answered(Answer::Present))],
        };
        assert_eq!(all.reached(member(1)), Some(Reached::Dispatched));
        assert_eq!(all.answers()[&member(1)].answer, Answer::Present);
        all.sent.push(sent(3, Act::Convene, "Gymnase"));
        assert!(all.answers().is_empty(), "another place asks anew");
        all.sent.push(sent(4, Act::Cancel, "Gymnase"));
        assert!(all.is_cancelled() && all.standing().is_none() && all.answers().is_empty());
    }

    #[test]
    fn a_proxy_is_known_to_its_bearer_until_it_is_taken_back() {
        let mut all = Proceedings {
            sent: vec![sent(1, Act::Convene, "Salle")],
            witnessed: vec![witnessed(1, 1, 3, answered(Answer::Proxy(member(2))))],
        };
        assert_eq!(all.borne_by(member(2)), [(member(1), None)]);
        let word = Happening::Borne { giver: member(1), accepts: false };
        all.witnessed.push(witnessed(1, 2, 4, word));
        assert_eq!(all.borne_by(member(2)), [(member(1), Some(false))]);
        all.witnessed.push(witnessed(1, 1, 5, answered(Answer::Present)));
        assert_eq!(all.borne_by(member(2)), []);
    }

    #[test]
    fn a_device_chains_to_its_own_last_word_or_to_the_convocation() {
        let mut all =
            Proceedings { sent: vec![sent(1, Act::Convene, "Salle")], ..Default::default() };
        let device = DeviceId::from_bytes([1; 16]);
        assert_eq!(all.chain_end(device), Some(Sha256::from_bytes([1; 32])));
        all.witnessed.push(witnessed(1, 1, 3, Happening::Opened));
        all.witnessed.push(witnessed(1, 2, 4, Happening::Opened));
        assert_eq!(all.chain_end(device), Some(Sha256::from_bytes([3; 32])));
    }
}
