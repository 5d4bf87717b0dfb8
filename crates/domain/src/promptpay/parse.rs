//! Reading a PromptPay payload back, strictly.

use super::{BILL_AID, BillPayment, CHECKSUM, PromptPay, PromptPayError, TRANSFER_AID, digits, reference};

/// A payload that was read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// Who is paid. A phone number is given in local form (`0812345678`).
    pub payee: PromptPay,
    /// The amount in satang, when it is fixed.
    pub amount: Option<i64>,
    /// Whether the code is for one payment or many.
    pub initiation: Initiation,
}

/// Point of initiation (tag 01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiation {
    /// 11: the same code for many payments.
    Static,
    /// 12: one payment.
    Dynamic,
}

/// Reads a payload. Checked: form of every field, checksum, format 01, initiation, currency 764,
/// country TH, exactly one of tag 29 and 30 with the right application id, ids, references, amount.
/// Further tags (merchant name, city, …) are allowed and must be well-formed.
///
/// # Errors
/// [`PromptPayError`] names the first thing that is wrong; any text gives an answer.
pub fn parse(text: &str) -> Result<Parsed, PromptPayError> {
    let fields = Fields::read(text)?;
    if fields.0.first() != Some(&("00", "01")) {
        return Err(PromptPayError::Missing("00"));
    }
    check_sum(text, &fields)?;
    fields.must_be("53", "764")?;
    fields.must_be("58", "TH")?;
    let initiation = match fields.get("01") {
        Some("11") => Initiation::Static,
        Some("12") => Initiation::Dynamic,
        Some(_) => return Err(PromptPayError::Value("01")),
        None => return Err(PromptPayError::Missing("01")),
    };
    let payee = match (fields.get("29"), fields.get("30")) {
        (Some(account), None) => transfer(account)?,
        (None, Some(account)) => PromptPay::Bill(bill(account, terminal(&fields)?)?),
        (Some(_), Some(_)) => return Err(PromptPayError::Value("30")),
        (None, None) => return Err(PromptPayError::Missing("29")),
    };
    let amount = fields.get("54").map(satang).transpose()?;
    Ok(Parsed { payee, amount, initiation })
}

struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Result<Self, PromptPayError> {
        let mut fields: Vec<(&str, &str)> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (tag, value) = next_field(&text[at..]).ok_or(PromptPayError::Damaged { at })?;
            if fields.iter().any(|(known, _)| *known == tag) {
                return Err(PromptPayError::Twice(tag.to_owned()));
            }
            fields.push((tag, value));
            at += 4 + value.len();
        }
        Ok(Self(fields))
    }

    fn get(&self, tag: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value)
    }

    fn must_be(&self, tag: &'static str, value: &str) -> Result<(), PromptPayError> {
        match self.get(tag) {
            Some(found) if found == value => Ok(()),
            Some(_) => Err(PromptPayError::Value(tag)),
            None => Err(PromptPayError::Missing(tag)),
        }
    }
}

fn next_field(text: &str) -> Option<(&str, &str)> {
    let tag = text.get(..2)?;
    let length = text.get(2..4)?;
    if !tag.bytes().chain(length.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = text.get(4..4 + length.parse::<usize>().ok()?)?;
    (!value.is_empty() && value.is_ascii()).then_some((tag, value))
}

fn check_sum(text: &str, fields: &Fields) -> Result<(), PromptPayError> {
    match fields.0.last() {
        Some(("63", found)) if found.len() == 4 => {
            let expected = CHECKSUM.checksum(&text.as_bytes()[..text.len() - 4]);
            if *found == format!("{expected:04X}") { Ok(()) } else { Err(PromptPayError::Checksum) }
        }
        _ => Err(PromptPayError::Missing("63")),
    }
}

fn transfer(account: &str) -> Result<PromptPay, PromptPayError> {
    let fields = Fields::read(account)?;
    fields.must_be("00", TRANSFER_AID)?;
    match fields.0.as_slice() {
        [_, ("01", id)] => {
            let local = id.strip_prefix("0066").and_then(|local| digits(local, &[9]));
            Ok(PromptPay::Mobile(format!("0{}", local.ok_or(PromptPayError::Mobile)?)))
        }
        [_, ("02", id)] => digits(id, &[13]).map(PromptPay::NationalId).ok_or(PromptPayError::NationalId),
        [_, ("03", id)] => digits(id, &[15]).map(PromptPay::EWallet).ok_or(PromptPayError::EWallet),
        _ => Err(PromptPayError::Value("29")),
    }
}

fn bill(account: &str, terminal: Option<String>) -> Result<BillPayment, PromptPayError> {
    let fields = Fields::read(account)?;
    fields.must_be("00", BILL_AID)?;
    if fields.0.iter().any(|(tag, _)| !["00", "01", "02", "03"].contains(tag)) {
        return Err(PromptPayError::Value("30"));
    }
    let biller = fields.get("01").and_then(|id| digits(id, &[15, 13]));
    let first = fields.get("02").ok_or(PromptPayError::Reference("reference_1"))?;
    let second = fields.get("03").map(|text| reference("reference_2", text)).transpose()?;
    Ok(BillPayment {
        biller_id: biller.ok_or(PromptPayError::BillerId)?,
        reference_1: reference("reference_1", first)?.to_owned(),
        reference_2: second.map(str::to_owned),
        terminal,
    })
}

fn terminal(fields: &Fields) -> Result<Option<String>, PromptPayError> {
    let Some(additional) = fields.get("62") else { return Ok(None) };
    let terminal = Fields::read(additional)?.get("07");
    terminal.map(|text| reference("terminal", text).map(str::to_owned)).transpose()
}

/// `100.35`, `30.00`, `30.5`, `30`: at most two decimals, 13 characters, more than nothing.
fn satang(text: &str) -> Result<i64, PromptPayError> {
    let (baht, decimals) = text.split_once('.').unwrap_or((text, "00"));
    let numbers =
        [baht, decimals].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if text.len() > 13 || decimals.len() > 2 || !numbers {
        return Err(PromptPayError::Amount);
    }
    let satang: i64 = format!("{baht}{decimals:0<2}").parse().map_err(|_| PromptPayError::Amount)?;
    if satang > 0 { Ok(satang) } else { Err(PromptPayError::Amount) }
}
