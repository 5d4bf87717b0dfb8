//! How often somebody may ask: in process by default, in Redis when there is one. A Redis that does
//! not answer lets requests through, with a warning.
//!
//! Both backends look back over the last 60 seconds from now, never at a calendar minute. Redis counts
//! uses second by second and refuses what would be one too many in that window. In process it is the
//! generic cell rate algorithm, which gives back one use every 60 / n seconds: after a pause the whole
//! measure at once, then an even stream. So in the minute after a pause up to twice the measure passes.

use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderName, HeaderValue};
use contract::ErrorCode;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::config::Config;
use crate::error::ApiError;
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
    /// A program with a key, per key.
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

    /// Requests a minute where nothing else is configured.
    #[must_use]
    pub const fn usual(self) -> u32 {
        match self {
            Self::PublicRead => 600,
            Self::PublicWrite => 120,
            Self::SignIn => 10,
            Self::SignedIn => 1_200,
            Self::Integrator => 3_000,
        }
    }

    const fn configured(self, config: &Config) -> u32 {
        match self {
            Self::PublicRead => config.limit_public_read,
            Self::PublicWrite => config.limit_public_write,
            Self::SignIn => config.limit_sign_in,
            Self::SignedIn => config.limit_signed_in,
            Self::Integrator => config.limit_integrator,
        }
    }
}

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// One tier: its whole measure, and the quarter that is left to a network under suspicion.
struct Measure {
    most: u32,
    whole: Keyed,
    quarter: Keyed,
}

impl Measure {
    fn new(most: u32) -> Self {
        Self { most, whole: keyed(most), quarter: keyed(quarter(most)) }
    }
}

fn keyed(most: u32) -> Keyed {
    let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
    RateLimiter::dashmap(Quota::per_minute(most)).with_middleware()
}

const fn quarter(most: u32) -> u32 {
    if most < 4 { 1 } else { most / 4 }
}

/// The measures, and who has used how much of them.
pub struct Limits {
    on: bool,
    measures: [Measure; 5],
    redis: Option<Redis>,
}

/// Where a caller stands in its measure after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    tier: Tier,
    most: u32,
    /// Requests left; `None` when this one was one too many.
    remaining: Option<u32>,
    /// Seconds until there are more.
    reset: u64,
}

impl Standing {
    /// The `RateLimit` fields (IETF draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn headers(self) -> Vec<(HeaderName, HeaderValue)> {
        let policy = format!("\"{}\";q={};w=60", self.tier.name(), self.most);
        let state = format!("\"{}\";r={};t={}", self.tier.name(), self.remaining.unwrap_or(0), self.reset);
        [("ratelimit-policy", policy), ("ratelimit", state)]
            .into_iter()
            .filter_map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
            })
            .collect()
    }

    /// The refusal of a request that was one too many.
    pub(crate) fn refusal(self) -> Option<ApiError> {
        self.remaining.is_none().then(|| {
            ApiError::new(ErrorCode::TooManyRequests)
                .with("retry_after", self.reset)
                .with("policy", self.tier.name())
        })
    }
}

impl Limits {
    /// The configured limits, counted in Redis when there is one; switched off they let everything
    /// through.
    #[must_use]
    pub fn new(config: &Config, redis: Option<Redis>) -> Self {
        let measures = Tier::ALL.map(|tier| Measure::new(tier.configured(config)));
        Self { on: config.rate_limits, measures, redis }
    }

    /// Whether anything is limited.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.on
    }

    /// Counts one use by `key` and tells where it stands; a key that is `suspect` has a quarter only.
    pub async fn check(&self, tier: Tier, key: &str, suspect: bool) -> Standing {
        let measure = &self.measures[tier as usize];
        let most = if suspect { quarter(measure.most) } else { measure.most };
        let standing = |remaining, reset| Standing { tier, most, remaining, reset };
        if !self.on {
            return standing(Some(most), 0);
        }
        if let Some(redis) = &self.redis {
            let key = if suspect { format!("suspect:{key}") } else { key.to_owned() };
            return match redis.count_use(tier.name(), &key, most).await {
                Ok((remaining, reset)) => standing(u32::try_from(remaining).ok(), reset),
                Err(error) => {
                    tracing::warn!(%error, "limits are not counted: Redis does not answer");
                    standing(Some(most), 60)
                }
            };
        }
        let keyed = if suspect { &measure.quarter } else { &measure.whole };
        match keyed.check_key(&key.to_owned()) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                // One comes back every 60 / most seconds.
                let used = u64::from(most.saturating_sub(remaining));
                standing(Some(remaining), (used * 60).div_ceil(u64::from(most.max(1))))
            }
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                standing(None, (wait.as_millis() as u64).div_ceil(1000).max(1))
            }
        }
    }

    /// Forgets those who have not asked for long; called now and then.
    pub fn tidy(&self) {
        for limiter in self.measures.iter().flat_map(|measure| [&measure.whole, &measure.quarter]) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// How often [`Self::tidy`] is worth its while.
    pub const TIDY_EVERY: Duration = Duration::from_secs(60);
}
