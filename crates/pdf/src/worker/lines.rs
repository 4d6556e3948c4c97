//! From characters to lines of text, in the order of the page's content.
//!
//! Everything is worked out along the line and across it, so that text turned by 90, 180 or 270
//! degrees takes the same way as upright text.

use ink::Rect;
use ipc::TextLine;

/// A gap wider than this many letter heights begins a new line: another column or cell.
const COLUMN: f32 = 2.5;
/// A gap wider than this share of the letters' height is a space, even when none is written.
const SPACE: f32 = 0.28;
/// How much of the lower of two letters must lie beside the other on the same line.
const BESIDE: f32 = 0.4;

/// One character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    /// What it says; `\n` where pdfium saw a line end.
    pub(crate) shown: char,
    /// Where it stands; none for spaces and line ends that pdfium added.
    pub(crate) placed: Option<Placed>,
}

/// Which marked content of the page a character belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Content {
    /// The page does not tell.
    #[default]
    Untold,
    /// An ornament: running heads, page numbers.
    Artifact,
    /// The content with this number.
    Marked(i32),
}

/// Where a character stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    turn: Turn,
    /// Along the line: begin and end of the character, in the direction of reading.
    begin: f32,
    end: f32,
    /// Across the line, upwards as the letters stand.
    low: f32,
    high: f32,
    size: f32,
    pub(crate) content: Content,
}

/// Which way text runs in user space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// To the right, upright.
    Right,
    /// Upwards.
    Up,
    /// To the left, upside down.
    Left,
    /// Downwards.
    Down,
}

impl Turn {
    /// The nearest turn of a writing direction.
    pub(crate) fn of(x: f32, y: f32) -> Self {
        if x.abs() >= y.abs() {
            if x < 0.0 { Self::Left } else { Self::Right }
        } else if y < 0.0 {
            Self::Down
        } else {
            Self::Up
        }
    }

    /// A place of user space as (along, across).
    fn turned(self, x: f32, y: f32) -> (f32, f32) {
        match self {
            Self::Right => (x, y),
            Self::Up => (y, -x),
            Self::Left => (-x, -y),
            Self::Down => (-y, x),
        }
    }

    /// (along, across) as a place of user space.
    fn back(self, along: f32, across: f32) -> (f32, f32) {
        match self {
            Self::Right => (along, across),
            Self::Up => (-across, along),
            Self::Left => (-along, -across),
            Self::Down => (across, -along),
        }
    }
}

impl Placed {
    /// From what pdfium tells: `boxes` are the one as high as the font and the one around the ink,
    /// each left, bottom, right, top. The first is right for upright text alone.
    pub(crate) fn new(
        turn: Turn,
        origin: Option<[f32; 2]>,
        size: f32,
        boxes: [Option<[f32; 4]>; 2],
    ) -> Option<Self> {
        let [loose, tight] = boxes.map(|b| b.filter(|b| b.iter().all(|side| side.is_finite())));
        let extents = |[x0, y0, x1, y1]: [f32; 4]| {
            let ((a0, c0), (a1, c1)) = (turn.turned(x0, y0), turn.turned(x1, y1));
            [a0.min(a1), a0.max(a1), c0.min(c1), c0.max(c1)]
        };
        let loose = loose.filter(|_| turn == Turn::Right).map(extents);
        if let Some([begin, end, low, high]) = loose
            && high - low > 0.1
            && end > begin
        {
            // Some fonts claim to be as high as a page.
            let [low, high] = match origin {
                Some([_, y]) if high - low > size * 2.0 => [y - size * 0.25, y + size * 0.9],
                _ => [low, high],
            };
            let content = Content::Untold;
            return Some(Self { turn, begin, end, low, high, size, content });
        }
        let tight = tight.map(extents);
        let base = origin.map(|[x, y]| turn.turned(x, y));
        let (begin, end) = match (tight, base) {
            (Some([begin, end, ..]), _) if end > begin => (begin, end),
            (_, Some((along, _))) => (along, along + size * 0.25),
            (Some([begin, end, ..]), None) => (begin, end),
            (None, None) => return None,
        };
        let (low, high) = match (base, tight) {
            (Some((_, across)), _) => (across - size * 0.22, across + size * 0.8),
            (None, Some([_, _, low, high])) => (low, high),
            (None, None) => return None,
        };
        Some(Self { turn, begin, end, low, high, size, content: Content::Untold })
    }

    fn height(&self) -> f32 {
        self.high - self.low
    }
}

/// The lines of a page, and beside each of them what its characters belong to.
pub(crate) fn lines(glyphs: &[Glyph]) -> (Vec<TextLine>, Vec<Vec<Content>>) {
    let mut lines = Lines::default();
    let mut start = 0;
    let mut open = Open::default();
    for glyph in glyphs {
        match glyph.placed {
            None if glyph.shown == '\n' => open.close(&mut start, &mut lines),
            None => open.space(),
            Some(placed) => {
                if open.ends_before(&placed) {
                    open.close(&mut start, &mut lines);
                }
                open.push(glyph.shown, placed);
            }
        }
    }
    open.close(&mut start, &mut lines);
    (lines.lines, lines.contents)
}

