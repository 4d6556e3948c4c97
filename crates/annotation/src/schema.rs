//! Marks in the document: which key holds what. The table is in the crate's documentation.

use automerge::ScalarValueRef;
use automerge::transaction::{Transactable, Transaction};
use automerge::{Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ValueRef};
use ink::codec::{
    decode_points, decode_rects, decode_strokes, encode_points, encode_rects, encode_strokes,
    rounded,
};
use ink::{
    AnnotationId, Carried, Colour, Mark, MarkKind, Markup, Nib, Place, Point, Quote, Rect, Shape,
    Stamp,
};

use crate::error::NoteError;
use crate::limits;
use crate::names::{
    colour_name, colour_named, form_name, form_named, sign_name, sign_named, style_name,
    style_named,
};

const VERSION: u64 = 1;
/// Farthest that a mark is carried, in points: the size of the largest page there can be.
const FARTHEST: f32 = 20_000.0;
const PREFIX: &str = "a:";
const CARRIED: &str = "c:";
const SETTLED: &str = "h:";

/// The root key of a note.
pub(crate) fn key(id: AnnotationId) -> String {
    format!("{PREFIX}{id}")
}

/// The map of a note, erased or not.
pub(crate) fn find(doc: &impl ReadDoc, id: AnnotationId) -> Option<ObjId> {
    match doc.get(ROOT, key(id)) {
        Ok(Some((value, object))) if value.is_object() => Some(object),
        Ok(_) | Err(_) => None,
    }
}

/// All notes that are not erased, oldest first.
pub(crate) fn marks(doc: &Automerge) -> Vec<Mark> {
    let after = format!("{PREFIX}\u{10ffff}");
    let mut marks: Vec<Mark> = doc
        .map_range(ROOT, PREFIX.to_owned()..after)
        .filter(|item| matches!(item.value, ValueRef::Object(ObjType::Map)))
        .filter_map(|item| {
            let id = item.key.strip_prefix(PREFIX)?.parse().ok()?;
            read(doc, id, &item.id())
        })
        .collect();
    marks.sort_unstable_by_key(|mark| mark.id);
    marks
}

/// Where notes of earlier versions stand on this one; what was settled goes before what was found.
pub(crate) fn carried(doc: &impl ReadDoc) -> Vec<Carried> {
    let mut all = std::collections::BTreeMap::new();
    for prefix in [CARRIED, SETTLED] {
        for item in doc.map_range(ROOT, prefix.to_owned()..format!("{prefix}\u{10ffff}")) {
            let ValueRef::Scalar(ScalarValueRef::Str(text)) = item.value else { continue };
            let id: Option<AnnotationId> =
                item.key.strip_prefix(prefix).and_then(|id| id.parse().ok());
            if let (Some(id), Some(carried)) = (id, read_carried(&text))
                && carried.id == id
            {
                all.insert(id, carried);
            }
        }
    }
    all.into_values().collect()
}

/// Where one note stands.
pub(crate) fn carried_note(doc: &impl ReadDoc, id: AnnotationId) -> Option<Carried> {
    settled_note(doc, id).or_else(|| {
        let (value, _) = doc.get(ROOT, format!("{CARRIED}{id}")).ok()??;
        read_carried(value.as_str()?).filter(|carried| carried.id == id)
    })
}

/// What its author settled about one note; none when nothing is.
pub(crate) fn settled_note(doc: &impl ReadDoc, id: AnnotationId) -> Option<Carried> {
    let (value, _) = doc.get(ROOT, format!("{SETTLED}{id}")).ok()??;
    read_carried(value.as_str()?).filter(|carried| carried.id == id)
}

/// Takes back what its author settled about a note: what was found stands again.
pub(crate) fn unsettle(tx: &mut Transaction<'_>, id: AnnotationId) -> Result<(), NoteError> {
    let key = format!("{SETTLED}{id}");
    match tx.get(ROOT, &key)? {
        Some(_) => Ok(tx.delete(ROOT, &key)?),
        None => Ok(()),
    }
}

fn read_carried(text: &str) -> Option<Carried> {
    let carried: Carried = serde_json::from_str(text).ok()?;
    is_whole(&carried).then_some(carried)
}

fn is_whole(carried: &Carried) -> bool {
    let inside = match &carried.place {
        Place::Text { rects, .. } => {
            rects.len() <= limits::RECTS && decode_rects(&encode_rects(rects)).is_ok()
        }
        Place::Shift { dx, dy } => [dx, dy].iter().all(|by| by.abs() <= FARTHEST),
        Place::Nowhere => true,
    };
    inside && carried.page > 0
}

