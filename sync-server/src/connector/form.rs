//! The form as it comes in: read once, part by part, its papers laid down as they arrive.
//!
//! Who sends it stands in its first parts; nothing is laid down for anybody unknown. A paper lies in a
//! file without a name, which is gone with the request, however it ends. Its digest is taken on the
//! way; its name, type and length are what it turns out to be, whatever the form says of it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use domain::Sha256;
use futures_util::StreamExt as _;
use multer::{Field, Multipart};
use ring::digest::{Context, SHA256};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;

use super::Unacceptable;
use super::measured::{Measure, Measured};
use crate::blobs::Incoming;

/// Most parts of a form: the longest agenda we have seen has 160 items; this is four papers each and
/// as much again.
const PARTS: usize = 1_500;
/// Longest description, in bytes: a record of the log holds a quarter of it, and JSON may write each
/// letter in six.
const JSON: usize = 1024 * 1024;
/// Longest user name, password or connection, in bytes.
const WORD: usize = 256;
/// Longest part that the interface does not know, in bytes; it is passed over.
const UNKNOWN: u64 = 64 * 1024;
/// A PDF says what it is within so many bytes (ISO 32000-1, annex H, note 13).
const HEAD: usize = 1024;
/// Bytes read at a time from a paper that is laid down.
const CHUNK: usize = 64 * 1024;

/// Which paper of a sitting a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The convocation letter.
    Convocation,
    /// The report of the project of this number.
    Report(u32),
    /// An annex: the project's number and its own.
    Annex(u32, u32),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Convocation => f.write_str("convocation"),
            Self::Report(project) => write!(f, "projet_{project}_rapport"),
            Self::Annex(project, annex) => write!(f, "projet_{project}_{annex}_annexe"),
        }
    }
}

impl Place {
    fn of(name: &str) -> Option<Self> {
        if name == "convocation" {
            return Some(Self::Convocation);
        }
        let rest = name.strip_prefix("projet_")?;
        if let Some(project) = rest.strip_suffix("_rapport") {
            return Some(Self::Report(number(project)?));
        }
        let (project, annex) = rest.strip_suffix("_annexe")?.split_once('_')?;
        Some(Self::Annex(number(project)?, number(annex)?))
    }
}

/// A number of a few digits and nothing else.
fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// What the form says of its sender.
#[derive(Default)]
pub(crate) struct Credentials {
    username: Option<String>,
    password: Option<String>,
    conn: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Credentials {
    /// From names and values, of which the last stands.
    pub(crate) fn of(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut all = Self::default();
        for (name, value) in pairs {
            if let Some(place) = all.place(&name) {
                *place = Some(value);
            }
        }
        all
    }

    /// User name, connection and password, once all are there.
    pub(crate) fn whole(&self) -> Option<(&str, &str, &str)> {
        Some((self.username.as_deref()?, self.conn.as_deref()?, self.password.as_deref()?))
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "username" => Some(&mut self.username),
            "password" => Some(&mut self.password),
            "conn" => Some(&mut self.conn),
            _ => None,
        }
    }
}

/// A paper that is laid down.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) sha256: Sha256,
    pub(crate) bytes: u64,
    /// Set for what is no PDF, which annexes may be: the ending of the name it came with.
    pub(crate) foreign: Option<String>,
    file: File,
}

impl Staged {
    /// Its bytes from one on.
    pub(crate) fn read(&self, from: u64) -> Result<Incoming, std::io::Error> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(from))?;
        Ok(ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK).boxed())
    }
}

/// A form that was read to its end.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) json: Vec<u8>,
    pub(crate) papers: BTreeMap<Place, Staged>,
}

/// Reads a form. `prove` is asked once, before the first paper, who sends it.
///
/// # Errors
/// Why it is not taken; what was laid down is gone.
pub(crate) async fn read<T>(
    content_type: &str,
    body: &mut Incoming,
    (largest, folder): (u64, &Path),
    prove: impl Fn(&Credentials) -> Result<T, Unacceptable>,
) -> Result<(T, Form), Unacceptable> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| Unacceptable::Torn)?;
    let measure = Measure::new(largest);
    let mut form = Multipart::new(Measured::new(body, measure.clone()), boundary);
    let mut reading = Reading { measure: &measure, largest, folder };
    let (mut credentials, mut proved) = (Credentials::default(), None);
    let (mut json, mut papers) = (None, BTreeMap::new());
    let mut parts = 0;
    loop {
        let part = form.next_field().await.map_err(|_| reading.broken())?;
        measure.heard();
        let Some(part) = part else { break };
        parts += 1;
        if parts > PARTS {
            return Err(Unacceptable::Parts(PARTS));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(place) = Place::of(&name) {
            if proved.is_none() {
                credentials.whole().ok_or(Unacceptable::FileFirst)?;
                proved = Some(prove(&credentials)?);
            }
            let paper = reading.lay(part, place).await?;
            if papers.insert(place, paper).is_some() {
                return Err(Unacceptable::Twice(place.to_string()));
            }
        } else if let Some(word) = credentials.place(&name) {
            if word.is_some() || proved.is_some() {
                return Err(Unacceptable::Twice(name));
            }
            let text = reading.text(part, WORD, "a name or password").await?;
            *word = Some(String::from_utf8(text).map_err(|_| Unacceptable::Credentials)?);
        } else if name == "jsonData" {
            let text = reading.text(part, JSON, "jsonData").await?;
            if json.replace(text).is_some() {
                return Err(Unacceptable::Twice(name));
            }
        } else {
            reading.pass_over(part).await?;
        }
    }
    let proved = match proved {
        Some(proved) => proved,
        None => {
            credentials.whole().ok_or(Unacceptable::Fields)?;
            prove(&credentials)?
        }
    };
    let json = json.ok_or(Unacceptable::Fields)?;
    Ok((proved, Form { json, papers }))
}

