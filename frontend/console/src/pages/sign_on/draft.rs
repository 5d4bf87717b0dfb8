//! A provider being written.

use contract::ErrorCode;
use contract::sign_on::{
    IdentityProvider, OidcSettings, ProviderCertificate, ProviderKind, RoleChoice, RoleMapping, RoleRule,
    SamlMetadata, SamlSettings, WriteIdentityProvider,
};
use domain::Role;
use leptos::prelude::*;
use ui::Failure;
use uuid::Uuid;

use super::rules::Rule;
use crate::pages::access::choice;

/// What is being written; what is wrong with it is told at its fields.
#[derive(Clone, Copy)]
pub struct Draft {
    /// What it will be known by.
    pub id: Uuid,
    /// Whether it is there already: its kind stays.
    pub is_there: bool,
    pub kind: RwSignal<ProviderKind>,
    pub name: RwSignal<String>,
    pub oidc: Oidc,
    pub saml: Saml,
    pub enabled: RwSignal<bool>,
    pub jit: RwSignal<bool>,
    pub required: RwSignal<bool>,
    pub trusts: RwSignal<bool>,
    pub default: RwSignal<String>,
    pub claim: RwSignal<String>,
    pub rules: RwSignal<Vec<Rule>>,
    /// Why it was not kept.
    pub failure: RwSignal<Option<Failure>>,
}

/// How an OpenID Connect provider is reached, and who we are to it.
#[derive(Clone, Copy)]
pub struct Oidc {
    pub issuer: RwSignal<String>,
    pub client_id: RwSignal<String>,
    pub secret: RwSignal<String>,
    pub has_secret: bool,
    pub scopes: RwSignal<String>,
}

/// What a SAML provider says of itself.
#[derive(Clone, Copy)]
pub struct Saml {
    pub entity_id: RwSignal<String>,
    pub sso_url: RwSignal<String>,
    /// As base64.
    pub certificates: RwSignal<Vec<String>>,
    /// The same, as a person reads them.
    pub described: RwSignal<Vec<ProviderCertificate>>,
    pub email_attribute: RwSignal<String>,
    pub name_attribute: RwSignal<String>,
}

