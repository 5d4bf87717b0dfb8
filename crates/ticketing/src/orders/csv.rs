//! Orders as a CSV file that a spreadsheet opens without running anything in it.

use contract::orders::OrderSummary;
use platform::error::{ApiError, ApiResult};

const HEADER: [&str; 11] = [
    "reference",
    "event",
    "state",
    "buyer_name",
    "buyer_email",
    "places",
    "total",
    "currency",
    "placed_at",
    "paid_at",
    "id",
];

/// The file, with a byte order mark so that Excel reads Thai.
pub(super) fn write(orders: &[OrderSummary]) -> ApiResult<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(HEADER).map_err(ApiError::internal)?;
    for order in orders {
        let record = [
            harmless(&order.reference),
            harmless(&order.event_title),
            order.state.name().to_owned(),
            harmless(&order.buyer_name),
            harmless(&order.buyer_email),
            order.places.to_string(),
            decimal(order.total.amount, order.total.decimals()),
            order.total.currency.code().to_owned(),
            order.placed_at.to_rfc3339(),
            order.paid_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            order.id.to_string(),
        ];
        writer.write_record(&record).map_err(ApiError::internal)?;
    }
    writer.into_inner().map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))
}

/// A text that begins like a formula gets an apostrophe before it (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// `1500.00`: figures a spreadsheet takes for a number.
fn decimal(amount: i64, decimals: u16) -> String {
    let unit = 10_i64.pow(u32::from(decimals));
    if decimals == 0 {
        return amount.to_string();
    }
    format!("{}.{:0width$}", amount / unit, (amount % unit).abs(), width = usize::from(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("Demo Fan"), "Demo Fan");
    }

    #[test]
    fn amounts_are_plain_decimals() {
        assert_eq!(decimal(150_005, 2), "1500.05");
        assert_eq!(decimal(1_500, 0), "1500");
    }
}
