//! Metres, areas and points within: what people want to know about a shape.

use super::{MultiPolygon, Point, Polygon, Ring};

/// Semi-major axis of the WGS-84 ellipsoid, metres (NIMA TR8350.2, section 3).
const AXIS_M: f64 = 6_378_137.0;
/// Its first eccentricity, squared.
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_316_5e-3;

/// Metres that one degree of longitude and one degree of latitude measure at a latitude given in
/// degrees, on the WGS-84 ellipsoid. Over a kilometre the plane made of them is right to a millimetre or so.
pub fn metres_per_degree(lat: f64) -> (f64, f64) {
    let phi = lat.to_radians();
    let bulge = 1.0 - ECCENTRICITY_SQUARED * phi.sin() * phi.sin();
    let parallel = AXIS_M / bulge.sqrt() * phi.cos();
    let meridian = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (bulge * bulge.sqrt());
    (parallel.to_radians(), meridian.to_radians())
}

/// Metres from `p` to the nearest point of the edge `a b`, with `scale` = [`metres_per_degree`] at `p`.
pub fn segment_distance_m(p: Point, a: Point, b: Point, scale: (f64, f64)) -> f64 {
    let (ax, ay) = ((a.lon - p.lon) * scale.0, (a.lat - p.lat) * scale.1);
    let (dx, dy) = ((b.lon - a.lon) * scale.0, (b.lat - a.lat) * scale.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}

impl Ring {
    /// Unsigned area in square metres: on the ellipsoid, in the cylindrical equal-area projection,
    /// so that neighbours' areas add up exactly to the area of their union.
    pub fn area_m2(&self) -> f64 {
        let o = self.points()[0];
        let at = |p: &Point| ((p.lon - o.lon).to_radians(), authalic(p.lat) - authalic(o.lat));
        let cross = |e: &[Point]| {
            let ((ax, ay), (bx, by)) = (at(&e[0]), at(&e[1]));
            ax * by - bx * ay
        };
        // The projection is (a λ, a q / 2); the shoelace gives twice the area.
        (self.points().windows(2).map(cross).sum::<f64>() * AXIS_M * AXIS_M / 4.0).abs()
    }
}

/// J. P. Snyder, "Map Projections: A Working Manual" (USGS 1395), equation 3-12.
fn authalic(lat: f64) -> f64 {
    let e = ECCENTRICITY_SQUARED.sqrt();
    let sin = lat.to_radians().sin();
    (1.0 - ECCENTRICITY_SQUARED) * (sin / (1.0 - ECCENTRICITY_SQUARED * sin * sin) + (e * sin).atanh() / e)
}

impl Polygon {
    /// Area in square metres, holes taken off.
    pub fn area_m2(&self) -> f64 {
        self.shell().area_m2() - self.holes().iter().map(Ring::area_m2).sum::<f64>()
    }

    /// A point that the polygon owns, in the middle of a wide part of it. `None` only for a
    /// sliver thinner than floating point can express.
    fn widest_point(&self) -> Option<Point> {
        let mut lats: Vec<f64> = self.rings().flat_map(Ring::points).map(|p| p.lat).collect();
        lats.sort_by(f64::total_cmp);
        lats.dedup();
        let (south, north) = (*lats.first()?, *lats.last()?);
        // Even heights find a roomy place in an ordinary shape; between two vertices' heights
        // every polygon has an inside.
        let even = (1..8).map(|i| south + (north - south) * f64::from(i) / 8.0);
        let room = |lat: f64| self.span_at(lat).filter(|(p, _)| self.contains(*p));
        let wider = |a: (Point, f64), b: (Point, f64)| if b.1 > a.1 { b } else { a };
        let between = || lats.windows(2).filter_map(|w| room(w[0] + (w[1] - w[0]) / 2.0));
        even.filter_map(room).reduce(wider).or_else(|| between().reduce(wider)).map(|(p, _)| p)
    }

    /// The middle and the width in degrees of the widest stretch inside at a latitude.
    fn span_at(&self, lat: f64) -> Option<(Point, f64)> {
        let mut cuts: Vec<f64> = Vec::new();
        for ring in self.rings() {
            for edge in ring.points().windows(2) {
                let (a, b) = (edge[0], edge[1]);
                if (a.lat > lat) != (b.lat > lat) {
                    cuts.push(a.lon + (b.lon - a.lon) * ((lat - a.lat) / (b.lat - a.lat)));
                }
            }
        }
        cuts.sort_by(f64::total_cmp);
        let middle = |w: &[f64]| (Point::new(w[0] + (w[1] - w[0]) / 2.0, lat), w[1] - w[0]);
        cuts.chunks_exact(2).map(middle).max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl MultiPolygon {
    /// Area in square metres on the WGS-84 ellipsoid.
    pub fn area_m2(&self) -> f64 {
        self.polygons().iter().map(Polygon::area_m2).sum()
    }

    /// The centre of gravity, which may lie outside a crescent or in a hole.
    pub fn centroid(&self) -> Point {
        let origin = self.polygons()[0].shell().points()[0];
        let (mut weight, mut lon, mut lat) = (0.0, 0.0, 0.0);
        for polygon in self.polygons() {
            for (i, ring) in polygon.rings().enumerate() {
                let sign = if (ring.twice_plane_area() < 0.0) == (i == 0) { -1.0 } else { 1.0 };
                for e in ring.points().windows(2) {
                    let (ax, ay) = (e[0].lon - origin.lon, e[0].lat - origin.lat);
                    let (bx, by) = (e[1].lon - origin.lon, e[1].lat - origin.lat);
                    let cross = sign * (ax * by - bx * ay);
                    weight += cross;
                    lon += (ax + bx) * cross;
                    lat += (ay + by) * cross;
                }
            }
        }
        if weight == 0.0 {
            return origin;
        }
        Point::new(origin.lon + lon / (3.0 * weight), origin.lat + lat / (3.0 * weight))
    }

    /// A point for a pin or a label: the centroid where the shape owns it, else
    /// [`MultiPolygon::inside_point`].
    pub fn representative_point(&self) -> Option<Point> {
        let centre = self.centroid();
        if self.contains(centre) { Some(centre) } else { self.inside_point() }
    }

    /// A point that the shape certainly owns, in a wide part of its largest polygon. `None` only
    /// when every part is a sliver thinner than floating point can express.
    pub fn inside_point(&self) -> Option<Point> {
        let mut parts: Vec<&Polygon> = self.polygons().iter().collect();
        parts.sort_by(|a, b| b.area_m2().total_cmp(&a.area_m2()));
        parts.into_iter().find_map(Polygon::widest_point)
    }

    /// Metres from a point to the nearest place on the boundary, within or without.
    pub fn boundary_distance_m(&self, p: Point) -> f64 {
        let scale = metres_per_degree(p.lat);
        let distance = |e: &[Point]| segment_distance_m(p, e[0], e[1], scale);
        self.rings().flat_map(|r| r.points().windows(2)).map(distance).fold(f64::INFINITY, f64::min)
    }
}
