//! Marks out of the words of the command line.

use std::path::Path;

use client::Client;
use ink::{
    Colour, Form, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Rect, Shape, Sign, Stamp,
    Stroke, StrokePoint,
};
use ipc::{Command, ErrorCode, NewMark, Problem, Reason, Reply, Words};
use serde::Deserialize;

use crate::answers::Answer;
use crate::args::{Annotate, Kind};
use crate::failure::Failure;
use crate::tablet::{ask, the};

/// Width of ink when the file says none, in points.
const INK_WIDTH: f32 = 2.0;
/// Width of a band drawn freely, in points.
const BAND_WIDTH: f32 = 12.0;
/// Width and height of a form that only has a place, in points.
const FORM: (f32, f32) = (120.0, 60.0);
/// Width of a text box, in points.
const BOX_WIDTH: f32 = 240.0;
/// Height of a line in a text box, in points.
const LINE: f32 = 15.0;
/// Characters that fit on a line of a text box, about.
const LINE_CHARACTERS: usize = 44;

/// Makes a mark.
pub(crate) async fn annotate(client: &Client, wanted: &Annotate) -> Result<Answer, Failure> {
    let text = wanted.text.clone().unwrap_or_default();
    let kind = kind(wanted, &text)?;
    let usual = match wanted.kind {
        Kind::Ink | Kind::Text | Kind::Shape | Kind::Stamp => Colour::Black,
        Kind::Highlight | Kind::Underline | Kind::Strikeout | Kind::Note => Colour::Yellow,
    };
    let mark = NewMark {
        id: None,
        document: wanted.document,
        page: wanted.page,
        kind,
        colour: wanted.colour.map_or(usual, Into::into),
        text,
        audience: wanted.audience.clone(),
    };
    let command = match &wanted.quote {
        Some(quote) => Command::MarkQuote { mark, quote: quote.clone() },
        None => Command::Mark(mark),
    };
    let made = ask(client, command, the!(Reply::Marked)).await?;
    Ok(Answer::Annotation { annotation: made.mark.id })
}

/// What is to be made; its place is filled in later when there is a quote.
fn kind(wanted: &Annotate, text: &str) -> Result<MarkKind, Failure> {
    match wanted.kind {
        Kind::Highlight => match (&wanted.strokes, &wanted.quote) {
            (Some(file), None) => {
                let (strokes, width) = strokes(file)?;
                let width = wanted.width.or(width).unwrap_or(BAND_WIDTH);
                Ok(MarkKind::Ink { strokes, width, nib: Nib::Highlighter })
            }
            (Some(_) | None, _) => markup(wanted, MarkupStyle::Highlight),
        },
        Kind::Underline => markup(wanted, MarkupStyle::Underline),
        Kind::Strikeout => markup(wanted, MarkupStyle::Strikeout),
        Kind::Note => {
            let beside = wanted.quote.is_some().then(Point::default);
            Ok(MarkKind::Note { at: wanted.at.or(beside).ok_or_else(|| needs("--at X,Y"))? })
        }
        Kind::Text => match (wanted.rect, wanted.at) {
            (Some(corners), _) => Ok(MarkKind::Text { rect: between(corners) }),
            (None, Some(at)) => Ok(MarkKind::Text { rect: frame(at, text) }),
            (None, None) => Err(needs("--at X,Y")),
        },
        Kind::Ink => {
            let file = wanted.strokes.as_deref().ok_or_else(|| needs("--strokes FILE.json"))?;
            let (strokes, width) = strokes(file)?;
            let width = wanted.width.or(width).unwrap_or(INK_WIDTH);
            Ok(MarkKind::Ink { strokes, width, nib: Nib::Pen })
        }
        Kind::Shape => shape(wanted).map(MarkKind::Shape),
        Kind::Stamp => {
            let sign: Sign = wanted.stamp.ok_or_else(|| needs("--stamp SIGN"))?.into();
            let word = Words::new(crate::language()).sign(sign);
            let Point { x, y } = wanted.at.ok_or_else(|| needs("--at X,Y"))?;
            let (length, height) = (ink::stamp::length(&word), ink::stamp::HEIGHT);
            let rect = [x, y - height, x + length, y].into();
            Ok(MarkKind::Stamp(Stamp { sign, word, rect }))
        }
    }
}

fn markup(wanted: &Annotate, style: MarkupStyle) -> Result<MarkKind, Failure> {
    let rects = match (&wanted.quote, wanted.rect) {
        (Some(_), _) => Vec::new(),
        (None, Some(corners)) => vec![between(corners)],
        (None, None) => return Err(needs("--quote TEXT")),
    };
    Ok(MarkKind::Markup(Markup { style, rects, quote: Quote::default() }))
}

