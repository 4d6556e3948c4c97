//! What a search found.

use std::collections::BTreeSet;

use domain::DocumentId;
use ipc::SearchHit;

use super::notes;
use crate::picture::Picture;
use crate::ports::{FoundNote, FoundPage};

/// Most hits of a search.
pub(crate) const HITS: u32 = 200;

/// Notes that were found; their places are known.
pub(crate) fn notes(picture: &Picture, found: Vec<FoundNote>) -> Vec<SearchHit> {
    let hit = |found: FoundNote| {
        let card = notes::card(picture, found.note)?;
        let placed = card.view.is_placed();
        let rects = if placed { card.view.mark.kind.rects() } else { Vec::new() };
        let page = card.view.mark.page;
        hit(picture, card.document, page, found.snippet).map(|hit| SearchHit {
            annotation: Some(card.annotation),
            rects,
            ..hit
        })
    };
    let mut hits: Vec<SearchHit> = found.into_iter().filter_map(hit).collect();
    // A note of two audiences is found once.
    let mut seen = BTreeSet::new();
    hits.retain(|hit| seen.insert((hit.annotation, hit.document, hit.snippet.clone())));
    hits
}

/// Pages that were found; places on the page are filled in later.
pub(crate) fn pages(picture: &Picture, found: Vec<FoundPage>) -> Vec<SearchHit> {
    let mut hits = Vec::new();
    for FoundPage { pdf, page, snippet, .. } in found {
        for paper in picture.catalogue.papers_of(&pdf).filter(|paper| paper.current) {
            hits.extend(hit(picture, paper.document, page, snippet.clone()));
        }
    }
    hits
}

/// Titles of papers on this tablet that have no text.
pub(crate) fn without_text(picture: &Picture) -> Vec<String> {
    let papers = picture.catalogue.sittings.iter().flat_map(|sitting| sitting.packet());
    papers
        .filter(|entry| {
            let version = entry.document.current();
            version.is_some_and(|v| !v.searchable && picture.here.contains(&v.sha256))
        })
        .map(|entry| entry.document.title.clone())
        .collect()
}

fn hit(picture: &Picture, document: DocumentId, page: u32, snippet: String) -> Option<SearchHit> {
    let place = picture.catalogue.paper(document).ok()?;
    Some(SearchHit {
        document,
        title: place.entry.document.title.clone(),
        sitting: place.sitting.id,
        sitting_title: place.sitting.title.clone(),
        page,
        snippet,
        annotation: None,
        rects: Vec::new(),
    })
}
