//! Routes only.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::layout::{Footer, Header};
use crate::pages::checkout::Checkout;
use crate::pages::events::{EventPage, Home};
use crate::pages::missing::Missing;
use crate::pages::orders::{MyOrders, MyTickets, OrderPage};
use crate::pages::seats::SeatsPage;
use crate::pages::styleguide::Styleguide;

/// The whole shop.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <a class="skip" href="#main">{ui::words("actions.skip")}</a>
            <Header />
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=Missing>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/events/:event") view=EventPage />
                    <Route path=path!("/events/:event/seats") view=SeatsPage />
                    <Route path=path!("/checkout") view=Checkout />
                    <Route path=path!("/orders/:order") view=OrderPage />
                    <Route path=path!("/my/tickets") view=MyTickets />
                    <Route path=path!("/my/orders") view=MyOrders />
                    <Route path=path!("/styleguide") view=Styleguide />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}
