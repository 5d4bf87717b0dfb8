//! The canvas with its camera, the fingers on it and the one frame that may be on its way.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use ui::{browser, t};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, PointerEvent, ResizeObserver, WheelEvent};

use super::camera::Camera;
use super::paint::{Painter, Scene};
use super::palette::Palette;
use crate::pages::seats::picker::Picker;
use crate::pages::seats::plan::{Bounds, Plan};

/// Pixels a finger may stray and still tap.
const STRAY: f32 = 8.0;
/// How long the camera travels, milliseconds.
const TRAVEL: f64 = 320.0;

/// A handle on the stage; clones mean the same one.
#[derive(Clone)]
pub struct Stage(Rc<RefCell<Inner>>);

struct Inner {
    canvas: HtmlCanvasElement,
    ctx: CanvasRenderingContext2d,
    picker: Picker,
    plan: std::sync::Arc<Plan>,
    palette: &'static Palette,
    painter: Painter,
    camera: Camera,
    ratio: f32,
    farthest: f32,
    travel: Option<(Camera, Camera, f64)>,
    fingers: Vec<Finger>,
    hover: Option<usize>,
    frame_asked: bool,
    draw: Option<Closure<dyn FnMut(f64)>>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

#[derive(Clone, Copy)]
struct Finger {
    id: i32,
    x: f32,
    y: f32,
    strayed: f32,
}

impl Stage {
    /// Opens the stage on a canvas; `None` where the browser has no 2D canvas.
    pub fn open(canvas: HtmlCanvasElement, picker: Picker) -> Option<Self> {
        let ctx = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let plan = picker.plan();
        let inner = Inner {
            camera: Camera { x: 0.0, y: 0.0, scale: 1.0, width: 0.0, height: 0.0 },
            palette: Palette::of(ui::theme::theme().is_dark()),
            painter: Painter::default(),
            ratio: 1.0,
            farthest: 0.1,
            travel: None,
            fingers: Vec::new(),
            hover: None,
            frame_asked: false,
            draw: None,
            observer: None,
            canvas,
            ctx,
            picker,
            plan,
        };
        let stage = Self(Rc::new(RefCell::new(inner)));
        let frame = stage.clone();
        stage.0.borrow_mut().draw = Some(Closure::new(move |time| frame.frame(time)));
        let resized = stage.clone();
        let act = Closure::<dyn FnMut()>::new(move || resized.resize());
        if let Ok(observer) = ResizeObserver::new(act.as_ref().unchecked_ref()) {
            observer.observe(&stage.0.borrow().canvas);
            stage.0.borrow_mut().observer = Some((observer, act));
        }
        stage.resize();
        Some(stage)
    }

    /// Lets go of everything the browser calls back.
    pub fn close(&self) {
        if let Some((observer, act)) = self.0.borrow_mut().observer.take() {
            observer.disconnect();
            // It may be running just now: JavaScript frees it when it is through.
            act.forget();
        }
    }

    fn resize(&self) {
        let mut inner = self.0.borrow_mut();
        let rect = inner.canvas.get_bounding_client_rect();
        let (width, height) = (rect.width() as f32, rect.height() as f32);
        if width < 1.0 || height < 1.0 {
            return;
        }
        // More than two device pixels a pixel cost time and show nothing.
        inner.ratio = (browser::window().device_pixel_ratio() as f32).clamp(1.0, 2.0);
        let (wide, high) = ((width * inner.ratio) as u32, (height * inner.ratio) as u32);
        inner.canvas.set_width(wide);
        inner.canvas.set_height(high);
        let first = inner.camera.width == 0.0;
        inner.camera = Camera { width, height, ..inner.camera };
        let whole = inner.camera.fit(&inner.plan.bounds, 12.0);
        inner.farthest = whole.scale * 0.85;
        if first {
            inner.camera = whole;
        }
        inner.ask();
    }

    fn frame(&self, time: f64) {
        let mut inner = self.0.borrow_mut();
        inner.frame_asked = false;
        if let Some((from, to, start)) = inner.travel {
            let share = ((time - start) / TRAVEL).clamp(0.0, 1.0);
            let eased = 1.0 - (1.0 - share).powi(3);
            inner.camera = from.towards(&to, eased as f32);
            if share < 1.0 { inner.ask() } else { inner.travel = None }
        }
        if let Err(error) = inner.paint() {
            leptos::logging::error!("the map could not be drawn: {error:?}");
        }
    }

    /// Draws with these colours from now on.
    pub fn recolour(&self, palette: &'static Palette) {
        let mut inner = self.0.borrow_mut();
        inner.palette = palette;
        inner.ask();
    }

    /// Travels to a group of seats.
    pub fn look_at(&self, seats: &[usize]) {
        let mut inner = self.0.borrow_mut();
        let Some(bounds) = around(&inner.plan, seats) else { return };
        let to = inner.camera.fit(&bounds, 24.0);
        inner.go(to);
    }

