//! Full text search over papers and notes.

use client::ports::{FoundNote, FoundPage, StoreError};
use domain::Sha256;
use ipc::FoundPages;
use rusqlite::{Connection, params};

use crate::error::Doing;
use crate::fold::{cut_words, fold};
use crate::notes;
use crate::snippet::{Query, snippet};

const DOING: &str = "searching";

pub(crate) fn unindexed_papers(db: &Connection) -> Result<Vec<Sha256>, StoreError> {
    db.prepare_cached(
        "SELECT paper.pdf FROM paper LEFT JOIN document USING (pdf) WHERE indexed = 0
         GROUP BY paper.pdf ORDER BY min(coalesce(document.starts_ms, 0)) DESC",
    )
    .and_then(|mut all| all.query_map([], |row| Ok(Sha256::from_bytes(row.get(0)?)))?.collect())
    .doing(DOING)
}

pub(crate) fn is_indexed(db: &Connection, pdf: &Sha256) -> Result<bool, StoreError> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM paper WHERE pdf = ?1 AND indexed = 1)")
        .and_then(|mut find| find.query_row([pdf.as_bytes()], |row| row.get(0)))
        .doing(DOING)
}

/// Between a page's text and the parts of the words that its line ends cut: they are found, and
/// never shown.
const PARTS: char = '\u{2029}';

/// A page as the index has it.
fn indexed(text: &str) -> String {
    let mut words = fold(text);
    let parts = cut_words(text);
    if !parts.is_empty() {
        words.push(PARTS);
        words.push_str(&parts.join(" "));
    }
    words
}

pub(crate) fn index_text(
    db: &Connection,
    pdf: &Sha256,
    pages: &[String],
) -> Result<(), StoreError> {
    let doing = "indexing a paper";
    crate::catalogue::paper_arrived(db, pdf)?;
    db.execute("DELETE FROM page WHERE pdf = ?1", [pdf.as_bytes()]).doing(doing)?;
    let mut put = db
        .prepare_cached("INSERT INTO page (pdf, page, words) VALUES (?1, ?2, ?3)")
        .doing(doing)?;
    for (number, text) in (1u32..).zip(pages) {
        put.execute(params![pdf.as_bytes(), number, indexed(text)]).doing(doing)?;
    }
    db.execute("UPDATE paper SET indexed = 1 WHERE pdf = ?1", [pdf.as_bytes()]).doing(doing)?;
    Ok(())
}

/// Pages, best first. The index is read in the order of its rank (`CROSS JOIN` keeps it outermost),
/// so that only the rows that are shown are looked up. Only papers that a sitting names: an older
/// version is not what the official looks for.
const PAGES: &str = "SELECT page.pdf, page.page, page.words, page_words.rank
     FROM page_words CROSS JOIN page ON page.page_no = page_words.rowid
     WHERE page_words MATCH ?1
       AND EXISTS (SELECT 1 FROM document WHERE document.pdf = page.pdf)
     ORDER BY page_words.rank LIMIT ?2";

pub(crate) fn search_pages(
    db: &Connection,
    words: &str,
    limit: u32,
) -> Result<Vec<FoundPage>, StoreError> {
    let Some(query) = Query::of(&fold(words)) else { return Ok(Vec::new()) };
    let mut find = db.prepare_cached(PAGES).doing(DOING)?;
    let mut rows = find.query(params![query.to_fts(), limit]).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        let text = row.get_ref(2).and_then(|text| Ok(text.as_str()?)).doing(DOING)?;
        let text = text.split(PARTS).next().unwrap_or_default();
        let rank: f64 = row.get(3).doing(DOING)?;
        found.push(FoundPage {
            pdf: Sha256::from_bytes(row.get(0).doing(DOING)?),
            page: row.get(1).doing(DOING)?,
            snippet: snippet(text, &query),
            rank: -rank,
        });
    }
    Ok(found)
}

pub(crate) fn find_pages(
    db: &Connection,
    pdf: &Sha256,
    words: &str,
) -> Result<FoundPages, StoreError> {
    let bare = db
        .prepare_cached("SELECT count(*) FROM page WHERE pdf = ?1 AND words = ''")
        .and_then(|mut count| count.query_row([pdf.as_bytes()], |row| row.get(0)))
        .doing(DOING)?;
    let Some(query) = Query::of(&fold(words)) else {
        return Ok(FoundPages { pages: Vec::new(), bare });
    };
    let pages = db
        .prepare_cached(
            "SELECT page.page FROM page_words CROSS JOIN page ON page.page_no = page_words.rowid
             WHERE page_words MATCH ?1 AND page.pdf = ?2 ORDER BY page.page",
        )
        .and_then(|mut find| {
            find.query_map(params![query.to_fts(), pdf.as_bytes()], |row| row.get(0))?.collect()
        })
        .doing(DOING)?;
    Ok(FoundPages { pages, bare })
}

pub(crate) fn search_notes(
    db: &Connection,
    words: &str,
    limit: u32,
) -> Result<Vec<FoundNote>, StoreError> {
    let Some(query) = Query::of(&fold(words)) else { return Ok(Vec::new()) };
    let columns = notes::NOTE_COLUMNS;
    let sql = format!(
        "SELECT {columns}, note.words, note_words.rank
         FROM note_words CROSS JOIN note ON note.note = note_words.rowid JOIN noted USING (doc)
         WHERE note_words MATCH ?1 ORDER BY note_words.rank LIMIT ?2"
    );
    let mut find = db.prepare_cached(&sql).doing(DOING)?;
    let mut rows = find.query(params![query.to_fts(), limit]).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        let text = row.get_ref(6).and_then(|text| Ok(text.as_str()?)).doing(DOING)?;
        let rank: f64 = row.get(7).doing(DOING)?;
        let snippet = snippet(text, &query);
        found.push(FoundNote { note: notes::read_note(row)?, snippet, rank: -rank });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_out_of_the_index_in_order_and_are_not_sorted_again() {
        let db = crate::open::open_in_memory();
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {PAGES}")).unwrap();
        let steps: Vec<String> = plan
            .query_map(params!["\"a\"*", 5], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(steps.iter().any(|step| step.contains("page_words VIRTUAL TABLE")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
