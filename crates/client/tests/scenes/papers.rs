//! Papers made on the spot.

use lopdf::content::{Content, Operation};
use lopdf::{
    Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

/// A PDF with one line of text a page, in Helvetica with French accents.
pub fn text<S: AsRef<str>>(pages: &[S]) -> Vec<u8> {
    made(pages, None)
}

/// The same, with a stream of noise of this length in it.
pub fn heavy(title: &str, length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    made(&[title], Some(noise.flatten().take(length).collect()))
}

/// The same, encrypted: opens with this word alone.
pub fn locked<S: AsRef<str>>(pages: &[S], password: &str) -> Vec<u8> {
    let mut pdf = Document::load_mem(&made(pages, None)).unwrap();
    let id = Object::string_literal("0123456789abcdef");
    pdf.trailer.set("ID", vec![id.clone(), id]);
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "greffe",
        user_password: password,
        key_length: 128,
        permissions: Permissions::PRINTABLE,
    })
    .unwrap();
    pdf.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// Bytes that begin like a PDF and are none.
pub fn damaged() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..2_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
    bytes
}

fn made<S: AsRef<str>>(pages: &[S], noise: Option<Vec<u8>>) -> Vec<u8> {
    let mut pdf = Document::with_version("1.7");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids = Vec::new();
    for page in pages {
        let latin: Vec<u8> =
            page.as_ref().chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let content = Content {
            operations: vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![72.into(), 700.into()]),
                Operation::new("Tj", vec![Object::string_literal(latin)]),
                Operation::new("ET", vec![]),
            ],
        };
        let stream = pdf.add_object(Stream::new(dictionary! {}, content.encode().unwrap()));
        kids.push(Object::from(pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream,
        })));
    }
    let count = i64::try_from(kids.len()).unwrap();
    let root = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    pdf.objects.insert(tree, Object::Dictionary(root));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    if let Some(noise) = noise {
        pdf.add_object(Stream::new(dictionary! {}, noise));
    }
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}
