//! What a column is, by its name in whatever spelling.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    First,
    Last,
    /// First and last name in one.
    Full,
    Email,
    Phone,
    Group,
    Role,
    Function,
    FunctionFrom,
    Constituency,
    ConstituencyCode,
    MandateFrom,
    /// Tells people of one name apart within a file; never kept.
    Birth,
    /// Not kept.
    Other,
}

/// Small letters and figures without accents, words parted by one space.
pub(crate) fn folded(text: &str) -> String {
    let text = text.replace(['œ', 'Œ'], "oe").replace(['æ', 'Æ'], "ae");
    let letters = text.nfd().filter(|letter| !is_combining_mark(*letter));
    let letters = letters
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' });
    let words: String = letters.collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Column {
    /// The column of this name.
    pub(super) fn named(name: &str) -> Self {
        match folded(name).as_str() {
            "first name" | "firstname" | "given name" | "prenom" | "prenoms"
            | "prenom de l elu" | "prenom usuel" => Self::First,
            "last name" | "lastname" | "surname" | "family name" | "nom" | "nom de l elu"
            | "nom de famille" | "nom d usage" => Self::Last,
            "name" | "full name" | "nom complet" | "nom prenom" | "nom et prenom"
            | "nom prenoms" | "prenom nom" | "prenom et nom" | "elu" | "conseiller" => Self::Full,
            "email"
            | "e mail"
            | "mail"
            | "courriel"
            | "mel"
            | "email address"
            | "adresse email"
            | "adresse e mail"
            | "adresse mail"
            | "adresse courriel"
            | "adresse electronique"
            | "courrier electronique" => Self::Email,
            "phone" | "mobile" | "mobile phone" | "telephone" | "tel" | "portable"
            | "telephone portable" | "telephone mobile" | "tel portable" => Self::Phone,
            "group" | "groupe" | "groupe politique" | "political group" => Self::Group,
            "role" => Self::Role,
            "function" | "fonction" | "qualite" | "libelle de la fonction" => Self::Function,
            "date de debut de la fonction" => Self::FunctionFrom,
            "constituency"
            | "commune"
            | "canton"
            | "libelle de la commune"
            | "libelle du canton" => Self::Constituency,
            "code de la commune" | "code du canton" => Self::ConstituencyCode,
            "date de debut du mandat" => Self::MandateFrom,
            "date de naissance" | "birth date" | "date of birth" => Self::Birth,
            _ => Self::Other,
        }
    }
}
