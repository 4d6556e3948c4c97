//! Checking a proof: bytes in, findings out; nothing else is needed.

use std::collections::{BTreeMap, BTreeSet};

use domain::convocation::{Act, Verdict};
use domain::{
    Convocation, ConvocationId, DeviceCard, DeviceId, PublicKey, Receipt, Record, Sha256, Timestamp,
};
use ipc::{Finding, FindingKind, StampFound, Verification};
use jiff::tz::TimeZone;
use rustls::pki_types::CertificateDer;
use wire::{DocKey, Kind, Op, RecordPayload};

use super::file::{Entry, Head, Line, MAGIC, Seal, Stamp, first_link, link, seal_bytes, unhex};
use super::revocations::Revocations;
use super::stamp::{self, StampError, Stamped};

/// Checks a proof. Every difficulty is named; a file without one is valid. A time-stamp is checked
/// against the roots that the council put into the file.
#[must_use]
pub fn verify(bytes: &[u8]) -> Verification {
    verify_trusting(bytes, &Trust::default())
}

/// What a reader brings to check a time-stamp.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trust<'a> {
    /// Roots that are trusted, in place of those in the file.
    pub roots: Option<&'a [CertificateDer<'a>]>,
    /// Lists of revoked certificates; without them revocation is not looked at.
    pub revocations: Option<&'a Revocations>,
}

/// The same, with what the reader trusts.
#[must_use]
pub fn verify_trusting(bytes: &[u8], trust: &Trust<'_>) -> Verification {
    let mut check = Check { trust: *trust, ..Check::default() };
    check.file(bytes);
    check.verification()
}

#[derive(Default)]
struct Check<'a> {
    trust: Trust<'a>,
    stamp: Option<StampFound>,
    findings: Vec<Finding>,
    head: Option<Head>,
    root: Option<Sha256>,
    cards: BTreeMap<DeviceId, DeviceCard>,
    convocations: BTreeMap<ConvocationId, Convocation>,
    numbers: BTreeSet<u32>,
    /// Operations of the file and the device that signed each.
    ops: BTreeMap<Sha256, DeviceId>,
    /// Operations of the file that are convocations.
    sent: BTreeSet<Sha256>,
    receipts: Vec<(usize, Receipt, DeviceId)>,
    last_seq: u64,
    entries: u32,
    sealed: bool,
}

