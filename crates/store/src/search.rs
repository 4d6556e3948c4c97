//! Full text search over papers and notes.

use client::ports::{FoundNote, FoundPage, StoreError};
use domain::Sha256;
use rusqlite::{Connection, params};

use crate::error::Doing;
use crate::fold::fold;
use crate::notes;

const DOING: &str = "searching";

/// How a snippet marks the words that were found (U+2068 and U+2069), and how much it shows.
const SNIPPET: &str = "0, char(8296), char(8297), '…', 18";

pub(crate) fn unindexed_papers(db: &Connection) -> Result<Vec<Sha256>, StoreError> {
    db.prepare_cached(
        "SELECT paper.pdf FROM paper LEFT JOIN document USING (pdf) WHERE indexed = 0
         GROUP BY paper.pdf ORDER BY min(coalesce(document.starts_ms, 0)) DESC",
    )
    .and_then(|mut all| all.query_map([], |row| Ok(Sha256::from_bytes(row.get(0)?)))?.collect())
    .doing(DOING)
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
        put.execute(params![pdf.as_bytes(), number, fold(text)]).doing(doing)?;
    }
    db.execute("UPDATE paper SET indexed = 1 WHERE pdf = ?1", [pdf.as_bytes()]).doing(doing)?;
    Ok(())
}

pub(crate) fn search_pages(
    db: &Connection,
    words: &str,
    limit: u32,
) -> Result<Vec<FoundPage>, StoreError> {
    let Some(query) = query(words) else { return Ok(Vec::new()) };
    // Only papers that a sitting names: an older version is not what the official looks for.
    let sql = format!(
        "SELECT page.pdf, page.page, snippet(page_words, {SNIPPET}), -bm25(page_words)
         FROM page_words JOIN page ON page.page_no = page_words.rowid
         WHERE page_words MATCH ?1
           AND EXISTS (SELECT 1 FROM document WHERE document.pdf = page.pdf)
         ORDER BY bm25(page_words) LIMIT ?2"
    );
    db.prepare_cached(&sql)
        .and_then(|mut find| {
            find.query_map(params![query, limit], |row| {
                Ok(FoundPage {
                    pdf: Sha256::from_bytes(row.get(0)?),
                    page: row.get(1)?,
                    snippet: row.get(2)?,
                    rank: row.get(3)?,
                })
            })?
            .collect()
        })
        .doing(DOING)
}

pub(crate) fn search_notes(
    db: &Connection,
    words: &str,
    limit: u32,
) -> Result<Vec<FoundNote>, StoreError> {
    let Some(query) = query(words) else { return Ok(Vec::new()) };
    let columns = notes::NOTE_COLUMNS;
    let sql = format!(
        "SELECT {columns}, snippet(note_words, {SNIPPET}), -bm25(note_words)
         FROM note_words JOIN note ON note.note = note_words.rowid JOIN noted USING (doc)
         WHERE note_words MATCH ?1 ORDER BY bm25(note_words) LIMIT ?2"
    );
    let mut find = db.prepare_cached(&sql).doing(DOING)?;
    let mut rows = find.query(params![query, limit]).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        found.push(FoundNote {
            note: notes::read_note(row)?,
            snippet: row.get(5).doing(DOING)?,
            rank: row.get(6).doing(DOING)?,
        });
    }
    Ok(found)
}

/// The query that means: all these words, the last one perhaps unfinished. Whatever a person types
/// is words, never an operator; none when there is no letter and no digit.
fn query(words: &str) -> Option<String> {
    let folded = fold(words);
    let mut terms: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\""))
        .collect();
    let last = terms.last_mut()?;
    last.push('*');
    Some(terms.join(" "))
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn whatever_is_typed_becomes_plain_words() {
        for (typed, meant) in [
            ("garantie d'emprunt", Some("\"garantie\" \"d\" \"emprunt\"*")),
            ("NEAR(a b) OR \"c", Some("\"NEAR\" \"a\" \"b\" \"OR\" \"c\"*")),
            ("l’œuvre", Some("\"l\" \"oeuvre\"*")),
            ("  \"*- ", None),
        ] {
            assert_eq!(query(typed).as_deref(), meant, "{typed}");
        }
    }
}
