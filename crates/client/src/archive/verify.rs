//! Checking an archive: bytes in, findings out; nothing else is needed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use domain::{DeviceCard, DeviceId, Record, Sha256};
use ipc::{Finding, FindingKind, Verification};
use ring::signature::{ED25519, UnparsedPublicKey};
use wire::{Op, RecordPayload};
use zip::ZipArchive;

use super::sheet::{Head, Line, Listed, MAGIC, NAME, Seal, first_link, seal_bytes};
use crate::proof::file::{Entry, digest, link, unhex};

/// Most files that an archive has.
const FILES: usize = 16;
/// Longest file of one, in bytes, unpacked; what is longer is not unpacked.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Checks an archive. Every difficulty is named; a file without one is valid.
#[must_use]
pub fn verify(bytes: &[u8]) -> Verification {
    let mut check = Check::default();
    check.archive(bytes);
    let head = check.head;
    Verification {
        valid: check.findings.is_empty(),
        findings: check.findings,
        council: head.as_ref().map(|head| head.council_name.clone()).unwrap_or_default(),
        sitting: None,
        title: head.as_ref().map(|head| head.name.clone()).unwrap_or_default(),
        office: head.as_ref().map(|head| head.office),
        written: head.as_ref().map(|head| head.written),
        convocations: 0,
        receipts: 0,
        root: check.root,
        stamp: None,
    }
}

#[derive(Default)]
struct Check {
    findings: Vec<Finding>,
    head: Option<Head>,
    cards: BTreeMap<DeviceId, DeviceCard>,
    /// Files of the archive that no line has named yet.
    files: BTreeMap<String, Vec<u8>>,
    listed: u32,
    root: Option<Sha256>,
}

impl Check {
    fn find(&mut self, line: usize, kind: FindingKind, about: impl Into<String>) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.findings.push(Finding { line, kind, about: about.into() });
    }

    fn archive(&mut self, bytes: &[u8]) {
        let Some(sheet) = self.unpack(bytes) else { return };
        let mut lines = sheet.split(|byte| *byte == b'\n');
        if lines.next() != Some(MAGIC.as_bytes()) {
            return self.find(1, FindingKind::NotAProof, NAME);
        }
        let mut before = first_link();
        for (line, number) in lines.zip(2..) {
            if line.is_empty() {
                continue;
            }
            let parts = line.split_at_checked(64);
            let parts = parts.and_then(|(link, json)| Some((link, json.strip_prefix(b" ")?)));
            let Some((written, json)) = parts else {
                return self.find(number, FindingKind::Unreadable, NAME);
            };
            let root = before;
            before = link(&before, json);
            if written != before.to_string().as_bytes() {
                return self.find(number, FindingKind::Altered, NAME);
            }
            match serde_json::from_slice(json) {
                Ok(line) => self.line(number, line, root),
                Err(_) => self.find(number, FindingKind::Unreadable, NAME),
            }
        }
        if self.root.is_none() && self.findings.is_empty() {
            self.find(0, FindingKind::NotSealed, NAME);
        }
        for name in std::mem::take(&mut self.files).into_keys() {
            self.find(0, FindingKind::OutOfPlace, name);
        }
    }

    /// The sheet; the other files are kept aside.
    fn unpack(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
            self.find(0, FindingKind::NotAProof, "");
            return None;
        };
        if zip.len() > FILES {
            self.find(0, FindingKind::NotAProof, "");
            return None;
        }
        for number in 0..zip.len() {
            let Ok(file) = zip.by_index(number) else {
                self.find(0, FindingKind::Unreadable, format!("#{number}"));
                continue;
            };
            let Ok(name) = file.name().map(std::borrow::Cow::into_owned) else {
                self.find(0, FindingKind::Unreadable, format!("#{number}"));
                continue;
            };
            let mut bytes = Vec::new();
            let whole = file.take(LONGEST + 1).read_to_end(&mut bytes);
            if whole.is_err() || bytes.len() as u64 > LONGEST {
                self.find(0, FindingKind::Unreadable, name);
                continue;
            }
            if self.files.insert(name.clone(), bytes).is_some() {
                self.find(0, FindingKind::OutOfPlace, name);
            }
        }
        let sheet = self.files.remove(NAME);
        if sheet.is_none() {
            self.find(0, FindingKind::NotAProof, "");
        }
        sheet
    }

    fn line(&mut self, number: usize, line: Line, root: Sha256) {
        if self.root.is_some() {
            return self.find(number, FindingKind::AfterSeal, NAME);
        }
        match line {
            Line::Head(head) if self.head.is_none() => self.head = Some(head),
            Line::Card(entry) if self.head.is_some() => self.card(number, &entry),
            Line::File(listed) if self.head.is_some() => self.file(number, listed),
            Line::Seal(seal) if self.head.is_some() => self.seal(number, &seal, root),
            Line::Head(_) | Line::Card(_) | Line::File(_) | Line::Seal(_) => {
                self.find(number, FindingKind::OutOfPlace, NAME);
            }
        }
    }

    fn card(&mut self, number: usize, entry: &Entry) {
        let op: Option<Op> = unhex(&entry.op).and_then(|bytes| wire::decode(&bytes).ok());
        let Some((op, head)) = op.zip(self.head.clone()) else {
            return self.find(number, FindingKind::Unreadable, NAME);
        };
        let payload: Option<RecordPayload> = wire::decode(&op.payload).ok();
        let record = payload.and_then(|payload| Record::from_json(&payload.record).ok());
        let Some(Record::Device(card)) = record else {
            return self.find(number, FindingKind::OutOfPlace, NAME);
        };
        let own = card.id == op.header.device;
        let signed = op.verify(head.office.as_bytes()).is_ok() && op.header.council == head.council;
        // The office's own card says which key is its own; every other card is of another device.
        if !signed || own != (card.signing_key == head.office) {
            return self.find(number, FindingKind::FalseSignature, card.id.to_string());
        }
        self.cards.insert(card.id, card);
    }

    fn file(&mut self, number: usize, listed: Listed) {
        self.listed += 1;
        match self.files.remove(&listed.name) {
            None => self.find(number, FindingKind::Missing, listed.name),
            Some(bytes) => {
                let same = bytes.len() as u64 == listed.bytes && digest(&[&bytes]) == listed.sha256;
                if !same {
                    self.find(number, FindingKind::Altered, listed.name);
                }
            }
        }
    }

    fn seal(&mut self, number: usize, seal: &Seal, root: Sha256) {
        self.root = Some(root);
        let Some(head) = self.head.clone() else { return };
        let Some(card) = self.cards.get(&head.device) else {
            return self.find(number, FindingKind::UnknownDevice, NAME);
        };
        let signature: Option<[u8; 64]> =
            unhex(&seal.signature).and_then(|bytes| bytes.try_into().ok());
        let key = UnparsedPublicKey::new(&ED25519, card.signing_key.as_bytes());
        let good =
            signature.is_some_and(|signature| key.verify(&seal_bytes(&root), &signature).is_ok());
        let theirs = card.member == head.member;
        if !good || !theirs {
            self.find(number, FindingKind::FalseSignature, NAME);
        }
        if seal.files != self.listed {
            self.find(number, FindingKind::Missing, NAME);
        }
    }
}
