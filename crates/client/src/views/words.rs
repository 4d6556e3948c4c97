//! Where searched words stand on a page.

use ink::{Line, Rect};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The searched words, folded: the last one may be the beginning of a word.
pub(crate) fn terms(text: &str) -> Vec<String> {
    words(text).map(|(word, _, _)| word).collect()
}

/// Rectangles of all words of the page that were searched for.
pub(crate) fn rects(lines: &[Line<'_>], terms: &[String]) -> Vec<Rect> {
    let Some((last, whole)) = terms.split_last() else { return Vec::new() };
    let mut rects = Vec::new();
    for line in lines {
        for (word, from, to) in words(line.text) {
            if whole.contains(&word) || word.starts_with(last.as_str()) {
                rects.extend(between(line, from, to));
            }
        }
    }
    rects
}

/// Folded words with the places of their first character and after their last.
fn words(text: &str) -> impl Iterator<Item = (String, usize, usize)> + '_ {
    let mut characters = text.chars().enumerate().peekable();
    std::iter::from_fn(move || {
        while characters.next_if(|(_, c)| !c.is_alphanumeric()).is_some() {}
        let (from, _) = *characters.peek()?;
        let mut word = String::new();
        let mut to = from;
        while let Some((at, shown)) =
            characters.next_if(|(_, c)| c.is_alphanumeric() || is_combining_mark(*c))
        {
            word.extend(
                shown.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase),
            );
            to = at + 1;
        }
        Some((word, from, to))
    })
}

fn between(line: &Line<'_>, from: usize, to: usize) -> Option<Rect> {
    let (a, b) = (*line.edges.get(from)?, *line.edges.get(to)?);
    let Rect { x0, y0, x1, y1 } = line.rect;
    Some(if line.vertical { [x0, a, x1, b].into() } else { [a, y0, b, y1].into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searched_words_are_framed_whatever_their_accents_and_the_last_one_as_a_beginning() {
        let text = "La Délibération du conseil";
        let edges: Vec<f32> = (0..=text.chars().count()).map(|i| i as f32 * 10.0).collect();
        let rect = Rect { x0: 0.0, y0: 700.0, x1: 260.0, y1: 712.0 };
        let line = Line { start: 0, text, rect, edges: &edges, vertical: false };
        let found = rects(&[line], &terms("deliberation cons"));
        assert_eq!(
            found,
            [Rect::from([30.0, 700.0, 150.0, 712.0]), Rect::from([190.0, 700.0, 260.0, 712.0])]
        );
        assert_eq!(rects(&[line], &terms("délib du")).len(), 1);
        assert_eq!(rects(&[line], &[]), []);
    }
}
