//! What the scanner says about a reading, in as few words as a noisy gate allows.

use contract::{
    ErrorCode, Problem,
    scans::{FirstScan, Scan},
};
use leptos::prelude::*;
use ui::{
    Failure,
    format::{self, Style},
    t,
};

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Let the guest in.
    Enter,
    /// Look at the guest, then decide.
    Look,
    /// Do not let anybody in.
    Stop,
}

impl Tone {
    /// The name in class names and text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Look => "look",
            Self::Stop => "stop",
        }
    }

    /// How long the answer stays, milliseconds; the next reading takes its place at once.
    pub const fn stays_ms(self) -> u64 {
        match self {
            Self::Enter => 3_000,
            Self::Look | Self::Stop => 8_000,
        }
    }
}

/// What fills the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which of the three.
    pub tone: Tone,
    /// The zone's name.
    pub place: Option<String>,
    /// Row and seat, as people say it.
    pub seat: Option<String>,
    /// Why, in about five words.
    pub reason: Option<String>,
}

impl Answer {
    /// The answer to an admission or a refusal; times are told in `time_zone`.
    pub fn to(result: &Result<Scan, Failure>, time_zone: &str) -> Self {
        match result {
            Ok(scan) => Self::admitted(scan),
            Err(Failure::Refused(problem)) => Self::refused(problem, time_zone),
            Err(_) => Self::stop(t!("console.scan.no_connection")),
        }
    }

    fn admitted(scan: &Scan) -> Self {
        Self {
            tone: if scan.wrong_gate { Tone::Look } else { Tone::Enter },
            place: Some(scan.zone_name.clone()),
            seat: scan.seat.as_deref().map(spoken_seat),
            reason: scan.wrong_gate.then(|| t!("console.scan.wrong_gate", zone = scan.zone)),
        }
    }

    fn refused(problem: &Problem, time_zone: &str) -> Self {
        let first = problem.more.get("first_scan").cloned().map(serde_json::from_value::<FirstScan>);
        match (problem.code, first) {
            (ErrorCode::AlreadyAdmitted, Some(Ok(first))) => Self {
                tone: Tone::Look,
                place: problem.more.get("zone_name").and_then(|name| name.as_str()).map(str::to_owned),
                seat: problem.more.get("seat").and_then(|seat| seat.as_str()).map(spoken_seat),
                reason: Some(t!(
                    "console.scan.used",
                    time = format::at(first.at, time_zone, Style::Time),
                    gate = first.gate
                )),
            },
            (ErrorCode::AlreadyAdmitted, _) => {
                Self { tone: Tone::Look, ..Self::stop(t!(problem.code.text_key())) }
            }
            (code, _) => Self::stop(reason(code, problem)),
        }
    }

    fn stop(reason: String) -> Self {
        Self { tone: Tone::Stop, place: None, seat: None, reason: Some(reason) }
    }
}

/// A reason short enough for the gate; what happens rarely keeps its usual text.
fn reason(code: ErrorCode, problem: &Problem) -> String {
    match code {
        ErrorCode::NotATicket
        | ErrorCode::CodeAltered
        | ErrorCode::OtherEvent
        | ErrorCode::TicketRevoked
        | ErrorCode::OutsideHours => t!(&std::format!("console.scan.reason.{}", code.code())),
        ErrorCode::Internal | ErrorCode::Unavailable => t!("console.scan.no_connection"),
        _ => Failure::Refused(Box::new(problem.clone())).text(),
    }
}

/// `R1-A-12` as "Row A, seat 12".
fn spoken_seat(label: &str) -> String {
    match label.parse::<domain::seat::SeatLabel>() {
        Ok(seat) => t!("console.scan.seat", row = seat.row(), seat = seat.number()),
        Err(_) => label.to_owned(),
    }
}

/// The answer, over everything.
#[component]
pub fn AnswerScreen(
    /// What to say; nothing while waiting for a ticket.
    answer: Signal<Option<Answer>>,
    /// The person tapped it away.
    dismiss: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="scan-answer-region" role="status" aria-live="assertive">
            {move || {
                answer.get().map(|answer| {
                    let name = answer.tone.name();
                    view! {
                        <div
                            class=std::format!("scan-answer scan-answer-{name}")
                            data-answer=name
                            on:click=move |_| dismiss.run(())
                        >
                            <Mark tone=answer.tone/>
                            <p class="scan-word">{t!(&std::format!("console.scan.word.{name}"))}</p>
                            {answer.place.map(|place| view! { <p class="scan-place">{place}</p> })}
                            {answer.seat.map(|seat| view! { <p class="scan-seat">{seat}</p> })}
                            {answer.reason.map(|reason| view! { <p class="scan-reason">{reason}</p> })}
                        </div>
                    }
                })
            }}
        </div>
    }
}

/// Tick, eye or bar: the answer without colour and without words.
#[component]
fn Mark(tone: Tone) -> impl IntoView {
    let path = match tone {
        Tone::Enter => "M14 34 L27 47 L51 19",
        Tone::Look => "M32 12 V38 M32 50 V52",
        Tone::Stop => "M16 16 L48 48 M48 16 L16 48",
    };
    view! {
        <svg class="scan-mark" viewBox="0 0 64 64" aria-hidden="true">
            <path d=path fill="none" stroke="currentColor" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
    }
}
