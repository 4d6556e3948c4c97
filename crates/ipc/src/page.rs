//! Addresses of page images: what the window asks the page protocol for.

use std::fmt;
use std::str::FromStr;

use domain::DocumentId;
use serde::{Deserialize, Serialize};

/// Side of a tile, in device pixels.
pub const TILE: u32 = 512;

/// Width of the image of a whole page that is there first, in device pixels.
pub const FIRST: u32 = 384;

/// Width of a page on the rail beside the pages, in device pixels.
pub const SMALL: u32 = 192;

/// Widest page image, in device pixels.
pub const MAX_WIDTH: u32 = 8_192;

/// Which part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageArea {
    /// The whole page (placeholders, thumbnails).
    Whole,
    /// One tile of [`TILE`] pixels, counted from the top left corner from 0; at the right and
    /// bottom edges a tile is what is left.
    Tile {
        /// From the left.
        column: u32,
        /// From the top.
        row: u32,
    },
}

/// What an address ends in, before a number, when the same image is asked for once more: a browser
/// fetches no address a second time.
pub const AGAIN: &str = "&again=";

/// In which light a page is read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// As it was printed.
    #[default]
    Paper,
    /// On cream, easier on tired eyes.
    Sepia,
    /// Light on dark; pictures keep their colours.
    Night,
}

/// One image of a page, upright as the reader sees it. Its address is
/// `{document}/{version}/{page}/{width}/{area}?g={generation}` with `area` either `whole` or
/// `{column}-{row}`, followed by `&look=sepia` or `&look=night` unless the page is as printed, and by
/// `&ahead` when nobody sees it yet; and by [`AGAIN`] and a number when it is asked for once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageImage {
    /// Which paper.
    pub document: DocumentId,
    /// Which version of it.
    pub version: u32,
    /// Page from 1.
    pub page: u32,
    /// Width of the whole page in device pixels, at most [`MAX_WIDTH`].
    pub width: u32,
    /// Which part.
    pub area: PageArea,
    /// Counts the window's changes of view: work for an older one is dropped.
    pub generation: u32,
    /// In which light.
    pub look: Look,
    /// Whether it is fetched ahead: what is seen goes before it.
    pub ahead: bool,
}

/// The text is not the address of a page image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not the address of a page image.")]
pub struct BadAddress;

impl fmt::Display for PageImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, version, page, width, area, generation, look, ahead } = self;
        write!(f, "{document}/{version}/{page}/{width}/")?;
        match area {
            PageArea::Whole => f.write_str("whole")?,
            PageArea::Tile { column, row } => write!(f, "{column}-{row}")?,
        }
        write!(f, "?g={generation}")?;
        match look {
            Look::Paper => {}
            Look::Sepia => f.write_str("&look=sepia")?,
            Look::Night => f.write_str("&look=night")?,
        }
        if *ahead { f.write_str("&ahead") } else { Ok(()) }
    }
}

impl FromStr for PageImage {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, query) = text.split_once('?').ok_or(BadAddress)?;
        let query = query.strip_prefix("g=").ok_or(BadAddress)?;
        let query = query.split_once(AGAIN).map_or(query, |(query, _)| query);
        let (query, ahead) = query.strip_suffix("&ahead").map_or((query, false), |q| (q, true));
        let (generation, look) = match query.split_once('&') {
            None => (query, Look::Paper),
            Some((generation, "look=sepia")) => (generation, Look::Sepia),
            Some((generation, "look=night")) => (generation, Look::Night),
            Some(_) => return Err(BadAddress),
        };
        let mut parts = path.trim_start_matches('/').split('/');
        let mut next = || parts.next().ok_or(BadAddress);
        let number = |text: &str| text.parse::<u32>().map_err(|_| BadAddress);
        let document = next()?.parse().map_err(|_| BadAddress)?;
        let (version, page, width) = (number(next()?)?, number(next()?)?, number(next()?)?);
        let area = match next()? {
            "whole" => PageArea::Whole,
            tile => {
                let (column, row) = tile.split_once('-').ok_or(BadAddress)?;
                PageArea::Tile { column: number(column)?, row: number(row)? }
            }
        };
        if parts.next().is_some() || page == 0 || width == 0 || width > MAX_WIDTH {
            return Err(BadAddress);
        }
        let generation = number(generation)?;
        Ok(Self { document, version, page, width, area, generation, look, ahead })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_is_the_same_image() {
        let document = DocumentId::new(1_795_000_000_000, [3; 10]);
        for look in [Look::Paper, Look::Night] {
            for ahead in [false, true] {
                let (version, page, width, generation) = (1, 7, 1600, 9);
                let area = PageArea::Whole;
                let image =
                    PageImage { document, version, page, width, area, generation, look, ahead };
                assert_eq!(format!("{image}{AGAIN}2").parse(), Ok(image));
            }
        }
    }

    #[test]
    fn an_address_survives_its_text() {
        let document = DocumentId::new(1_795_000_000_000, [3; 10]);
        let tile = PageArea::Tile { column: 2, row: 0 };
        for (area, look) in
            [(PageArea::Whole, Look::Paper), (tile, Look::Night), (tile, Look::Sepia)]
        {
            for ahead in [false, true] {
                let (version, page, width, generation) = (1, 7, 1600, 9);
                let image =
                    PageImage { document, version, page, width, area, generation, look, ahead };
                assert_eq!(image.to_string().parse(), Ok(image));
                assert_eq!(format!("/{image}").parse(), Ok(image));
            }
        }
    }

    #[test]
    fn an_address_out_of_bounds_is_refused() {
        let document = DocumentId::new(1, [0; 10]);
        for rest in [
            "1/0/100/whole?g=1",
            "1/1/9000/whole?g=1",
            "1/1/100/x?g=1",
            "1/1/100/whole",
            "1/1/9/whole?g=1&x",
        ] {
            assert_eq!(
                format!("{document}/{rest}").parse::<PageImage>(),
                Err(BadAddress),
                "{rest}"
            );
        }
    }
}
