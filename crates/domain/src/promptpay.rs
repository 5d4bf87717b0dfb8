//! PromptPay QR payloads: the text a Thai banking app reads to pay a given person or bill.
//!
//! Form: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1 (tag, two-digit
//! length, value), with the Bank of Thailand's "Thai QR Code Payment Standard": tag 29 for a
//! transfer to a PromptPay id, tag 30 for a bill payment, currency 764, country TH.
//! Amounts are in satang.

mod parse;

#[cfg(test)]
mod tests;

use std::fmt::Write;

use crc::{CRC_16_IBM_3740, Crc};

pub use parse::{Initiation, Parsed, parse};

const CHECKSUM: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
const TRANSFER_AID: &str = "A000000677010111";
const BILL_AID: &str = "A000000677010112";
/// Satang of the largest amount that fits the 13 characters of tag 54.
const MOST: i64 = 999_999_999_999;

/// Who is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptPay {
    /// A Thai phone number: `0812345678`, `+66812345678`; spaces and dashes are allowed.
    Mobile(String),
    /// A citizen's or a company's tax id: 13 digits.
    NationalId(String),
    /// An e-wallet: 15 digits.
    EWallet(String),
    /// A biller with references, so that the payment is matched without a person.
    Bill(BillPayment),
}

/// A bill payment (tag 30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillPayment {
    /// 15 digits: tax id and a two-digit suffix. Some banks give out the bare 13 digits.
    pub biller_id: String,
    /// Up to 20 characters `[A-Z0-9]`, for instance the order number.
    pub reference_1: String,
    /// Up to 20 characters `[A-Z0-9]`.
    pub reference_2: Option<String>,
    /// Terminal (tag 62, 07): up to 20 characters `[A-Z0-9]`; banks call it reference 3.
    pub terminal: Option<String>,
}

/// Why a payload cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptPayError {
    /// Not a Thai phone number.
    #[error("a phone number has ten digits and begins with 0")]
    Mobile,
    /// Not 13 digits.
    #[error("a national or tax id has 13 digits")]
    NationalId,
    /// Not 15 digits.
    #[error("an e-wallet id has 15 digits")]
    EWallet,
    /// Not 15 (or 13) digits.
    #[error("a biller id has 15 or 13 digits")]
    BillerId,
    /// A reference that is empty, too long or holds other characters.
    #[error("{0} must be 1 to 20 of A-Z and 0-9")]
    Reference(&'static str),
    /// Nothing, negative or more than fits.
    #[error("the amount must be between 0.01 and 9,999,999,999.99 baht")]
    Amount,
    /// Characters outside ASCII, a cut-off field or a length that is no number.
    #[error("damaged at byte {at}")]
    Damaged {
        /// Byte offset of the field.
        at: usize,
    },
    /// A tag that appears twice.
    #[error("tag {0} appears twice")]
    Twice(String),
    /// A tag that must be there, or stand first or last, and does not.
    #[error("tag {0} is missing or misplaced")]
    Missing(&'static str),
    /// A tag whose value is not what PromptPay allows.
    #[error("tag {0} has a wrong value")]
    Value(&'static str),
    /// The checksum does not fit the text.
    #[error("wrong checksum")]
    Checksum,
}

impl PromptPay {
    /// The payload for a QR: without an amount it can be paid many times with any amount
    /// (initiation 11), with an amount in satang it is for one payment (initiation 12).
    ///
    /// # Errors
    /// [`PromptPayError`] when the payee or the amount is not valid.
    pub fn payload(&self, amount: Option<i64>) -> Result<String, PromptPayError> {
        let mut text = field("00", "01");
        text += &field("01", if amount.is_some() { "12" } else { "11" });
        text += &self.account()?;
        text += &field("53", "764");
        if let Some(satang) = amount {
            text += &field("54", &baht(satang)?);
        }
        text += &field("58", "TH");
        if let Self::Bill(BillPayment { terminal: Some(terminal), .. }) = self {
            text += &field("62", &field("07", reference("terminal", terminal)?));
        }
        text += "6304";
        let checksum = CHECKSUM.checksum(text.as_bytes());
        // safe: writing to a String cannot fail
        write!(text, "{checksum:04X}").expect("a String takes everything");
        Ok(text)
    }

    /// Tag 29 or 30.
    fn account(&self) -> Result<String, PromptPayError> {
        let (key, id) = match self {
            Self::Mobile(number) => ("01", international(number)?),
            Self::NationalId(id) => ("02", digits(id, &[13]).ok_or(PromptPayError::NationalId)?),
            Self::EWallet(id) => ("03", digits(id, &[15]).ok_or(PromptPayError::EWallet)?),
            Self::Bill(bill) => return bill.account(),
        };
        Ok(field("29", &(field("00", TRANSFER_AID) + &field(key, &id))))
    }
}

impl BillPayment {
    fn account(&self) -> Result<String, PromptPayError> {
        let biller = digits(&self.biller_id, &[15, 13]).ok_or(PromptPayError::BillerId)?;
        let mut account = field("00", BILL_AID);
        account += &field("01", &biller);
        account += &field("02", reference("reference_1", &self.reference_1)?);
        if let Some(second) = &self.reference_2 {
            account += &field("03", reference("reference_2", second)?);
        }
        Ok(field("30", &account))
    }
}

/// Tag, length in two digits, value. All values here are ASCII and shorter than 100.
fn field(tag: &str, value: &str) -> String {
    format!("{tag}{:02}{value}", value.len())
}

fn baht(satang: i64) -> Result<String, PromptPayError> {
    if !(1..=MOST).contains(&satang) {
        return Err(PromptPayError::Amount);
    }
    Ok(format!("{}.{:02}", satang / 100, satang % 100))
}

/// `0812345678` or `+66 81-234-5678` as `0066812345678`.
fn international(number: &str) -> Result<String, PromptPayError> {
    let number: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let local = match number.strip_prefix("+66") {
        Some(rest) => rest,
        None => number.strip_prefix('0').ok_or(PromptPayError::Mobile)?,
    };
    let local = digits(local, &[9]).ok_or(PromptPayError::Mobile)?;
    Ok(format!("0066{local}"))
}

/// The digits of an id without spaces and dashes, when there are as many as allowed.
fn digits(id: &str, lengths: &[usize]) -> Option<String> {
    let id: String = id.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (lengths.contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())).then_some(id)
}

fn reference<'a>(name: &'static str, text: &'a str) -> Result<&'a str, PromptPayError> {
    let right = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    match text.len() {
        1..=20 if text.bytes().all(right) => Ok(text),
        _ => Err(PromptPayError::Reference(name)),
    }
}