#[derive(Default)]
struct Lines {
    lines: Vec<TextLine>,
    contents: Vec<Vec<Content>>,
}

/// The text of those lines, each ending as it ends on the page: whether a hyphen there belongs to
/// the word is the index's to judge.
pub(crate) fn plain(lines: &[TextLine]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    lines.join("\n")
}

/// A line that is being read.
#[derive(Default)]
struct Open {
    characters: Vec<(char, Placed)>,
    spaced: bool,
}

impl Open {
    fn space(&mut self) {
        self.spaced = !self.characters.is_empty();
    }

    fn ends_before(&self, next: &Placed) -> bool {
        let Some((_, last)) = self.characters.last() else { return false };
        let beside = last.high.min(next.high) - last.low.max(next.low);
        let height = last.height().min(next.height());
        let size = last.size.max(next.size);
        let forward = next.begin - last.end;
        // Backwards: right-to-left scripts go back a letter at a time.
        let backward = last.begin - next.end;
        last.turn != next.turn
            || beside < height * BESIDE
            || forward > size * COLUMN
            || backward > size * COLUMN
            || (next.begin < last.begin - size * COLUMN)
    }

    fn push(&mut self, shown: char, placed: Placed) {
        if shown.is_whitespace() {
            self.space();
            return;
        }
        if let Some((_, last)) = self.characters.last().copied() {
            let gap = (placed.begin - last.end).max(last.begin - placed.end);
            if self.spaced || gap > last.size.min(placed.size) * SPACE {
                // A space stands between its neighbours, whatever the font says.
                let (a, b) = (last.end.min(placed.begin), last.end.max(placed.begin));
                let between = Placed { begin: a, end: b, ..last };
                self.characters.push((' ', between));
            }
        }
        self.spaced = false;
        self.characters.push((shown, placed));
    }

    fn close(&mut self, start: &mut u32, lines: &mut Lines) {
        self.spaced = false;
        let characters = std::mem::take(&mut self.characters);
        let Some((_, first)) = characters.first().copied() else { return };
        let text: String = characters.iter().map(|(shown, _)| *shown).collect();
        let turn = first.turn;
        let edges: Vec<f32> =
            edges(&characters).into_iter().map(|along| across_to_user(turn, along)).collect();
        let letters = || characters.iter().filter(|(c, _)| !c.is_whitespace()).map(|(_, p)| p);
        let low = letters().map(|p| p.low).fold(f32::INFINITY, f32::min);
        let high = letters().map(|p| p.high).fold(f32::NEG_INFINITY, f32::max);
        let begin = letters().map(|p| p.begin).fold(f32::INFINITY, f32::min);
        let end = letters().map(|p| p.end).fold(f32::NEG_INFINITY, f32::max);
        let ((x0, y0), (x1, y1)) = (turn.back(begin, low), turn.back(end, high));
        lines.contents.push(characters.iter().map(|(_, placed)| placed.content).collect());
        lines.lines.push(TextLine {
            start: *start,
            text,
            rect: Rect::from([x0, y0, x1, y1]),
            edges,
            vertical: matches!(turn, Turn::Up | Turn::Down),
        });
        // The line's end counts as one character.
        *start += u32::try_from(characters.len()).unwrap_or(u32::MAX / 2) + 1;
    }
}

/// The coordinate along the line in user space.
fn across_to_user(turn: Turn, along: f32) -> f32 {
    let (x, y) = turn.back(along, 0.0);
    match turn {
        Turn::Right | Turn::Left => x,
        Turn::Up | Turn::Down => y,
    }
}

/// Edges between characters, one more than there are; they never turn back. Characters that share
/// one box, the letters of a ligature, share it evenly.
fn edges(characters: &[(char, Placed)]) -> Vec<f32> {
    let leftwards = characters
        .windows(2)
        .filter(|p| matches!(p, [(_, a), (_, b)] if b.begin < a.begin))
        .count()
        * 2
        > characters.len();
    let sides = |p: &Placed| if leftwards { (-p.end, -p.begin) } else { (p.begin, p.end) };
    let mut edges: Vec<f32> = Vec::with_capacity(characters.len() + 1);
    let mut rest = characters;
    let mut last = f32::NEG_INFINITY;
    while let Some((_, first)) = rest.first() {
        let (begin, end) = sides(first);
        let count = rest.iter().take_while(|(_, p)| sides(p) == (begin, end)).count().max(1);
        for index in 0..count {
            let edge = begin + (end - begin) * index as f32 / count as f32;
            last = last.max(edge);
            edges.push(last);
        }
        rest = rest.get(count..).unwrap_or_default();
        if rest.is_empty() {
            edges.push(last.max(end));
        }
    }
    if leftwards {
        for edge in &mut edges {
            *edge = -*edge;
        }
    }
    edges
}
