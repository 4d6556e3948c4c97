//! Words of a version and where they stand, read without the engine.

use ink::{
    AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Rect, Stroke,
    StrokePoint,
};
use ipc::{PageText, TextLine};

/// Kinds of note that are put on every run.
pub(crate) const KINDS: [&str; 4] = ["highlight", "ink", "margin", "sticky"];

/// One word.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) page: u32,
    pub(crate) line: usize,
    /// First and last character on the page, and on the line.
    pub(crate) start: u32,
    pub(crate) rect: Rect,
    pub(crate) line_rect: Rect,
}

/// All words of a version in reading order: what stands between white space, bare of signs at either
/// end, in small letters.
pub(crate) fn words(pages: &[PageText]) -> Vec<Word> {
    let mut all = Vec::new();
    for page in pages {
        for (index, line) in page.lines.iter().enumerate() {
            let characters: Vec<char> = line.text.chars().collect();
            let mut at = 0;
            while at < characters.len() {
                let Some(first) = (at..characters.len()).find(|i| characters[*i].is_alphanumeric())
                else {
                    break;
                };
                let end = (first..characters.len())
                    .find(|i| characters[*i].is_whitespace())
                    .unwrap_or(characters.len());
                let last =
                    (first..end).rev().find(|i| characters[*i].is_alphanumeric()).unwrap_or(first);
                let text: String = characters[first..=last].iter().collect();
                all.push(Word {
                    text: text.to_lowercase(),
                    page: page.page,
                    line: index,
                    start: line.start + first as u32,
                    rect: place(line, first, last + 1),
                    line_rect: line.rect,
                });
                at = end;
            }
        }
    }
    all
}

fn place(line: &TextLine, from: usize, to: usize) -> Rect {
    let (a, b) = (line.edges[from], line.edges[to]);
    let Rect { x0, y0, x1, y1 } = line.rect;
    if line.vertical { [x0, a, x1, b].into() } else { [a, y0, b, y1].into() }
}

/// A mark of this kind on a run of words of one page.
pub(crate) fn mark(kind: &str, number: u64, run: &[Word]) -> Mark {
    let first = &run[0];
    let line_end = run.iter().take_while(|word| word.line == first.line).last().unwrap_or(first);
    let on_line = Rect { x1: line_end.rect.x1, ..first.rect };
    let kind = match kind {
        "highlight" => {
            let mut rects: Vec<Rect> = Vec::new();
            let mut line = usize::MAX;
            for word in run {
                match rects.last_mut() {
                    Some(last) if word.line == line => *last = last.union(word.rect),
                    _ => rects.push(word.rect),
                }
                line = word.line;
            }
            let exact = run.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            let quote =
                Quote { exact, prefix: String::new(), suffix: String::new(), start: first.start };
            MarkKind::Markup(Markup { style: MarkupStyle::Highlight, rects, quote })
        }
        "ink" => line([on_line.x0, on_line.y0 - 1.0], [on_line.x1, on_line.y0 - 1.5]),
        "margin" => {
            let x = first.line_rect.x0 - 12.0;
            line([x, first.line_rect.y0], [x, first.line_rect.y1])
        }
        _ => MarkKind::Note { at: Point { x: on_line.x1 - 2.0, y: on_line.y1 + 4.0 } },
    };
    Mark {
        id: AnnotationId::new(number, [0; 10]),
        page: first.page,
        kind,
        colour: Colour::Yellow,
        text: String::new(),
        created_ms: 0,
        modified_ms: 0,
        in_reply_to: None,
    }
}

fn line(from: [f32; 2], to: [f32; 2]) -> MarkKind {
    let points = (0..=10).map(|i| {
        let t = i as f32 / 10.0;
        StrokePoint {
            x: from[0] + (to[0] - from[0]) * t,
            y: from[1] + (to[1] - from[1]) * t,
            pressure: 0.5,
        }
    });
    MarkKind::Ink { strokes: vec![Stroke { points: points.collect() }], width: 1.5, nib: Nib::Pen }
}

/// The box of the words on each line.
fn by_line(words: &[&Word]) -> Vec<Rect> {
    let mut all: Vec<(usize, Rect)> = Vec::new();
    for word in words {
        match all.last_mut() {
            Some((line, rect)) if *line == word.line => *rect = rect.union(word.rect),
            _ => all.push((word.line, word.rect)),
        }
    }
    all.into_iter().map(|(_, rect)| rect).collect()
}

/// The letters and digits of some words, run together: hyphens, spaces and signs are how a paper is
/// set, not what it says.
pub(crate) fn letters(words: &[Word]) -> String {
    words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphanumeric()).collect()
}

/// Where letters begin and end in those of all words, as indexes of words, and whether as whole
/// words; at most two places.
pub(crate) fn find(all: &str, ends: &[usize], wanted: &str) -> Vec<(usize, usize, bool)> {
    let word = |byte: usize| ends.partition_point(|end| *end <= byte);
    let is_end = |byte: usize| byte == 0 || ends.binary_search(&byte).is_ok();
    let places = all.match_indices(wanted).take(2);
    places
        .map(|(at, _)| {
            let end = at + wanted.len();
            (word(at), word(end - 1), is_end(at) && is_end(end))
        })
        .collect()
}

/// Where the letters of each word end in those of all.
pub(crate) fn ends(words: &[Word]) -> Vec<usize> {
    let mut end = 0;
    words
        .iter()
        .map(|word| {
            end += letters(std::slice::from_ref(word)).len();
            end
        })
        .collect()
}

/// Whether a carried mark stands where its run of words went.
pub(crate) fn lands(kind: &str, before: &Mark, old: &[Word], after: &Mark, new: &[Word]) -> bool {
    let first = &new[0];
    if after.page != first.page {
        return false;
    }
    let height = first.rect.height().max(1.0);
    match (&after.kind, kind) {
        (MarkKind::Markup(markup), _) => {
            // Every word of that page is covered, and not much else.
            let on_page: Vec<&Word> = new.iter().filter(|word| word.page == first.page).collect();
            let covered = on_page.iter().all(|word| {
                markup.rects.iter().any(|rect| rect.grown(1.0).contains(word.rect.middle()))
            });
            let area = |rects: &mut dyn Iterator<Item = Rect>| -> f32 {
                rects.map(|r| r.width() * r.height()).sum()
            };
            covered
                && area(&mut markup.rects.iter().copied())
                    <= 1.3 * area(&mut by_line(&on_page).into_iter()) + 100.0
        }
        (_, "margin") => {
            // Beside the line or the next: a line of the old version may be two of the new.
            let (was, is) = (before.bounds().middle(), after.bounds().middle());
            let beside = |y: f32, rect: Rect| y - rect.middle().y;
            (beside(was.y, old[0].line_rect) - beside(is.y, first.line_rect)).abs() <= 1.7 * height
                && (is.x - first.line_rect.x0) < height
        }
        (_, kind) => {
            // As it stood to the first word, or a sticky note to the last one of its line.
            let end = old.iter().take_while(|word| word.line == old[0].line).count() - 1;
            let at = if kind == "sticky" { end } else { 0 };
            let (from, to) = (&old[at], &new[at.min(new.len() - 1)]);
            let (was, is) = (before.bounds(), after.bounds());
            let dy = (was.y1 - from.rect.y1) - (is.y1 - to.rect.y1);
            let dx = (was.x0 - from.rect.x1) - (is.x0 - to.rect.x1);
            let near = kind != "sticky" || dx.abs() <= 30.0;
            dy.abs() <= height && near && to.line_rect.grown(40.0).contains(is.middle())
        }
    }
}
