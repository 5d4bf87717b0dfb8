//! What messaging holds of a person: the letters written to them.

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::keys::MasterKey;
use platform::privacy::{Holder, Subject, change_of, older_than, part_of};
use serde_json::Value;

use crate::{inbound, webhooks};

pub use crate::contact_methods::Notifications;

/// The letters to a person.
pub struct Letters;

/// What a person, or their mail server, said of mail to them.
pub struct MailWishes;

const WISHES: &str = "
SELECT jsonb_build_object(
    'counting', (SELECT jsonb_agg(jsonb_build_object(
                     'address', address, 'allowed', allowed, 'said', changed_at, 'where', said_at) ORDER BY address)
                 FROM mail_tracking WHERE address = ANY($2)),
    'refused', (SELECT jsonb_agg(jsonb_build_object(
                    'address', address, 'topic', topic, 'since', refused_at) ORDER BY address, topic)
                FROM mail_refusals WHERE address = ANY($2)),
    'not_written_to', (SELECT jsonb_agg(jsonb_build_object(
                           'address', address, 'reason', reason, 'detail', detail, 'since', created_at) ORDER BY id)
                       FROM suppressions
                       WHERE address = ANY($2) OR (org_id IS NULL AND address = $4))) AS part";

/// An address that is only claimed is not theirs yet: of it only what concerns letters about the account.
/// Who objected is not written to after they are forgotten, either: that stays, and nothing beside it (GDPR, article
/// 17 (3) b with article 21 (3)). That an address was wrong concerns nobody any more.
const FORGET_WISHES: [&str; 3] = [
    "DELETE FROM mail_tracking WHERE address = ANY($2)",
    "DELETE FROM suppressions
      WHERE (address = ANY($2) OR (org_id IS NULL AND address = $4)) AND reason = 'bounced'",
    "UPDATE suppressions SET detail = '', delivery_id = NULL
      WHERE address = ANY($2) OR (org_id IS NULL AND address = $4)",
];

impl Holder for MailWishes {
    fn part(&self) -> &'static str {
        "mail"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        part_of(conn, WISHES, subject).boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            for statement in FORGET_WISHES {
                change_of(tx, statement, subject).await?;
            }
            Ok(())
        }
        .boxed_local()
    }
}

/// Letters about an account may carry links that open it: of these only that they were sent.
const EXPORT: &str = "
SELECT coalesce(jsonb_agg(jsonb_build_object(
           'to', recipient, 'name', recipient_name, 'subject', subject, 'language', locale,
           'written_at', created_at, 'sent_at', sent_at,
           'text', CASE WHEN org_id IS NULL THEN NULL ELSE plain END,
           'noted', (SELECT jsonb_object_agg(kind, happened_at) FROM delivery_events
                     WHERE delivery_id = deliveries.id)) ORDER BY id), '[]') AS part
FROM deliveries
WHERE user_id = $1 OR lower(recipient) = ANY($2) OR (org_id IS NULL AND lower(recipient) = $4)
   OR split_part(cause, ':', 2) IN (SELECT unnest($3)::text)";

const ERASE: &str = "
DELETE FROM deliveries
WHERE user_id = $1 OR lower(recipient) = ANY($2) OR (org_id IS NULL AND lower(recipient) = $4)
   OR split_part(cause, ':', 2) IN (SELECT unnest($3)::text)";

const EXPORT_NOTICES: &str = "
SELECT coalesce(jsonb_agg(jsonb_build_object(
           'about', topic, 'content', content, 'told_at', created_at, 'read_at', read_at) ORDER BY id), '[]') AS part
FROM notices WHERE user_id = $1";

const ERASE_NOTICES: &str = "DELETE FROM notices WHERE user_id = $1";

const RETAIN_NOTICES: &str = "DELETE FROM notices WHERE created_at < $1";

/// Those who were told what they announced are told no more by whom.
const ERASE_NAME: &str = r#"
UPDATE notices SET content = jsonb_set(content, '{by}', '""')
WHERE cause IN (SELECT 'announcement:' || id FROM announcements WHERE author_id = $1)"#;

const ERASE_AUTHOR: &str = "UPDATE announcements SET author_id = NULL WHERE author_id = $1";

const RETAIN: &str = "DELETE FROM deliveries WHERE created_at < $1 AND state <> 'queued'";

impl Holder for Letters {
    fn part(&self) -> &'static str {
        "letters"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        part_of(conn, EXPORT, subject).boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move { change_of(tx, ERASE, subject).await.map(|_| ()) }.boxed_local()
    }

    fn retain<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        rule: &'a str,
        before: DateTime<Utc>,
    ) -> LocalBoxFuture<'a, ApiResult<Option<usize>>> {
        async move {
            match rule {
                "letters" => older_than(tx, RETAIN, before).await.map(Some),
                "webhooks" => {
                    let sent = webhooks::forget(tx, before).await?;
                    Ok(Some(sent + inbound::forget(tx, before).await?))
                }
                _ => Ok(None),
            }
        }
        .boxed_local()
    }
}

/// What a person was told in the notification centre.
pub struct Notices;

impl Holder for Notices {
    fn part(&self) -> &'static str {
        "notices"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        part_of(conn, EXPORT_NOTICES, subject).boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            change_of(tx, ERASE_NOTICES, subject).await?;
            change_of(tx, ERASE_NAME, subject).await?;
            change_of(tx, ERASE_AUTHOR, subject).await.map(|_| ())
        }
        .boxed_local()
    }

    fn retain<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        rule: &'a str,
        before: DateTime<Utc>,
    ) -> LocalBoxFuture<'a, ApiResult<Option<usize>>> {
        async move {
            // They are kept as long as the letters that say the same.
            if rule == "letters" { older_than(tx, RETAIN_NOTICES, before).await.map(Some) } else { Ok(None) }
        }
        .boxed_local()
    }
}
