//! Notes written to be read away from the app.

use std::io::Read;
use std::path::{Path, PathBuf};

use client::ports::{Notebook, NotebookBlock, NotebookNote, Papers};
use ink::{AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Stroke};
use ipc::NotebookForm;

use crate::reader;

fn mark(kind: MarkKind, text: &str) -> Mark {
    Mark {
        id: AnnotationId::from_bytes([1; 16]),
        page: 3,
        kind,
        colour: Colour::Yellow,
        text: text.to_owned(),
        created_ms: 0,
        modified_ms: 0,
        in_reply_to: None,
    }
}

fn note(kind: MarkKind, text: &str) -> NotebookBlock {
    NotebookBlock::Note(Box::new(NotebookNote {
        place: "page 3".to_owned(),
        who: "Claire Morand, privée".to_owned(),
        mark: mark(kind, text),
        drawn: "Tracé à la main".to_owned(),
        answers: vec![("Karim Benali".to_owned(), "D’accord, < 3 % & pas plus".to_owned())],
    }))
}

fn book() -> Notebook {
    let exact = "garantie d’emprunt à 50 %".to_owned();
    let quote = Quote { exact, ..Quote::default() };
    let markup = Markup { style: MarkupStyle::Highlight, rects: Vec::new(), quote };
    let points = (0..20u8).map(|n| [f32::from(n) * 5.0, 100.0 + f32::from(n), 0.5].into());
    let strokes = vec![Stroke { points: points.collect() }];
    Notebook {
        title: "Notes de Claire Morand".to_owned(),
        language: "fr".to_owned(),
        blocks: vec![
            NotebookBlock::Sitting("Conseil municipal, lundi 28 septembre 2036".to_owned()),
            NotebookBlock::Item("3. Garantie d’emprunt".to_owned()),
            note(MarkKind::Markup(markup), "Pourquoi *nous* ?\nQui paie <sinon> ?"),
            note(ink(strokes), ""),
            note(MarkKind::Note { at: Point { x: 1.0, y: 1.0 } }, "- à vérifier"),
        ],
    }
}

fn ink(strokes: Vec<Stroke>) -> MarkKind {
    MarkKind::Ink { strokes, width: 2.0, nib: Nib::Pen }
}

async fn written(form: NotebookForm) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(format!("notes.{}", form.extension()));
    reader().write_notebook(book(), form, out.clone()).await.unwrap();
    (folder, out)
}

fn part(out: &Path, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(out).unwrap()).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn as_markdown_every_word_stays_what_it_was() {
    let (_folder, out) = written(NotebookForm::Markdown).await;
    let text = std::fs::read_to_string(out).unwrap();
    assert!(
        text.starts_with("# Notes de Claire Morand\n\n## Conseil municipal, lundi 28"),
        "{text}"
    );
    assert!(text.contains("### 3. Garantie d’emprunt\n"), "{text}");
    assert!(text.contains("  > garantie d’emprunt à 50 %\n"), "{text}");
    assert!(text.contains("  Pourquoi \\*nous\\* ?  \n  Qui paie \\<sinon\\> ?\n"), "{text}");
    assert!(text.contains("  *Tracé à la main*\n"), "{text}");
    assert!(text.contains("  \\- à vérifier\n"), "{text}");
    assert_eq!(text.matches("  - **Karim Benali**\n").count(), 3, "{text}");
}

#[tokio::test]
async fn as_a_document_it_is_what_a_word_processor_expects() {
    let (_folder, out) = written(NotebookForm::Odt).await;
    // The type is found without unpacking: first, uncompressed, with nothing between.
    let bytes = std::fs::read(&out).unwrap();
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..77], b"application/vnd.oasis.opendocument.text");
    let content = part(&out, "content.xml");
    assert!(content.contains(">Pourquoi *nous* ?</text:p>"), "{content}");
    assert!(content.contains("Qui paie &lt;sinon&gt; ?"), "{content}");
    assert!(content.contains("text:outline-level=\"2\">3. Garantie d’emprunt</text:h>"));
    assert!(part(&out, "Pictures/0.svg").contains("<path"));
    let manifest = part(&out, "META-INF/manifest.xml");
    for name in ["content.xml", "styles.xml", "meta.xml", "Pictures/0.svg"] {
        assert!(manifest.contains(&format!("\"{name}\"")), "{manifest}");
    }
    for name in ["META-INF/manifest.xml", "content.xml", "styles.xml", "meta.xml"] {
        let text = part(&out, name);
        let open = text.matches('<').count();
        assert_eq!(open, text.matches('>').count(), "{name}");
        let closes = text.matches("</").count();
        let own = text.matches("/>").count();
        let said = text.matches("<?").count();
        assert_eq!(open, 2 * closes + own + said, "every part of {name} is closed");
    }
}

#[tokio::test]
async fn as_a_pdf_it_can_be_read_and_searched() {
    let (_folder, out) = written(NotebookForm::Pdf).await;
    let reader = reader();
    let text = reader.all_text(&out).await.unwrap().pages.concat();
    for words in ["Notes de Claire Morand", "3. Garantie", "Qui paie <sinon> ?", "Karim Benali"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}