    /// Travels until the whole venue is seen.
    pub fn show_all(&self) {
        let mut inner = self.0.borrow_mut();
        let to = inner.camera.fit(&inner.plan.bounds, 12.0);
        inner.go(to);
    }

    /// Goes nearer or farther around the middle.
    pub fn step(&self, factor: f32) {
        let mut inner = self.0.borrow_mut();
        let camera = inner.travel.map_or(inner.camera, |(_, to, _)| to);
        let to = camera.zoom(factor, camera.width / 2.0, camera.height / 2.0, inner.farthest);
        inner.go(to);
    }

    /// Brings the seat in focus into the picture.
    pub fn follow_focus(&self) {
        let mut inner = self.0.borrow_mut();
        let Some(seat) = inner.picker.focus.get_untracked() else { return };
        let (x, y) = (inner.plan.seats[seat].x, inner.plan.seats[seat].y);
        let (px, py) = inner.camera.pixel_of(x, y);
        let (wide, high) = (inner.camera.width, inner.camera.height);
        let near = inner.plan.pitch * inner.camera.scale >= 10.0;
        if near && px > 60.0 && py > 60.0 && px < wide - 60.0 && py < high - 60.0 {
            return inner.ask();
        }
        let scale = inner.camera.scale.max(16.0 / inner.plan.pitch);
        let to = Camera { x, y, scale, ..inner.camera };
        inner.go(to);
    }

    pub fn wheel(&self, event: &WheelEvent) {
        let mut inner = self.0.borrow_mut();
        inner.travel = None;
        // Lines and pages turn into pixels as browsers do.
        let pixels = event.delta_y() * [1.0, 16.0, 100.0][event.delta_mode().min(2) as usize];
        let speed = if event.ctrl_key() { 0.01 } else { 0.0022 };
        let factor = (-pixels * speed).exp().clamp(0.4, 2.5) as f32;
        inner.camera =
            inner.camera.zoom(factor, event.offset_x() as f32, event.offset_y() as f32, inner.farthest);
        inner.ask();
    }

    pub fn press(&self, event: &PointerEvent) {
        let mut inner = self.0.borrow_mut();
        // A pointer that is gone already cannot be captured; its lift will come anyway.
        let _ = inner.canvas.set_pointer_capture(event.pointer_id());
        inner.travel = None;
        let finger = Finger {
            id: event.pointer_id(),
            x: event.offset_x() as f32,
            y: event.offset_y() as f32,
            strayed: 0.0,
        };
        inner.fingers.retain(|other| other.id != finger.id);
        inner.fingers.push(finger);
    }

    pub fn drag(&self, event: &PointerEvent) {
        let mut inner = self.0.borrow_mut();
        let (x, y) = (event.offset_x() as f32, event.offset_y() as f32);
        let Some(at) = inner.fingers.iter().position(|finger| finger.id == event.pointer_id()) else {
            return inner.point_at(x, y);
        };
        let before = inner.fingers.clone();
        let finger = &mut inner.fingers[at];
        finger.strayed += (x - finger.x).hypot(y - finger.y);
        (finger.x, finger.y) = (x, y);
        match (&before[..], &inner.fingers[..]) {
            ([was], [is]) if is.strayed > STRAY => {
                inner.camera = inner.camera.pan(is.x - was.x, is.y - was.y, &inner.plan.bounds);
            }
            ([a, b, ..], [c, d, ..]) => {
                let apart = |one: &Finger, other: &Finger| (one.x - other.x).hypot(one.y - other.y).max(1.0);
                let middle =
                    |one: &Finger, other: &Finger| ((one.x + other.x) / 2.0, (one.y + other.y) / 2.0);
                let ((was_x, was_y), (is_x, is_y)) = (middle(a, b), middle(c, d));
                let factor = apart(c, d) / apart(a, b);
                let zoomed = inner.camera.zoom(factor, was_x, was_y, inner.farthest);
                inner.camera = zoomed.pan(is_x - was_x, is_y - was_y, &inner.plan.bounds);
                inner.fingers.iter_mut().for_each(|finger| finger.strayed = STRAY + 1.0);
            }
            _ => return,
        }
        inner.ask();
    }

    pub fn lift(&self, event: &PointerEvent, may_tap: bool) {
        let mut inner = self.0.borrow_mut();
        let Some(at) = inner.fingers.iter().position(|finger| finger.id == event.pointer_id()) else {
            return;
        };
        let finger = inner.fingers.remove(at);
        let tapped = may_tap && inner.fingers.is_empty() && finger.strayed <= STRAY;
        let touch = event.pointer_type() == "touch";
        drop(inner);
        if tapped {
            self.tap(finger.x, finger.y, touch);
        }
    }

