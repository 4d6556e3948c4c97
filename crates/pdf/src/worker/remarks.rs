//! What other programs wrote on a page, and the fields of its form. pdfium draws them; here their words
//! are read, which a comment keeps in a window that is not drawn.

use ink::Rect;
use ipc::{PageRemark, Remark};
use pdfium_render::prelude::{
    PdfFormField, PdfFormFieldCommon, PdfPage, PdfPageAnnotation, PdfPageAnnotationCommon,
};

/// Most of them read from a page.
const MOST: usize = 500;
/// Longest text of one, in characters.
const LONGEST: usize = 4_000;

/// All that has words, in the order of the page. With `forms`, the form's fields too.
pub(crate) fn remarks(page: &PdfPage<'_>, forms: bool) -> Vec<PageRemark> {
    let annotations = page.annotations();
    let all = annotations.as_range().filter_map(|index| annotations.get(index).ok());
    all.filter_map(|annotation| remark(&annotation, forms)).take(MOST).collect()
}

fn remark(annotation: &PdfPageAnnotation<'_>, forms: bool) -> Option<PageRemark> {
    let area = annotation.bounds().ok()?;
    let sides = [area.left().value, area.bottom().value, area.right().value, area.top().value];
    let rect = sides.iter().all(|side| side.is_finite()).then(|| Rect::from(sides))?;
    let (what, text) = match annotation {
        // A window belongs to the comment that it shows, a link is a link.
        PdfPageAnnotation::Popup(_) | PdfPageAnnotation::Link(_) => return None,
        PdfPageAnnotation::Widget(_) | PdfPageAnnotation::XfaWidget(_) => {
            field(annotation.as_form_field().filter(|_| forms)?)?
        }
        PdfPageAnnotation::Circle(_)
        | PdfPageAnnotation::FreeText(_)
        | PdfPageAnnotation::Highlight(_)
        | PdfPageAnnotation::Ink(_)
        | PdfPageAnnotation::Square(_)
        | PdfPageAnnotation::Squiggly(_)
        | PdfPageAnnotation::Stamp(_)
        | PdfPageAnnotation::Strikeout(_)
        | PdfPageAnnotation::Text(_)
        | PdfPageAnnotation::Underline(_)
        | PdfPageAnnotation::Redacted(_)
        | PdfPageAnnotation::Unsupported(_) => {
            let author = plain(annotation.creator());
            let text = plain(annotation.contents());
            (!text.is_empty()).then_some((Remark::Comment { author }, text))?
        }
    };
    Some(PageRemark { rect, what, text })
}

/// A field with what is written in it; none of a button, which says nothing, or of a signature.
fn field(field: &PdfFormField<'_>) -> Option<(Remark, String)> {
    let name = plain(field.name());
    let written = |value: Option<String>| (Remark::Field { name: name.clone() }, plain(value));
    let tick = |on: bool| (Remark::Tick { name: name.clone(), on }, String::new());
    Some(match field {
        PdfFormField::Text(text) => written(text.value()),
        PdfFormField::ComboBox(combo) => written(combo.value()),
        PdfFormField::ListBox(list) => written(list.value()),
        PdfFormField::Checkbox(check) => {
            tick(shown_on(check.appearance_stream()).or_else(|| check.is_checked().ok())?)
        }
        PdfFormField::RadioButton(radio) => {
            tick(shown_on(radio.appearance_stream()).or_else(|| radio.is_checked().ok())?)
        }
        PdfFormField::PushButton(_) | PdfFormField::Signature(_) | PdfFormField::Unknown(_) => {
            return None;
        }
    })
}

/// Whether the look that a box has now is one of its looks when ticked: a form names that one as it
/// likes ("Oui"), and only "Off" is fixed (ISO 32000-1, 12.7.4.2.3). The library knows "Yes" alone.
fn shown_on(look: Option<String>) -> Option<bool> {
    look.map(|look| look.trim_start_matches('/') != "Off")
}

/// Without what moves a cursor, and no longer than a person reads.
fn plain(text: Option<String>) -> String {
    let text = text.unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
    let shown = |c: &char| *c == '\n' || !c.is_control();
    text.trim().chars().filter(shown).take(LONGEST).collect()
}
