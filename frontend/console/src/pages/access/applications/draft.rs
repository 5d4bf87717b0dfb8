//! An application being written.

use contract::oauth::{ClientGrant, ClientKind, OauthClient, UpdateOauthClient};
use domain::Permission;
use leptos::prelude::*;
use ui::session;

use crate::pages::access::levels::{Levels, chosen, levels_of};
use crate::pages::access::networks::lines;

/// What the form is filled with.
#[derive(Clone, Copy)]
pub struct Draft {
    pub name: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub redirects: RwSignal<String>,
    pub sign_in: RwSignal<bool>,
    pub itself: RwSignal<bool>,
    pub identity: RwSignal<bool>,
    pub lasting: RwSignal<bool>,
    pub levels: StoredValue<Levels>,
}

impl Draft {
    /// Filled with what there is.
    pub fn of(client: Option<&OauthClient>) -> Self {
        let own = session::membership().map(|own| own.permissions).unwrap_or_default();
        let has = |grant| client.is_none_or(|client| client.grants.contains(&grant));
        let scope = |name: &str| client.is_none_or(|client| client.scopes.iter().any(|own| own == name));
        let held: Vec<Permission> = client
            .map(|client| client.scopes.iter().filter_map(|name| Permission::from_name(name)).collect())
            .unwrap_or_default();
        let kind = match client.map(|client| client.kind) {
            Some(ClientKind::Public) => "public",
            _ => "confidential",
        };
        Self {
            name: RwSignal::new(client.map(|client| client.name.clone()).unwrap_or_default()),
            kind: RwSignal::new(kind.to_owned()),
            redirects: RwSignal::new(client.map(|it| it.redirect_uris.join("\n")).unwrap_or_default()),
            sign_in: RwSignal::new(has(ClientGrant::AuthorizationCode)),
            itself: RwSignal::new(client.is_some() && has(ClientGrant::ClientCredentials)),
            identity: RwSignal::new(scope("profile")),
            lasting: RwSignal::new(client.is_some() && scope("offline_access")),
            levels: StoredValue::new(levels_of(&own, &held)),
        }
    }

    /// What is wished. Tracks.
    pub fn wish(self) -> UpdateOauthClient {
        let own = session::membership().map(|own| own.permissions).unwrap_or_default();
        let (signs_in, lasting) = (self.sign_in.get(), self.lasting.get());
        let mut grants = Vec::new();
        let mut scopes = Vec::new();
        if signs_in {
            grants.push(ClientGrant::AuthorizationCode);
            scopes.push("openid".to_owned());
            if self.identity.get() {
                scopes.extend(["profile", "email"].map(str::to_owned));
            }
            if lasting {
                grants.push(ClientGrant::RefreshToken);
                scopes.push("offline_access".to_owned());
            }
        }
        if self.itself.get() && self.kind.with(|kind| kind == "confidential") {
            grants.push(ClientGrant::ClientCredentials);
        }
        let rights = self.levels.with_value(|levels| chosen(levels, &own));
        scopes.extend(rights.iter().map(|right| right.name().to_owned()));
        let redirect_uris = if signs_in { lines(&self.redirects.get()) } else { Vec::new() };
        UpdateOauthClient { name: self.name.get().trim().to_owned(), redirect_uris, grants, scopes }
    }

    /// What a new one is. Tracks.
    pub fn kind(self) -> ClientKind {
        if self.kind.with(|kind| kind == "public") { ClientKind::Public } else { ClientKind::Confidential }
    }
}
