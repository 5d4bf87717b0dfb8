//! `/sessions/challenges`: signing in with a second factor.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use contract::factors::{Method, SecondFactorNeeded};
use domain::{AccountLetter, FactorChange};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::factors::{EMAIL, code, with_totp};
use crate::post::{code_to, letters_to};
use crate::{PASSWORD, setup, sign_up, start};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

fn sign_in(app: &TestApp) -> Call {
    app.post("/sessions").json(&json!({"email": EMAIL, "password": PASSWORD, "token_in_body": true}))
}

async fn asked(call: Call) -> SecondFactorNeeded {
    call.await.expect(202).json()
}

fn answer(app: &TestApp, needed: &SecondFactorNeeded, proof: &Value) -> Call {
    let body = json!({"secret": needed.challenge.secret, "proof": proof, "token_in_body": true});
    app.post(&format!("/sessions/challenges/{}", needed.challenge.id)).json(&body)
}

fn mail(app: &TestApp, needed: &SecondFactorNeeded) -> Call {
    let body = json!({"secret": needed.challenge.secret});
    app.post(&format!("/sessions/challenges/{}/code", needed.challenge.id)).json(&body)
}

fn totp(code: &str) -> Value {
    json!({"method": "totp", "code": code})
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

#[tokio::test]
async fn somebody_with_an_app_is_asked_for_its_code_and_gets_no_token_before() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, _) = with_totp(&app, &fan).await;

    let first = sign_in(&app).await.expect(202);
    assert_eq!(first.header("set-cookie"), "");
    assert!(!first.text().contains("access_token"), "{}", first.text());
    let needed: SecondFactorNeeded = first.json();
    assert_eq!(needed.methods, [Method::Totp, Method::MailCode, Method::RecoveryCode]);

    let typed = code(&app, &secret);
    let typed = format!("{} {}", &typed[..3], &typed[3..]);
    let session: Session = answer(&app, &needed, &totp(&typed)).created().await;
    let _: Me = app.get("/me").token(&session.access_token).ok().await;
}

#[tokio::test]
async fn a_code_is_good_once_and_around_its_time_only() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, _) = with_totp(&app, &fan).await;
    let shown = code(&app, &secret);
    let _: Session = answer(&app, &asked(sign_in(&app)).await, &totp(&shown)).created().await;
    // Read over the shoulder:
    answer(&app, &asked(sign_in(&app)).await, &totp(&shown)).problem(ErrorCode::WrongProof).await;

    app.advance(TimeDelta::seconds(60));
    let late = code(&app, &secret);
    app.advance(TimeDelta::seconds(60));
    answer(&app, &asked(sign_in(&app)).await, &totp(&late)).problem(ErrorCode::WrongProof).await;
    let late = code(&app, &secret);
    app.advance(TimeDelta::seconds(30));
    let _: Session = answer(&app, &asked(sign_in(&app)).await, &totp(&late)).created().await;
}

#[tokio::test]
async fn of_many_who_use_one_code_at_once_one_is_let_in() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, codes) = with_totp(&app, &fan).await;
    let shown = code(&app, &secret);
    let let_in = async |proof: Value| {
        let mut questions = Vec::new();
        for _ in 0..6 {
            questions.push(asked(sign_in(&app)).await);
        }
        let answers = questions.iter().map(|needed| answer(&app, needed, &proof).send());
        let answers = futures_util::future::join_all(answers).await;
        answers.iter().filter(|answer| answer.status == 201).count()
    };
    assert_eq!(let_in(totp(&shown)).await, 1);
    assert_eq!(let_in(json!({"method": "recovery_code", "code": codes[0]})).await, 1);
    letters_to(&app, EMAIL).await;
}

#[tokio::test]
async fn a_question_takes_five_tries_one_right_answer_and_five_minutes() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, _) = with_totp(&app, &fan).await;
    let wrong = || totp(&another(&code(&app, &secret)));

    let needed = asked(sign_in(&app)).await;
    for _ in 0..5 {
        answer(&app, &needed, &wrong()).problem(ErrorCode::WrongProof).await;
    }
    answer(&app, &needed, &totp(&code(&app, &secret))).problem(ErrorCode::ChallengeOver).await;

    let needed = asked(sign_in(&app)).await;
    let _: Session = answer(&app, &needed, &totp(&code(&app, &secret))).created().await;
    app.advance(TimeDelta::seconds(30));
    answer(&app, &needed, &totp(&code(&app, &secret))).problem(ErrorCode::ChallengeOver).await;

    let needed = asked(sign_in(&app)).await;
    app.advance(TimeDelta::minutes(5));
    answer(&app, &needed, &totp(&code(&app, &secret))).problem(ErrorCode::ChallengeOver).await;
}

