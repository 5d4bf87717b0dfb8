//! Every operation of the API. A test compares this list with the OpenAPI document, both ways.

mod types;

use crate::{Endpoint, endpoint::Method};
use types::*;

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident : $in:ty => $out:ty = $id:literal $method:ident $path:literal;)+) => {
        $($(#[$doc])* pub const $name: Endpoint<$in, $out> = Endpoint::new($id, Method::$method, concat!("/api/v1", $path));)+

        /// `(operation id, method, path)` of every operation above, in order. All there are: [`all`](crate::endpoints::all).
        pub const ALL: &[(&str, Method, &str)] = &[$(($id, Method::$method, concat!("/api/v1", $path))),+];
    };
}

mod hooks;
mod mail;
mod person;
mod reach;
pub use hooks::*;
pub use mail::*;
pub use person::*;
pub use reach::*;

/// `(operation id, method, path)` of every operation.
pub fn all() -> impl Iterator<Item = &'static (&'static str, Method, &'static str)> {
    ALL.iter().chain(hooks::ALL).chain(mail::ALL).chain(person::ALL).chain(reach::ALL)
}

/// Marks answers that are not JSON: files and images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes;

endpoints! {
    // Accounts
    /// Opens an account, once the letter to its address was answered.
    SIGN_UP: SignUp => Nothing = "sign_up" Post "/people";
    /// Proves an address, and begins the first session.
    VERIFY_ADDRESS: VerifyAddress => Session = "verify_address" Post "/people/verify";
    /// Sends the letter that proves an address once more.
    RESEND_VERIFICATION: AskForLetter => Nothing = "resend_verification" Post "/people/verifications";
    /// Asks for a letter with which a new password is chosen.
    ASK_RESET: AskForLetter => Nothing = "ask_reset" Post "/password-resets";
    /// Chooses a new password by that letter.
    REDEEM_RESET: RedeemReset => Nothing = "redeem_reset" Post "/password-resets/redeem";
    /// Signs in, or asks for a second factor.
    SIGN_IN: SignIn => SignInAnswer = "sign_in" Post "/sessions";
    /// Trades a refresh token for a fresh access token and a new refresh token.
    REFRESH_SESSION: Refresh => Session = "refresh_session" Post "/sessions/refresh";
    /// Ends this session.
    SIGN_OUT: Nothing => Nothing = "sign_out" Delete "/sessions/current";
    /// Where the person is signed in.
    LIST_SESSIONS: Nothing => Page<Device> = "list_sessions" Get "/sessions";
    /// Ends one session of the person.
    END_SESSION: Nothing => Nothing = "end_session" Delete "/sessions/{session_id}";
    /// Signs out everywhere; `keep_current=true` everywhere else.
    END_SESSIONS: Nothing => Nothing = "end_sessions" Delete "/sessions";
    /// Gives up a token before its time.
    REVOKE_TOKEN: RevokeToken => Nothing = "revoke_token" Post "/tokens/revoke";
    /// Who is signed in.
    GET_ME: Nothing => Me = "get_me" Get "/me";
    /// Changes what the account says about its owner.
    UPDATE_ME: UpdateMe => Me = "update_me" Patch "/me";
    /// Changes one's own password.
    CHANGE_PASSWORD: ChangePassword => Nothing = "change_password" Post "/me/password";
    /// The organisations of the person signed in.
    LIST_ORGANISATIONS: Nothing => Page<Organisation> = "list_organisations" Get "/organisations";
    /// Founds an organisation.
    CREATE_ORGANISATION: CreateOrganisation => Organisation = "create_organisation" Post "/organisations";
    /// Members of the current organisation.
    LIST_MEMBERS: Nothing => Page<Member> = "list_members" Get "/members";
    /// Gives a member another role.
    CHANGE_ROLE: ChangeRole => Member = "change_role" Patch "/members/{user_id}";
    /// Removes a member.
    REMOVE_MEMBER: Nothing => Nothing = "remove_member" Delete "/members/{user_id}";

    // Second factors
    /// Begins to sign in by a passkey alone.
    BEGIN_PASSKEY_SIGN_IN: Nothing => PasskeySignIn = "begin_passkey_sign_in" Post "/sessions/passkey";
    /// Answers the question that signing in put.
    ANSWER_CHALLENGE: AnswerChallenge => Session = "answer_challenge" Post "/sessions/challenges/{challenge_id}";
    /// Mails a code for it.
    MAIL_CHALLENGE_CODE: AboutChallenge => Nothing = "mail_challenge_code" Post "/sessions/challenges/{challenge_id}/code";
    /// What a passkey has to sign for it.
    BEGIN_CHALLENGE_PASSKEY: AboutChallenge => PasskeyOptions = "begin_challenge_passkey" Post "/sessions/challenges/{challenge_id}/passkey";
    /// Begins to prove once more who one is.
    START_CONFIRMATION: Nothing => Confirmation = "start_confirmation" Post "/confirmations";
    /// Proves it.
    PROVE_IDENTITY: ProveIdentity => Confirmed = "prove_identity" Post "/confirmations/{challenge_id}";
    /// Mails a code for it.
    MAIL_CONFIRMATION_CODE: Nothing => Nothing = "mail_confirmation_code" Post "/confirmations/{challenge_id}/code";
    /// What a passkey has to sign for it.
    BEGIN_CONFIRMATION_PASSKEY: Nothing => PasskeyOptions = "begin_confirmation_passkey" Post "/confirmations/{challenge_id}/passkey";
    /// The second factors of the person signed in.
    GET_FACTORS: Nothing => Factors = "get_factors" Get "/me/factors";
    /// Begins to add an authenticator app.
    START_TOTP: Nothing => TotpEnrolment = "start_totp" Post "/me/factors/totp";
    /// Adds it, by its first code.
    CONFIRM_TOTP: ConfirmTotp => RecoveryCodes = "confirm_totp" Post "/me/factors/totp/confirm";
    /// Removes it.
    REMOVE_TOTP: Nothing => Nothing = "remove_totp" Delete "/me/factors/totp";
    /// Makes new recovery codes; the old ones end.
    RENEW_RECOVERY_CODES: Nothing => RecoveryCodes = "renew_recovery_codes" Post "/me/factors/recovery-codes";
    /// Begins to add a passkey.
    START_PASSKEY: Nothing => PasskeyEnrolment = "start_passkey" Post "/me/factors/passkeys/start";
    /// Adds it.
    ADD_PASSKEY: AddPasskey => Passkey = "add_passkey" Post "/me/factors/passkeys";
    /// Calls a passkey by another name.
    RENAME_PASSKEY: RenamePasskey => Passkey = "rename_passkey" Patch "/me/factors/passkeys/{passkey_id}";
    /// Removes a passkey.
    REMOVE_PASSKEY: Nothing => Nothing = "remove_passkey" Delete "/me/factors/passkeys/{passkey_id}";
    /// How members have to sign in.
    GET_SIGN_IN_POLICY: Nothing => SignInPolicy = "get_sign_in_policy" Get "/sign-in-policy";
    /// Changes how members have to sign in.
    CHANGE_SIGN_IN_POLICY: SignInPolicy => SignInPolicy = "change_sign_in_policy" Patch "/sign-in-policy";
    // Who may do what
    /// Invitations that have not been accepted.
    LIST_INVITATIONS: Nothing => Page<Invitation> = "list_invitations" Get "/invitations";
    /// Invites somebody by mail.
    INVITE: Invite => Invitation = "invite" Post "/invitations";
    /// Mails an invitation again, with a new link.
    RESEND_INVITATION: Nothing => Invitation = "resend_invitation" Post "/invitations/{invitation_id}/resend";
    /// Takes an invitation back.
    WITHDRAW_INVITATION: Nothing => Nothing = "withdraw_invitation" Delete "/invitations/{invitation_id}";
    /// What an invitation's link is about.
    VIEW_INVITATION: InvitationToken => InvitationView = "view_invitation" Post "/invitations/view";
    /// An account for the address invited, which joins at once.
    SIGN_UP_INVITED: SignUpInvited => Session = "sign_up_invited" Post "/invitations/sign-up";
    /// Accepts an invitation, signed in.
    ACCEPT_INVITATION: InvitationToken => Me = "accept_invitation" Post "/invitations/accept";
    /// Roles, built-in and custom.
    LIST_ROLES: Nothing => Page<RoleEntry> = "list_roles" Get "/roles";
    /// Puts a custom role together.
    CREATE_ROLE: WriteRole => RoleEntry = "create_role" Post "/roles";
    /// Changes a custom role.
    UPDATE_ROLE: WriteRole => RoleEntry = "update_role" Patch "/roles/{role_id}";
    /// Deletes a custom role nobody carries.
    DELETE_ROLE: Nothing => Nothing = "delete_role" Delete "/roles/{role_id}";
    /// Teams and who belongs to them.
    LIST_TEAMS: Nothing => Page<Team> = "list_teams" Get "/teams";
    /// Forms a team.
    CREATE_TEAM: WriteTeam => Team = "create_team" Post "/teams";
    /// Renames a team.
    RENAME_TEAM: WriteTeam => Team = "rename_team" Patch "/teams/{team_id}";
    /// Dissolves a team; what was granted to it ends.
    DELETE_TEAM: Nothing => Nothing = "delete_team" Delete "/teams/{team_id}";
    /// Puts a member into a team.
    JOIN_TEAM: Nothing => Team = "join_team" Put "/teams/{team_id}/members/{user_id}";
    /// Takes a member out of a team.
    LEAVE_TEAM: Nothing => Team = "leave_team" Delete "/teams/{team_id}/members/{user_id}";
    /// What is granted beside the members' own roles.
    LIST_GRANTS: Nothing => Page<Grant> = "list_grants" Get "/grants";
    /// Grants a role for the organisation, one event or one venue.
    CREATE_GRANT: CreateGrant => Grant = "create_grant" Post "/grants";
    /// Ends a grant.
    END_GRANT: Nothing => Nothing = "end_grant" Delete "/grants/{grant_id}";
    /// API keys.
    LIST_KEYS: Nothing => Page<ApiKey> = "list_keys" Get "/keys";
    /// Makes an API key; its secret is shown this once.
    CREATE_KEY: CreateApiKey => NewApiKey = "create_key" Post "/keys";
    /// Gives an API key a new secret; the old one ends after an overlap.
    ROTATE_KEY: RotateApiKey => NewApiKey = "rotate_key" Post "/keys/{key_id}/rotate";
    /// Ends an API key at once.
    REVOKE_KEY: Nothing => Nothing = "revoke_key" Delete "/keys/{key_id}";
    /// How often an API key was used.
    GET_KEY_USAGE: Nothing => KeyUsage = "get_key_usage" Get "/keys/{key_id}/usage";

    // Applications
    /// The organisation's applications.
    LIST_OAUTH_CLIENTS: Nothing => Page<OauthClient> = "list_oauth_clients" Get "/oauth/clients";
    /// Registers an application; its secret is shown this once.
    CREATE_OAUTH_CLIENT: CreateOauthClient => NewOauthClient = "create_oauth_client" Post "/oauth/clients";
    /// Changes an application.
    UPDATE_OAUTH_CLIENT: UpdateOauthClient => OauthClient = "update_oauth_client" Put "/oauth/clients/{client_id}";
    /// Gives an application a new secret.
    ROTATE_OAUTH_CLIENT: RotateApiKey => NewOauthClient = "rotate_oauth_client" Post "/oauth/clients/{client_id}/rotate";
    /// Ends an application with all its tokens.
    DELETE_OAUTH_CLIENT: Nothing => Nothing = "delete_oauth_client" Delete "/oauth/clients/{client_id}";
    /// What comes next for a person whom an application sent.
    VIEW_AUTHORISATION: ViewAuthorisation => AuthorisationStep = "view_authorisation" Post "/oauth/authorisations/view";
    /// Allows or denies what an application asks for.
    DECIDE_AUTHORISATION: DecideAuthorisation => AuthorisationStep = "decide_authorisation" Post "/oauth/authorisations";
    /// Applications the person lets act for them.
    LIST_CONNECTIONS: Nothing => Page<Connection> = "list_connections" Get "/oauth/connections";
    /// Takes back what an application was allowed.
    END_CONNECTION: Nothing => Nothing = "end_connection" Delete "/oauth/connections/{connection_id}";
    /// Gives an application tokens; a form.
    ISSUE_TOKENS: TokenForm => TokenAnswer = "issue_tokens" Post "/oauth/token";
    /// What is known of a token; a form.
    INTROSPECT_TOKEN: AboutTokenForm => TokenState = "introspect_token" Post "/oauth/introspect";
    /// Gives up a token of an application; a form.
    GIVE_UP_TOKEN: AboutTokenForm => Nothing = "give_up_token" Post "/oauth/revoke";
    /// Who the person is.
    GET_USERINFO: Nothing => UserInfo = "get_userinfo" Get "/oauth/userinfo";
    /// Who the person is; the same, asked by POST.
    POST_USERINFO: Nothing => UserInfo = "post_userinfo" Post "/oauth/userinfo";
    /// From where members may act.
    GET_NETWORKS: Nothing => AllowedNetworks = "get_networks" Get "/networks";
    /// Says from where members may act.
    SET_NETWORKS: SetNetworks => AllowedNetworks = "set_networks" Put "/networks";
    // Signing in by a provider
    /// The mail domains of the organisation.
    LIST_DOMAINS: Nothing => Vec<OrganisationDomain> = "list_domains" Get "/domains";
    /// Claims a mail domain.
    CLAIM_DOMAIN: ClaimDomain => OrganisationDomain = "claim_domain" Post "/domains";
    /// Looks for the record that proves it.
    VERIFY_DOMAIN: Nothing => OrganisationDomain = "verify_domain" Post "/domains/{domain_id}/verify";
    /// Gives a domain up.
    REMOVE_DOMAIN: Nothing => Nothing = "remove_domain" Delete "/domains/{domain_id}";
    /// The organisation's providers.
    LIST_IDENTITY_PROVIDERS: Nothing => Vec<IdentityProvider> = "list_identity_providers" Get "/identity-providers";
    /// Sets a provider up.
    CREATE_IDENTITY_PROVIDER: WriteIdentityProvider => IdentityProvider = "create_identity_provider" Post "/identity-providers";
    /// Changes a provider.
    UPDATE_IDENTITY_PROVIDER: WriteIdentityProvider => IdentityProvider = "update_identity_provider" Put "/identity-providers/{provider_id}";
    /// Removes a provider, with the identities it gave.
    REMOVE_IDENTITY_PROVIDER: Nothing => Nothing = "remove_identity_provider" Delete "/identity-providers/{provider_id}";
    /// Asks a provider what it says of itself.
    TEST_IDENTITY_PROVIDER: Nothing => ProviderCheck = "test_identity_provider" Post "/identity-providers/{provider_id}/test";
    /// Reads the metadata of a SAML provider.
    READ_SAML_METADATA: ReadSamlMetadata => SamlMetadata = "read_saml_metadata" Post "/identity-providers/saml-metadata";
    /// Providers anybody may sign in by.
    LIST_PUBLIC_PROVIDERS: Nothing => Vec<PublicProvider> = "list_public_providers" Get "/sign-on/providers";
    /// Begins to sign in by a provider.
    BEGIN_SIGN_ON: BeginSignOn => SignOnBegun = "begin_sign_on" Post "/sign-on/begin";
    /// Begins to add an identity to the own account.
    LINK_IDENTITY: LinkIdentity => SignOnBegun = "link_identity" Post "/sign-on/link";
    /// Where a provider sends the browser back to.
    RETURN_FROM_PROVIDER: Nothing => Nothing = "return_from_provider" Get "/sign-on/callback";
    /// What a SAML provider has to know of us.
    SAML_METADATA: Nothing => Nothing = "saml_metadata" Get "/sign-on/saml/{provider_id}/metadata";
    /// Where a SAML provider sends its answer to.
    ANSWER_FROM_SAML: Nothing => Nothing = "answer_from_saml" Post "/sign-on/saml/{provider_id}";
    /// Begins the session of whoever has just come back.
    FINISH_SIGN_ON: Nothing => SignInAnswer = "finish_sign_on" Post "/sign-on/finish";
    /// Who the person signed in is to providers.
    LIST_IDENTITIES: Nothing => Vec<Identity> = "list_identities" Get "/me/identities";
    /// Takes an identity off the account.
    REMOVE_IDENTITY: Nothing => Nothing = "remove_identity" Delete "/me/identities/{identity_id}";
    // Threats, for those who run Ringside
    /// Attempts to get in by force, newest first.
    LIST_THREATS: Nothing => Page<Threat> = "list_threats" Get "/threats";
    /// One threat.
    GET_THREAT: Nothing => Threat = "get_threat" Get "/threats/{threat_id}";
    /// Says that somebody has looked at it.
    ACKNOWLEDGE_THREAT: Nothing => Threat = "acknowledge_threat" Post "/threats/{threat_id}/acknowledge";
    /// Gives the threat's network its usual limits again.
    LIFT_THREAT: Nothing => Threat = "lift_threat" Post "/threats/{threat_id}/lift";
    // Jobs
    /// How much there is to do, and how late it is.
    GET_JOBS: Nothing => JobsOverview = "get_jobs" Get "/jobs";
    /// Jobs given up, newest first.
    LIST_DEAD_JOBS: Nothing => Page<DeadJob> = "list_dead_jobs" Get "/jobs/dead";
    /// Tries all dead jobs of a kind again.
    RETRY_DEAD_JOBS: RetryJobs => RetriedJobs = "retry_dead_jobs" Post "/jobs/dead/retry";
    /// Tries a dead job again.
    RETRY_DEAD_JOB: Nothing => Nothing = "retry_dead_job" Post "/jobs/dead/{job_id}/retry";
    /// Takes a dead job away.
    DISCARD_DEAD_JOB: Nothing => Nothing = "discard_dead_job" Delete "/jobs/dead/{job_id}";
    // Live updates
    /// How many sockets are open, and how well they are kept up to date.
    GET_LIVE_STATISTICS: Nothing => LiveStatistics = "get_live_statistics" Get "/live/statistics";
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
}
