//! Setting letters.

use domain::{Letter, LetterError};

/// Sets the letters that a council sends. Takes tens of milliseconds: call it off the asynchronous
/// threads.
pub trait Letters: Send + Sync + 'static {
    /// The convocation, as a PDF.
    ///
    /// # Errors
    /// The council's own template has a mistake.
    fn convocation(&self, letter: &Letter) -> Result<Vec<u8>, LetterError>;
}

impl<F> Letters for F
where
    F: Fn(&Letter) -> Result<Vec<u8>, LetterError> + Send + Sync + 'static,
{
    fn convocation(&self, letter: &Letter) -> Result<Vec<u8>, LetterError> {
        self(letter)
    }
}
