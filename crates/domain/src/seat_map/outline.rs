//! Outlines of zones that come without one.

/// The convex hull of points, counter-clockwise on paper (Andrew's monotone chain).
/// Fewer than three different points give what there is.
pub fn hull(points: impl IntoIterator<Item = [f32; 2]>) -> Vec<[f32; 2]> {
    let mut points: Vec<[f32; 2]> = points.into_iter().collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = half(points.iter().copied());
    hull.pop();
    let mut upper = half(points.iter().rev().copied());
    upper.pop();
    hull.append(&mut upper);
    hull
}

fn half(points: impl Iterator<Item = [f32; 2]>) -> Vec<[f32; 2]> {
    let mut chain: Vec<[f32; 2]> = Vec::new();
    for point in points {
        while let [.., a, b] = chain[..] {
            let turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
            if turn > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

/// The hull of squares of `2 × margin` around the points: seats with the room they take.
pub fn widened(points: impl IntoIterator<Item = [f32; 2]>, margin: f32) -> Vec<[f32; 2]> {
    hull(points.into_iter().flat_map(|[x, y]| {
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]
            .map(|[dx, dy]| [x + dx * margin, y + dy * margin])
    }))
}
