//! One paper, as lists and the reader show it.

use domain::{PacketEntry, Sitting};
use ipc::{Availability, DocumentView};

use crate::picture::Picture;
use crate::ports::PaperFiles;

/// One paper of a sitting; none only when the sitting is invalid. Page sizes stay empty.
pub(crate) fn view(
    picture: &Picture,
    files: &dyn PaperFiles,
    sitting: &Sitting,
    entry: PacketEntry<'_>,
) -> Option<DocumentView> {
    let PacketEntry { item_number, item, document, first_page } = entry;
    let version = document.current()?;
    let availability = if picture.here.contains(&version.sha256) {
        Availability::Here
    } else {
        match files.received(&version.sha256) {
            Ok(received) if received > 0 => Availability::Arriving { received },
            Ok(_) | Err(_) => Availability::Waiting,
        }
    };
    let reading = picture.readings.get(&document.id);
    let last_page = reading.map_or(1, |reading| reading.page).clamp(1, version.pages.max(1));
    Some(DocumentView {
        document: document.id,
        sitting: sitting.id,
        item: u32::try_from(item_number).unwrap_or(u32::MAX),
        item_title: item.map_or(&document.title, |item| &item.title).clone(),
        title: document.title.clone(),
        role: document.role,
        pages: version.pages,
        version: version.number,
        bytes: version.bytes,
        availability,
        searchable: version.searchable,
        read: reading.is_some_and(|reading| reading.version >= version.number),
        changed_since: reading.and_then(|reading| reading.changed_since(version.number)),
        last_page,
        first_packet_page: first_page,
        notes: picture.notes_on(document),
        sizes: Vec::new(),
        labels: Vec::new(),
        measured: None,
        can_undo: false,
        can_redo: false,
    })
}
