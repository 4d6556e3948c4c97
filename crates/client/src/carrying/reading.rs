//! The text of a whole version, page by page.

use std::sync::Arc;

use domain::Sha256;
use futures_util::{StreamExt, TryStreamExt};
use ink::{Line, Rect, Sheet};
use ipc::{PageSize, PageText, Problem};

use crate::core::Core;
use crate::ports::PdfErrorKind;
use crate::{inspections, problem};

/// Pages read at the same time.
const AT_ONCE: usize = 2;

/// The pages of one version.
pub(super) struct Pages {
    pub(super) texts: Vec<PageText>,
    pub(super) sizes: Vec<PageSize>,
}

impl Pages {
    /// Reads a version that is here. A page beyond reading counts as one without text.
    pub(super) async fn read(core: &Arc<Core>, pdf: &Sha256, title: &str) -> Result<Self, Problem> {
        let path = core.path(pdf, title)?;
        let of_pdf = |error: &crate::ports::PdfError| problem::of_pdf(error, title);
        let sizes = inspections::whole(core, *pdf, &path, title).await?.sizes.clone();
        let pages = 1..=u32::try_from(sizes.len()).unwrap_or(u32::MAX);
        let path = &path;
        let texts = futures_util::stream::iter(pages)
            .map(|page| async move {
                match core.papers.text(path, page).await {
                    Err(error) if error.kind == PdfErrorKind::Damaged => {
                        Ok(PageText { page, lines: Vec::new() })
                    }
                    read => read,
                }
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
            .map_err(|error| of_pdf(&error))?;
        Ok(Self { texts, sizes })
    }

    /// The pages as the engine takes them.
    pub(super) fn sheets(&self) -> Vec<Sheet<'_>> {
        let pages = self.texts.iter().zip(&self.sizes);
        pages
            .map(|(text, size)| Sheet {
                lines: text.lines.iter().map(Line::from).collect(),
                area: area(size),
            })
            .collect()
    }
}

/// The visible box of a page in user space.
fn area(size: &PageSize) -> Rect {
    let PageSize { left, bottom, width, height, rotation } = *size;
    let (width, height) =
        if rotation.is_multiple_of(180) { (width, height) } else { (height, width) };
    Rect { x0: left, y0: bottom, x1: left + width, y1: bottom + height }
}
