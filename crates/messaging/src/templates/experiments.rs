//! Two versions side by side: who starts and ends that, and when one has won.

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::templates::{Arm, Experiment, ExperimentState, Measure, StartExperiment};
use domain::ids;
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::{queries, service};

mod rows;

pub(super) use rows::Row;

/// How far two rates must lie apart, in standard errors: by chance alone they do so in one of forty
/// comparisons, in either direction. There are two looks at most, so one of twenty in all (Bonferroni).
const CERTAIN: f64 = 2.2414;

/// The difference of two rates in standard errors of their common rate (the two-proportion z-test);
/// above 0 the second is larger. `None` where the test says nothing: nobody was written to, or nobody or
/// everybody did it.
#[must_use]
pub(super) fn z(first: &Arm, second: &Arm, measure: Measure) -> Option<f64> {
    // Exact: nobody sends 2^53 letters.
    let number = |count: i64| count as f64;
    // Of the others nobody knows whether they were opened.
    let (hits_1, sent_1) = (number(first.hits(measure)), number(first.counted));
    let (hits_2, sent_2) = (number(second.hits(measure)), number(second.counted));
    if sent_1 <= 0.0 || sent_2 <= 0.0 {
        return None;
    }
    let common = (hits_1 + hits_2) / (sent_1 + sent_2);
    let error = (common * (1.0 - common) * (1.0 / sent_1 + 1.0 / sent_2)).sqrt();
    (error > 0.0).then(|| (hits_2 / sent_2 - hits_1 / sent_1) / error)
}

/// What is to be done about a comparison now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing yet.
    Wait,
    /// It was looked at; it goes on.
    GoOn,
    First,
    Second,
    Undecided,
}

fn verdict(row: &Row, (first, second): (&Arm, &Arm), measure: Measure, now: DateTime<Utc>) -> Verdict {
    let enough = first.counted.min(second.counted) >= i64::from(row.enough);
    let over = now >= row.ends_at;
    if !over && (!enough || row.looked_at.is_some()) {
        return Verdict::Wait;
    }
    match z(first, second, measure).filter(|z| enough && z.abs() >= CERTAIN) {
        Some(z) if z > 0.0 => Verdict::Second,
        Some(_) => Verdict::First,
        None if over => Verdict::Undecided,
        None => Verdict::GoOn,
    }
}

/// Begins to write some letters by the draft.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    body: &StartExperiment,
) -> ApiResult<Experiment> {
    let draft = service::ready(tx, org, id, body.revision).await?;
    let first = queries::published_id(tx, id).await?.ok_or_else(|| {
        ApiError::new(ErrorCode::WrongState)
            .detail("Publish a version first: it is what the draft is compared with.")
    })?;
    let now = tx.now();
    queries::release(tx, draft.id, now).await?;
    let ends_at = now + TimeDelta::hours(i64::from(body.hours));
    rows::insert(tx, ids::new_id(), id, (first, draft.id), body, (now, ends_at)).await?;
    queries::touch(tx, id, now).await?;
    tx.audit(Change::new(Some(org), "template.comparison_started", id).after(body));
    get(tx, org, id).await
}

/// The latest comparison of a template; `not_found` when there was none.
pub(super) async fn get(conn: &mut Conn, org: Uuid, template: Uuid) -> ApiResult<Experiment> {
    queries::find(conn, org, template).await?;
    let row = rows::latest(conn, template).await?;
    let (first, second) = rows::figures(conn, &row).await?;
    let measure = measure(&row)?;
    let winner = match row.winner_id {
        Some(id) if id == row.second_id => Some(second.version),
        Some(_) => Some(first.version),
        None => None,
    };
    Ok(Experiment {
        id: row.id,
        state: ExperimentState::from_name(&row.state).ok_or_else(|| unknown(&row))?,
        z: z(&first, &second, measure),
        first,
        second,
        share: row.share,
        measure,
        enough: row.enough,
        winner,
        started_at: row.started_at,
        ends_at: row.ends_at,
        ended_at: row.ended_at,
    })
}

fn measure(row: &Row) -> ApiResult<Measure> {
    Measure::from_name(&row.measure).ok_or_else(|| unknown(row))
}

fn unknown(row: &Row) -> ApiError {
    ApiError::internal(anyhow::anyhow!("the comparison {} cannot be read", row.id))
}

/// Ends the comparison; the first version stays.
pub(super) async fn stop(tx: &mut Tx<'_>, org: Uuid, template: Uuid) -> ApiResult<Experiment> {
    queries::lock(tx, org, template).await?;
    let row = rows::latest(tx, template).await?;
    if row.state != ExperimentState::Running.name() {
        return Err(ApiError::new(ErrorCode::WrongState).detail("This comparison has ended already."));
    }
    end(tx, &row, ExperimentState::Stopped, None).await?;
    tx.audit(Change::new(Some(org), "template.comparison_stopped", template));
    get(tx, org, template).await
}

