//! The rules of accounts.

use contract::accounts::SignUp;
use domain::ids::new_id;
use platform::audit::Change;
use platform::db::Tx;
use platform::error::ApiResult;
use uuid::Uuid;

use super::queries::{self, NewPerson};

/// Opens the account whose password has been hashed, and says whose it is. `address_taken` comes
/// from the unique index: two people who sign up at once cannot both have an address.
pub(crate) async fn open(tx: &mut Tx<'_>, wish: &SignUp, password_hash: &str) -> ApiResult<Uuid> {
    let person = NewPerson {
        id: new_id(),
        email: wish.email.trim(),
        name: wish.name.trim(),
        locale: wish.locale.code(),
        password_hash,
    };
    queries::insert(tx, &person).await?;
    tx.audit(Change::new(None, "person.signed_up", person.id));
    Ok(person.id)
}
