//! Tests of the exact side of a line, against whole-number arithmetic.

use proptest::prelude::*;

use super::super::{
    Point,
    predicate::{crosses, side, side_exact},
};

/// Degrees as whole multiples of 2⁻⁴⁰: exact in floating point and in integers.
const UNIT: f64 = 1.0 / (1_u64 << 40) as f64;

fn at((x, y): (i64, i64)) -> Point {
    Point::new(x as f64 * UNIT, y as f64 * UNIT)
}

fn exact(a: (i64, i64), b: (i64, i64), p: (i64, i64)) -> i128 {
    let wide = |v: i64| i128::from(v);
    (wide(b.0) - wide(a.0)) * (wide(p.1) - wide(a.1)) - (wide(p.0) - wide(a.0)) * (wide(b.1) - wide(a.1))
}

fn sign(value: f64) -> i128 {
    if value == 0.0 { 0 } else { value.signum() as i128 }
}

/// Multiples of both numbers whose difference is their greatest common divisor: `a x − b y = ±gcd`.
fn bezout(a: i64, b: i64) -> (i64, i64) {
    let (mut rest, mut next) = ((a, 1, 0), (b, 0, 1));
    while next.0 != 0 {
        let q = rest.0 / next.0;
        (rest, next) = (next, (rest.0 - q * next.0, rest.1 - q * next.1, rest.2 - q * next.2));
    }
    (rest.1, rest.2)
}

/// An edge from `a` along `d`, and the whole-numbered point beside it that is nearest to its line
/// without lying on it: its determinant is gcd(d), lost in the rounding of products of 2⁹² or so.
fn beside((x, y): (i64, i64), (dx, dy): (i64, i64), side: i64) -> [(i64, i64); 3] {
    let (s, t) = bezout(dx, dy);
    // dx s + dy t = gcd, so the step (−t, s) has the determinant gcd.
    [(x, y), (x + dx, y + dy), (x - t * side, y + s * side)]
}

fn nearly_in_line() -> impl Strategy<Value = [(i64, i64); 3]> {
    let spot = -(80_i64 << 40)..(80_i64 << 40);
    (spot.clone(), spot, 1_i64..90 << 40, 1_i64..90 << 40, -1_i64..=1)
        .prop_map(|(x, y, dx, dy, side)| beside((x, y), (dx, dy), side))
}

proptest! {
    #[test]
    fn the_side_of_an_edge_is_exact([a, b, p] in nearly_in_line()) {
        let truth = exact(a, b, p).signum();
        prop_assert_eq!(sign(side(at(a), at(b), at(p))), truth);
        prop_assert_eq!(sign(side_exact(at(a), at(b), at(p))), truth);
        prop_assert_eq!(sign(side(at(b), at(a), at(p))), -truth);
    }

    #[test]
    fn the_side_of_far_points_is_exact(
        a in any::<(i32, i32)>(), b in any::<(i32, i32)>(), p in any::<(i32, i32)>(),
    ) {
        let wide = |(x, y): (i32, i32)| (i64::from(x) << 15, i64::from(y) << 14);
        let (a, b, p) = (wide(a), wide(b), wide(p));
        prop_assert_eq!(sign(side(at(a), at(b), at(p))), exact(a, b, p).signum());
        prop_assert_eq!(sign(side_exact(at(a), at(b), at(p))), exact(a, b, p).signum());
    }

    #[test]
    fn an_edge_is_crossed_alike_from_either_end([a, b, p] in nearly_in_line()) {
        prop_assert_eq!(crosses(at(a), at(b), at(p)), crosses(at(b), at(a), at(p)));
    }
}

#[test]
fn plain_floating_point_errs_where_the_exact_way_does_not() {
    let mut wrong = 0;
    for i in 1..200_i64 {
        let [a, b, p] = beside((-(50 << 40), 3 << 40), ((70 << 40) + 7 * i, (60 << 40) + 11 * i), 1);
        let (fa, fb, fp) = (at(a), at(b), at(p));
        let plain = (fb.lon - fa.lon) * (fp.lat - fa.lat) - (fp.lon - fa.lon) * (fb.lat - fa.lat);
        assert_eq!(sign(side(fa, fb, fp)), exact(a, b, p).signum());
        wrong += usize::from(sign(plain) != exact(a, b, p).signum());
    }
    assert!(wrong > 0, "or these points test nothing");
}
