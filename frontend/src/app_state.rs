//! What the whole window knows: the tablet's state, the screen, messages and what arrives.

use std::collections::BTreeMap;
use std::rc::Rc;

use domain::{DocumentId, Role, SittingId};
use ipc::{AudienceView, Event, Language, Preferences, Status, SyncState};
use yew::{Callback, Reducible};

use crate::bridge::Failure;
use crate::pages::lock::is_locked;
use crate::reader::trail::{Spot, Trail};
use crate::route::Route;
use crate::toasts::Toasts;
use crate::words::Tongue;

/// Papers of one sitting on their way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arrival {
    pub(crate) title: String,
    pub(crate) received: u64,
    pub(crate) total: u64,
    pub(crate) available: u32,
    pub(crate) documents: u32,
}

/// What lies over the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Search,
    Settings,
}

/// The window's state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct App {
    /// None until the app has answered.
    pub(crate) status: Option<Rc<Status>>,
    /// Why it did not answer.
    pub(crate) failure: Option<Failure>,
    pub(crate) words: Tongue,
    pub(crate) route: Route,
    pub(crate) panel: Option<Panel>,
    pub(crate) toasts: Toasts,
    /// What a screen reader is told, with a number so that the same words can be said again.
    pub(crate) said: (u32, String),
    /// Counts changes of sittings and papers: screens ask again when it changes.
    pub(crate) catalogue: u32,
    /// Counts changes of marks from outside, by paper.
    pub(crate) marks: BTreeMap<DocumentId, u32>,
    pub(crate) arrivals: BTreeMap<SittingId, Arrival>,
    /// The file being published, bytes sent and bytes in all.
    pub(crate) publishing: Option<(String, u64, u64)>,
    /// The way back after a jump.
    pub(crate) trail: Trail,
    /// Notes on their way into a new version: the paper, how many are there, how many in all.
    pub(crate) carrying: Option<(String, u32, u32)>,
    /// Words that were looked for everywhere, to be marked in the paper that opens.
    pub(crate) sought: Option<String>,
    system: Language,
}

/// What may happen to it.
#[derive(Debug)]
pub(crate) enum Happening {
    Status(Box<Status>),
    Failed(Failure),
    Told(Event),
    Went(Route),
    Panel(Option<Panel>),
    Toast(String, Option<(String, Callback<()>)>),
    Dismiss(u32),
    Say(String),
    Sought(Option<String>),
    /// Somebody jumps away from here.
    Left(Spot),
    /// Somebody goes back on the way, or forward, from here.
    Stepped {
        back: bool,
        here: Spot,
    },
}

impl App {
    pub(crate) fn new(system: Language, route: Route, sought: Option<String>) -> Self {
        Self {
            status: None,
            failure: None,
            words: Tongue::new(system),
            route,
            panel: None,
            toasts: Toasts::default(),
            said: (0, String::new()),
            catalogue: 0,
            marks: BTreeMap::new(),
            arrivals: BTreeMap::new(),
            publishing: None,
            trail: Trail::default(),
            carrying: None,
            sought,
            system,
        }
    }

    pub(crate) fn sync(&self) -> SyncState {
        self.status.as_ref().map(|status| status.sync.clone()).unwrap_or_default()
    }

    /// Whether the person keeps the council's sittings.
    pub(crate) fn is_clerk(&self) -> bool {
        let session = self.status.as_ref().and_then(|status| status.session.as_ref());
        session.is_some_and(|session| session.role == Role::Clerk)
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.status.as_ref().map(|status| status.preferences.clone()).unwrap_or_default()
    }

    /// With whom the person may share a note.
    pub(crate) fn audiences(&self) -> Vec<AudienceView> {
        let session = self.status.as_ref().and_then(|status| status.session.as_ref());
        session.map(|session| session.audiences.clone()).unwrap_or_default()
    }

    pub(crate) fn marks_revision(&self, document: DocumentId) -> u32 {
        self.marks.get(&document).copied().unwrap_or_default()
    }

    fn take_status(&mut self, status: Status) {
        let language = status.preferences.language.unwrap_or(self.system);
        if language != self.words.language() {
            self.words = Tongue::new(language);
        }
        if self.status.as_ref().is_some_and(|known| known.session != status.session) {
            self.catalogue += 1;
        }
        self.failure = None;
        // Once, when the app has started.
        if let (None, Some(mended)) = (&self.status, status.mended) {
            let text = self.words.all().mended(mended);
            self.said = (self.said.0 + 1, text.clone());
            self.toasts.push(text, None);
        }
        self.status = Some(Rc::new(status));
    }

    fn told(&mut self, event: Event) {
        match event {
            Event::Sync(sync) => {
                if sync.arriving == 0 {
                    self.arrivals.clear();
                }
                if let Some(status) = &mut self.status {
                    Rc::make_mut(status).sync = sync;
                }
            }
            Event::Catalogue => self.catalogue += 1,
            // Nothing of what was shown stays behind the lock.
            Event::Lock => {
                self.status = None;
                self.failure = None;
                self.panel = None;
                self.arrivals.clear();
                self.toasts = Toasts::default();
                self.carrying = None;
                self.publishing = None;
                self.catalogue += 1;
            }
            Event::Message { subject } => {
                let text = self.words.fill("message-arrived", &[("subject", subject.into())]);
                self.said = (self.said.0 + 1, text.clone());
                self.toasts.push(text, None);
            }
            Event::Arriving { sitting, title, received, total, available, documents, .. } => {
                let before = self.arrivals.get(&sitting).map(|arrival| arrival.available);
                if before.is_some_and(|before| before != available) || available == documents {
                    self.catalogue += 1;
                }
                if available == documents {
                    self.arrivals.remove(&sitting);
                } else {
                    let arrival = Arrival { title, received, total, available, documents };
                    self.arrivals.insert(sitting, arrival);
                }
            }
            Event::Marks { document } => *self.marks.entry(document).or_default() += 1,
            Event::Carrying { title, done, total, .. } => {
                self.carrying = (done < total).then_some((title, done, total));
            }
            Event::NotShared { notes, .. } => {
                let text = self.words.count("not-shared-said", notes);
                self.toasts.push(text, None);
            }
            Event::Publishing { file, sent, total } => self.publishing = Some((file, sent, total)),
        }
    }
}

