//! Which tiles of a page are to be shown.

use ipc::PageSize;
use ipc::page::{MAX_WIDTH, TILE};

use super::layout::{Port, Sheet};

/// How far beyond what is seen tiles are fetched, in CSS pixels.
const AROUND: f64 = 320.0;

/// Most tiles of ink that a page keeps out of sight.
const MOST_INKED: u32 = 30;

/// The grid of tiles of one page at one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// Width of the whole page, in device pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// One tile of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tile {
    pub(crate) column: u32,
    pub(crate) row: u32,
}

impl Grid {
    /// The grid of a page that is shown at a zoom.
    pub(crate) fn new(size: &PageSize, zoom: f64, ratio: f64) -> Self {
        let width = (f64::from(size.width) * zoom * ratio).round();
        let width = (width as u32).clamp(1, MAX_WIDTH);
        let height = (f64::from(width) * f64::from(size.height) / f64::from(size.width)).round();
        Self { width, height: (height as u32).max(1) }
    }

    /// Tiles that are in sight, top to bottom.
    pub(crate) fn seen(&self, sheet: &Sheet, port: &Port) -> Vec<Tile> {
        self.within(sheet, port, 0.0)
    }

    /// Tiles that are in sight or near it, top to bottom.
    pub(crate) fn near(&self, sheet: &Sheet, port: &Port) -> Vec<Tile> {
        self.within(sheet, port, AROUND)
    }

    fn within(&self, sheet: &Sheet, port: &Port, around: f64) -> Vec<Tile> {
        let scale = f64::from(self.width) / sheet.width.max(1.0);
        let tile = f64::from(TILE);
        let span = |from: f64, to: f64, length: u32| {
            let last = length.saturating_sub(1) / TILE;
            if to < 0.0 || from > f64::from(length) {
                return 0..0;
            }
            let first = (from / tile).floor().max(0.0) as u32;
            first..((to / tile).floor().max(0.0) as u32).min(last) + 1
        };
        let (x, y) = (port.left - sheet.left, port.top - sheet.top);
        let columns = span((x - around) * scale, (x + port.width + around) * scale, self.width);
        span((y - around) * scale, (y + port.height + around) * scale, self.height)
            .flat_map(|row| columns.clone().map(move |column| Tile { column, row }))
            .collect()
    }

    /// Tiles that carry ink: all of a page of ordinary size, so that reading on draws nothing anew;
    /// those near the eye of a page that is shown very large.
    pub(crate) fn inked(&self, near: &[Tile]) -> Vec<Tile> {
        let (columns, rows) = (self.width.div_ceil(TILE), self.height.div_ceil(TILE));
        if near.is_empty() || columns * rows > MOST_INKED {
            return near.to_vec();
        }
        (0..rows).flat_map(|row| (0..columns).map(move |column| Tile { column, row })).collect()
    }

    /// Left, top, width and height of a tile in device pixels of the page.
    pub(crate) fn area(&self, tile: Tile) -> (u32, u32, u32, u32) {
        let (left, top) = (tile.column * TILE, tile.row * TILE);
        let rest = |whole: u32, from: u32| whole.saturating_sub(from).min(TILE);
        (left, top, rest(self.width, left), rest(self.height, top))
    }

    /// Where a tile lies on the page, as a style; in parts of the page, so that it follows a zoom
    /// until sharper ones are here.
    pub(crate) fn style(&self, tile: Tile) -> String {
        let (left, top, width, height) = self.area(tile);
        let part = |length: u32, whole: u32| f64::from(length) * 100.0 / f64::from(whole.max(1));
        format!(
            "left:{:.5}%;top:{:.5}%;width:{:.5}%;height:{:.5}%",
            part(left, self.width),
            part(top, self.height),
            part(width, self.width),
            part(height, self.height)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: PageSize =
        PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };

    #[test]
    fn the_tiles_cover_the_page_once() {
        let grid = Grid::new(&A4, 2.0, 1.5);
        let sheet = Sheet { left: 0.0, top: 0.0, width: 1190.0, height: 1684.0 };
        let port = Port { width: 2000.0, height: 2000.0, ..Port::default() };
        let area: u32 = grid
            .near(&sheet, &port)
            .into_iter()
            .map(|tile| grid.area(tile))
            .map(|a| a.2 * a.3)
            .sum();
        assert_eq!(area, grid.width * grid.height);
    }

    #[test]
    fn far_tiles_are_not_fetched() {
        let grid = Grid::new(&A4, 4.0, 2.0);
        let sheet = Sheet { left: 0.0, top: 5_000.0, width: 2380.0, height: 3368.0 };
        let above = Port { top: 0.0, width: 1000.0, height: 1000.0, ..Port::default() };
        assert!(grid.near(&sheet, &above).is_empty());
        let at = Port { top: 6_000.0, ..above };
        let tiles = grid.near(&sheet, &at);
        assert!(tiles.len() < 60 && tiles.contains(&Tile { column: 0, row: 4 }), "{}", tiles.len());
    }

    #[test]
    fn a_page_that_ends_with_a_tile_has_no_empty_one() {
        let size = PageSize { width: 512.0, height: 1024.0, ..A4 };
        let grid = Grid::new(&size, 1.0, 1.0);
        let sheet = Sheet { left: 0.0, top: 0.0, width: 512.0, height: 1024.0 };
        let port = Port { width: 3000.0, height: 3000.0, ..Port::default() };
        assert_eq!(
            grid.near(&sheet, &port),
            [Tile { column: 0, row: 0 }, Tile { column: 0, row: 1 }]
        );
    }
}
