//! Geometry: from a point on the earth to the places that own it.
//!
//! Everything is WGS-84 in degrees, longitude first. An edge is a straight line in the
//! longitude/latitude plane, as GeoJSON says (RFC 7946, section 3.1.1).
//!
//! **Exactly one owner.** A polygon owns a point by the half-open even-odd ray cast: a ray runs
//! east from the point, an edge counts when exactly one of its ends lies north of the point, and
//! a point on an edge belongs to the polygon east of it (of a horizontal edge: north of it).
//! The side of an edge is decided exactly (see [`predicate`]), so that neighbours that share
//! their vertices never both claim a point and never both refuse it. [`LocateIndex`] gives the
//! same answer as [`MultiPolygon::contains`] over all shapes, only sooner.
//!
//! **Not covered:** shapes that cross the 180° meridian. They are refused, not mended: no
//! district of the platform comes near it.
//!
//! Pure: no I/O, no clock, no randomness.

mod cells;
mod error;
mod gcj02;
mod index;
mod land;
mod measure;
mod parse;
pub mod predicate;
mod raster;
mod shape;
mod tiling;

pub use error::GeometryError;
pub use gcj02::{gcj02_to_wgs84, outside_china, wgs84_to_gcj02};
pub use index::{Hits, LocateIndex, NEAR_MAX_METRES};
pub use measure::{metres_per_degree, segment_distance_m};
pub use raster::{GRID_CELLS_MAX_COUNT, GRID_PAIRS_MAX_COUNT, PARTS_MAX_COUNT, VERTICES_MAX_COUNT};
pub use shape::{BBox, MultiPolygon, Point, Polygon, RINGS_PER_SHAPE_MAX_COUNT, Ring, VERTICES_PER_SHAPE_MAX_COUNT};
pub use tiling::{TILING_MAX_POLYGONS, tiling};

#[cfg(test)]
mod tests;
