//! An order after it was placed: paying it, its tickets, and the lists of a member.

mod detail;
mod mine;
mod pay;
mod ticket;

pub use detail::OrderPage;
pub use mine::{MyOrders, MyTickets};
