//! Printed documents as PDF.
//!
//! The only crate that knows typst. Callers hand over plain structs and get bytes back; the template, the
//! fonts and the compiler stay inside. The output depends on the input alone: no clock, no random id, no
//! font of the machine.

mod qr;
mod report;
mod ticket;
mod typesetting;

pub use report::render_report;
pub use ticket::{Locale, MAX_TICKETS, TicketDocument, render_tickets};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is nothing to print.
    #[error("a document needs at least one ticket")]
    Empty,
    /// More tickets than one document may hold.
    #[error("{count} tickets are more than the {MAX_TICKETS} one document may hold")]
    TooMany {
        /// How many were asked for.
        count: usize,
    },
    /// The code of a ticket does not fit in a QR code of error correction M.
    #[error("the code of ticket {ticket_number} does not fit in a QR code: {reason}")]
    Code {
        /// The ticket whose code is at fault.
        ticket_number: String,
        /// What the encoder said.
        reason: String,
    },
    /// The template refused the data, or the PDF could not be written: a defect of this crate.
    #[error("the document could not be typeset: {0}")]
    Typesetting(String),
}
