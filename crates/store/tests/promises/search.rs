//! Full text of papers and notes.

use client::ports::{Cursor, Store};
use domain::Sha256;

use crate::world::{
    NOW, Shelf, change, council, desk, highlight, logged, mark, member, mine, paper, pdf, publish,
    record, sitting,
};

/// A council with one sitting whose papers 1, 2, 3 have these pages.
fn library(shelf: &dyn Shelf, papers: &[&[&str]]) -> Box<dyn Store> {
    let mut store = shelf.open();
    let ids: Vec<u8> = (1..).take(papers.len()).collect();
    let listed = ids.iter().map(|id| paper(*id, &[*id])).collect();
    publish(&mut *store, vec![record(sitting(1, 5, listed))]);
    for (id, pages) in ids.iter().zip(papers) {
        let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
        store.index_text(&pdf(*id), &pages).unwrap();
    }
    store
}

fn find(store: &dyn Store, words: &str) -> Vec<(Sha256, u32)> {
    let found = store.search_pages(words, 20).unwrap();
    found.into_iter().map(|page| (page.pdf, page.page)).collect()
}

pub(crate) fn accents_case_and_ligatures_do_not_matter(shelf: &dyn Shelf) {
    let text = "La délibération n° 12 : ŒUVRES ﬁnancées par l’État, co\u{ad}ordonnées";
    // The same letters, accents apart.
    let decomposed = "de\u{301}libe\u{301}ration seulement";
    let store = library(shelf, &[&[text], &[decomposed]]);
    for words in ["œuvres", "oeuvres", "financées", "FINANCEES", "etat", "État", "coordonnées"]
    {
        assert_eq!(find(&*store, words), [(pdf(1), 1)], "{words}");
    }
    for words in ["délibération", "deliberation", "DÉLIBÉRATION", "de\u{301}libe\u{301}ration"]
    {
        assert_eq!(find(&*store, words).len(), 2, "{words}");
    }
}

pub(crate) fn words_cut_at_a_lines_end_are_whole(shelf: &dyn Shelf) {
    let store = library(
        shelf,
        &[&[
            "le mon-\ntant garan\u{ad}\nti",
            "la vice-\nprésidente",
            "arc-en-\r\nciel rendez-vous",
        ]],
    );
    assert_eq!(find(&*store, "montant garanti"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "rendez-vous"), [(pdf(1), 3)]);
    assert_eq!(find(&*store, "vous"), [(pdf(1), 3)]);
    // Nobody can tell whether the hyphen belonged to the word: its parts are found as well.
    for words in ["vice-présidente", "vice présidente", "viceprésidente", "présidente"] {
        assert_eq!(find(&*store, words), [(pdf(1), 2)], "{words}");
    }
    let shown = store.search_pages("vice-présidente", 1).unwrap().remove(0).snippet;
    assert!(!shown.contains('\u{2029}') && shown.contains("présidente"), "{shown}");
}

pub(crate) fn all_words_must_stand_on_the_page_the_last_one_may_be_unfinished(shelf: &dyn Shelf) {
    let store = library(shelf, &[&["garantie d’emprunt", "garantie seule"], &["emprunt seul"]]);
    assert_eq!(find(&*store, "emprunt garantie"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "garantie emp"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "emp garantie"), [], "only the last word may be unfinished");
    assert_eq!(find(&*store, "garantie patinoire"), []);
    assert_eq!(store.search_pages("emprunt", 1).unwrap().len(), 1);
}

pub(crate) fn whatever_is_typed_is_words(shelf: &dyn Shelf) {
    let store = library(shelf, &[&["budget OR recettes", "near the end and not"]]);
    assert_eq!(find(&*store, "budget OR recettes"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "budget OR patinoire"), []);
    assert_eq!(find(&*store, "\"budget"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "NEAR(end)"), [(pdf(1), 2)]);
    assert_eq!(find(&*store, "words:budget"), []);
    for words in ["", "  ", "*", "\"\"", "'); --", "(((", "^", "-", "\u{0}", "\u{301}", "🏛"] {
        assert_eq!(find(&*store, words), [], "{words:?}");
        assert_eq!(store.search_notes(words, 5).unwrap(), [], "{words:?}");
    }
}

pub(crate) fn the_words_found_are_marked_in_the_snippet(shelf: &dyn Shelf) {
    let long = "Le conseil approuve ".repeat(40)
        + "la garantie d’emprunt de la régie "
        + &"et ".repeat(300);
    let store = library(shelf, &[&[&long]]);
    let found = store.search_pages("garanti", 5).unwrap().remove(0);
    assert!(found.snippet.contains("\u{2068}garantie\u{2069}"), "{}", found.snippet);
    assert_eq!(found.snippet.matches('\u{2068}').count(), 1, "{}", found.snippet);
}

