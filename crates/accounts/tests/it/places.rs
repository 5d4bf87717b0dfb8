//! Where on the map people sign in, with a database of places made here.

use std::path::PathBuf;

use chrono::TimeDelta;
use contract::Page;
use contract::accounts::Session;
use contract::factors::{Method, SecondFactorNeeded};
use contract::people::Device;
use domain::{AccountLetter, SignInRisk};
use maxminddb_writer::Database;
use maxminddb_writer::paths::IpAddrWithMask;
use serde_json::json;
use tempfile::TempDir;
use testkit::{Call, TestApp};

use crate::post::{code_to, letters_to};
use crate::{PASSWORD, only_letter, setup, sign_up};

const EMAIL: &str = "fan@demo.ringside.example";
const BANGKOK: &str = "203.0.113.7";
const LONDON: &str = "198.51.100.1";
const NOWHERE: &str = "192.0.2.1";

/// A folder with a database of two cities in it.
struct Atlas(TempDir);

impl Atlas {
    fn new(kind: &str) -> Self {
        let mut database = Database::default();
        database.metadata.database_type = kind.to_owned();
        database.metadata.binary_format_major_version = 2;
        for (network, city, country, latitude, longitude) in [
            ("203.0.113.0/24", "Bangkok", "TH", 13.756_33_f64, 100.501_76_f64),
            ("198.51.100.0/24", "London", "GB", 51.507_35, -0.127_76),
        ] {
            let record = json!({
                "city": {"names": {"en": city, "th": "-"}},
                "country": {"iso_code": country, "names": {"en": "-"}},
                "location": {"latitude": latitude, "longitude": longitude, "accuracy_radius": 20},
            });
            let data = database.insert_value(record).expect("a record is written");
            database.insert_node(network.parse::<IpAddrWithMask>().expect("a network"), data);
        }
        let folder = tempfile::tempdir().expect("a folder of its own");
        let bytes = database.write_to(Vec::new()).expect("a database is written");
        std::fs::write(folder.path().join("places.mmdb"), bytes).expect("the folder can be written");
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("places.mmdb")
    }
}

async fn start(atlas: &Atlas) -> TestApp {
    let file = atlas.file();
    let app = setup()
        .config(move |config| {
            config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            config.places_file = Some(file);
        })
        .start()
        .await;
    sign_up(&app, EMAIL).await;
    // Nothing to compare with.
    app.execute("DELETE FROM known_devices; DELETE FROM refresh_tokens; DELETE FROM sessions").await;
    app
}

fn sign_in(app: &TestApp, ip: &str) -> Call {
    let wish = json!({"email": EMAIL, "password": PASSWORD, "token_in_body": true});
    app.post("/sessions").header("X-Forwarded-For", ip).json(&wish)
}

/// Answers the question by a mailed code.
async fn prove(app: &TestApp, ip: &str, needed: &SecondFactorNeeded) -> Session {
    assert_eq!(needed.methods, [Method::MailCode]);
    let here = |call: Call| call.header("X-Forwarded-For", ip);
    let (path, secret) = (format!("/sessions/challenges/{}", needed.challenge.id), &needed.challenge.secret);
    here(app.post(&format!("{path}/code")).json(&json!({"secret": secret}))).no_content().await;
    let proof = json!({"method": "mail_code", "code": code_to(app, EMAIL).await});
    let proof = json!({"secret": secret, "proof": proof, "token_in_body": true});
    here(app.post(&path).json(&proof)).created().await
}

#[tokio::test]
async fn devices_are_listed_with_their_places_and_coordinates_stay_coarse() {
    let app = start(&Atlas::new("Demo-City")).await;
    let session: Session = sign_in(&app, BANGKOK).created().await;
    // One from somewhere that no map shows; it is as new as any, and asked for a code.
    let needed: SecondFactorNeeded = sign_in(&app, NOWHERE).await.expect(202).json();
    let _ = prove(&app, NOWHERE, &needed).await;
    let _ = letters_to(&app, EMAIL).await;
    let places = async || {
        let devices: Page<Device> = app.get("/sessions").token(&session.access_token).ok().await;
        let mut places: Vec<_> = devices.items.into_iter().map(|at| (at.city, at.country)).collect();
        places.sort();
        places
    };
    let in_bangkok = (Some("Bangkok".to_owned()), Some("TH".to_owned()));
    assert_eq!(places().await, [(None, None), in_bangkok]);
    let coarse = "SELECT count(*) FROM sessions WHERE latitude = 13.8 AND longitude = 100.5";
    assert_eq!(app.count(coarse).await, 1);

    // The place follows the session.
    app.advance(TimeDelta::minutes(5));
    let refresh = json!({"refresh_token": session.refresh_token});
    let _: Session =
        app.post("/sessions/refresh").header("X-Forwarded-For", LONDON).json(&refresh).ok().await;
    assert_eq!(places().await, [(None, None), (Some("London".to_owned()), Some("GB".to_owned()))]);
}

#[tokio::test]
async fn nobody_is_in_two_cities_within_the_hour() {
    let app = start(&Atlas::new("Demo-City")).await;
    let _: Session = sign_in(&app, BANGKOK).created().await;
    app.execute(
        "INSERT INTO known_devices SELECT user_id, agent, '198.51.100.0/24', last_seen_at FROM known_devices",
    )
    .await;

    // A known device in a known network: still, it is nine thousand kilometres away.
    app.advance(TimeDelta::hours(2));
    let needed: SecondFactorNeeded = sign_in(&app, LONDON).await.expect(202).json();
    let _ = prove(&app, LONDON, &needed).await;
    let AccountLetter::NewSignIn { place, why, ip, .. } = only_letter(&app, EMAIL, "new_sign_in").await
    else {
        panic!("another letter")
    };
    assert_eq!((place.as_str(), why, ip.as_str()), ("London, GB", SignInRisk::FarAway, LONDON));

    // There is time enough for a flight.
    app.advance(TimeDelta::hours(11));
    let _: Session = sign_in(&app, BANGKOK).created().await;
    assert!(letters_to(&app, EMAIL).await.is_empty());
}

#[tokio::test]
async fn an_address_that_is_on_no_map_is_judged_as_before() {
    let app = start(&Atlas::new("Demo-City")).await;
    let _: Session = sign_in(&app, BANGKOK).created().await;
    let needed: SecondFactorNeeded = sign_in(&app, NOWHERE).await.expect(202).json();
    let _ = prove(&app, NOWHERE, &needed).await;
    let AccountLetter::NewSignIn { place, why, .. } = only_letter(&app, EMAIL, "new_sign_in").await else {
        panic!("another letter")
    };
    assert_eq!((place.as_str(), why), ("", SignInRisk::NewPlace));
}

#[test]
fn a_database_without_cities_is_refused_at_start() {
    let atlas = Atlas::new("Demo-Country");
    let refused = platform::places::Places::open(Some(&atlas.file())).err().expect("it is refused");
    assert!(
        format!("{refused:#}").contains("knows no cities, it is of the kind `Demo-Country`"),
        "{refused:#}"
    );
}
