//! What a test says.

use contract::channels::Topic;
use domain::Locale;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use crate::deliveries::{self, Message, Way};
use crate::letters::{Written, written_in};

/// Sends a test, marked as one, like any other message.
pub(crate) async fn send(tx: &mut Tx<'_>, id: Uuid, org: Uuid, way: Way, locale: Locale) -> ApiResult<()> {
    let message = Message {
        org_id: Some(org),
        way,
        topic: Topic::Operations,
        user_id: None,
        link: None,
        cause: format!("channel_test:{id}"),
        written: written(written_in(locale)),
    };
    let sent = deliveries::send(tx, id, &message).await?;
    // Nothing but this test has its cause.
    sent.map(|_| ()).ok_or_else(|| ApiError::internal(anyhow::anyhow!("the test {id} was written before")))
}

fn written(locale: Locale) -> Written {
    let (subject, text) = match locale {
        Locale::Th => ("ทดสอบจาก Ringside", "ถ้าคุณอ่านข้อความนี้ได้ แสดงว่าช่องทางนี้ใช้งานได้แล้ว"),
        _ => ("A test from Ringside", "You can read this, so this way works."),
    };
    Written {
        template: "channel_test",
        locale,
        version: None,
        subject: subject.to_owned(),
        html: String::new(),
        text: text.to_owned(),
        attachments: Vec::new(),
    }
}
