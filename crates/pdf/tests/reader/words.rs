//! Text and outlines.

use client::ports::Papers;
use ipc::{LinkTarget, OutlineEntry, PageText, ReadingPart};
use lopdf::{Object, ObjectId, dictionary};
use tempfile::tempdir;

use crate::papers::{Paper, bytes, numbers, save, text};
use crate::reader;

/// What every line promises.
fn check(page: &PageText) {
    let mut start = 0;
    for line in &page.lines {
        let count = line.text.chars().count();
        assert_eq!(line.start, start, "{}", line.text);
        assert_eq!(line.edges.len(), count + 1, "{}", line.text);
        assert!(
            line.edges.is_sorted() || line.edges.is_sorted_by(|a, b| a >= b),
            "{}: {:?}",
            line.text,
            line.edges
        );
        assert!(line.rect.width() > 0.0 && line.rect.height() > 0.0, "{}", line.text);
        start += count as u32 + 1;
    }
}

fn lines(page: &PageText) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

#[tokio::test]
async fn lines_stand_in_order_and_each_letter_has_its_place() {
    let folder = tempdir().unwrap();
    let written = ["Délibération n° 12 : subvention", "Le conseil municipal, réuni,", "approuve."];
    let paper = Paper::of_lines(&written).save(&folder, "lines.pdf");
    let page = reader().text(&paper, 1).await.unwrap();
    check(&page);
    assert_eq!(lines(&page), written);
    let first = &page.lines[0];
    assert!((first.edges[0] - 72.0).abs() < 2.0, "{:?}", first.edges);
    // Helvetica's D is 722 thousandths wide.
    assert!((first.edges[1] - first.edges[0] - 8.7).abs() < 1.5, "{:?}", first.edges);
    assert!(first.rect.y0 < 760.0 && first.rect.y1 > 768.0, "{:?}", first.rect);
    assert!(!first.vertical);
}

#[tokio::test]
async fn a_quote_across_lines_is_found_with_its_rectangles() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Le conseil approuve la conven-", "tion avec la région."]);
    let paper = paper.save(&folder, "quote.pdf");
    let page = reader().text(&paper, 1).await.unwrap();
    let lines: Vec<ink::Line<'_>> = page.lines.iter().map(Into::into).collect();
    let found = ink::quote::find(&lines, "approuve la convention").unwrap();
    assert_eq!(found.rects.len(), 2);
}

#[tokio::test]
async fn lines_come_to_the_index_as_they_end() {
    let folder = tempdir().unwrap();
    let written = ["La conven-", "tion est approuvée. Vingt-", "Quatre voix"];
    let paper = Paper::of_lines(&written).save(&folder, "hyphen.pdf");
    let text = reader().all_text(&paper).await.unwrap().pages;
    assert_eq!(text, ["La conven-\ntion est approuvée. Vingt-\nQuatre voix"]);
}

#[tokio::test]
async fn columns_and_cells_are_lines_of_their_own() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    paper.page(
        "BT /F 12 Tf 72 700 Td (Recettes) Tj 200 0 Td (1 200) Tj ET \
         BT /F 12 Tf 72 680 Td (Budget) Tj 45 0 Td (primitif) Tj ET",
        &dictionary! {},
    );
    let paper = paper.save(&folder, "cells.pdf");
    let page = reader().text(&paper, 1).await.unwrap();
    check(&page);
    assert_eq!(lines(&page), ["Recettes", "1 200", "Budget primitif"]);
}

#[tokio::test]
async fn turned_text_has_edges_along_its_line() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for turn in ["0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"] {
        let content = format!("BT /F 12 Tf {turn} 300 400 Tm (Plan de la commune) Tj ET");
        paper.page(&content, &dictionary! {});
    }
    let paper = paper.save(&folder, "turned.pdf");
    let reader = reader();
    for (number, vertical, rising) in [(1, true, true), (2, false, false), (3, true, false)] {
        let page = reader.text(&paper, number).await.unwrap();
        check(&page);
        assert_eq!(lines(&page), ["Plan de la commune"], "page {number}");
        let line = &page.lines[0];
        assert_eq!(line.vertical, vertical, "page {number}");
        assert_eq!(line.edges.first() < line.edges.last(), rising, "page {number}");
        let (long, short) = if vertical {
            (line.rect.height(), line.rect.width())
        } else {
            (line.rect.width(), line.rect.height())
        };
        assert!(long > 90.0 && short < 16.0, "page {number}: {:?}", line.rect);
    }
}

