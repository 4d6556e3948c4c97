//! The lines of the audit log.

use domain::{CouncilId, Record, Role};

use super::{Council, State};
use crate::log::audit::{By, Deed, KEPT_MS, Line};
use crate::log::examined::Content;
use crate::log::{Examined, LogError};

impl State {
    pub(super) fn note(&mut self, council: CouncilId, deed: Deed, by: By) {
        let Deed { done, subject, detail } = deed;
        let member = by.device.and_then(|id| Some(self.devices.get(&id)?.member));
        let Some(known) = self.councils.get_mut(&council) else { return };
        self.lines += 1;
        known.audit.push(Line {
            number: self.lines,
            at_ms: by.at_ms,
            done: done.word().to_owned(),
            device: by.device,
            member,
            subject,
            detail,
        });
    }

    pub(super) fn lines(
        &mut self,
        council: CouncilId,
        before: u64,
        limit: u32,
    ) -> Result<Vec<Line>, LogError> {
        let lines = self.council(council)?.audit.iter().rev();
        let lines = lines.filter(|line| line.number < before);
        Ok(lines.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    pub(super) fn forget(&mut self, now_ms: i64) -> u64 {
        let all = || self.councils.values().flat_map(|council| &council.audit);
        let newest = all().map(|line| line.at_ms).max().unwrap_or(now_ms);
        let (until, before) = (newest.min(now_ms) - KEPT_MS, all().count());
        for council in self.councils.values_mut() {
            council.audit.retain(|line| line.at_ms > until);
        }
        let after: usize = self.councils.values().map(|council| council.audit.len()).sum();
        (before - after) as u64
    }
}

impl Council {
    /// The role so far of the member whose record an operation carries.
    pub(super) fn role_before(&self, op: &Examined) -> Option<Role> {
        let Ok(Content::Record { record, .. }) = op.content() else { return None };
        let Record::Member(member) = &**record else { return None };
        self.members.get(&member.id).map(|person| person.role)
    }
}
