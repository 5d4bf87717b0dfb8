use super::*;
use proptest::prelude::*;

fn mobile(number: &str) -> PromptPay {
    PromptPay::Mobile(number.into())
}

fn bill(biller: &str, first: &str, second: Option<&str>, third: Option<&str>) -> PromptPay {
    PromptPay::Bill(BillPayment {
        biller_id: biller.into(),
        reference_1: first.into(),
        reference_2: second.map(Into::into),
        terminal: third.map(Into::into),
    })
}

/// Payloads published as expected results by other implementations, made here to the letter:
/// [P] maythiwat/promptparse src/index.test.ts; [T] pheerathach's ThaiQRPromptPayTest.java
/// (package com.github.pheerathach), which asserts each field and the checksum.
#[test]
fn makes_the_published_payloads() {
    let id = |id: &str| PromptPay::NationalId(id.into());
    for (payee, amount, expected) in [
        // [P] "Generate Any ID"
        (
            mobile("0812223333"),
            None,
            "00020101021129370016A0000006770101110113006681222333353037645802TH63041DCF",
        ),
        // [P] "Generate TrueMoney QR": an e-wallet id of 15 digits
        (
            PromptPay::EWallet("140000801111111".into()),
            None,
            "00020101021129390016A000000677010111031514000080111111153037645802TH63047C0F",
        ),
        // [P] "Convert BOT Barcode to Bill Payment"
        (
            bill("099999999999990", "111222333444", None, None),
            None,
            "00020101021130550016A0000006770101120115099999999999990021211122233344453037645802TH63043EE7",
        ),
        // [P] "Generate Bill Payment with Ref.3"
        (
            bill("0112233445566", "CUSTOMER001", Some("INV001"), Some("SCB")),
            None,
            "00020101021130620016A000000677010112011301122334455660211CUSTOMER0010306INV00153037645802TH62070703SCB6304780E",
        ),
        // [T] credit transfer, mobile, static without and dynamic with amount
        (
            mobile("000-000-0000"),
            None,
            "00020101021129370016A0000006770101110113006600000000053037645802TH630456EA",
        ),
        (
            mobile("+66000000000"),
            Some(10_000),
            "00020101021229370016A0000006770101110113006600000000053037645406100.005802TH630471B5",
        ),
        // [T] credit transfer, national id, static
        (
            id("0000000000001"),
            None,
            "00020101021129370016A0000006770101110213000000000000153037645802TH630484B2",
        ),
        // [T] bill payment, dynamic, with amount: two references, one reference, terminal
        (
            bill("0000000000001", "6300002", Some("121214564541"), None),
            Some(10_035),
            "00020101021230640016A0000006770101120113000000000000102076300002031212121456454153037645406100.355802TH6304BD9D",
        ),
        (
            bill("0000000000001", "6300002", None, None),
            Some(10_035),
            "00020101021230480016A000000677010112011300000000000010207630000253037645406100.355802TH6304408E",
        ),
        (
            bill("0000000000001", "1234", Some("2345"), Some("67890")),
            Some(10_035),
            "00020101021230530016A00000067701011201130000000000001020412340304234553037645406100.355802TH62090705678906304121E",
        ),
    ] {
        assert_eq!(payee.payload(amount).as_deref(), Ok(expected));
        assert_eq!(parse(expected).unwrap().amount, amount);
    }
}

/// Published payloads with their fields in another order, which EMVCo leaves free:
/// dtinth/promptpay-qr index.test.js [D] and maythiwat/promptparse src/index.test.ts [P].
#[test]
fn reads_the_published_payloads() {
    let id = |id: &str| PromptPay::NationalId(id.into());
    for (text, payee, amount) in [
        // [D] "Local phone number", "Dashed phone number"
        (
            "00020101021129370016A000000677010111011300668012345675802TH530376463046197",
            mobile("0801234567"),
            None,
        ),
        (
            "00020101021129370016A000000677010111011300668912345675802TH5303764630429C1",
            mobile("0891234567"),
            None,
        ),
        // [D] "National ID number", "Tax ID number"
        (
            "00020101021129370016A000000677010111021311111111111115802TH530376463047B5A",
            id("1111111111111"),
            None,
        ),
        (
            "00020101021129370016A000000677010111021301234567890125802TH530376463040CBD",
            id("0123456789012"),
            None,
        ),
        // [D] "Amount"
        (
            "00020101021229370016A000000677010111011300660000000005802TH530376454044.226304E469",
            mobile("0000000000"),
            Some(422),
        ),
        // [P] "Generate Any ID with amount", "Parse payload (strict) with valid checksum"
        (
            "00020101021229370016A0000006770101110113006681222333353037645802TH540530.0063043CAD",
            mobile("0812223333"),
            Some(3_000),
        ),
        (
            "00020101021229370016A0000006770101110113006680111111153037645802TH540520.15630442BE",
            mobile("0801111111"),
            Some(2_015),
        ),
        // [P] "Convert BOT Barcode to Bill Payment (Valid, with Ref.2 and amount)"
        (
            "00020101021230650016A00000067701011201150994000165501000212123456789012030667042953037645802TH54073649.2263044534",
            bill("099400016550100", "123456789012", Some("670429"), None),
            Some(364_922),
        ),
    ] {
        let parsed = parse(text).unwrap();
        assert_eq!((parsed.payee, parsed.amount), (payee, amount), "{text}");
        let dynamic = amount.is_some();
        assert_eq!(parsed.initiation, if dynamic { Initiation::Dynamic } else { Initiation::Static });
    }
}

