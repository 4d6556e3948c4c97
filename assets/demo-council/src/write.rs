//! Writing the demo: every paper set, finished and put in its folder beside its `sitting.toml`.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

use ::press::press::{self, Imprint, Press};
use jiff::civil::Date;

use crate::agenda::{Agenda, SittingError};
use crate::calendar::{Calendar, spell};
use crate::council::{COUNCIL_TOML, Council};
use crate::facts::{self, Paper};
use crate::templates::{SCAN, TEMPLATES};
use crate::{scan, turn};

/// What the tables of Valbrune's papers are set in, beside Typst's own fonts.
const FONTS: [fn() -> &'static [u8]; 4] = [
    dejavu::sans_condensed::regular,
    dejavu::sans_condensed::bold,
    dejavu::sans_condensed::oblique,
    dejavu::sans_condensed::bold_oblique,
];

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The sittings' folders.
    pub sittings: Vec<Folder>,
}

/// One sitting's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name under the output folder.
    pub name: &'static str,
    /// How many PDF files it holds.
    pub documents: usize,
    /// How many pages they have together.
    pub pages: usize,
}

/// Why the demo could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder that cannot be written.
    #[error("{path} cannot be written: {source}. Choose a folder you may write to with --out.")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A paper that does not set.
    #[error(transparent)]
    Press(#[from] press::Error),
    /// A picture that cannot be made.
    #[error("a scanned page cannot be made: {0}")]
    Picture(#[from] image::ImageError),
    /// A PDF that cannot be read back.
    #[error("a page cannot be turned: {0}")]
    Turn(#[from] lopdf::Error),
    /// A sitting that cannot be written.
    #[error(transparent)]
    Sitting(#[from] SittingError),
    /// Data that cannot be read.
    #[error(transparent)]
    Facts(#[from] facts::Error),
}

impl From<toml::de::Error> for Error {
    fn from(source: toml::de::Error) -> Self {
        Self::Facts(source.into())
    }
}

/// A finished PDF.
struct Finished {
    bytes: Vec<u8>,
    pages: usize,
}

/// Writes `council.toml`, `members.csv` and the sittings' folders into `out`, as of `today`.
///
/// The same day gives the same bytes, on every run.
///
/// # Errors
/// A disk that refuses; anything else is a mistake in the templates or their data.
pub fn write(out: &Path, today: Date) -> Result<Written, Error> {
    let calendar = Calendar::from_day(today);
    let council = Council::read()?;
    let press = Press::new(
        FONTS.map(|font| font()),
        TEMPLATES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
        facts::shared(calendar, &council)?,
    )?;
    put(&out.join("council.toml"), COUNCIL_TOML.as_bytes())?;
    put(&out.join("members.csv"), council.members_csv().as_bytes())?;
    let mut sittings = Vec::new();
    for (name, data, day) in [
        ("seance-prochaine", include_str!("../data/seance-prochaine.toml"), calendar.next),
        ("seance-passee", include_str!("../data/seance-passee.toml"), calendar.past),
        (
            "commission-finances",
            include_str!("../data/commission-finances.toml"),
            calendar.committee_next,
        ),
    ] {
        let agenda = Agenda::read(data, calendar)?;
        put(&out.join(name).join("sitting.toml"), agenda.sitting_toml(day)?.as_bytes())?;
        sittings.push(Sitting { name, agenda, day, made: calendar.papers_of(day) });
    }
    let jobs: Vec<_> = sittings
        .iter()
        .flat_map(|sitting| sitting.agenda.papers().into_iter().map(move |paper| (sitting, paper)))
        .collect();
    let finished = side_by_side(&jobs, |(sitting, (rank, paper))| -> Result<usize, Error> {
        let finished = sitting.finish(&press, *rank, paper)?;
        put(&out.join(sitting.name).join(format!("{paper}.pdf")), &finished.bytes)?;
        Ok(finished.pages)
    });
    let mut written: Vec<_> = sittings
        .iter()
        .map(|sitting| Folder { name: sitting.name, documents: 0, pages: 0 })
        .collect();
    for ((sitting, _), pages) in jobs.iter().zip(finished) {
        let pages = pages?;
        if let Some(folder) = written.iter_mut().find(|folder| folder.name == sitting.name) {
            folder.documents += 1;
            folder.pages += pages;
        }
    }
    Ok(Written { sittings: written })
}

/// Does every job on as many threads as the machine has cores; the results stand in the order of the jobs.
fn side_by_side<T: Sync, R: Send>(jobs: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return done };
            done.push((at, work(job)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// A sitting whose papers are being made.
struct Sitting {
    name: &'static str,
    agenda: Agenda,
    day: Date,
    made: Date,
}

impl Sitting {
    /// Sets one paper and gives it its finish: as it is, scanned or turned.
    fn finish(&self, press: &Press, rank: Option<usize>, paper: &str) -> Result<Finished, Error> {
        let name = format!("{}/{paper}", self.name);
        let facts = Paper {
            name: &name,
            sitting: &self.agenda.title,
            place: &self.agenda.place,
            day: &spell(self.day),
            made: &spell(self.made),
            hour: &facts::hour(&self.agenda),
            rank,
            item: rank.and_then(|rank| self.agenda.item.get(rank - 1)),
            agenda: &self.agenda.item,
        };
        let facts = serde_json::to_vec(&facts).map_err(facts::Error::Json)?;
        let document = press.set(&format!("/{name}.typ"), &[("/data/paper.json", facts)])?;
        let pages = document.pages().len();
        let scanned = self.agenda.scanned.iter().any(|scanned| scanned == paper);
        let imprint = Imprint {
            ident: &name,
            creator: "Ville de Valbrune",
            date: self.made,
            tagged: !scanned,
        };
        if scanned {
            let pictures = scan::pages(&document)?;
            let paths: Vec<_> = (1..=pictures.len()).map(|n| format!("/scan/{n}.jpg")).collect();
            let mut own: Vec<_> = paths.iter().map(String::as_str).zip(pictures).collect();
            let count = serde_json::to_vec(&paths).map_err(facts::Error::Json)?;
            own.push(("/scan/pages.json", count));
            let bytes = press.print(&press.set(SCAN, &own)?, imprint)?;
            return Ok(Finished { bytes, pages });
        }
        let bytes = press.print(&document, imprint)?;
        if self.agenda.turned.iter().any(|turned| turned == paper) {
            let every = (1..).take(pages).collect::<BTreeSet<_>>();
            return Ok(Finished { bytes: turn::quarter(&bytes, &every)?, pages });
        }
        Ok(Finished { bytes, pages })
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let disk = |source| Error::Disk { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(disk)?;
    }
    fs::write(path, bytes).map_err(disk)
}