/// Writes where a note stands; nothing when that is what is there.
pub(crate) fn write_carried(tx: &mut Transaction<'_>, carried: &Carried) -> Result<(), NoteError> {
    let text =
        serde_json::to_string(carried).map_err(|error| NoteError::Engine(error.to_string()))?;
    if text.len() > limits::TEXT {
        return Err(NoteError::TooLarge);
    }
    if !is_whole(carried) {
        return Err(NoteError::OutOfBounds);
    }
    if tx.get(ROOT, "v")?.is_none() {
        tx.put(ROOT, "v", VERSION)?;
    }
    let prefix = if carried.settled.is_some() { SETTLED } else { CARRIED };
    let key = format!("{prefix}{}", carried.id);
    let known = tx.get(ROOT, &key)?;
    if known.is_some_and(|(value, _)| value.as_str() == Some(&text)) {
        return Ok(());
    }
    Ok(tx.put(ROOT, &key, text)?)
}

/// What is read of a note, before it is known to be whole.
#[derive(Default)]
struct Draft {
    kind: Option<String>,
    page: Option<u64>,
    colour: Option<String>,
    style: Option<String>,
    text: String,
    made: i64,
    changed: i64,
    erased: bool,
    rects: Vec<u8>,
    quote: Quote,
    strokes: Vec<u8>,
    width: Option<f64>,
    in_reply_to: Option<AnnotationId>,
    marker: bool,
    places: Vec<u8>,
    word: String,
    moved: Vec<u8>,
}

/// The note in this map; none when it is erased, of an unknown kind, or not whole.
pub(crate) fn read(doc: &impl ReadDoc, id: AnnotationId, object: &ObjId) -> Option<Mark> {
    use ScalarValueRef::{Boolean, Bytes, F64, Str, Timestamp, Uint};
    let mut draft = Draft::default();
    for item in doc.map_range(object, ..) {
        let ValueRef::Scalar(value) = item.value else { continue };
        match (item.key.as_ref(), value) {
            ("k", Str(kind)) => draft.kind = Some(kind.into_owned()),
            ("p", Uint(page)) => draft.page = Some(page),
            ("c", Str(colour)) => draft.colour = Some(colour.into_owned()),
            ("s", Str(style)) => draft.style = Some(style.into_owned()),
            ("t", Str(text)) => draft.text = text.into_owned(),
            ("m", Timestamp(made)) => draft.made = made,
            ("n", Timestamp(changed)) => draft.changed = changed,
            ("x", Boolean(erased)) => draft.erased = erased,
            ("r", Bytes(rects)) => draft.rects = rects.into_owned(),
            ("q", Str(exact)) => draft.quote.exact = exact.into_owned(),
            ("qb", Str(prefix)) => draft.quote.prefix = prefix.into_owned(),
            ("qa", Str(suffix)) => draft.quote.suffix = suffix.into_owned(),
            ("qs", Uint(start)) => draft.quote.start = u32::try_from(start).ok()?,
            ("i", Bytes(strokes)) => draft.strokes = strokes.into_owned(),
            ("w", F64(width)) => draft.width = Some(width),
            ("re", Bytes(id)) => {
                draft.in_reply_to =
                    <[u8; 16]>::try_from(id.as_ref()).ok().map(AnnotationId::from_bytes);
            }
            ("h", Boolean(marker)) => draft.marker = marker,
            ("g", Bytes(places)) => draft.places = places.into_owned(),
            ("y", Str(word)) => draft.word = word.into_owned(),
            ("d", Bytes(moved)) => draft.moved = moved.into_owned(),
            _ => {}
        }
    }
    if draft.erased { None } else { draft.finish(id) }
}

impl Draft {
    fn finish(self, id: AnnotationId) -> Option<Mark> {
        let one = |rects: &[u8]| match decode_rects(rects).ok()?.as_slice() {
            [rect] => Some(*rect),
            _ => None,
        };
        let kind = match self.kind.as_deref()? {
            "markup" => MarkKind::Markup(Markup {
                style: style_named(self.style.as_deref()?)?,
                rects: decode_rects(&self.rects).ok()?,
                quote: self.quote,
            }),
            "ink" => MarkKind::Ink {
                strokes: decode_strokes(&self.strokes).ok()?,
                width: sane_width(self.width?)?,
                nib: if self.marker { Nib::Highlighter } else { Nib::Pen },
            },
            "shape" => match decode_points(&self.places).ok()?.as_slice() {
                [from, to] => MarkKind::Shape(Shape {
                    form: form_named(self.style.as_deref()?)?,
                    from: *from,
                    to: *to,
                    width: sane_width(self.width?)?,
                }),
                _ => return None,
            },
            "stamp" => MarkKind::Stamp(Stamp {
                sign: sign_named(self.style.as_deref()?)?,
                word: self.word,
                rect: one(&self.rects)?,
            }),
            "note" => {
                let corner = one(&self.rects)?;
                MarkKind::Note { at: Point { x: corner.x0, y: corner.y0 } }
            }
            "text" => MarkKind::Text { rect: one(&self.rects)? },
            _ => return None,
        };
        let mut mark = Mark {
            id,
            page: u32::try_from(self.page?).ok().filter(|page| *page > 0)?,
            kind,
            colour: colour_named(self.colour.as_deref()?).unwrap_or_default(),
            text: self.text,
            created_ms: self.made,
            modified_ms: self.changed,
            in_reply_to: self.in_reply_to,
        };
        if let Ok([by]) = decode_points(&self.moved).as_deref() {
            mark.shift(rounded(*by));
        }
        Some(mark)
    }
}

