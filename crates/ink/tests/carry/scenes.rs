//! What an official sees of their notes when the clerk replaces a paper.

use proptest::prelude::*;
use pupitre_ink::quote;
use pupitre_ink::{
    AnnotationId, Carried, Carrier, ChangeKind, Colour, Line, Mark, MarkKind, Markup, MarkupStyle,
    Nib, Place, Placement, Point, Rect, Sheet, Stroke,
};

use super::ink;
use super::press::{Dice, EDITS, Laid, PLAIN, Paper, Style};

const AREA: Rect = Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 };

/// A page: each line with its distance from the top, letters six points wide.
struct Page(Vec<(u32, String, Rect, Vec<f32>)>);

impl Page {
    fn of(lines: &[(f32, f32, &str)]) -> Self {
        let mut start = 0;
        let line = |(x, top, text): &(f32, f32, &str)| {
            let count = text.chars().count();
            let edges: Vec<f32> = (0..=count).map(|i| x + i as f32 * 6.0).collect();
            let rect = Rect { x0: *x, y0: 832.0 - top, x1: edges[count], y1: 842.0 - top };
            let line = (start, (*text).to_owned(), rect, edges);
            start += count as u32 + 1;
            line
        };
        Self(lines.iter().map(line).collect())
    }

    /// Lines under each other from this distance from the top on.
    fn text(top: f32, lines: &[&str]) -> Self {
        let placed: Vec<(f32, f32, &str)> =
            (0..).zip(lines).map(|(i, text)| (72.0, top + 14.0 * i as f32, *text)).collect();
        Self::of(&placed)
    }

    fn sheet(&self) -> Sheet<'_> {
        let lines = self.0.iter().map(|(start, text, rect, edges)| Line {
            start: *start,
            text,
            rect: *rect,
            edges,
            vertical: false,
        });
        Sheet { lines: lines.collect(), area: AREA }
    }
}

fn mark(page: u32, kind: MarkKind) -> Mark {
    Mark {
        id: AnnotationId::new(1, [1; 10]),
        page,
        kind,
        colour: Colour::Yellow,
        text: String::new(),
        created_ms: 0,
        modified_ms: 0,
        in_reply_to: None,
    }
}

fn highlight(sheets: &[Sheet<'_>], page: u32, words: &str) -> Mark {
    let found = quote::find(&sheets[page as usize - 1].lines, words).unwrap();
    let style = MarkupStyle::Highlight;
    mark(page, MarkKind::Markup(Markup { style, rects: found.rects, quote: found.quote }))
}

fn stroke(page: u32, points: &[(f32, f32)]) -> Mark {
    let points = points.iter().map(|(x, y)| [*x, *y, 0.5].into()).collect();
    mark(page, MarkKind::Ink { strokes: vec![Stroke { points }], width: 1.0, nib: Nib::Pen })
}

fn quote_of(carried: &Carried) -> &str {
    match &carried.place {
        Place::Text { quote, .. } => &quote.exact,
        Place::Shift { .. } | Place::Nowhere => "",
    }
}

const REPORT: [&str; 6] = [
    "La société Habitat du Val sollicite la garantie de la commune",
    "pour un emprunt destiné à la réhabilitation de logements.",
    "Après révision du plan de financement, le montant garanti",
    "est porté à 1 240 000 euros, sur une durée de vingt-cinq ans.",
    "La commission des finances a émis un avis favorable sous",
    "réserve de la production du tableau des échéances.",
];

#[test]
fn words_that_moved_are_found_at_their_new_place() {
    let old = [Page::text(100.0, &REPORT)];
    let new = [
        Page::text(
            100.0,
            &["Page ajoutée par le service des finances, sans rapport avec le reste"],
        ),
        Page::text(240.0, &REPORT),
    ];
    let (old, new): (Vec<_>, Vec<_>) =
        (old.iter().map(Page::sheet).collect(), new.iter().map(Page::sheet).collect());
    let marked = highlight(&old, 1, "le montant garanti est porté à 1 240 000 euros");
    let carried = Carrier::new(&old, &new).carry(&marked);
    assert_eq!((carried.placement, carried.page), (Placement::Moved, 2));
    assert_eq!(quote_of(&carried), "le montant garanti est porté à 1 240 000 euros");
    let there = carried.on(&marked).unwrap();
    assert!((there.bounds().y1 - (marked.bounds().y1 - 140.0)).abs() < 0.1);
}

#[test]
fn changed_words_are_shown_in_their_place_to_be_checked() {
    let mut revised = REPORT;
    revised[3] = "est porté à 1 260 000 euros, sur une durée de vingt-cinq ans.";
    let (old, new) = (Page::text(100.0, &REPORT), Page::text(100.0, &revised));
    let (old, new) = ([old.sheet()], [new.sheet()]);
    let carrier = Carrier::new(&old, &new);
    let carried =
        carrier.carry(&highlight(&old, 1, "le montant garanti est porté à 1 240 000 euros"));
    assert_eq!(carried.placement, Placement::Fuzzy);
    assert_eq!(quote_of(&carried), "le montant garanti est porté à 1 260 000 euros");
    assert!(carried.is_open());

    let changes = carrier.changes();
    let kinds: Vec<_> = changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Changed]);
    let said = |passage: &Option<ink::Passage>| passage.as_ref().unwrap().text.clone();
    assert_eq!(
        (said(&changes[0].old), said(&changes[0].new)),
        ("240".to_owned(), "260".to_owned())
    );
}

