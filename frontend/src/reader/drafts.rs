//! Words and strokes that the app has not confirmed: kept by the window until it has, and sent again
//! when the paper is opened next.

use domain::DocumentId;
use ink::AnnotationId;
use ipc::{Command, NewMark};
use serde::{Deserialize, Serialize};

use crate::dom::kept;
use crate::tree;

/// What is not yet safe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Draft {
    /// A mark that was not made yet.
    New(Box<NewMark>),
    /// An answer to a note.
    Answer { id: AnnotationId, annotation: AnnotationId, text: String },
    /// Words of a mark.
    Words { annotation: AnnotationId, text: String },
}

impl Draft {
    /// The command that makes it safe.
    pub(crate) fn command(&self, document: DocumentId) -> Command {
        match self.clone() {
            Self::New(mark) => Command::Mark(*mark),
            Self::Answer { id, annotation, text } => {
                Command::Reply { document: Some(document), annotation, text, id: Some(id) }
            }
            Self::Words { annotation, text } => {
                Command::ChangeMark { document, annotation, text: Some(text), colour: None }
            }
        }
    }
}

/// Where the drafts of a paper lie.
fn start(document: DocumentId) -> String {
    format!("pupitre.draft.{document}.")
}

/// Keeps a draft; `name` tells drafts of one paper apart.
pub(crate) fn keep(document: DocumentId, name: &str, draft: &Draft) {
    if let Ok(text) = serde_json::to_string(draft) {
        kept::set(&format!("{}{name}", start(document)), &text);
    }
}

/// Forgets a draft that is safe.
pub(crate) fn forget(document: DocumentId, name: &str) {
    kept::remove(&format!("{}{name}", start(document)));
}

/// The drafts of a paper, with their names.
pub(crate) fn all(document: DocumentId) -> Vec<(String, Draft)> {
    let start = start(document);
    let mut drafts: Vec<_> = kept::keys(&start)
        .into_iter()
        .filter_map(|key| {
            let draft = tree::read(&kept::get(&key)?)?;
            Some((key.strip_prefix(&start)?.to_owned(), draft))
        })
        .collect();
    drafts.sort_by(|a, b| a.0.cmp(&b.0));
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_becomes_the_command_that_was_meant() {
        let document = DocumentId::from_bytes([1; 16]);
        let annotation = AnnotationId::from_bytes([2; 16]);
        let draft = Draft::Words { annotation, text: "Demander".into() };
        let text = serde_json::to_string(&draft).unwrap();
        let back: Draft = tree::read(&text).unwrap();
        assert_eq!(
            back.command(document),
            Command::ChangeMark {
                document,
                annotation,
                text: Some("Demander".into()),
                colour: None
            }
        );
    }
}
