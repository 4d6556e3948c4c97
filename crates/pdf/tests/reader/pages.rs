//! Pages as sizes and images.

use client::ports::{PaperPage, Papers, PdfErrorKind, RenderArea};
use image::{GenericImageView, RgbImage};
use ipc::{PageSize, PaperOutcome, Secret};
use lopdf::dictionary;
use tempfile::tempdir;

use crate::papers::{Paper, encrypted, numbers, save, text, torn};
use crate::{reader, whole};

const BLACK_BOX: &str = "0 g 100 642 100 100 re f";

fn decoded(image: &client::ports::PaperImage) -> RgbImage {
    image::load_from_memory(&image.bytes).unwrap().to_rgb8()
}

#[tokio::test]
async fn a_paper_tells_its_pages_its_title_and_its_text() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    paper.page(&text(&["Ordre du jour"]), &dictionary! {});
    paper.page(
        "",
        &dictionary! { "Rotate" => 90, "CropBox" => numbers(&[10.0, 20.0, 310.0, 420.0]) },
    );
    paper.page("", &dictionary! { "MediaBox" => numbers(&[0.0, 0.0, 1191.0, 842.0]) });
    let info =
        paper.document.add_object(dictionary! { "Title" => lopdf::text_string("Séance d’été") });
    paper.document.trailer.set("Info", info);
    let paper = paper.save(&folder, "paper.pdf");

    let inspection = reader().inspect(&paper).await.unwrap();

    assert_eq!(inspection.title.as_deref(), Some("Séance d’été"));
    assert!(inspection.searchable);
    let size =
        |width, height, rotation, left, bottom| PageSize { width, height, rotation, left, bottom };
    assert_eq!(
        inspection.sizes,
        [
            size(595.0, 842.0, 0, 0.0, 0.0),
            size(400.0, 300.0, 90, 10.0, 20.0),
            size(1191.0, 842.0, 0, 0.0, 0.0)
        ]
    );
}

#[tokio::test]
async fn a_glance_tells_every_extent_and_all_of_the_pages_around_the_one_that_is_read() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for page in 0..40 {
        let turned = dictionary! {
            "Rotate" => 90, "CropBox" => numbers(&[10.0, 20.0, 310.0, 420.0]),
        };
        paper.page(
            &text(&["Page"]),
            &if page % 2 == 0 {
                dictionary! {}
            } else {
                turned
            },
        );
    }
    let paper = paper.save(&folder, "long.pdf");
    let reader = reader();
    let whole = reader.inspect(&paper).await.unwrap();

    let glance = reader.glance(&paper, 20).await.unwrap();

    assert!(glance.known.contains(&20) && glance.known.contains(&21), "{:?}", glance.known);
    assert!(glance.known.clone().count() < 12);
    let extents =
        |sizes: &[PageSize]| sizes.iter().map(|size| (size.width, size.height)).collect::<Vec<_>>();
    assert_eq!(extents(&glance.sizes), extents(&whole.sizes));
    for (number, (glanced, size)) in (1..).zip(glance.sizes.iter().zip(&whole.sizes)) {
        assert!(glanced == size || !glance.known.contains(&number), "page {number}");
    }
    // The last page, one beyond it, and what reading the text tells on the way.
    for page in [40, 41] {
        assert_eq!(*reader.glance(&paper, page).await.unwrap().known.end(), 40);
    }
    let read = reader.all_text(&paper).await.unwrap();
    assert_eq!(read.inspection, whole);
}

#[tokio::test]
async fn a_scanned_paper_has_no_text_and_travels_as_jpeg() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    paper.scan(300, 7);
    let paper = paper.save(&folder, "scan.pdf");
    let reader = reader();
    assert!(!reader.inspect(&paper).await.unwrap().searchable);
    assert!(reader.text(&paper, 1).await.unwrap().lines.is_empty());
    assert_eq!(reader.render(&paper, whole(1, 600)).await.unwrap().mime, "image/jpeg");
}

#[tokio::test]
async fn a_page_is_drawn_where_it_should_be() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    paper.page(BLACK_BOX, &dictionary! {});
    let paper = paper.save(&folder, "box.pdf");
    let image = reader().render(&paper, whole(1, 595)).await.unwrap();
    assert_eq!(image.mime, "image/png");
    let image = decoded(&image);
    assert_eq!(image.dimensions(), (595, 842));
    assert_eq!(image.get_pixel(150, 150).0, [0; 3]);
    for (x, y) in [(50, 150), (250, 150), (150, 50), (150, 250)] {
        assert_eq!(image.get_pixel(x, y).0, [255; 3], "at {x},{y}");
    }
}

