//! Papers made for a test.

use std::path::{Path, PathBuf};

use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions,
    Stream, dictionary,
};
use tempfile::TempDir;

/// A PDF under construction.
pub(crate) struct Paper {
    pub(crate) document: Document,
    tree: ObjectId,
    pages: Vec<ObjectId>,
    font: ObjectId,
}

impl Paper {
    pub(crate) fn new() -> Self {
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
            "Encoding" => "WinAnsiEncoding",
        });
        Self { document, tree, pages: Vec::new(), font }
    }

    /// A paper of one page with these lines.
    pub(crate) fn of_lines(lines: &[&str]) -> Self {
        let mut paper = Self::new();
        paper.page(&text(lines), &dictionary! {});
        paper
    }

    /// Adds an A4 page with this content; `more` is put over its dictionary.
    pub(crate) fn page(&mut self, content: &str, more: &Dictionary) -> ObjectId {
        let content =
            self.document.add_object(Stream::new(dictionary! {}, content.as_bytes().to_vec()));
        let mut page = dictionary! {
            "Type" => "Page",
            "Parent" => self.tree,
            "MediaBox" => numbers(&[0.0, 0.0, 595.0, 842.0]),
            "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F" => self.font } },
        };
        put_over(&mut page, more);
        let page = self.document.add_object(page);
        self.pages.push(page);
        page
    }

    /// Adds an A4 page filled by a picture of noise, `side` pixels square.
    pub(crate) fn scan(&mut self, side: u32, seed: u32) {
        let mut state = seed | 1;
        let pixels: Vec<u8> = (0..side * side)
            .map(|at| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                // A slope with grain: what a scanner makes of paper.
                200 - (at % side * 60 / side) as u8 + (state % 16) as u8
            })
            .collect();
        let picture = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(side),
            "Height" => i64::from(side), "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        };
        let picture = self.document.add_object(Stream::new(picture, pixels));
        let resources = dictionary! { "XObject" => dictionary! { "P" => picture } };
        self.page("q 595 0 0 842 0 0 cm /P Do Q", &dictionary! { "Resources" => resources });
    }

    pub(crate) fn page_id(&self, number: usize) -> ObjectId {
        self.pages[number - 1]
    }

    /// The finished document; `catalog` is put over its catalogue.
    pub(crate) fn finish(mut self, catalog: &Dictionary) -> Document {
        let kids: Vec<Object> = self.pages.iter().map(|id| Object::Reference(*id)).collect();
        let count = kids.len() as i64;
        self.document.set_object(
            self.tree,
            dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
        );
        let mut root = dictionary! { "Type" => "Catalog", "Pages" => self.tree };
        put_over(&mut root, catalog);
        let root = self.document.add_object(root);
        self.document.trailer.set("Root", root);
        self.document
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        bytes(self.finish(&dictionary! {}))
    }

    pub(crate) fn save(self, folder: &TempDir, name: &str) -> PathBuf {
        save(folder, name, &self.bytes())
    }
}

/// `Dictionary::extend` would join the values of a key that both have.
fn put_over(dictionary: &mut Dictionary, more: &Dictionary) {
    for (key, value) in more {
        dictionary.set(key.clone(), value.clone());
    }
}

pub(crate) fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn save(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Lines of 12 points from the top left, 20 points apart, in the page's encoding.
pub(crate) fn text(lines: &[&str]) -> String {
    let shown: String = lines
        .iter()
        .map(|line| {
            let hex: String = line.chars().map(|c| format!("{:02X}", c as u32)).collect();
            format!("<{hex}> Tj T*\n")
        })
        .collect();
    format!("BT /F 12 Tf 20 TL 72 760 Td {shown} ET")
}

pub(crate) fn numbers(values: &[f32]) -> Object {
    Object::Array(values.iter().map(|value| Object::Real(*value)).collect())
}

/// The paper with a password that nobody was told, or with an empty one.
pub(crate) fn encrypted(paper: Paper, password: &str) -> Vec<u8> {
    let mut document = paper.finish(&dictionary! {});
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::PRINTABLE,
    })
    .unwrap();
    document.encrypt(&state).unwrap();
    bytes(document)
}

/// A damaged copy: what stands after the middle is lost.
pub(crate) fn torn(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// The same paper with its table of objects made useless.
pub(crate) fn without_table(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.windows(4).rposition(|word| word == b"xref").unwrap();
    let table = bytes[..start].windows(4).rposition(|word| word == b"xref").unwrap_or(start);
    let mut out = bytes[..table].to_vec();
    out.extend(bytes[table..].iter().map(|byte| if byte.is_ascii_digit() { b'7' } else { *byte }));
    out
}

/// Real papers beside the checkout; none where they are not.
pub(crate) fn data() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: no test data");
    None
}
