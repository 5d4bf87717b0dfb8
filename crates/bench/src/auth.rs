//! What the doors cost: guarded requests beside the same handler without its guard, and signing in
//! beside nothing but the password hash on the same cores.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use contract::accounts::{Me, Session, SignIn, SignUp};
use contract::endpoints;
use domain::Locale;
use serde_json::json;
use uuid::Uuid;

use crate::Target;
use crate::connection::Connection;
use crate::figures::{Steps, round};
use crate::read::{Bare, load};
use crate::stadium;

/// Rounds in which they take turns, so that all see the same machine.
const ROUNDS: u32 = 4;
const PASSWORD: &str = "southpaw-in-the-third-round";
/// People who sign in at the same time.
const DOORS: usize = 8;

/// Measures, and prints one line of JSON at the end.
pub async fn measure(target: &Target) -> Result<()> {
    let tag = Uuid::now_v7().simple().to_string();
    let wish = SignUp {
        email: format!("bench-{tag}@demo.ringside.example"),
        password: PASSWORD.to_owned(),
        name: "Bench Person".to_owned(),
        locale: Locale::default(),
        accepted: Vec::new(),
    };
    let mut connection = Connection::open(target.server).await?;
    let session: Session = stadium::join(target, &mut connection, &wish).await?;
    let token = format!("Bearer {}", session.access_token);
    let guarded = [("authorization", token.as_str())];
    let answer = connection.get(endpoints::GET_ME.path, &guarded).await?;
    anyhow::ensure!(answer.status.is_success(), "get_me answered {}", answer.status);
    let me: Me = answer.json(endpoints::GET_ME.id)?;
    let person = me.id.to_string();
    let unguarded =
        Bare::run("unguarded", |it| it.args(["--person", &person, "--database", &target.database])).await?;

    let share = target.duration() / (3 * ROUNDS);
    let (mut served, mut refused, mut plain) = (Steps::default(), Steps::default(), Steps::default());
    let (mut sign_ins, mut hashes) = (0, 0);
    for _ in 0..ROUNDS {
        load(target, target.server, endpoints::GET_ME.path, &guarded, share, &mut served).await?;
        load(target, target.server, endpoints::GET_ME.path, &[], share, &mut refused).await?;
        load(target, unguarded.address, endpoints::GET_ME.path, &[], share, &mut plain).await?;
        sign_ins += sign_in(target, &wish, share).await?;
        hashes += hash(share).await?;
    }
    let seconds = (share * ROUNDS).as_secs_f64();
    let me = served.successes("read") as f64 / seconds;
    let bare = plain.successes("read") as f64 / seconds;
    let (entered, hashed) = (f64::from(sign_ins) / seconds, f64::from(hashes) / seconds);
    println!(
        "  get_me: {me:.0} per s (p99 {} ms), without its guard {bare:.0} per s, ratio {:.2}",
        served.percentile("read", 0.99),
        me / bare
    );
    println!("  sign_in: {entered:.1} per s, bare Argon2id {hashed:.1} per s");
    let figures = json!({
        "bench": "auth",
        "me_per_s": round(me),
        "me_unguarded_per_s": round(bare),
        "me_ratio": round(me / bare),
        "me_p99_ms": served.percentile("read", 0.99),
        "sign_in_per_s": round(entered),
        "argon2_per_s": round(hashed),
        "sign_in_ratio": round(entered / hashed),
        "errors": served.errors() + plain.errors(),
    });
    println!("{figures}");
    Ok(())
}

/// How often some people get in, each again and again.
async fn sign_in(target: &Target, who: &SignUp, time: Duration) -> Result<u32> {
    let ends = Instant::now() + time;
    let doors = (0..DOORS).map(|_| async {
        let mut connection = Connection::open(target.server).await?;
        let wish = SignIn { email: who.email.clone(), password: who.password.clone(), token_in_body: true };
        let mut entered = 0;
        while Instant::now() < ends {
            let _: Session =
                connection.post(endpoints::SIGN_IN.path, &[], &wish).await?.json(endpoints::SIGN_IN.id)?;
            entered += 1;
        }
        anyhow::Ok(entered)
    });
    let counts: Vec<Result<u32>> = futures_util::future::join_all(doors).await;
    counts.into_iter().sum()
}

/// How many hashes all cores make, at the cost a server has by default.
async fn hash(time: Duration) -> Result<u32> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let made = tokio::task::spawn_blocking(move || {
        let (made, ends) = (AtomicU32::new(0), Instant::now() + time);
        std::thread::scope(|scope| {
            let each: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let params = Params::new(19_456, 2, 1, None).map_err(anyhow::Error::msg)?;
                        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                        let mut out = [0; 32];
                        while Instant::now() < ends {
                            argon2
                                .hash_password_into(PASSWORD.as_bytes(), b"sixteen bytes!!!", &mut out)
                                .map_err(anyhow::Error::msg)?;
                            made.fetch_add(1, Relaxed);
                        }
                        anyhow::Ok(())
                    })
                })
                .collect();
            for thread in each {
                thread.join().map_err(|_| anyhow::anyhow!("a hash broke down"))??;
            }
            anyhow::Ok(())
        })?;
        anyhow::Ok(made.into_inner())
    });
    made.await.context("the hashes stopped")?
}
