//! The camera: opens it, finds QR codes in its picture, and turns the lamp on and off. The browser's
//! own BarcodeDetector reads where it can; elsewhere rqrr reads the frames.

use std::time::Duration;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use ui::browser::pause;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamConstraints,
    MediaStreamTrack,
};

/// Between two looks at the picture: quick for the guest, cool for the phone.
const LOOK_EVERY: Duration = Duration::from_millis(120);
/// Frames are reduced to this width, pixels, before rqrr reads them.
const READ_WIDTH: u32 = 640;

/// Where the camera is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraState {
    /// Being opened.
    Opening,
    /// Looking.
    On,
    /// The person or the browser refused it, or there is none.
    Refused,
}

/// A camera of the scanner's page; closed when the page is left.
#[derive(Clone, Copy)]
pub struct Camera {
    /// Where it is.
    pub state: RwSignal<CameraState>,
    /// Whether it has a lamp.
    pub has_lamp: RwSignal<bool>,
    stream: StoredValue<Option<MediaStream>, LocalStorage>,
}

impl Camera {
    /// Opens the camera on `video` and calls `read` with every text found, again and again while the
    /// code is in view.
    pub fn open(video: HtmlVideoElement, read: impl Fn(String) + 'static) -> Self {
        let camera = Self {
            state: RwSignal::new(CameraState::Opening),
            has_lamp: RwSignal::new(false),
            stream: StoredValue::new_local(None),
        };
        spawn_local(async move {
            match camera.start(&video).await {
                Ok(()) => camera.look(&video, read).await,
                Err(_) => {
                    camera.state.try_set(CameraState::Refused);
                }
            }
        });
        on_cleanup(move || camera.close());
        camera
    }

    async fn start(self, video: &HtmlVideoElement) -> Result<(), JsValue> {
        let wish =
            object(&[("facingMode", "environment".into()), ("width", object(&[("ideal", 1280.into())]))]);
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&wish);
        let devices = window().navigator().media_devices()?;
        let stream = JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?;
        let stream: MediaStream = stream.dyn_into()?;
        if self.stream.try_set_value(Some(stream.clone())).is_some() {
            // The page was left meanwhile.
            stop(&stream);
            return Err(JsValue::NULL);
        }
        video.set_src_object(Some(&stream));
        JsFuture::from(video.play()?).await?;
        self.has_lamp.try_set(track(&stream).is_some_and(|track| capability(&track, "torch")));
        self.state.try_set(CameraState::On);
        Ok(())
    }

    async fn look(self, video: &HtmlVideoElement, read: impl Fn(String)) {
        let mut reader = Reader::choose().await;
        while self.stream.try_with_value(Option::is_some) == Some(true) {
            if let Some(text) = reader.read(video).await {
                read(text);
            }
            pause(LOOK_EVERY).await;
        }
    }

    /// Turns the lamp on or off; a device that will not is left as it is.
    pub fn light(self, on: bool) {
        let wish = object(&[("advanced", Array::of1(&object(&[("torch", on.into())])).into())]);
        self.stream.with_value(|stream| {
            let Some(track) = stream.as_ref().and_then(track) else { return };
            if let Ok(apply) =
                Reflect::get(&track, &"applyConstraints".into()).and_then(JsCast::dyn_into::<Function>)
            {
                let _ = apply.call1(&track, &wish);
            }
        });
    }

    fn close(self) {
        self.stream.try_update_value(|stream| {
            if let Some(stream) = stream.take() {
                stop(&stream);
            }
        });
    }
}

/// What finds codes in a picture.
enum Reader {
    Browser(Object),
    Own(Option<(HtmlCanvasElement, CanvasRenderingContext2d)>),
}

impl Reader {
    async fn choose() -> Self {
        match browser_detector().await {
            Ok(detector) => Self::Browser(detector),
            Err(_) => Self::Own(own_canvas().ok()),
        }
    }

    async fn read(&mut self, video: &HtmlVideoElement) -> Option<String> {
        match self {
            Self::Browser(detector) => match ask_browser(detector, video).await {
                Ok(text) => text,
                // Some systems offer a detector that fails at work.
                Err(_) => {
                    *self = Self::Own(own_canvas().ok());
                    None
                }
            },
            Self::Own(canvas) => {
                let (canvas, context) = canvas.as_ref()?;
                read_frame(video, canvas, context).ok().flatten()
            }
        }
    }
}

async fn browser_detector() -> Result<Object, JsValue> {
    let class: Function = Reflect::get(&window(), &"BarcodeDetector".into())?.dyn_into()?;
    let formats: Function = Reflect::get(&class, &"getSupportedFormats".into())?.dyn_into()?;
    let formats: Array = JsFuture::from(formats.call0(&class)?.dyn_into::<Promise>()?).await?.dyn_into()?;
    if !formats.includes(&"qr_code".into(), 0) {
        return Err(JsValue::NULL);
    }
    let options = object(&[("formats", Array::of1(&"qr_code".into()).into())]);
    Reflect::construct(&class, &Array::of1(&options))?.dyn_into()
}

async fn ask_browser(detector: &Object, video: &HtmlVideoElement) -> Result<Option<String>, JsValue> {
    let detect: Function = Reflect::get(detector, &"detect".into())?.dyn_into()?;
    let found = JsFuture::from(detect.call1(detector, video)?.dyn_into::<Promise>()?).await?;
    let first = Array::from(&found).get(0);
    if first.is_undefined() {
        return Ok(None);
    }
    Ok(Reflect::get(&first, &"rawValue".into())?.as_string())
}

fn own_canvas() -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    let options = object(&[("willReadFrequently", true.into())]);
    let context = canvas.get_context_with_context_options("2d", &options)?.ok_or(JsValue::NULL)?;
    Ok((canvas, context.dyn_into()?))
}

fn read_frame(
    video: &HtmlVideoElement,
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
) -> Result<Option<String>, JsValue> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return Ok(None);
    }
    let across = width.min(READ_WIDTH);
    let down = height * across / width;
    if canvas.width() != across || canvas.height() != down {
        canvas.set_width(across);
        canvas.set_height(down);
    }
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, across.into(), down.into())?;
    let pixels = context.get_image_data(0.0, 0.0, across.into(), down.into())?.data();
    Ok(find_code(&pixels, across as usize, down as usize))
}

/// The text of the first code that can be read in RGBA `pixels`.
fn find_code(pixels: &[u8], width: usize, height: usize) -> Option<String> {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let at = 4 * (y * width + x);
        let [red, green, blue] = [pixels[at], pixels[at + 1], pixels[at + 2]].map(u32::from);
        ((red * 299 + green * 587 + blue * 114) / 1000) as u8
    });
    picture.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

fn track(stream: &MediaStream) -> Option<MediaStreamTrack> {
    stream.get_video_tracks().get(0).dyn_into().ok()
}

fn capability(track: &MediaStreamTrack, name: &str) -> bool {
    let ask = || -> Result<bool, JsValue> {
        let ask: Function = Reflect::get(track, &"getCapabilities".into())?.dyn_into()?;
        Reflect::has(&ask.call0(track)?, &name.into())
    };
    ask().unwrap_or(false)
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // safe: a plain object takes any property
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}
