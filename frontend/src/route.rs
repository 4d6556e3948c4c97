//! Which screen is shown, as the part of the address after `#`.

use std::fmt;

use domain::{DocumentId, SittingId};
use ink::AnnotationId;

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Route {
    #[default]
    Home,
    Sitting(SittingId),
    /// A paper, at a page (the one last read when none), a note held up to the eye.
    Paper {
        document: DocumentId,
        page: Option<u32>,
        note: Option<AnnotationId>,
        /// A second paper, side by side.
        beside: Option<DocumentId>,
    },
    Notes,
    /// The clerk's board.
    Board,
    /// A sitting on the clerk's desk.
    Draft(SittingId),
    /// Members, groups and bodies.
    People,
    /// Devices of the council.
    Devices,
    /// An earlier version of a paper (the one before the present when none) beside the present one.
    Versions {
        document: DocumentId,
        from: Option<u32>,
    },
    /// An earlier version of a paper, to be read.
    Earlier {
        document: DocumentId,
        version: u32,
    },
}

impl Route {
    pub(crate) const fn paper(document: DocumentId) -> Self {
        Self::Paper { document, page: None, note: None, beside: None }
    }

    /// The same with this paper beside it, or none.
    pub(crate) const fn with_beside(self, paper: Option<DocumentId>) -> Self {
        if let Self::Paper { document, page, note, .. } = self {
            Self::Paper { document, page, note, beside: paper }
        } else {
            self
        }
    }

    /// The paper that lies beside.
    pub(crate) const fn beside(self) -> Option<DocumentId> {
        if let Self::Paper { beside, .. } = self { beside } else { None }
    }

    /// The screen of an address; the first one when the address says nothing.
    pub(crate) fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parts = path.split('/');
        let route = match (parts.next(), parts.next()) {
            (Some("seance"), Some(id)) => id.parse().ok().map(Self::Sitting),
            (Some("document"), Some(id)) => id.parse().ok().map(|document| {
                let asked = |name: &str| {
                    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
                };
                Self::Paper {
                    document,
                    page: asked("page").and_then(|page| page.parse().ok()),
                    note: asked("note").and_then(|note| note.parse().ok()),
                    beside: asked("beside").and_then(|paper| paper.parse().ok()),
                }
            }),
            (Some("notes"), _) => Some(Self::Notes),
            (Some("greffe"), Some("membres")) => Some(Self::People),
            (Some("greffe"), Some("appareils")) => Some(Self::Devices),
            (Some("greffe"), Some(id)) => id.parse().ok().map(Self::Draft),
            (Some("greffe"), None) => Some(Self::Board),
            (Some("versions"), Some(id)) => id.parse().ok().map(|document| {
                let from = query.strip_prefix("de=").and_then(|from| from.parse().ok());
                Self::Versions { document, from }
            }),
            (Some("version"), Some(id)) => id.parse().ok().and_then(|document| {
                let version = query.strip_prefix("n=")?.parse().ok()?;
                Some(Self::Earlier { document, version })
            }),
            _ => None,
        };
        route.unwrap_or_default()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("#/"),
            Self::Sitting(id) => write!(f, "#/seance/{id}"),
            Self::Notes => f.write_str("#/notes"),
            Self::Board => f.write_str("#/greffe"),
            Self::Draft(id) => write!(f, "#/greffe/{id}"),
            Self::People => f.write_str("#/greffe/membres"),
            Self::Devices => f.write_str("#/greffe/appareils"),
            Self::Versions { document, from } => {
                write!(f, "#/versions/{document}")?;
                from.map_or(Ok(()), |from| write!(f, "?de={from}"))
            }
            Self::Earlier { document, version } => write!(f, "#/version/{document}?n={version}"),
            Self::Paper { document, page, note, beside } => {
                write!(f, "#/document/{document}")?;
                let mut sign = '?';
                if let Some(page) = page {
                    write!(f, "{sign}page={page}")?;
                    sign = '&';
                }
                if let Some(note) = note {
                    write!(f, "{sign}note={note}")?;
                    sign = '&';
                }
                if let Some(beside) = beside {
                    write!(f, "{sign}beside={beside}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_is_found_again_by_its_address() {
        let document = DocumentId::from_bytes([3; 16]);
        let note = AnnotationId::from_bytes([4; 16]);
        for route in [
            Route::Home,
            Route::Notes,
            Route::Board,
            Route::People,
            Route::Devices,
            Route::Draft(SittingId::from_bytes([2; 16])),
            Route::Sitting(SittingId::from_bytes([2; 16])),
            Route::paper(document),
            Route::Paper { document, page: Some(12), note: None, beside: None },
            Route::Paper { document, page: Some(3), note: None, beside: Some(document) },
            Route::Paper { document, page: Some(12), note: Some(note), beside: None },
            Route::Paper { document, page: None, note: Some(note), beside: None },
            Route::Versions { document, from: None },
            Route::Versions { document, from: Some(2) },
            Route::Earlier { document, version: 1 },
        ] {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
    }

    #[test]
    fn an_address_that_says_nothing_leads_home() {
        for hash in ["", "#", "#/seance/x", "#/document/1?page=2", "#/nowhere"] {
            assert_eq!(Route::parse(hash), Route::Home, "{hash}");
        }
    }
}
