//! Copies with notes.

use std::path::{Path, PathBuf};

use client::ports::{ExportPaper, Papers, PdfErrorKind};
use image::RgbImage;
use ink::{
    AnnotationId, Colour, Form, Mark, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Rect,
    Shape, Sign, Stamp, Stroke, StrokePoint,
};
use ipc::ExportMode;
use lopdf::{Dictionary, Document, Object, decode_text_string, dictionary};
use tempfile::{TempDir, tempdir};

use crate::papers::{Paper, data, encrypted, numbers, save, text, without_table};
use crate::{reader, whole};

const WHEN: i64 = 1_795_000_000_000;

fn mark(number: u8, page: u32, kind: MarkKind, colour: Colour, written: &str) -> (Mark, String) {
    let id = AnnotationId::new(WHEN as u64, [number; 10]);
    let text = written.to_owned();
    let mark = Mark {
        id,
        page,
        kind,
        colour,
        text,
        created_ms: WHEN,
        modified_ms: WHEN + 60_000,
        in_reply_to: None,
    };
    (mark, "Claire Durand".to_owned())
}

fn markup(style: MarkupStyle, rect: [f32; 4]) -> MarkKind {
    let quote = Quote { exact: "les mots marqués".into(), ..Quote::default() };
    MarkKind::Markup(Markup { style, rects: vec![Rect::from(rect)], quote })
}

fn stroke(points: &[[f32; 3]]) -> Stroke {
    Stroke { points: points.iter().copied().map(StrokePoint::from).collect() }
}

/// One of each kind, in the order of the page from its top.
pub(crate) fn one_of_each(page: u32) -> Vec<(Mark, String)> {
    let ink = MarkKind::Ink {
        strokes: vec![stroke(&[[100.0, 300.0, 0.3], [300.0, 320.0, 0.9]])],
        width: 4.0,
        nib: Nib::Pen,
    };
    let band = MarkKind::Ink {
        strokes: vec![stroke(&[[100.0, 780.0, 0.5], [300.0, 780.0, 0.5]])],
        width: 12.0,
        nib: Nib::Highlighter,
    };
    let stamp = Stamp {
        sign: Sign::Raise,
        word: "À soulever".into(),
        rect: Rect::from([350.0, 300.0, 450.0, 322.0]),
    };
    vec![
        mark(
            1,
            page,
            markup(MarkupStyle::Highlight, [100.0, 700.0, 300.0, 714.0]),
            Colour::Yellow,
            "",
        ),
        mark(
            2,
            page,
            markup(MarkupStyle::Underline, [100.0, 600.0, 300.0, 614.0]),
            Colour::Blue,
            "À revoir",
        ),
        mark(
            3,
            page,
            markup(MarkupStyle::Strikeout, [100.0, 500.0, 300.0, 514.0]),
            Colour::Red,
            "",
        ),
        mark(
            4,
            page,
            MarkKind::Note { at: Point { x: 100.0, y: 420.0 } },
            Colour::Green,
            "Où est l’annexe ?",
        ),
        mark(5, page, ink, Colour::Black, ""),
        mark(
            6,
            page,
            MarkKind::Text { rect: Rect::from([100.0, 150.0, 300.0, 250.0]) },
            Colour::Pink,
            "Voté à l’unanimité, « sans débat »",
        ),
        mark(7, page, band, Colour::Green, ""),
        mark(8, page, shape(Form::Line, [350.0, 700.0, 500.0, 700.0]), Colour::Red, ""),
        mark(9, page, shape(Form::Arrow, [350.0, 650.0, 500.0, 650.0]), Colour::Red, "Ici"),
        mark(10, page, shape(Form::Rectangle, [350.0, 560.0, 500.0, 620.0]), Colour::Blue, ""),
        mark(11, page, shape(Form::Ellipse, [500.0, 540.0, 350.0, 460.0]), Colour::Black, ""),
        mark(12, page, MarkKind::Stamp(stamp), Colour::Blue, "Voir le budget"),
    ]
}

fn shape(form: Form, [x0, y0, x1, y1]: [f32; 4]) -> MarkKind {
    let (from, to) = (Point { x: x0, y: y0 }, Point { x: x1, y: y1 });
    MarkKind::Shape(Shape { form, from, to, width: 2.0 })
}

/// Places that each of them colours, from the top left in points.
pub(crate) const COLOURED: [(u32, u32); 12] = [
    (200, 135),
    (200, 241),
    (200, 335),
    (110, 432),
    (200, 532),
    (120, 605),
    (200, 62),
    (425, 142),
    (425, 192),
    (350, 252),
    (350, 342),
    (361, 531),
];

