//! The page `/m/u/{token}`.

use actix_web::HttpResponse;
use actix_web::http::header;
use contract::ErrorCode;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Applications, Guard};
use platform::http::{Path, Raw};

use super::page;
use super::service::{self, Choice};
use crate::mail_tokens;

/// What a form, or a mail program, may send.
pub(super) const MOST_BYTES: usize = 4 << 10;

/// Shows what holds, and what may be said. Looking changes nothing: programs that check links come here, too.
pub(super) async fn show_choices(guard: Guard<Applications>, token: Path<String>) -> ApiResult<HttpResponse> {
    let delivery = mail_tokens::choices(&guard.app.keys, &token).ok_or(ErrorCode::NotFound)?;
    let choices = guard.db.read(async |conn| service::look(conn, delivery).await).await?;
    shown(page::page(&choices, None)?)
}

/// Does what a button of the page, or of the mail program, says.
pub(super) async fn choose(
    guard: Guard<Applications>,
    token: Path<String>,
    body: Raw,
) -> ApiResult<HttpResponse> {
    let delivery = mail_tokens::choices(&guard.app.keys, &token).ok_or(ErrorCode::NotFound)?;
    let choice = said(&body.bytes)
        .ok_or_else(|| ApiError::new(ErrorCode::MalformedRequest).detail("Nothing was chosen."))?;
    let choices = guard.db.write(async |tx| service::choose(tx, delivery, choice).await).await?;
    shown(page::page(&choices, Some(choice))?)
}

/// What a body says: a field of the page's form, or `List-Unsubscribe=One-Click`, which comes urlencoded or as
/// multipart (RFC 8058, 3.2).
fn said(body: &[u8]) -> Option<Choice> {
    let text = std::str::from_utf8(body).ok()?;
    match text.strip_prefix("do=") {
        Some("stop") => Some(Choice::Stop),
        Some("start") => Some(Choice::Start),
        Some("count") => Some(Choice::Counting(true)),
        Some("do-not-count") => Some(Choice::Counting(false)),
        Some(_) => None,
        None => (text.contains("List-Unsubscribe") && text.contains("One-Click")).then_some(Choice::Stop),
    }
}

fn shown(page: String) -> ApiResult<HttpResponse> {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header(("x-robots-tag", "noindex"))
        .body(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_click_comes_in_either_form_and_nothing_else_stops_mail() {
        let multipart =
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        for body in ["List-Unsubscribe=One-Click", multipart, "do=stop"] {
            assert_eq!(said(body.as_bytes()), Some(Choice::Stop), "{body}");
        }
        for body in ["", "do=", "do=everything", "One-Click", "\u{fffd}"] {
            assert_eq!(said(body.as_bytes()), None, "{body}");
        }
        assert_eq!(said(b"do=count"), Some(Choice::Counting(true)));
    }
}
