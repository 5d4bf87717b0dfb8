//! Forgetting attempts that came to nothing.

use std::time::Duration;

use platform::jobs::Registry;

use super::{attempts, saml};

pub(crate) fn jobs(registry: &mut Registry) {
    registry.every("forget_sign_ons", Duration::from_secs(3600), async |ctx| {
        let now = ctx.now();
        ctx.db.statement(async |conn| attempts::forget(conn, now).await).await?;
        ctx.db.statement(async |conn| saml::queries::forget(conn, now).await).await?;
        Ok(())
    });
}