pub(crate) async fn export(
    paper: &Path,
    out: &Path,
    marks: Vec<(Mark, String)>,
    mode: ExportMode,
) -> Result<(), client::ports::PdfError> {
    reader()
        .export(ExportPaper {
            paper: paper.to_path_buf(),
            title: "Rapport n° 3".into(),
            marks,
            mode,
            out: out.to_path_buf(),
        })
        .await
}

async fn drawn(paper: &Path, page: u32) -> RgbImage {
    let image = reader().render(paper, whole(page, 595)).await.unwrap();
    image::load_from_memory(&image.bytes).unwrap().to_rgb8()
}

/// Whether the pictures differ within 8 pixels of a place.
pub(crate) fn differ(a: &RgbImage, b: &RgbImage, (x, y): (u32, u32)) -> bool {
    (x - 8..x + 8).any(|x| (y - 8..y + 8).any(|y| a.get_pixel(x, y) != b.get_pixel(x, y)))
}

fn annotations(file: &Path, page: u32) -> Vec<Dictionary> {
    let document = Document::load(file).unwrap();
    let id = document.get_pages()[&page];
    document.get_page_annotations(id).unwrap().into_iter().cloned().collect()
}

fn name(dictionary: &Dictionary, key: &[u8]) -> String {
    String::from_utf8_lossy(dictionary.get(key).unwrap().as_name().unwrap()).into_owned()
}

fn words(dictionary: &Dictionary, key: &[u8]) -> String {
    decode_text_string(dictionary.get(key).unwrap()).unwrap()
}

pub(crate) fn paper(folder: &TempDir) -> PathBuf {
    let mut paper = Paper::new();
    paper.page(&text(&["Première page"]), &dictionary! {});
    paper.page(&text(&["Deuxième page"]), &dictionary! {});
    paper.save(folder, "paper.pdf")
}

#[tokio::test]
async fn an_editable_copy_begins_with_the_paper_and_carries_standard_annotations() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let out = folder.path().join("copy.pdf");
    export(&paper, &out, one_of_each(2), ExportMode::Editable).await.unwrap();

    let (before, after) = (std::fs::read(&paper).unwrap(), std::fs::read(&out).unwrap());
    assert!(after.starts_with(&before));
    assert!(annotations(&out, 1).is_empty());
    let notes = annotations(&out, 2);
    let kinds: Vec<String> = notes.iter().map(|note| name(note, b"Subtype")).collect();
    assert_eq!(
        kinds,
        [
            "Highlight",
            "Underline",
            "StrikeOut",
            "Text",
            "Popup",
            "Ink",
            "FreeText",
            "Ink",
            "Line",
            "Line",
            "Square",
            "Circle",
            "Stamp"
        ]
    );
    for note in notes.iter().filter(|note| name(note, b"Subtype") != "Popup") {
        assert_eq!(words(note, b"T"), "Claire Durand");
        assert_eq!(note.get(b"F").unwrap().as_i64().unwrap(), 4);
        assert!(note.get(b"AP").unwrap().as_dict().unwrap().has(b"N"));
        assert!(words(note, b"M").starts_with("D:20261118"), "{}", words(note, b"M"));
        assert_eq!(words(note, b"NM").len(), 36);
    }
    let quads: Vec<f32> = notes[0]
        .get(b"QuadPoints")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_float().unwrap())
        .collect();
    assert_eq!(quads, [100.0, 714.0, 300.0, 714.0, 100.0, 700.0, 300.0, 700.0]);
    assert_eq!(words(&notes[0], b"Contents"), "les mots marqués");
    assert_eq!(words(&notes[1], b"Contents"), "À revoir");
    assert_eq!(words(&notes[3], b"Contents"), "Où est l’annexe ?");
    let strokes = notes[5].get(b"InkList").unwrap().as_array().unwrap();
    assert_eq!(strokes.len(), 1);
    assert_eq!(strokes[0].as_array().unwrap().len(), 4);
    assert!(words(&notes[6], b"DA").contains("/Helv 12 Tf"));
    let ends = |n: usize| notes[n].get(b"LE").unwrap().as_array().unwrap()[1].clone();
    assert_eq!((ends(8), ends(9)), (Object::from("None"), Object::from("OpenArrow")));
    assert_eq!(words(&notes[12], b"Contents"), "À soulever : Voir le budget");

    let (clean, noted) = (drawn(&paper, 2).await, drawn(&out, 2).await);
    for place in COLOURED {
        assert!(differ(&clean, &noted, place), "nothing at {place:?}");
    }
    assert!(!differ(&clean, &noted, (450, 400)));
    assert!(drawn(&paper, 1).await == drawn(&out, 1).await);
}

