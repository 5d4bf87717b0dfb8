//! Scopes: the names of permissions, and four that say who somebody is and for how long.

use domain::{Permission, Permissions};

/// Says who the person is.
pub(super) const OPENID: &str = "openid";
/// Their name and language.
pub(super) const PROFILE: &str = "profile";
/// Their address.
pub(super) const EMAIL: &str = "email";
/// Goes on when the person has signed out.
pub(super) const OFFLINE: &str = "offline_access";
/// Those that are no permissions.
pub(super) const IDENTITY: [&str; 4] = [OPENID, PROFILE, EMAIL, OFFLINE];

/// Whether there is such a scope.
pub(super) fn is_known(name: &str) -> bool {
    IDENTITY.contains(&name) || Permission::from_name(name).is_some()
}

/// The permissions among them.
pub(super) fn permissions(scopes: &[String]) -> Permissions {
    Permissions::named(scopes.iter().map(String::as_str))
}

/// Each once, as they came, out of a text parted by blanks.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for name in text.split(' ').filter(|name| !name.is_empty()) {
        if !scopes.iter().any(|known| known == name) {
            scopes.push(name.to_owned());
        }
    }
    scopes
}

/// Whether all of these are among those.
pub(super) fn cover(those: &[String], these: &[String]) -> bool {
    these.iter().all(|scope| those.contains(scope))
}

/// Whether it is there.
pub(super) fn has(scopes: &[String], name: &str) -> bool {
    scopes.iter().any(|scope| scope == name)
}
