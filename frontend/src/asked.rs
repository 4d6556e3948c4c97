//! Asking the app from a component.

use std::cell::Cell;
use std::rc::Rc;

use ipc::{Command, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::bridge::{self, Failure};

/// What came of a question; both are none while the first answer is under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Asked {
    pub(crate) reply: Option<Rc<Reply>>,
    pub(crate) failure: Option<Failure>,
}

/// Asks when the question or the revision changes. While the same question is asked again the former
/// answer stays; an answer that comes too late is dropped.
#[hook]
pub(crate) fn use_asked(question: Option<Command>, revision: u32) -> Asked {
    let asked = use_state(|| (None, Asked::default()));
    {
        let asked = asked.clone();
        use_effect_with((question.clone(), revision), move |(question, _)| {
            let wanted = Rc::new(Cell::new(true));
            if let Some(question) = question.clone() {
                let wanted = Rc::clone(&wanted);
                spawn_local(async move {
                    let answer = bridge::call(question.clone()).await;
                    if wanted.get() {
                        let answer = match answer {
                            Ok(reply) => Asked { reply: Some(Rc::new(reply)), failure: None },
                            Err(failure) => Asked { reply: None, failure: Some(failure) },
                        };
                        asked.set((Some(question), answer));
                    }
                });
            }
            move || wanted.set(false)
        });
    }
    if asked.0 == question { asked.1.clone() } else { Asked::default() }
}
