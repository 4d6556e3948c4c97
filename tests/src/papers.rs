//! Papers made on the spot, good and bad.

use anyhow::Result;
use lopdf::content::{Content, Operation};
use lopdf::{
    Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

/// A PDF with one line of text a page, in Helvetica with French accents.
///
/// # Errors
/// The PDF cannot be written.
pub fn text<S: AsRef<str>>(pages: &[S]) -> Result<Vec<u8>> {
    let mut pdf = document(pages)?;
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

/// A PDF cut in the middle: no reader can make anything of it.
///
/// # Errors
/// The PDF cannot be written.
pub fn damaged() -> Result<Vec<u8>> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..2_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
    Ok(bytes)
}

/// A PDF of three pages, the second of which is missing from the file.
///
/// # Errors
/// The PDF cannot be written.
pub fn without_second_page() -> Result<Vec<u8>> {
    let mut pdf = document(&["Première page", "", "Troisième page"])?;
    if let Some(second) = pdf.get_pages().get(&2) {
        pdf.objects.remove(second);
    }
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

/// A PDF that only opens with a password.
///
/// # Errors
/// The PDF cannot be written.
pub fn encrypted(page: &str, password: &str) -> Result<Vec<u8>> {
    let mut pdf = document(&[page])?;
    let id = Object::string_literal("0123456789abcdef");
    pdf.trailer.set("ID", vec![id.clone(), id]);
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::PRINTABLE,
    })?;
    pdf.encrypt(&state)?;
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

/// A PDF of about this many bytes: one page of text and a stream of noise beside it.
///
/// # Errors
/// The PDF cannot be written.
pub fn heavy(title: &str, length: usize) -> Result<Vec<u8>> {
    let mut pdf = document(&[title])?;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect();
    pdf.add_object(Stream::new(dictionary! {}, noise));
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes)?;
    Ok(bytes)
}

fn document<S: AsRef<str>>(pages: &[S]) -> Result<Document> {
    let mut pdf = Document::with_version("1.7");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids = Vec::with_capacity(pages.len());
    for page in pages {
        let content = Content {
            operations: vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![72.into(), 700.into()]),
                Operation::new("Tj", vec![Object::string_literal(latin(page.as_ref()))]),
                Operation::new("ET", vec![]),
            ],
        };
        let stream = pdf.add_object(Stream::new(dictionary! {}, content.encode()?));
        kids.push(Object::from(pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream,
        })));
    }
    let count = i64::try_from(kids.len())?;
    let root = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    pdf.objects.insert(tree, Object::Dictionary(root));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    Ok(pdf)
}

/// The letters of French stand at their Unicode number in WinAnsi.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}
