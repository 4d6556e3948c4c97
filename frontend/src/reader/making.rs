//! What is made of the pages, and when: what is seen comes first, and only once it is there what may be
//! seen next. A browser fetches few things at a time, in the order in which they are made.

use super::tiles::Tile;

/// A page, the width of its grid, and one tile of it.
pub(crate) type Part = (u32, u32, Tile);

/// What there is to be made of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) page: u32,
    /// Width of its grid.
    pub(crate) width: u32,
    /// Tiles in sight.
    pub(crate) seen: Vec<Tile>,
    /// Tiles in sight and next to it.
    pub(crate) near: Vec<Tile>,
    /// Tiles that may be seen after a turn.
    pub(crate) ahead: Vec<Tile>,
}

/// What is made of a page now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Made {
    pub(crate) page: u32,
    /// Tiles that are seen or nearly.
    pub(crate) tiles: Vec<Tile>,
    pub(crate) ahead: Vec<Tile>,
}

/// What has been made and has come.
#[derive(Debug, Default)]
pub(crate) struct Making {
    // Some hundred at most: lists are looked through as fast as anything else.
    pages: Vec<u32>,
    made: Vec<Part>,
    come: Vec<Part>,
    seen: Vec<Part>,
    /// The hand has rested: what is not seen may be made.
    due: bool,
    /// Something that is wanted has not been made.
    lacks: bool,
}

impl Making {
    /// A tile has come, or cannot.
    pub(crate) fn has_come(&mut self, part: Part) {
        self.come.push(part);
    }

    /// Whether all that is in sight has come.
    pub(crate) fn is_seen(&self) -> bool {
        self.seen.iter().all(|part| self.come.contains(part))
    }

    /// Whether all that is in sight has come, and something else that is wanted has not been made.
    pub(crate) fn is_ready(&self) -> bool {
        self.lacks && self.is_seen()
    }

    /// What is not seen may be made at the next time.
    pub(crate) const fn rests(&mut self) {
        self.due = true;
    }