#[test]
fn a_passage_that_is_gone_goes_to_the_tray_and_nowhere_else() {
    let mut revised: Vec<&str> = REPORT.to_vec();
    revised.drain(2..4);
    let (old, new) = (Page::text(100.0, &REPORT), Page::text(100.0, &revised));
    let (old, new) = ([old.sheet()], [new.sheet()]);
    let marked = highlight(&old, 1, "le montant garanti est porté à 1 240 000 euros");
    let carried = Carrier::new(&old, &new).carry(&marked);
    assert_eq!((carried.placement, &carried.place), (Placement::Orphan, &Place::Nowhere));
    assert_eq!(carried.on(&marked), None);
}

#[test]
fn of_two_passages_alike_the_one_that_is_gone_does_not_take_the_others_place() {
    let lot = |name: &str, firm: &str| {
        vec![
            format!("Lot {name} : l’offre de l’entreprise {firm} est la mieux classée."),
            "Le conseil attribue le marché pour le montant indiqué en annexe.".to_owned(),
            format!("Les travaux du lot {name} commenceront à la date fixée par ordre."),
        ]
    };
    let both = [lot("gros œuvre", "Maçonnerie du Val"), lot("charpente", "Bois et Toits")].concat();
    let lines: Vec<&str> = both.iter().map(String::as_str).collect();
    let (old, kept) = (Page::text(100.0, &lines), Page::text(100.0, &lines[3..]));
    let (old, new) = ([old.sheet()], [kept.sheet()]);
    let words = "Le conseil attribue le marché pour le montant indiqué";
    let at = |line: usize| {
        let line = &old[0].lines[line..=line];
        let found = quote::find(line, words).unwrap();
        let style = MarkupStyle::Underline;
        mark(1, MarkKind::Markup(Markup { style, rects: found.rects, quote: found.quote }))
    };
    let carrier = Carrier::new(&old, &new);
    let (first, second) = (carrier.carry(&at(1)), carrier.carry(&at(4)));
    assert!(!matches!(first.placement, Placement::Exact | Placement::Moved), "{first:?}");
    assert_eq!(second.placement, Placement::Moved);
}

