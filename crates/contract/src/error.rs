//! Every refusal: one table of codes, and the problem document (RFC 9457) that carries them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// A stable name for one kind of refusal. Programs branch on it; texts may change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum ErrorCode { $($(#[$doc])* #[serde(rename = $code)] $variant),+ }

        impl ErrorCode {
            /// All codes, as the documentation lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name that travels: `seat_taken`.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }
            /// What happened, in plain English.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// The key of the text in the web app's locale files: `errors.seat_taken`.
            #[must_use]
            pub const fn text_key(self) -> &'static str { match self { $(Self::$variant => concat!("errors.", $code)),+ } }
        }
    };
}

error_codes! {
    // What was sent
    /// The body is not JSON.
    MalformedJson = "malformed_json", 400, "The body is not valid JSON.";
    /// A query parameter, a header or the path cannot be read.
    MalformedRequest = "malformed_request", 400, "The request cannot be read.";
    /// The body is larger than the route accepts.
    BodyTooLarge = "body_too_large", 413, "The body is too large.";
    /// The body came too slowly.
    BodyTooSlow = "body_too_slow", 408, "The body took too long to arrive.";
    /// The headers are too many or too long.
    HeadersTooLarge = "headers_too_large", 431, "The headers are too large.";
    /// The body is not of a type the route reads.
    UnsupportedMediaType = "unsupported_media_type", 415, "This kind of content is not accepted here.";
    /// One or more fields do not hold.
    InvalidFields = "invalid_fields", 422, "Some fields need your attention.";
    /// More rows were asked for than a page may hold.
    PageTooLarge = "page_too_large", 422, "A page holds at most 200 rows.";
    /// The cursor of a page is not one we gave.
    UnknownCursor = "unknown_cursor", 422, "This page cannot be found.";
    /// The Idempotency-Key was used before for another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key belongs to another request.";

    // Who asked
    /// No or an unreadable access token.
    NotSignedIn = "not_signed_in", 401, "Please sign in.";
    /// The access token is too old.
    TokenExpired = "token_expired", 401, "Your sign-in has expired.";
    /// Address or password are wrong; which one is not told.
    WrongCredentials = "wrong_credentials", 401, "The address or the password is wrong.";
    /// The session has ended or its refresh token was used before.
    SessionEnded = "session_ended", 401, "This session has ended. Please sign in again.";
    /// The actor may not do this.
    NotPermitted = "not_permitted", 403, "You may not do this.";
    /// The act asks for a recent proof of who the person is.
    ConfirmationNeeded = "confirmation_needed", 403, "Please confirm that it is you.";
    /// The organisation asks for a second factor and the person has none.
    SecondFactorRequired = "second_factor_required", 403, "Set up a second factor first.";
    /// A code, key or password does not prove who the person is.
    WrongProof = "wrong_proof", 422, "That is not right. Please try again.";
    /// The question was answered, ran out, or was answered wrongly too often.
    ChallengeOver = "challenge_over", 410, "This took too long or too many tries. Please start again.";
    /// This way of proving who one is cannot be used here.
    FactorUnavailable = "factor_unavailable", 409, "This way of proving who you are is not available.";
    /// The passkey is in use already.
    PasskeyKnown = "passkey_known", 409, "This passkey has been added already.";
    /// A page of another site made the browser send this.
    CrossSite = "cross_site", 403, "This request came from another site.";
    /// Only those who run Ringside may do this.
    PlatformOnly = "platform_only", 403, "Only those who run Ringside may do this.";
    /// Too many requests in a short time.
    TooManyRequests = "too_many_requests", 429, "Too many requests. Please wait a moment.";

    // What was meant
    /// The id names nothing the actor can see.
    NotFound = "not_found", 404, "There is nothing here.";
    /// No operation at this path.
    UnknownRoute = "unknown_route", 404, "There is no such address.";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not answer to that method.";
    /// The thing is in a state that does not allow it.
    WrongState = "wrong_state", 409, "This is not possible in its present state.";
    /// Somebody changed it in the meantime.
    ChangedMeanwhile = "changed_meanwhile", 409, "Somebody changed this in the meantime.";

    // Accounts
    /// The password is too easy to guess.
    WeakPassword = "weak_password", 422, "This password is too easy to guess.";
    /// The password was right, but nobody has proved yet that the address is theirs.
    AddressUnverified = "address_unverified", 403, "Please confirm your address first.";
    /// What a letter's link carries is unknown, used or too old.
    LinkSpent = "link_spent", 410, "This link is no longer good.";
    /// The person already belongs to the organisation.
    AlreadyMember = "already_member", 409, "This person is already a member.";
    /// An organisation keeps at least one owner.
    LastOwner = "last_owner", 409, "An organisation needs at least one owner.";
    /// The address has an invitation that can be sent again.
    AlreadyInvited = "already_invited", 409, "This address has already been invited.";
    /// The invitation was accepted, withdrawn or has run out, or there never was one.
    InvitationOver = "invitation_over", 410, "This invitation is no longer good.";
    /// The invitation is for another address than that of the account signed in.
    OtherAddress = "other_address", 403, "This invitation is for another address.";
    /// Members, grants or invitations carry the role.
    RoleInUse = "role_in_use", 409, "This role is in use.";
    /// Something in the organisation has this name.
    NameTaken = "name_taken", 409, "This name is taken.";
    /// The same was granted before.
    AlreadyGranted = "already_granted", 409, "This has already been granted.";
    /// The address the request comes from is not among the networks allowed.
    NetworkNotAllowed = "network_not_allowed", 403, "This is not possible from your network.";
    /// The caller's own address is not among the networks.
    WouldLockYouOut = "would_lock_you_out", 409, "Your own address must be among the networks.";
    /// Another organisation has proven that the domain is its own.
    DomainTaken = "domain_taken", 409, "This domain belongs to another organisation.";
    /// The record that proves the domain was not found.
    DomainUnproven = "domain_unproven", 409, "The record has not been found yet.";

    // Signing in by a provider
    /// No provider answers for the address, or there is no such provider.
    SignOnUnknown = "sign_on_unknown", 404, "There is no sign-in by an organisation here.";
    /// The way to the provider and back took too long, was gone before, or began in another browser.
    SignOnOver = "sign_on_over", 410, "This took too long. Please start again.";
    /// What the provider sent does not hold.
    SignOnFailed = "sign_on_failed", 403, "What the provider sent cannot be trusted.";
    /// The provider let nobody in.
    SignOnRefused = "sign_on_refused", 403, "The provider did not let you in.";
    /// The provider does not answer.
    ProviderUnreachable = "provider_unreachable", 503, "The provider does not answer.";
    /// The provider does not say that the address is proven.
    SignOnAddressUnproven = "sign_on_address_unproven", 403, "The provider has not confirmed your address.";
    /// The address is in none of the organisation's proven domains.
    SignOnForeignAddress = "sign_on_foreign_address", 403, "Your address does not belong to this organisation.";
    /// The person is no member, and the provider makes none.
    SignOnNotAMember = "sign_on_not_a_member", 403, "You are not a member of this organisation.";
    /// An account has the address: its owner signs in and adds the provider there.
    SignOnAddressKnown = "sign_on_address_known", 409, "There is an account with this address. Sign in to it and add this provider there.";
    /// The organisation lets its members sign in by its provider only.
    SignOnRequired = "sign_on_required", 403, "Your organisation asks you to sign in with its own sign-in.";
    /// The identity belongs to another account.
    IdentityTaken = "identity_taken", 409, "This sign-in belongs to another account.";
    /// Without it the person could not sign in any more.
    LastWayToSignIn = "last_way_to_sign_in", 409, "This is your only way to sign in. Choose a password first.";
    /// An organisation with this short name exists.
    SlugTaken = "slug_taken", 409, "This short name is taken.";

    /// A policy's version that was agreed to is not the one in force.
    PolicyOutdated = "policy_outdated", 409, "This text has changed. Please read it again.";
    /// An account with this address exists: its owner signs in.
    AddressInUse = "address_in_use", 409, "There is an account with this address. Please sign in.";

    // Venues and events
    /// The seat map file has errors; `fields` lists them by line.
    ImportFailed = "import_failed", 422, "The seat map file has errors.";
    /// The map is used by an event and stays as it is.
    MapInUse = "map_in_use", 409, "This seat map is used by an event.";
    /// A zone of the event has no price.
    PriceMissing = "price_missing", 422, "A zone has no price.";
    /// The zone does not exist on the event's map.
    UnknownZone = "unknown_zone", 422, "There is no such zone.";
    /// The event is not on sale.
    NotOnSale = "not_on_sale", 409, "This event is not on sale.";

    // Selling
    /// At least one of the seats is no longer free.
    SeatTaken = "seat_taken", 409, "One of these seats has just been taken.";
    /// The seat does not exist at this event.
    UnknownSeat = "unknown_seat", 422, "There is no such seat.";
    /// Not enough standing places left.
    PlacesGone = "places_gone", 409, "Not enough places are left in this zone.";
    /// More places than one order may hold.
    TooManyPlaces = "too_many_places", 422, "That is more than one order may hold.";
    /// The hold has run out; its seats are free again.
    HoldExpired = "hold_expired", 410, "Your time to choose has run out.";
    /// The order has run out; its seats are free again.
    OrderExpired = "order_expired", 410, "This order has run out.";
    /// The amount paid is not the amount due.
    AmountMismatch = "amount_mismatch", 422, "The amount is not the amount due.";
    /// The order is paid already.
    AlreadyPaid = "already_paid", 409, "This order is already paid.";
    /// The callback's signature does not hold.
    BadSignature = "bad_signature", 401, "The signature does not hold.";
    /// The callback was received before.
    CallbackReplayed = "callback_replayed", 409, "This callback was received before.";
    /// The callback is too old or from the future.
    CallbackStale = "callback_stale", 401, "The callback's time is too far from now.";

    // At the gate
    /// What was read is not a Ringside ticket.
    NotATicket = "not_a_ticket", 422, "This is not a ticket.";
    /// The code was changed or forged.
    CodeAltered = "code_altered", 422, "This ticket is not genuine.";
    /// The ticket belongs to another event.
    OtherEvent = "other_event", 409, "This ticket is for another event.";
    /// The ticket no longer admits.
    TicketRevoked = "ticket_revoked", 409, "This ticket has been revoked.";
    /// The guest is inside; `first_scan` says since when and by which gate.
    AlreadyAdmitted = "already_admitted", 409, "This ticket was used already.";
    /// The ticket does not admit yet or no longer.
    OutsideHours = "outside_hours", 409, "This ticket does not admit at this time.";
    /// The gate does not exist at this venue.
    UnknownGate = "unknown_gate", 422, "There is no such gate.";

    // Ourselves
    /// Something broke here; the request id leads to the log.
    Internal = "internal", 500, "Something went wrong on our side.";
    /// A part we need does not answer just now.
    Unavailable = "unavailable", 503, "We cannot do this just now. Please try again.";
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: `buyer.email`, `seats[2]`, or `line 14, column x` of a file.
    pub field: String,
    /// A stable name for the fault: `too_short`.
    pub code: String,
    /// The fault in plain English.
    pub message: String,
}

/// A refusal as a problem document (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI for the kind of problem: `urn:ringside:problem:seat_taken`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "utoipa", schema(example = "urn:ringside:problem:seat_taken"))]
    pub kind: String,
    /// What happened, in plain English.
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "utoipa", schema(example = 409))]
    pub status: u16,
    /// The stable code.
    pub code: ErrorCode,
    /// More about this occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that need attention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Leads to the log.
    pub request_id: String,
    /// What else the code promises: `taken` for `seat_taken`, `first_scan` for `already_admitted`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
