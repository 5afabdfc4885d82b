//! On which side of an edge a point lies, without rounding error.
//!
//! The determinant is first computed in floating point; its sign is right whenever the value
//! exceeds the forward error bound of J. R. Shewchuk, "Adaptive Precision Floating-Point
//! Arithmetic and Fast Robust Geometric Predicates" (1997), section 4.2 (`ccwerrboundA`).
//! Only the few points closer to an edge than that take the exact way: a sum of twelve
//! floating-point components without rounding.

use super::Point;

/// (3 + 16 ε) ε for ε = 2⁻⁵³.
const FILTER: f64 = 3.330_669_073_875_471_6e-16;

/// Sign of the determinant of `a → b` and `a → p`: positive when `p` lies left of the directed
/// line, negative when right of it, zero when exactly on it.
///
/// Exact for all finite coordinates whose products do not underflow (anything a map holds), hence
/// `side(a, b, p) == -side(b, a, p)`.
#[inline(always)]
pub fn side(a: Point, b: Point, p: Point) -> f64 {
    let left = (b.lon - a.lon) * (p.lat - a.lat);
    let right = (p.lon - a.lon) * (b.lat - a.lat);
    let det = left - right;
    if det.abs() > FILTER * (left.abs() + right.abs()) { det } else { side_exact(a, b, p) }
}

/// Whether the ray that runs east from `p` crosses the edge `a b`, by the half-open rule.
#[inline(always)]
pub fn crosses(a: Point, b: Point, p: Point) -> bool {
    let rises = b.lat > p.lat;
    if (a.lat > p.lat) == rises {
        return false;
    }
    let side = side(a, b, p);
    // Left of a rising edge or right of a falling one is west of it. On it (zero) is not west:
    // the point belongs to what lies east.
    if rises { side > 0.0 } else { side < 0.0 }
}

/// The same sign by expansion arithmetic, slow and without rounding.
#[cold]
#[inline(never)]
pub fn side_exact(a: Point, b: Point, p: Point) -> f64 {
    // The determinant multiplied out; a.lon * a.lat cancels.
    let products = [(b.lon, p.lat), (-b.lon, a.lat), (-a.lon, p.lat), (-p.lon, b.lat), (p.lon, a.lat), (a.lon, b.lat)];
    let mut sum = Expansion::default();
    for (x, y) in products {
        let high = x * y;
        sum.add(x.mul_add(y, -high));
        sum.add(high);
    }
    sum.sign()
}

/// A number as a sum of non-overlapping floating-point components, smallest first.
#[derive(Default)]
struct Expansion {
    components: [f64; 12],
    len: usize,
}

impl Expansion {
    /// Adds one number (Shewchuk's Grow-Expansion), dropping zero components.
    fn add(&mut self, number: f64) {
        let mut carry = number;
        let mut kept = 0;
        for i in 0..self.len {
            let component = self.components[i];
            let sum = carry + component;
            let part = sum - carry;
            let rest = (carry - (sum - part)) + (component - part);
            if rest != 0.0 {
                self.components[kept] = rest;
                kept += 1;
            }
            carry = sum;
        }
        if carry != 0.0 {
            self.components[kept] = carry;
            kept += 1;
        }
        self.len = kept;
    }

    /// The largest component carries the sign.
    fn sign(&self) -> f64 {
        if self.len == 0 { 0.0 } else { self.components[self.len - 1] }
    }
}
