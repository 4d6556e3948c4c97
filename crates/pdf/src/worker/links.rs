//! Links of a page: places in the same paper, and addresses outside.

use ink::Rect;
use ipc::{LinkTarget, PageLink};
use pdfium_render::prelude::{
    PdfDestination, PdfDestinationViewSettings, PdfLink, PdfPage, PdfPageLinkIndex,
};

/// Most links read from a page.
const MOST: PdfPageLinkIndex = 2_000;
/// Longest address, in bytes; a longer one is no address that a person could judge.
const ADDRESS: usize = 2_000;

/// The links that lead somewhere, in the order of the page.
pub(crate) fn links(page: &PdfPage<'_>) -> Vec<PageLink> {
    (0..MOST)
        .map_while(|index| page.links().get(index).ok())
        .filter_map(|link| {
            let area = link.rect().ok()?;
            let (left, bottom) = (area.left().value, area.bottom().value);
            let rect = Rect::from([left, bottom, area.right().value, area.top().value]);
            let sound = [rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|side| side.is_finite());
            (sound && rect.width() > 0.0 && rect.height() > 0.0)
                .then(|| target(&link))?
                .map(|to| PageLink { rect, to })
        })
        .collect()
}

fn target(link: &PdfLink<'_>) -> Option<LinkTarget> {
    if let Some(place) = link.destination().as_ref().and_then(place) {
        return Some(place);
    }
    let action = link.action()?;
    let uri = action.as_uri_action()?.uri().ok()?;
    address(&uri).map(LinkTarget::Address)
}

fn place(destination: &PdfDestination<'_>) -> Option<LinkTarget> {
    let page = u32::try_from(destination.page_index().ok()?).ok()? + 1;
    let top = match destination.view_settings() {
        Ok(PdfDestinationViewSettings::SpecificCoordinatesAndZoom(_, y, _)) => y,
        Ok(
            PdfDestinationViewSettings::FitPageHorizontallyToWindow(y)
            | PdfDestinationViewSettings::FitBoundsHorizontallyToWindow(y),
        ) => y,
        Ok(PdfDestinationViewSettings::FitPageToRectangle(rect)) => Some(rect.top()),
        Ok(
            PdfDestinationViewSettings::Unknown
            | PdfDestinationViewSettings::FitPageToWindow
            | PdfDestinationViewSettings::FitPageVerticallyToWindow(_)
            | PdfDestinationViewSettings::FitBoundsToWindow
            | PdfDestinationViewSettings::FitBoundsVerticallyToWindow(_),
        )
        | Err(_) => None,
    };
    Some(LinkTarget::Page { page, top: top.map(|y| y.value).filter(|y| y.is_finite()) })
}

/// Only what a browser or a mail program opens; nothing that starts something on the tablet.
fn address(uri: &str) -> Option<String> {
    let uri = uri.trim();
    let lower = uri.to_ascii_lowercase();
    let bare = lower.starts_with("www.");
    let known = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let plain = uri.len() <= ADDRESS && !uri.chars().any(|c| c.is_control() || c.is_whitespace());
    match (plain, known, bare) {
        (true, true, _) => Some(uri.to_owned()),
        (true, false, true) => Some(format!("https://{uri}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_addresses_of_the_web_and_of_mail_lead_outside() {
        for (uri, kept) in [
            ("https://www.valbrune.fr/plu", Some("https://www.valbrune.fr/plu")),
            (" HTTP://valbrune.fr ", Some("HTTP://valbrune.fr")),
            ("www.valbrune.fr", Some("https://www.valbrune.fr")),
            ("mailto:greffe@valbrune.fr", Some("mailto:greffe@valbrune.fr")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("https://a b", None),
            ("", None),
        ] {
            assert_eq!(address(uri).as_deref(), kept, "{uri}");
        }
    }
}