#[tokio::test]
async fn asking_for_one_question_after_the_other_finds_no_code() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, _) = with_totp(&app, &fan).await;
    let mut stopped = 0;
    for _ in 0..8 {
        let needed = asked(sign_in(&app)).await;
        for _ in 0..5 {
            let refused = answer(&app, &needed, &totp(&another(&code(&app, &secret)))).await;
            stopped += usize::from(refused.status == 429);
        }
    }
    assert_eq!(stopped, 10, "thirty answers may be tried in an hour");
    let needed = asked(sign_in(&app)).await;
    answer(&app, &needed, &totp(&code(&app, &secret))).problem(ErrorCode::TooManyRequests).await;
    app.advance(TimeDelta::hours(1));
    let needed = asked(sign_in(&app)).await;
    let _: Session = answer(&app, &needed, &totp(&code(&app, &secret))).created().await;
}

#[tokio::test]
async fn neither_another_secret_nor_the_password_nor_another_device_answers() {
    let app =
        setup().config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (secret, _) = with_totp(&app, &fan).await;
    let from =
        |call: Call, ip: &str, agent: &str| call.header("X-Forwarded-For", ip).header("User-Agent", agent);
    let needed = asked(from(sign_in(&app), "203.0.113.7", CHROME)).await;
    let right = || totp(&code(&app, &secret));

    let mut guessed = needed.clone();
    guessed.challenge.secret = "guessed".into();
    answer(&app, &guessed, &right()).problem(ErrorCode::ChallengeOver).await;
    let password = json!({"method": "password", "password": PASSWORD});
    from(answer(&app, &needed, &password), "203.0.113.7", CHROME).problem(ErrorCode::WrongProof).await;
    from(answer(&app, &needed, &right()), "198.51.100.1", FIREFOX).problem(ErrorCode::ChallengeOver).await;
    // The phone left the wireless network meanwhile.
    let _: Session = from(answer(&app, &needed, &right()), "198.51.100.1", CHROME).created().await;
    assert!(matches!(letters_to(&app, EMAIL).await[..], [AccountLetter::NewSignIn { .. }]));
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_its_owner_is_told() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    let (_, codes) = with_totp(&app, &fan).await;
    let typed = json!({"method": "recovery_code", "code": codes[3].to_uppercase().replace('-', " ")});
    let _: Session = answer(&app, &asked(sign_in(&app)).await, &typed).created().await;
    let letters = letters_to(&app, EMAIL).await;
    assert!(
        matches!(letters[..], [AccountLetter::FactorChanged { change: FactorChange::RecoveryCodeUsed, .. }]),
        "{letters:?}"
    );
    answer(&app, &asked(sign_in(&app)).await, &typed).problem(ErrorCode::WrongProof).await;
}

#[tokio::test]
async fn a_mailed_code_stands_in_too_the_newest_for_ten_minutes() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    let by_mail = |code: &str| json!({"method": "mail_code", "code": code});

    let needed = asked(sign_in(&app)).await;
    answer(&app, &needed, &by_mail("123456")).problem(ErrorCode::WrongProof).await; // none was mailed
    mail(&app, &needed).no_content().await;
    let first = code_to(&app, EMAIL).await;
    mail(&app, &needed).no_content().await;
    let second = code_to(&app, EMAIL).await;
    if first != second {
        answer(&app, &needed, &by_mail(&first)).problem(ErrorCode::WrongProof).await;
    }
    app.advance(TimeDelta::minutes(9));
    let _: Session = answer(&app, &needed, &by_mail(&second)).created().await;

    // A code belongs to its question,
    let (one, other) = (asked(sign_in(&app)).await, asked(sign_in(&app)).await);
    mail(&app, &one).no_content().await;
    let code = code_to(&app, EMAIL).await;
    answer(&app, &other, &by_mail(&code)).problem(ErrorCode::WrongProof).await;
    // and ends with it.
    app.advance(TimeDelta::minutes(10));
    answer(&app, &one, &by_mail(&code)).problem(ErrorCode::ChallengeOver).await;
}

#[tokio::test]
async fn few_codes_are_mailed_for_one_question() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    let needed = asked(sign_in(&app)).await;
    for _ in 0..3 {
        mail(&app, &needed).no_content().await;
    }
    mail(&app, &needed).problem(ErrorCode::TooManyRequests).await;
    assert_eq!(letters_to(&app, EMAIL).await.len(), 3);
}

