//! Notes of other programs, and notes as XFDF there and back.

use std::collections::BTreeMap;

use client::ports::{ExportPaper, Papers, PdfErrorKind};
use ink::{Colour, Form, MarkKind};
use ipc::{ExportMode, ForeignNote, Remark};
use lopdf::{Object, dictionary};
use serde_json::Value;
use tempfile::tempdir;

use crate::exporting::{one_of_each, paper};
use crate::papers::{Paper, bytes, data, numbers, save};
use crate::reader;

async fn exported(mode: ExportMode, name: &str) -> (tempfile::TempDir, Vec<ForeignNote>) {
    let folder = tempdir().unwrap();
    let (paper, out) = (paper(&folder), folder.path().join(name));
    let title = "Rapport n° 3 <« &\"".to_owned();
    let marks = one_of_each(2);
    reader().export(ExportPaper { paper, title, marks, mode, out: out.clone() }).await.unwrap();
    let notes = reader().foreign(&out).await.unwrap();
    (folder, notes)
}

#[tokio::test]
async fn what_is_written_as_annotations_or_xfdf_is_read_again() {
    for (mode, name) in [(ExportMode::Editable, "copy.pdf"), (ExportMode::Xfdf, "notes.xfdf")] {
        let (_folder, notes) = exported(mode, name).await;
        let made = one_of_each(2);
        assert_eq!(notes.len(), made.len(), "{mode:?}");
        for (note, (mark, author)) in notes.iter().zip(&made) {
            assert_eq!((note.name.parse().ok(), &note.author), (Some(mark.id), author));
            assert_eq!((note.page, note.colour), (2, mark.colour), "{mode:?} {}", note.subtype);
            assert_eq!(note.modified_ms, Some(mark.modified_ms));
            let kind = note.kind.as_ref().unwrap();
            assert_eq!(std::mem::discriminant(kind), std::mem::discriminant(&mark.kind));
            match (kind, &mark.kind) {
                (MarkKind::Shape(read), MarkKind::Shape(drawn)) => {
                    assert_eq!((read.form, read.width), (drawn.form, drawn.width));
                    let apart = read.frame().middle().distance(drawn.frame().middle());
                    assert!(apart < 0.1, "{mode:?} {read:?} {drawn:?}");
                    assert!((read.frame().width() - drawn.frame().width()).abs() < 0.1);
                }
                (MarkKind::Markup(read), MarkKind::Markup(drawn)) => {
                    assert_eq!((read.style, &read.rects), (drawn.style, &drawn.rects));
                }
                (MarkKind::Stamp(read), MarkKind::Stamp(drawn)) => {
                    assert_eq!((read.sign, &read.word), (drawn.sign, &drawn.word));
                }
                (MarkKind::Ink { strokes, width, .. }, MarkKind::Ink { strokes: all, .. }) => {
                    assert_eq!(strokes[0].points.len(), all[0].points.len());
                    assert!(*width > 0.0);
                }
                _ => assert!(kind.bounds().middle().distance(mark.bounds().middle()) < 1.0),
            }
        }
    }
}

