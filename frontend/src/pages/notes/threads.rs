//! Notes with the answers to each, by sitting.

use std::collections::{BTreeMap, BTreeSet};

use domain::SittingId;
use ink::AnnotationId;
use ipc::NoteCard;

/// A note with its answers, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Thread {
    pub(crate) note: NoteCard,
    pub(crate) answers: Vec<NoteCard>,
}

/// The notes in the order they came; an answer whose note is not among them stands for itself.
pub(crate) fn threads(notes: &[NoteCard]) -> Vec<Thread> {
    let here: BTreeSet<AnnotationId> = notes.iter().map(|note| note.annotation).collect();
    let answered = |note: &&NoteCard| note.view.mark.in_reply_to.filter(|id| here.contains(id));
    let mut answers: BTreeMap<AnnotationId, Vec<NoteCard>> = BTreeMap::new();
    for note in notes {
        if let Some(id) = answered(&note) {
            answers.entry(id).or_default().push(note.clone());
        }
    }
    notes
        .iter()
        .filter(|note| answered(note).is_none())
        .map(|note| {
            let mut answers = answers.remove(&note.annotation).unwrap_or_default();
            answers.sort_by_key(|answer| (answer.view.mark.created_ms, answer.annotation));
            Thread { note: note.clone(), answers }
        })
        .collect()
}

/// Threads by sitting, in the order they came.
pub(crate) fn by_sitting(threads: Vec<Thread>) -> Vec<(SittingId, Vec<Thread>)> {
    let mut groups: Vec<(SittingId, Vec<Thread>)> = Vec::new();
    for thread in threads {
        match groups.last_mut() {
            Some((sitting, group)) if *sitting == thread.note.sitting => group.push(thread),
            Some(_) | None => groups.push((thread.note.sitting, vec![thread])),
        }
    }
    groups
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::{DocumentId, MemberId};
    use ink::{Colour, Mark, MarkKind, Point};
    use ipc::{Audience, MarkView, Placement};

    use super::*;

    pub(crate) fn card(n: u8, item: u32, in_reply_to: Option<u8>) -> NoteCard {
        let id = |n: u8| AnnotationId::from_bytes([n; 16]);
        NoteCard {
            annotation: id(n),
            document: DocumentId::from_bytes([item as u8; 16]),
            sitting: SittingId::from_bytes([1; 16]),
            document_title: "Rapport".to_owned(),
            item,
            version: 1,
            view: MarkView {
                mark: Mark {
                    id: id(n),
                    page: 1,
                    kind: MarkKind::Note { at: Point { x: 1.0, y: 1.0 } },
                    colour: Colour::Yellow,
                    text: format!("note {n}"),
                    created_ms: i64::from(n),
                    modified_ms: 0,
                    in_reply_to: in_reply_to.map(id),
                },
                audience: Audience::Council,
                author: "Claire Morand".to_owned(),
                author_id: MemberId::from_bytes([1; 16]),
                mine: true,
                fresh: false,
                not_shared: None,
                placement: Placement::Exact,
                can_undo: false,
                origin: None,
            },
        }
    }

    #[test]
    fn answers_stand_under_their_note_and_orphans_for_themselves() {
        let found = threads(&[
            card(3, 1, Some(1)),
            card(1, 1, None),
            card(2, 1, Some(1)),
            card(4, 2, Some(9)),
        ]);
        let shape: Vec<_> = found
            .iter()
            .map(|thread| {
                let answers = thread.answers.iter().map(|a| a.annotation.to_bytes()[0]);
                (thread.note.annotation.to_bytes()[0], answers.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(shape, [(1, vec![2, 3]), (4, vec![])]);
    }
}
