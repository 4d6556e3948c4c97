//! Counts of what became of notes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ink::Placement;

/// What became of some notes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Text still there: placed where it is, beyond doubt.
    pub(crate) right: u32,
    /// Text still there: to be checked by its author.
    pub(crate) check: u32,
    /// Text still there: in the tray.
    pub(crate) lost_wrongly: u32,
    /// Text gone: in the tray.
    pub(crate) lost_rightly: u32,
    /// Text gone: to be checked by its author.
    pub(crate) check_gone: u32,
    /// Placed beyond doubt where it does not belong.
    pub(crate) wrong: u32,
}

impl Counts {
    pub(crate) const fn all(&self) -> u32 {
        self.there() + self.lost_rightly + self.check_gone + self.wrong
    }

    /// Notes whose text is still there, not counting those placed wrongly.
    pub(crate) const fn there(&self) -> u32 {
        self.right + self.check + self.lost_wrongly
    }

    fn add(&mut self, other: &Self) {
        self.right += other.right;
        self.check += other.check;
        self.lost_wrongly += other.lost_wrongly;
        self.lost_rightly += other.lost_rightly;
        self.check_gone += other.check_gone;
        self.wrong += other.wrong;
    }
}

/// Counts by kind of edit (or pair) and kind of note.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(BTreeMap<(String, &'static str), Counts>);

impl Tally {
    /// Counts one note; `lands` says whether it stands where it must, none when its text is gone.
    /// With `CARRY_SHOW` set, `about` tells of one that is not where it belongs.
    pub(crate) fn count(
        &mut self,
        edit: &str,
        kind: &'static str,
        placement: Placement,
        lands: Option<bool>,
        about: impl FnOnce() -> String,
    ) {
        let counts = self.0.entry((edit.to_owned(), kind)).or_default();
        let missed = placement.is_doubtful() == lands.is_some() || lands == Some(false);
        if missed && std::env::var_os("CARRY_SHOW").is_some() {
            eprintln!("{edit}, {kind}, {placement:?}, lands {lands:?}: page {}", about());
        }
        let slot = match (placement, lands) {
            (Placement::Exact | Placement::Moved, Some(true)) => &mut counts.right,
            (Placement::Exact | Placement::Moved, _) => &mut counts.wrong,
            (Placement::Fuzzy | Placement::Page, Some(_)) => &mut counts.check,
            (Placement::Fuzzy | Placement::Page, None) => &mut counts.check_gone,
            (Placement::Orphan, Some(_)) => &mut counts.lost_wrongly,
            (Placement::Orphan, None) => &mut counts.lost_rightly,
        };
        *slot += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (key, counts) in &other.0 {
            self.0.entry(key.clone()).or_default().add(counts);
        }
    }

    pub(crate) fn total(&self) -> Counts {
        self.0.values().fold(Counts::default(), |mut sum, counts| {
            sum.add(counts);
            sum
        })
    }

    /// The counts of one kind of note, without those of one edit.
    pub(crate) fn only(&self, kind: &str, without: &str) -> Counts {
        let wanted = self.0.iter().filter(|((edit, k), _)| *k == kind && edit != without);
        wanted.fold(Counts::default(), |mut sum, (_, counts)| {
            sum.add(counts);
            sum
        })
    }

    pub(crate) fn table(&self, title: &str) -> String {
        let mut text = format!(
            "{title:<34} {:<10} {:>6} {:>6} {:>7} {:>8} {:>8} {:>6}\n",
            "note", "right", "check", "lost-", "gone ok", "gone chk", "WRONG"
        );
        let mut row = |edit: &str, kind: &str, c: &Counts| {
            // A String takes everything.
            writeln!(
                text,
                "{edit:<34} {kind:<10} {:>6} {:>6} {:>7} {:>8} {:>8} {:>6}",
                c.right, c.check, c.lost_wrongly, c.lost_rightly, c.check_gone, c.wrong
            )
            .ok();
        };
        for ((edit, kind), counts) in &self.0 {
            row(edit, kind, counts);
        }
        let mut kinds: BTreeMap<&str, Counts> = BTreeMap::new();
        for ((_, kind), counts) in &self.0 {
            kinds.entry(kind).or_default().add(counts);
        }
        for (kind, counts) in &kinds {
            row("all", kind, counts);
        }
        row("all", "all", &self.total());
        text
    }
}
