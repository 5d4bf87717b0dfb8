//! The map on a canvas: drawn only when something changed, at most once a frame.

mod camera;
mod gestures;
mod paint;
pub mod palette;
mod stage;

use leptos::html::Canvas;
use leptos::prelude::*;
use ui::components::{Glyph, Icon};
use ui::{i18n, theme, tr};
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};

use self::palette::Palette;
use self::stage::Stage;
use super::picker::Picker;

/// The map with its buttons. One tab stop: arrows move the seat in focus, Enter chooses it.
#[component]
pub fn SeatCanvas(picker: Picker) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let stage = StoredValue::new_local(None::<Stage>);
    let act = move |what: &dyn Fn(&Stage)| {
        stage.with_value(|stage| {
            if let Some(stage) = stage {
                what(stage);
            }
        });
    };
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            stage.set_value(Stage::open(canvas, picker));
        }
    });
    // Everything the picture depends on; whatever changes, one frame is asked for.
    Effect::new(move |_| {
        canvas.track();
        picker.availability.track();
        picker.chosen.track();
        picker.standing.track();
        picker.tier.track();
        picker.focus.track();
        let _ = i18n::locale();
        let palette = Palette::of(theme::theme().is_dark());
        act(&|stage| stage.recolour(palette));
    });
    Effect::new(move |_| {
        if let Some(seats) = picker.look_at.get() {
            act(&|stage| stage.look_at(&seats));
        }
    });
    on_cleanup(move || {
        stage.try_update_value(|stage| stage.take().map(|stage| stage.close()));
    });
    let key = move |event: KeyboardEvent| {
        if gestures::key(&event.key(), picker, &act) {
            event.prevent_default();
        }
    };
    view! {
        <div class="map">
            <canvas node_ref=canvas class="map-canvas" tabindex="0" role="application"
                aria-label=tr!("shop.seats.map_label") aria-describedby="map-help"
                on:keydown=key
                on:pointerdown=move |event: PointerEvent| act(&|stage| stage.press(&event))
                on:pointermove=move |event: PointerEvent| act(&|stage| stage.drag(&event))
                on:pointerup=move |event: PointerEvent| act(&|stage| stage.lift(&event, true))
                on:pointercancel=move |event: PointerEvent| act(&|stage| stage.lift(&event, false))
                on:pointerleave=move |_| act(&Stage::leave)
                on:wheel=move |event: WheelEvent| {
                    event.prevent_default();
                    act(&|stage| stage.wheel(&event));
                }
            ></canvas>
            <p id="map-help" class="unseen">{tr!("shop.seats.map_help")}</p>
            <div class="map-buttons">
                <button type="button" aria-label=tr!("shop.seats.nearer") on:click=move |_| act(&|stage| stage.step(1.6))>
                    <Icon glyph=Glyph::Plus />
                </button>
                <button type="button" aria-label=tr!("shop.seats.farther") on:click=move |_| act(&|stage| stage.step(1.0 / 1.6))>
                    <Icon glyph=Glyph::Minus />
                </button>
                <button type="button" aria-label=tr!("shop.seats.whole") on:click=move |_| act(&Stage::show_all)>
                    <Icon glyph=Glyph::Map />
                </button>
            </div>
        </div>
    }
}