/// A form between two places, like a stroke, or of the usual size at a place.
fn shape(wanted: &Annotate) -> Result<Shape, Failure> {
    let form = wanted.shape.map(Form::from);
    let width = wanted.width.unwrap_or(INK_WIDTH);
    if let Some([from, to]) = wanted.rect {
        return Ok(Shape { form: form.unwrap_or(Form::Rectangle), from, to, width });
    }
    if let Some(file) = &wanted.strokes {
        let (strokes, said) = strokes(file)?;
        let width = wanted.width.or(said).unwrap_or(INK_WIDTH);
        return like(&strokes, form, width);
    }
    let Some(from) = wanted.at else { return Err(needs("--rect X0,Y0,X1,Y1")) };
    let to = from.shifted(Point { x: FORM.0, y: -FORM.1 });
    Ok(Shape { form: form.unwrap_or(Form::Rectangle), from, to, width })
}

/// The form that strokes are like; the one that was asked for, as large as they are.
fn like(strokes: &[Stroke], form: Option<Form>, width: f32) -> Result<Shape, Failure> {
    let points: Vec<_> = strokes.iter().flat_map(|stroke| &stroke.points).copied().collect();
    let whole = Stroke { points };
    let found = ink::recognise(&whole, width);
    if let Some(found) = found.filter(|found| form.is_none_or(|form| form == found.form)) {
        return Ok(found);
    }
    let (Some(first), Some(last), Some(form)) = (whole.points.first(), whole.points.last(), form)
    else {
        return Err(Failure::Problem(Reason::StrokesWithoutForm.into()));
    };
    let (from, to) = (Point { x: first.x, y: first.y }, Point { x: last.x, y: last.y });
    if matches!(form, Form::Line | Form::Arrow) {
        return Ok(Shape { form, from, to, width });
    }
    let corner = |p: &StrokePoint| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y };
    let all = whole.points.iter().map(corner).reduce(Rect::union).unwrap_or_default();
    let (from, to) = (Point { x: all.x0, y: all.y0 }, Point { x: all.x1, y: all.y1 });
    Ok(Shape { form, from, to, width })
}

fn between([a, b]: [Point; 2]) -> Rect {
    [a.x, a.y, b.x, b.y].into()
}

fn needs(what: &str) -> Failure {
    Failure::Usage(format!("This kind of mark needs {what}."))
}

/// A text box whose top left corner is here and into which the text fits.
fn frame(at: Point, text: &str) -> Rect {
    let lines = |line: &str| line.chars().count().div_ceil(LINE_CHARACTERS).max(1);
    let lines: usize = text.lines().map(lines).sum();
    let height = LINE * lines.max(1) as f32 + 8.0;
    [at.x, at.y - height, at.x + BOX_WIDTH, at.y].into()
}

/// Strokes with or without a width; a point without pressure has the middle one.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Bare(Vec<Vec<Sample>>),
    Drawn { strokes: Vec<Vec<Sample>>, width: Option<f32> },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Sample {
    Pressed([f32; 3]),
    Plain([f32; 2]),
}

fn strokes(file: &Path) -> Result<(Vec<Stroke>, Option<f32>), Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|_| Failure::Problem(Problem::about(ErrorCode::FileUnreadable, &name)))?;
    let read: File = serde_json::from_str(&text)
        .map_err(|_| Failure::Problem(Reason::StrokesForm { file: name.clone() }.into()))?;
    let (strokes, width) = match read {
        File::Bare(strokes) => (strokes, None),
        File::Drawn { strokes, width } => (strokes, width),
    };
    let point = |sample| match sample {
        Sample::Pressed(point) => point.into(),
        Sample::Plain([x, y]) => [x, y, 0.5].into(),
    };
    let stroke = |samples: Vec<Sample>| Stroke { points: samples.into_iter().map(point).collect() };
    Ok((strokes.into_iter().map(stroke).collect(), width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Stroke>, Option<f32>), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("strokes.json");
        std::fs::write(&file, text).unwrap();
        strokes(&file)
    }

    #[test]
    fn strokes_are_read_with_and_without_width_and_pressure() {
        let (strokes, width) = read("[[[1,2,0.25],[3,4,0.75]]]").unwrap();
        assert_eq!((strokes.len(), width), (1, None));
        assert_eq!(strokes[0].points[1], [3.0, 4.0, 0.75].into());
        let (strokes, width) = read(r#"{"strokes":[[[1,2]]],"width":3.5}"#).unwrap();
        assert_eq!((strokes[0].points[0].pressure, width), (0.5, Some(3.5)));
        assert!(read("[1,2]").is_err() && read("{}").is_err());
    }
}
