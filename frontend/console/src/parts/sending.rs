//! Something sent by a form or a button: once at a time, with what went wrong.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};
use ui::Failure;

/// Whether it is on its way, and why it failed the last time.
#[derive(Clone, Copy)]
pub struct Sending {
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// Why it failed; nothing after it went well.
    pub failure: RwSignal<Option<Failure>>,
}

impl Sending {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), failure: RwSignal::new(None) }
    }

    /// Sends, unless it is on its way already; `done` gets a good answer. The page may be gone by then.
    pub fn send<T: 'static>(
        self,
        work: impl Future<Output = Result<T, Failure>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = work.await;
            self.busy.try_set(false);
            match answer {
                Ok(good) => {
                    self.failure.try_set(None);
                    done(good);
                }
                Err(why) => {
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// What is wrong with a field, or with a part of it.
    pub fn fault(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.failure.with(|failure| failure.as_ref()?.field_below(field)))
    }
}
