//! How often somebody may ask. In process by default, in Redis when there is one; a Redis that does
//! not answer lets requests through, with a warning.

use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderName, HeaderValue};
use contract::ErrorCode;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::error::{ApiError, ApiResult};
use crate::redis::Redis;

/// Kinds of use, each with its own measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Reading without having signed in, per address.
    PublicRead,
    /// Writing without having signed in, per address.
    PublicWrite,
    /// Trying to sign in, per address or account.
    SignIn,
    /// Anything signed in, per person.
    SignedIn,
    /// A program with a key.
    Integrator,
}

impl Tier {
    const ALL: [Self; 5] =
        [Self::PublicRead, Self::PublicWrite, Self::SignIn, Self::SignedIn, Self::Integrator];

    /// Its name in headers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PublicRead => "public_read",
            Self::PublicWrite => "public_write",
            Self::SignIn => "sign_in",
            Self::SignedIn => "signed_in",
            Self::Integrator => "integrator",
        }
    }

    /// Requests a minute.
    #[must_use]
    pub const fn per_minute(self) -> u32 {
        match self {
            Self::PublicRead => 600,
            Self::PublicWrite => 120,
            Self::SignIn => 10,
            Self::SignedIn => 1_200,
            Self::Integrator => 3_000,
        }
    }
}

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The measures, and who has used how much of them.
pub struct Limits {
    on: bool,
    local: [Keyed; 5],
    redis: Option<Redis>,
}

/// A request is within its measure.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    tier: Tier,
    remaining: u32,
    reset: u64,
}

impl Decision {
    /// The `RateLimit` fields (IETF draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn headers(self) -> Vec<(HeaderName, HeaderValue)> {
        let policy = format!("\"{}\";q={};w=60", self.tier.name(), self.tier.per_minute());
        let state = format!("\"{}\";r={};t={}", self.tier.name(), self.remaining, self.reset);
        [("ratelimit-policy", policy), ("ratelimit", state)]
            .into_iter()
            .filter_map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
            })
            .collect()
    }
}

impl Limits {
    /// Limits that count in Redis when there is one; switched off they let everything through.
    #[must_use]
    pub fn new(on: bool, redis: Option<Redis>) -> Self {
        let local = Tier::ALL.map(|tier| {
            let most = NonZeroU32::new(tier.per_minute()).unwrap_or(NonZeroU32::MIN);
            RateLimiter::dashmap(Quota::per_minute(most)).with_middleware()
        });
        Self { on, local, redis }
    }

    /// Whether anything is limited.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.on
    }

    /// Counts one use; `too_many_requests` with `retry_after` in seconds when it is one too many.
    pub async fn check(&self, tier: Tier, key: &str) -> ApiResult<Decision> {
        if !self.on {
            return Ok(Decision { tier, remaining: tier.per_minute(), reset: 0 });
        }
        if let Some(redis) = &self.redis {
            return match redis.count_use(tier.name(), key, tier.per_minute()).await {
                Ok((used, reset)) if used > tier.per_minute() => Err(too_many(reset)),
                Ok((used, reset)) => Ok(Decision { tier, remaining: tier.per_minute() - used, reset }),
                Err(error) => {
                    tracing::warn!(%error, "limits are not counted: Redis does not answer");
                    Ok(Decision { tier, remaining: tier.per_minute(), reset: 60 })
                }
            };
        }
        match self.local[tier as usize].check_key(&key.to_owned()) {
            Ok(state) => Ok(Decision { tier, remaining: state.remaining_burst_capacity(), reset: 60 }),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(too_many(wait.as_secs().max(1)))
            }
        }
    }

    /// Forgets those who have not asked for long; called now and then.
    pub fn tidy(&self) {
        for limiter in &self.local {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// How often [`Self::tidy`] is worth its while.
    pub const TIDY_EVERY: Duration = Duration::from_secs(60);
}

fn too_many(seconds: u64) -> ApiError {
    ApiError::new(ErrorCode::TooManyRequests).with("retry_after", seconds)
}
