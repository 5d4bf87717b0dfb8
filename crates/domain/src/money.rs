//! Money in whole minor units. Never a float: a price is a count of satang, cents or yen.

pub use iso_currency::Currency;
use serde::{Deserialize, Serialize};

/// An amount in the minor unit of its currency (ISO 4217): `{ "amount": 150000, "currency": "THB" }`
/// is 1,500 baht.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: satang for THB, cents for EUR, yen for JPY.
    #[cfg_attr(feature = "utoipa", schema(example = 150_000))]
    pub amount: i64,
    /// ISO 4217 letter code.
    #[cfg_attr(feature = "utoipa", schema(value_type = String, example = "THB", min_length = 3, max_length = 3))]
    pub currency: Currency,
}

impl Money {
    /// An amount in baht, given in satang.
    #[must_use]
    pub const fn thb(satang: i64) -> Self {
        Self { amount: satang, currency: Currency::THB }
    }

    /// The sum of two amounts; `None` when the currencies differ or the sum does not fit.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.amount.checked_add(other.amount))
            .flatten()
            .map(|amount| Self { amount, ..self })
    }

    /// `count` times the amount; `None` when it does not fit.
    #[must_use]
    pub fn times(self, count: i64) -> Option<Self> {
        self.amount.checked_mul(count).map(|amount| Self { amount, ..self })
    }

    /// Digits after the decimal point (ISO 4217 exponent): 2 for THB, 0 for JPY.
    #[must_use]
    pub fn decimals(self) -> u16 {
        self.currency.exponent().unwrap_or(0)
    }

    /// Plain figures with a thousands comma and the currency's decimals, without its sign:
    /// `1,500.00`. For mail and PDF; the browser formats with `Intl` in the reader's language.
    #[must_use]
    pub fn figures(self) -> String {
        let decimals = u32::from(self.decimals());
        let unit = 10_u64.pow(decimals);
        let whole = self.amount.unsigned_abs() / unit;
        let digits = whole.to_string();
        let mut text = String::new();
        if self.amount < 0 {
            text.push('-');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if decimals > 0 {
            let rest = self.amount.unsigned_abs() % unit;
            text.push_str(&format!(".{rest:0width$}", width = decimals as usize));
        }
        text
    }

    /// The figures with their currency, for mail and PDF: `฿1,500.00`, `EUR 15.00`.
    #[must_use]
    pub fn text(self) -> String {
        match self.currency {
            Currency::THB => format!("฿{}", self.figures()),
            other => format!("{} {}", other.code(), self.figures()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_group_thousands_and_keep_decimals() {
        assert_eq!(Money::thb(150_000).figures(), "1,500.00");
        assert_eq!(Money::thb(-123_456_789).figures(), "-1,234,567.89");
        assert_eq!(Money { amount: 1500, currency: Currency::JPY }.figures(), "1,500");
        assert_eq!(Money::thb(5).figures(), "0.05");
        assert_eq!(Money::thb(150_000).text(), "฿1,500.00");
        assert_eq!(Money { amount: 1500, currency: Currency::EUR }.text(), "EUR 15.00");
    }

    #[test]
    fn sums_refuse_mixed_currencies_and_overflow() {
        assert_eq!(Money::thb(1).plus(Money { amount: 1, currency: Currency::USD }), None);
        assert_eq!(Money::thb(i64::MAX).plus(Money::thb(1)), None);
        assert_eq!(Money::thb(250).times(4), Some(Money::thb(1000)));
    }
}
