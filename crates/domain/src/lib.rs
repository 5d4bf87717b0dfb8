//! What Ringside is about, without any input or output: ids, money, permissions, seats, states and
//! codes. Compiles for the server and for the browser alike, so both decide by the same rules.

pub mod account_letter;
pub mod base45;
pub mod fact;
pub mod ids;
pub mod local_time;
pub mod locale;
pub mod money;
pub mod own_path;
pub mod permission;
pub mod promptpay;
pub mod seat;
pub mod seat_map;
pub mod state;
pub mod ticket_code;
pub mod travel;

pub use account_letter::{AccountLetter, FactorChange, SignInRisk};
pub use fact::Fact;
pub use locale::Locale;
pub use money::Money;
pub use own_path::own_path;
pub use permission::{OrganisationKind, Permission, Permissions, Role, Scope};
