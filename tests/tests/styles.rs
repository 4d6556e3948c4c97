//! Every style sheet is loaded on every page: a class that two of them style by its bare name is two
//! things under one name, and each spoils the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Classes that the sheet styles by nothing but their name, each in a rule of its own.
fn bare(sheet: &str) -> impl Iterator<Item = &str> {
    sheet.split('}').filter_map(|rule| {
        let (before, _) = rule.rsplit_once('{')?;
        // Within `@media` the selector follows another brace; above a rule a comment may stand.
        let selector = before.rsplit('{').next()?.rsplit("*/").next()?.trim();
        let class = selector.strip_prefix('.')?;
        class.chars().all(|c| c.is_ascii_alphanumeric() || c == '-').then_some(class)
    })
}

#[test]
fn no_class_means_one_thing_in_one_sheet_and_another_in_the_next() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/styles");
    let mut sheets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let sheet = std::fs::read_to_string(&path).unwrap();
        for class in bare(&sheet) {
            sheets.entry(class.to_owned()).or_default().insert(name.clone());
        }
    }
    assert!(sheets.len() > 100, "the sheets were not read");
    sheets.retain(|_, sheets| sheets.len() > 1);
    assert_eq!(sheets, BTreeMap::new());
}
