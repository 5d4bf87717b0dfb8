//! Statements about standing places. Free places are spread over buckets; a claim remembers the
//! bucket it took from, so that they can go back.

use chrono::{DateTime, Utc};
use contract::ErrorCode;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    db::{Conn, sql},
    error::{ApiError, ApiResult},
};
use uuid::Uuid;

use super::{Claim, Wish};

/// Claims the standing places of a wish, zone by zone; refuses when one has too few.
pub(crate) async fn claim(conn: &Conn, claim: &Claim, wish: &Wish) -> ApiResult<()> {
    for (zone, quantity) in &wish.standing {
        if !claim_zone(conn, claim, zone, *quantity).await? {
            return Err(refusal(conn, claim.event_id, zone, &wish.field_of_zone(zone)).await?);
        }
    }
    Ok(())
}

/// Claims places of one zone; false when it has too few.
pub(crate) async fn claim_zone(conn: &Conn, claim: &Claim, zone: &str, quantity: i32) -> ApiResult<bool> {
    Ok(claim_from_one(conn, claim, zone, quantity).await?
        || claim_from_many(conn, claim, zone, quantity).await?)
}

/// From any one bucket that has enough and that nobody else is just taking from.
async fn claim_from_one(mut conn: &Conn, claim: &Claim, zone: &str, quantity: i32) -> ApiResult<bool> {
    let claims = sql("WITH chosen AS (
             SELECT bucket FROM standing_buckets WHERE event_id = $1 AND zone = $2 AND free >= $3
              ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
         ), taken AS (
             UPDATE standing_buckets b SET free = b.free - $3 FROM chosen
              WHERE b.event_id = $1 AND b.zone = $2 AND b.bucket = chosen.bucket AND b.free >= $3
             RETURNING b.bucket
         )
         INSERT INTO standing_claims (id, event_id, zone, bucket, quantity, hold_id, order_id, held_until)
         SELECT gen_random_uuid(), $1, $2, bucket, $3, $4, $5, $6 FROM taken")
    .bind::<SqlUuid, _>(claim.event_id)
    .bind::<Text, _>(zone)
    .bind::<Integer, _>(quantity)
    .bind::<Nullable<SqlUuid>, _>(claim.owner.hold())
    .bind::<Nullable<SqlUuid>, _>(claim.owner.order())
    .bind::<Timestamptz, _>(claim.until)
    .execute(&mut conn)
    .await?;
    Ok(claims == 1)
}

#[derive(Debug, QueryableByName)]
struct Bucket {
    #[diesel(sql_type = SmallInt)]
    bucket: i16,
    #[diesel(sql_type = Integer)]
    free: i32,
}

