//! Messages to people: their words, their ways, and from whose address they come.

use super::Bytes;
use crate::deliveries::{Delivery, DeliveryStatistics, DeliverySummary};
use crate::endpoint::{Endpoint, Method, Nothing};
use crate::mail::{AddSuppression, MailReport, MailTracking, Suppression};
use crate::notices::{Announce, Announcement, MarkAllNotices, MarkNotice, Notice, UnreadCount};
use crate::page::Page;
use crate::sending::{SendingDomain, WriteSendingDomain};
use crate::templates::{
    AskPreview, CreateTemplate, Experiment, LetterKindEntry, OfDraft, Preview, SaveDraft, SendTest,
    StartExperiment, Template, TemplateSummary, TemplateVersion, TestSent, UpdateTemplate,
};

endpoints! {
    /// Messages, newest first; `state` and `q` filter.
    LIST_DELIVERIES: Nothing => Page<DeliverySummary> = "list_deliveries" Get "/deliveries";
    /// What became of the messages of the last `days`.
    DELIVERY_STATISTICS: Nothing => DeliveryStatistics = "delivery_statistics" Get "/deliveries/statistics";
    /// One message with its text.
    GET_DELIVERY: Nothing => Delivery = "get_delivery" Get "/deliveries/{delivery_id}";
    /// A file attached to a message.
    GET_ATTACHMENT: Nothing => Bytes = "get_attachment" Get "/deliveries/{delivery_id}/attachments/{attachment_id}";
    /// Sends a failed message again.
    RETRY_DELIVERY: Nothing => Delivery = "retry_delivery" Post "/deliveries/{delivery_id}/retry";
    /// Addresses that are written to no more, newest first; `q` and `reason` filter.
    LIST_SUPPRESSIONS: Nothing => Page<Suppression> = "list_suppressions" Get "/suppressions";
    /// All of them as a file.
    EXPORT_SUPPRESSIONS: Nothing => Bytes = "export_suppressions" Get "/suppressions.csv";
    /// Enters an address by hand.
    ADD_SUPPRESSION: AddSuppression => Suppression = "add_suppression" Post "/suppressions";
    /// Lets an address be written to again.
    REMOVE_SUPPRESSION: Nothing => Nothing = "remove_suppression" Delete "/suppressions/{suppression_id}";
    /// Takes in what a mail service reports.
    REPORT_MAIL: MailReport => Nothing = "report_mail" Post "/mail-reports";
    /// Whether openings and clicks in mail to one's own address may be counted.
    GET_MAIL_TRACKING: Nothing => MailTracking = "get_mail_tracking" Get "/me/mail-tracking";
    /// Says whether they may.
    SET_MAIL_TRACKING: MailTracking => MailTracking = "set_mail_tracking" Put "/me/mail-tracking";
    /// What the caller was told, newest first; `unread` filters.
    LIST_NOTICES: Nothing => Page<Notice> = "list_notices" Get "/notices";
    /// How much of it they have not read.
    COUNT_NOTICES: Nothing => UnreadCount = "count_notices" Get "/notices/unread";
    /// Marks one as read or not.
    MARK_NOTICE: MarkNotice => Notice = "mark_notice" Put "/notices/{notice_id}/read";
    /// Marks everything as read up to one.
    MARK_ALL_NOTICES: MarkAllNotices => UnreadCount = "mark_all_notices" Post "/notices/read";
    /// What staff were told.
    LIST_ANNOUNCEMENTS: Nothing => Page<Announcement> = "list_announcements" Get "/announcements";
    /// Tells them something.
    ANNOUNCE: Announce => Announcement = "announce" Post "/announcements";
    /// How far an announcement has got.
    GET_ANNOUNCEMENT: Nothing => Announcement = "get_announcement" Get "/announcements/{announcement_id}";
    /// From whose address mail comes.
    GET_SENDING_DOMAIN: Nothing => SendingDomain = "get_sending_domain" Get "/sending-domain";
    /// Sets that address.
    SET_SENDING_DOMAIN: WriteSendingDomain => SendingDomain = "set_sending_domain" Put "/sending-domain";
    /// Takes it away.
    REMOVE_SENDING_DOMAIN: Nothing => Nothing = "remove_sending_domain" Delete "/sending-domain";
    /// Asks DNS whether its records are there.
    CHECK_SENDING_DOMAIN: Nothing => SendingDomain = "check_sending_domain" Post "/sending-domain/check";
    /// Makes a new key.
    RENEW_SENDING_KEY: Nothing => SendingDomain = "renew_sending_key" Post "/sending-domain/key";
    /// The letters an organisation may put into its own words.
    LIST_LETTER_KINDS: Nothing => Vec<LetterKindEntry> = "list_letter_kinds" Get "/letter-kinds";
    /// The organisation's templates.
    LIST_TEMPLATES: Nothing => Page<TemplateSummary> = "list_templates" Get "/templates";
    /// Sets a template up.
    CREATE_TEMPLATE: CreateTemplate => Template = "create_template" Post "/templates";
    /// A template with its versions.
    GET_TEMPLATE: Nothing => Template = "get_template" Get "/templates/{template_id}";
    /// Changes its name and the language that stands in.
    UPDATE_TEMPLATE: UpdateTemplate => Template = "update_template" Patch "/templates/{template_id}";
    /// Deletes a template: Ringside's own letter is sent again.
    DELETE_TEMPLATE: Nothing => Nothing = "delete_template" Delete "/templates/{template_id}";
    /// What a version says.
    GET_TEMPLATE_VERSION: Nothing => TemplateVersion = "get_template_version" Get "/templates/{template_id}/versions/{number}";
    /// Saves the draft.
    SAVE_DRAFT: SaveDraft => TemplateVersion = "save_draft" Put "/templates/{template_id}/draft";
    /// Makes an older version the draft.
    REVERT_TEMPLATE: OfDraft => TemplateVersion = "revert_template" Post "/templates/{template_id}/versions/{number}/revert";
    /// Publishes the draft.
    PUBLISH_TEMPLATE: OfDraft => Template = "publish_template" Post "/templates/{template_id}/publish";
    /// Shows how a letter looks.
    PREVIEW_TEMPLATE: AskPreview => Preview = "preview_template" Post "/templates/{template_id}/preview";
    /// Sends a version to the person signed in.
    SEND_TEST: SendTest => TestSent = "send_test" Post "/templates/{template_id}/test";
    /// Compares the draft with the published version.
    START_EXPERIMENT: StartExperiment => Experiment = "start_experiment" Post "/templates/{template_id}/experiment";
    /// How the latest comparison stands.
    GET_EXPERIMENT: Nothing => Experiment = "get_experiment" Get "/templates/{template_id}/experiment";
    /// Ends the comparison; the first version stays.
    STOP_EXPERIMENT: Nothing => Experiment = "stop_experiment" Delete "/templates/{template_id}/experiment";
}
