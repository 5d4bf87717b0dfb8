//! One connection: what waits for its client is the body of the answer that opened it, and the client's
//! requests are done while that body is written. So a socket is one task, and what is rare is boxed.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use contract::live::{MOST_REQUESTS, NOT_UNDERSTOOD, SILENT, TOO_MANY_REQUESTS};
use futures_util::future::LocalBoxFuture;
use tokio::time::{Instant, Sleep, sleep};

use super::again::Again;
use super::client::{Client, Over};
use super::frame::{self, Heard, Reader};
use super::line::{Kind, Line};

/// How often a silent client is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(60);
/// The code of a socket that is closed because its client wished so (RFC 6455, 7.4.1).
const GOODBYE: u16 = 1000;
/// Within this time [`MOST_REQUESTS`] are done.
const WINDOW: Duration = Duration::from_secs(10);

type Work = LocalBoxFuture<'static, (Box<Client>, Result<(), Over>)>;

pub(super) struct Attendance {
    reader: Reader,
    line: std::sync::Arc<Line>,
    doing: Doing,
    /// Comes when rights may have changed; only who signed in has some.
    again: Option<LocalBoxFuture<'static, Again>>,
    ping: Pin<Box<Sleep>>,
    heard: Instant,
    /// Since when requests are counted, and how many there were.
    window: (Instant, u32),
}

enum Doing {
    /// The client may ask for something.
    Nothing(Box<Client>),
    /// Something is done for it, and it waits for the next.
    Work(Work),
    /// The last frame has been said, or nobody is there to hear it.
    Over,
}

impl Attendance {
    pub(super) fn new(client: Client, payload: Payload) -> Self {
        let now = Instant::now();
        Self {
            reader: Reader::new(payload),
            line: std::sync::Arc::clone(&client.line),
            doing: Doing::Nothing(Box::new(client)),
            again: None,
            ping: Box::pin(sleep(PING_EVERY)),
            heard: now,
            window: (now, 0),
        }
    }

    /// Goes on with what is done for the client. The code when the socket is to be closed.
    fn attend(&mut self, context: &mut Context<'_>) -> Poll<Option<u16>> {
        loop {
            match &mut self.doing {
                Doing::Over => return Poll::Ready(None),
                Doing::Work(work) => {
                    let Poll::Ready((client, done)) = work.as_mut().poll(context) else {
                        return Poll::Pending;
                    };
                    if self.again.is_none() && client.shown.is_some() {
                        self.again = Some(due(Again::new(client.app.clone())));
                    }
                    self.doing = Doing::Nothing(client);
                    if let Err(Over(code)) = done {
                        return Poll::Ready(Some(code));
                    }
                }
                Doing::Nothing(_) => {
                    if let Some(again) = &mut self.again
                        && let Poll::Ready(mut judged) = again.as_mut().poll(context)
                    {
                        judged.reset();
                        self.again = Some(due(judged));
                        self.start(async |client| client.judge().await);
                        continue;
                    }
                    // Who does not read its answers asks for no more; once they are taken we are asked again.
                    if self.line.is_long() {
                        return Poll::Pending;
                    }
                    let Poll::Ready(heard) = self.reader.poll_next(context) else { return Poll::Pending };
                    self.heard = Instant::now();
                    match heard {
                        Heard::Text(_) | Heard::Ping(_) if self.is_too_much() => {
                            return Poll::Ready(Some(TOO_MANY_REQUESTS));
                        }
                        Heard::Text(text) => self.start(async move |client| client.obey(&text).await),
                        Heard::Ping(payload) => self.line.push(Kind::Answer, frame::pong(&payload)),
                        Heard::Pong => {}
                        Heard::Close => return Poll::Ready(Some(GOODBYE)),
                        Heard::Gone => {
                            self.doing = Doing::Over;
                            return Poll::Ready(None);
                        }
                        Heard::Nonsense => return Poll::Ready(Some(NOT_UNDERSTOOD)),
                    }
                }
            }
        }
    }

    fn start(&mut self, work: impl AsyncFnOnce(&mut Client) -> Result<(), Over> + 'static) {
        let Doing::Nothing(mut client) = std::mem::replace(&mut self.doing, Doing::Over) else { return };
        self.doing = Doing::Work(Box::pin(async move {
            let done = work(&mut client).await;
            (client, done)
        }));
    }

    fn is_too_much(&mut self) -> bool {
        let (since, requests) = &mut self.window;
        if since.elapsed() > WINDOW {
            (*since, *requests) = (self.heard, 0);
        }
        *requests += 1;
        *requests > MOST_REQUESTS
    }

    /// Asks a client for a sign of life; whether it has given none for too long.
    fn is_silent(&mut self, context: &mut Context<'_>) -> bool {
        while self.ping.as_mut().poll(context).is_ready() {
            if self.heard.elapsed() > PATIENCE {
                return true;
            }
            self.ping.as_mut().reset(Instant::now() + PING_EVERY);
            self.line.push(Kind::Answer, frame::ping());
        }
        false
    }
}

fn due(mut again: Again) -> LocalBoxFuture<'static, Again> {
    Box::pin(async move {
        again.due().await;
        again
    })
}

impl MessageBody for Attendance {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    /// What is said next; the end of the connection when there is nothing more.
    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let this = &mut *self;
        let mut end = match this.attend(context) {
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(code) => code,
            Poll::Pending => None,
        };
        if end.is_none() && this.is_silent(context) {
            end = Some(SILENT);
        }
        if let Some(code) = end {
            this.doing = Doing::Over;
            return Poll::Ready(Some(Ok(frame::close(Some(code)))));
        }
        this.line.poll_next(context).map(|message| Some(Ok(message)))
    }
}
