//! Marks out of the words of the command line.

use std::path::Path;

use client::Client;
use ink::{Colour, MarkKind, Markup, MarkupStyle, Point, Quote, Rect, Stroke};
use ipc::{Command, ErrorCode, NewMark, Problem, Reason, Reply};
use serde::Deserialize;

use crate::answers::Answer;
use crate::args::{Annotate, Kind};
use crate::failure::Failure;
use crate::tablet::{ask, the};

/// Width of ink when the file says none, in points.
const INK_WIDTH: f32 = 2.0;
/// Width of a text box, in points.
const BOX_WIDTH: f32 = 240.0;
/// Height of a line in a text box, in points.
const LINE: f32 = 15.0;
/// Characters that fit on a line of a text box, about.
const LINE_CHARACTERS: usize = 44;

/// Makes a mark.
pub(crate) async fn annotate(client: &Client, wanted: &Annotate) -> Result<Answer, Failure> {
    let text = wanted.text.clone().unwrap_or_default();
    let (kind, quote) = kind(wanted, &text)?;
    let usual = match wanted.kind {
        Kind::Ink | Kind::Text => Colour::Black,
        Kind::Highlight | Kind::Underline | Kind::Strikeout | Kind::Note | Kind::Shape => {
            Colour::Yellow
        }
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
    let command = match quote {
        Some(quote) => Command::MarkQuote { mark, quote },
        None => Command::Mark(mark),
    };
    let made = ask(client, command, the!(Reply::Marked)).await?;
    Ok(Answer::Annotation { annotation: made.mark.id })
}

fn kind(wanted: &Annotate, text: &str) -> Result<(MarkKind, Option<String>), Failure> {
    let markup = |style| {
        let quote = wanted.quote.clone().ok_or_else(|| needs("--quote TEXT"))?;
        let empty = Markup { style, rects: Vec::new(), quote: Quote::default() };
        Ok((MarkKind::Markup(empty), Some(quote)))
    };
    let at = || wanted.at.ok_or_else(|| needs("--at X,Y"));
    match wanted.kind {
        Kind::Highlight => markup(MarkupStyle::Highlight),
        Kind::Underline => markup(MarkupStyle::Underline),
        Kind::Strikeout => markup(MarkupStyle::Strikeout),
        Kind::Note => Ok((MarkKind::Note { at: at()? }, None)),
        Kind::Text => Ok((MarkKind::Text { rect: frame(at()?, text) }, None)),
        Kind::Ink => {
            let file = wanted.strokes.as_deref().ok_or_else(|| needs("--strokes FILE.json"))?;
            let (strokes, width) = strokes(file)?;
            Ok((MarkKind::Ink { strokes, width }, None))
        }
        Kind::Shape => Err(Failure::Said("Shapes cannot be drawn yet; use ink.".to_owned())),
    }
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

fn strokes(file: &Path) -> Result<(Vec<Stroke>, f32), Failure> {
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
    Ok((strokes.into_iter().map(stroke).collect(), width.unwrap_or(INK_WIDTH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Stroke>, f32), Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("strokes.json");
        std::fs::write(&file, text).unwrap();
        strokes(&file)
    }

    #[test]
    fn strokes_are_read_with_and_without_width_and_pressure() {
        let (strokes, width) = read("[[[1,2,0.25],[3,4,0.75]]]").unwrap();
        assert_eq!((strokes.len(), width), (1, INK_WIDTH));
        assert_eq!(strokes[0].points[1], [3.0, 4.0, 0.75].into());
        let (strokes, width) = read(r#"{"strokes":[[[1,2]]],"width":3.5}"#).unwrap();
        assert_eq!((strokes[0].points[0].pressure, width), (0.5, 3.5));
        assert!(read("[1,2]").is_err() && read("{}").is_err());
    }
}
