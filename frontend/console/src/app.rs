//! Where everything is: the routes of the console.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, ParentRoute, Redirect, Route, Router, Routes},
    path,
};
use ui::{components::ConfirmIdentity, i18n, session, tr};

use crate::pages::{
    access::{ApplicationList, KeyList, NetworksPage, RoleList, TeamList},
    audit::{AuditDrawer, AuditList},
    channels::ChannelsPage,
    deliveries::{DeliveryDrawer, DeliveryList, SuppressionsPage},
    events::{EventDetail, EventEdit, EventList, EventNew},
    inbound::{InboundDrawer, InboundPage},
    jobs::JobsPage,
    live::LivePage,
    members::MemberList,
    notices::{AnnouncementList, NoticesPage},
    orders::{OrderDrawer, OrderList},
    privacy::PrivacyPage,
    scan::ScanPage,
    sending::SendingPage,
    sign_on::SignOnPage,
    templates::{TemplateList, TemplatePage},
    threats::{ThreatDrawer, ThreatList},
    venues::{VenueDetail, VenueImport, VenueList, VenueNew},
    webhooks::{WebhookDrawer, WebhooksPage},
};
use crate::shell::{NotAllowed, Protected, Shell, allowed};

/// The console.
#[component]
pub fn App() -> impl IntoView {
    // Another language draws everything anew: many words are read where they are used, once.
    let routes = || {
        view! {
                <Routes fallback=|| view! { <Missing/> }>
                    <Route path=path!("/console/scan") view=|| view! { <Protected><ScanPage/></Protected> }/>
                    <ParentRoute path=path!("/console") view=Shell>
                        <Route path=path!("") view=Home/>
                        <Route path=path!("events") view=EventList/>
                        <Route path=path!("events/new") view=EventNew/>
                        <Route path=path!("events/:event_id") view=EventDetail/>
                        <Route path=path!("events/:event_id/edit") view=EventEdit/>
                        <Route path=path!("venues") view=VenueList/>
                        <Route path=path!("venues/new") view=VenueNew/>
                        <Route path=path!("venues/:venue_id") view=VenueDetail/>
                        <Route path=path!("venues/:venue_id/import") view=VenueImport/>
                        <ParentRoute path=path!("orders") view=|| view! { <OrderList/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":order_id") view=OrderDrawer/>
                        </ParentRoute>
                        <Route path=path!("deliveries/suppressions") view=SuppressionsPage/>
                        <ParentRoute path=path!("deliveries") view=|| view! { <DeliveryList/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":delivery_id") view=DeliveryDrawer/>
                        </ParentRoute>
                        <Route path=path!("sending") view=SendingPage/>
                        <Route path=path!("channels") view=ChannelsPage/>
                        <Route path=path!("templates") view=TemplateList/>
                        <Route path=path!("templates/:template_id") view=TemplatePage/>
                        <Route path=path!("members") view=MemberList/>
                        <Route path=path!("notices") view=NoticesPage/>
                        <Route path=path!("announcements") view=AnnouncementList/>
                        <Route path=path!("roles") view=RoleList/>
                        <Route path=path!("teams") view=TeamList/>
                        <Route path=path!("networks") view=NetworksPage/>
                        <Route path=path!("sign-on") view=SignOnPage/>
                        <Route path=path!("keys") view=KeyList/>
                        <Route path=path!("applications") view=ApplicationList/>
                        <ParentRoute path=path!("webhooks/inbound") view=|| view! { <InboundPage/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":inbound_event_id") view=InboundDrawer/>
                        </ParentRoute>
                        <ParentRoute path=path!("webhooks") view=|| view! { <WebhooksPage/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":webhook_delivery_id") view=WebhookDrawer/>
                        </ParentRoute>
                        <ParentRoute path=path!("threats") view=|| view! { <ThreatList/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":threat_id") view=ThreatDrawer/>
                        </ParentRoute>
                        <Route path=path!("jobs") view=JobsPage/>
                        <Route path=path!("live") view=LivePage/>
                        <ParentRoute path=path!("audit") view=|| view! { <AuditList/><Outlet/> }>
                            <Route path=path!("") view=|| ()/>
                            <Route path=path!(":entry_id") view=AuditDrawer/>
                        </ParentRoute>
                        <Route path=path!("privacy") view=PrivacyPage/>
                    </ParentRoute>
                </Routes>
        }
    };
    view! { <Router>{move || { let _ = i18n::locale(); routes() }}</Router><ConfirmIdentity/> }
}

/// Leads to the first area the person may see.
#[component]
fn Home() -> impl IntoView {
    move || match allowed().next() {
        Some(area) => view! { <Redirect path=area.path/> }.into_any(),
        None if session::signed_in() => view! { <NotAllowed/> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <main class="empty" id="main">
            <h1>{tr!("console.missing.title")}</h1>
            <p>{tr!("console.missing.text")}</p>
            <a class="button button-quiet" href="/console">{tr!("console.missing.back")}</a>
        </main>
    }
}
