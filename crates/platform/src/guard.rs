//! The one door to the database: a handler gets its connection and its caller from here or not at
//! all, so no handler can forget to ask who calls and whether they may.

use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, Utc};
use contract::ErrorCode;
use domain::{Locale, OrganisationKind, Permission, Permissions, Role};
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{ApiError, ApiResult};
use crate::http::{Created, Fingerprint};
use crate::idempotency::Key;
use crate::limits::Tier;
use crate::request::{ExtraHeaders, RequestInfo, Seen};
use crate::state::App;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Anonymous,
    /// Somebody signed in who belongs to no organisation.
    Person(Person),
    /// Somebody acting in an organisation.
    Member(Member),
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub user_id: Uuid,
    /// The session their token belongs to.
    pub session_id: Uuid,
    /// Their address.
    pub email: String,
}

/// A person and the organisation they act in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: Person,
    /// The organisation.
    pub org_id: Uuid,
    /// What it is.
    pub org_kind: OrganisationKind,
    /// Their role there.
    pub role: Role,
    /// What they may do there.
    pub permissions: Permissions,
}

impl Actor {
    /// The person, when signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Anonymous => None,
            Self::Person(person) | Self::Member(Member { person, .. }) => Some(person),
        }
    }

    /// The membership, when acting in an organisation.
    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            _ => None,
        }
    }

    /// Whether the actor holds the permission in the organisation `org`.
    #[must_use]
    pub fn can(&self, permission: Permission, org: Uuid) -> bool {
        self.member().is_some_and(|member| member.org_id == org && member.permissions.contains(permission))
    }
}

/// What a request says about its caller.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// The token of `Authorization: Bearer …`.
    pub bearer: &'a str,
    /// The organisation chosen by `Ringside-Organisation`.
    pub organisation: Option<Uuid>,
    /// Where the request came from.
    pub ip: Option<IpAddr>,
}

/// Tells who calls; implemented by accounts, put into the app's data as `Arc<dyn Authenticate>`.
/// Asked only when a token was sent.
pub trait Authenticate: Send + Sync {
    /// The actor, or `not_signed_in`, `token_expired`; `not_permitted` for an organisation chosen
    /// that is not theirs.
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        credentials: Credentials<'a>,
    ) -> LocalBoxFuture<'a, ApiResult<Actor>>;
}

/// What a handler demands of its caller.
pub trait Access: 'static {
    /// The permission needed, if any.
    const PERMISSION: Option<Permission>;
    /// Whether the caller must have signed in.
    const NEEDS_SIGN_IN: bool;
}

/// Anybody may call.
#[derive(Debug)]
pub struct Public;
/// Anybody signed in may call.
#[derive(Debug)]
pub struct SignedIn;

impl Access for Public {
    const PERMISSION: Option<Permission> = None;
    const NEEDS_SIGN_IN: bool = false;
}
impl Access for SignedIn {
    const PERMISSION: Option<Permission> = None;
    const NEEDS_SIGN_IN: bool = true;
}

macro_rules! permissions {
    ($($name:ident)+) => { $(
        #[doc = concat!("A member with the permission `", stringify!($name), "` may call.")]
        #[derive(Debug)]
        pub struct $name;
        impl Access for $name {
            const PERMISSION: Option<Permission> = Some(Permission::$name);
            const NEEDS_SIGN_IN: bool = true;
        }
    )+ };
}

permissions! {
    OrganisationRead OrganisationManage MembersRead MembersManage VenuesRead VenuesManage EventsRead
    EventsManage OrdersRead OrdersManage PaymentsConfirm TicketsRead TicketsManage ScansRecord
    ScansRead FiguresRead DeliveriesRead DeliveriesManage
}

/// Proof that the caller may do what the handler does, with all it needs to do it.
pub struct Guard<P: Access> {
    /// Who calls.
    pub actor: Actor,
    /// The database.
    pub db: Db,
    /// What is known of the request.
    pub request: RequestInfo,
    /// Everything else.
    pub app: web::Data<App>,
    access: PhantomData<P>,
}

impl<P: Access> Guard<P> {
    /// The organisation acted in. Only for handlers that demand a permission; others ask
    /// `actor.member()`, which may be `None`: for them this is the nil id, which owns nothing.
    #[must_use]
    pub fn org(&self) -> Uuid {
        self.actor.member().map_or(Uuid::nil(), |member| member.org_id)
    }