/// From as many buckets as it takes, after lapsed claims have gone back to theirs.
async fn claim_from_many(mut conn: &Conn, claim: &Claim, zone: &str, quantity: i32) -> ApiResult<bool> {
    lock_buckets(conn, claim.event_id, zone).await?;
    give_back_lapsed(conn, claim.event_id, zone, claim.now).await?;
    let mut buckets = lock_buckets(conn, claim.event_id, zone).await?;
    buckets.sort_by_key(|bucket| -bucket.free);
    let (mut numbers, mut quantities, mut missing) = (Vec::new(), Vec::new(), quantity);
    for bucket in buckets.iter().filter(|bucket| bucket.free > 0) {
        let take = bucket.free.min(missing);
        if take > 0 {
            numbers.push(bucket.bucket);
            quantities.push(take);
            missing -= take;
        }
    }
    if missing > 0 {
        return Ok(false);
    }
    sql("WITH shares AS (SELECT * FROM unnest($3, $4) AS shares (bucket, quantity)),
         taken AS (
             UPDATE standing_buckets b SET free = b.free - s.quantity FROM shares s
              WHERE b.event_id = $1 AND b.zone = $2 AND b.bucket = s.bucket
             RETURNING s.bucket, s.quantity
         )
         INSERT INTO standing_claims (id, event_id, zone, bucket, quantity, hold_id, order_id, held_until)
         SELECT gen_random_uuid(), $1, $2, bucket, quantity, $5, $6, $7 FROM taken")
    .bind::<SqlUuid, _>(claim.event_id)
    .bind::<Text, _>(zone)
    .bind::<Array<SmallInt>, _>(numbers)
    .bind::<Array<Integer>, _>(quantities)
    .bind::<Nullable<SqlUuid>, _>(claim.owner.hold())
    .bind::<Nullable<SqlUuid>, _>(claim.owner.order())
    .bind::<Timestamptz, _>(claim.until)
    .execute(&mut conn)
    .await?;
    Ok(true)
}

async fn lock_buckets(mut conn: &Conn, event_id: Uuid, zone: &str) -> ApiResult<Vec<Bucket>> {
    let buckets = sql("SELECT bucket, free FROM standing_buckets
          WHERE event_id = $1 AND zone = $2 ORDER BY bucket FOR UPDATE")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Text, _>(zone)
    .get_results(&mut conn)
    .await?;
    Ok(buckets)
}

/// Claims that have lapsed give their places back. Those whose owner is just being dealt with are
/// left to it.
async fn give_back_lapsed(mut conn: &Conn, event_id: Uuid, zone: &str, now: DateTime<Utc>) -> ApiResult<()> {
    sql("WITH gone AS (
             DELETE FROM standing_claims WHERE id IN (
                 SELECT id FROM standing_claims WHERE event_id = $1 AND zone = $2 AND held_until <= $3
                  FOR UPDATE SKIP LOCKED)
             RETURNING bucket, quantity
         ), back AS (SELECT bucket, sum(quantity)::int AS quantity FROM gone GROUP BY bucket)
         UPDATE standing_buckets b SET free = b.free + back.quantity FROM back
          WHERE b.event_id = $1 AND b.zone = $2 AND b.bucket = back.bucket")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Text, _>(zone)
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Gives back what a hold or an order claims.
pub(crate) async fn give_back(mut conn: &Conn, owner: super::Owner) -> ApiResult<()> {
    sql("WITH gone AS (
             DELETE FROM standing_claims WHERE hold_id = $1 OR order_id = $2
             RETURNING event_id, zone, bucket, quantity
         ), back AS (
             SELECT event_id, zone, bucket, sum(quantity)::int AS quantity FROM gone GROUP BY 1, 2, 3
         ), locked AS (
             SELECT event_id, zone, bucket FROM standing_buckets
              WHERE (event_id, zone, bucket) IN (SELECT event_id, zone, bucket FROM back)
              ORDER BY zone, bucket FOR UPDATE
         )
         UPDATE standing_buckets b SET free = b.free + back.quantity
           FROM back JOIN locked USING (event_id, zone, bucket)
          WHERE b.event_id = back.event_id AND b.zone = back.zone AND b.bucket = back.bucket")
    .bind::<Nullable<SqlUuid>, _>(owner.hold())
    .bind::<Nullable<SqlUuid>, _>(owner.order())
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Puts sold places back on sale, into whichever bucket comes first.
pub(crate) async fn put_back(mut conn: &Conn, event_id: Uuid, zone: &str, quantity: i32) -> ApiResult<()> {
    sql("UPDATE standing_buckets SET free = free + $3
          WHERE event_id = $1 AND zone = $2 AND bucket = (
                SELECT min(bucket) FROM standing_buckets WHERE event_id = $1 AND zone = $2)")
    .bind::<SqlUuid, _>(event_id)
    .bind::<Text, _>(zone)
    .bind::<Integer, _>(quantity)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Places of one zone that an order claims.
#[derive(Debug, QueryableByName)]
pub(crate) struct Claimed {
    #[diesel(sql_type = Text)]
    pub zone: String,
    #[diesel(sql_type = Integer)]
    pub quantity: i32,
}

/// Locks the claims of a payment's order.
pub(crate) async fn lock_of_payment(mut conn: &Conn, payment_id: Uuid) -> ApiResult<Vec<Claimed>> {
    let claims = sql("SELECT zone, quantity FROM standing_claims
          WHERE order_id = (SELECT order_id FROM payments WHERE id = $1) ORDER BY id FOR UPDATE")
    .bind::<SqlUuid, _>(payment_id)
    .get_results(&mut conn)
    .await?;
    Ok(claims)
}

#[derive(Debug, QueryableByName)]
struct Zones {
    #[diesel(sql_type = BigInt)]
    standing: i64,
}

async fn refusal(mut conn: &Conn, event_id: Uuid, zone: &str, field: &str) -> ApiResult<ApiError> {
    let zones: Zones =
        sql("SELECT count(*) AS standing FROM event_zones WHERE event_id = $1 AND zone = $2 AND standing")
            .bind::<SqlUuid, _>(event_id)
            .bind::<Text, _>(zone)
            .get_result(&mut conn)
            .await?;
    Ok(if zones.standing == 0 {
        ApiError::new(ErrorCode::UnknownZone).field(field, "there is no such standing zone at this event")
    } else {
        ApiError::new(ErrorCode::PlacesGone)
            .field(field, "not enough places are left in this zone")
            .with("zone", zone)
    })
}