impl Check<'_> {
    fn find(&mut self, line: usize, kind: FindingKind, about: impl Into<String>) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.findings.push(Finding { line, kind, about: about.into() });
    }

    fn file(&mut self, bytes: &[u8]) {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        if lines.next() != Some(MAGIC.as_bytes()) {
            return self.find(1, FindingKind::NotAProof, "");
        }
        let mut before = first_link();
        let mut rest = lines.zip(2..).peekable();
        while let Some((line, number)) = rest.next() {
            if line.is_empty() && rest.peek().is_none() {
                break;
            }
            let parts = line.split_at_checked(64);
            let parts = parts.and_then(|(link, json)| Some((link, json.strip_prefix(b" ")?)));
            let Some((written, json)) = parts else {
                self.find(number, FindingKind::Unreadable, "");
                return;
            };
            let computed = link(&before, json);
            let parsed: Option<Line> = serde_json::from_slice(json).ok();
            let name = parsed.as_ref().map(|line| self.name(line)).unwrap_or_default();
            if written != computed.to_string().as_bytes() {
                self.find(number, FindingKind::Altered, name);
                // The lines after are judged by the link that was written, so that one changed
                // byte accuses one line.
                let text = std::str::from_utf8(written).ok();
                match text.and_then(|text| text.parse().ok()) {
                    Some(link) => before = link,
                    None => return,
                }
                continue;
            }
            let root = before;
            before = computed;
            match parsed {
                Some(line) => self.line(number, line, root),
                None => self.find(number, FindingKind::Unreadable, ""),
            }
        }
        if !self.sealed && self.findings.is_empty() {
            self.find(0, FindingKind::NotSealed, "");
        }
        self.chains();
    }

    /// What a person calls the thing on a line.
    fn name(&self, line: &Line) -> String {
        match line {
            Line::Head(head) => head.title.clone(),
            Line::Card(_) => "devices".to_owned(),
            Line::Seal(_) => "seal".to_owned(),
            Line::Stamp(stamp) => stamp.url.clone(),
            Line::Entry(entry) => {
                let Some(op) = decode(entry) else { return format!("#{}", entry.seq) };
                match Receipt::from_json(&op.payload) {
                    Ok(receipt) => self.of_receipt(&receipt),
                    Err(_) => convocation(&op)
                        .map_or_else(|| format!("#{}", entry.seq), |c| format!("n° {}", c.number)),
                }
            }
        }
    }

    fn of_receipt(&self, receipt: &Receipt) -> String {
        let convocation = self.convocations.get(&receipt.convocation);
        let recipient = convocation.and_then(|c| c.recipient(receipt.member));
        recipient.map_or_else(|| receipt.member.to_string(), |recipient| recipient.name.clone())
    }

    fn line(&mut self, number: usize, line: Line, root: Sha256) {
        if self.sealed {
            return self.find(number, FindingKind::AfterSeal, "");
        }
        match line {
            Line::Head(head) if self.head.is_none() && self.entries == 0 => self.head = Some(head),
            Line::Card(entry) if self.head.is_some() && self.ops.is_empty() => {
                self.entries += 1;
                self.card(number, &entry);
            }
            Line::Entry(entry) if self.head.is_some() && self.root.is_none() => {
                self.entries += 1;
                self.entry(number, &entry);
            }
            Line::Stamp(stamp) if self.head.is_some() && self.root.is_none() => {
                self.root = Some(root);
                self.stamp(number, &stamp, root);
            }
            Line::Seal(seal) if self.head.is_some() => self.seal(number, &seal, root),
            Line::Head(_) | Line::Card(_) | Line::Entry(_) | Line::Stamp(_) | Line::Seal(_) => {
                self.find(number, FindingKind::OutOfPlace, "");
            }
        }
    }

    fn card(&mut self, number: usize, entry: &Entry) {
        let Some((op, head)) = decode(entry).zip(self.head.clone()) else {
            return self.find(number, FindingKind::Unreadable, "");
        };
        let Some(Record::Device(card)) = record(&op) else {
            return self.find(number, FindingKind::OutOfPlace, "");
        };
        let name = card.id.to_string();
        if op.verify(head.office.as_bytes()).is_err() || op.header.council != head.council {
            return self.find(number, FindingKind::FalseSignature, name);
        }
        // The office's own card says which key is its own; every other card is of another device.
        let own = card.id == op.header.device;
        if own != (card.signing_key == head.office) {
            return self.find(number, FindingKind::FalseSignature, name);
        }
        self.cards.insert(card.id, card);
    }

    fn entry(&mut self, number: usize, entry: &Entry) {
        let Some((op, head)) = decode(entry).zip(self.head.clone()) else {
            return self.find(number, FindingKind::Unreadable, "");
        };
        let name = self.name(&Line::Entry(entry.clone()));
        if entry.seq <= self.last_seq {
            self.find(number, FindingKind::OutOfPlace, name.clone());
        }
        self.last_seq = entry.seq;
        let Some(card) = self.cards.get(&op.header.device).cloned() else {
            return self.find(number, FindingKind::UnknownDevice, name);
        };
        if op.verify(card.signing_key.as_bytes()).is_err()
            || op.header.council != head.council
            || op.header.scope.owner != card.member
        {
            return self.find(number, FindingKind::FalseSignature, name);
        }
        let received = Timestamp::from_millisecond(entry.received_ms).ok();
        if let (Some(received), Some(revoked)) = (received, card.revoked)
            && received > revoked
        {
            self.find(number, FindingKind::DeviceShutOut, name.clone());
        }
        match op.header.kind {
            Kind::Record => match convocation(&op) {
                Some(convocation) => {
                    self.convocation(number, &convocation, &head, received);
                    self.sent.insert(op.hash());
                    self.convocations.insert(convocation.id, convocation);
                }
                None => self.find(number, FindingKind::OutOfPlace, name),
            },
            Kind::Receipt => match Receipt::from_json(&op.payload) {
                Ok(receipt) => {
                    let known = self.convocations.contains_key(&receipt.convocation);
                    if !known || receipt.sitting != head.sitting {
                        self.find(number, FindingKind::OutOfPlace, name.clone());
                    }
                    self.witness(number, &receipt, &card, head.office, name);
                    self.receipts.push((number, receipt, op.header.device));
                }
                Err(_) => self.find(number, FindingKind::Unreadable, name),
            },
            Kind::Note | Kind::Directory | Kind::Keys => {
                self.find(number, FindingKind::OutOfPlace, name);
            }
        }
        self.ops.insert(op.hash(), op.header.device);
    }

    /// Who signs a receipt must be who can know: the member, the office, or an author of these
    /// convocations.
    fn witness(
        &mut self,
        number: usize,
        receipt: &Receipt,
        card: &DeviceCard,
        office: PublicKey,
        name: String,
    ) {
        let clerk = self.convocations.values().any(|c| c.author == card.member);
        let own = receipt.member == card.member && !receipt.is_of_the_office();
        if !(own || clerk || card.signing_key == office) {
            self.find(number, FindingKind::NotTheirs, name);
        }
    }

    fn convocation(
        &mut self,
        number: usize,
        convocation: &Convocation,
        head: &Head,
        received: Option<Timestamp>,
    ) {
        let name = format!("n° {}", convocation.number);
        let id = DocKey::of_convocation(convocation.sitting, convocation.number).0;
        if convocation.sitting != head.sitting || convocation.id.to_bytes() != id {
            self.find(number, FindingKind::OutOfPlace, name.clone());
        }
        if convocation.number != 1 && !self.numbers.contains(&(convocation.number - 1)) {
            self.find(number, FindingKind::Missing, name.clone());
        }
        self.numbers.insert(convocation.number);
        // The office's clock decides, not the author's: a convocation that says "regular" and
        // reached the log after the last lawful day is named.
        let zone = TimeZone::get(&convocation.zone).unwrap_or(TimeZone::UTC);
        if let (Act::Convene, Some(ruling), Some(received)) =
            (convocation.act, &convocation.ruling, received)
        {
            let day = domain::law::day_of(received, &zone);
            let late = day > ruling.deadline.latest_dispatch;
            if ruling.verdict == Verdict::Regular && late {
                self.find(number, FindingKind::LateByTheLog, name);
            }
        }
    }

    fn stamp(&mut self, number: usize, stamp: &Stamp, root: Sha256) {
        let told: Option<Vec<_>> =
            stamp.roots.iter().map(|root| unhex(root).map(CertificateDer::from)).collect();
        let Some((token, told)) = unhex(&stamp.token).zip(told) else {
            return self.find(number, FindingKind::Unreadable, &stamp.url);
        };
        let Trust { roots, revocations } = self.trust;
        match stamp::check_with(&token, &root, roots.unwrap_or(&told), revocations) {
            Ok(Stamped { at, authority, root }) => {
                let (trusted, unrevoked) = (roots.is_some(), revocations.is_some());
                self.stamp = Some(StampFound { at, authority, root, trusted, unrevoked });
            }
            Err(StampError::Untrusted) => {
                self.find(number, FindingKind::UntrustedStamp, &stamp.url);
            }
            Err(StampError::Revoked) => self.find(number, FindingKind::RevokedStamp, &stamp.url),
            Err(StampError::NoRevocations) => {
                self.find(number, FindingKind::RevocationUnknown, &stamp.url);
            }
            Err(
                StampError::Unreadable
                | StampError::Refused(_)
                | StampError::OtherDigest
                | StampError::OtherNonce
                | StampError::Signature,
            ) => self.find(number, FindingKind::FalseStamp, &stamp.url),
        }
    }

    fn seal(&mut self, number: usize, seal: &Seal, root: Sha256) {
        self.sealed = true;
        // What a stamp closes is the chain before it; the seal holds both.
        self.root.get_or_insert(root);
        let Some(head) = self.head.clone() else { return };
        let Some(card) = self.cards.get(&head.device) else {
            return self.find(number, FindingKind::UnknownDevice, "seal");
        };
        let signature: Option<[u8; 64]> =
            unhex(&seal.signature).and_then(|bytes| bytes.try_into().ok());
        let key = ring::signature::UnparsedPublicKey::new(
            &ring::signature::ED25519,
            card.signing_key.as_bytes(),
        );
        let good =
            signature.is_some_and(|signature| key.verify(&seal_bytes(&root), &signature).is_ok());
        if !good || card.member != head.by {
            self.find(number, FindingKind::FalseSignature, "seal");
        }
        if seal.entries != self.entries {
            self.find(number, FindingKind::Missing, "seal");
        }
    }

    /// Every receipt hangs on an operation of the file: the convocation, or what the same device
    /// signed before.
    fn chains(&mut self) {
        if !self.findings.is_empty() {
            // A line that was set aside above leaves a gap of its own making.
            return;
        }
        let loose: Vec<(usize, String)> = self
            .receipts
            .iter()
            .filter(|(_, receipt, device)| {
                let before = self.ops.get(&receipt.previous);
                let own = before.is_some_and(|by| by == device);
                !own && !self.sent.contains(&receipt.previous)
            })
            .map(|(number, receipt, _)| (*number, self.of_receipt(receipt)))
            .collect();
        for (number, name) in loose {
            self.find(number, FindingKind::Missing, name);
        }
    }

    fn verification(self) -> Verification {
        let head = self.head;
        Verification {
            valid: self.findings.is_empty(),
            findings: self.findings,
            council: head.as_ref().map(|head| head.council_name.clone()).unwrap_or_default(),
            sitting: head.as_ref().map(|head| head.sitting),
            title: head.as_ref().map(|head| head.title.clone()).unwrap_or_default(),
            office: head.as_ref().map(|head| head.office),
            written: head.as_ref().map(|head| head.written),
            convocations: u32::try_from(self.convocations.len()).unwrap_or(u32::MAX),
            receipts: u32::try_from(self.receipts.len()).unwrap_or(u32::MAX),
            root: self.root,
            stamp: self.stamp,
        }
    }
}

fn decode(entry: &Entry) -> Option<Op> {
    wire::decode(&unhex(&entry.op)?).ok()
}

fn record(op: &Op) -> Option<Record> {
    let payload: RecordPayload = wire::decode(&op.payload).ok()?;
    Record::from_json(&payload.record).ok()
}

fn convocation(op: &Op) -> Option<Convocation> {
    record(op)?.into_convocation().map(|convocation| *convocation)
}
