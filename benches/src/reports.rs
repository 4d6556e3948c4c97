//! Papers to read, made on the spot and always the same: a thousand dense pages of text, a report of
//! 500 pages and about 105 MB, forty scanned pages.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use jpeg_encoder::{ColorType, Encoder};

/// Words of a council's papers, for lines that look like them.
const WORDS: &str = "le conseil municipal approuve la convention de partenariat relative au budget \
                     primitif et autorise madame la maire signer tout document montant euros \
                     commission finances subvention";
/// Lines of a dense page, and characters of a line.
const LINES: usize = 52;
const LINE: usize = 74;
/// Side of the report's pictures, in pixels: 500 of them weigh about 100 MB.
const PICTURE: u16 = 840;
/// An A4 page at 200 dots an inch.
const SCAN: (u16, u16) = (1654, 2339);

/// A kind of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Report {
    Text,
    Pictures,
    Scans,
}

impl Report {
    pub(crate) const ALL: [Self; 3] = [Self::Text, Self::Pictures, Self::Scans];

    /// What it is called in the table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Pictures => "105 MB report",
            Self::Scans => "scans",
        }
    }

    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::Text => "01-texte.pdf",
            Self::Pictures => "02-rapport.pdf",
            Self::Scans => "03-numerises.pdf",
        }
    }

    pub(crate) const fn pages(self) -> u32 {
        match self {
            Self::Text => 1_000,
            Self::Pictures => 500,
            Self::Scans => 40,
        }
    }

    /// Writes it into a folder, unless it is there.
    pub(crate) fn write(self, folder: &Path) -> Result<std::path::PathBuf> {
        let path = folder.join(self.file());
        if path.is_file() {
            return Ok(path);
        }
        let fresh = path.with_extension("made");
        let mut pdf = Pdf::begin(&fresh)?;
        let mut dice = Dice(0x9E37_79B9 + u64::from(self.pages()));
        for number in 1..=self.pages() {
            match self {
                Self::Text => pdf.page(&lines(&mut dice, number, LINES), None)?,
                Self::Pictures => {
                    let mut content = lines(&mut dice, number, LINES / 2);
                    content.push_str("q 480 0 0 350 56 50 cm /I Do Q\n");
                    let picture = photograph(&mut dice, number)?;
                    pdf.page(&content, Some((&picture, PICTURE, PICTURE)))?;
                }
                Self::Scans => {
                    let picture = scanned(&mut dice)?;
                    pdf.page("q 595 0 0 842 0 0 cm /I Do Q\n", Some((&picture, SCAN.0, SCAN.1)))?;
                }
            }
        }
        pdf.end()?;
        std::fs::rename(fresh, &path)?;
        Ok(path)
    }
}

/// Numbers that look thrown (xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % below
    }

    /// Around zero, at most `far` away.
    fn around(&mut self, far: i32) -> i32 {
        let wide = u64::try_from(far * 2 + 1).unwrap_or(1);
        i32::try_from(self.throw(wide)).unwrap_or(0) - far
    }
}

/// Lines of text as a page's content; the first names the page.
fn lines(dice: &mut Dice, number: u32, count: usize) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut content = "BT /F 10 Tf 14 TL 56 790 Td\n".to_owned();
    for line in 0..count {
        let mut text = if line == 0 { format!("Page {number} ") } else { String::new() };
        while text.len() < LINE {
            let word = usize::try_from(dice.throw(words.len() as u64)).unwrap_or(0);
            text.push_str(words.get(word).unwrap_or(&"euros"));
            text.push(' ');
        }
        content.push_str(&format!("({}) '\n", text.trim_end()));
    }
    content.push_str("ET\n");
    content
}

/// Soft colours with the grain of a camera.
fn photograph(dice: &mut Dice, number: u32) -> Result<Vec<u8>> {
    let side = i32::from(PICTURE);
    let mut pixels = Vec::with_capacity(usize::from(PICTURE) * usize::from(PICTURE) * 3);
    let tint = i32::try_from(number % 90)?;
    for y in 0..side {
        for x in 0..side {
            let grain = dice.around(19);
            for part in [60 + x * 120 / side, 50 + y * 120 / side, 70 + tint] {
                let part = part + grain + dice.around(6);
                pixels.push(u8::try_from(part.clamp(0, 255))?);
            }
        }
    }
    jpeg(&pixels, PICTURE, PICTURE, 82)
}

