//! The one door to the database: a handler gets its connection and its caller from here or not at
//! all, so no handler can forget to ask who calls and whether they may.

use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use domain::{Locale, OrganisationKind, Permission};
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use uuid::Uuid;

pub use crate::actor::{Actor, Behalf, Member, Narrow, Person, Program, ProgramKind, Reach};
use crate::db::{Db, Tx};
use crate::error::{ApiError, ApiResult};
use crate::http::{Created, Fingerprint};
use crate::idempotency::Key;
use crate::limits::Tier;
use crate::request::{ExtraHeaders, RequestInfo, Seen};
use crate::state::App;
use crate::{network, origins};

/// How long a proof of who somebody is counts as recent.
pub const CONFIRMATION_LASTS: TimeDelta = TimeDelta::minutes(15);

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
    /// Whether the permission may be held for a single event or venue; the handler then asks
    /// [`Guard::reach`].
    const NARROW: bool = false;
    /// Whether the header `Authorization` is ours to read.
    const READS_TOKEN: bool = true;
    /// Whether those who call without signing in are counted as programs are: a provider reports for thousands.
    const FOR_MANY: bool = false;
}

/// Anybody may call.
#[derive(Debug)]
pub struct Public;
/// Anybody signed in may call.
#[derive(Debug)]
pub struct SignedIn;
/// Applications may call, and say who they are by what the handler reads itself (RFC 6749, 2.3).
#[derive(Debug)]
pub struct Applications;

/// Services that carry our messages report what became of them, and prove who they are by what the handler reads
/// itself: a signature.
#[derive(Debug)]
pub struct Services;

/// A member with the permission `P` may call, also when they hold it for single events or venues only.
/// Such a handler asks [`Guard::reach`] what it may show or touch.
#[derive(Debug)]
pub struct Within<P>(PhantomData<P>);

impl<P: Access> Access for Within<P> {
    const PERMISSION: Option<Permission> = P::PERMISSION;
    const NEEDS_SIGN_IN: bool = P::NEEDS_SIGN_IN;
    const NARROW: bool = true;
}

impl Access for Public {
    const PERMISSION: Option<Permission> = None;
    const NEEDS_SIGN_IN: bool = false;
}
impl Access for Applications {
    const PERMISSION: Option<Permission> = None;
    const NEEDS_SIGN_IN: bool = false;
    const READS_TOKEN: bool = false;
}
impl Access for Services {
    const PERMISSION: Option<Permission> = None;
    const NEEDS_SIGN_IN: bool = false;
    const READS_TOKEN: bool = false;
    const FOR_MANY: bool = true;
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
    ThreatsRead ThreatsManage OrganisationRead OrganisationManage MembersRead MembersManage VenuesRead VenuesManage EventsRead
    EventsManage OrdersRead OrdersManage PaymentsConfirm TicketsRead TicketsManage ScansRecord
    ScansRead FiguresRead DeliveriesRead DeliveriesManage TemplatesRead TemplatesManage KeysRead KeysManage AuditRead PrivacyManage JobsRead JobsManage
    WebhooksRead WebhooksManage
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
    /// `actor.place()`, which may be `None`: for them this is the nil id, which owns nothing.
    #[must_use]
    pub fn org(&self) -> Uuid {
        self.actor.place().map_or(Uuid::nil(), |(org, ..)| org)
    }

    /// The organisation, when it is the one that runs Ringside; to anybody else nothing is here:
    /// `not_found`.
    pub fn runs_ringside(&self) -> ApiResult<Uuid> {
        match self.actor.place() {
            Some((org, OrganisationKind::Platform, _)) => Ok(org),
            _ => Err(ErrorCode::NotFound.into()),
        }
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

    /// Refuses a session that has not proved for a while who they are: for acts that matter most
    /// (keys, roles, refunds, erasure). A program is refused always. `confirmation_needed` says so.
    pub fn confirmed(&self) -> ApiResult<()> {
        let person = self.actor.person().ok_or(ErrorCode::ConfirmationNeeded)?;
        if self.now() - person.confirmed_at > CONFIRMATION_LASTS {
            return Err(ErrorCode::ConfirmationNeeded.into());
        }
        Ok(())
    }

    /// The membership; `not_permitted` for a program, and when there is none.
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
        let in_organisation = P::PERMISSION.is_some();
        let actor = match &self.actor {
            Actor::Anonymous => "anon".to_owned(),
            Actor::Program(program) => match &program.behalf {
                None => format!("program:{}", program.id),
                Some(behalf) => format!("program:{}:{}@{}", program.id, behalf.user_id, program.org_id),
            },
            Actor::Member(member) if in_organisation => {
                format!("user:{}@{}", member.person.user_id, member.org_id)
            }
            Actor::Person(person) | Actor::Member(Member { person, .. }) => {
                format!("user:{}", person.user_id)
            }
        };
        let key = Key::new(actor, header, &self.request.method, &self.request.path, body.digest())?;
        self.db.write_once(&key, &self.app.keys, f).await?.into_value()
    }