#[tokio::test]
async fn every_page_gives_its_text_beyond_the_reopening_of_the_paper() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for number in 1..=60 {
        paper.page(&text(&[&format!("Page numéro {number}")]), &dictionary! {});
    }
    let paper = paper.save(&folder, "sixty.pdf");
    let text = reader().all_text(&paper).await.unwrap().pages;
    let wanted: Vec<String> = (1..=60).map(|number| format!("Page numéro {number}")).collect();
    assert_eq!(text, wanted);
}

/// An outline entry that leads to a page.
fn entry(paper: &mut Paper, title: &str, page: ObjectId) -> ObjectId {
    let to = vec![Object::Reference(page), "Fit".into()];
    paper.document.add_object(dictionary! { "Title" => lopdf::text_string(title), "Dest" => to })
}

fn set(paper: &mut Paper, id: ObjectId, key: &str, to: ObjectId) {
    paper.document.get_dictionary_mut(id).unwrap().set(key, to);
}

fn outlined(mut paper: Paper, first: ObjectId, last: ObjectId) -> Vec<u8> {
    let root = paper.document.add_object(
        dictionary! { "Type" => "Outlines", "First" => first, "Last" => last, "Count" => 2 },
    );
    bytes(paper.finish(&dictionary! { "Outlines" => root }))
}

#[tokio::test]
async fn an_outline_is_nested_and_leads_to_pages() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for _ in 0..3 {
        paper.page("", &dictionary! {});
    }
    let pages: Vec<ObjectId> = (1..=3).map(|number| paper.page_id(number)).collect();
    let chapter = entry(&mut paper, "Première partie", pages[0]);
    let section = entry(&mut paper, "Dépenses", pages[1]);
    let next = entry(&mut paper, "Annexes", pages[2]);
    set(&mut paper, chapter, "First", section);
    set(&mut paper, chapter, "Last", section);
    set(&mut paper, chapter, "Next", next);
    let paper = save(&folder, "outline.pdf", &outlined(paper, chapter, next));
    let leaf = |title: &str, page| OutlineEntry {
        title: title.to_owned(),
        page: Some(page),
        children: Vec::new(),
    };
    assert_eq!(
        reader().outline(&paper).await.unwrap(),
        [
            OutlineEntry { children: vec![leaf("Dépenses", 2)], ..leaf("Première partie", 1) },
            leaf("Annexes", 3)
        ]
    );
}

#[tokio::test]
async fn an_outline_that_bites_its_tail_ends() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let page = paper.page("", &dictionary! { "MediaBox" => numbers(&[0.0, 0.0, 99.0, 99.0]) });
    let a = entry(&mut paper, "a", page);
    let b = entry(&mut paper, "b", page);
    set(&mut paper, a, "Next", b);
    set(&mut paper, b, "Next", a);
    set(&mut paper, b, "First", a);
    set(&mut paper, b, "Last", a);
    let paper = save(&folder, "ring.pdf", &outlined(paper, a, b));
    let outline = reader().outline(&paper).await.unwrap();
    assert_eq!(outline[0].title, "a");
    assert!(outline.len() <= 2, "{outline:?}");
}

/// A part as one line: its role and words, the parts below it in brackets.
fn told(part: &ReadingPart, page: &PageText) -> String {
    match part {
        ReadingPart::Text { line, from, to } => {
            let line = &page.lines[*line as usize].text;
            line.chars().skip(*from as usize).take((to - from) as usize).collect()
        }
        ReadingPart::Group { role, said, parts } => {
            let said = said.as_ref().map(|said| format!("“{said}”")).unwrap_or_default();
            let parts: Vec<String> = parts.iter().map(|part| told(part, page)).collect();
            format!("{role:?}{said}[{}]", parts.join(" "))
        }
    }
}

