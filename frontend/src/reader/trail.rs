//! The way back after a jump, and forward again, through one paper or several.

use domain::DocumentId;

/// Most places remembered.
const MOST: usize = 50;

/// A place where somebody was reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) document: DocumentId,
    pub(crate) page: u32,
    /// How far down the page the top of the window stood, in parts of the page.
    pub(crate) down: f64,
}

/// Places left behind.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trail {
    back: Vec<Spot>,
    forward: Vec<Spot>,
}

impl Trail {
    /// Somebody jumps away from here: what was ahead is forgotten.
    pub(crate) fn leave(&mut self, here: Spot) {
        self.forward.clear();
        // Leaving the same page twice is one step.
        if self.back.last().is_some_and(|last| is_same(last, &here)) {
            self.back.pop();
        }
        if self.back.len() >= MOST {
            self.back.remove(0);
        }
        self.back.push(here);
    }

    /// Goes one step back, or forward; `here` is found again the other way.
    pub(crate) fn step(&mut self, back: bool, here: Spot) -> Option<Spot> {
        let (from, to) = if back {
            (&mut self.back, &mut self.forward)
        } else {
            (&mut self.forward, &mut self.back)
        };
        let spot = from.pop()?;
        to.push(here);
        Some(spot)
    }

    /// Where a step back, or forward, leads.
    pub(crate) fn ahead(&self, back: bool) -> Option<Spot> {
        if back { self.back.last() } else { self.forward.last() }.copied()
    }
}

fn is_same(a: &Spot, b: &Spot) -> bool {
    (a.document, a.page) == (b.document, b.page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(page: u32) -> Spot {
        Spot { document: DocumentId::from_bytes([1; 16]), page, down: 0.25 }
    }

    #[test]
    fn one_comes_back_to_where_one_was_and_forward_again() {
        let mut trail = Trail::default();
        trail.leave(spot(3));
        trail.leave(spot(12));
        assert_eq!(trail.step(true, spot(40)), Some(spot(12)));
        assert_eq!(trail.step(true, spot(12)), Some(spot(3)));
        assert_eq!(trail.step(true, spot(3)), None);
        assert_eq!(trail.ahead(false), Some(spot(12)));
        assert_eq!(trail.step(false, spot(3)), Some(spot(12)));
        assert_eq!(trail.step(false, spot(12)), Some(spot(40)));
    }

    #[test]
    fn a_new_jump_forgets_what_was_ahead_and_a_page_left_twice_is_one_step() {
        let mut trail = Trail::default();
        trail.leave(spot(3));
        trail.leave(spot(12));
        trail.step(true, spot(40));
        trail.leave(Spot { down: 0.9, ..spot(3) });
        assert_eq!(trail.ahead(false), None);
        assert_eq!(trail.ahead(true), Some(Spot { down: 0.9, ..spot(3) }));
        assert_eq!(trail.step(true, spot(5)).map(|spot| spot.page), Some(3));
        assert_eq!(trail.ahead(true), None);
    }
}