/// Looks whether a comparison can be decided, and does it.
pub(super) async fn decide(tx: &mut Tx<'_>, id: Uuid) -> ApiResult<()> {
    let Some(row) = rows::lock_running(tx, id).await? else { return Ok(()) };
    let (first, second) = rows::arms(tx, &row).await?;
    let now = tx.now();
    match verdict(&row, (&first, &second), measure(&row)?, now) {
        Verdict::Wait => Ok(()),
        Verdict::GoOn => rows::looked(tx, row.id, now).await,
        Verdict::First => end(tx, &row, ExperimentState::Decided, Some(row.first_id)).await,
        Verdict::Second => end(tx, &row, ExperimentState::Decided, Some(row.second_id)).await,
        Verdict::Undecided => end(tx, &row, ExperimentState::Undecided, None).await,
    }
}

/// The winner writes all letters from now on, the other one none; without a winner the first stays.
async fn end(tx: &mut Tx<'_>, row: &Row, state: ExperimentState, winner: Option<Uuid>) -> ApiResult<()> {
    let now = tx.now();
    let stays = winner.unwrap_or(row.first_id);
    let goes = if stays == row.first_id { row.second_id } else { row.first_id };
    queries::retire(tx, goes).await?;
    queries::set_published(tx, row.template_id, stays).await?;
    queries::touch(tx, row.template_id, now).await?;
    // Letters, and what was counted of them, go after a while: what the decision went by stays.
    let figures = rows::arms(tx, row).await?;
    rows::end(tx, row.id, state, winner, &figures, now).await
}

/// Notes that a reader opened a letter, or followed a link in it. Who follows a link has opened the letter,
/// pictures or not. Only the first time counts; a delivery that is gone is passed over.
///
/// # Errors
/// The database.
pub async fn note_event(tx: &mut Tx<'_>, delivery: Uuid, what: Measure) -> ApiResult<()> {
    let now = tx.now();
    rows::note(tx, delivery, Measure::Open, now).await?;
    if what == Measure::Click {
        rows::note(tx, delivery, Measure::Click, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(sent: i64, opened: i64) -> Arm {
        Arm { version: 1, sent: sent + 1, counted: sent, opened, clicked: 0 }
    }

    #[test]
    fn known_numbers_give_known_figures() {
        // 200 of 1,000 against 250 of 1,000: p = 0.225, z = 0.05 / sqrt(0.225 · 0.775 · 0.002).
        let found = z(&arm(1_000, 200), &arm(1_000, 250), Measure::Open).unwrap();
        assert!((found - 2.6774).abs() < 0.0001, "{found}");
        let turned = z(&arm(1_000, 250), &arm(1_000, 200), Measure::Open).unwrap();
        assert!((found + turned).abs() < 1e-12);
    }

    #[test]
    fn where_the_test_says_nothing_nothing_is_said() {
        assert_eq!(z(&arm(0, 0), &arm(10, 5), Measure::Open), None);
        assert_eq!(z(&arm(10, 0), &arm(10, 0), Measure::Open), None);
        assert_eq!(z(&arm(10, 10), &arm(10, 10), Measure::Open), None);
    }

    fn row(looked: bool) -> Row {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        Row {
            id: Uuid::nil(),
            template_id: Uuid::nil(),
            first_id: Uuid::nil(),
            second_id: Uuid::max(),
            share: 50,
            measure: "open".into(),
            enough: 1_000,
            state: "running".into(),
            winner_id: None,
            started_at: at,
            ends_at: at + TimeDelta::hours(1),
            looked_at: looked.then_some(at),
            ended_at: None,
            figures: None,
        }
    }

    #[test]
    fn it_is_looked_twice_and_no_more() {
        let (before, after) =
            (DateTime::<Utc>::UNIX_EPOCH, DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(1));
        let judge = |looked, first: Arm, second: Arm, now| {
            verdict(&row(looked), (&first, &second), Measure::Open, now)
        };
        let (poor, good, same) = (arm(1_000, 200), arm(1_000, 250), arm(1_000, 210));
        assert_eq!(judge(false, arm(999, 200), good, before), Verdict::Wait, "too few letters");
        assert_eq!(judge(false, poor, good, before), Verdict::Second);
        assert_eq!(judge(false, good, poor, before), Verdict::First);
        assert_eq!(judge(false, poor, same, before), Verdict::GoOn);
        assert_eq!(judge(true, poor, good, before), Verdict::Wait, "the first look is spent");
        assert_eq!(judge(true, poor, good, after), Verdict::Second);
        assert_eq!(judge(true, poor, same, after), Verdict::Undecided);
        assert_eq!(
            judge(false, arm(10, 0), arm(10, 10), after),
            Verdict::Undecided,
            "too few letters to the end"
        );
    }
}
