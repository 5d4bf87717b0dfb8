//! `/invitations` of the organisation acted in, and what their links lead to.

use actix_web::{HttpResponse, delete, get, post, web};
use contract::accounts::{Me, Session};
use contract::invitations::{Invitation, InvitationToken, InvitationView, Invite, SignUpInvited};
use contract::{ErrorCode, Page, Problem};
use platform::error::ApiResult;
use platform::guard::{Guard, MembersManage, MembersRead, Public, SignedIn};
use platform::http::{Body, Created, Paged, Path, next_page};
use uuid::Uuid;

use super::service::Sender;
use super::{queries, service};
use crate::Accounts;
use crate::people;
use crate::random_secret::hash;
use crate::rights::Holder;
use crate::sessions;

/// Invitations that have not been accepted
#[utoipa::path(
    operation_id = "list_invitations",
    tag = "invitations",
    security(("bearer" = [])),
    params(Paged),
    responses(
        (status = 200, description = "A page of invitations", body = Page<Invitation>),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 422, description = "`page_too_large`, `unknown_cursor`", body = Problem),
    ),
)]
#[get("/invitations")]
pub(super) async fn list_invitations(guard: Guard<MembersRead>, paged: Paged) -> ApiResult<HttpResponse> {
    let (org, after) = (guard.org(), paged.position()?);
    let rows = guard.db.read(async |conn| queries::list(conn, org, after, paged.fetch()).await).await?;
    Ok(HttpResponse::Ok().json(next_page(&paged, rows, |invitation| invitation.id)?))
}

/// Invites somebody by mail, whether or not they have an account
#[utoipa::path(
    operation_id = "invite",
    tag = "invitations",
    security(("bearer" = [])),
    request_body = Invite,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The invitation is on its way", body = Invitation),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the caller does not hold; `confirmation_needed`", body = Problem),
        (status = 409, description = "`already_invited`, `already_member`", body = Problem),
        (status = 422, description = "`invalid_fields`", body = Problem),
    ),
)]
#[post("/invitations")]
pub(super) async fn invite(
    guard: Guard<MembersManage>,
    body: Body<Invite>,
) -> ApiResult<Created<Invitation>> {
    guard.confirmed()?;
    let sender = sender(&guard);
    guard.create(&body, async |tx| service::invite(tx, &sender, &body).await).await
}

/// Mails an invitation again, with a new link that is good for seven days
#[utoipa::path(
    operation_id = "resend_invitation",
    tag = "invitations",
    security(("bearer" = [])),
    params(("invitation_id" = Uuid, Path, description = "The invitation")),
    responses(
        (status = 200, description = "The invitation is on its way", body = Invitation),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`, also for what the caller does not hold", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[post("/invitations/{invitation_id}/resend")]
pub(super) async fn resend_invitation(
    guard: Guard<MembersManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let sender = sender(&guard);
    let invitation = guard.once(&(), async |tx| service::resend(tx, &sender, *path).await).await?;
    Ok(HttpResponse::Ok().json(invitation))
}

/// Takes an invitation back: its link is good no more
#[utoipa::path(
    operation_id = "withdraw_invitation",
    tag = "invitations",
    security(("bearer" = [])),
    params(("invitation_id" = Uuid, Path, description = "The invitation")),
    responses(
        (status = 204, description = "It is withdrawn"),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`not_permitted`", body = Problem),
        (status = 404, description = "`not_found`", body = Problem),
    ),
)]
#[delete("/invitations/{invitation_id}")]
pub(super) async fn withdraw_invitation(
    guard: Guard<MembersManage>,
    path: Path<Uuid>,
) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::withdraw(tx, org, *path).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What an invitation's link is about, for whoever holds it
#[utoipa::path(
    operation_id = "view_invitation",
    tag = "invitations",
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation", body = InvitationView),
        (status = 410, description = "`invitation_over`", body = Problem),
    ),
)]
#[post("/invitations/view")]
pub(super) async fn view_invitation(
    guard: Guard<Public>,
    body: Body<InvitationToken>,
) -> ApiResult<HttpResponse> {
    let (hash, now) = (hash(&body.token), guard.now());
    let found = guard.db.read(async |conn| queries::public_view(conn, &hash, now).await).await?;
    Ok(HttpResponse::Ok().json(found.ok_or(ErrorCode::InvitationOver)?))
}

/// Accepts an invitation; the account must have the address invited
#[utoipa::path(
    operation_id = "accept_invitation",
    tag = "invitations",
    security(("bearer" = [])),
    request_body = InvitationToken,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 200, description = "The person, with the new membership", body = Me),
        (status = 401, description = "`not_signed_in`, `token_expired`", body = Problem),
        (status = 403, description = "`other_address`", body = Problem),
        (status = 409, description = "`already_member`", body = Problem),
        (status = 410, description = "`invitation_over`", body = Problem),
    ),
)]
#[post("/invitations/accept")]
pub(super) async fn accept_invitation(
    guard: Guard<SignedIn>,
    body: Body<InvitationToken>,
) -> ApiResult<HttpResponse> {
    let person = guard.person()?;
    guard.once(&body, async |tx| service::accept(tx, person, &body.token).await).await?;
    let me = guard.db.read(async |conn| people::queries::me(conn, person.user_id).await).await?;
    Ok(HttpResponse::Ok().json(me))
}

/// Opens an account for the address invited, and joins: both or neither
///
/// The letter was received, so the address is proved. The refresh token travels as an HttpOnly cookie, or
/// in the answer with `token_in_body`.
#[utoipa::path(
    operation_id = "sign_up_invited",
    tag = "invitations",
    request_body = SignUpInvited,
    responses(
        (status = 201, description = "The account is open and its owner signed in", body = Session),
        (status = 403, description = "`sign_on_required`: the account is open; sign in by the organisation's provider", body = Problem),
        (status = 409, description = "`address_in_use`: sign in and accept, `policy_outdated`", body = Problem),
        (status = 410, description = "`invitation_over`", body = Problem),
        (status = 422, description = "`invalid_fields`, `weak_password`", body = Problem),
    ),
)]
#[post("/invitations/sign-up")]
pub(super) async fn sign_up_invited(
    guard: Guard<Public>,
    accounts: web::Data<Accounts>,
    body: Body<SignUpInvited>,
) -> ApiResult<HttpResponse> {
    let (token, now, ip) = (hash(&body.token), guard.now(), guard.request.ip);
    // Before a password is hashed, which costs.
    let found = guard.db.read(async |conn| queries::public_view(conn, &token, now).await).await?;
    let email = found.ok_or(ErrorCode::InvitationOver)?.email;
    let hash = accounts.passwords.hash(&body.password, &[&body.name, &email]).await?;
    let user_id = guard.db.write(async |tx| service::sign_up(tx, &body, &hash, ip).await).await?;
    let begun = sessions::begin(&guard, user_id).await?;
    sessions::answer(&guard, &accounts, begun, body.token_in_body, HttpResponse::Created()).await
}

fn sender(guard: &Guard<MembersManage>) -> Sender<'_> {
    Sender {
        org: guard.org(),
        holder: Holder::of(&guard.actor),
        by: guard.user_id(),
        locale: guard.locale(),
        keys: &guard.app.keys,
        public_url: guard.app.config.public_url().to_owned(),
    }
}
