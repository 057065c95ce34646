// CGCS2000 Gauss-Krüger in 3-degree zones: Krüger's series in the third flattening, to n^6 (below a micrometre in a zone).
(function (zoningMap) {
  "use strict";
  const a = 6378137;
  const f = 1 / 298.257222101;
  const n = f / (2 - f);
  const e = Math.sqrt(f * (2 - f));
  const radius = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);
  const alpha = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4 - (127 / 288) * n ** 5 + (7891 / 37800) * n ** 6,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4 + (281 / 630) * n ** 5 - (1983433 / 1935360) * n ** 6,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4 + (15061 / 26880) * n ** 5 + (167603 / 181440) * n ** 6,
    (49561 / 161280) * n ** 4 - (179 / 168) * n ** 5 + (6601661 / 7257600) * n ** 6,
    (34729 / 80640) * n ** 5 - (3418889 / 1995840) * n ** 6,
    (212378941 / 319334400) * n ** 6,
  ];

  // The zone of a longitude: zone 37 reaches from 109.5 to 112.5 degrees.
  zoningMap.zoneOf = (lon) => Math.floor(lon / 3 + 0.5);

  // Returns {zone, x, y} in metres: x is north, y is east with 500 km and the zone in front.
  zoningMap.gaussKruger = function (lon, lat, zone = zoningMap.zoneOf(lon)) {
    const lambda = ((lon - 3 * zone) * Math.PI) / 180;
    const tau = Math.tan((lat * Math.PI) / 180);
    const sec = Math.hypot(1, tau);
    const sigma = Math.sinh(e * Math.atanh((e * tau) / sec));
    const conformal = tau * Math.hypot(1, sigma) - sigma * sec;
    const xi = Math.atan2(conformal, Math.cos(lambda));
    const eta = Math.asinh(Math.sin(lambda) / Math.hypot(conformal, Math.cos(lambda)));
    let north = xi;
    let east = eta;
    alpha.forEach((factor, index) => {
      const twice = 2 * (index + 1);
      north += factor * Math.sin(twice * xi) * Math.cosh(twice * eta);
      east += factor * Math.cos(twice * xi) * Math.sinh(twice * eta);
    });
    return { zone, x: radius * north, y: zone * 1e6 + 500000 + radius * east };
  };
})((window.zoningMap = window.zoningMap || {}));
