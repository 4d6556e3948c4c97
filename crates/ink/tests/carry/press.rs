//! Papers set on the spot: every word has a number, which says where it went in another version.

use super::ink::{Line, Rect, Sheet};

/// Dice that fall the same way every time.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub const fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }
}

/// One word.
#[derive(Debug, Clone)]
pub struct Word {
    /// 0 for what is set by the style: running heads, repeated table heads.
    pub number: u32,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Title,
    Body,
    Row,
}

/// A title, a paragraph, or the row of a table.
#[derive(Debug, Clone)]
pub struct Block {
    pub kind: Kind,
    pub words: Vec<Word>,
    pub new_page: bool,
}

/// A paper as it is written.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Blocks by section.
    pub sections: Vec<Vec<Block>>,
    words: u32,
}

/// How it is set.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Of the letters, in points; each is 0.6 of that wide.
    pub size: f32,
    pub margin: f32,
    pub heads: bool,
    /// Pictures of pages, without text.
    pub scan: bool,
}

pub const PLAIN: Style = Style { size: 10.0, margin: 70.0, heads: true, scan: false };

/// A line as it was set.
#[derive(Debug, Clone)]
pub struct Set {
    pub text: String,
    pub start: u32,
    pub rect: Rect,
    pub edges: Vec<f32>,
    /// Number, first and last character of each word.
    pub words: Vec<(u32, usize, usize)>,
}

/// The pages of a paper.
#[derive(Debug, Clone)]
pub struct Laid(pub Vec<Vec<Set>>);

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub page: usize,
    pub line: usize,
    pub rect: Rect,
}

const AREA: Rect = Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 };
const COMMON: &str = "le la les de du des et à en un une pour sur dans par que qui au aux est sont a été ce cette ses son";
const NOUNS: &str = "conseil commune budget délibération maire adjoint commission finances subvention convention marché travaux école voirie emprunt garantie société logement association personnel service exercice recette dépense crédit programme équipement bâtiment quartier habitant terrain parcelle cession acquisition montant taux durée échéance avenant lot entreprise maîtrise ouvrage étude rapport annexe tableau article règlement tarif redevance eau assainissement énergie transport culture sport jeunesse";
const VERBS: &str = "approuve autorise décide fixe attribue accorde prévoit présente constate rappelle propose sollicite retient confirme modifie complète précise engage finance réalise";

impl Paper {
    /// A council's report of so many sections.
    pub fn report(seed: u64, sections: usize) -> Self {
        let mut dice = Dice::new(seed);
        let mut paper = Self { sections: Vec::new(), words: 0 };
        for section in 0..sections {
            let made = paper.section(&mut dice, section + 1);
            paper.sections.push(made);
        }
        paper
    }

    /// A new section, in words that no other has.
    pub fn section(&mut self, dice: &mut Dice, number: usize) -> Vec<Block> {
        let title = format!("Article {number} {}", sentence(dice, 5));
        let mut blocks = vec![self.block(Kind::Title, &title)];
        for _ in 0..2 + dice.roll(4) {
            let text: Vec<String> = (0..2 + dice.roll(5))
                .map(|_| {
                    let length = 8 + dice.roll(18);
                    sentence(dice, length) + "."
                })
                .collect();
            blocks.push(self.block(Kind::Body, &text.join(" ")));
        }
        if dice.roll(3) == 0 {
            for row in 0..6 + dice.roll(24) {
                let noun = pick(NOUNS, dice);
                let text = format!(
                    "{} {noun} {}00,00 {}50,00",
                    60_000 + row * 7,
                    1 + dice.roll(90),
                    1 + dice.roll(90)
                );
                blocks.push(self.block(Kind::Row, &text));
            }
        }
        blocks
    }

    pub fn block(&mut self, kind: Kind, text: &str) -> Block {
        let words = text.split_whitespace().map(|text| self.word(text)).collect();
        Block { kind, words, new_page: false }
    }

    pub fn word(&mut self, text: &str) -> Word {
        self.words += 1;
        Word { number: self.words, text: text.to_owned() }
    }