#[test]
fn a_heading_on_every_page_goes_with_its_own_page() {
    let rows = |n: usize| -> Vec<String> {
        let row = |r: usize| {
            format!("{} article numéro {r} du chapitre {n}, prévu {}00 euros", 60 + n, r * n)
        };
        let head = "Chapitre Désignation Prévu Réalisé Reste à réaliser".to_owned();
        std::iter::once(head).chain((1..9).map(row)).collect()
    };
    let page = |n: usize| {
        let rows = rows(n);
        Page::text(150.0, &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (old, new): (Vec<Page>, Vec<Page>) =
        ((1..6).map(page).collect(), [1, 2, 7, 8, 3, 4, 5].map(page).into_iter().collect());
    let (old, new): (Vec<_>, Vec<_>) =
        (old.iter().map(Page::sheet).collect(), new.iter().map(Page::sheet).collect());
    let carrier = Carrier::new(&old, &new);
    for (before, after) in [(1, 1), (2, 2), (3, 5), (4, 6), (5, 7)] {
        let marked = highlight(&old, before, "Chapitre Désignation Prévu");
        let carried = carrier.carry(&marked);
        assert!(!carried.placement.is_doubtful(), "{carried:?}");
        assert_eq!((carried.page, carrier.page(before)), (after, Some(after)));
    }
}

#[test]
fn ink_goes_with_its_line_under_it_beside_it_and_around_it() {
    let (old, new) = (Page::text(100.0, &REPORT), Page::text(156.0, &REPORT));
    let (old, new) = ([old.sheet()], [new.sheet()]);
    let carrier = Carrier::new(&old, &new);
    let line = old[0].lines[3].rect;
    let underline = stroke(1, &[(line.x0 + 40.0, line.y0 - 1.0), (line.x0 + 120.0, line.y0 - 1.0)]);
    let margin = stroke(1, &[(58.0, line.y1), (58.0, line.y0 - 30.0)]);
    let circle = stroke(
        1,
        &[
            (150.0, line.y0 - 3.0),
            (250.0, line.y0 - 3.0),
            (250.0, line.y1 + 3.0),
            (150.0, line.y1 + 3.0),
        ],
    );
    let note = mark(1, MarkKind::Note { at: Point { x: 470.0, y: line.y1 } });
    for drawn in [underline, margin, circle, note] {
        let carried = carrier.carry(&drawn);
        assert_eq!(carried.placement, Placement::Moved, "{drawn:?}");
        let Place::Shift { dx, dy } = carried.place else { panic!("{carried:?}") };
        assert!(dx.abs() < 0.1 && (dy + 56.0).abs() < 0.1, "{dx} {dy}");
    }
}

#[test]
fn ink_over_lines_that_part_is_to_be_checked() {
    let mut parted: Vec<&str> = REPORT.to_vec();
    parted.splice(4..4, ["Une phrase nouvelle est venue ici", "et une seconde avec elle."]);
    let (old, new) = (Page::text(100.0, &REPORT), Page::text(100.0, &parted));
    let (old, new) = ([old.sheet()], [new.sheet()]);
    let (first, last) = (old[0].lines[2].rect, old[0].lines[5].rect);
    let bar = stroke(1, &[(60.0, first.y1), (60.0, last.y0)]);
    assert_eq!(Carrier::new(&old, &new).carry(&bar).placement, Placement::Fuzzy);
}

#[test]
fn a_page_without_text_keeps_its_marks_to_be_checked() {
    let text = Page::text(100.0, &REPORT);
    let blank = Page::of(&[]);
    let (scan, text) = ([blank.sheet()], [text.sheet()]);
    let drawn = stroke(1, &[(100.0, 400.0), (200.0, 410.0)]);
    for (old, new) in [(&scan, &text), (&text, &scan), (&scan, &scan)] {
        let carried = Carrier::new(old, new).carry(&drawn);
        assert_eq!((carried.placement, carried.page), (Placement::Page, 1));
        assert!(carried.on(&drawn).is_some(), "it is shown where it was, and asked about");
    }
}

#[test]
fn a_sentence_that_now_goes_over_two_pages_is_to_be_checked() {
    let old = [Page::text(100.0, &REPORT)];
    let new = [Page::text(100.0, &REPORT[..3]), Page::text(100.0, &REPORT[3..])];
    let (old, new): (Vec<_>, Vec<_>) =
        (old.iter().map(Page::sheet).collect(), new.iter().map(Page::sheet).collect());
    let marked = highlight(&old, 1, "le montant garanti est porté à 1 240 000 euros");
    let carried = Carrier::new(&old, &new).carry(&marked);
    assert_eq!((carried.placement, carried.page), (Placement::Fuzzy, 2));
}

#[test]
fn a_passage_that_stands_elsewhere_has_moved() {
    let mut turned: Vec<&str> = REPORT.to_vec();
    turned.rotate_left(2);
    let (old, new) = (Page::text(100.0, &REPORT), Page::text(100.0, &turned));
    let (old, new) = ([old.sheet()], [new.sheet()]);
    let kinds: Vec<_> = Carrier::new(&old, &new).changes().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ChangeKind::Moved]);
}

