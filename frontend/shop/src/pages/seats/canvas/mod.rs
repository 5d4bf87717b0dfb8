//! The map on a canvas: drawn only when something changed, at most once a frame.

mod camera;
mod gestures;
mod paint;
pub mod palette;
mod stage;

use leptos::html::Canvas;
use leptos::prelude::*;
use ui::components::{Glyph, Icon};
use ui::{i18n, theme, words};
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};

use self::palette::Palette;
use self::stage::Stage;
use super::picker::Picker;

/// How much nearer one press of a button goes.
const NEARER: f32 = 1.6;

/// The stage once the canvas is there.
type StageRef = StoredValue<Option<Stage>, LocalStorage>;

fn on_stage(stage: StageRef, what: impl Fn(&Stage)) {
    stage.with_value(|stage| {
        if let Some(stage) = stage {
            what(stage);
        }
    });
}

/// The map with its buttons. One tab stop: arrows move the seat in focus, Enter chooses it.
#[component]
pub fn SeatCanvas(picker: Picker) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let stage = StageRef::new_local(None);
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            stage.set_value(Stage::open(canvas, picker));
        }
    });
    draw_on_change(picker, canvas, stage);
    on_cleanup(move || {
        stage.try_update_value(|stage| stage.take().map(|stage| stage.close()));
    });
    let key = move |event: KeyboardEvent| {
        if gestures::key(&event.key(), picker, |what| on_stage(stage, what)) {
            event.prevent_default();
        }
    };
    view! {
        <div class="map">
            <canvas
                node_ref=canvas
                class="map-canvas"
                tabindex="0"
                role="application"
                aria-label=words("shop.seats.map_label")
                aria-describedby="map-help"
                on:keydown=key
                on:pointerdown=move |event: PointerEvent| on_stage(stage, |stage| stage.press(&event))
                on:pointermove=move |event: PointerEvent| on_stage(stage, |stage| stage.drag(&event))
                on:pointerup=move |event: PointerEvent| on_stage(stage, |stage| stage.lift(&event, true))
                on:pointercancel=move |event: PointerEvent| on_stage(stage, |stage| stage.lift(&event, false))
                on:pointerleave=move |_| on_stage(stage, Stage::leave)
                on:wheel=move |event: WheelEvent| {
                    event.prevent_default();
                    on_stage(stage, |stage| stage.wheel(&event));
                }
            ></canvas>
            <p id="map-help" class="unseen">{words("shop.seats.map_help")}</p>
            <MapButtons stage />
        </div>
    }
}

/// Asks for one frame whenever something the picture depends on has changed.
fn draw_on_change(picker: Picker, canvas: NodeRef<Canvas>, stage: StageRef) {
    Effect::new(move |_| {
        canvas.track();
        picker.availability.track();
        picker.chosen.track();
        picker.standing.track();
        picker.tier.track();
        picker.focus.track();
        let _ = i18n::locale();
        let palette = Palette::of(theme::theme().is_dark());
        on_stage(stage, |stage| stage.recolour(palette));
    });
    Effect::new(move |_| {
        if let Some(seats) = picker.look_at.get() {
            on_stage(stage, |stage| stage.look_at(&seats));
        }
    });
}

#[component]
fn MapButtons(stage: StageRef) -> impl IntoView {
    let step = move |factor| on_stage(stage, |stage| stage.step(factor));
    view! {
        <div class="map-buttons">
            <button type="button" aria-label=words("shop.seats.nearer") on:click=move |_| step(NEARER)>
                <Icon glyph=Glyph::Plus />
            </button>
            <button type="button" aria-label=words("shop.seats.farther") on:click=move |_| step(1.0 / NEARER)>
                <Icon glyph=Glyph::Minus />
            </button>
            <button type="button" aria-label=words("shop.seats.whole") on:click=move |_| on_stage(stage, Stage::show_all)>
                <Icon glyph=Glyph::Map />
            </button>
        </div>
    }
}
