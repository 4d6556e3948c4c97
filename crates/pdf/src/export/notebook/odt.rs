//! The notebook as an OpenDocument text (ODF 1.3): a ZIP with the type first, a manifest, styles and
//! the content.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};

use client::ports::{Notebook, NotebookBlock, NotebookNote};
use ink::{Mark, MarkKind, Point};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{is_drawn, quoted};

const TYPE: &str = "application/vnd.oasis.opendocument.text";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"";
/// Widest and highest drawing, in points.
const DRAWING: (f32, f32) = (460.0, 200.0);

pub(super) fn write(book: &Notebook) -> io::Result<Vec<u8>> {
    let mut body = String::new();
    let mut pictures = Vec::new();
    line(&mut body, "p", "Title", None, &book.title);
    for block in &book.blocks {
        match block {
            NotebookBlock::Sitting(title) => line(&mut body, "h", "Heading_20_1", Some(1), title),
            NotebookBlock::Item(title) => line(&mut body, "h", "Heading_20_2", Some(2), title),
            NotebookBlock::Note(note) => self::note(&mut body, note, &mut pictures),
        }
    }
    let content = format!(
        "{HEAD}<office:document-content {NAMES}><office:body><office:text>{body}\
         </office:text></office:body></office:document-content>"
    );
    let meta = format!(
        "{HEAD}<office:document-meta {NAMES}><office:meta><dc:title>{}</dc:title>\
         <dc:language>{}</dc:language></office:meta></office:document-meta>",
        escaped(&book.title),
        escaped(&book.language)
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The type stands first and uncompressed, so that it is found without unpacking.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |name: &str, options, bytes: &[u8]| -> io::Result<()> {
        zip.start_file(name, options)?;
        zip.write_all(bytes)
    };
    put("mimetype", stored, TYPE.as_bytes())?;
    put("META-INF/manifest.xml", packed, manifest(pictures.len()).as_bytes())?;
    put("content.xml", packed, content.as_bytes())?;
    put("styles.xml", packed, styles(&book.language).as_bytes())?;
    put("meta.xml", packed, meta.as_bytes())?;
    for (number, picture) in pictures.iter().enumerate() {
        put(&picture_name(number), packed, picture.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn note(body: &mut String, note: &NotebookNote, pictures: &mut Vec<String>) {
    line(body, "p", "Place", None, &format!("{} · {}", note.place, note.who));
    if let Some(quote) = quoted(&note.mark.kind) {
        line(body, "p", "Quotations", None, &format!("« {quote} »"));
    }
    if is_drawn(&note.mark.kind) {
        match drawing(&note.mark) {
            Some((picture, width, height)) => {
                let name = picture_name(pictures.len());
                pictures.push(picture);
                // A String takes everything.
                write!(
                    body,
                    "<text:p text:style-name=\"Text_20_body\"><draw:frame \
                     text:anchor-type=\"as-char\" svg:width=\"{width:.2}pt\" \
                     svg:height=\"{height:.2}pt\"><draw:image xlink:href=\"{name}\" \
                     xlink:type=\"simple\" xlink:show=\"embed\" xlink:actuate=\"onLoad\"/>\
                     <svg:title>{}</svg:title></draw:frame></text:p>",
                    escaped(&note.drawn)
                )
                .ok();
            }
            None => line(body, "p", "Text_20_body", None, &note.drawn),
        }
    }
    lines(body, "Text_20_body", &note.mark.text);
    for (who, text) in &note.answers {
        line(body, "p", "Answer_20_by", None, who);
        lines(body, "Answer", text);
    }
}

/// What was drawn as an SVG, with its width and height in points.
fn drawing(mark: &Mark) -> Option<(String, f32, f32)> {
    let bounds = mark.bounds();
    // Downwards from the top of the drawing, as SVG counts.
    let path = |points: Vec<Point>, end: &str| {
        let mut path = String::new();
        let mut verb = 'M';
        for point in points {
            // A String takes everything.
            write!(path, "{verb}{:.2} {:.2}", point.x - bounds.x0, bounds.y1 - point.y).ok();
            verb = 'L';
        }
        path + end
    };
    let (look, paths): (String, String) = match &mark.kind {
        MarkKind::Ink { strokes, width, .. } => {
            let outlines = strokes.iter().map(|stroke| path(ink::outline(stroke, *width), "Z"));
            ("fill=\"#1b1b1f\"".to_owned(), outlines.collect())
        }
        MarkKind::Shape(shape) => {
            let lines = shape.polyline().into_iter().map(|line| path(line, ""));
            let width = shape.width;
            (format!("fill=\"none\" stroke=\"#1b1b1f\" stroke-width=\"{width}\""), lines.collect())
        }
        MarkKind::Markup(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => return None,
    };
    let scale = (DRAWING.0 / bounds.width()).min(DRAWING.1 / bounds.height()).min(1.0);
    if !(scale.is_finite() && scale > 0.0) {
        return None;
    }
    let (wide, high) = (bounds.width(), bounds.height());
    let picture = format!(
        "{HEAD}<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.2}pt\" height=\"{:.2}pt\" \
         viewBox=\"0 0 {wide:.2} {high:.2}\"><path {look} d=\"{paths}\"/></svg>",
        wide * scale,
        high * scale
    );
    Some((picture, wide * scale, high * scale))
}

fn picture_name(number: usize) -> String {
    format!("Pictures/{number}.svg")
}

fn lines(body: &mut String, style: &str, text: &str) {
    for text in text.trim().lines() {
        line(body, "p", style, None, text);
    }
}

fn line(body: &mut String, tag: &str, style: &str, level: Option<u8>, text: &str) {
    let level = level.map(|level| format!(" text:outline-level=\"{level}\"")).unwrap_or_default();
    let text = escaped(text);
    write!(body, "<text:{tag} text:style-name=\"{style}\"{level}>{text}</text:{tag}>").ok();
}

/// The text as XML takes it: without the control characters that it forbids.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

fn manifest(pictures: usize) -> String {
    let mut entries = String::new();
    for name in ["content.xml", "styles.xml", "meta.xml"] {
        write!(
            entries,
            "<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"text/xml\"/>"
        )
        .ok();
    }
    for number in 0..pictures {
        write!(
            entries,
            "<manifest:file-entry manifest:full-path=\"{}\" \
             manifest:media-type=\"image/svg+xml\"/>",
            picture_name(number)
        )
        .ok();
    }
    format!(
        "{HEAD}<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" \
         manifest:version=\"1.3\" manifest:media-type=\"{TYPE}\"/>{entries}</manifest:manifest>"
    )
}

/// Styles with the names that word processors give them, so that headings make a table of contents.
fn styles(language: &str) -> String {
    let mut all = String::new();
    for (name, shown, parent, paragraph, letters) in [
        ("Standard", "Standard", "", "", "fo:font-size=\"12pt\""),
        (
            "Title",
            "Title",
            "Standard",
            "fo:margin-bottom=\"12pt\"",
            "fo:font-size=\"22pt\" fo:font-weight=\"bold\"",
        ),
        (
            "Heading_20_1",
            "Heading 1",
            "Standard",
            "fo:margin-top=\"16pt\" fo:margin-bottom=\"6pt\" fo:keep-with-next=\"always\"",
            "fo:font-size=\"17pt\" fo:font-weight=\"bold\"",
        ),
        (
            "Heading_20_2",
            "Heading 2",
            "Standard",
            "fo:margin-top=\"12pt\" fo:margin-bottom=\"4pt\" fo:keep-with-next=\"always\"",
            "fo:font-size=\"14pt\" fo:font-weight=\"bold\"",
        ),
        ("Text_20_body", "Text body", "Standard", "fo:margin-bottom=\"4pt\"", ""),
        (
            "Quotations",
            "Quotations",
            "Standard",
            "fo:margin-left=\"18pt\" fo:margin-bottom=\"4pt\"",
            "fo:font-style=\"italic\"",
        ),
        (
            "Place",
            "Place",
            "Standard",
            "fo:margin-top=\"8pt\" fo:keep-with-next=\"always\"",
            "fo:font-size=\"10pt\" fo:color=\"#4a4a55\"",
        ),
        (
            "Answer_20_by",
            "Answer by",
            "Place",
            "fo:margin-left=\"24pt\" fo:margin-top=\"4pt\" fo:keep-with-next=\"always\"",
            "",
        ),
        (
            "Answer",
            "Answer",
            "Text_20_body",
            "fo:margin-left=\"24pt\" fo:margin-bottom=\"4pt\"",
            "",
        ),
    ] {
        let parent = match parent {
            "" => String::new(),
            parent => format!(" style:parent-style-name=\"{parent}\""),
        };
        write!(
            all,
            "<style:style style:name=\"{name}\" style:display-name=\"{shown}\" \
             style:family=\"paragraph\"{parent}><style:paragraph-properties {paragraph}/>\
             <style:text-properties {letters}/></style:style>"
        )
        .ok();
    }
    let language = escaped(language);
    format!(
        "{HEAD}<office:document-styles {NAMES}><office:styles><style:default-style \
         style:family=\"paragraph\"><style:text-properties fo:language=\"{language}\"/>\
         </style:default-style>{all}</office:styles></office:document-styles>"
    )
}