#[tokio::test]
async fn a_second_copy_keeps_the_notes_of_the_first() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let (first, second) = (folder.path().join("1.pdf"), folder.path().join("2.pdf"));
    export(&paper, &first, one_of_each(1), ExportMode::Editable).await.unwrap();
    let more =
        mark(9, 1, markup(MarkupStyle::Highlight, [50.0, 50.0, 90.0, 60.0]), Colour::Pink, "");
    export(&first, &second, vec![more], ExportMode::Editable).await.unwrap();
    assert_eq!(annotations(&second, 1).len(), 14);
}

#[tokio::test]
async fn a_flattened_copy_shows_the_same_without_annotations() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let (flat, editable) = (folder.path().join("flat.pdf"), folder.path().join("editable.pdf"));
    export(&paper, &flat, one_of_each(1), ExportMode::Flattened).await.unwrap();
    export(&paper, &editable, one_of_each(1), ExportMode::Editable).await.unwrap();
    assert!(annotations(&flat, 1).is_empty());
    assert!(std::fs::read(&flat).unwrap().starts_with(&std::fs::read(&paper).unwrap()));
    let (clean, flattened) = (drawn(&paper, 1).await, drawn(&flat, 1).await);
    for place in COLOURED {
        assert!(differ(&clean, &flattened, place), "nothing at {place:?}");
    }
    let annotated = drawn(&editable, 1).await;
    let apart = annotated
        .pixels()
        .zip(flattened.pixels())
        .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 40));
    assert_eq!(apart.count(), 0, "flattened and annotated copies look different");
    assert_eq!(reader().all_text(&flat).await.unwrap().pages[1], "Deuxième page");
}

#[tokio::test]
async fn on_a_turned_page_the_notes_stand_upright() {
    let folder = tempdir().unwrap();
    for turn in [90, 180, 270] {
        let mut paper = Paper::new();
        paper.page("", &dictionary! { "Rotate" => turn });
        let paper = paper.save(&folder, "turned.pdf");
        let out = folder.path().join("out.pdf");
        let frame = Rect::from([100.0, 100.0, 400.0, 400.0]);
        let marks = vec![
            mark(1, 1, MarkKind::Text { rect: frame }, Colour::Black, "Le conseil municipal"),
            mark(
                2,
                1,
                markup(MarkupStyle::Underline, [420.0, 420.0, 520.0, 520.0]),
                Colour::Blue,
                "",
            ),
        ];
        export(&paper, &out, marks, ExportMode::Flattened).await.unwrap();
        let page = reader().text(&out, 1).await.unwrap();
        assert_eq!(page.lines[0].text, "Le conseil municipal");
        assert_eq!(page.lines[0].vertical, turn != 180);
        // As shown, the words stand at the top left of their frame.
        let size = reader().inspect(&out).await.unwrap().sizes[0];
        let shown = ink::PageTransform::new(
            size.width,
            size.height,
            size.rotation,
            size.left,
            size.bottom,
            1.0,
        );
        let (line, frame) = (shown.rect_to_shown(page.lines[0].rect), shown.rect_to_shown(frame));
        assert!(
            line.x0 - frame.x0 < 6.0 && line.y0 - frame.y0 < 8.0,
            "{turn}: {line:?} in {frame:?}"
        );
        // And the line is at the bottom of what it underlines.
        let image = drawn(&out, 1).await;
        let under = shown.rect_to_shown(Rect::from([420.0, 420.0, 520.0, 520.0]));
        let scale = image.width() as f32 / size.width;
        let at = |x: f32, y: f32| *image.get_pixel((x * scale) as u32, (y * scale) as u32);
        let middle = (under.x0 + under.x1) / 2.0;
        assert_ne!(at(middle, under.y1 - 8.0).0, [255; 3], "turned by {turn}");
        assert_eq!(at(middle, under.y0 + 8.0).0, [255; 3], "turned by {turn}");
    }
}

#[tokio::test]
async fn a_text_box_grows_down_until_all_its_words_fit() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let out = folder.path().join("out.pdf");
    let frame = Rect::from([100.0, 700.0, 220.0, 720.0]);
    let words = "Le conseil municipal demande un plan de charge détaillé avant la fin de l’année";
    let marks = vec![mark(1, 1, MarkKind::Text { rect: frame }, Colour::Black, words)];
    export(&paper, &out, marks, ExportMode::Editable).await.unwrap();
    let [_, bottom, _, top] = *annotations(&out, 1)[0]
        .get(b"Rect")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_float().unwrap())
        .collect::<Vec<_>>()
    else {
        panic!("no rectangle")
    };
    assert!((top - 720.0).abs() < 0.01 && bottom < 670.0, "from {bottom} to {top}");
}

