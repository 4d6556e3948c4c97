//! What leaves the app looks alike in other programs: poppler, MuPDF, a plain pdfium, and pdf.js in
//! Chromium. `cargo xtask setup` installs them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::RgbImage;
use ipc::ExportMode;
use tempfile::{TempDir, tempdir};

use crate::exporting::{COLOURED, differ, export, one_of_each, paper};

/// Another program.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Viewer {
    Poppler,
    MuPdf,
    Pdfium,
    PdfJs,
}

/// A cell's side, in pixels: fonts and edges differ from program to program within it.
const CELL: u32 = 6;
/// Colours of a cell nearer than this, of 255, look the same.
const NEAR: f32 = 56.0;

impl Viewer {
    const ALL: [Self; 4] = [Self::Poppler, Self::MuPdf, Self::Pdfium, Self::PdfJs];

    /// The first page at one pixel a point.
    fn draws(self, folder: &TempDir, paper: &Path) -> RgbImage {
        let out = folder.path().join("drawn.png");
        match self {
            Self::Poppler => {
                let arguments = ["-png", "-r", "72", "-f", "1", "-l", "1", "-singlefile"];
                let root = out.with_extension("");
                told(Command::new("pdftoppm").args(arguments).arg(paper).arg(root));
            }
            Self::MuPdf | Self::Pdfium => {
                let name = if self == Self::MuPdf { "mupdf" } else { "pdfium" };
                let script = here("tests/viewers/show.py");
                let python = installed("bin/python");
                told(Command::new(python).arg(script).arg(name).arg(paper).arg(&out));
            }
            Self::PdfJs => return in_chromium(folder, paper),
        }
        image::open(out).unwrap().to_rgb8()
    }
}

fn in_chromium(folder: &TempDir, paper: &Path) -> RgbImage {
    let out = folder.path().join("drawn.png");
    let file = |path: &Path| format!("file://{}", path.display());
    let pdfjs = file(&installed("node_modules/pdfjs-dist/legacy/build"));
    let page = folder.path().join("show.html");
    let script = std::fs::read_to_string(here("tests/viewers/show.html")).unwrap();
    let script = script.replace("PDFJS", &pdfjs).replace("PAPER", &file(paper));
    std::fs::write(&page, script).unwrap();
    let address = file(&page);
    let profile = format!("--user-data-dir={}", folder.path().join("chromium").display());
    let picture = format!("--screenshot={}", out.display());
    let done = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
        // Pages of files may read other files; time goes on only while something is being done.
        .args(["--allow-file-access-from-files", "--virtual-time-budget=30000"])
        .args(["--force-device-scale-factor=1", "--window-size=700,900"])
        .args([&profile, &picture, &address])
        .output()
        .expect("chromium is not installed; run `cargo xtask setup`");
    assert!(out.is_file(), "{}", String::from_utf8_lossy(&done.stderr));
    let shown = image::open(out).unwrap().to_rgb8();
    image::imageops::crop_imm(&shown, 0, 0, 595, 842).to_image()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A part of what the set-up installed.
fn installed(path: &str) -> PathBuf {
    let there = here("../../vendor/viewers").join(path);
    assert!(there.exists(), "other viewers are not installed; run `cargo xtask setup`");
    std::path::absolute(there).unwrap()
}

fn told(command: &mut Command) -> Output {
    let done = command.output().expect("a viewer is not installed; run `cargo xtask setup`");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

/// The share of cells in which two pictures do not look the same.
fn apart(a: &RgbImage, b: &RgbImage) -> f32 {
    let (columns, rows) = (595 / CELL, 842 / CELL);
    let cell = |image: &RgbImage, column: u32, row: u32| -> [f32; 3] {
        let mut sum = [0.0; 3];
        for (x, y) in (0..CELL * CELL).map(|at| (at % CELL, at / CELL)) {
            let pixel = image.get_pixel(column * CELL + x, row * CELL + y);
            for (sum, part) in sum.iter_mut().zip(pixel.0) {
                *sum += f32::from(part) / (CELL * CELL) as f32;
            }
        }
        sum
    };
    let differs = |(column, row): (u32, u32)| {
        let (a, b) = (cell(a, column, row), cell(b, column, row));
        a.iter().zip(b).any(|(a, b)| (a - b).abs() > NEAR)
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    cells.filter(|cell| differs(*cell)).count() as f32 / (columns * rows) as f32
}

#[tokio::test]
async fn other_programs_show_the_notes_alike() {
    let folder = tempdir().unwrap();
    let paper = paper(&folder);
    for mode in [ExportMode::Editable, ExportMode::Flattened] {
        let out = folder.path().join("copy.pdf");
        export(&paper, &out, one_of_each(1), mode).await.unwrap();
        let mut pictures = Vec::new();
        for viewer in Viewer::ALL {
            let (clean, noted) = (viewer.draws(&folder, &paper), viewer.draws(&folder, &out));
            for place in COLOURED {
                assert!(differ(&clean, &noted, place), "{viewer:?} {mode:?}: nothing at {place:?}");
            }
            assert!(!differ(&clean, &noted, (450, 400)), "{viewer:?} {mode:?}");
            pictures.push((viewer, noted));
        }
        let (_, first) = &pictures[0];
        for (viewer, picture) in &pictures {
            let apart = apart(first, picture);
            println!("{mode:?}: {viewer:?} differs from poppler in {:.2} %", apart * 100.0);
            assert!(apart < 0.01, "{viewer:?} {mode:?} shows {:.1} % otherwise", apart * 100.0);
        }
    }
}
