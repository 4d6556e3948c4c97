//! A shared value that is equal to itself alone: large things are compared by where they lie.

use std::ops::Deref;
use std::rc::Rc;

/// The value, shared.
#[derive(Debug)]
pub(crate) struct Same<T>(Rc<T>);

impl<T> Same<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
