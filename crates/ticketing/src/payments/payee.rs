//! Who receives the money.

use domain::{
    Money,
    money::Currency,
    promptpay::{BillPayment, PromptPay},
};
use platform::{
    config::Config,
    error::{ApiError, ApiResult},
};

/// The receiver of PromptPay payments, as configured.
#[derive(Debug, Clone)]
pub(crate) enum Payee {
    /// A person, company or e-wallet (tag 29).
    Account(PromptPay),
    /// A biller (tag 30): the order's reference travels with the money.
    Biller(String),
}

impl Payee {
    /// As configured: the biller when there is one, else the PromptPay id, told apart by its digits.
    pub fn of(config: &Config) -> Self {
        if let Some(biller) = &config.promptpay_biller {
            return Self::Biller(biller.clone());
        }
        let id = config.promptpay_id.clone();
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        Self::Account(match digits {
            13 => PromptPay::NationalId(id),
            15 => PromptPay::EWallet(id),
            _ => PromptPay::Mobile(id),
        })
    }

    /// The text of the QR that pays this amount for this order.
    pub fn payload(&self, amount: Money, reference: &str) -> ApiResult<String> {
        if amount.currency != Currency::THB {
            return Err(ApiError::internal(anyhow::anyhow!("PromptPay pays baht only")));
        }
        let payload = match self {
            Self::Account(account) => account.payload(Some(amount.amount)),
            Self::Biller(biller_id) => PromptPay::Bill(BillPayment {
                biller_id: biller_id.clone(),
                reference_1: reference.replace('-', ""),
                reference_2: None,
                terminal: None,
            })
            .payload(Some(amount.amount)),
        };
        payload.map_err(ApiError::internal)
    }
}

/// Whether payments can be asked for with these settings; call it at start.
///
/// # Errors
/// Names the setting that does not hold.
pub fn check(config: &Config) -> anyhow::Result<()> {
    let name =
        if config.promptpay_biller.is_some() { "RINGSIDE_PROMPTPAY_BILLER" } else { "RINGSIDE_PROMPTPAY_ID" };
    Payee::of(config)
        .payload(Money::thb(100), "AAAA-BBBB")
        .map(|_| ())
        .map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::promptpay;

    #[test]
    fn a_biller_gets_the_order_reference_with_the_money() {
        let config = Config { promptpay_biller: Some("099999999999990".into()), ..Config::default() };
        let text = Payee::of(&config).payload(Money::thb(150_000), "7KQ2-MX4D").unwrap();
        let parsed = promptpay::parse(&text).unwrap();
        let PromptPay::Bill(bill) = parsed.payee else { panic!("not a bill: {text}") };
        assert_eq!(bill.reference_1, "7KQ2MX4D");
        assert_eq!(parsed.amount, Some(150_000));
    }

    #[test]
    fn settings_that_do_not_hold_are_named() {
        assert!(check(&Config::default()).is_ok());
        let config = Config { promptpay_id: "12".into(), ..Config::default() };
        assert!(check(&config).unwrap_err().to_string().contains("RINGSIDE_PROMPTPAY_ID"));
    }
}
