// Reads a Mapbox vector tile: of each layer its features with id, properties and rings, [x, y, x, y ...] in units of the tile.
(function (zoningMap) {
  "use strict";

  function reader(bytes) {
    let at = 0;
    let end = bytes.length;
    const varint = () => {
      let value = 0; let factor = 1; let byte;
      do { byte = bytes[at]; at += 1; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
      return value;
    };
    const text = (length) => new TextDecoder().decode(bytes.subarray(at, (at += length)));
    const fields = (stop, take) => {
      while (at < stop) {
        const key = varint();
        const kind = key & 7;
        const next = kind === 2 ? varint() : 0;
        const from = at;
        if (kind === 2) { take(key >> 3, next); at = from + next; }
        else if (kind === 0) take(key >> 3, varint());
        else { take(key >> 3, null); at += kind === 1 ? 8 : 4; }
      }
    };
    return { varint, text, fields, at: () => at, end: () => end, bytes };
  }

  const zigzag = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

  function geometry(read, stop) {
    const rings = [];
    let x = 0; let y = 0; let ring = null;
    while (read.at() < stop) {
      const command = read.varint();
      const count = command >> 3;
      if ((command & 7) === 7) { ring.push(ring[0], ring[1]); continue; }
      for (let i = 0; i < count; i += 1) {
        x += zigzag(read.varint());
        y += zigzag(read.varint());
        if ((command & 7) === 1) { ring = [x, y]; rings.push(ring); }
        else ring.push(x, y);
      }
    }
    return rings;
  }

  function value(read, length) {
    const view = new DataView(read.bytes.buffer, read.bytes.byteOffset);
    let found = null;
    read.fields(read.at() + length, (field, size) => {
      if (field === 1) found = read.text(size);
      else if (field === 2) found = view.getFloat32(read.at(), true);
      else if (field === 3) found = view.getFloat64(read.at(), true);
      else if (field === 6) found = zigzag(size);
      else found = size;
    });
    return found;
  }

  function feature(read, length) {
    const made = { id: null, type: 0, tags: [], rings: [] };
    read.fields(read.at() + length, (field, size) => {
      if (field === 1) made.id = size;
      else if (field === 2) { const stop = read.at() + size; while (read.at() < stop) made.tags.push(read.varint()); }
      else if (field === 3) made.type = size;
      else if (field === 4) made.rings = geometry(read, read.at() + size);
    });
    return made;
  }

  zoningMap.readTile = function (data) {
    const read = reader(new Uint8Array(data));
    const layers = {};
    read.fields(read.end(), (field, length) => {
      if (field !== 3) return;
      const layer = { name: "", extent: 4096, features: [], keys: [], values: [] };
      read.fields(read.at() + length, (part, size) => {
        if (part === 1) layer.name = read.text(size);
        else if (part === 2) layer.features.push(feature(read, size));
        else if (part === 3) layer.keys.push(read.text(size));
        else if (part === 4) layer.values.push(value(read, size));
        else if (part === 5) layer.extent = size;
      });
      layer.features.forEach((item) => {
        item.properties = {};
        for (let i = 0; i < item.tags.length; i += 2) item.properties[layer.keys[item.tags[i]]] = layer.values[item.tags[i + 1]];
      });
      layers[layer.name] = layer;
    });
    return layers;
  };
})((window.zoningMap = window.zoningMap || {}));