/// Whether a mark may be stored.
pub(crate) fn check(mark: &Mark) -> Result<(), NoteError> {
    let fits = match &mark.kind {
        MarkKind::Markup(markup) => {
            let quote = &markup.quote;
            markup.rects.len() <= limits::RECTS
                && quote.exact.len() + quote.prefix.len() + quote.suffix.len() <= limits::TEXT
        }
        MarkKind::Ink { strokes, .. } => {
            strokes.iter().map(|stroke| stroke.points.len()).sum::<usize>()
                <= ink::codec::MAX_POINTS
                && encode_strokes(strokes).len() <= limits::INK
        }
        MarkKind::Stamp(stamp) => stamp.word.len() <= limits::WORD,
        MarkKind::Shape(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => true,
    };
    let whole = |rects: &[Rect]| decode_rects(&encode_rects(rects)).is_ok();
    let lies_on_a_page = mark.page > 0
        && match &mark.kind {
            MarkKind::Markup(markup) => whole(&markup.rects),
            MarkKind::Ink { width, .. } => sane_width((*width).into()).is_some(),
            MarkKind::Shape(shape) => {
                decode_points(&encode_points(&[shape.from, shape.to])).is_ok()
                    && sane_width(shape.width.into()).is_some()
            }
            MarkKind::Note { at } => whole(&[[at.x, at.y, at.x, at.y].into()]),
            MarkKind::Text { rect } | MarkKind::Stamp(Stamp { rect, .. }) => whole(&[*rect]),
        };
    match (fits, lies_on_a_page) {
        (true, true) => check_text(&mark.text),
        (true, false) => Err(NoteError::OutOfBounds),
        (false, _) => Err(NoteError::TooLarge),
    }
}

/// Whether a text may be stored.
pub(crate) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() <= limits::TEXT { Ok(()) } else { Err(NoteError::TooLarge) }
}

/// Writes a whole mark, new or again.
pub(crate) fn write(
    tx: &mut Transaction<'_>,
    mark: &Mark,
    now_ms: i64,
) -> Result<(), AutomergeError> {
    if tx.get(ROOT, "v")?.is_none() {
        tx.put(ROOT, "v", VERSION)?;
    }
    let known = find(tx, mark.id);
    let object = match &known {
        Some(object) => object.clone(),
        None => tx.put_object(ROOT, key(mark.id), ObjType::Map)?,
    };
    let mut writer = Writer { tx, object, fresh: known.is_none() };
    writer.put("p", ScalarValue::Uint(mark.page.into()))?;
    writer.put("c", colour_name(mark.colour).into())?;
    writer.put_text("t", &mark.text)?;
    writer.put("m", ScalarValue::Timestamp(mark.created_ms))?;
    writer.put("n", ScalarValue::Timestamp(now_ms))?;
    if !writer.fresh {
        writer.put("x", false.into())?;
        writer.put_moved(Point::default())?;
    }
    if let Some(answered) = mark.in_reply_to {
        writer.put("re", answered.to_bytes().to_vec().into())?;
    }
    match &mark.kind {
        MarkKind::Markup(markup) => {
            let quote = &markup.quote;
            writer.put("k", "markup".into())?;
            writer.put("s", style_name(markup.style).into())?;
            writer.put("r", encode_rects(&markup.rects).into())?;
            writer.put_text("q", &quote.exact)?;
            writer.put_text("qb", &quote.prefix)?;
            writer.put_text("qa", &quote.suffix)?;
            if !quote.exact.is_empty() || !writer.fresh {
                writer.put("qs", ScalarValue::Uint(quote.start.into()))?;
            }
        }
        MarkKind::Ink { strokes, width, nib } => {
            writer.put("k", "ink".into())?;
            writer.put("i", encode_strokes(strokes).into())?;
            writer.put("w", f64::from(*width).into())?;
            let marker = *nib == Nib::Highlighter;
            if marker || !writer.fresh {
                writer.put("h", marker.into())?;
            }
        }
        MarkKind::Shape(Shape { form, from, to, width }) => {
            writer.put("k", "shape".into())?;
            writer.put("s", form_name(*form).into())?;
            writer.put("g", encode_points(&[*from, *to]).into())?;
            writer.put("w", f64::from(*width).into())?;
        }
        MarkKind::Stamp(Stamp { sign, word, rect }) => {
            writer.put("k", "stamp".into())?;
            writer.put("s", sign_name(*sign).into())?;
            writer.put("y", word.as_str().into())?;
            writer.put("r", encode_rects(&[*rect]).into())?;
        }
        MarkKind::Note { at } => {
            let corner = Rect { x0: at.x, y0: at.y, x1: at.x, y1: at.y };
            writer.put("k", "note".into())?;
            writer.put("r", encode_rects(&[corner]).into())?;
        }
        MarkKind::Text { rect } => {
            writer.put("k", "text".into())?;
            writer.put("r", encode_rects(&[*rect]).into())?;
        }
    }
    Ok(())
}