pub(crate) fn the_page_that_says_it_more_comes_first(shelf: &dyn Shelf) {
    let once = "piscine ".to_owned() + &"texte ".repeat(50);
    let thrice = "piscine piscine piscine ".to_owned() + &"texte ".repeat(48);
    let store = library(shelf, &[&[&once, &thrice, "rien"]]);
    assert_eq!(find(&*store, "piscine"), [(pdf(1), 2), (pdf(1), 1)]);
    let ranks: Vec<f64> =
        store.search_pages("piscine", 5).unwrap().iter().map(|p| p.rank).collect();
    assert!(ranks[0] > ranks[1], "{ranks:?}");
}

pub(crate) fn every_page_of_one_paper_is_found_in_order(shelf: &dyn Shelf) {
    let pages: Vec<String> =
        (1..=250).map(|page| if page % 2 == 0 { "le budget" } else { "" }.to_owned()).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let mut store = library(shelf, &[&pages, &["un budget"]]);
    let found = store.find_pages(&pdf(1), "Budg").unwrap();
    assert_eq!(found.pages, (1..=125).map(|half| half * 2).collect::<Vec<u32>>());
    assert_eq!(found.bare, 125);
    assert_eq!(store.find_pages(&pdf(1), "--").unwrap().pages, Vec::<u32>::new());
    assert!(store.is_indexed(&pdf(1)).unwrap() && !store.is_indexed(&pdf(9)).unwrap());
    store.paper_arrived(&pdf(9)).unwrap();
    assert!(!store.is_indexed(&pdf(9)).unwrap());
}

pub(crate) fn only_the_current_versions_are_searched(shelf: &dyn Shelf) {
    let mut store = library(shelf, &[&["le stade"]]);
    let next = record(sitting(1, 5, vec![paper(1, &[1, 7])]));
    let op = desk().record(council(), member(9), 1, &next);
    store.apply(&[logged(2, 2, op)], Cursor { seq: 2, view: 1 }, NOW).unwrap();
    store.index_text(&pdf(7), &["le stade et la piscine".to_owned()]).unwrap();
    assert_eq!(find(&*store, "stade"), [(pdf(7), 1)]);
}

pub(crate) fn indexing_again_replaces_the_pages(shelf: &dyn Shelf) {
    let mut store = library(shelf, &[&["premier texte", "autre page"]]);
    store.index_text(&pdf(1), &["second texte".to_owned()]).unwrap();
    assert_eq!(find(&*store, "texte"), [(pdf(1), 1)]);
    assert_eq!(find(&*store, "premier"), []);
    assert_eq!(find(&*store, "page"), []);
    assert_eq!(find(&*store, "second"), [(pdf(1), 1)]);
}

pub(crate) fn notes_are_found_by_quote_and_comment_until_they_go(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut commented = highlight(1, "garantie d’emprunt");
    commented.text = "Qui paie en cas de défaut ?".to_owned();
    let mut draft = change(mine(1), b"made");
    draft.put = vec![commented.clone(), mark(2, "Œuvre à revoir")];
    store.save_draft(&draft).unwrap();
    let find = |store: &dyn Store, words: &str| -> Vec<_> {
        let found = store.search_notes(words, 5).unwrap();
        found.into_iter().map(|found| found.note.mark.id).collect()
    };
    assert_eq!(find(&*store, "emprunt"), [commented.id]);
    assert_eq!(find(&*store, "defaut emprun"), [commented.id]);
    assert_eq!(find(&*store, "oeuvre"), [mark(2, "").id]);
    let found = store.search_notes("defaut", 5).unwrap().remove(0);
    assert_eq!((found.note.document, &found.note.mark), (mine(1), &commented));
    assert!(found.snippet.contains("\u{2068}défaut\u{2069}"), "{}", found.snippet);

    let mut draft = change(mine(1), b"changed");
    draft.put = vec![mark(2, "Annexe à revoir")];
    draft.removed = vec![commented.id];
    store.save_draft(&draft).unwrap();
    assert_eq!(find(&*store, "emprunt"), []);
    assert_eq!(find(&*store, "oeuvre"), []);
    assert_eq!(find(&*store, "annexe"), [mark(2, "").id]);
    store.index_notes(&mine(1), &[], 0, NOW).unwrap();
    assert_eq!(find(&*store, "annexe"), []);
}