#[tokio::test]
async fn xfdf_of_other_programs_is_read_and_what_lies_is_left_out() {
    let folder = tempdir().unwrap();
    let text = r##"<?xml version="1.0"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><annots>
        <line page="0" rect="1,1,90,40" start="10,20" end="80,20" tail="ClosedArrow" color="#FF0000"
            width="3" title="Jean" name="x1"><contents-richtext><body><p>Voir</p></body></contents-richtext></line>
        <highlight page="1" rect="0,0,9,9" coords="10,20,30,20,10,10,nan,10"/>
        <caret page="0" rect="1,1,5,5"><contents>Insérer &lt;ici&gt;</contents></caret>
        <popup page="0" rect="1,1,5,5"/><text page="-4" rect="1,1,2,2"/>
        <ink page="0" rect="0,0,9,9"><inklist><gesture>1,2;3,4;5,6</gesture><gesture/></inklist></ink>
        </annots></xfdf>"##;
    let file = save(&folder, "theirs.xfdf", text.as_bytes());
    let notes = reader().foreign(&file).await.unwrap();
    let kinds: Vec<&str> = notes.iter().map(|note| note.subtype.as_str()).collect();
    assert_eq!(kinds, ["line", "highlight", "caret", "ink"]);
    let Some(MarkKind::Shape(arrow)) = &notes[0].kind else { panic!("no arrow") };
    assert_eq!((arrow.form, arrow.width), (Form::Arrow, 3.0));
    assert_eq!((notes[0].text.as_str(), notes[0].colour), ("Voir", Colour::Red));
    assert_eq!((notes[2].text.as_str(), &notes[2].kind), ("Insérer <ici>", &None));

    for (name, text) in [
        ("bomb.xfdf", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xfdf>&b;</xfdf>"),
        ("cut.xfdf", "<xfdf><annots><text page="),
    ] {
        let file = save(&folder, name, text.as_bytes());
        let error = reader().foreign(&file).await.unwrap_err();
        assert_eq!(error.kind, PdfErrorKind::Damaged, "{name}");
    }
    let other = save(&folder, "other.xml", b"<html><annots/></html>");
    assert_eq!(reader().foreign(&other).await.unwrap_err().kind, PdfErrorKind::Unsupported);
}

/// What `pdfannots` reads in papers that Acrobat, Preview, PDF Expert and others have annotated.
#[tokio::test]
async fn annotations_of_real_programs_are_found_with_their_authors() {
    let Some(data) = data() else { return };
    let all = std::fs::read_to_string(data.join("annots/EXPECTED_pdfannots.jsonl")).unwrap();
    let (mut found, mut expected, mut missing) = (0_usize, 0_usize, Vec::new());
    for line in all.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let file = line["file"].as_str().unwrap();
        let path = ["", "annots/"].iter().find_map(|start| {
            let name = file.split_once('/').map_or(file, |(_, rest)| rest);
            let path = data.join("annots").join(start).join(name);
            path.is_file().then_some(path)
        });
        let Some(path) = path else { continue };
        let Ok(notes) = reader().foreign(&path).await else { continue };
        let mut by_kind: BTreeMap<(String, u64), usize> = BTreeMap::new();
        for note in &notes {
            *by_kind.entry((note.subtype.clone(), u64::from(note.page))).or_default() += 1;
        }
        for annot in line["annots"].as_array().unwrap() {
            expected += 1;
            let kind = annot["type"].as_str().unwrap().to_lowercase();
            let left = by_kind.entry((kind.clone(), annot["page"].as_u64().unwrap())).or_default();
            if *left > 0 {
                *left -= 1;
                found += 1;
            } else {
                missing.push(format!("{file}: {kind}"));
            }
        }
    }
    assert!(expected > 0, "no file of the list is here");
    let share = found as f64 / expected as f64;
    assert!(share > 0.98, "{found} of {expected}: {missing:?}");
}

#[tokio::test]
async fn what_others_wrote_and_a_form_are_read_with_the_page() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let text = |object: &str| lopdf::text_string(object);
    let rect = |places: [f32; 4]| numbers(&places);
    let comment = paper.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Rect" => rect([100.0, 700.0, 120.0, 720.0]),
        "T" => text("Préfecture"), "Contents" => text("Voir l’arrêté\rdu 3 mars"),
    });
    let bare = paper.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Square", "Rect" => rect([10.0, 10.0, 20.0, 20.0]),
    });
    let field = paper.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "T" => text("nom"),
        "V" => text("Morand"), "Rect" => rect([100.0, 600.0, 300.0, 620.0]),
        "DA" => Object::string_literal("/F 12 Tf 0 g"),
    });
    let on = dictionary! {
        "N" => dictionary! {
            "Oui" => paper.document.add_object(lopdf::Stream::new(dictionary! {}, Vec::new())),
        },
    };
    let tick = paper.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Btn", "T" => text("présent"),
        "V" => "Oui", "AS" => "Oui", "AP" => on, "Rect" => rect([100.0, 560.0, 112.0, 572.0]),
    });
    let annots: Vec<Object> = [comment, bare, field, tick].map(Object::Reference).into();
    paper.page("", &dictionary! { "Annots" => annots });
    let fields: Vec<Object> = [field, tick].map(Object::Reference).into();
    let form = dictionary! { "Fields" => fields, "DA" => Object::string_literal("/F 12 Tf 0 g") };
    let whole = bytes(paper.finish(&dictionary! { "AcroForm" => form }));
    let file = save(&folder, "form.pdf", &whole);
    let read = reader().reading(&file, 1).await.unwrap().remarks;
    let told: Vec<(Remark, &str)> =
        read.iter().map(|it| (it.what.clone(), it.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (Remark::Comment { author: "Préfecture".into() }, "Voir l’arrêté\ndu 3 mars"),
            (Remark::Field { name: "nom".into() }, "Morand"),
            (Remark::Tick { name: "présent".into(), on: true }, ""),
        ]
    );
    assert_eq!(read[0].rect, ink::Rect::from([100.0, 700.0, 120.0, 720.0]));
    // A copy keeps them all, byte for byte.
    let out = folder.path().join("copy.pdf");
    let (title, marks) = ("Formulaire".to_owned(), one_of_each(1));
    let export = ExportPaper {
        paper: file.clone(),
        title,
        marks,
        mode: ExportMode::Editable,
        out: out.clone(),
    };
    reader().export(export).await.unwrap();
    let copy = std::fs::read(&out).unwrap();
    assert_eq!(copy.get(..whole.len()), Some(whole.as_slice()));
    let there = reader().reading(&out, 1).await.unwrap().remarks;
    assert!(read.iter().all(|remark| there.contains(remark)), "{there:?}");
}
