//! Where one looks at the plan from, and how near.

use crate::pages::seats::plan::Bounds;

/// The nearest one can go, pixels a decimetre.
const NEAREST: f32 = 9.0;

/// The part of the plan that is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Middle of the picture, decimetres.
    pub x: f32,
    /// Middle of the picture, decimetres.
    pub y: f32,
    /// Pixels a decimetre.
    pub scale: f32,
    /// Size of the picture, pixels.
    pub width: f32,
    /// Size of the picture, pixels.
    pub height: f32,
}

impl Camera {
    /// Looks at all of `bounds` with some air around it.
    pub fn fit(&self, bounds: &Bounds, air: f32) -> Self {
        let (x, y) = bounds.middle();
        let wide = (self.width - 2.0 * air).max(50.0) / bounds.width().max(1.0);
        let high = (self.height - 2.0 * air).max(50.0) / bounds.height().max(1.0);
        Self { x, y, scale: wide.min(high).min(NEAREST), ..*self }
    }

    /// The point of the plan under a pixel.
    pub fn plan_at(&self, px: f32, py: f32) -> (f32, f32) {
        (self.x + (px - self.width / 2.0) / self.scale, self.y + (py - self.height / 2.0) / self.scale)
    }

    /// The pixel over a point of the plan.
    pub fn pixel_of(&self, x: f32, y: f32) -> (f32, f32) {
        ((x - self.x) * self.scale + self.width / 2.0, (y - self.y) * self.scale + self.height / 2.0)
    }

    /// Goes nearer or farther; what is under the pixel stays under it.
    pub fn zoom(&self, factor: f32, px: f32, py: f32, farthest: f32) -> Self {
        let (x, y) = self.plan_at(px, py);
        let scale = (self.scale * factor).clamp(farthest, NEAREST);
        let shift = |point: f32, pixel: f32, size: f32| point - (pixel - size / 2.0) / scale;
        Self { x: shift(x, px, self.width), y: shift(y, py, self.height), scale, ..*self }
    }

    /// Moves by pixels, but never off the plan.
    pub fn pan(&self, dx: f32, dy: f32, bounds: &Bounds) -> Self {
        Self {
            x: (self.x - dx / self.scale).clamp(bounds.left, bounds.right),
            y: (self.y - dy / self.scale).clamp(bounds.top, bounds.bottom),
            ..*self
        }
    }

    /// What is seen of the plan.
    pub fn seen(&self) -> Bounds {
        let (left, top) = self.plan_at(0.0, 0.0);
        let (right, bottom) = self.plan_at(self.width, self.height);
        Bounds { left, top, right, bottom }
    }

    /// Between `self` and `to`; `share` from 0 to 1. The scale moves by its logarithm, which looks even.
    pub fn towards(&self, to: &Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self {
            x: mix(self.x, to.x),
            y: mix(self.y, to.y),
            scale: (mix(self.scale.ln(), to.scale.ln())).exp(),
            ..*to
        }
    }
}
