use super::*;
use proptest::prelude::*;

fn event() -> Uuid {
    Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001)
}

fn keys() -> EventKeys {
    EventKeys::derive(&MasterKey::new(7, [42; 32]), event())
}

fn claims() -> TicketClaims {
    TicketClaims {
        ticket_id: Uuid::from_u128(0x0192_0000_1111_7222_8333_4444_5555_6666),
        event_id: event(),
        zone: 12,
        generation: 3,
        valid_from: UnixMinute(29_900_000),
        valid_to: UnixMinute(29_901_440),
    }
}

fn code() -> String {
    seal(&keys(), &claims(), [9; 12])
}

#[test]
fn opens_what_it_sealed_and_fits_a_version_8_qr() {
    let code = code();
    assert_eq!(code.len(), CODE_CHARACTERS);
    assert!(code.bytes().all(|b| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".contains(&b)));
    assert_eq!(open(&keys().scanner(), &code), Ok(claims()));
}

#[test]
fn the_form_does_not_change() {
    // A printed ticket must stay readable: this text may only change with VERSION.
    assert_eq!(code(), KNOWN);
    assert_eq!(open(&keys().scanner(), KNOWN), Ok(claims()));
}
const KNOWN: &str = "RS%50WWPW+C*G6I61I61I61I61I61I61W68G6W$OQ4CN/%K6NP/PK6OD37DPA0BM3NGHNQS:2OK0OL2TQ:JREI6BE2550Y1XRA9*IBLFQ6Q419H:HFAQL%G3-8ETOM$3G:N-*9:9I.41Y4UN1QX3P8+3IL8YLT4RDG5KB1CLKACDJ/FLWDN7C1FFE816Q9PWK7RXSZMHS2BQJ3Q-4NZ0.M7S341WI";

#[test]
fn shows_the_event_but_no_id() {
    let code = code();
    let header = peek(&code).unwrap();
    assert_eq!(header.key_id, 7);
    assert_eq!(header.event_tag, event_tag(&MasterKey::new(7, [42; 32]), event()));
    let bytes = decode(&code).unwrap();
    for id in [claims().ticket_id, claims().event_id] {
        assert!(!bytes.windows(4).any(|part| id.as_bytes().windows(4).any(|id| id == part)));
    }
}

#[test]
fn names_what_is_wrong() {
    let scanner = keys().scanner();
    let refused = |text: &str| open(&scanner, text).unwrap_err();
    assert_eq!(refused(""), CodeError::NotATicket);
    assert_eq!(refused("RS"), CodeError::NotATicket);
    assert_eq!(refused("https://example.org"), CodeError::NotATicket);
    assert_eq!(
        refused("RShello"),
        CodeError::Malformed(Damage::Text(base45::Base45Error::Character { at: 0 }))
    );
    let body = &decode(&code()).unwrap();
    let text = |bytes: &[u8]| format!("RS{}", base45::encode(bytes));
    assert_eq!(refused(&text(&body[..100])), CodeError::Malformed(Damage::Length { found: 100 }));
    assert_eq!(
        refused(&text(&[&body[..], &[0]].concat())),
        CodeError::Malformed(Damage::Length { found: 147 })
    );
    assert_eq!(refused(&text(&[&[9], &body[1..]].concat())), CodeError::UnknownVersion(9));
    assert_eq!(refused(&text(&[&[1, 8], &body[2..]].concat())), CodeError::UnknownKey(8));
}

#[test]
fn refuses_other_events_keys_and_windows() {
    let scanner = keys().scanner();
    let other = Uuid::from_u128(5);
    let master = MasterKey::new(7, [42; 32]);
    let of_other =
        seal(&EventKeys::derive(&master, other), &TicketClaims { event_id: other, ..claims() }, [1; 12]);
    assert_eq!(open(&scanner, &of_other), Err(CodeError::OtherEvent));
    let mislabelled = seal(&keys(), &TicketClaims { event_id: other, ..claims() }, [1; 12]);
    assert_eq!(open(&scanner, &mislabelled), Err(CodeError::OtherEvent));
    let backwards = TicketClaims { valid_to: UnixMinute(1), ..claims() };
    assert_eq!(
        open(&scanner, &seal(&keys(), &backwards, [1; 12])),
        Err(CodeError::Malformed(Damage::Window))
    );

    // A forger with the right header and another master key does not pass the signature.
    let forger = EventKeys::derive(&MasterKey::new(7, [43; 32]), event());
    let mut forged = decode(&seal(&forger, &claims(), [1; 12])).unwrap();
    forged[2..HEADER].copy_from_slice(&keys().tag().0);
    assert_eq!(open(&scanner, &format!("RS{}", base45::encode(&forged))), Err(CodeError::Altered));
}

#[test]
fn every_single_bit_counts() {
    let scanner = keys().scanner();
    let code = code();
    let bytes = decode(&code).unwrap();
    for bit in 0..CODE_BYTES * 8 {
        let mut flipped = bytes;
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = open(&scanner, &format!("RS{}", base45::encode(&flipped))).unwrap_err();
        match bit / 8 {
            0 => assert!(matches!(error, CodeError::UnknownVersion(_))),
            1 => assert!(matches!(error, CodeError::UnknownKey(_))),
            2..HEADER => assert_eq!(error, CodeError::OtherEvent),
            _ => assert_eq!(error, CodeError::Altered, "bit {bit}"),
        }
    }
    for bit in 0..code.len() * 7 {
        let mut text = code.clone().into_bytes();
        text[bit / 7] ^= 1 << (bit % 7);
        let text = String::from_utf8(text).unwrap();
        assert!(open(&scanner, &text).is_err(), "bit {bit} of the text");
    }
}

#[test]
fn keys_do_not_show_themselves() {
    let master = MasterKey::new(7, [42; 32]);
    let shown = format!("{master:?} {:?} {:?}", keys(), keys().scanner());
    assert!(!shown.contains("42"), "{shown}");
    assert!(shown.contains("EventKeys"));
}

#[test]
fn minutes_and_times_agree() {
    let time = DateTime::from_timestamp(1_795_200_059, 0).unwrap();
    let minute = UnixMinute::from_time(time).unwrap();
    assert_eq!(minute.time().unwrap(), DateTime::from_timestamp(1_795_200_000, 0).unwrap());
    assert_eq!(UnixMinute::from_time(DateTime::from_timestamp(-1, 0).unwrap()), None);
    assert!(UnixMinute(u32::MAX).time().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_claims_return(ticket: u128, zone: u16, generation: u32, from in 0..u32::MAX, length in 0u32..100_000, nonce: [u8; 12]) {
        let claims = TicketClaims {
            ticket_id: Uuid::from_u128(ticket),
            event_id: event(),
            zone,
            generation,
            valid_from: UnixMinute(from),
            valid_to: UnixMinute(from.saturating_add(length)),
        };
        prop_assert_eq!(open(&keys().scanner(), &seal(&keys(), &claims, nonce)), Ok(claims));
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_named_error(text: String) {
        prop_assert!(open(&keys().scanner(), &text).is_err());
        let prefixed = format!("RS{text}");
        prop_assert!(open(&keys().scanner(), &prefixed).is_err());
    }

    #[test]
    fn any_bytes_give_a_named_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = format!("RS{}", base45::encode(&bytes));
        prop_assert!(open(&keys().scanner(), &text).is_err());
    }

    #[test]
    fn any_bytes_behind_a_good_header_are_altered(bytes in prop::collection::vec(any::<u8>(), CODE_BYTES - HEADER)) {
        let code = [&[VERSION, 7], &keys().tag().0[..], &bytes].concat();
        let text = format!("RS{}", base45::encode(&code));
        prop_assert_eq!(open(&keys().scanner(), &text), Err(CodeError::Altered));
    }
}