/// Changes text, colour or erasure of a note that is there.
pub(crate) fn amend(
    tx: &mut Transaction<'_>,
    object: ObjId,
    text: Option<&str>,
    colour: Option<Colour>,
    erased: Option<bool>,
    now_ms: i64,
) -> Result<(), AutomergeError> {
    let mut writer = Writer { tx, object, fresh: false };
    if let Some(text) = text {
        writer.put_text("t", text)?;
    }
    if let Some(colour) = colour {
        writer.put("c", colour_name(colour).into())?;
    }
    if let Some(erased) = erased {
        writer.put("x", erased.into())?;
    }
    writer.put("n", ScalarValue::Timestamp(now_ms))
}

/// Moves a note that is there by so much: what it is made of stays as it is stored.
pub(crate) fn shift(
    tx: &mut Transaction<'_>,
    object: ObjId,
    by: Point,
    now_ms: i64,
) -> Result<(), AutomergeError> {
    let so_far = moved(tx, &object);
    let mut writer = Writer { tx, object, fresh: false };
    writer.put_moved(so_far.shifted(by))?;
    writer.put("n", ScalarValue::Timestamp(now_ms))
}

/// Gives a form or a text box that is there other ends, as it is to be read: what it has been moved
/// by is taken off before they are kept.
pub(crate) fn reshape(
    tx: &mut Transaction<'_>,
    object: ObjId,
    kind: &MarkKind,
    now_ms: i64,
) -> Result<(), AutomergeError> {
    let by = moved(tx, &object);
    let made = |p: Point| Point { x: p.x - by.x, y: p.y - by.y };
    let mut writer = Writer { tx, object, fresh: false };
    match kind {
        MarkKind::Shape(Shape { from, to, .. }) => {
            writer.put("g", encode_points(&[made(*from), made(*to)]).into())?;
        }
        MarkKind::Text { rect } => {
            let rect = rect.shifted(Point { x: -by.x, y: -by.y });
            writer.put("r", encode_rects(&[rect]).into())?;
        }
        MarkKind::Markup(_) | MarkKind::Ink { .. } | MarkKind::Stamp(_) | MarkKind::Note { .. } => {
            return Ok(());
        }
    }
    writer.put("n", ScalarValue::Timestamp(now_ms))
}

/// How far a note has been moved from where it was made.
fn moved(doc: &impl ReadDoc, object: &ObjId) -> Point {
    let value = doc.get(object, "d").ok().flatten();
    let bytes = value.as_ref().and_then(|(value, _)| value.as_bytes());
    match bytes.map(decode_points) {
        Some(Ok(places)) => places.first().copied().map(rounded).unwrap_or_default(),
        Some(Err(_)) | None => Point::default(),
    }
}

struct Writer<'a, 'd> {
    tx: &'a mut Transaction<'d>,
    object: ObjId,
    fresh: bool,
}

impl Writer<'_, '_> {
    /// Writes a value that is not there yet: what does not change costs nothing.
    fn put(&mut self, key: &str, value: ScalarValue) -> Result<(), AutomergeError> {
        if !self.fresh
            && let Some((there, _)) = self.tx.get(&self.object, key)?
            && there.as_scalar() == Some(&value)
        {
            return Ok(());
        }
        self.tx.put(&self.object, key, value)
    }

    /// Writes how far the note has been moved; one that was never moved says nothing.
    fn put_moved(&mut self, by: Point) -> Result<(), AutomergeError> {
        let by = rounded(by);
        if moved(self.tx, &self.object) == by {
            return Ok(());
        }
        self.put("d", encode_points(&[by]).into())
    }

    /// Writes a text; an empty one stays absent in a new note.
    fn put_text(&mut self, key: &str, text: &str) -> Result<(), AutomergeError> {
        if text.is_empty() && (self.fresh || self.tx.get(&self.object, key)?.is_none()) {
            return Ok(());
        }
        self.put(key, text.into())
    }
}

fn sane_width(width: f64) -> Option<f32> {
    (width.is_finite() && (0.0..=1_000.0).contains(&width)).then_some(width as f32)
}