    /// Sets the paper.
    pub fn set(&self, style: &Style) -> Laid {
        let mut setter =
            Setter { style: *style, pages: vec![Vec::new()], y: AREA.y1 - style.margin };
        let mut before = Kind::Title;
        for block in self.sections.iter().flatten() {
            if block.new_page && setter.pages.last().is_some_and(|page| !page.is_empty()) {
                setter.turn();
            }
            if block.kind == Kind::Row && before != Kind::Row {
                setter.table_head();
            }
            setter.block(block);
            before = block.kind;
        }
        setter.finish()
    }
}

struct Setter {
    style: Style,
    pages: Vec<Vec<Set>>,
    y: f32,
}

impl Setter {
    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = AREA.y1 - self.style.margin;
    }

    fn block(&mut self, block: &Block) {
        let across = ((AREA.x1 - 2.0 * self.style.margin) / (self.style.size * 0.6)) as usize;
        let mut line: Vec<&Word> = Vec::new();
        let mut length = 0;
        for word in &block.words {
            let wide = word.text.chars().count();
            if !line.is_empty() && length + 1 + wide > across {
                self.line(&line, block.kind);
                line.clear();
                length = 0;
            }
            length += wide + usize::from(!line.is_empty());
            line.push(word);
        }
        self.line(&line, block.kind);
        self.y -= self.style.size * 0.6;
    }

    fn line(&mut self, words: &[&Word], kind: Kind) {
        if self.y - self.style.size * 1.3 < self.style.margin {
            self.turn();
            if kind == Kind::Row {
                self.table_head();
            }
        }
        self.y -= self.style.size * 1.3;
        let (x, y) = (self.style.margin, self.y);
        self.put(words, x, y);
    }

    fn table_head(&mut self) {
        let head = "Chapitre Désignation Prévu Réalisé".split(' ');
        let words: Vec<Word> = head.map(|text| Word { number: 0, text: text.to_owned() }).collect();
        self.line(&words.iter().collect::<Vec<_>>(), Kind::Title);
    }

    fn put(&mut self, words: &[&Word], x: f32, y: f32) {
        let mut text = String::new();
        let mut places = Vec::new();
        let mut at = 0;
        for word in words {
            if !text.is_empty() {
                text.push(' ');
                at += 1;
            }
            let end = at + word.text.chars().count();
            places.push((word.number, at, end));
            text.push_str(&word.text);
            at = end;
        }
        let edges: Vec<f32> = (0..=at).map(|i| x + i as f32 * self.style.size * 0.6).collect();
        let rect = Rect { x0: x, y0: y, x1: *edges.last().unwrap(), y1: y + self.style.size };
        let Some(page) = self.pages.last_mut() else { return };
        page.push(Set { text, start: 0, rect, edges, words: places });
    }

    fn finish(mut self) -> Laid {
        let count = self.pages.len();
        if self.style.heads {
            let pages = std::mem::take(&mut self.pages);
            for (index, page) in pages.into_iter().enumerate() {
                self.pages.push(Vec::new());
                let own = |text: &str| -> Vec<Word> {
                    text.split(' ').map(|t| Word { number: 0, text: t.to_owned() }).collect()
                };
                let head = own("Ville de Valbrune – Rapport au conseil municipal");
                self.put(&head.iter().collect::<Vec<_>>(), 70.0, 805.0);
                self.pages.last_mut().unwrap().extend(page);
                let foot = own(&format!("Page {} sur {count}", index + 1));
                self.put(&foot.iter().collect::<Vec<_>>(), 250.0, 30.0);
            }
        }
        for page in &mut self.pages {
            if self.style.scan {
                page.clear();
            }
            let mut start = 0;
            for line in page {
                line.start = start;
                start += line.text.chars().count() as u32 + 1;
            }
        }
        Laid(self.pages)
    }
}

impl Set {
    fn line(&self) -> Line<'_> {
        let Self { text, start, rect, edges, .. } = self;
        Line { start: *start, text, rect: *rect, edges, vertical: false }
    }
}

