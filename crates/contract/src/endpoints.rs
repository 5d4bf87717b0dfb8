//! Every operation of the API. A test compares this list with the OpenAPI document, both ways.

use crate::{
    Endpoint, Page,
    accounts::{
        AddMember, ChangeRole, CreateOrganisation, Me, Member, Organisation, Refresh, Session, SignIn, SignUp,
    },
    audit::{AuditEntry, AuditVerification},
    deliveries::{Delivery, DeliverySummary},
    endpoint::{Method, Nothing},
    events::{Availability, CreateEvent, Event, PublicEvent, UpdateEvent},
    figures::Figures,
    holds::{BestAvailable, Hold, PlaceHold},
    orders::{Order, OrderSummary, PlaceOrder},
    payments::{ConfirmPayment, Payment, PaymentCallback, StartPayment},
    privacy::{
        AskErasure, BreachReport, ChooseRetention, Consent, DataExport, Erasure, GiveConsent, Policy,
        PublishPolicy, RetentionRule,
    },
    scans::{RecordScan, Scan, ScanEntry},
    tickets::{RevokeTicket, Ticket},
    venues::{CreateGate, CreateVenue, Gate, SeatMapImport, SeatMapSummary, Venue},
};

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident : $in:ty => $out:ty = $id:literal $method:ident $path:literal;)+) => {
        $($(#[$doc])* pub const $name: Endpoint<$in, $out> = Endpoint::new($id, Method::$method, concat!("/api/v1", $path));)+

        /// `(operation id, method, path)` of every operation, in the order above.
        pub const ALL: &[(&str, Method, &str)] = &[$(($id, Method::$method, concat!("/api/v1", $path))),+];
    };
}

/// The operation that answers `method` (in any case) at the path asked for. Where two patterns match,
/// the one with fewer variables is meant.
#[must_use]
pub fn operation_at(method: &str, path: &str) -> Option<&'static str> {
    let matching = |pattern: &str| {
        let (mut asked, mut parts) = (path.split('/'), pattern.split('/'));
        loop {
            match (asked.next(), parts.next()) {
                (None, None) => return true,
                (Some(asked), Some(part))
                    if asked == part || (part.starts_with('{') && !asked.is_empty()) => {}
                _ => return false,
            }
        }
    };
    ALL.iter()
        .filter(|(_, own, pattern)| own.name().eq_ignore_ascii_case(method) && matching(pattern))
        .min_by_key(|(_, _, pattern)| pattern.matches('{').count())
        .map(|(id, ..)| *id)
}

/// Marks answers that are not JSON: files and images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes;

