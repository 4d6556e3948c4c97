//! Scenes to measure in: a council with one paper, and a tablet opened in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use client::{Client, ClientConfig, SystemWorld};
use domain::DocumentId;
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore};
use tempfile::TempDir;

use crate::products::{Server, tablet};
use crate::reports::Report;

/// A council with a server, a published paper and an official whose tablet has it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) official: PathBuf,
    pub(crate) document: DocumentId,
    pub(crate) folder: TempDir,
}

pub(crate) fn with_one_paper() -> Result<Scene> {
    let folder = tempfile::tempdir()?;
    let sitting = folder.path().join("sitting");
    std::fs::create_dir_all(&sitting)?;
    std::fs::write(sitting.join("01-rapport.pdf"), one_page()?)?;
    let Reports { server, official, documents, folder, .. } = publish(folder, &sitting)?;
    let document = *documents.first().context("a paper")?;
    Ok(Scene { server, official, document, folder })
}

/// A council with a server, papers to read and an official whose tablet has them and has read them
/// through for its search.
#[derive(Debug)]
pub(crate) struct Reports {
    pub(crate) server: Server,
    pub(crate) official: PathBuf,
    kinds: Vec<Report>,
    documents: Vec<DocumentId>,
    pub(crate) folder: TempDir,
}

impl Reports {
    pub(crate) fn document(&self, kind: Report) -> Result<DocumentId> {
        let found = self.kinds.iter().zip(&self.documents).find(|(known, _)| **known == kind);
        found.map(|(_, document)| *document).context("a paper of this kind")
    }

    /// The file that was published.
    pub(crate) fn file(&self, kind: Report) -> PathBuf {
        self.folder.path().join("sitting").join(kind.file())
    }
}

pub(crate) fn with_reports(kinds: &[Report]) -> Result<Reports> {
    let folder = tempfile::tempdir()?;
    let sitting = folder.path().join("sitting");
    std::fs::create_dir_all(&sitting)?;
    for kind in kinds {
        let file = kind.write(&made()?)?;
        std::fs::copy(file, sitting.join(kind.file()))?;
    }
    Ok(Reports { kinds: kinds.to_vec(), ..publish(folder, &sitting)? })
}

/// Where papers are kept that take long to make: beside the products.
pub(crate) fn made() -> Result<PathBuf> {
    let folder = std::env::current_exe()?.with_file_name("bench-papers");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn publish(folder: TempDir, sitting: &Path) -> Result<Reports> {
    let server = Server::start(&folder.path().join("server"))?;
    let clerk = folder.path().join("clerk");
    tablet(&clerk, &["enrol", &server.address, &server.clerk_invitation, "--device", "Greffe"])?;
    tablet(&clerk, &["publish", sitting.to_str().context("a path")?])?;
    let (added, _) = tablet(&clerk, &["members", "add", "--first", "Inès", "--last", "Baudry"])?;
    let (invited, _) = tablet(&clerk, &["invite", added["member"].as_str().context("a member")?])?;
    let official = folder.path().join("official");
    let code = invited["code"].as_str().context("a code")?;
    tablet(&official, &["enrol", &server.address, code, "--device", "Tablette"])?;
    tablet(&official, &["sync"])?;
    let (sittings, _) = tablet(&official, &["sittings"])?;
    let sitting = sittings[0]["sitting"].as_str().context("a sitting")?;
    let (documents, _) = tablet(&official, &["documents", sitting])?;
    let documents = documents.as_array().context("papers")?.iter();
    let documents = documents
        .map(|paper| Ok(paper["document"].as_str().context("a paper")?.parse()?))
        .collect::<Result<_>>()?;
    Ok(Reports { server, official, kinds: Vec::new(), documents, folder })
}

/// The actor on a profile, in this process.
pub(crate) fn open(profile: &Path) -> Result<Client> {
    open_with(profile, Arc::new(PdfReader::start(PdfConfig::find())?))
}

/// The same with a reader that the caller watches.
pub(crate) fn open_with(profile: &Path, papers: Arc<PdfReader>) -> Result<Client> {
    Ok(Client::start(ClientConfig {
        store: Box::new(SqliteStore::open(profile)?),
        files: Arc::new(FilePapers::open(profile)?),
        keys: Arc::new(FileKeys::open(profile)?),
        papers,
        letters: Arc::new(press::convocation),
        world: Arc::new(SystemWorld::default()),
        automatic: false,
    }))
}

/// A PDF of one empty A4 page.
pub(crate) fn one_page() -> Result<Vec<u8>> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ];
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let table = pdf.len();
    pdf.extend(b"xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").bytes());
    }
    pdf.extend(format!("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    Ok(pdf)
}
