//! The types that go in and come out, gathered for the table of operations.

pub(super) use crate::{
    Page,
    accounts::{ChangeRole, CreateOrganisation, Me, Member, Organisation, Refresh, Session, SignIn, SignUp},
    audit::{AuditEntry, AuditVerification},
    endpoint::Nothing,
    events::{Availability, CreateEvent, Event, PublicEvent, UpdateEvent},
    factors::{
        AboutChallenge, AddPasskey, AnswerChallenge, ConfirmTotp, Confirmation, Confirmed, Factors, Passkey,
        PasskeyEnrolment, PasskeyOptions, PasskeySignIn, ProveIdentity, RecoveryCodes, RenamePasskey,
        SignInAnswer, SignInPolicy, TotpEnrolment,
    },
    figures::Figures,
    grants::{CreateGrant, Grant},
    holds::{BestAvailable, Hold, PlaceHold},
    invitations::{Invitation, InvitationToken, InvitationView, Invite, SignUpInvited},
    jobs::{DeadJob, JobsOverview, RetriedJobs, RetryJobs},
    keys::{ApiKey, CreateApiKey, KeyUsage, NewApiKey, RotateApiKey},
    live::LiveStatistics,
    networks::{AllowedNetworks, SetNetworks},
    oauth::{
        AboutTokenForm, AuthorisationStep, Connection, CreateOauthClient, DecideAuthorisation,
        NewOauthClient, OauthClient, TokenAnswer, TokenForm, TokenState, UpdateOauthClient, UserInfo,
        ViewAuthorisation,
    },
    orders::{Order, OrderSummary, PlaceOrder},
    payments::{ConfirmPayment, Payment, PaymentCallback, StartPayment},
    people::{AskForLetter, ChangePassword, Device, RedeemReset, RevokeToken, UpdateMe, VerifyAddress},
    privacy::{
        AskErasure, BreachReport, ChooseRetention, Consent, DataExport, Erasure, GiveConsent, Policy,
        PublishPolicy, RetentionRule,
    },
    roles::{RoleEntry, WriteRole},
    scans::{RecordScan, Scan, ScanEntry},
    sign_on::{
        BeginSignOn, ClaimDomain, Identity, IdentityProvider, LinkIdentity, OrganisationDomain,
        ProviderCheck, PublicProvider, ReadSamlMetadata, SamlMetadata, SignOnBegun, WriteIdentityProvider,
    },
    teams::{Team, WriteTeam},
    threats::Threat,
    tickets::{RevokeTicket, Ticket},
    venues::{CreateGate, CreateVenue, Gate, SeatMapImport, SeatMapSummary, Venue},
};
