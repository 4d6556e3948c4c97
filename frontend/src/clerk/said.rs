//! What the clerk's screens say of items, files and changes, in the person's language.

use domain::{AgendaItem, Attendance, Changed, DocumentRole, SittingState};
use fluent_bundle::FluentValue;
use ipc::{ChangeView, DraftView, LocalTime, Target};

use crate::words::Tongue;

/// What is missing of an item before it can be convened, if anything.
pub(crate) fn lacks(item: &AgendaItem) -> Option<&'static str> {
    if item.title.trim().is_empty() {
        return Some("item-lacks-title");
    }
    let report = item.documents.iter().any(|paper| paper.role == DocumentRole::Report);
    // An item for information needs none.
    (!report && item.deliberative).then_some("item-lacks-report")
}

/// "Rapport, 60 pages et 2 annexes".
pub(crate) fn papers(words: &Tongue, item: &AgendaItem) -> String {
    let pages = |role: DocumentRole| -> u32 {
        let of_role = item.documents.iter().filter(|paper| paper.role == role);
        of_role.filter_map(|paper| paper.current()).map(|version| version.pages).sum()
    };
    let annexes = item.documents.iter().filter(|paper| paper.role == DocumentRole::Annex).count();
    let annexes = u32::try_from(annexes).unwrap_or(u32::MAX);
    let report = item.documents.iter().any(|paper| paper.role == DocumentRole::Report);
    let count = |n: u32| words.count("n-pages", n);
    match (report, annexes) {
        (true, 0) => {
            let places = [("pages", count(pages(DocumentRole::Report)).into())];
            words.fill("item-report", &places)
        }
        (true, n) => {
            let places = [
                ("pages", count(pages(DocumentRole::Report)).into()),
                ("annexes", words.count("n-annexes", n).into()),
            ];
            words.fill("item-report-annexes", &places)
        }
        (false, 0) => words.say("item-no-paper"),
        (false, n) => words.count("n-annexes", n),
    }
}

/// Where a sitting stands, for a clerk.
pub(crate) fn state(words: &Tongue, published: bool, state: SittingState) -> String {
    words.say(match (published, state) {
        (false, _) | (true, SittingState::Draft) => "desk-state-draft",
        (true, SittingState::Published) => "desk-state-published",
        (true, SittingState::Convened) => "desk-state-convened",
        (true, SittingState::Held) => "desk-state-held",
        (true, SittingState::Closed) => "desk-state-closed",
    })
}

pub(crate) const fn attendance(attendance: Attendance) -> &'static str {
    match attendance {
        Attendance::Room => "attendance-room",
        Attendance::Hybrid => "attendance-hybrid",
        Attendance::Remote => "attendance-remote",
    }
}

/// Where a file goes: "Rapport du point 3".
pub(crate) fn target(words: &Tongue, view: &DraftView, target: Target) -> String {
    let number = |item| u32::try_from(view.sitting.number(item).unwrap_or(0)).unwrap_or(0);
    match target {
        Target::Report(item) => {
            let known = view.item(item).is_some_and(|item| {
                item.documents.iter().any(|paper| paper.role == DocumentRole::Report)
            });
            let key = if known { "target-new-report" } else { "target-report" };
            words.count(key, number(item))
        }
        Target::Annex(item) => words.count("target-annex", number(item)),
        Target::Convocation => words.say("target-convocation"),
        Target::Other => words.say("target-other"),
        Target::Version(id) => {
            let title = view.sitting.document(id).map(|entry| entry.document.title.clone());
            words.fill("target-version", &[("title", title.unwrap_or_default().into())])
        }
        Target::NewItem(_) => words.say("target-new-item"),
        Target::Nowhere => words.say("target-nowhere"),
    }
}

