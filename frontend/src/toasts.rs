//! Short messages at the edge of the screen, oldest first.

use yew::Callback;

/// Most messages shown at once.
const MOST: usize = 3;

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    /// What can be done about it: the button's words and what it does. A message with a button
    /// stays until it is used or put away.
    pub(crate) action: Option<(String, Callback<()>)>,
}

/// The messages that are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Toasts {
    shown: Vec<Toast>,
    next: u32,
}

impl Toasts {
    /// Adds a message; the same words are not shown twice. The oldest without a button makes room.
    pub(crate) fn push(&mut self, text: String, action: Option<(String, Callback<()>)>) {
        self.shown.retain(|toast| toast.text != text);
        self.next += 1;
        self.shown.push(Toast { id: self.next, text, action });
        if self.shown.len() > MOST {
            let oldest = self.shown.iter().position(|toast| toast.action.is_none()).unwrap_or(0);
            self.shown.remove(oldest);
        }
    }

    pub(crate) fn dismiss(&mut self, id: u32) {
        self.shown.retain(|toast| toast.id != id);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Toast> {
        self.shown.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(toasts: &Toasts) -> Vec<&str> {
        toasts.iter().map(|toast| toast.text.as_str()).collect()
    }

    #[test]
    fn the_same_words_are_shown_once() {
        let mut toasts = Toasts::default();
        toasts.push("a".into(), None);
        toasts.push("b".into(), None);
        toasts.push("a".into(), None);
        assert_eq!(texts(&toasts), ["b", "a"]);
    }

    #[test]
    fn a_message_that_can_be_acted_on_outlives_those_that_cannot() {
        let mut toasts = Toasts::default();
        toasts.push("retry".into(), Some(("Retry".into(), Callback::noop())));
        for text in ["a", "b", "c"] {
            toasts.push(text.into(), None);
        }
        assert_eq!(texts(&toasts), ["retry", "b", "c"]);
        let id = toasts.iter().next().map(|toast| toast.id).unwrap();
        toasts.dismiss(id);
        assert_eq!(texts(&toasts), ["b", "c"]);
    }
}