endpoints! {
    // Accounts
    /// Opens an account and signs in.
    SIGN_UP: SignUp => Session = "sign_up" Post "/people";
    /// Signs in.
    SIGN_IN: SignIn => Session = "sign_in" Post "/sessions";
    /// Trades a refresh token for a fresh access token and a new refresh token.
    REFRESH_SESSION: Refresh => Session = "refresh_session" Post "/sessions/refresh";
    /// Ends this session.
    SIGN_OUT: Nothing => Nothing = "sign_out" Delete "/sessions/current";
    /// Who is signed in.
    GET_ME: Nothing => Me = "get_me" Get "/me";
    /// The organisations of the person signed in.
    LIST_ORGANISATIONS: Nothing => Page<Organisation> = "list_organisations" Get "/organisations";
    /// Founds an organisation.
    CREATE_ORGANISATION: CreateOrganisation => Organisation = "create_organisation" Post "/organisations";
    /// Members of the current organisation.
    LIST_MEMBERS: Nothing => Page<Member> = "list_members" Get "/members";
    /// Adds a member.
    ADD_MEMBER: AddMember => Member = "add_member" Post "/members";
    /// Gives a member another role.
    CHANGE_ROLE: ChangeRole => Member = "change_role" Patch "/members/{user_id}";
    /// Removes a member.
    REMOVE_MEMBER: Nothing => Nothing = "remove_member" Delete "/members/{user_id}";

    // Audit
    /// Who did what in the organisation, newest first; `actor`, `action`, `subject`, `from`, `to` and `ip` filter.
    LIST_AUDIT: Nothing => Page<AuditEntry> = "list_audit" Get "/audit";
    /// The same entries as a file; `format=csv|jsonl`.
    EXPORT_AUDIT: Nothing => Bytes = "export_audit" Get "/audit/export";
    /// Where the chain of hashes stands.
    GET_AUDIT_VERIFICATION: Nothing => AuditVerification = "get_audit_verification" Get "/audit/verification";
    /// What the person signed in did, and what was done to their account.
    LIST_MY_AUDIT: Nothing => Page<AuditEntry> = "list_my_audit" Get "/me/audit";

    // Privacy
    /// Asks for a copy of all the person's data.
    REQUEST_EXPORT: Nothing => DataExport = "request_export" Post "/me/export";
    /// The latest copy that has not expired.
    GET_EXPORT: Nothing => DataExport = "get_export" Get "/me/export";
    /// Fetches a copy; `format=json|pdf`.
    DOWNLOAD_EXPORT: Nothing => Bytes = "download_export" Get "/me/export/{export_id}";
    /// Asks to be forgotten.
    REQUEST_ERASURE: AskErasure => Erasure = "request_erasure" Post "/me/erasure";
    /// Where that wish stands.
    GET_ERASURE: Nothing => Erasure = "get_erasure" Get "/me/erasure";
    /// Takes the wish back.
    CANCEL_ERASURE: Nothing => Nothing = "cancel_erasure" Delete "/me/erasure";
    /// What the person agrees to.
    LIST_CONSENTS: Nothing => Vec<Consent> = "list_consents" Get "/me/consents";
    /// Agrees to a version of a policy, or takes that back.
    GIVE_CONSENT: GiveConsent => Vec<Consent> = "give_consent" Post "/me/consents";
    /// All versions of all policies.
    LIST_POLICIES: Nothing => Vec<Policy> = "list_policies" Get "/policies";
    /// Publishes the next version of a policy.
    PUBLISH_POLICY: PublishPolicy => Policy = "publish_policy" Post "/policies";
    /// How long things are kept.
    LIST_RETENTION: Nothing => Vec<RetentionRule> = "list_retention" Get "/privacy/retention";
    /// Chooses how long something is kept.
    CHOOSE_RETENTION: ChooseRetention => Vec<RetentionRule> = "choose_retention" Put "/privacy/retention/{rule}";
    /// Whose data were touched in a window of time; `from`, `to`, `actor`, `session`, `ip`, `format=json|csv`.
    GET_BREACH_REPORT: Nothing => BreachReport = "get_breach_report" Get "/privacy/breach-report";

    // Venues
    /// Venues the organisation may use.
    LIST_VENUES: Nothing => Page<Venue> = "list_venues" Get "/venues";
    /// Sets up a venue.
    CREATE_VENUE: CreateVenue => Venue = "create_venue" Post "/venues";
    /// One venue.
    GET_VENUE: Nothing => Venue = "get_venue" Get "/venues/{venue_id}";
    /// Imports a seat map; the body is the file, `text/csv` or `application/json`.
    IMPORT_SEAT_MAP: Bytes => SeatMapImport = "import_seat_map" Post "/venues/{venue_id}/seat-maps";
    /// The maps of a venue.
    LIST_SEAT_MAPS: Nothing => Page<SeatMapSummary> = "list_seat_maps" Get "/venues/{venue_id}/seat-maps";
    /// A map with all its seats.
    GET_SEAT_MAP: Nothing => domain::seat_map::SeatMap = "get_seat_map" Get "/seat-maps/{seat_map_id}";
    /// The gates of a venue.
    LIST_GATES: Nothing => Page<Gate> = "list_gates" Get "/venues/{venue_id}/gates";
    /// Sets up a gate.
    CREATE_GATE: CreateGate => Gate = "create_gate" Post "/venues/{venue_id}/gates";

    // Events, for staff
    /// The organisation's events, newest first; `state` and `q` filter.
    LIST_EVENTS: Nothing => Page<Event> = "list_events" Get "/events";
    /// Sets up an event as a draft.
    CREATE_EVENT: CreateEvent => Event = "create_event" Post "/events";
    /// One event.
    GET_EVENT: Nothing => Event = "get_event" Get "/events/{event_id}";
    /// Changes an event.
    UPDATE_EVENT: UpdateEvent => Event = "update_event" Patch "/events/{event_id}";
    /// Shows it to the public.
    PUBLISH_EVENT: Nothing => Event = "publish_event" Post "/events/{event_id}/publish";
    /// Takes it back from the public; only before the sale.
    UNPUBLISH_EVENT: Nothing => Event = "unpublish_event" Post "/events/{event_id}/unpublish";
    /// Opens the sale.
    OPEN_SALE: Nothing => Event = "open_sale" Post "/events/{event_id}/open-sale";
    /// Closes the sale.
    CLOSE_SALE: Nothing => Event = "close_sale" Post "/events/{event_id}/close-sale";
    /// Cancels the event.
    CANCEL_EVENT: Nothing => Event = "cancel_event" Post "/events/{event_id}/cancel";
    /// How its sale goes.
    GET_FIGURES: Nothing => Figures = "get_figures" Get "/events/{event_id}/figures";
    /// Readings at its gates, newest first.
    LIST_SCANS: Nothing => Page<ScanEntry> = "list_scans" Get "/events/{event_id}/scans";

    // Shop, for the public
    /// Events the public may see, soonest first.
    LIST_PUBLIC_EVENTS: Nothing => Page<PublicEvent> = "list_public_events" Get "/shop/events";
    /// One event by its slug or id.
    GET_PUBLIC_EVENT: Nothing => PublicEvent = "get_public_event" Get "/shop/events/{event}";
    /// The event's seat map. It never changes: cache it by its ETag.
    GET_PUBLIC_SEAT_MAP: Nothing => domain::seat_map::SeatMap = "get_public_seat_map" Get "/shop/events/{event}/seat-map";
    /// What is free just now.
    GET_AVAILABILITY: Nothing => Availability = "get_availability" Get "/shop/events/{event}/availability";
    /// Claims seats and standing places.
    PLACE_HOLD: PlaceHold => Hold = "place_hold" Post "/shop/events/{event}/holds";
    /// Claims the best free seats, side by side where possible.
    HOLD_BEST: BestAvailable => Hold = "hold_best" Post "/shop/events/{event}/best-available";
    /// Gives a hold back; the secret travels as `Order-Access`.
    RELEASE_HOLD: Nothing => Nothing = "release_hold" Delete "/holds/{hold_id}";

    // Orders
    /// Places an order, as a guest or signed in.
    PLACE_ORDER: PlaceOrder => Order = "place_order" Post "/orders";
    /// The organisation's orders, newest first; `event`, `state` and `q` filter.
    LIST_ORDERS: Nothing => Page<OrderSummary> = "list_orders" Get "/orders";
    /// The same list as a CSV file.
    EXPORT_ORDERS: Nothing => Bytes = "export_orders" Get "/orders.csv";
    /// One order, for its buyer or for staff.
    GET_ORDER: Nothing => Order = "get_order" Get "/orders/{order_id}";
    /// Cancels an order: its buyer while it is not paid, staff always.
    CANCEL_ORDER: Nothing => Order = "cancel_order" Post "/orders/{order_id}/cancel";
    /// All tickets of an order as one PDF.
    GET_ORDER_PDF: Nothing => Bytes = "get_order_pdf" Get "/orders/{order_id}/tickets.pdf";
    /// The orders of the person signed in, newest first.
    LIST_MY_ORDERS: Nothing => Page<OrderSummary> = "list_my_orders" Get "/me/orders";
    /// The tickets of the person signed in, soonest first.
    LIST_MY_TICKETS: Nothing => Page<Ticket> = "list_my_tickets" Get "/me/tickets";

    // Payments
    /// Begins an attempt to pay.
    START_PAYMENT: StartPayment => Payment = "start_payment" Post "/orders/{order_id}/payments";
    /// The QR of a PromptPay payment; `format=svg|png`, `size` in pixels.
    GET_PAYMENT_QR: Nothing => Bytes = "get_payment_qr" Get "/payments/{payment_id}/qr";
    /// A staff member saw the money arrive.
    CONFIRM_PAYMENT: ConfirmPayment => Order = "confirm_payment" Post "/payments/{payment_id}/confirm";
    /// The provider tells that money arrived.
    RECEIVE_CALLBACK: PaymentCallback => Payment = "receive_callback" Post "/payments/callbacks/promptpay";

    // Tickets and admission
    /// One ticket, for its buyer or for staff.
    GET_TICKET: Nothing => Ticket = "get_ticket" Get "/tickets/{ticket_id}";
    /// The ticket's QR; `format=svg|png`, `size`, `level=l|m|q|h`, `dark` and `light` as hex colours, `margin`.
    GET_TICKET_QR: Nothing => Bytes = "get_ticket_qr" Get "/tickets/{ticket_id}/qr";
    /// The ticket as PDF.
    GET_TICKET_PDF: Nothing => Bytes = "get_ticket_pdf" Get "/tickets/{ticket_id}/pdf";
    /// Takes a ticket's right to enter.
    REVOKE_TICKET: RevokeTicket => Ticket = "revoke_ticket" Post "/tickets/{ticket_id}/revoke";
    /// Reads a ticket at a gate.
    RECORD_SCAN: RecordScan => Scan = "record_scan" Post "/scans";

    // Messages
    /// Messages, newest first; `state` and `q` filter.
    LIST_DELIVERIES: Nothing => Page<DeliverySummary> = "list_deliveries" Get "/deliveries";
    /// One message with its text.
    GET_DELIVERY: Nothing => Delivery = "get_delivery" Get "/deliveries/{delivery_id}";
    /// A file attached to a message.
    GET_ATTACHMENT: Nothing => Bytes = "get_attachment" Get "/deliveries/{delivery_id}/attachments/{attachment_id}";
    /// Sends a failed message again.
    RETRY_DELIVERY: Nothing => Delivery = "retry_delivery" Post "/deliveries/{delivery_id}/retry";
}