/// One change in a sentence: "Point 3 : le titre était « … »".
pub(crate) fn change(words: &Tongue, view: &ChangeView) -> String {
    let change = &view.change;
    let subject = FluentValue::from(change.subject.as_str());
    let number = FluentValue::from(view.number);
    let (key, was): (&str, String) = match &change.what {
        Changed::Title(was) => ("change-title", was.clone()),
        Changed::Starts(_) => {
            let when = |time: &LocalTime| format!("{}, {}", words.date(time), words.time(time));
            match &view.was {
                Some(was) => ("change-starts", when(was)),
                None => ("change-starts-bare", String::new()),
            }
        }
        Changed::Place(was) if was.is_empty() => ("change-place-bare", String::new()),
        Changed::Place(was) => ("change-place", was.clone()),
        Changed::Kind => ("change-kind", String::new()),
        Changed::Attendance(was) => ("change-attendance", words.say(attendance(*was))),
        Changed::Cancelled => ("change-cancelled", String::new()),
        Changed::Restored => ("change-restored", String::new()),
        Changed::ItemAdded { deliberative: true } => ("change-item-added", String::new()),
        Changed::ItemAdded { deliberative: false } => ("change-item-informed", String::new()),
        Changed::ItemWithdrawn => ("change-item-withdrawn", String::new()),
        Changed::ItemRenamed(was) => ("change-item-renamed", was.clone()),
        Changed::ItemMoved(was) => ("change-item-moved", was.to_string()),
        Changed::ClosedDoors(false) => ("change-doors-closed", String::new()),
        Changed::ClosedDoors(true) => ("change-doors-opened", String::new()),
        Changed::Deliberative(false) => ("change-now-voted", String::new()),
        Changed::Deliberative(true) => ("change-now-informed", String::new()),
        Changed::Rapporteur => ("change-rapporteur", String::new()),
        Changed::PaperAdded => ("change-paper-added", String::new()),
        Changed::PaperReplaced(was) => ("change-paper-replaced", was.to_string()),
        Changed::PaperWithdrawn => ("change-paper-withdrawn", String::new()),
        Changed::PaperRenamed(was) => ("change-paper-renamed", was.clone()),
    };
    let places = [("subject", subject), ("number", number), ("was", was.into())];
    let mut said = words.fill(key, &places);
    if let Some(note) = &change.note {
        said.push(' ');
        said.push_str(&words.fill("change-note", &[("note", note.as_str().into())]));
    }
    said
}

#[cfg(test)]
mod tests {
    use domain::{Change, ItemId};
    use ipc::Language;

    use super::*;

    fn item() -> AgendaItem {
        AgendaItem {
            id: ItemId::from_bytes([1; 16]),
            title: "Budget".to_owned(),
            documents: Vec::new(),
            theme: Vec::new(),
            rapporteur: None,
            closed_doors: false,
            deliberative: true,
        }
    }

    #[test]
    fn an_item_to_be_voted_lacks_its_report_and_one_for_information_does_not() {
        assert_eq!(lacks(&item()), Some("item-lacks-report"));
        assert_eq!(lacks(&AgendaItem { deliberative: false, ..item() }), None);
        assert_eq!(
            lacks(&AgendaItem { title: " ".to_owned(), ..item() }),
            Some("item-lacks-title")
        );
    }

    #[test]
    fn every_change_has_its_sentence_in_both_languages() {
        let at = "2026-12-14T17:30:00Z".parse().unwrap();
        let local =
            LocalTime { at, year: 2026, month: 12, day: 14, weekday: 1, hour: 18, minute: 30 };
        let was = || "avant".to_owned();
        let all = [
            Changed::Title(was()),
            Changed::Starts(at),
            Changed::Place(was()),
            Changed::Kind,
            Changed::Attendance(Attendance::Hybrid),
            Changed::Cancelled,
            Changed::Restored,
            Changed::ItemAdded { deliberative: true },
            Changed::ItemAdded { deliberative: false },
            Changed::ItemWithdrawn,
            Changed::ItemRenamed(was()),
            Changed::ItemMoved(2),
            Changed::ClosedDoors(true),
            Changed::ClosedDoors(false),
            Changed::Deliberative(true),
            Changed::Deliberative(false),
            Changed::Rapporteur,
            Changed::PaperAdded,
            Changed::PaperReplaced(1),
            Changed::PaperWithdrawn,
            Changed::PaperRenamed(was()),
        ];
        for language in [Language::Fr, Language::En] {
            let words = Tongue::new(language);
            for what in all.clone() {
                let change = Change {
                    at,
                    what,
                    subject: "Budget primitif".to_owned(),
                    item: None,
                    document: None,
                    note: Some("montant corrigé".to_owned()),
                };
                let view = ChangeView { change, at: local, was: Some(local), number: 3, new: true };
                let said = super::change(&words, &view);
                assert!(!said.contains("change-") && said.contains("montant corrigé"), "{said}");
            }
        }
    }
}
