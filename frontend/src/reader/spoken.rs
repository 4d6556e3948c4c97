//! The page for who listens to it: its words where they stand, in reading order, with what they
//! are, and each mark announced beside the words that it marks.

use std::collections::BTreeMap;

use ink::{MarkKind, MarkupStyle, Rect};
use ipc::{PageReading, PageSize, PageText, ReadingPart, ReadingRole, Remark};
use yew::prelude::*;

use super::acts::Acts;
use super::marks::{PageMarks, Placed};
use super::remarks::said as said_of;
use super::same::Same;
use super::view::place;
use crate::components::note_row::colour_name;
use crate::words::Tongue;

#[derive(Properties, PartialEq)]
pub(crate) struct SpokenProps {
    pub(crate) acts: Acts,
    pub(crate) text: Same<PageText>,
    /// None until the page's order is known: its lines are read as they come.
    pub(crate) reading: Option<Same<PageReading>>,
    pub(crate) marks: PageMarks,
    pub(crate) size: PageSize,
}

#[component]
pub(crate) fn Spoken(props: &SpokenProps) -> Html {
    let words = props.acts.words();
    let page = Page {
        text: &props.text,
        size: &props.size,
        said: announced(&props.text, &props.marks, props.reading.as_deref(), &words),
    };
    let body = match &props.reading {
        Some(reading) => page.parts(&reading.parts),
        None => (0..)
            .zip(&props.text.lines)
            .map(|(n, line)| {
                page.run(n, 0, u32::try_from(line.text.chars().count()).unwrap_or(u32::MAX))
            })
            .collect(),
    };
    html! { <div class="layer words">{ body }</div> }
}

struct Page<'a> {
    text: &'a PageText,
    size: &'a PageSize,
    /// What is said after a line.
    said: BTreeMap<u32, Vec<String>>,
}

impl Page<'_> {
    fn parts(&self, parts: &[ReadingPart]) -> Html {
        parts.iter().map(|part| self.part(part)).collect()
    }

    fn part(&self, part: &ReadingPart) -> Html {
        let (role, said, parts) = match part {
            ReadingPart::Text { line, from, to } => return self.run(*line, *from, *to),
            ReadingPart::Group { role, said, parts } => (role, said.clone(), parts),
        };
        let inside = self.parts(parts);
        match role {
            ReadingRole::Plain => match said {
                Some(said) => html! { <span class="unseen">{ said }</span> },
                None => inside,
            },
            ReadingRole::Paragraph => html! { <div role="paragraph">{ inside }</div> },
            // The paper's title in the bar is the first heading.
            ReadingRole::Heading(level) => html! {
                <div role="heading" aria-level={(level + 1).to_string()}>{ inside }</div>
            },
            ReadingRole::Figure => html! {
                <div role="img" aria-label={said.unwrap_or_else(|| self.words_of(parts))} />
            },
            ReadingRole::List => html! { <div role="list">{ inside }</div> },
            ReadingRole::Item => html! { <div role="listitem">{ inside }</div> },
            ReadingRole::Table => html! { <div role="table">{ inside }</div> },
            ReadingRole::Row => html! { <div role="row">{ inside }</div> },
            ReadingRole::Header => html! { <div role="columnheader">{ inside }</div> },
            ReadingRole::Cell => html! { <div role="cell">{ inside }</div> },
            ReadingRole::Quote => html! { <blockquote>{ inside }</blockquote> },
            ReadingRole::Note => html! { <div role="note">{ inside }</div> },
        }
    }

    /// The words of parts, one after another.
    fn words_of(&self, parts: &[ReadingPart]) -> String {
        let each = parts.iter().map(|part| match part {
            ReadingPart::Text { line, from, to } => self.letters(*line, *from, *to),
            ReadingPart::Group { said, parts, .. } => {
                said.clone().unwrap_or_else(|| self.words_of(parts))
            }
        });
        each.collect::<Vec<_>>().join(" ")
    }

    fn letters(&self, line: u32, from: u32, to: u32) -> String {
        let line = usize::try_from(line).ok().and_then(|line| self.text.lines.get(line));
        let text = line.map_or("", |line| line.text.as_str());
        text.chars().skip(from as usize).take(to.saturating_sub(from) as usize).collect()
    }

    /// A run of characters of a line where it stands, and what is said after the line.
    fn run(&self, number: u32, from: u32, to: u32) -> Html {
        let line = usize::try_from(number).ok().and_then(|line| self.text.lines.get(line));
        let Some(line) = line else { return Html::default() };
        let edge = |at: u32| line.edges.get(at as usize).copied();
        let rect = match (edge(from), edge(to)) {
            (Some(a), Some(b)) if line.vertical => Rect::from([line.rect.x0, a, line.rect.x1, b]),
            (Some(a), Some(b)) => Rect::from([a, line.rect.y0, b, line.rect.y1]),
            _ => line.rect,
        };
        let tall = line.rect.height().min(line.rect.width());
        let part = f64::from(tall) * 80.0 / f64::from(self.size.width);
        let style = format!("{};font-size:{part:.3}cqw", place(self.size, rect));
        let is_end = usize::try_from(to).is_ok_and(|to| to + 1 >= line.edges.len());
        let said = self.said.get(&number).filter(|_| is_end);
        html! {
            <>
                <span {style}>{ self.letters(number, from, to) }{ " " }</span>
                { for said.into_iter().flatten().map(|said| html! {
                    <span class="unseen" role="note">{ said }</span>
                }) }
            </>
        }
    }
}

