//! Real papers, when they are there.

use client::ports::Papers;
use ipc::PaperOutcome;

use crate::papers::data;
use crate::reader;

/// Most files of each folder that are read.
const SAMPLE: usize = 14;

#[tokio::test]
async fn real_papers_are_judged_as_plain_pdfium_judges_them() {
    let Some(data) = data() else { return };
    let reader = reader();
    for folder in ["council", "pdfjs", "robust"] {
        let folder = data.join(folder);
        let table = std::fs::read_to_string(folder.join("PDFIUM_BASELINE.tsv")).unwrap();
        let rows: Vec<&str> = table.lines().skip(1).collect();
        for row in rows.iter().step_by((rows.len() / SAMPLE).max(1)) {
            let fields: Vec<&str> = row.split('\t').collect();
            let (file, outcome, form) = (fields[0], fields[1], fields[4]);
            let check = reader.check(&folder.join(file)).await;
            let wanted = match outcome {
                // Full XFA forms: pdfium opens them, but there is nothing to see.
                "ok" if form == "2" => PaperOutcome::Unsupported,
                "ok" => PaperOutcome::Ok,
                "password" => PaperOutcome::Password,
                _ => PaperOutcome::Damaged,
            };
            assert_eq!(check.outcome, wanted, "{file}: {}", check.message);
            if outcome == "ok" {
                assert_eq!(check.pages.to_string(), fields[2], "{file}");
            }
        }
    }
}

#[tokio::test]
async fn a_real_report_gives_its_words_in_order() {
    let Some(data) = data() else { return };
    let paper = data.join("council/couthenans/CR_reunion_20210129.pdf");
    let page = reader().text(&paper, 1).await.unwrap();
    let lines: Vec<&str> = page.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines[0], "C-R du Conseil municipal");
    assert!(lines.contains(&"Convention de mise à disposition de personnel."));
    for line in &page.lines {
        assert_eq!(line.edges.len(), line.text.chars().count() + 1, "{}", line.text);
    }
}
