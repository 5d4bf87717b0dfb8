//! What a gate hears and feels: three answers that differ in the dark.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, OscillatorType};

use super::answer::Tone;

/// Plays answers. Browsers allow sound only after the first tap or key, so the context is made late.
#[derive(Clone, Copy)]
pub struct Speaker(StoredValue<Option<AudioContext>, LocalStorage>);

impl Speaker {
    /// A speaker that has not spoken yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Sounds and vibrates the answer. A device that can do neither stays silent.
    pub fn say(self, tone: Tone) {
        self.0.update_value(|context| {
            if context.is_none() {
                *context = AudioContext::new().ok();
            }
            if let Some(context) = context {
                // A refused note leaves the answer on the screen.
                let _ = notes(context, tone);
            }
        });
        vibrate(tone);
    }
}

/// Two rising notes to enter, one held note to look, three low ones to stop.
fn notes(context: &AudioContext, tone: Tone) -> Result<(), JsValue> {
    let _ = context.resume()?;
    let melody: &[(f32, f64, f64)] = match tone {
        Tone::Enter => &[(880.0, 0.0, 0.09), (1320.0, 0.1, 0.16)],
        Tone::Look => &[(520.0, 0.0, 0.42)],
        Tone::Stop => &[(180.0, 0.0, 0.16), (180.0, 0.22, 0.16), (140.0, 0.44, 0.34)],
    };
    let kind = if tone == Tone::Stop { OscillatorType::Square } else { OscillatorType::Sine };
    for (pitch, after, length) in melody {
        let note = context.create_oscillator()?;
        let volume = context.create_gain()?;
        let begin = context.current_time() + after;
        note.set_type(kind);
        note.frequency().set_value(*pitch);
        volume.gain().set_value_at_time(0.35, begin)?;
        volume.gain().linear_ramp_to_value_at_time(0.0001, begin + length)?;
        note.connect_with_audio_node(&volume)?;
        volume.connect_with_audio_node(&context.destination())?;
        note.start_with_when(begin)?;
        note.stop_with_when(begin + length)?;
    }
    Ok(())
}

fn vibrate(tone: Tone) {
    let pattern: &[u32] = match tone {
        Tone::Enter => &[60],
        Tone::Look => &[120, 80, 120],
        Tone::Stop => &[300, 100, 300],
    };
    let navigator = window().navigator();
    let Ok(vibrate) = Reflect::get(&navigator, &JsValue::from_str("vibrate")) else { return };
    let Some(vibrate) = vibrate.dyn_ref::<js_sys::Function>() else { return };
    let pattern: Array = pattern.iter().copied().map(JsValue::from).collect();
    // Refused where the person has not touched the page yet.
    let _ = vibrate.call1(&navigator, &pattern);
}
