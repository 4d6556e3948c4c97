//! Commands that change a paper go one after another, so that undo never overtakes a stroke.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A line of tasks; clones stand for the same line.
#[derive(Clone, Default)]
pub(crate) struct Turns {
    waiting: Rc<RefCell<VecDeque<Task>>>,
    runs: Rc<Cell<bool>>,
}

impl Turns {
    /// Does this when all that was asked before is done.
    pub(crate) fn push(&self, task: impl Future<Output = ()> + 'static) {
        self.waiting.borrow_mut().push_back(Box::pin(task));
        if self.runs.replace(true) {
            return;
        }
        let turns = self.clone();
        spawn_local(async move {
            loop {
                // The borrow must end before the task, which may push others.
                let task = turns.waiting.borrow_mut().pop_front();
                match task {
                    Some(task) => task.await,
                    None => break,
                }
            }
            turns.runs.set(false);
        });
    }
}
