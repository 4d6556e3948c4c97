//! The convocation letter, with the explanatory note where the law asks for one.

use domain::{Letter, LetterError};
use jiff::civil::Date;

use crate::press::{Error, Imprint, Press};

/// Our template; a council may bring its own.
const CONVOCATION: &str = include_str!("../templates/convocation.typ");
const MAIN: &str = "/convocation.typ";

/// Sets the letter as a tagged PDF.
///
/// # Errors
/// The council's own template has a mistake; the error names its line.
pub fn convocation(letter: &Letter) -> Result<Vec<u8>, LetterError> {
    set(letter).map_err(|error| LetterError { detail: error.problem })
}

fn set(letter: &Letter) -> Result<Vec<u8>, Error> {
    let template = letter.letterhead.template.as_deref().unwrap_or(CONVOCATION);
    let press = Press::new([], [(MAIN.to_owned(), template.to_owned())], [])?;
    let told = serde_json::to_vec(letter)
        .map_err(|error| Error { template: MAIN.to_owned(), problem: error.to_string() })?;
    let mut own = vec![("/letter.json", told)];
    if let Some(emblem) = &letter.letterhead.emblem {
        own.push(("/emblem.svg", emblem.clone().into_bytes()));
    }
    let document = press.set(MAIN, &own)?;
    let made: Date = letter.made.date();
    let ident = format!("convocation/{}/{}/{made}", letter.council, letter.starts);
    press.print(
        &document,
        Imprint { ident: &ident, creator: &letter.council, date: made, tagged: true },
    )
}