#[test]
fn refuses_what_no_bank_would_take() {
    use PromptPayError as E;
    for (payee, amount, error) in [
        (mobile("812345678"), None, E::Mobile),
        (mobile("08123456789"), None, E::Mobile),
        (mobile("08123x5678"), None, E::Mobile),
        (PromptPay::NationalId("123".into()), None, E::NationalId),
        (PromptPay::EWallet("123".into()), None, E::EWallet),
        (bill("12345678901234", "A", None, None), None, E::BillerId),
        (bill("123456789012345", "", None, None), None, E::Reference("reference_1")),
        (bill("123456789012345", "a", None, None), None, E::Reference("reference_1")),
        (bill("123456789012345", "A", Some("ORDER-1"), None), None, E::Reference("reference_2")),
        (bill("123456789012345", "A", None, Some(&"9".repeat(21))), None, E::Reference("terminal")),
        (mobile("0812345678"), Some(0), E::Amount),
        (mobile("0812345678"), Some(-1), E::Amount),
        (mobile("0812345678"), Some(1_000_000_000_000), E::Amount),
    ] {
        assert_eq!(payee.payload(amount), Err(error), "{payee:?}");
    }
}

/// Puts the right checksum behind fields that are wrong in another way.
fn summed(fields: &str) -> String {
    let text = format!("{fields}6304");
    format!("{text}{:04X}", CHECKSUM.checksum(text.as_bytes()))
}

#[test]
fn the_reader_is_strict() {
    use PromptPayError as E;
    const TO: &str = "29370016A00000067701011101130066801111111";
    for (text, error) in [
        (String::new(), E::Missing("00")),
        ("AAAA0000".into(), E::Damaged { at: 0 }),
        (summed("000201").replace("6304", "6305"), E::Damaged { at: 6 }),
        (
            "00020101021229370016A0000006770101110113006680111111153037645802TH540520.156304FFFF".into(),
            E::Checksum,
        ),
        (summed(&format!("010211{TO}53037645802TH")), E::Missing("00")),
        (summed(&format!("000201{TO}53037645802TH")), E::Missing("01")),
        (summed(&format!("000201010213{TO}53037645802TH")), E::Value("01")),
        (summed(&format!("000201010211{TO}53038405802TH")), E::Value("53")),
        (summed(&format!("000201010211{TO}53037645802KH")), E::Value("58")),
        (summed(&format!("000201010211{TO}{TO}53037645802TH")), E::Twice("29".into())),
        (summed("00020101021153037645802TH"), E::Missing("29")),
        (summed(&format!("000201010212{TO}530376454040.005802TH")), E::Amount),
        (summed(&format!("000201010212{TO}530376454041.5x5802TH")), E::Amount),
        (summed(&format!("000201010212{TO}530376454051.2345802TH")), E::Amount),
        (format!("{}00", summed(&format!("000201010211{TO}53037645802TH"))), E::Damaged { at: 74 }),
    ] {
        assert_eq!(parse(&text), Err(error), "{text}");
    }
}

fn payees() -> impl Strategy<Value = PromptPay> {
    let bill = (
        "[0-9]{15}",
        "[A-Z0-9]{1,20}",
        proptest::option::of("[A-Z0-9]{1,20}"),
        proptest::option::of("[A-Z0-9]{1,20}"),
    );
    prop_oneof![
        "0[0-9]{9}".prop_map(PromptPay::Mobile),
        "[0-9]{13}".prop_map(PromptPay::NationalId),
        "[0-9]{15}".prop_map(PromptPay::EWallet),
        bill.prop_map(|(biller_id, reference_1, reference_2, terminal)| {
            PromptPay::Bill(BillPayment { biller_id, reference_1, reference_2, terminal })
        }),
    ]
}

proptest! {
    #[test]
    fn every_payload_is_read_back(payee in payees(), amount in proptest::option::of(1..=MOST)) {
        let parsed = parse(&payee.payload(amount).unwrap()).unwrap();
        prop_assert_eq!(parsed.payee, payee);
        prop_assert_eq!(parsed.amount, amount);
    }

    #[test]
    fn every_changed_character_is_noticed(payee in payees(), at in 0usize..60, to in "[0-9A-Z]") {
        let mut text = payee.payload(Some(12_345)).unwrap();
        if text[at..=at] != to {
            text.replace_range(at..=at, &to);
            prop_assert!(parse(&text).is_err());
        }
    }

    #[test]
    fn any_text_ends(text: String) {
        prop_assert!(parse(&text).is_err());
    }
}