#[tokio::test]
async fn tiles_put_side_by_side_are_the_page() {
    let folder = tempdir().unwrap();
    let lines = ["Le conseil municipal, après en avoir délibéré, approuve", "à l’unanimité."];
    let content = format!("{} {BLACK_BOX}", text(&lines));
    let mut paper = Paper::new();
    paper.page(&content, &dictionary! { "Rotate" => 270 });
    let paper = paper.save(&folder, "tiles.pdf");
    let reader = reader();
    let page = decoded(&reader.render(&paper, whole(1, 1100)).await.unwrap());
    let (width, height) = page.dimensions();
    assert_eq!((width, height), (1100, 777));
    for (x, y) in [(0, 0), (512, 0), (1024, 0), (0, 512), (512, 512), (1024, 512)] {
        let area = RenderArea::Pixels { x, y, width: 512, height: 512 };
        let tile = reader.render(&paper, PaperPage { area, ..whole(1, 1100) }).await.unwrap();
        let tile = decoded(&tile);
        assert_eq!(tile.dimensions(), (512.min(width - x), 512.min(height - y)));
        let same = page.view(x, y, tile.width(), tile.height()).to_image();
        assert!(tile == same, "the tile at {x},{y} is not that part of the page");
    }
    let beyond = RenderArea::Pixels { x: 0, y: 1024, width: 512, height: 512 };
    let error =
        reader.render(&paper, PaperPage { area: beyond, ..whole(1, 1100) }).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::NoSuchPage);
}

#[tokio::test]
async fn annotations_of_the_paper_are_drawn() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let look = paper.document.add_object(lopdf::Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => numbers(&[0.0, 0.0, 100.0, 100.0]) },
        b"1 0 0 rg 0 0 100 100 re f".to_vec(),
    ));
    let note = dictionary! {
        "Type" => "Annot", "Subtype" => "Square", "F" => 4,
        "Rect" => numbers(&[100.0, 642.0, 200.0, 742.0]),
        "AP" => dictionary! { "N" => look },
    };
    let note = paper.document.add_object(note);
    paper.page("", &dictionary! { "Annots" => vec![lopdf::Object::Reference(note)] });
    let paper = paper.save(&folder, "annotated.pdf");
    let image = decoded(&reader().render(&paper, whole(1, 595)).await.unwrap());
    assert_eq!(image.get_pixel(150, 150).0, [255, 0, 0]);
}

#[tokio::test]
async fn a_page_too_large_to_draw_is_drawn_smaller() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    paper.page("", &dictionary! { "MediaBox" => numbers(&[0.0, 0.0, 100.0, 14_000.0]) });
    let paper = paper.save(&folder, "long.pdf");
    let image = decoded(&reader().render(&paper, whole(1, 1600)).await.unwrap());
    assert!(image.width() < 1600);
    assert_eq!((f64::from(image.height()) / f64::from(image.width())).round() as u32, 140);
}

#[tokio::test]
async fn each_difficulty_has_its_own_name_and_sentence() {
    let folder = tempdir().unwrap();
    let good = Paper::of_lines(&["Bonjour"]).bytes();
    let locked = save(&folder, "locked.pdf", &encrypted(Paper::of_lines(&["Secret"]), "secret"));
    let open = save(&folder, "open.pdf", &encrypted(Paper::of_lines(&["Ouvert"]), ""));
    let nothing = save(&folder, "nothing.pdf", b"");
    let no_page = save(&folder, "no-page.pdf", &Paper::new().bytes());
    let damaged = save(&folder, "torn.pdf", &torn(&good));
    let other = save(&folder, "other.pdf", b"This is not a PDF at all.");
    let fine = save(&folder, "fine.pdf", &good);
    let absent = folder.path().join("absent.pdf");
    let reader = reader();
    for (paper, kind, outcome, words) in [
        (&locked, Some(PdfErrorKind::Password), PaperOutcome::Password, "password"),
        (&open, None, PaperOutcome::Ok, "can be drawn"),
        (&nothing, Some(PdfErrorKind::Empty), PaperOutcome::Damaged, "empty"),
        (&no_page, Some(PdfErrorKind::Empty), PaperOutcome::Damaged, "no page"),
        (&damaged, Some(PdfErrorKind::Damaged), PaperOutcome::Damaged, "damaged"),
        (&other, Some(PdfErrorKind::Damaged), PaperOutcome::Damaged, "not a PDF"),
        (&absent, Some(PdfErrorKind::Unreadable), PaperOutcome::Damaged, "cannot be read"),
        (&fine, None, PaperOutcome::Ok, "can be drawn"),
    ] {
        let drawn = reader.render(paper, whole(1, 100)).await;
        assert_eq!(drawn.err().map(|error| error.kind), kind, "{}", paper.display());
        let check = reader.check(paper).await;
        assert_eq!(check.outcome, outcome, "{}: {}", paper.display(), check.message);
        assert!(check.message.contains(words), "{}: {}", paper.display(), check.message);
        assert_eq!(check.pages, u32::from(outcome == PaperOutcome::Ok), "{}", paper.display());
    }
    let error = reader.render(&fine, whole(2, 100)).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::NoSuchPage);
}

