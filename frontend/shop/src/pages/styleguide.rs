//! Every component at a glance.

use leptos::prelude::*;
use ui::components::{
    Badge, Button, Chip, Countdown, Empty, Field, Glyph, Kind, LanguageSwitch, Notice, Stepper, ThemeSwitch,
    Title, Toggle, Tone,
};

/// The page.
#[component]
pub fn Styleguide() -> impl IntoView {
    let chip = RwSignal::new(true);
    let count = RwSignal::new(2);
    let text = RwSignal::new("Demo Fan".to_owned());
    let wrong = RwSignal::new("demo@".to_owned());
    let ticked = RwSignal::new(true);
    let until = ui::browser::now() + chrono::Duration::minutes(10);
    view! {
        <Title text="Styleguide" />
        <div class="page stack styleguide">
            <h1>"Styleguide"</h1>
            <h2>"Buttons"</h2>
            <div class="row">
                <Button kind=Kind::Primary on_press=|_| ()>"Primary"</Button>
                <Button on_press=|_| ()>"Quiet"</Button>
                <Button kind=Kind::Bare on_press=|_| ()>"Bare"</Button>
                <Button kind=Kind::Stop on_press=|_| ()>"Stop"</Button>
                <Button kind=Kind::Primary busy=Signal::derive(|| true) on_press=|_| ()>"Busy"</Button>
                <Button disabled=Signal::derive(|| true) on_press=|_| ()>"Disabled"</Button>
            </div>
            <h2>"States"</h2>
            <div class="row">
                <Badge>"Plain"</Badge>
                <Badge tone=Tone::Ok>"Ok"</Badge>
                <Badge tone=Tone::Warn>"Warn"</Badge>
                <Badge tone=Tone::Stop>"Stop"</Badge>
                <Badge tone=Tone::Belt>"Belt"</Badge>
            </div>
            <Notice tone=Tone::Ok>"Your tickets are on their way."</Notice>
            <Notice tone=Tone::Warn>"Few seats are left."</Notice>
            <Notice tone=Tone::Stop>"One of these seats has just been taken."</Notice>
            <h2>"Fields"</h2>
            <Field label=Signal::derive(|| "Name".to_owned()) value=text required=true />
            <Field label=Signal::derive(|| "E-mail".to_owned()) value=wrong error=Signal::derive(|| Some("This does not look like an e-mail address.".to_owned())) required=true />
            <Toggle label=Signal::derive(|| "Open to every promoter".to_owned()) value=ticked />
            <div class="row">
                <Chip on=chip on_press=move |()| chip.update(|on| *on = !*on)>"Filter"</Chip>
                <Stepper label=Signal::derive(|| "How many".to_owned()) value=count most=Signal::derive(|| 5) on_change=move |to| count.set(to) />
                <Countdown until=Signal::derive(move || until) />
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
            <Empty glyph=Glyph::Ticket title=Signal::derive(|| "No tickets yet".to_owned())><p>"They appear here when you buy some."</p></Empty>
        </div>
    }
}