#[tokio::test]
async fn asking_again_and_again_fills_no_letter_box() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    let mut mailed = 0;
    for _ in 0..6 {
        let needed = asked(sign_in(&app)).await;
        for _ in 0..2 {
            mailed += usize::from(mail(&app, &needed).await.status == 204);
        }
    }
    assert_eq!((mailed, letters_to(&app, EMAIL).await.len()), (10, 10));
    app.advance(TimeDelta::hours(1));
    mail(&app, &asked(sign_in(&app)).await).no_content().await;
    letters_to(&app, EMAIL).await;
}

#[tokio::test]
async fn a_sign_in_from_elsewhere_is_asked_for_a_mailed_code_and_then_known() {
    let app =
        setup().config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await;
    sign_up(&app, EMAIL).await;
    let from =
        |ip: &str, agent: &str| sign_in(&app).header("X-Forwarded-For", ip).header("User-Agent", agent);
    app.execute("DELETE FROM known_devices; DELETE FROM refresh_tokens; DELETE FROM sessions").await;
    // Nothing to compare with:
    let _: Session = from("203.0.113.7", CHROME).created().await;
    let _: Session = from("203.0.113.80", CHROME).created().await;

    let needed = asked(from("198.51.100.1", FIREFOX)).await;
    assert_eq!(needed.methods, [Method::MailCode]);
    let here = |call: Call| call.header("X-Forwarded-For", "198.51.100.1").header("User-Agent", FIREFOX);
    here(mail(&app, &needed)).no_content().await;
    let proof = json!({"method": "mail_code", "code": code_to(&app, EMAIL).await});
    let _: Session = here(answer(&app, &needed, &proof)).created().await;
    let _: Session = from("198.51.100.1", FIREFOX).created().await;
    // This machine is never asked.
    let _: Session = from("127.0.0.1", FIREFOX).created().await;
    assert!(!letters_to(&app, EMAIL).await.is_empty(), "its owner hears of the new place");
}

#[tokio::test]
async fn a_right_password_after_many_wrong_ones_is_asked_for_a_mailed_code() {
    let app =
        setup().config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await;
    sign_up(&app, EMAIL).await;
    let here = |call: Call| call.header("X-Forwarded-For", "203.0.113.7").header("User-Agent", CHROME);
    app.execute("DELETE FROM known_devices; DELETE FROM refresh_tokens; DELETE FROM sessions").await;
    let _: Session = here(sign_in(&app)).created().await;
    let fail = async |times: usize| {
        for _ in 0..times {
            let guess = json!({"email": EMAIL.to_uppercase(), "password": "a-wrong-guess"});
            here(app.post("/sessions").json(&guess)).problem(ErrorCode::WrongCredentials).await;
        }
    };
    fail(4).await;
    let _: Session = here(sign_in(&app)).created().await;
    fail(5).await;
    let needed = asked(here(sign_in(&app))).await;
    here(mail(&app, &needed)).no_content().await;
    let proof = json!({"method": "mail_code", "code": code_to(&app, EMAIL).await});
    let _: Session = here(answer(&app, &needed, &proof)).created().await;
    let _: Session = here(sign_in(&app)).created().await; // its owner is in: all is forgotten

    fail(5).await;
    app.advance(TimeDelta::hours(1));
    let _: Session = here(sign_in(&app)).created().await;
    let typed = "SELECT count(*) FROM sign_in_attempts WHERE position(convert_to('fan@', 'UTF8') IN key) > 0";
    assert_eq!(app.count(typed).await, 0);
}

#[tokio::test]
async fn a_wrong_password_says_nothing_of_second_factors() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    let guess = json!({"email": EMAIL, "password": "a-wrong-guess"});
    let mut wrong = app.post("/sessions").json(&guess).problem(ErrorCode::WrongCredentials).await;
    let guess = json!({"email": "nobody@demo.ringside.example", "password": "a-wrong-guess"});
    let unknown = app.post("/sessions").json(&guess).problem(ErrorCode::WrongCredentials).await;
    wrong.request_id.clone_from(&unknown.request_id);
    assert_eq!(wrong, unknown);
}

#[tokio::test]
async fn questions_are_forgotten_after_a_day() {
    let app = start().await;
    let fan = sign_up(&app, EMAIL).await;
    with_totp(&app, &fan).await;
    asked(sign_in(&app)).await;
    app.run_timer("forget_challenges").await;
    assert_eq!(app.count("SELECT count(*) FROM factor_challenges").await, 1);
    app.advance(TimeDelta::hours(25));
    app.run_timer("forget_challenges").await;
    assert_eq!(app.count("SELECT count(*) FROM factor_challenges").await, 0);
}
