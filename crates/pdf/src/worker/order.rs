//! The reading order of a page that does not tell it: lines become paragraphs and headings, and
//! columns are read one after another.
//!
//! Most programs write a page in the order in which it is read; that order is kept. Where it jumps
//! upwards again and again, the page is cut at its widest gaps instead, columns before rows (the XY
//! cut of Nagy and Seth, 1984).

use ink::Rect;
use ipc::{ReadingPart, ReadingRole, TextLine};

/// How much lower the next line of a paragraph may stand, in heights of a line.
const LEADING: f32 = 0.9;
/// How much taller than the page's letters a heading's are.
const TALL: f32 = 1.18;
/// Longest heading, in characters.
const HEADING: usize = 180;
/// Narrowest gap between columns, in points.
const GUTTER: f32 = 9.0;
/// Deepest cut.
const CUTS: u32 = 24;

/// Lines that belong together.
#[derive(Debug, Clone)]
struct Block {
    rect: Rect,
    lines: Vec<usize>,
    height: f32,
    characters: usize,
}

/// The page's parts in reading order.
pub(crate) fn parts(lines: &[TextLine]) -> Vec<ReadingPart> {
    let mut blocks = blocks(lines);
    if jumps(&blocks) {
        blocks = cut(blocks, CUTS);
    }
    let usual = usual_height(&blocks);
    let mut heights: Vec<f32> = blocks
        .iter()
        .filter(|block| is_heading(block, usual))
        .map(|block| (block.height * 2.0).round() / 2.0)
        .collect();
    heights.sort_by(|a, b| b.total_cmp(a));
    heights.dedup();
    blocks
        .iter()
        .map(|block| {
            let rounded = (block.height * 2.0).round() / 2.0;
            let level = heights.iter().position(|height| *height <= rounded).unwrap_or(0);
            let role = if is_heading(block, usual) {
                ReadingRole::Heading(u8::try_from(level + 1).unwrap_or(6).min(6))
            } else {
                ReadingRole::Paragraph
            };
            let parts = block.lines.iter().filter_map(|index| {
                let count = lines.get(*index)?.text.chars().count();
                let (line, to) = (u32::try_from(*index).ok()?, u32::try_from(count).ok()?);
                Some(ReadingPart::Text { line, from: 0, to })
            });
            ReadingPart::Group { role, said: None, parts: parts.collect() }
        })
        .collect()
}

fn blocks(lines: &[TextLine]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let height = if line.vertical { line.rect.width() } else { line.rect.height() };
        let characters = line.text.chars().count();
        let last = blocks.last_mut().filter(|block| {
            let last = block.lines.last().and_then(|last| lines.get(*last));
            last.is_some_and(|last| goes_on(last, line, height, block.height))
        });
        match last {
            Some(block) => {
                block.rect = block.rect.union(line.rect);
                block.lines.push(index);
                block.characters += characters;
            }
            None => {
                blocks.push(Block { rect: line.rect, lines: vec![index], height, characters });
            }
        }
    }
    blocks
}

/// Whether a line goes on what the line before began.
fn goes_on(last: &TextLine, line: &TextLine, height: f32, of_block: f32) -> bool {
    let alike = height.max(of_block) <= height.min(of_block) * 1.3 + 0.5;
    if last.vertical || line.vertical || !alike {
        return last.vertical == line.vertical && alike && last.rect.touches(&line.rect.grown(3.0));
    }
    let (a, b) = (last.rect, line.rect);
    let beside = a.y1.min(b.y1) - a.y0.max(b.y0) > height * 0.5;
    if beside {
        // Parts of one line; what stands further away is another cell or column.
        return b.x0 >= a.x0 && b.x0 - a.x1 < height * 2.0;
    }
    let over = a.x1.min(b.x1) - a.x0.max(b.x0);
    let below = a.y0 - b.y1;
    below < height * LEADING && b.y0 < a.y0 && over > a.width().min(b.width()) * 0.3
}

/// Blocks before one among which the last of its column is looked for.
const BACK: usize = 40;

/// Whether the order of the content goes up in its own column again and again.
fn jumps(blocks: &[Block]) -> bool {
    let up = blocks.iter().enumerate().filter(|(index, block)| {
        let before = blocks.get(index.saturating_sub(BACK)..*index).unwrap_or_default();
        let over = |other: &&Block| {
            other.rect.x1.min(block.rect.x1) - other.rect.x0.max(block.rect.x0) > 0.0
        };
        let last = before.iter().rev().find(over);
        last.is_some_and(|last| block.rect.y0 >= last.rect.y1)
    });
    let up = up.count();
    up >= 2 && up * 8 > blocks.len()
}