impl Laid {
    pub fn sheets(&self) -> Vec<Sheet<'_>> {
        self.0
            .iter()
            .map(|page| Sheet { lines: page.iter().map(Set::line).collect(), area: AREA })
            .collect()
    }

    /// Where a word stands.
    pub fn find(&self, number: u32) -> Option<Place> {
        self.0.iter().enumerate().find_map(|(page, lines)| {
            lines.iter().enumerate().find_map(|(line, set)| {
                let (_, from, to) = set.words.iter().find(|(n, ..)| *n == number)?;
                let rect = Rect { x0: set.edges[*from], x1: set.edges[*to], ..set.rect };
                Some(Place { page, line, rect })
            })
        })
    }
}

fn pick<'a>(list: &'a str, dice: &mut Dice) -> &'a str {
    let words: Vec<&str> = list.split(' ').collect();
    words[dice.roll(words.len())]
}

/// A sentence of so many words, in French as far as its frequencies go.
pub fn sentence(dice: &mut Dice, words: usize) -> String {
    let one = |dice: &mut Dice| match dice.roll(20) {
        0..=8 => pick(COMMON, dice).to_owned(),
        9..=16 => pick(NOUNS, dice).to_owned(),
        17 => format!("{}", 2 + dice.roll(2_500)),
        _ => pick(VERBS, dice).to_owned(),
    };
    (0..words).map(|_| one(dice)).collect::<Vec<_>>().join(" ")
}

/// An edit of a paper, with its name.
pub type Edit = (&'static str, fn(&mut Paper, &mut Dice, &mut Style));

/// Kinds of edit that the clerk's office makes.
pub const EDITS: [Edit; 10] = [
    ("nothing", |_, _, _| {}),
    ("inserted page", |paper, dice, _| {
        let mut section = paper.section(dice, 99);
        section[0].new_page = true;
        let at = 1 + dice.roll(paper.sections.len() - 1);
        paper.sections[at][0].new_page = true;
        paper.sections.insert(at, section);
    }),
    ("deleted section", |paper, dice, _| {
        let at = dice.roll(paper.sections.len());
        paper.sections.remove(at);
    }),
    ("renumbered", |paper, _, _| {
        for section in &mut paper.sections {
            let number: usize = section[0].words[1].text.parse().unwrap();
            let word = paper.words + 1;
            paper.words = word;
            section[0].words[1] = Word { number: word, text: (number + 1).to_string() };
        }
    }),
    ("larger letters", |_, _, style| {
        style.size = 12.0;
    }),
    ("other margins, no heads", |_, _, style| {
        style.margin = 90.0;
        style.heads = false;
    }),
    ("edited paragraphs", |paper, dice, _| edit(paper, dice, 3)),
    ("rewritten sentences", |paper, dice, _| {
        for index in 0..paper.sections.len() {
            for block in 0..paper.sections[index].len() {
                if paper.sections[index][block].kind == Kind::Body && dice.roll(4) == 0 {
                    let text = sentence(dice, 14) + ".";
                    let made = paper.block(Kind::Body, &text);
                    let words = &mut paper.sections[index][block].words;
                    let from = dice.roll(words.len());
                    let to = (from + 12).min(words.len());
                    words.splice(from..to, made.words);
                }
            }
        }
    }),
    ("reordered sections", |paper, dice, _| {
        let at = dice.roll(paper.sections.len());
        let section = paper.sections.remove(at);
        let to = dice.roll(paper.sections.len() + 1);
        paper.sections.insert(to, section);
    }),
    ("everything at once", |paper, dice, style| {
        style.size = 11.0;
        for (_, edit) in &EDITS[1..4] {
            edit(paper, dice, style);
        }
        edit(paper, dice, 5);
        EDITS[8].1(paper, dice, style);
    }),
];

/// Changes one to three words in one of so many paragraphs.
fn edit(paper: &mut Paper, dice: &mut Dice, one_of: usize) {
    for section in 0..paper.sections.len() {
        for block in 0..paper.sections[section].len() {
            if paper.sections[section][block].kind != Kind::Body || dice.roll(one_of) > 0 {
                continue;
            }
            for _ in 0..1 + dice.roll(3) {
                let new = paper.word(pick(NOUNS, dice));
                let words = &mut paper.sections[section][block].words;
                let at = dice.roll(words.len());
                match dice.roll(3) {
                    0 => words[at] = new,
                    1 => words.insert(at, new),
                    _ => drop(words.remove(at)),
                }
            }
        }
    }
}
