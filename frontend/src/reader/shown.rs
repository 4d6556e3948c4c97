//! Whose notes are shown on this tablet: others' can be hidden by person and by group.

use std::collections::{BTreeMap, BTreeSet};

use domain::MemberId;
use ipc::{Audience, MarkView};
use serde::{Deserialize, Serialize};

/// Whose notes are hidden. One's own never are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Hidden {
    people: BTreeSet<MemberId>,
    groups: BTreeSet<String>,
    council: bool,
}

/// What can be hidden and shown again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Circle {
    Person(MemberId),
    Group(String),
    Council,
}

impl Hidden {
    /// Whether a note is shown.
    pub(crate) fn admits(&self, view: &MarkView) -> bool {
        let by_audience = match &view.audience {
            Audience::Private => true,
            Audience::Group(name) => !self.groups.contains(name),
            Audience::Council => !self.council,
        };
        view.mine || (by_audience && !self.people.contains(&view.author_id))
    }

    /// Whether those of a circle are hidden.
    pub(crate) fn has(&self, circle: &Circle) -> bool {
        match circle {
            Circle::Person(person) => self.people.contains(person),
            Circle::Group(name) => self.groups.contains(name),
            Circle::Council => self.council,
        }
    }

    /// The same with a circle hidden, or shown again.
    pub(crate) fn turned(mut self, circle: Circle) -> Self {
        match circle {
            Circle::Person(person) => {
                if !self.people.remove(&person) {
                    self.people.insert(person);
                }
            }
            Circle::Group(name) => {
                if !self.groups.remove(&name) {
                    self.groups.insert(name);
                }
            }
            Circle::Council => self.council = !self.council,
        }
        self
    }
}

/// The circles that notes of others come from: audiences first, then people by name.
pub(crate) fn circles<'a>(
    views: impl Iterator<Item = &'a MarkView>,
) -> Vec<(Circle, Option<String>)> {
    let (mut audiences, mut people) = (BTreeSet::new(), BTreeMap::new());
    for view in views.filter(|view| !view.mine) {
        people.insert((view.author.clone(), view.author_id), ());
        match &view.audience {
            Audience::Private => {}
            Audience::Group(name) => drop(audiences.insert(Circle::Group(name.clone()))),
            Audience::Council => drop(audiences.insert(Circle::Council)),
        }
    }
    let people = people.into_keys().map(|(name, id)| (Circle::Person(id), Some(name)));
    audiences.into_iter().map(|circle| (circle, None)).chain(people).collect()
}

#[cfg(test)]
mod tests {
    use ink::{AnnotationId, Colour, Mark, MarkKind, Point};
    use ipc::Placement;

    use super::*;
    use crate::tree;

    fn view(author: u8, audience: Audience) -> MarkView {
        MarkView {
            mark: Mark {
                id: AnnotationId::from_bytes([author; 16]),
                page: 1,
                kind: MarkKind::Note { at: Point { x: 1.0, y: 1.0 } },
                colour: Colour::Yellow,
                text: String::new(),
                created_ms: 0,
                modified_ms: 0,
                in_reply_to: None,
            },
            audience,
            author: format!("Élue {author}"),
            author_id: MemberId::from_bytes([author; 16]),
            mine: author == 0,
            fresh: false,
            not_shared: None,
            placement: Placement::Exact,
            can_undo: false,
            origin: None,
        }
    }

    #[test]
    fn people_and_groups_are_hidden_and_ones_own_notes_never() {
        let group = || Audience::Group("Gauche unie".to_owned());
        let hidden = Hidden::default().turned(Circle::Group("Gauche unie".to_owned()));
        assert!(!hidden.admits(&view(1, group())));
        assert!(hidden.admits(&view(1, Audience::Council)) && hidden.admits(&view(0, group())));
        let hidden = hidden.turned(Circle::Person(MemberId::from_bytes([1; 16])));
        assert!(!hidden.admits(&view(1, Audience::Council)));
        let hidden = hidden.turned(Circle::Group("Gauche unie".to_owned()));
        assert!(hidden.admits(&view(2, group())));
        let kept: Hidden = tree::read(&serde_json::to_string(&hidden).unwrap()).unwrap();
        assert_eq!(kept, hidden);
    }

    #[test]
    fn circles_are_those_of_others_notes() {
        let views =
            [view(0, Audience::Council), view(2, Audience::Council), view(1, Audience::Private)];
        let found: Vec<Circle> =
            circles(views.iter()).into_iter().map(|(circle, _)| circle).collect();
        let person = |n: u8| Circle::Person(MemberId::from_bytes([n; 16]));
        assert_eq!(found, [Circle::Council, person(1), person(2)]);
    }
}
