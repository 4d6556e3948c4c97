//! How colours, styles, forms and signs are called in the document. A name is never changed.

use ink::{Colour, Form, MarkupStyle, Sign};

pub(crate) const fn colour_name(colour: Colour) -> &'static str {
    match colour {
        Colour::Yellow => "yellow",
        Colour::Green => "green",
        Colour::Blue => "blue",
        Colour::Pink => "pink",
        Colour::Black => "black",
        Colour::Red => "red",
    }
}

pub(crate) fn colour_named(name: &str) -> Option<Colour> {
    use Colour::{Black, Blue, Green, Pink, Red, Yellow};
    [Yellow, Green, Blue, Pink, Black, Red].into_iter().find(|colour| colour_name(*colour) == name)
}

pub(crate) const fn style_name(style: MarkupStyle) -> &'static str {
    match style {
        MarkupStyle::Highlight => "highlight",
        MarkupStyle::Underline => "underline",
        MarkupStyle::Strikeout => "strikeout",
    }
}

pub(crate) fn style_named(name: &str) -> Option<MarkupStyle> {
    use MarkupStyle::{Highlight, Strikeout, Underline};
    [Highlight, Underline, Strikeout].into_iter().find(|style| style_name(*style) == name)
}

pub(crate) const fn form_name(form: Form) -> &'static str {
    match form {
        Form::Line => "line",
        Form::Arrow => "arrow",
        Form::Rectangle => "rectangle",
        Form::Ellipse => "ellipse",
    }
}

pub(crate) fn form_named(name: &str) -> Option<Form> {
    use Form::{Arrow, Ellipse, Line, Rectangle};
    [Line, Arrow, Rectangle, Ellipse].into_iter().find(|form| form_name(*form) == name)
}

pub(crate) const fn sign_name(sign: Sign) -> &'static str {
    match sign {
        Sign::Question => "question",
        Sign::Agree => "agree",
        Sign::Disagree => "disagree",
        Sign::Raise => "raise",
    }
}

pub(crate) fn sign_named(name: &str) -> Option<Sign> {
    Sign::ALL.into_iter().find(|sign| sign_name(*sign) == name)
}