#[tokio::test]
async fn the_notes_alone_are_a_paper_with_their_words() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let out = folder.path().join("notes.pdf");
    let mut marks = one_of_each(2);
    for number in 0..60 {
        marks.push(mark(
            10 + number,
            1,
            MarkKind::Note { at: Point::default() },
            Colour::Blue,
            "Une remarque qui revient souvent",
        ));
    }
    export(&paper, &out, marks, ExportMode::Notes).await.unwrap();
    let reader = reader();
    assert!(reader.inspect(&out).await.unwrap().sizes.len() > 1);
    let all = reader.all_text(&out).await.unwrap().pages.join("\n");
    for wanted in [
        "Rapport n° 3",
        "Page 1",
        "Page 2",
        "Claire Durand",
        "« les mots marqués »",
        "Où est l’annexe ?",
        "Voté à l’unanimité, « sans débat »",
    ] {
        assert!(all.contains(wanted), "{wanted} is not in {all}");
    }
    assert_eq!(all.matches("Une remarque qui revient souvent").count(), 60);
}

#[tokio::test]
async fn a_paper_that_only_pdfium_understands_gives_a_whole_copy() {
    let folder = tempdir().unwrap();
    let good = std::fs::read(paper(&folder)).unwrap();
    let bad = save(&folder, "bad.pdf", &without_table(&good));
    let out = folder.path().join("copy.pdf");
    export(&bad, &out, one_of_each(1), ExportMode::Editable).await.unwrap();
    let (clean, noted) = (drawn(&bad, 1).await, drawn(&out, 1).await);
    for place in COLOURED {
        assert!(differ(&clean, &noted, place), "nothing at {place:?}");
    }
    assert_eq!(reader().all_text(&out).await.unwrap().pages, ["Première page", "Deuxième page"]);
}

#[tokio::test]
async fn a_paper_encrypted_without_a_password_keeps_its_encryption() {
    let folder = tempdir().unwrap();
    let open = save(&folder, "open.pdf", &encrypted(Paper::of_lines(&["Ouvert à tous"]), ""));
    let out = folder.path().join("copy.pdf");
    export(&open, &out, one_of_each(1), ExportMode::Editable).await.unwrap();
    assert_eq!(reader().all_text(&out).await.unwrap().pages, ["Ouvert à tous"]);
    let (clean, noted) = (drawn(&open, 1).await, drawn(&out, 1).await);
    for place in COLOURED {
        assert!(differ(&clean, &noted, place), "nothing at {place:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_and_nothing_is_written() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    let locked = save(&folder, "locked.pdf", &encrypted(Paper::of_lines(&["Secret"]), "secret"));
    let out = folder.path().join("copy.pdf");
    let nowhere = folder.path().join("no/such/folder/copy.pdf");
    let marks = one_of_each(1);
    for (from, to, marks, kind) in [
        (&locked, &out, marks.clone(), PdfErrorKind::Password),
        (&paper, &paper, marks.clone(), PdfErrorKind::Unwritable),
        (&paper, &nowhere, marks, PdfErrorKind::Unwritable),
        (&paper, &out, one_of_each(3), PdfErrorKind::NoSuchPage),
    ] {
        let error = export(from, to, marks, ExportMode::Editable).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn annotations_that_stand_in_a_list_of_their_own_are_kept() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let old = paper.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "Rect" => numbers(&[0.0, 0.0, 10.0, 10.0]),
    });
    let list = paper.document.add_object(Object::Array(vec![old.into()]));
    paper.page(&text(&["Une page"]), &dictionary! { "Annots" => list });
    let paper = paper.save(&folder, "linked.pdf");
    let out = folder.path().join("copy.pdf");
    export(&paper, &out, one_of_each(1), ExportMode::Editable).await.unwrap();
    let kinds: Vec<String> = annotations(&out, 1).iter().map(|a| name(a, b"Subtype")).collect();
    assert_eq!(kinds.len(), 14);
    assert_eq!(kinds[0], "Link");
}

#[tokio::test]
async fn real_papers_are_copied_with_notes() {
    let Some(data) = data() else { return };
    let folder = tempdir().unwrap();
    let table = std::fs::read_to_string(data.join("council/PDFIUM_BASELINE.tsv")).unwrap();
    for row in table.lines().skip(1).step_by(12) {
        let file = row.split('\t').next().unwrap();
        let paper = data.join("council").join(file);
        for mode in [ExportMode::Editable, ExportMode::Flattened] {
            let out = folder.path().join("copy.pdf");
            export(&paper, &out, one_of_each(1), mode).await.unwrap();
            let (before, after) = (std::fs::read(&paper).unwrap(), std::fs::read(&out).unwrap());
            assert!(after.starts_with(&before), "{file}");
            assert!(drawn(&paper, 1).await != drawn(&out, 1).await, "{file} {mode:?}");
        }
    }
}