impl Reducible for App {
    type Action = Happening;

    fn reduce(self: Rc<Self>, action: Happening) -> Rc<Self> {
        let mut app = Rc::unwrap_or_clone(self);
        match action {
            Happening::Status(status) => app.take_status(*status),
            Happening::Failed(failure) => {
                if is_locked(&failure) {
                    app.status = None;
                    app.panel = None;
                }
                app.failure = Some(failure);
            }
            Happening::Told(event) => app.told(event),
            Happening::Went(route) => {
                app.route = route;
                app.panel = None;
            }
            Happening::Panel(panel) => app.panel = panel,
            Happening::Toast(text, action) => {
                app.said = (app.said.0 + 1, text.clone());
                app.toasts.push(text, action);
            }
            Happening::Dismiss(id) => app.toasts.dismiss(id),
            Happening::Sought(words) => app.sought = words,
            Happening::Left(here) => app.trail.leave(here),
            Happening::Stepped { back, here } => drop(app.trail.step(back, here)),
            Happening::Say(text) => app.said = (app.said.0 + 1, text),
        }
        Rc::new(app)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> Rc<App> {
        let status = Status {
            session: None,
            sync: SyncState { arriving: 2, ..SyncState::default() },
            cursor: 0,
            preferences: Preferences::default(),
            lease: None,
            emptied: None,
            mended: None,
        };
        Rc::new(App::new(Language::Fr, Route::Home, None))
            .reduce(Happening::Status(Box::new(status)))
    }

    fn arriving(available: u32) -> Happening {
        Happening::Told(Event::Arriving {
            sitting: SittingId::from_bytes([1; 16]),
            document: DocumentId::from_bytes([2; 16]),
            title: "Plan".into(),
            received: 10,
            total: 100,
            available,
            documents: 2,
        })
    }

    #[test]
    fn lists_ask_again_each_time_a_paper_has_become_whole() {
        let app = app().reduce(arriving(0)).reduce(arriving(0));
        assert_eq!((app.catalogue, app.arrivals.len()), (0, 1));
        let app = app.reduce(arriving(1));
        assert_eq!((app.catalogue, app.arrivals.len()), (1, 1));
        let app = app.reduce(arriving(2));
        assert_eq!((app.catalogue, app.arrivals.len()), (2, 0));
    }

    #[test]
    fn losing_the_network_changes_the_mark_and_nothing_else() {
        let before = app();
        let sync = SyncState { online: false, pending: 3, arriving: 2, ..SyncState::default() };
        let after = Rc::clone(&before).reduce(Happening::Told(Event::Sync(sync.clone())));
        assert_eq!(after.sync(), sync);
        assert_eq!((after.route, after.catalogue), (before.route, before.catalogue));
        assert_eq!(after.toasts, before.toasts);
    }

    #[test]
    fn a_preferred_language_outweighs_the_systems() {
        let status = Status {
            session: None,
            sync: SyncState::default(),
            cursor: 0,
            preferences: Preferences { language: Some(Language::En), ..Preferences::default() },
            lease: None,
            emptied: None,
            mended: None,
        };
        let english = app().reduce(Happening::Status(Box::new(status.clone())));
        assert_eq!(english.words.language(), Language::En);
        let status = Status { preferences: Preferences::default(), ..status };
        let system = english.reduce(Happening::Status(Box::new(status)));
        assert_eq!(system.words.language(), Language::Fr);
    }

    #[test]
    fn a_lock_leaves_nothing_of_what_was_shown() {
        let app = app().reduce(Happening::Panel(Some(Panel::Settings))).reduce(arriving(0));
        let locked = Rc::clone(&app).reduce(Happening::Told(Event::Lock));
        assert!(locked.status.is_none() && locked.panel.is_none() && locked.arrivals.is_empty());
        let refused = app.reduce(Happening::Failed(ipc::ErrorCode::Locked.into()));
        assert!(refused.status.is_none() && refused.panel.is_none() && refused.failure.is_some());
    }

    #[test]
    fn a_damaged_store_is_told_once() {
        let mut status = Status::clone(app().status.as_ref().unwrap());
        status.mended = Some(ipc::Mended { unsent: 2, enrolled: true });
        let first = Rc::new(App::new(Language::Fr, Route::Home, None))
            .reduce(Happening::Status(Box::new(status.clone())));
        assert!(first.said.1.contains("2 modifications pas encore envoyées"), "{}", first.said.1);
        let again = Rc::clone(&first).reduce(Happening::Status(Box::new(status)));
        assert_eq!((again.said.0, &again.toasts), (first.said.0, &first.toasts));
    }

    #[test]
    fn going_elsewhere_closes_what_lies_over_the_screen() {
        let app = app().reduce(Happening::Panel(Some(Panel::Search)));
        assert_eq!(app.reduce(Happening::Went(Route::Notes)).panel, None);
    }
}
