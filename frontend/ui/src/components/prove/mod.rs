//! Answering a question that asks who somebody is: one way at a time, the others a press away.

use contract::ErrorCode;
use contract::factors::{Method, Proof};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::badge::Tone;
use super::button::{Button, Kind};
use super::field::Field;
use super::notice::{FailureNotice, Notice};
use crate::api::factors::Question;
use crate::{Failure, passkeys, t, words};

/// What all ways to answer share.
#[derive(Clone, Copy)]
struct Answering {
    question: StoredValue<Question>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    /// Another thing to tell: the key of its text.
    note: RwSignal<Option<(Tone, &'static str)>>,
    done: Callback<()>,
    over: Callback<Failure>,
}

impl Answering {
    /// Gives the answer; one at a time.
    fn give(self, proof: Proof) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.tell(None);
        spawn_local(async move {
            let answer = self.question.get_value().answer(proof).await;
            self.settle(answer.map(|()| self.done.run(())));
        });
    }

    /// Ends what was under way; a question that is over is asked anew by whoever asked it.
    fn settle(self, answer: Result<(), Failure>) {
        self.busy.try_set(false);
        let Err(failure) = answer else { return };
        if failure.code() == Some(ErrorCode::ChallengeOver) {
            self.over.run(failure);
        } else {
            self.failure.try_set(Some(failure));
        }
    }

    fn tell(self, note: Option<(Tone, &'static str)>) {
        self.failure.try_set(None);
        self.note.try_set(note);
    }

    /// Has a code mailed.
    fn mail(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.tell(None);
        spawn_local(async move {
            let sent = self.question.get_value().mail().await;
            if sent.is_ok() {
                self.tell(Some((Tone::Ok, "proof.mailed")));
            }
            self.settle(sent);
        });
    }

    /// Has a passkey sign.
    fn passkey(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.tell(None);
        spawn_local(async move {
            let options = match self.question.get_value().passkey().await {
                Ok(options) => options,
                Err(failure) => return self.settle(Err(failure)),
            };
            match passkeys::sign(&options).await {
                Ok(credential) => {
                    self.busy.try_set(false);
                    self.give(Proof::Passkey { credential });
                }
                Err(none) => {
                    self.busy.try_set(false);
                    self.tell(Some((Tone::Warn, none.text_key())));
                }
            }
        });
    }
}

/// Takes the answer to `question`.
#[component]
pub fn Prove(
    /// What is asked.
    question: Question,
    /// How it can be answered, best first.
    methods: Vec<Method>,
    /// Called when it was answered rightly.
    #[prop(into)]
    done: Callback<()>,
    /// Called when it can be answered no more.
    #[prop(into)]
    over: Callback<Failure>,
) -> impl IntoView {
    let answering = Answering {
        question: StoredValue::new(question),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        note: RwSignal::new(None),
        done,
        over,
    };
    let chosen = RwSignal::new(methods.first().copied().unwrap_or(Method::MailCode));
    let others = move || {
        let row = |method: Method| {
            let choose = move |_| {
                answering.tell(None);
                chosen.set(method);
            };
            view! { <li><Button kind=Kind::Bare on_press=choose>{t!(&format!("proof.by.{}", method.name()))}</Button></li> }
        };
        methods.iter().copied().filter(|method| *method != chosen.get()).map(row).collect_view()
    };
    let failure = answering.failure;
    view! {
        <div class="prove">
            <FailureNotice failure/>
            {move || answering.note.get().map(|(tone, key)| view! { <Notice tone>{t!(key)}</Notice> })}
            {move || match chosen.get() {
                Method::Passkey => view! { <ByPasskey answering/> }.into_any(),
                method => view! { <ByText method answering/> }.into_any(),
            }}
            <ul class="prove-others" aria-label=words("proof.others")>{others}</ul>
        </div>
    }
}

#[component]
fn ByPasskey(answering: Answering) -> impl IntoView {
    view! {
        <p class="soft">{words("proof.text.passkey")}</p>
        <Button kind=Kind::Primary class="button-wide" busy=answering.busy on_press=move |_| answering.passkey()>
            {words("proof.by.passkey")}
        </Button>
    }
}

/// A password or a code, as it is typed.
#[component]
fn ByText(method: Method, answering: Answering) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        answering.give(match method {
            Method::Totp => Proof::Totp { code: text },
            Method::MailCode => Proof::MailCode { code: text },
            Method::RecoveryCode => Proof::RecoveryCode { code: text },
            Method::Password | Method::Passkey => Proof::Password { password: text },
        });
    };
    let (kind, autocomplete) = match method {
        Method::Password => ("password", "current-password"),
        Method::RecoveryCode => ("text", "off"),
        _ => ("text", "one-time-code"),
    };
    let name = method.name();
    view! {
        <form class="prove-form" on:submit=send>
            <p class="soft">{t!(&format!("proof.text.{name}"))}</p>
            {(method == Method::MailCode).then(|| view! {
                <Button on_press=move |_| answering.mail() busy=answering.busy>{words("proof.mail")}</Button>
            })}
            <Field label=Signal::derive(move || t!(&format!("proof.field.{name}"))) value=typed kind=kind name="proof"
                autocomplete=autocomplete required=true/>
            <Button kind=Kind::Primary class="button-wide" busy=answering.busy>{words("proof.go")}</Button>
        </form>
    }
}