/// What is said of the marks, after the line in which each of them ends. Sticky notes and text
/// boxes speak for themselves: they are buttons on the page.
fn announced(
    text: &PageText,
    marks: &PageMarks,
    reading: Option<&PageReading>,
    words: &Tongue,
) -> BTreeMap<u32, Vec<String>> {
    let mut said: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    // Comments of other programs are buttons too; a form's fields are read where they stand.
    let fields = reading.into_iter().flat_map(|reading| &reading.remarks);
    for field in fields.filter(|it| !matches!(it.what, Remark::Comment { .. })) {
        let line = line_of(text, &[field.rect], field.rect);
        said.entry(line).or_default().push(said_of(words, field));
    }
    for placed in marks.iter() {
        if let Some(sentence) = sentence(placed, words) {
            let rects = placed.mark.kind.rects();
            said.entry(line_of(text, &rects, placed.bounds)).or_default().push(sentence);
        }
    }
    said
}

/// The line that something touches last, or the one nearest above it.
fn line_of(text: &PageText, rects: &[Rect], bounds: Rect) -> u32 {
    let middle = |rect: &Rect| ((rect.x0 + rect.x1) / 2.0, (rect.y0 + rect.y1) / 2.0);
    let touched = (0_u32..).zip(&text.lines).filter(|(_, line)| {
        rects.iter().any(|rect| {
            let (x, y) = middle(rect);
            line.rect.contains([x, y].into())
        })
    });
    let nearest = || {
        let far = |line: &Rect| (line.y0 - bounds.y1).abs();
        (0_u32..)
            .zip(&text.lines)
            .min_by(|a, b| far(&a.1.rect).total_cmp(&far(&b.1.rect)))
            .map_or(0, |(number, _)| number)
    };
    touched.map(|(number, _)| number).last().unwrap_or_else(nearest)
}

fn sentence(placed: &Placed, words: &Tongue) -> Option<String> {
    let mark = &placed.mark;
    let colour = words.say(&format!("colour-{}", colour_name(mark.colour)));
    let (key, quote) = if let MarkKind::Markup(markup) = &mark.kind {
        let key = match markup.style {
            MarkupStyle::Highlight => "spoken-highlight",
            MarkupStyle::Underline => "spoken-underline",
            MarkupStyle::Strikeout => "spoken-strikeout",
        };
        (key, mark.kind.words().into_owned())
    } else if matches!(mark.kind, MarkKind::Ink { .. }) {
        ("spoken-ink", String::new())
    } else {
        return None;
    };
    let places = [
        ("colour", colour.into()),
        ("quote", quote.into()),
        ("noted", i32::from(!mark.text.is_empty()).into()),
        ("text", mark.text.as_str().into()),
    ];
    Some(words.fill(key, &places))
}
