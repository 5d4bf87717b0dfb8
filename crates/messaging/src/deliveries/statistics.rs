//! What became of the messages of some days.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use contract::channels::Channel;
use contract::deliveries::{DeliveryFigures, DeliveryStatistics};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    template: String,
    #[diesel(sql_type = BigInt)]
    written: i64,
    #[diesel(sql_type = BigInt)]
    sent: i64,
    #[diesel(sql_type = BigInt)]
    delivered: i64,
    #[diesel(sql_type = BigInt)]
    returned: i64,
    #[diesel(sql_type = BigInt)]
    complained: i64,
    #[diesel(sql_type = BigInt)]
    failed: i64,
    #[diesel(sql_type = BigInt)]
    suppressed: i64,
    #[diesel(sql_type = BigInt)]
    counted: i64,
    #[diesel(sql_type = BigInt)]
    opened: i64,
    #[diesel(sql_type = BigInt)]
    clicked: i64,
}

impl TryFrom<Row> for DeliveryFigures {
    type Error = ApiError;

    fn try_from(row: Row) -> ApiResult<Self> {
        let channel = Channel::from_name(&row.channel)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown channel {}", row.channel)))?;
        Ok(Self {
            day: row.day,
            channel,
            template: row.template,
            written: row.written,
            sent: row.sent,
            delivered: row.delivered,
            returned: row.returned,
            complained: row.complained,
            failed: row.failed,
            suppressed: row.suppressed,
            counted: row.counted,
            opened: row.opened,
            clicked: row.clicked,
        })
    }
}

/// One walk along `deliveries_days_idx`.
const FIGURES: &str = "
SELECT (d.created_at AT TIME ZONE $2)::date AS day, d.channel, d.template, count(*) AS written,
       count(d.sent_at) AS sent,
       count(*) FILTER (WHERE d.state = 'delivered') AS delivered,
       count(*) FILTER (WHERE d.state = 'returned') AS returned,
       count(*) FILTER (WHERE d.state = 'complained') AS complained,
       count(*) FILTER (WHERE d.state = 'failed') AS failed,
       count(*) FILTER (WHERE d.state = 'suppressed') AS suppressed,
       count(d.sent_at) FILTER (WHERE d.tracked) AS counted,
       count(o.delivery_id) FILTER (WHERE d.tracked) AS opened,
       count(c.delivery_id) FILTER (WHERE d.tracked) AS clicked
FROM deliveries d
LEFT JOIN delivery_events o ON o.delivery_id = d.id AND o.kind = 'open'
LEFT JOIN delivery_events c ON c.delivery_id = d.id AND c.kind = 'click'
WHERE d.org_id = $1 AND d.created_at >= $3::timestamp AT TIME ZONE $2 AND d.created_at <= $4
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

/// The figures of the last `days`, today among them.
pub(super) async fn of(
    conn: &mut Conn,
    org: Uuid,
    days: u16,
    zone: Tz,
    now: DateTime<Utc>,
) -> ApiResult<DeliveryStatistics> {
    let to = now.with_timezone(&zone).date_naive();
    let from = to - Days::new(u64::from(days.max(1)) - 1);
    let rows: Vec<Row> = sql(FIGURES)
        .bind::<SqlUuid, _>(org)
        .bind::<Text, _>(zone.name())
        .bind::<Date, _>(from)
        .bind::<Timestamptz, _>(now)
        .load(conn)
        .await?;
    let figures = rows.into_iter().map(TryInto::try_into).collect::<ApiResult<_>>()?;
    Ok(DeliveryStatistics { from, to, figures })
}
