//! Words under the finger, and words quoted from elsewhere.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::let_underscore_must_use,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use pupitre_ink::{Findable, Line, Point, QuoteError, Rect, Snap, line_at, quote, select, word_at};

struct Page(Vec<(u32, String, Rect, Vec<f32>)>);

/// Lines of 10 points, characters of 5 points, from the top of the page at y = 100 down.
fn page(lines: &[&str]) -> Page {
    let mut start = 0;
    Page(
        lines
            .iter()
            .enumerate()
            .map(|(row, text)| {
                let count = text.chars().count();
                let edges: Vec<f32> = (0..=count).map(|i| i as f32 * 5.0).collect();
                let top = 100.0 - row as f32 * 12.0;
                let rect = Rect { x0: 0.0, y0: top - 10.0, x1: count as f32 * 5.0, y1: top };
                let line = (start, (*text).to_owned(), rect, edges);
                start += count as u32 + 1;
                line
            })
            .collect(),
    )
}

impl Page {
    fn lines(&self) -> Vec<Line<'_>> {
        self.0
            .iter()
            .map(|(start, text, rect, edges)| Line {
                start: *start,
                text,
                rect: *rect,
                edges,
                vertical: false,
            })
            .collect()
    }
}

fn place(row: usize, character: f32) -> Point {
    Point { x: character * 5.0, y: 95.0 - row as f32 * 12.0 }
}

#[test]
fn a_drag_over_two_lines_marks_both_with_their_words() {
    let page = page(&["Le conseil approuve", "le budget primitif."]);
    let found = select(&page.lines(), place(0, 3.0), place(1, 9.0), Snap::Characters).unwrap();
    assert_eq!(found.quote.exact, "conseil approuve le budget");
    assert_eq!((found.quote.start, found.quote.prefix.as_str()), (3, "Le "));
    assert_eq!(found.quote.suffix, " primitif.");
    assert_eq!(found.rects, vec![[15.0, 90.0, 95.0, 100.0].into(), [0.0, 78.0, 45.0, 88.0].into()]);
    let backwards = select(&page.lines(), place(1, 9.0), place(0, 3.0), Snap::Characters);
    assert_eq!(backwards, Some(found), "the direction does not matter");
}

#[test]
fn half_words_are_made_whole() {
    let page = page(&["Le conseil approuve"]);
    let found = select(&page.lines(), place(0, 5.2), place(0, 12.9), Snap::Words).unwrap();
    assert_eq!(found.quote.exact, "conseil approuve");
    assert_eq!(select(&page.lines(), place(0, 5.0), place(0, 5.1), Snap::Words), None);
}

#[test]
fn a_tap_finds_the_word_and_a_double_tap_the_line() {
    let page = page(&["Prix : 1 200 €", "à l’unanimité"]);
    assert_eq!(word_at(&page.lines(), place(0, 1.5)).unwrap().quote.exact, "Prix");
    assert_eq!(word_at(&page.lines(), place(0, 5.5)), None);
    assert_eq!(word_at(&page.lines(), place(1, 6.5)).unwrap().quote.exact, "unanimité");
    assert_eq!(word_at(&page.lines(), Point { x: 300.0, y: 95.0 }), None);
    assert_eq!(line_at(&page.lines(), place(1, 0.5)).unwrap().quote.exact, "à l’unanimité");
}

#[test]
fn text_that_runs_up_the_page_is_selected_along_y() {
    let edges = [10.0, 15.0, 20.0, 25.0];
    let rect = Rect { x0: 50.0, y0: 10.0, x1: 60.0, y1: 25.0 };
    let line = Line { start: 0, text: "abc", rect, edges: &edges, vertical: true };
    let (from, to) = (Point { x: 55.0, y: 15.0 }, Point { x: 55.0, y: 26.0 });
    let found = select(&[line], from, to, Snap::Characters).unwrap();
    assert_eq!(found.quote.exact, "bc");
    assert_eq!(found.rects, vec![[50.0, 15.0, 60.0, 25.0].into()]);
    // Turned by 270 degrees the edges fall.
    let edges = [25.0, 20.0, 15.0, 10.0];
    let line = Line { edges: &edges, ..line };
    let found = select(&[line], from, to, Snap::Characters).unwrap();
    assert_eq!((found.quote.exact.as_str(), found.rects[0].y0), ("ab", 15.0));
}

#[test]
fn a_page_without_text_selects_nothing() {
    assert_eq!(select(&[], place(0, 0.0), place(3, 3.0), Snap::Words), None);
}

#[test]
fn a_quote_is_found_whatever_its_dress() {
    let page = page(&[
        "Considérant que l’of\u{fb01}ce public de l’habi-",
        "tat a sollicité une ga\u{ad}",
        "rantie d’emprunt de 1 200 000 €,",
        "le CŒUR de ville",
    ]);
    for (quote, exact) in [
        ("Considérant que l'office public", "Considérant que l’of\u{fb01}ce public"),
        ("CONSIDERANT QUE", "Considérant que"),
        ("l'habitat a sollicité", "l’habi- tat a sollicité"),
        ("une garantie d’emprunt", "une ga\u{ad} rantie d’emprunt"),
        ("emprunt de 1\u{a0}200\u{a0}000 euros", ""),
        ("emprunt de 1\u{a0}200\u{a0}000", "emprunt de 1 200 000"),
        ("coeur   de\nville", "CŒUR de ville"),
        ("conside\u{301}rant", "Considérant"),
    ] {
        match quote::find(&page.lines(), quote) {
            Ok(found) => {
                assert_eq!(found.quote.exact, exact, "{quote}");
                let text = pupitre_ink::selection::page_text(&page.lines());
                let start = found.quote.start as usize;
                let there: String = text.chars().skip(start).take(exact.chars().count()).collect();
                assert_eq!(there, exact, "start counts the page's characters");
            }
            Err(error) => assert_eq!((error, exact), (QuoteError::NotFound, ""), "{quote}"),
        }
    }
}

