//! A source being written.

use contract::inbound::{
    InboundMapping, InboundSignature, InboundSource, SignatureEncoding, WriteInboundSource,
};
use leptos::prelude::*;

use super::source::kind_of;

/// What the form is filled with.
#[derive(Clone, Copy)]
pub struct Draft {
    pub name: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub header: RwSignal<String>,
    pub encoding: RwSignal<String>,
    pub prefix: RwSignal<String>,
    pub secret: RwSignal<String>,
    pub event_type: RwSignal<String>,
    pub key: RwSignal<String>,
    pub subject: RwSignal<String>,
    pub enabled: RwSignal<bool>,
}

impl Draft {
    /// Filled with what there is.
    pub fn of(source: Option<&InboundSource>) -> Self {
        let signature = source.map_or(InboundSignature::StandardWebhooks, |source| source.signature.clone());
        let kind = kind_of(&signature).to_owned();
        let (header, encoding, prefix) = match signature {
            InboundSignature::Hmac { header, encoding: SignatureEncoding::Base64, prefix } => {
                (header, "base64", prefix)
            }
            InboundSignature::Hmac { header, encoding: SignatureEncoding::Hex, prefix } => {
                (header, "hex", prefix)
            }
            InboundSignature::StandardWebhooks | InboundSignature::Bearer => {
                (String::new(), "hex", String::new())
            }
        };
        let mapping = source.map(|source| &source.mapping);
        let pointer = |pointer: Option<&String>| RwSignal::new(pointer.cloned().unwrap_or_default());
        Self {
            name: RwSignal::new(source.map(|source| source.name.clone()).unwrap_or_default()),
            kind: RwSignal::new(kind),
            header: RwSignal::new(header),
            encoding: RwSignal::new(encoding.to_owned()),
            prefix: RwSignal::new(prefix),
            secret: RwSignal::new(String::new()),
            event_type: RwSignal::new(mapping.map_or_else(|| "/type".to_owned(), |it| it.event_type.clone())),
            key: pointer(mapping.and_then(|mapping| mapping.idempotency_key.as_ref())),
            subject: pointer(mapping.and_then(|mapping| mapping.subject.as_ref())),
            enabled: RwSignal::new(source.is_none_or(|source| source.enabled)),
        }
    }

    /// What is wished. Tracks.
    pub fn wish(self) -> WriteInboundSource {
        let said =
            |text: RwSignal<String>| Some(text.get().trim().to_owned()).filter(|text| !text.is_empty());
        let encoding =
            if self.encoding.get() == "base64" { SignatureEncoding::Base64 } else { SignatureEncoding::Hex };
        let signature = match self.kind.get().as_str() {
            "hmac" => InboundSignature::Hmac {
                header: self.header.get().trim().to_owned(),
                encoding,
                prefix: self.prefix.get().trim().to_owned(),
            },
            "bearer" => InboundSignature::Bearer,
            _ => InboundSignature::StandardWebhooks,
        };
        WriteInboundSource {
            name: self.name.get().trim().to_owned(),
            signature,
            mapping: InboundMapping {
                idempotency_key: said(self.key),
                event_type: self.event_type.get().trim().to_owned(),
                subject: said(self.subject),
            },
            secret: said(self.secret),
            enabled: self.enabled.get(),
        }
    }
}