/// Cuts at the widest gutter, or else between the rows that are furthest apart.
fn cut(mut blocks: Vec<Block>, depth: u32) -> Vec<Block> {
    if blocks.len() < 2 || depth == 0 {
        return blocks;
    }
    let columns = gap(blocks.iter().map(|block| (block.rect.x0, block.rect.x1)).collect());
    if let Some((at, _)) = columns.filter(|(_, wide)| *wide >= GUTTER) {
        let (left, right): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|block| block.rect.x1 <= at);
        return joined(cut(left, depth - 1), cut(right, depth - 1));
    }
    if let Some((at, _)) = gap(blocks.iter().map(|b| (b.rect.y0, b.rect.y1)).collect()) {
        let (upper, lower): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|block| block.rect.y0 >= at);
        return joined(cut(upper, depth - 1), cut(lower, depth - 1));
    }
    blocks.sort_by(|a, b| b.rect.y1.total_cmp(&a.rect.y1).then(a.rect.x0.total_cmp(&b.rect.x0)));
    blocks
}

fn joined(mut first: Vec<Block>, second: Vec<Block>) -> Vec<Block> {
    first.extend(second);
    first
}

/// Middle and width of the widest gap between spans.
fn gap(mut spans: Vec<(f32, f32)>) -> Option<(f32, f32)> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut end = spans.first()?.1;
    let mut widest: Option<(f32, f32)> = None;
    for (from, to) in spans {
        let wide = from - end;
        if wide > 0.0 && widest.is_none_or(|(_, known)| wide > known) {
            widest = Some((end + wide / 2.0, wide));
        }
        end = end.max(to);
    }
    widest
}

/// The height that most characters of the page have.
fn usual_height(blocks: &[Block]) -> f32 {
    let mut heights: Vec<(f32, usize)> =
        blocks.iter().map(|block| (block.height, block.characters)).collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = heights.iter().map(|(_, count)| count).sum::<usize>() / 2;
    let mut seen = 0;
    heights
        .iter()
        .find(|(_, count)| {
            seen += count;
            seen > half
        })
        .map_or(0.0, |(height, _)| *height)
}

fn is_heading(block: &Block, usual: f32) -> bool {
    block.height > usual * TALL && block.characters <= HEADING && block.lines.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f32, top: f32, width: f32, height: f32) -> TextLine {
        let count = text.chars().count();
        let edges = (0..=count).map(|i| x0 + width * i as f32 / count.max(1) as f32).collect();
        let rect = Rect { x0, y0: top - height, x1: x0 + width, y1: top };
        TextLine { start: 0, text: text.to_owned(), rect, edges, vertical: false }
    }

    /// The first words of each part with its role.
    fn told(lines: &[TextLine]) -> Vec<(ReadingRole, String)> {
        parts(lines)
            .into_iter()
            .map(|part| {
                let ReadingPart::Group { role, parts, .. } = part else { panic!("bare text") };
                let words = parts.iter().map(|part| {
                    let ReadingPart::Text { line, .. } = part else { panic!("nested") };
                    lines[*line as usize].text.clone()
                });
                (role, words.collect::<Vec<_>>().join(" "))
            })
            .collect()
    }

    #[test]
    fn a_taller_line_is_a_heading_and_close_lines_are_one_paragraph() {
        let lines = [
            line("Garantie d’emprunt", 72.0, 780.0, 300.0, 20.0),
            line("Le conseil municipal, après en", 72.0, 740.0, 400.0, 12.0),
            line("avoir délibéré, approuve.", 72.0, 726.0, 380.0, 12.0),
            line("Article 2", 72.0, 690.0, 100.0, 12.0),
        ];
        let (heading, paragraph) = (ReadingRole::Heading(1), ReadingRole::Paragraph);
        assert_eq!(
            told(&lines),
            [
                (heading, "Garantie d’emprunt".to_owned()),
                (paragraph, "Le conseil municipal, après en avoir délibéré, approuve.".to_owned()),
                (paragraph, "Article 2".to_owned()),
            ]
        );
    }

    #[test]
    fn columns_written_line_by_line_are_read_one_after_the_other() {
        let mut lines = vec![line("Titre", 72.0, 800.0, 450.0, 12.0)];
        for row in 0..6 {
            // The program wrote the page from its foot.
            let top = 500.0 + row as f32 * 40.0;
            lines.push(line(&format!("gauche {row}"), 72.0, top, 200.0, 12.0));
            lines.push(line(&format!("droite {row}"), 320.0, top, 200.0, 12.0));
        }
        let words: Vec<String> = told(&lines).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words.first().map(String::as_str), Some("Titre"));
        let place = |word: &str| words.iter().position(|w| w.contains(word)).unwrap();
        assert!(place("gauche 5") < place("gauche 0"), "{words:?}");
    }
}