    /// What is to be made now: what is in sight, what was made before and is still wanted, and when it
    /// is due all the rest.
    pub(crate) fn make(&mut self, wanted: impl Iterator<Item = Wanted>) -> Vec<Made> {
        let wanted: Vec<Wanted> = wanted.collect();
        let part = |page: &Wanted, tile: &Tile| (page.page, page.width, *tile);
        self.seen =
            wanted.iter().flat_map(|it| it.seen.iter().map(move |tile| part(it, tile))).collect();
        let all = self.due && self.is_seen();
        self.due = false;
        let mut lacks = false;
        let made: Vec<(u32, Made)> = wanted
            .into_iter()
            .filter_map(|page| {
                let known = !page.seen.is_empty() || self.pages.contains(&page.page);
                if !known && !all {
                    lacks = true;
                    return None;
                }
                let mut chosen = |tiles: &[Tile]| -> Vec<Tile> {
                    let may = |tile: &&Tile| {
                        let part = part(&page, tile);
                        all || self.seen.contains(&part) || self.made.contains(&part)
                    };
                    let chosen: Vec<Tile> = tiles.iter().filter(may).copied().collect();
                    lacks |= chosen.len() < tiles.len();
                    chosen
                };
                let (tiles, ahead) = (chosen(&page.near), chosen(&page.ahead));
                Some((page.width, Made { page: page.page, tiles, ahead }))
            })
            .collect();
        self.lacks = lacks;
        self.pages = made.iter().map(|(_, made)| made.page).collect();
        self.made = made
            .iter()
            .flat_map(|(width, made)| {
                made.tiles.iter().chain(&made.ahead).map(|tile| (made.page, *width, *tile))
            })
            .collect();
        // What was taken away must come again.
        let made_now = &self.made;
        self.come.retain(|part| made_now.contains(part));
        made.into_iter().map(|(_, made)| made).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 704;

    fn tile(row: u32) -> Tile {
        Tile { column: 0, row }
    }

    fn page(page: u32, seen: &[u32], near: &[u32], ahead: &[u32]) -> Wanted {
        let tiles = |rows: &[u32]| rows.iter().copied().map(tile).collect();
        Wanted { page, width: WIDTH, seen: tiles(seen), near: tiles(near), ahead: tiles(ahead) }
    }

    /// Page 1 in sight, page 2 next to it.
    fn opened() -> Vec<Wanted> {
        vec![
            page(1, &[0, 1], &[0, 1, 2], &[]),
            page(2, &[], &[0], &[1, 2]),
            page(3, &[], &[], &[0]),
        ]
    }

    /// Page 2 in sight.
    fn turned() -> Vec<Wanted> {
        vec![page(1, &[], &[2], &[]), page(2, &[0, 1], &[0, 1, 2], &[]), page(3, &[], &[0], &[1])]
    }

    fn shape(made: &[Made]) -> Vec<(u32, usize, usize)> {
        made.iter().map(|made| (made.page, made.tiles.len(), made.ahead.len())).collect()
    }

    fn comes(making: &mut Making, page: u32, rows: &[u32]) {
        for row in rows {
            making.has_come((page, WIDTH, tile(*row)));
        }
    }

    #[test]
    fn at_first_only_what_is_seen_is_made_and_the_rest_once_it_has_come_and_the_hand_rests() {
        let mut making = Making::default();
        assert_eq!(shape(&making.make(opened().into_iter())), [(1, 2, 0)]);
        assert!(!making.is_ready());
        // Rest alone is not enough.
        making.rests();
        assert_eq!(shape(&making.make(opened().into_iter())), [(1, 2, 0)]);
        comes(&mut making, 1, &[0]);
        assert!(!making.is_ready());
        comes(&mut making, 1, &[1]);
        assert!(making.is_ready());
        assert_eq!(shape(&making.make(opened().into_iter())), [(1, 2, 0)]);
        making.rests();
        assert_eq!(shape(&making.make(opened().into_iter())), [(1, 3, 0), (2, 1, 2), (3, 0, 1)]);
        assert!(!making.is_ready(), "nothing is left");
    }

    #[test]
    fn a_turn_to_a_page_that_has_come_makes_nothing_before_the_hand_rests_and_keeps_what_was_made()
    {
        let mut making = Making::default();
        drop(making.make(opened().into_iter()));
        comes(&mut making, 1, &[0, 1]);
        making.rests();
        drop(making.make(opened().into_iter()));
        comes(&mut making, 2, &[0, 1, 2]);
        assert_eq!(shape(&making.make(turned().into_iter())), [(1, 1, 0), (2, 3, 0), (3, 1, 0)]);
        assert!(making.is_ready());
        making.rests();
        assert_eq!(shape(&making.make(turned().into_iter())), [(1, 1, 0), (2, 3, 0), (3, 1, 1)]);
    }

    #[test]
    fn a_tile_that_was_taken_away_must_come_again() {
        let mut making = Making::default();
        drop(making.make(opened().into_iter()));
        comes(&mut making, 1, &[0, 1]);
        assert!(making.is_ready());
        drop(making.make(std::iter::once(page(9, &[0], &[0], &[]))));
        drop(making.make(opened().into_iter()));
        assert!(!making.is_ready());
    }

    #[test]
    fn a_sharper_grid_is_made_where_it_is_seen_first() {
        let mut making = Making::default();
        drop(making.make(opened().into_iter()));
        comes(&mut making, 1, &[0, 1]);
        making.rests();
        drop(making.make(opened().into_iter()));
        let sharper = |wanted: Wanted| Wanted { width: WIDTH * 2, ..wanted };
        let made = making.make(opened().into_iter().map(sharper));
        assert_eq!(shape(&made), [(1, 2, 0), (2, 0, 0), (3, 0, 0)]);
        assert!(!making.is_ready());
    }
}
