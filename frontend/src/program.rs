//! Which program a screen belongs to, and the page that holds it.

use crate::route::Route;

/// One of the two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// Reading, answering, annotating.
    Tablet,
    /// The clerk's desk.
    Desk,
}

impl Program {
    /// The program whose screen this is. The first screen is the clerk's board to a clerk; the desk
    /// is nothing to anybody else.
    pub(crate) fn of(route: Route, clerk: bool) -> Self {
        match route {
            Route::Home | Route::Board | Route::Draft(_) | Route::People | Route::Devices
                if clerk =>
            {
                Self::Desk
            }
            Route::Home
            | Route::Board
            | Route::Draft(_)
            | Route::People
            | Route::Devices
            | Route::Sitting(_)
            | Route::Paper { .. }
            | Route::Notes
            | Route::Versions { .. }
            | Route::Earlier { .. } => Self::Tablet,
        }
    }

    /// The page that holds it.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Self::Tablet => "index.html",
            Self::Desk => "desk.html",
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::SittingId;

    use super::*;

    #[test]
    fn a_clerk_begins_at_the_desk_and_nobody_else_ever_comes_there() {
        let draft = Route::Draft(SittingId::from_bytes([3; 16]));
        for route in [Route::Home, Route::Board, draft, Route::People, Route::Devices] {
            assert_eq!(Program::of(route, true), Program::Desk, "{route}");
            assert_eq!(Program::of(route, false), Program::Tablet, "{route}");
        }
        assert_eq!(Program::of(Route::Notes, true), Program::Tablet);
    }
}
