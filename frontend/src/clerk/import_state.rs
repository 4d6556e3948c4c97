//! How far an import has come: which file, how many, how many bytes.

use ipc::{DeskFile, FileRead};

/// An import of several files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Import {
    /// Files chosen.
    pub(crate) files: u32,
    /// Files whose answer has come.
    pub(crate) done: u32,
    /// Bytes of all files.
    pub(crate) total: u64,
    /// Bytes laid down so far.
    pub(crate) laid: u64,
    /// The file under way.
    pub(crate) name: String,
    /// Files that cannot be published, by their names.
    pub(crate) refused: Vec<String>,
    /// Whether the person has stopped it.
    pub(crate) stopped: bool,
}

/// What happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// It begins.
    Begin { files: u32, total: u64 },
    /// A file is under way.
    File(String),
    /// Bytes were laid down.
    Laid(u64),
    /// A file's answer has come.
    Done(Box<DeskFile>),
    /// The person stops it.
    Stop,
}

impl Import {
    pub(crate) fn step(&mut self, step: Step) {
        match step {
            Step::Begin { files, total } => *self = Self { files, total, ..Self::default() },
            Step::File(name) => self.name = name,
            Step::Laid(bytes) => self.laid = (self.laid + bytes).min(self.total),
            Step::Done(file) => {
                self.done += 1;
                if let FileRead::Refused(_) = file.read {
                    self.refused.push(file.name);
                }
            }
            Step::Stop => self.stopped = true,
        }
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.stopped || self.done >= self.files
    }
}

#[cfg(test)]
mod tests {
    use ipc::{ErrorCode, Target};
    use uuid::Uuid;

    use super::*;

    fn file(name: &str, read: FileRead) -> Step {
        let (file, name) = (Uuid::nil(), name.to_owned());
        Step::Done(Box::new(DeskFile { file, name, read, target: Target::Nowhere, own_name: None }))
    }

    #[test]
    fn an_import_counts_files_and_bytes_and_names_what_was_refused() {
        let mut import = Import::default();
        import.step(Step::Begin { files: 2, total: 100 });
        assert!(!import.is_over());
        import.step(Step::File("01.pdf".to_owned()));
        import.step(Step::Laid(60));
        import.step(file("01.pdf", FileRead::Paper { pages: 2, bytes: 60, searchable: true }));
        import.step(Step::Laid(60));
        assert_eq!((import.laid, import.done), (100, 1));
        import.step(file("02.pdf", FileRead::Refused(ErrorCode::PdfDamaged.into())));
        assert!(import.is_over());
        assert_eq!(import.refused, ["02.pdf"]);
        import.step(Step::Begin { files: 1, total: 5 });
        assert_eq!((import.done, import.refused.len()), (0, 0));
        import.step(Step::Stop);
        assert!(import.is_over());
    }
}