#[test]
fn a_quote_found_twice_or_never_says_so() {
    let page = page(&["Le budget du budget annexe", "conseillers du conseil"]);
    let find = |words| quote::find(&page.lines(), words).map(|found| found.quote.start);
    assert_eq!(find("budget"), Err(QuoteError::Ambiguous { count: 2 }));
    assert_eq!(find("budget annexe"), Ok(13));
    assert_eq!(find("impôt"), Err(QuoteError::NotFound));
    assert_eq!(find(" … "), Err(QuoteError::Empty));
    assert_eq!(find("conseil"), Ok(42), "a whole word outweighs the same letters in a longer one");
    assert_eq!(find("seiller"), Ok(30), "part of a word is found when it stands alone");
}

proptest! {
    #[test]
    fn what_was_selected_is_found_again(
        words in prop::collection::vec("[a-zéèàç]{2,9}", 6..40), width in 3_usize..7,
        a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
    ) {
        // Numbered words, so that each passage is the only one of its kind.
        let words: Vec<_> = words.iter().enumerate().map(|(i, w)| format!("{w}{i}x")).collect();
        let rows: Vec<String> = words.chunks(width).map(|row| row.join(" ")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let page = page(&rows);
        let lines = page.lines();
        let (ra, rb) = (a.index(rows.len()), b.index(rows.len()));
        let found = select(&lines, place(ra, 0.0), place(rb, rows[rb].chars().count() as f32), Snap::Words);
        if let Some(found) = found {
            prop_assert_eq!(quote::find(&lines, &found.quote.exact), Ok(found));
        }
    }

    #[test]
    fn any_places_and_any_quotes_are_answered(
        rows in prop::collection::vec(".{0,12}", 0..5), quote in ".{0,6}",
        ax in -50.0_f32..100.0, ay in 0.0_f32..120.0, bx in -50.0_f32..100.0, by in 0.0_f32..120.0,
    ) {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let page = page(&rows);
        let (a, b) = (Point { x: ax, y: ay }, Point { x: bx, y: by });
        for snap in [Snap::Characters, Snap::Words] {
            if let Some(found) = select(&page.lines(), a, b, snap) {
                prop_assert!(!found.rects.is_empty() && !found.quote.exact.is_empty());
            }
        }
        let _ = (word_at(&page.lines(), a), quote::find(&page.lines(), &quote));
    }
}

fn found(lines: &[&str], words: &str) -> usize {
    let page = page(lines);
    Findable::new(&page.lines()).passages(words).len()
}

#[test]
fn words_are_found_whatever_their_case_accents_ligatures_and_apostrophes() {
    for (line, words, count) in [
        ("L’école de Beauté, une ECOLE", "école", 2),
        ("la ﬁnance et l’œuvre du ﬂeuve", "finance et l'oeuvre", 1),
        ("la ﬁnance et l’œuvre du ﬂeuve", "fleuve", 1),
        ("co\u{ad}ordonner les travaux", "coordonner", 1),
        ("un montant de 2\u{202f}240\u{202f}000 €", "2 240 000", 1),
        ("le montant garanti", "montants", 0),
        ("les recommandations", "mandat", 0),
        ("le mon tant", "montant", 0),
        ("le montant", "  ", 0),
    ] {
        assert_eq!(found(&[line], words), count, "{words:?} in {line:?}");
    }
}

#[test]
fn a_word_cut_at_a_lines_end_is_found_whole_and_by_its_parts() {
    let lines = ["la délibération approuve le rendez-", "vous du con-", "seil municipal"];
    for words in ["conseil municipal", "rendez-vous", "rendez vous", "rendezvous", "vous du"] {
        assert_eq!(found(&lines, words), 1, "{words}");
    }
    assert_eq!(found(&["la vice-", "Présidente"], "viceprésidente"), 0);
    assert_eq!(found(&["la vice-", "Présidente"], "vice-présidente"), 1);
    let page = page(&lines);
    let lines = page.lines();
    let rects = Findable::new(&lines).passages("conseil");
    assert_eq!(
        rects,
        [vec![lines[1].rect, lines[2].rect]].map(|rects| {
            vec![Rect { x0: 40.0, x1: 60.0, ..rects[0] }, Rect { x0: 0.0, x1: 20.0, ..rects[1] }]
        })
    );
}

#[test]
fn each_searched_word_is_framed_alone_and_the_last_one_as_a_beginning() {
    let page = page(&["La Délibération du conseil"]);
    let lines = page.lines();
    let findable = Findable::new(&lines);
    let y = (lines[0].rect.y0, lines[0].rect.y1);
    let rect = |from: f32, to: f32| Rect { x0: from * 5.0, y0: y.0, x1: to * 5.0, y1: y.1 };
    assert_eq!(findable.words("deliberation cons"), [rect(3.0, 15.0), rect(19.0, 23.0)]);
    assert_eq!(findable.words("délib du"), [rect(16.0, 18.0)]);
    assert_eq!(findable.words(" - "), []);
}
