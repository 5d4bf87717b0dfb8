//! The rules of invitations.

use std::net::IpAddr;

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::invitations::{Invitation, Invite, SignUpInvited};
use domain::ids::new_id;
use domain::{AccountLetter, Locale};
use platform::audit::Change;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use platform::guard::Person;
use platform::keys::MasterKey;
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, Accepted, NewInvitation};
use crate::members;
use crate::people;
use crate::post::{Addressee, post};
use crate::privacy::consents;
use crate::random_secret::{RandomSecret, hash};
use crate::rights::Holder;
use crate::{roles, teams};

/// How long a link is good.
const LASTS: TimeDelta = TimeDelta::days(7);

/// Who invites, and how the letter is written and sealed.
pub(crate) struct Sender<'a> {
    pub(crate) org: Uuid,
    pub(crate) holder: Holder,
    /// The person; a program invites for the organisation.
    pub(crate) by: Option<Uuid>,
    pub(crate) locale: Locale,
    pub(crate) keys: &'a MasterKey,
    /// `https://ringside.example`
    pub(crate) public_url: String,
}

/// Invites an address to a role and teams that hold no more than the caller. `already_invited` comes
/// from the unique index.
pub(crate) async fn invite(tx: &mut Tx<'_>, sender: &Sender<'_>, wish: &Invite) -> ApiResult<Invitation> {
    let (org, email) = (sender.org, wish.email.trim());
    let given = roles::given(tx, org, wish.role, wish.custom_role).await?;
    sender.holder.may_give(&given)?;
    let mut teams = wish.teams.clone();
    teams.sort_unstable();
    teams.dedup();
    teams::may_join(tx, org, sender.holder, &teams).await?;
    if queries::is_member(tx, org, email).await? {
        let code = ErrorCode::AlreadyMember;
        return Err(ApiError::new(code).field("email", code.title()));
    }
    let (secret, now) = (RandomSecret::generate(), tx.now());
    let invitation = Invitation {
        id: new_id(),
        email: email.to_owned(),
        role: given.role,
        custom_role: given.custom.clone(),
        teams,
        created_at: now,
        expires_at: now + LASTS,
    };
    let token_hash = secret.hash();
    let new = NewInvitation { invitation: &invitation, token_hash: &token_hash, invited_by: sender.by };
    queries::insert(tx, org, &new).await?;
    send(tx, sender, &invitation, &secret).await?;
    let change = Change::new(Some(org), "invitation.sent", invitation.id);
    tx.audit(change.after(json!({"given": given.noted(), "teams": invitation.teams})));
    Ok(invitation)
}

/// Mails an open invitation again, also one that has run out: with a new link, and the old one ends.
pub(crate) async fn resend(tx: &mut Tx<'_>, sender: &Sender<'_>, id: Uuid) -> ApiResult<Invitation> {
    let mut invitation = queries::find(tx, sender.org, id).await?;
    let custom = invitation.custom_role.as_ref().map(|role| role.id);
    sender.holder.may_give(&roles::given(tx, sender.org, invitation.role, custom).await?)?;
    let secret = RandomSecret::generate();
    invitation.expires_at = tx.now() + LASTS;
    if queries::renew(tx, sender.org, id, &secret.hash(), invitation.expires_at).await? == 0 {
        return Err(ErrorCode::NotFound.into()); // accepted or withdrawn in this very moment
    }
    send(tx, sender, &invitation, &secret).await?;
    tx.audit(Change::new(Some(sender.org), "invitation.resent", id));
    Ok(invitation)
}

/// Takes an open invitation back.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    if queries::withdraw(tx, org, id, now).await? == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    tx.audit(Change::new(Some(org), "invitation.withdrawn", id));
    Ok(())
}

/// Makes the person a member, when the invitation is open and theirs.
pub(crate) async fn accept(tx: &mut Tx<'_>, person: &Person, token: &str) -> ApiResult<()> {
    let now = tx.now();
    let accepted = queries::accept(tx, &hash(token), &person.email, now).await?;
    let accepted = accepted.ok_or(ErrorCode::InvitationOver)?;
    if !accepted.own {
        return Err(ErrorCode::OtherAddress.into());
    }
    join(tx, &accepted, person.user_id).await
}

/// Opens an account for the address invited, proved by the letter that was received there, and makes it a
/// member; whose it is. Where that address has a proven account its owner signs in instead: the link alone
/// opens nobody's account.
pub(crate) async fn sign_up(
    tx: &mut Tx<'_>,
    wish: &SignUpInvited,
    password_hash: &str,
    ip: Option<IpAddr>,
) -> ApiResult<Uuid> {
    consents::in_force(tx, &wish.accepted).await?;
    let now = tx.now();
    let accepted = queries::accept(tx, &hash(&wish.token), "", now).await?;
    let accepted = accepted.ok_or(ErrorCode::InvitationOver)?;
    let user_id = people::open_proven(tx, &accepted.email, wish, password_hash).await?;
    consents::signed_up(tx, user_id, &wish.accepted, ip).await?;
    join(tx, &accepted, user_id).await?;
    Ok(user_id)
}

async fn join(tx: &mut Tx<'_>, accepted: &Accepted, user_id: Uuid) -> ApiResult<()> {
    let now = tx.now();
    let (org, role) = (accepted.org_id, members::queries::role_named(&accepted.role)?);
    members::queries::insert(tx, org, user_id, role, accepted.custom_role_id, now).await?;
    teams::queries::join(tx, org, &accepted.team_ids, user_id, now).await?;
    tx.audit(Change::new(Some(org), "invitation.accepted", accepted.id));
    let joined =
        json!({"role": role.name(), "custom_role": accepted.custom_role_id, "teams": accepted.team_ids});
    tx.audit(Change::new(Some(org), "member.joined", user_id).after(joined));
    Ok(())
}

async fn send(
    tx: &mut Tx<'_>,
    sender: &Sender<'_>,
    invitation: &Invitation,
    secret: &RandomSecret,
) -> ApiResult<()> {
    let letter = AccountLetter::Invitation {
        organisation: queries::name_of(tx, sender.org).await?,
        role: invitation.role,
        custom_role: invitation.custom_role.as_ref().map(|role| role.name.clone()),
        link: format!("{}/account/invitation#{}", sender.public_url, secret.reveal()),
    };
    // Nobody's name is known, and whether there is one is not told.
    let to = Addressee {
        name: invitation.email.clone(),
        address: invitation.email.clone(),
        locale: sender.locale,
    };
    post(tx, sender.keys, &to, &letter).await
}