/// The short form with which a client tries its settings.
///
/// # Errors
/// It is no form of either kind.
pub(crate) async fn credentials(
    content_type: &str,
    bytes: Bytes,
) -> Result<Credentials, Unacceptable> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return Ok(Credentials::of(url::form_urlencoded::parse(&bytes).into_owned()));
    };
    let body = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let mut form = Multipart::new(body, boundary);
    let mut pairs = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|_| Unacceptable::Torn)? {
        let name = part.name().unwrap_or_default().to_owned();
        pairs.push((name, part.text().await.map_err(|_| Unacceptable::Torn)?));
    }
    Ok(Credentials::of(pairs.into_iter()))
}

/// Reads the parts of one form.
struct Reading<'a> {
    measure: &'a Measure,
    largest: u64,
    folder: &'a Path,
}

impl Reading<'_> {
    fn broken(&self) -> Unacceptable {
        if self.measure.is_too_large() {
            return Unacceptable::TooLarge(self.largest);
        }
        Unacceptable::Torn
    }

    async fn chunk(&self, part: &mut Field<'_>) -> Result<Option<Bytes>, Unacceptable> {
        let chunk = part.chunk().await.map_err(|_| self.broken())?;
        self.measure.heard();
        Ok(chunk)
    }

    async fn text(
        &mut self,
        mut part: Field<'_>,
        most: usize,
        what: &'static str,
    ) -> Result<Vec<u8>, Unacceptable> {
        let mut text = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if text.len() + chunk.len() > most {
                return Err(Unacceptable::TooLong(what));
            }
            text.extend_from_slice(&chunk);
        }
        Ok(text)
    }

    async fn pass_over(&mut self, mut part: Field<'_>) -> Result<(), Unacceptable> {
        let mut passed = 0;
        while let Some(chunk) = self.chunk(&mut part).await? {
            passed += chunk.len() as u64;
            if passed > UNKNOWN {
                return Err(Unacceptable::TooLong("a part that the interface does not know"));
            }
        }
        Ok(())
    }

    /// Lays a paper down. Tablets show PDFs, so the convocation and the reports are; annexes may be
    /// anything else, which the clerks are told.
    async fn lay(&mut self, mut part: Field<'_>, place: Place) -> Result<Staged, Unacceptable> {
        let ending = part.file_name().map(ending).unwrap_or_default();
        let free = matches!(place, Place::Annex(..));
        let file = tempfile::tempfile_in(self.folder)?;
        let mut to = tokio::fs::File::from_std(file);
        let mut context = Context::new(&SHA256);
        let (mut bytes, mut head) = (0_u64, Vec::with_capacity(HEAD));
        while let Some(chunk) = self.chunk(&mut part).await? {
            let wanted = HEAD.saturating_sub(head.len()).min(chunk.len());
            head.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
            if !free && head.len() >= HEAD && !is_pdf(&head) {
                return Err(Unacceptable::NotPdf(place.to_string()));
            }
            context.update(&chunk);
            to.write_all(&chunk).await?;
            bytes += chunk.len() as u64;
            if bytes > wire::limits::BLOB {
                return Err(Unacceptable::TooLarge(wire::limits::BLOB));
            }
        }
        to.flush().await?;
        if bytes == 0 {
            return Err(Unacceptable::Empty(place.to_string()));
        }
        let pdf = is_pdf(&head);
        if !pdf && !free {
            return Err(Unacceptable::NotPdf(place.to_string()));
        }
        let foreign = (!pdf).then_some(ending);
        let sha256 = crate::digest::of_context(context);
        Ok(Staged { sha256, bytes, foreign, file: to.into_std().await })
    }
}

/// The ending of a file's name, ".odt"; none that is longer than known ones are, or no plain word, or
/// says what the file is not.
fn ending(name: &str) -> String {
    let Some((_, ending)) = name.rsplit_once('.') else { return String::new() };
    let plain =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    let ending = ending.to_ascii_lowercase();
    if plain && ending != "pdf" { format!(".{ending}") } else { String::new() }
}

fn is_pdf(head: &[u8]) -> bool {
    head.windows(5).any(|signs| signs == b"%PDF-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_a_plain_word_or_none() {
        for (name, expected) in [
            ("/tmp/plan.DWG", ".dwg"),
            ("tableau.final.xlsx", ".xlsx"),
            ("rapport.pdf", ""),
            ("rapport", ""),
            ("a.", ""),
            ("x.../../etc", ""),
            ("x.a b", ""),
            ("x.neverending", ""),
        ] {
            assert_eq!(ending(name), expected, "{name}");
        }
    }

    #[test]
    fn parts_are_known_by_the_interfaces_names_alone() {
        for (name, expected) in [
            ("convocation", Some(Place::Convocation)),
            ("projet_0_rapport", Some(Place::Report(0))),
            ("projet_12_3_annexe", Some(Place::Annex(12, 3))),
            ("projet__rapport", None),
            ("projet_-1_rapport", None),
            ("projet_1_2_rapport", None),
            ("projet_1_annexe", None),
            ("projet_1_2_3_annexe", None),
            ("projet_9999999_rapport", None),
            ("Convocation", None),
            ("../convocation", None),
            ("", None),
        ] {
            assert_eq!(Place::of(name), expected, "{name}");
        }
    }
}