#[tokio::test]
async fn an_encrypted_paper_opens_with_its_password_until_it_is_forgotten() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for _ in 0..30 {
        paper.page(&text(&["Protection fonctionnelle"]), &dictionary! {});
    }
    let paper = save(&folder, "locked.pdf", &encrypted(paper, "huis clos"));
    let reader = reader();
    reader.know(&paper, Some(Secret::new("autre")));
    assert_eq!(reader.inspect(&paper).await.unwrap_err().kind, PdfErrorKind::Password);
    reader.know(&paper, Some(Secret::new("huis clos")));
    // More pages than a paper is held open for.
    assert_eq!(reader.inspect(&paper).await.unwrap().sizes.len(), 30);
    assert_eq!(reader.all_text(&paper).await.unwrap().pages[29], "Protection fonctionnelle");
    reader.render(&paper, whole(30, 200)).await.unwrap();
}

#[tokio::test]
async fn at_night_the_paper_is_dark_and_a_photograph_keeps_its_colours() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let picture = |colour: &[u8; 3]| {
        let about = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 8, "Height" => 8,
            "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8,
        };
        lopdf::Stream::new(about, colour.repeat(64))
    };
    let photograph = paper.document.add_object(picture(&[180, 60, 40]));
    let scan = paper.document.add_object(picture(&[250, 250, 248]));
    let resources = dictionary! { "XObject" => dictionary! { "P" => photograph, "S" => scan } };
    let content = "0 g 400 642 100 100 re f q 100 0 0 100 100 642 cm /P Do Q q 100 0 0 100 100 442 cm /S Do Q";
    paper.page(content, &dictionary! { "Resources" => resources });
    let paper = paper.save(&folder, "night.pdf");
    let reader = reader();
    let night = PaperPage { look: ipc::Look::Night, ..whole(1, 595) };
    let whole_page = decoded(&reader.render(&paper, night).await.unwrap());
    let bright =
        |x, y| whole_page.get_pixel(x, y).0.iter().map(|part| u32::from(*part)).sum::<u32>();
    assert!(bright(300, 300) < 120, "the paper");
    assert!(bright(450, 150) > 600, "black ink");
    let red = whole_page.get_pixel(150, 150).0;
    assert!(red[0] > 130 && red[1] < 80, "the photograph: {red:?}");
    assert!(bright(150, 350) < 120, "a scanned page is paper");
    // A tile of it is the same place of the same page.
    let area = RenderArea::Pixels { x: 90, y: 90, width: 64, height: 64 };
    let tile = decoded(&reader.render(&paper, PaperPage { area, ..night }).await.unwrap());
    assert_eq!(tile.get_pixel(40, 40), whole_page.get_pixel(130, 130));
    assert_eq!(tile.get_pixel(2, 2), whole_page.get_pixel(92, 92));
    let sepia = PaperPage { look: ipc::Look::Sepia, ..whole(1, 595) };
    let sepia = decoded(&reader.render(&paper, sepia).await.unwrap());
    assert_eq!(sepia.get_pixel(300, 300).0, [250, 241, 222]);
}

#[tokio::test]
async fn a_paper_that_changes_on_the_disk_is_read_anew() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Avant"]).save(&folder, "paper.pdf");
    let reader = reader();
    assert_eq!(reader.all_text(&paper).await.unwrap().pages, ["Avant"]);
    let first = reader.render(&paper, whole(1, 200)).await.unwrap();
    Paper::of_lines(&["Après le vote du budget"]).save(&folder, "paper.pdf");
    assert_eq!(reader.all_text(&paper).await.unwrap().pages, ["Après le vote du budget"]);
    assert_ne!(reader.render(&paper, whole(1, 200)).await.unwrap(), first);
}
