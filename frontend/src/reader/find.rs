//! Finding words on a page: case, accents and the kind of space or apostrophe do not matter.

use ink::Rect;
use ipc::{PageText, TextLine};

/// The passages of a page where these words stand, each as rectangles; a passage may run over the
/// end of a line.
pub(crate) fn find(page: &PageText, wanted: &str) -> Vec<Vec<Rect>> {
    let wanted: Vec<char> = wanted.trim().chars().map(plain).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    // Every character of the page with its line and place, a space at the end of a line.
    let mut letters = Vec::new();
    for (line, text) in page.lines.iter().enumerate() {
        letters.extend(text.text.chars().enumerate().map(|(at, c)| (plain(c), line, at)));
        letters.push((' ', line, text.text.chars().count()));
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(window) = letters.get(from..from + wanted.len()) {
        if window.iter().map(|(letter, ..)| *letter).eq(wanted.iter().copied()) {
            let places = window.iter().map(|(_, line, at)| (*line, *at));
            found.push(rects(&page.lines, places));
            from += wanted.len();
        } else {
            from += 1;
        }
    }
    found
}

fn rects(lines: &[TextLine], places: impl Iterator<Item = (usize, usize)>) -> Vec<Rect> {
    let mut out: Vec<(usize, Rect)> = Vec::new();
    for (number, at) in places {
        let Some(line) = lines.get(number) else { continue };
        let (Some(a), Some(b)) = (line.edges.get(at), line.edges.get(at + 1)) else { continue };
        let Rect { x0, y0, x1, y1 } = line.rect;
        let rect =
            if line.vertical { Rect::from([x0, *a, x1, *b]) } else { Rect::from([*a, y0, *b, y1]) };
        match out.last_mut() {
            Some((same, sum)) if *same == number => *sum = sum.union(rect),
            Some(_) | None => out.push((number, rect)),
        }
    }
    out.into_iter().map(|(_, rect)| rect).collect()
}

/// A character without case and accent; French needs no more.
fn plain(c: char) -> char {
    let lower = c.to_lowercase().next().unwrap_or(c);
    match lower {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' | 'ì' => 'i',
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ÿ' => 'y',
        'ñ' => 'n',
        '’' | '‘' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[&str]) -> PageText {
        let lines = lines.iter().enumerate().map(|(row, text)| {
            let count = text.chars().count();
            let y = 700.0 - row as f32 * 20.0;
            TextLine {
                start: 0,
                text: (*text).to_owned(),
                rect: Rect { x0: 0.0, y0: y, x1: count as f32 * 10.0, y1: y + 12.0 },
                edges: (0..=count).map(|i| i as f32 * 10.0).collect(),
                vertical: false,
            }
        });
        PageText { page: 1, lines: lines.collect() }
    }

    #[test]
    fn words_are_found_without_their_accents_and_case() {
        let page = page(&["L’école de Beauté", "une ECOLE"]);
        let found = find(&page, "école");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], [Rect { x0: 20.0, y0: 700.0, x1: 70.0, y1: 712.0 }]);
    }

    #[test]
    fn a_passage_over_the_end_of_a_line_has_two_rectangles() {
        let page = page(&["le montant", "garanti est"]);
        let found = find(&page, "montant garanti");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 2);
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        assert!(find(&page(&["le montant"]), "  ").is_empty());
        assert!(find(&page(&["le montant"]), "montants").is_empty());
    }
}
