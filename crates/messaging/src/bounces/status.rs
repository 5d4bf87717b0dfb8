//! Status codes of mail servers (RFC 3463): `5.1.1`.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    /// 2: done, 4: not yet, 5: never.
    pub class: u8,
    /// What it is about: 1 the address, 2 the mailbox, 3 the server, 4 the network, 5 the protocol, 6 the content,
    /// 7 a policy.
    subject: u16,
    detail: u16,
}

impl Status {
    /// Whether a server says for good that the recipient's address is wrong: X.1.7 and X.1.8 are about the sender's.
    pub(crate) const fn address_is_wrong(self) -> bool {
        self.class == 5 && self.subject == 1 && !matches!(self.detail, 7 | 8)
    }

    /// Whether it says for good that nothing reaches the address: not that a mailbox is full (X.2.2), that a letter
    /// is too long (X.2.3), or that this one was not wanted.
    pub(super) const fn nothing_arrives(self) -> bool {
        self.class == 5
            && match self.subject {
                0 | 4 => true,
                1 => self.address_is_wrong(),
                2 => !matches!(self.detail, 2 | 3),
                _ => false,
            }
    }
}

/// The code a text is.
pub(super) fn parse(text: &str) -> Option<Status> {
    let mut parts = text.split('.');
    let mut next = |most: usize| {
        let part = parts.next()?;
        let digits = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (class, subject, detail) = (next(1)?, next(3)?, next(3)?);
    let whole = parts.next().is_none() && matches!(class, 2 | 4 | 5);
    whole.then(|| Some(Status { class: u8::try_from(class).ok()?, subject, detail })).flatten()
}

/// The first code that stands in a text.
pub(crate) fn in_text(text: &str) -> Option<Status> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_nothing_else() {
        let found = in_text("permanent error (550): 5.1.1 <x@demo.example>: no such user").unwrap();
        assert_eq!(found, Status { class: 5, subject: 1, detail: 1 });
        for none in [
            "",
            "550 No such mailbox",
            "10.0.0.1",
            "5.1",
            "5.1.1.1",
            "3.1.1",
            "5..1",
            "mx1.a.example 5.1234.1",
        ] {
            assert_eq!(in_text(none), None, "{none}");
        }
    }

    #[test]
    fn only_what_says_that_nothing_arrives_holds_an_address_back() {
        for gone in ["5.1.1", "5.1.2", "5.1.10", "5.2.1", "5.0.0", "5.4.1", "5.4.310"] {
            assert!(parse(gone).unwrap().nothing_arrives(), "{gone}");
        }
        for stays in ["4.1.1", "4.2.2", "5.2.2", "5.2.3", "5.3.4", "5.6.0", "5.7.1", "5.1.8", "2.1.5"] {
            assert!(!parse(stays).unwrap().nothing_arrives(), "{stays}");
        }
    }
}
