//! Encoded images that were drawn before, within a bound of bytes; the one unused longest goes
//! first.

use std::collections::BTreeMap;

use client::ports::PaperImage;
use ipc::Look;

use crate::protocol::Area;

/// Which image: paper, page, width, area, light.
pub(crate) type Key = (u64, u32, u32, Area, Look);

/// Kept images.
#[derive(Debug)]
pub(crate) struct Cache {
    most: usize,
    bytes: usize,
    clock: u64,
    images: BTreeMap<Key, (u64, PaperImage)>,
    ages: BTreeMap<u64, Key>,
}

impl Cache {
    /// Keeps at most so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, bytes: 0, clock: 0, images: BTreeMap::new(), ages: BTreeMap::new() }
    }

    pub(crate) fn get(&mut self, key: Key) -> Option<PaperImage> {
        let (age, image) = self.images.get_mut(&key)?;
        self.ages.remove(age);
        self.clock += 1;
        *age = self.clock;
        self.ages.insert(self.clock, key);
        Some(image.clone())
    }

    pub(crate) fn insert(&mut self, key: Key, image: &PaperImage) {
        self.remove(key);
        if image.bytes.len() > self.most / 4 {
            return;
        }
        self.clock += 1;
        self.bytes += image.bytes.len();
        self.images.insert(key, (self.clock, image.clone()));
        self.ages.insert(self.clock, key);
        while self.bytes > self.most {
            let Some((_, oldest)) = self.ages.pop_first() else { break };
            self.remove(oldest);
        }
    }

    fn remove(&mut self, key: Key) {
        if let Some((age, image)) = self.images.remove(&key) {
            self.ages.remove(&age);
            self.bytes -= image.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(bytes: usize) -> PaperImage {
        PaperImage { mime: "image/png", bytes: vec![0; bytes] }
    }

    fn key(page: u32) -> Key {
        (1, page, 800, Area::Whole, Look::Paper)
    }

    #[test]
    fn the_image_unused_longest_goes_first() {
        let mut cache = Cache::new(100);
        for page in 1..=4 {
            cache.insert(key(page), &image(25));
        }
        assert!(cache.get(key(1)).is_some());
        cache.insert(key(5), &image(25));
        assert!(cache.get(key(2)).is_none());
        for page in [1, 3, 4, 5] {
            assert!(cache.get(key(page)).is_some(), "page {page}");
        }
        assert_eq!(cache.bytes, 100);
    }

    #[test]
    fn an_image_that_would_empty_the_cache_is_not_kept() {
        let mut cache = Cache::new(100);
        cache.insert(key(1), &image(20));
        cache.insert(key(2), &image(90));
        assert!(cache.get(key(1)).is_some());
        assert!(cache.get(key(2)).is_none());
    }

    #[test]
    fn a_drawn_again_image_replaces_the_first() {
        let mut cache = Cache::new(100);
        cache.insert(key(1), &image(20));
        cache.insert(key(1), &image(10));
        assert_eq!((cache.bytes, cache.ages.len()), (10, 1));
    }
}