    /// Tells that the password of an account was wrong: part of an attempt, perhaps.
    pub async fn wrong_password(&self, address: &str) {
        let key = self.app.keys.derive("accounts of threats");
        let address = address.trim().to_lowercase();
        let digest = Sha256::new().chain_update(key).chain_update(address).finalize();
        self.app.threats.wrong_password(&self.db, self.request.ip, &hex::encode(&digest[..8])).await;
    }

    /// Refuses when the caller did something of this tier too often; for what needs a narrower
    /// limit than its route, such as signing in with one address.
    pub async fn limit(&self, tier: Tier, key: &str) -> ApiResult<()> {
        let suspect = self.request.ip.is_some_and(|ip| self.app.suspects(ip));
        let standing = self.app.limits.check(tier, key, suspect).await;
        standing.refusal().map_or(Ok(()), Err)
    }
}

impl<P: Access> Guard<Within<P>> {
    /// What the caller may see or touch by the permission the handler demands.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let nothing = || Reach::Only { events: Vec::new(), venues: Vec::new() };
        P::PERMISSION.and_then(|permission| self.actor.reach(permission, self.org())).unwrap_or_else(nothing)
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
    origins::refuse_cross_site(request, &app.config)?;
    let actor = if P::READS_TOKEN { who(request, &app, info.ip).await } else { Ok(Actor::Anonymous) };
    limit(request, &app, actor.as_ref().ok(), (info.ip, P::FOR_MANY)).await?;
    let actor = actor?;
    if actor != Actor::Anonymous {
        request.extensions_mut().insert(Seen {
            user: actor.person().map(|person| person.user_id),
            org: actor.place().map(|(org, ..)| org),
        });
    }
    admit::<P>(&actor)?;
    let db = app.db.on_behalf_of(actor.origin(&info));
    Ok(Guard { actor, db, request: info, app, access: PhantomData })
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
    if P::NEEDS_SIGN_IN && *actor == Actor::Anonymous {
        return Err(ErrorCode::NotSignedIn.into());
    }
    let may = match P::PERMISSION {
        Some(permission) => actor.place().is_some_and(|(org, ..)| match actor.reach(permission, org) {
            Some(Reach::All) => true,
            Some(Reach::Only { .. }) => P::NARROW,
            None => false,
        }),
        // What people do for themselves is no program's business.
        None => !P::NEEDS_SIGN_IN || actor.person().is_some(),
    };
    let barred = || actor.barred().unwrap_or(ErrorCode::NotPermitted);
    if may { Ok(()) } else { Err(barred().into()) }
}

async fn limit(
    request: &HttpRequest,
    app: &App,
    actor: Option<&Actor>,
    (ip, for_many): (Option<IpAddr>, bool),
) -> ApiResult<()> {
    if !app.limits.are_on() {
        return Ok(());
    }
    let (tier, key) = match actor {
        Some(Actor::Program(program)) => (Tier::Integrator, program.id.to_string()),
        Some(Actor::Person(person) | Actor::Member(Member { person, .. })) => {
            (Tier::SignedIn, person.user_id.to_string())
        }
        Some(Actor::Anonymous) | None => {
            let reads = matches!(*request.method(), Method::GET | Method::HEAD);
            let tier = match (for_many, reads) {
                (true, _) => Tier::Integrator,
                (false, true) => Tier::PublicRead,
                (false, false) => Tier::PublicWrite,
            };
            (tier, ip.map(network::subscriber).unwrap_or_default())
        }
    };
    let suspect = ip.is_some_and(|ip| app.suspects(ip));
    let standing = app.limits.check(tier, &key, suspect).await;
    request.extensions_mut().insert(ExtraHeaders(standing.headers().into()));
    standing.refusal().map_or(Ok(()), Err)
}

/// Counts a request that no guard will see.
pub(crate) async fn limit_stranger(request: &HttpRequest, app: &App) -> ApiResult<()> {
    let ip = network::caller(request, &app.config.trusted_proxies).ip;
    limit(request, app, None, (ip, false)).await
}
