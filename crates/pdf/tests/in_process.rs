//! The reader without child processes, as on tablets that have none. In a test of its own: pdfium
//! is loaded once in a process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use client::ports::{PaperPage, Papers, PdfErrorKind, RenderArea};
use lopdf::{Document, Object, Stream, dictionary};
use pupitre_pdf::{PdfConfig, PdfReader};

fn paper() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" },
    );
    let content = document
        .add_object(Stream::new(dictionary! {}, b"BT /F 12 Tf 72 700 Td (Bonjour) Tj ET".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => content,
        "MediaBox" => [0, 0, 595, 842].map(Object::from).to_vec(),
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    document.set_object(
        tree,
        dictionary! { "Type" => "Pages", "Kids" => vec![Object::from(page)], "Count" => 1 },
    );
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn pages_and_text_come_from_a_worker_in_a_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, paper()).unwrap();
    let reader = PdfReader::start(PdfConfig { in_process: true, ..PdfConfig::find() }).unwrap();
    assert_eq!(reader.inspect(&path).await.unwrap().sizes.len(), 1);
    let page = PaperPage {
        page: 1,
        width: 300,
        area: RenderArea::Whole,
        generation: 1,
        look: ipc::Look::Paper,
        ahead: false,
    };
    assert_eq!(reader.render(&path, page).await.unwrap().mime, "image/png");
    assert_eq!(reader.text(&path, 1).await.unwrap().lines[0].text, "Bonjour");
    assert!(reader.workers().is_empty());

    // What a worker in its prison cannot do can be done here, or its test would prove nothing.
    let escapes = PaperPage { page: u32::MAX - 3, ..page };
    let error = reader.render(&path, escapes).await.unwrap_err();
    let (through, tried) = error.detail.split_once(" of ").unwrap();
    let tried = tried.split_once(':').unwrap().0;
    assert_eq!(through, tried, "{}", error.detail);

    let second = PdfReader::start(PdfConfig { in_process: true, ..PdfConfig::find() }).unwrap();
    let error = second.render(&path, page).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::Reader);
}
