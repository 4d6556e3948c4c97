//! The one set of icons: 24 by 24, drawn with one line.

use yew::prelude::*;

/// A picture of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    Back,
    Up,
    Down,
    Check,
    Close,
    Search,
    Settings,
    Hand,
    Highlighter,
    Pen,
    Note,
    Text,
    Eraser,
    EraserParts,
    Lasso,
    Underline,
    Strikeout,
    Marker,
    Line,
    Arrow,
    Rectangle,
    Ellipse,
    Question,
    Agree,
    Disagree,
    Raise,
    Lock,
    People,
    Person,
    Everyone,
    Undo,
    Redo,
    Door,
    Pages,
    Outline,
    Plus,
    Minus,
    FitWidth,
    Trash,
    Copy,
    Paper,
    Clip,
    Waiting,
    Device,
    Drop,
    Forward,
    FullScreen,
    Grip,
    List,
    More,
    Packet,
    Print,
    Scroll,
    Send,
    Spread,
    TurnLeft,
    TurnRight,
    View,
}

impl Picture {
    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Up => "M5 15l7-7 7 7",
            Self::Down => "M5 9l7 7 7-7",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Search => "M17.5 11a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0M20 20l-4.2-4.2",
            Self::Settings => "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5M8.5 14.5v5",
            Self::Hand => {
                "M8 12V6.5a1.5 1.5 0 0 1 3 0V11m0-.5v-6a1.5 1.5 0 0 1 3 0v6m0-4a1.5 1.5 0 0 1 3 \
                 0V15c0 4-2.3 6-5.5 6-3 0-4.3-1.4-6-4.5l-1.8-3a1.5 1.5 0 0 1 2.5-1.6L8 14"
            }
            Self::Highlighter => "m14 4 6 6-8.5 8.5H7l-1.5-4.5zM4 21h16",
            Self::Pen => "M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z",
            Self::Note => "M5 4h14v11l-5 5H5zM14 20v-5h5",
            Self::Text => "M5 6V4h14v2M12 4v16M9 20h6",
            Self::Eraser => "m7 20-4-4L14 5l6 6-9 9zM7 20h13M9.5 9.5l6 6",
            Self::EraserParts => "m11 20-4-4 9-9 5 5-8 8zM3 6h5M3 10h3M13 20h8",
            Self::Lasso => {
                "M12 4c5 0 8.5 2.3 8.5 5.3S17 15 12 15s-8.5-2.6-8.5-5.7S7 4 12 4M7.5 14c-2 .6-2.4 \
                 2.6-.9 3.4 1.6.9 3 .1 2.6-1.4-.3-1.1-2.3-1-2.3 1 0 1.6-.9 2.6-2.4 3"
            }
            Self::Underline => "M7 4v6a5 5 0 0 0 10 0V4M5 20h14",
            Self::Strikeout => {
                "M17 7c-.6-2-2.5-3-5-3-3 0-5 1.4-5 3.6 0 1.3.7 2.3 2 3M4 12h16M7 16.5c.6 2.3 2.5 3.5 5 3.5 3 0 5-1.5 5-4"
            }
            Self::Marker => "M4 17c3-6 5 3 8-3s4 3 8-4M4 21h16",
            Self::Line => "M5 19 19 5",
            Self::Arrow => "M5 19 19 5M10 5h9v9",
            Self::Rectangle => "M4 6h16v12H4z",
            Self::Ellipse => "M21 12c0 3.6-4 6.5-9 6.5S3 15.6 3 12s4-6.5 9-6.5 9 2.9 9 6.5",
            Self::Question => {
                "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M9.3 9.6c0-3.6 5.5-3.6 5.4 0 0 2-2.7 2.2-2.7 \
                 4.2M12 17v.01"
            }
            Self::Agree => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8 12.4l2.8 2.8L16 9.6",
            Self::Disagree => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M9 9l6 6M15 9l-6 6",
            Self::Raise => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M12 17V7.5M8.3 11.2 12 7.5l3.7 3.7",
            Self::Lock => {
                "M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2M8 11V8a4 \
                 4 0 0 1 8 0v3"
            }
            Self::People => {
                "M12.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0M3 20c0-3.5 2.7-6 6-6s6 2.5 6 6M16 \
                 5.5a3.5 3.5 0 0 1 0 6.5M21 20c0-3-1.7-5.2-4-5.8"
            }
            Self::Person => {
                "M15.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0M5 20c0-3.9 3-6.5 7-6.5s7 2.6 7 6.5"
            }
            Self::Everyone => "M4 20V10l8-6 8 6v10M9 20v-6h6v6M2.5 20h19",
            Self::Undo => "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
            Self::Redo => "m16 5 4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
            Self::Door => "M6 21V4h12v17M4 21h16M14.5 12.5v.01",
            Self::Pages => "M4 4h7v7H4zM4 14h7v6H4zM15 5h5M15 9h5M15 15h5M15 19h5",
            Self::Outline => "M4 6h16M8 12h12M8 18h12M4 12v.01M4 18v.01",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::FitWidth => "M4 5v14M20 5v14M7.5 12h9M10 9l-3 3 3 3M14 9l3 3-3 3",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Paper => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Self::Clip => {
                "M19 11.5 11.6 19a4.6 4.6 0 0 1-6.5-6.5l7.9-8a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.8a1.5 \
                 1.5 0 0 1-2.2-2.1l6.8-6.9"
            }
            Self::Grip => "M9 6v.01M9 12v.01M9 18v.01M15 6v.01M15 12v.01M15 18v.01",
            Self::Drop => "M12 4v11m0 0-4-4m4 4 4-4M4 19h16",
            Self::Send => "M4 12 20 4l-5 16-4-6zM11 14l9-10",
            Self::List => "M9 6h11M9 12h11M9 18h11M4 6v.01M4 12v.01M4 18v.01",
            Self::Device => "M6 3h12v18H6zM11 18h2",
            Self::Print => "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
            Self::More => "M6 12v.01M12 12v.01M18 12v.01",
            Self::Forward => "M9 5l7 7-7 7",
            Self::View => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M15 12a3 3 0 1 \
                 1-6 0 3 3 0 0 1 6 0"
            }
            Self::Scroll => "M7 2v7h10V2M7 22v-7h10v7M3 12h18",
            Self::Spread => "M3 5h8v14H3zM13 5h8v14h-8z",
            Self::TurnLeft => "M4 4v5h5M4.6 9A8 8 0 1 1 4 13.5",
            Self::TurnRight => "M20 4v5h-5M19.4 9a8 8 0 1 0 .6 4.5",
            Self::FullScreen => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::Packet => "M7 3h12v14H7zM4 6v15h12M10.5 7.5h5M10.5 11h5",
            Self::Waiting => "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M12 7.5V12l3 2",
        }
    }
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct IconProps {
    pub(crate) of: Picture,
}

/// An icon; the words stand beside it or in its button's label.
#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d={props.of.path()} /></svg>
    }
}
