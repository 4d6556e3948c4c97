//! Lists of people in files, read as pure functions: bytes to text, text to a table, a table to
//! people, people to records. Nothing is taken of a list as long as one of its rows is bad, unless
//! the clerk leaves the bad rows aside; a list taken twice changes nothing the second time.
//!
//! Birth dates tell people of one name apart within a file and are then forgotten, as are
//! occupations: neither ever becomes part of a record (data minimisation, GDPR art. 5).

mod columns;
mod join;
mod people;
mod plan;
pub(crate) mod table;
pub(crate) mod text;

use std::sync::Arc;

use ipc::{ErrorCode, Imported, ListFile, ListForm, Problem, Reason};

pub(crate) use self::columns::folded;
use self::people::List;
use crate::core::Core;
use crate::ports::PaperFiles;
use crate::{exchange, problem};

/// Largest list, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What is asked.
pub(crate) struct Asked {
    pub(crate) file: ListFile,
    pub(crate) emails: Option<ListFile>,
    pub(crate) skip_bad_rows: bool,
    pub(crate) preview: bool,
}

/// Takes a list of members.
pub(crate) async fn import(core: &Arc<Core>, asked: Asked) -> Result<Imported, Problem> {
    core.now().clerk()?;
    if !asked.preview {
        exchange::catch_up(core).await?;
    }
    let picture = core.now();
    let world = Arc::clone(&core.world);
    let files = Arc::clone(&core.files);
    let (report, records) = tokio::task::spawn_blocking(move || {
        let list = read(&*files, &asked.file, people::Purpose::Members)?;
        let emails = match &asked.emails {
            Some(file) => Some(read(&*files, file, people::Purpose::Addresses)?),
            None => None,
        };
        Ok::<_, Problem>(decide(&picture.catalogue, list, emails, &asked, &*world))
    })
    .await
    .map_err(|_| problem::internal("reading a list of members"))??;
    if !records.is_empty() {
        exchange::send_records(core, records).await?;
    }
    Ok(report)
}

fn read(
    files: &dyn PaperFiles,
    file: &ListFile,
    purpose: people::Purpose,
) -> Result<List, Problem> {
    let (file, name) = match file {
        ListFile::Path(path) => (
            path.clone(),
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        ),
        ListFile::Laid { file, name } => (files.laid(*file), name.clone()),
    };
    let unreadable = || Problem::about(ErrorCode::FileUnreadable, name.clone());
    let meta = std::fs::metadata(&file).map_err(|_| unreadable())?;
    if !meta.is_file() {
        return Err(unreadable());
    }
    if meta.len() > LARGEST {
        return Err(Reason::FileTooLarge { file: name }.into());
    }
    let bytes = std::fs::read(&file).map_err(|_| unreadable())?;
    Ok(people::read(&name, &bytes, purpose))
}

fn decide(
    catalogue: &crate::catalogue::Catalogue,
    list: List,
    emails: Option<List>,
    asked: &Asked,
    world: &dyn crate::ports::World,
) -> (Imported, Vec<domain::Record>) {
    let mut report = Imported {
        done: false,
        form: list.form,
        encoding: list.encoding.to_owned(),
        delimiter: list.delimiter,
        rows: u32::try_from(list.people.len()).unwrap_or(u32::MAX),
        added: Vec::new(),
        updated: 0,
        known: 0,
        merged: 0,
        ignored: list.ignored.clone(),
        mistakes: list.mistakes,
    };
    let rne = list.form == ListForm::Rne;
    let (mut people, merged, repeated) = join::once_each(&list.file, list.people, rne);
    report.merged = merged;
    report.mistakes.extend(repeated);
    if let Some(emails) = emails {
        report.mistakes.extend(emails.mistakes);
        report.mistakes.extend(join::addresses(&mut people, &emails.file, emails.people));
    }
    let plan = plan::plan(catalogue, &list.file, people, world);
    report.mistakes.extend(plan.mistakes);
    report.mistakes.sort_by_key(
        |mistake| {
            if let Reason::InFile { line, .. } = mistake { *line } else { 0 }
        },
    );
    report.added = plan.added;
    report.updated = plan.updated;
    report.known = plan.known;
    let good = report.mistakes.is_empty() || asked.skip_bad_rows;
    report.done = good && !asked.preview && !list.headless;
    let records = if report.done { plan.records } else { Vec::new() };
    (report, records)
}

/// A mistake on a line of a file.
pub(crate) fn mistake(file: &str, line: u64, what: Reason) -> Reason {
    let line = usize::try_from(line).unwrap_or(usize::MAX);
    Reason::InFile { file: file.to_owned(), line, what: Box::new(what) }
}
