//! What accounts had to say to people: reads the letters that wait to be sent, and forgets them.

use accounts::PostLetter;
use diesel::sql_types::Jsonb;
use diesel_async::RunQueryDsl as _;
use domain::AccountLetter;
use testkit::TestApp;

#[derive(diesel::QueryableByName)]
struct Waiting {
    #[diesel(sql_type = Jsonb)]
    payload: serde_json::Value,
}

/// The letters to an address, oldest first; all that wait are forgotten.
pub async fn letters_to(app: &TestApp, address: &str) -> Vec<AccountLetter> {
    let waiting: Vec<Waiting> = app
        .sql(async |conn| {
            let taken = diesel::sql_query(
                "WITH taken AS (DELETE FROM jobs WHERE kind = 'post_account_letter' RETURNING id, payload)
                 SELECT payload FROM taken ORDER BY id",
            );
            Ok(taken.get_results(conn).await?)
        })
        .await;
    let open = |waiting: Waiting| {
        let letter: PostLetter = serde_json::from_value(waiting.payload).expect("a letter");
        letter.open(&app.state().keys).expect("sealed by this installation")
    };
    let all = waiting.into_iter().map(open);
    all.filter(|(to, _)| to.address == address).map(|(_, letter)| letter).collect()
}

/// The code mailed last to an address.
pub async fn code_to(app: &TestApp, address: &str) -> String {
    let letters = letters_to(app, address).await;
    match letters.last() {
        Some(AccountLetter::SignInCode { code }) => code.clone(),
        other => panic!("no code was mailed, but {other:?}"),
    }
}
