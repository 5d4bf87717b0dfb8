//! Something that is fetched: its last good value, whether it is on its way, and why it failed.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Failure;

/// A value that comes from the server and may be fetched again; the old one stays until then.
pub struct Fetched<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    failure: RwSignal<Option<Failure>>,
    loading: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: Clone + Send + Sync + 'static> Fetched<T> {
    /// The last good value. Tracks.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        self.value.get()
    }

    /// The last good value.
    #[must_use]
    pub fn get_untracked(&self) -> Option<T> {
        self.value.get_untracked()
    }

    /// Looks at the last good value without copying it. Tracks.
    pub fn with<R>(&self, look: impl FnOnce(Option<&T>) -> R) -> R {
        self.value.with(|value| look(value.as_ref()))
    }

    /// Why the last try failed; nothing after a good one. Tracks.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.failure.get()
    }

    /// Whether it is on its way. Tracks.
    #[must_use]
    pub fn loading(&self) -> bool {
        self.loading.get()
    }

    /// Fetches it again.
    pub fn refetch(&self) {
        self.again.try_update(|count| *count += 1);
    }

    /// Takes a value that came by another way, such as the answer to a change.
    pub fn set(&self, value: T) {
        self.failure.try_set(None);
        self.value.try_set(Some(value));
    }
}

/// Fetches now, whenever `key` changes, and whenever it is asked to. A new key forgets the old value;
/// an answer that was overtaken by a later question is dropped.
pub fn fetched<K, T, Answer>(
    key: impl Fn() -> K + 'static,
    fetch: impl Fn(K) -> Answer + 'static,
) -> Fetched<T>
where
    K: PartialEq + Clone + 'static,
    T: Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<T, Failure>> + 'static,
{
    let it = Fetched {
        value: RwSignal::new(None),
        failure: RwSignal::new(None),
        loading: RwSignal::new(true),
        again: RwSignal::new(0_u32),
    };
    let turn = StoredValue::new(0_u32);
    Effect::new(move |previous: Option<K>| {
        it.again.track();
        let key = key();
        if previous.is_some_and(|previous| previous != key) {
            it.value.set(None);
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        it.loading.set(true);
        let answer = fetch(key.clone());
        spawn_local(async move {
            let answer = answer.await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            it.loading.try_set(false);
            match answer {
                Ok(value) => it.set(value),
                Err(failure) => {
                    it.failure.try_set(Some(failure));
                }
            }
        });
        key
    });
    it
}
