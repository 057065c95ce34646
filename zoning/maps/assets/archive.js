// Vector tiles that stand in the page as text (PMTiles in base64): decoded when the first of them is asked for.
(function (zoningMap) {
  "use strict";
  const HEAD = 172; // letters that hold the head of an archive
  const [LOWEST, HIGHEST] = [100, 101]; // bytes of the head that name the zooms (PMTiles, version 3)

  zoningMap.bytesOf = function (text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const letters = atob(text);
    const found = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i += 1) found[i] = letters.charCodeAt(i);
    return found;
  };

  class Memory {
    constructor(data) { this.data = data; }

    getKey() { return "zones"; }

    getBytes(offset, length) { return Promise.resolve({ data: this.data.slice(offset, offset + length) }); }
  }

  class TileArchive {
    constructor(text) {
      const head = zoningMap.bytesOf(text.slice(0, HEAD));
      Object.assign(this, { text, minZoom: head[LOWEST], maxZoom: head[HIGHEST] });
    }

    // Returns the bytes of a tile, null where there is none.
    async tile(z, x, y) {
      if (!this.source) {
        this.source = new pmtiles.PMTiles(new Memory(zoningMap.bytesOf(this.text).buffer));
        this.text = null;
      }
      const found = await this.source.getZxy(z, x, y);
      return found ? found.data : null;
    }
  }

  zoningMap.TileArchive = TileArchive;
})((window.zoningMap = window.zoningMap || {}));