    /// The person, when signed in.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        self.actor.person().map(|person| person.user_id)
    }

    /// The best language for the caller.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.request.locale
    }

    /// The person; `not_signed_in` when there is none, which a handler that demands more than
    /// [`Public`] never sees.
    pub fn person(&self) -> ApiResult<&Person> {
        self.actor.person().ok_or_else(|| ErrorCode::NotSignedIn.into())
    }

    /// The membership; `not_permitted` when there is none, which a handler that demands a
    /// permission never sees.
    pub fn member(&self) -> ApiResult<&Member> {
        self.actor.member().ok_or_else(|| ErrorCode::NotPermitted.into())
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.db.now()
    }

    /// Creates something in one transaction and answers 201. With an `Idempotency-Key` the same
    /// request sent again gets the same answer and does nothing; the answer is stored in that
    /// transaction. `f` may run more than once and must only touch the database.
    pub async fn create<T: Serialize + DeserializeOwned>(
        &self,
        body: &impl Fingerprint,
        f: impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>,
    ) -> ApiResult<Created<T>> {
        self.once(body, f).await.map(Created)
    }

    /// Like [`Self::create`], for what is answered otherwise than by 201.
    pub async fn once<T: Serialize + DeserializeOwned>(
        &self,
        body: &impl Fingerprint,
        f: impl AsyncFn(&mut Tx<'_>) -> ApiResult<T>,
    ) -> ApiResult<T> {
        let Some(header) = &self.request.idempotency_key else { return self.db.write(f).await };
        // Which organisation somebody acts in matters where it is acted in; otherwise it may be none
        // at first and one the second time, because it was the first that founded it.
        let member = P::PERMISSION.and(self.actor.member());
        let actor = match (member, self.user_id()) {
            (Some(member), _) => format!("user:{}@{}", member.person.user_id, member.org_id),
            (None, Some(user)) => format!("user:{user}"),
            (None, None) => "anon".to_owned(),
        };
        let key = Key::new(actor, header, &self.request.method, &self.request.path, body.digest())?;
        self.db.write_once(&key, f).await?.into_value()
    }

    /// Refuses when the caller did something of this tier too often; for what needs a narrower
    /// limit than its route, such as signing in with one address.
    pub async fn limit(&self, tier: Tier, key: &str) -> ApiResult<()> {
        self.app.limits.check(tier, key).await.map(|_| ())
    }
}

impl<P: Access> FromRequest for Guard<P> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        let (unlock, locked) = oneshot::channel();
        request.extensions_mut().insert(Door(locked.shared()));
        async move {
            let guard = open(&request).await?;
            // Nobody waits when the handler reads nothing else of the request.
            let _ = unlock.send(());
            Ok(guard)
        }
        .boxed_local()
    }
}

/// Locked until the guard has let the caller in. What else a handler reads of the request waits for
/// it, so that a stranger learns nothing about their input, and costs us no work, before 401 and 403.
struct Door(Shared<oneshot::Receiver<()>>);

/// Waits at the door of a handler whose first argument is a guard; elsewhere it is open.
pub(crate) fn admitted(request: &HttpRequest) -> impl Future<Output = ()> + 'static {
    let door = request.extensions().get::<Door>().map(|door| door.0.clone());
    async move {
        if let Some(door) = door {
            // A guard that refuses ends the request, and us with it.
            let _ = door.await;
        }
    }
}

async fn open<P: Access>(request: &HttpRequest) -> ApiResult<Guard<P>> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| ApiError::internal(anyhow::anyhow!("the app was built without its state")))?
        .clone();
    let info = RequestInfo::of(request, &app);
    let actor = who(request, &app, info.ip).await;
    limit(request, &app, actor.as_ref().ok(), info.ip).await?;
    let actor = actor?;
    request.extensions_mut().insert(Seen {
        user: actor.person().map(|person| person.user_id),
        org: actor.member().map(|member| member.org_id),
    });
    admit::<P>(&actor)?;
    Ok(Guard { actor, db: app.db.clone(), request: info, app, access: PhantomData })
}

/// Who calls, by the token sent.
async fn who(request: &HttpRequest, app: &App, ip: Option<IpAddr>) -> ApiResult<Actor> {
    let Some(header) = request.headers().get("authorization") else { return Ok(Actor::Anonymous) };
    let bearer = header
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(ErrorCode::NotSignedIn)?;
    let organisation = match request.headers().get("ringside-organisation") {
        None => None,
        Some(value) => {
            Some(value.to_str().ok().and_then(|id| Uuid::parse_str(id).ok()).ok_or_else(|| {
                ApiError::new(ErrorCode::MalformedRequest).detail("Ringside-Organisation must be an id.")
            })?)
        }
    };
    let authenticate = request.app_data::<Arc<dyn Authenticate>>().ok_or(ErrorCode::NotSignedIn)?;
    authenticate.authenticate(&app.db, Credentials { bearer, organisation, ip }).await
}

/// 401 comes before 403.
fn admit<P: Access>(actor: &Actor) -> ApiResult<()> {
    if P::NEEDS_SIGN_IN && actor.person().is_none() {
        return Err(ErrorCode::NotSignedIn.into());
    }
    match P::PERMISSION {
        Some(permission) if !actor.member().is_some_and(|member| member.permissions.contains(permission)) => {
            Err(ErrorCode::NotPermitted.into())
        }
        _ => Ok(()),
    }
}

async fn limit(request: &HttpRequest, app: &App, actor: Option<&Actor>, ip: Option<IpAddr>) -> ApiResult<()> {
    if !app.limits.are_on() {
        return Ok(());
    }
    let (tier, key) = match actor.and_then(Actor::person) {
        Some(person) => (Tier::SignedIn, person.user_id.to_string()),
        None => {
            let reads = matches!(*request.method(), Method::GET | Method::HEAD);
            let tier = if reads { Tier::PublicRead } else { Tier::PublicWrite };
            (tier, ip.map(|ip| ip.to_string()).unwrap_or_default())
        }
    };
    let decision = app.limits.check(tier, &key).await?;
    request.extensions_mut().insert(ExtraHeaders(decision.headers().into()));
    Ok(())
}