/// Rows of letters on grainy paper.
fn scanned(dice: &mut Dice) -> Result<Vec<u8>> {
    let (width, height) = (usize::from(SCAN.0), usize::from(SCAN.1));
    let mut pixels = vec![0; width * height * 3];
    for pixel in pixels.as_chunks_mut::<3>().0 {
        let part = u8::try_from(242 + dice.around(12))?;
        *pixel = [part, part, part.saturating_sub(4)];
    }
    for row in 0..58 {
        for column in 0..84 {
            if dice.throw(6) == 0 {
                continue;
            }
            let (left, top) = (150 + column * 16, 180 + row * 34);
            // A stem, a bar and another stem make a letter.
            let bar = usize::try_from(dice.throw(16))?;
            for y in 0..22_usize {
                for x in 0..11 {
                    if x < 3 || (x > 8 && dice.throw(9) > 0) || y.abs_diff(bar) < 2 {
                        let at = ((top + y) * width + left + x) * 3;
                        if let Some(pixel) = pixels.get_mut(at..at + 3) {
                            pixel.fill(u8::try_from(40 + dice.throw(30))?);
                        }
                    }
                }
            }
        }
    }
    jpeg(&pixels, SCAN.0, SCAN.1, 90)
}

fn jpeg(pixels: &[u8], width: u16, height: u16, quality: u8) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    Encoder::new(&mut file, quality).encode(pixels, width, height, ColorType::Rgb)?;
    Ok(file)
}

/// A PDF that is written page by page.
struct Pdf {
    out: BufWriter<File>,
    written: u64,
    /// Where the objects begin, from number 3 on: the font, then those of the pages.
    places: Vec<u64>,
    pages: Vec<usize>,
}

impl Pdf {
    fn begin(path: &Path) -> Result<Self> {
        let out = BufWriter::new(File::create(path).context("a paper")?);
        let mut pdf = Self { out, written: 0, places: Vec::new(), pages: Vec::new() };
        pdf.put(b"%PDF-1.5\n")?;
        let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";
        pdf.object(font.as_bytes())?;
        Ok(pdf)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes the next object; its number.
    fn object(&mut self, body: &[u8]) -> Result<usize> {
        self.places.push(self.written);
        let number = self.places.len() + 2;
        self.put(format!("{number} 0 obj\n").as_bytes())?;
        self.put(body)?;
        self.put(b"\nendobj\n")?;
        Ok(number)
    }

    fn stream(&mut self, about: &str, bytes: &[u8]) -> Result<usize> {
        let mut body = format!("<<{about}/Length {}>>stream\n", bytes.len()).into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\nendstream");
        self.object(&body)
    }

    fn page(&mut self, content: &str, picture: Option<(&[u8], u16, u16)>) -> Result<()> {
        let mut things = String::new();
        if let Some((bytes, width, height)) = picture {
            let about = format!(
                "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB\
                 /BitsPerComponent 8/Filter/DCTDecode"
            );
            things = format!("/XObject<</I {} 0 R>>", self.stream(&about, bytes)?);
        }
        let content = self.stream("", content.as_bytes())?;
        let page = self.object(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R\
                 /Resources<</Font<</F 3 0 R>>{things}>>>>"
            )
            .as_bytes(),
        )?;
        self.pages.push(page);
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        let kids: String = self.pages.iter().map(|page| format!("{page} 0 R ")).collect();
        let count = self.pages.len();
        let first = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Count {count}/Kids[{kids}]>>"),
        ];
        let mut places = Vec::new();
        for (number, body) in (1..).zip(first) {
            places.push(self.written);
            self.put(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes())?;
        }
        places.append(&mut self.places);
        let (table, size) = (self.written, places.len() + 1);
        self.put(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for place in places {
            self.put(format!("{place:010} 00000 n \n").as_bytes())?;
        }
        let end = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
        self.put(end.as_bytes())?;
        self.out.flush()?;
        Ok(())
    }
}