#[tokio::test]
async fn a_tagged_paper_is_read_as_it_is_tagged() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    // Written from its foot to its head, with a page number that is an ornament.
    let content = "/P <</MCID 0>> BDC BT /F 12 Tf 72 600 Td (Le conseil approuve.) Tj ET EMC \
         /Title0 <</MCID 1>> BDC BT /F 12 Tf 72 700 Td (Garantie) Tj ET EMC \
         /Artifact BMC BT /F 12 Tf 300 40 Td (page 3 sur 9) Tj ET EMC \
         /TD <</MCID 2>> BDC BT /F 12 Tf 72 500 Td (Recettes) Tj ET EMC \
         /TD <</MCID 3>> BDC BT /F 12 Tf 272 500 Td (1 200) Tj ET EMC \
         /Figure <</MCID 4>> BDC 1 0 0 rg 72 400 20 20 re f EMC";
    let page = paper.page(content, &dictionary! { "StructParents" => 0 });
    let document = &mut paper.document;
    let [root, all, title, words, table, body, row, header, cell, figure] =
        std::array::from_fn(|_| document.new_object_id());
    let mut element = |id: ObjectId, kind: &str, above: ObjectId, kids: Vec<Object>| {
        let alt = lopdf::text_string("Le blason de la commune");
        let mut element = dictionary! {
            "Type" => "StructElem", "S" => kind, "P" => above, "Pg" => page, "K" => kids,
        };
        if kind == "Figure" {
            element.set("Alt", alt);
        }
        document.set_object(id, element);
        Object::Reference(id)
    };
    let kids = vec![
        element(title, "Titre", all, vec![1.into()]),
        element(words, "P", all, vec![0.into()]),
        element(table, "Table", all, vec![body.into()]),
        element(figure, "Figure", all, vec![4.into()]),
    ];
    element(all, "Document", root, kids);
    element(body, "TBody", table, vec![row.into()]);
    element(row, "TR", body, vec![header.into(), cell.into()]);
    element(header, "TH", row, vec![2.into()]);
    element(cell, "TD", row, vec![3.into()]);
    let of_page = [words, title, header, cell, figure].map(Object::Reference).to_vec();
    let numbers = vec![0.into(), Object::Array(of_page)];
    let parents = document.add_object(dictionary! { "Nums" => numbers });
    document.set_object(
        root,
        dictionary! {
            "Type" => "StructTreeRoot", "K" => vec![Object::Reference(all)],
            "ParentTree" => parents,
            "RoleMap" => dictionary! { "Titre" => "H1" },
        },
    );
    let marked = dictionary! { "Marked" => true };
    let document = paper.finish(&dictionary! { "StructTreeRoot" => root, "MarkInfo" => marked });
    let paper = save(&folder, "tagged.pdf", &bytes(document));

    let reader = reader();
    let page = reader.text(&paper, 1).await.unwrap();
    let reading = reader.reading(&paper, 1).await.unwrap();
    let parts: Vec<String> = reading.parts.iter().map(|part| told(part, &page)).collect();
    assert_eq!(
        parts.join(" "),
        "Plain[Heading(1)[Garantie] Paragraph[Le conseil approuve.] \
         Table[Row[Header[Recettes] Cell[1 200]]] Figure“Le blason de la commune”[]]"
    );
}

#[tokio::test]
async fn links_lead_to_pages_and_to_addresses_and_nowhere_else() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    let second = paper.page("", &dictionary! {});
    let mut links: Vec<Object> = Vec::new();
    let rect = numbers(&[72.0, 700.0, 200.0, 712.0]);
    for action in [
        dictionary! { "S" => "GoTo", "D" => vec![second.into(), "XYZ".into(), 0.into(), 400.into(), Object::Null] },
        dictionary! { "S" => "URI", "URI" => Object::string_literal("https://www.valbrune.fr/plu") },
        dictionary! { "S" => "URI", "URI" => Object::string_literal("javascript:alert(1)") },
        dictionary! { "S" => "Launch", "F" => Object::string_literal("calc.exe") },
    ] {
        links.push(
            paper
                .document
                .add_object(dictionary! {
                    "Type" => "Annot", "Subtype" => "Link", "Rect" => rect.clone(), "A" => action,
                })
                .into(),
        );
    }
    paper.page("", &dictionary! { "Annots" => links });
    let paper = paper.save(&folder, "links.pdf");
    let reading = reader().reading(&paper, 2).await.unwrap();
    let targets: Vec<&LinkTarget> = reading.links.iter().map(|link| &link.to).collect();
    assert_eq!(
        targets,
        [
            &LinkTarget::Page { page: 1, top: Some(400.0) },
            &LinkTarget::Address("https://www.valbrune.fr/plu".to_owned())
        ]
    );
    assert_eq!(reading.links[0].rect, [72.0, 700.0, 200.0, 712.0].into());
}

#[tokio::test]
async fn a_paper_says_how_it_numbers_its_own_pages() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for _ in 0..4 {
        paper.page("", &dictionary! {});
    }
    let numbers = vec![
        0.into(),
        dictionary! { "S" => "r" }.into(),
        2.into(),
        dictionary! { "S" => "D", "P" => Object::string_literal("A-"), "St" => 7 }.into(),
    ];
    let labels = dictionary! { "PageLabels" => dictionary! { "Nums" => numbers } };
    let paper = save(&folder, "labels.pdf", &bytes(paper.finish(&labels)));
    let reader = reader();
    assert_eq!(reader.inspect(&paper).await.unwrap().labels, ["i", "ii", "A-7", "A-8"]);
    let plain = Paper::of_lines(&["Bonjour"]).save(&folder, "plain.pdf");
    assert_eq!(reader.inspect(&plain).await.unwrap().labels, Vec::<String>::new());
}