    pub fn leave(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.hover.take().is_some() {
            inner.ask();
        }
    }

    /// A seat is chosen, a zone is approached, a standing zone asks how many.
    fn tap(&self, px: f32, py: f32, touch: bool) {
        let (picker, seat, zone) = {
            let inner = self.0.borrow();
            (inner.picker, inner.seat_under(px, py, if touch { 16.0 } else { 8.0 }), inner.zone_under(px, py))
        };
        if let Some(seat) = seat {
            return picker.toggle(seat);
        }
        let Some(zone) = zone else { return };
        let mut inner = self.0.borrow_mut();
        let standing = inner.plan.zones[zone].standing;
        let seats_seen = inner.plan.pitch * inner.camera.scale >= 9.0;
        if !standing && !seats_seen {
            let bounds = inner.plan.zones[zone].bounds;
            let mut to = inner.camera.fit(&bounds, 28.0);
            // A long zone seen whole would still be too small to tap.
            if inner.plan.pitch * to.scale < 14.0 {
                let (x, y) = inner.camera.plan_at(px, py);
                to = Camera { x, y, scale: 18.0 / inner.plan.pitch, ..to };
            }
            inner.go(to);
        }
        drop(inner);
        if standing {
            picker.open_zone.set(Some(zone));
        }
    }
}

/// The part of the plan around some seats, never so small that they fill the picture.
fn around(plan: &Plan, seats: &[usize]) -> Option<Bounds> {
    let first = &plan.seats[*seats.first()?];
    let mut bounds = Bounds { left: first.x, top: first.y, right: first.x, bottom: first.y };
    for seat in seats {
        bounds.take_in(plan.seats[*seat].x, plan.seats[*seat].y);
    }
    let air = plan.pitch * 9.0;
    Some(Bounds {
        left: bounds.left - air,
        top: bounds.top - air,
        right: bounds.right + air,
        bottom: bounds.bottom + air,
    })
}

impl Inner {
    /// Asks for a frame; several questions give one frame.
    fn ask(&mut self) {
        if self.frame_asked {
            return;
        }
        if let Some(draw) = &self.draw {
            self.frame_asked =
                browser::window().request_animation_frame(draw.as_ref().unchecked_ref()).is_ok();
        }
    }

    fn go(&mut self, to: Camera) {
        if browser::prefers_stillness() {
            self.camera = to;
        } else {
            let now = browser::window().performance().map_or(0.0, |clock| clock.now());
            self.travel = Some((self.camera, to, now));
        }
        self.ask();
    }

    fn seat_under(&self, px: f32, py: f32, reach: f32) -> Option<usize> {
        let pitch = self.plan.pitch * self.camera.scale;
        // Too small to mean one: a tap then means the zone.
        if pitch < 9.0 {
            return None;
        }
        let (x, y) = self.camera.plan_at(px, py);
        self.plan.seat_near(x, y, reach.min(pitch).max(pitch * 0.5) / self.camera.scale)
    }

    fn zone_under(&self, px: f32, py: f32) -> Option<usize> {
        let (x, y) = self.camera.plan_at(px, py);
        self.plan.zone_at(x, y)
    }

    fn point_at(&mut self, px: f32, py: f32) {
        let hover = self.seat_under(px, py, 8.0);
        if hover != self.hover {
            self.hover = hover;
            let tip = hover.map(|seat| self.picker.describe(seat)).unwrap_or_default();
            self.canvas.set_title(&tip);
            self.ask();
        }
    }

    fn paint(&mut self) -> Result<(), JsValue> {
        let picker = self.picker;
        // The page may have gone since the frame was asked for.
        let Some(availability) = picker.availability.try_get_untracked() else { return Ok(()) };
        let words: Vec<_> =
            untrack(|| (0..self.plan.zones.len()).map(|zone| word(picker, &self.plan, zone)).collect());
        let chosen = picker.chosen.get_untracked();
        let standing: Vec<_> = picker.standing.get_untracked().into_iter().collect();
        let scene = Scene {
            plan: &self.plan,
            palette: self.palette,
            seats: &availability.seats,
            chosen: &chosen,
            tier: picker.tier.get_untracked(),
            focus: picker.focus.get_untracked(),
            hover: self.hover,
            words: &words,
            standing: &standing,
        };
        let camera = self.camera;
        self.painter.frame(&self.ctx, &camera, self.ratio, &scene)
    }
}

/// What stands on a zone seen from afar.
fn word(picker: Picker, plan: &Plan, zone: usize) -> (String, i32) {
    let free = picker.free_in(zone);
    let code = &plan.zones[zone].code;
    let chosen = picker.standing.read().get(&zone).copied().unwrap_or(0);
    if chosen > 0 {
        return (t!("shop.seats.word_chosen", zone = code, count = chosen), free);
    }
    (format!("{code} · {free}"), free)
}