/// Marks on words taken by chance, of every kind.
fn some_marks(laid: &Laid, seed: u64) -> Vec<Mark> {
    let mut dice = Dice::new(seed);
    let mut marks = Vec::new();
    for number in 0..12 {
        let page = dice.roll(laid.0.len());
        let lines = &laid.0[page];
        let line = &lines[dice.roll(lines.len())];
        let Rect { x0, y0, x1, y1 } = line.rect;
        let page = page as u32 + 1;
        let (from, to) = (Point { x: x0 + 1.0, y: y0 + 2.0 }, Point { x: x1 - 1.0, y: y0 + 2.0 });
        let sheets = laid.sheets();
        let made = match number % 3 {
            0 => {
                let lines = &sheets[page as usize - 1].lines;
                let found = ink::select(lines, from, to, ink::Snap::Words).unwrap();
                let style = MarkupStyle::Highlight;
                MarkKind::Markup(Markup { style, rects: found.rects, quote: found.quote })
            }
            1 => stroke(page, &[(x0, y0 - 1.0), (x1, y0 - 1.0)]).kind,
            _ => MarkKind::Note { at: Point { x: x1 + 4.0, y: y1 } },
        };
        marks.push(mark(page, made));
    }
    marks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Nothing changed, nothing moves: the repeated heads and rows too.
    #[test]
    fn on_the_same_paper_every_note_stays_exactly(seed in 1_u64..500) {
        let laid = Paper::report(seed, 6).set(&PLAIN);
        let sheets = laid.sheets();
        let carrier = Carrier::new(&sheets, &sheets);
        for marked in some_marks(&laid, seed) {
            let carried = carrier.carry(&marked);
            prop_assert_eq!(carried.placement, Placement::Exact, "{:?}", marked);
            prop_assert_eq!(carried.page, marked.page);
        }
        prop_assert_eq!(carrier.changes(), vec![]);
    }

    /// Whatever the clerk does, a note has one state, a page of the new paper, and a place exactly
    /// when it is not lost; and carrying it again says the same.
    #[test]
    fn a_note_is_never_in_two_states(seed in 1_u64..500, edit in 0..EDITS.len()) {
        let paper = Paper::report(seed, 6);
        let (mut revised, mut style) = (paper.clone(), Style { heads: seed % 2 == 0, ..PLAIN });
        let old = paper.set(&style);
        EDITS[edit].1(&mut revised, &mut Dice::new(seed + 1), &mut style);
        let new = revised.set(&style);
        let (before, after) = (old.sheets(), new.sheets());
        let carrier = Carrier::new(&before, &after);
        for marked in some_marks(&old, seed) {
            let carried = carrier.carry(&marked);
            prop_assert!((1..=after.len()).contains(&(carried.page as usize)));
            let there = carried.on(&marked);
            match carried.placement {
                Placement::Exact | Placement::Moved | Placement::Fuzzy => prop_assert!(there.is_some()),
                Placement::Orphan => prop_assert!(there.is_none()),
                Placement::Page => {}
            }
            prop_assert_eq!(carrier.carry(&marked), carried);
        }
    }
}
