// Lengths and areas on the ellipsoid of CGCS2000, as the engine takes them: no plane, no sphere.
(function (zoningMap) {
  "use strict";
  const a = 6378137;
  const f = 1 / 298.257222101;
  const b = a * (1 - f);
  const e2 = f * (2 - f);
  const e = Math.sqrt(e2);
  const rad = Math.PI / 180;
  // Gauss-Legendre on [-1, 1].
  const NODES = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
  const WEIGHTS = [0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908];
  const LONGEST = 0.25;

  // The height in the cylindrical equal-area plane (Snyder 3-12), divided by a²/2 radians.
  function authalic(lat) {
    const s = Math.sin(lat);
    return (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e);
  }

  // The integral of the height along an edge that is straight in longitude and latitude, as the engine takes edges.
  function edge([lon1, lat1], [lon2, lat2]) {
    const parts = Math.max(1, Math.ceil(Math.abs(lat2 - lat1) / LONGEST));
    let sum = 0;
    for (let k = 0; k < parts; k += 1) {
      const low = lat1 + ((lat2 - lat1) * k) / parts;
      const high = lat1 + ((lat2 - lat1) * (k + 1)) / parts;
      NODES.forEach((node, i) => { sum += (WEIGHTS[i] / 2) * authalic((((low + high) / 2) + (node * (high - low)) / 2) * rad); });
    }
    return ((lon2 - lon1) * rad * sum) / parts;
  }

  // Square metres of a ring of [lon, lat], closed or not; a ring that crosses itself has no area that means anything.
  zoningMap.areaOf = function (ring) {
    const sum = ring.reduce((total, from, i) => total + edge(from, ring[(i + 1) % ring.length]), 0);
    return Math.abs((sum * a * a) / 2);
  };

  // Metres between two places along the shortest line (Vincenty 1975, to a tenth of a millimetre).
  zoningMap.distanceOf = function ([lon1, lat1], [lon2, lat2]) {
    if (lon1 === lon2 && lat1 === lat2) return 0;
    const L = (lon2 - lon1) * rad;
    const U1 = Math.atan((1 - f) * Math.tan(lat1 * rad));
    const U2 = Math.atan((1 - f) * Math.tan(lat2 * rad));
    const [sinU1, cosU1, sinU2, cosU2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
    let lambda = L;
    let last = Infinity;
    let sinSigma = 0; let cosSigma = 1; let sigma = 0; let cosSqAlpha = 1; let cos2 = 0;
    for (let step = 0; step < 200 && Math.abs(lambda - last) > 1e-14; step += 1) {
      const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
      sinSigma = Math.hypot(cosU2 * sinL, cosU1 * sinU2 - sinU1 * cosU2 * cosL);
      if (sinSigma === 0) return 0;
      cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosL;
      sigma = Math.atan2(sinSigma, cosSigma);
      const sinAlpha = (cosU1 * cosU2 * sinL) / sinSigma;
      cosSqAlpha = 1 - sinAlpha * sinAlpha;
      cos2 = cosSqAlpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cosSqAlpha;
      const C = (f / 16) * cosSqAlpha * (4 + f * (4 - 3 * cosSqAlpha));
      last = lambda;
      lambda = L + (1 - C) * f * sinAlpha * (sigma + C * sinSigma * (cos2 + C * cosSigma * (2 * cos2 * cos2 - 1)));
    }
    const u = (cosSqAlpha * (a * a - b * b)) / (b * b);
    const A = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
    const B = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
    const delta = B * sinSigma * (cos2 + (B / 4) * (cosSigma * (2 * cos2 * cos2 - 1)
      - (B / 6) * cos2 * (4 * sinSigma * sinSigma - 3) * (4 * cos2 * cos2 - 3)));
    return b * A * (sigma - delta);
  };

  zoningMap.lengthOf = (line) => line.slice(1).reduce((sum, place, i) => sum + zoningMap.distanceOf(line[i], place), 0);

  const grouped = (number, digits) => {
    const [whole, rest] = number.toFixed(digits).split(".");
    return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (rest ? `.${rest}` : "");
  };
  zoningMap.grouped = grouped;

  // As the engine prints them: 公顷 with four decimals and 亩 with two; metres, from 10 km on kilometres.
  zoningMap.areaText = (m2) => {
    const [large, small] = [grouped(m2 / 10000, 4), grouped((m2 / 10000) * 15, 2)];
    return [`${large}\u00a0公顷（${small}\u00a0亩）`, `${large}\u00a0ha (${small}\u00a0mu)`];
  };
  zoningMap.lengthText = (m) => (m >= 10000 ? `${grouped(m / 1000, 2)}\u00a0km` : `${grouped(m, 2)}\u00a0m`);
})((window.zoningMap = window.zoningMap || {}));