fn text(text: Option<String>) -> RwSignal<String> {
    RwSignal::new(text.unwrap_or_default())
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// How a choice stands in a select.
fn value_of(choice: RoleChoice) -> String {
    choice.custom_role.map_or_else(|| choice.role.name().to_owned(), |id| id.to_string())
}

/// The choice that stands for this value; the least role for what is none.
fn choice_of(value: &str) -> RoleChoice {
    let (role, custom_role) = choice::chosen(value).unwrap_or((Role::Client, None));
    RoleChoice { role, custom_role }
}

impl Draft {
    /// Filled with what there is.
    pub fn of(provider: Option<&IdentityProvider>) -> Self {
        let on = |of: fn(&IdentityProvider) -> bool, usual| RwSignal::new(provider.map_or(usual, of));
        let roles = provider.map(|provider| provider.roles.clone());
        let rules = roles.iter().flat_map(|roles| &roles.rules);
        let default =
            roles.as_ref().map_or_else(|| Role::Client.name().to_owned(), |it| value_of(it.default));
        Self {
            id: provider.map_or_else(Uuid::new_v4, |provider| provider.id),
            is_there: provider.is_some(),
            kind: RwSignal::new(provider.map_or(ProviderKind::Oidc, |provider| provider.kind)),
            name: text(provider.map(|provider| provider.name.clone())),
            oidc: Oidc::of(provider),
            saml: Saml::of(provider),
            enabled: on(|provider| provider.enabled, true),
            jit: on(|provider| provider.jit, true),
            required: on(|provider| provider.required, false),
            trusts: on(|provider| provider.trusts_second_factor, false),
            default: RwSignal::new(default),
            rules: RwSignal::new(rules.map(|rule| Rule::of(&rule.value, value_of(rule.gives))).collect()),
            claim: text(roles.and_then(|roles| roles.claim)),
            failure: RwSignal::new(None),
        }
    }

    /// What is sent. Tracks.
    pub fn wish(&self) -> WriteIdentityProvider {
        let rule = |rule: Rule| RoleRule {
            value: rule.value.get().trim().to_owned(),
            gives: choice_of(&rule.gives.get()),
        };
        let kind = self.kind.get();
        WriteIdentityProvider {
            id: (!self.is_there).then_some(self.id),
            name: self.name.get().trim().to_owned(),
            enabled: self.enabled.get(),
            jit: self.jit.get(),
            required: self.required.get(),
            trusts_second_factor: self.trusts.get(),
            roles: RoleMapping {
                default: choice_of(&self.default.get()),
                claim: some(&self.claim.get()),
                rules: self.rules.get().into_iter().map(rule).collect(),
            },
            oidc: (kind == ProviderKind::Oidc).then(|| self.oidc.wish()),
            saml: (kind == ProviderKind::Saml).then(|| self.saml.wish()),
            client_secret: some(&self.oidc.secret.get()).filter(|_| kind == ProviderKind::Oidc),
        }
    }

    /// What is wrong with the name: it may be another provider's.
    pub fn name_fault(&self) -> Signal<Option<String>> {
        let (failure, fault) = (self.failure, self.fault("name"));
        let taken = move |failure: &Failure| failure.code() == Some(ErrorCode::NameTaken);
        Signal::derive(move || fault.get().or_else(|| failure.get().filter(taken).map(|it| it.text())))
    }

    /// What is wrong with the field of that name, or with one below it.
    pub fn fault(&self, field: &'static str) -> Signal<Option<String>> {
        let failure = self.failure;
        Signal::derive(move || {
            failure.with(|failure| failure.as_ref().and_then(|failure| failure.field_below(field)))
        })
    }
}

impl Oidc {
    fn of(provider: Option<&IdentityProvider>) -> Self {
        let oidc = provider.and_then(|provider| provider.oidc.clone());
        Self {
            issuer: text(oidc.as_ref().map(|oidc| oidc.issuer.clone())),
            client_id: text(oidc.as_ref().map(|oidc| oidc.client_id.clone())),
            secret: text(None),
            has_secret: provider.is_some_and(|provider| provider.has_secret),
            scopes: text(oidc.map(|oidc| oidc.scopes.join(" "))),
        }
    }

    fn wish(&self) -> OidcSettings {
        OidcSettings {
            issuer: self.issuer.get().trim().to_owned(),
            client_id: self.client_id.get().trim().to_owned(),
            scopes: self.scopes.get().split_whitespace().map(str::to_owned).collect(),
        }
    }
}

impl Saml {
    fn of(provider: Option<&IdentityProvider>) -> Self {
        let saml = provider.and_then(|provider| provider.saml.clone());
        let described = provider.map(|provider| provider.certificates.clone());
        Self {
            entity_id: text(saml.as_ref().map(|saml| saml.entity_id.clone())),
            sso_url: text(saml.as_ref().map(|saml| saml.sso_url.clone())),
            certificates: RwSignal::new(saml.as_ref().map(|it| it.certificates.clone()).unwrap_or_default()),
            described: RwSignal::new(described.unwrap_or_default()),
            email_attribute: text(saml.as_ref().and_then(|saml| saml.email_attribute.clone())),
            name_attribute: text(saml.and_then(|saml| saml.name_attribute)),
        }
    }

    /// Takes over what metadata say; which attributes are looked at stays.
    pub fn take(&self, read: SamlMetadata) {
        self.entity_id.set(read.saml.entity_id);
        self.sso_url.set(read.saml.sso_url);
        self.certificates.set(read.saml.certificates);
        self.described.set(read.certificates);
    }

    fn wish(&self) -> SamlSettings {
        SamlSettings {
            entity_id: self.entity_id.get().trim().to_owned(),
            sso_url: self.sso_url.get().trim().to_owned(),
            certificates: self.certificates.get(),
            email_attribute: some(&self.email_attribute.get()),
            name_attribute: some(&self.name_attribute.get()),
        }
    }
}
