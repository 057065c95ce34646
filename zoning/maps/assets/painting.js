// Painting aside: a worker made from scripts of the page paints the squares of the map, so that the page answers meanwhile.
(function (zoningMap) {
  "use strict";

  // --- in the page ---

  // Returns {paint, drop, learn}; null where this browser has no such workers: then the page has to paint by itself.
  // `told`: what the worker reads, as it stands in the page: the payload, and the tiles of layers by number.
  zoningMap.paintAside = function (told) {
    if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined" || !OffscreenCanvas.prototype.transferToImageBitmap) return null;
    const scripts = [...document.querySelectorAll("script[data-aside]")].map((script) => `${script.textContent}\n`);
    const address = URL.createObjectURL(new Blob(["window = self;\n", ...scripts, "zoningMap.servePainting();"], { type: "text/javascript" }));
    let worker;
    try {
      worker = new Worker(address);
    } catch (error) {
      return null;
    }
    const waiting = new Map();
    let count = 0;
    let broken = false;
    const settle = (id, how, value) => {
      const ends = waiting.get(id);
      waiting.delete(id);
      if (ends) ends[how](value);
      else if (value && value.close) value.close();
    };
    worker.onmessage = ({ data: { id, picture, error } }) => settle(id, picture ? "done" : "failed", picture || new Error(error));
    worker.onerror = () => {
      broken = true;
      [...waiting.keys()].forEach((id) => settle(id, "failed", new Error("no painting aside")));
    };
    worker.postMessage({ open: told });
    return {
      learn: async (hatches) => {
        const picture = await createImageBitmap(hatches.picture);
        worker.postMessage({ learn: { ...hatches, picture } }, [picture]);
      },
      // Returns [id, promise of a picture].
      paint: (job) => {
        const id = (count += 1);
        return [id, new Promise((done, failed) => {
          if (broken) { failed(new Error("no painting aside")); return; }
          waiting.set(id, { done, failed });
          worker.postMessage({ paint: { ...job, id } });
        })];
      },
      // A square that is gone from the map needs no picture; its promise never ends.
      drop: (id) => { if (waiting.delete(id)) worker.postMessage({ drop: id }); },
    };
  };

  // --- in the worker ---

  zoningMap.servePainting = function () {
    let painter = null;
    let busy = false;
    const jobs = new Map();

    async function pictureOf(job) {
      const side = 512 * job.ratio;
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext("2d");
      context.scale(job.ratio, job.ratio);
      await painter.paint(context, job);
      return canvas.transferToImageBitmap();
    }

    async function work() {
      if (busy) return;
      busy = true;
      while (jobs.size) {
        const [id, job] = jobs.entries().next().value;
        jobs.delete(id);
        try {
          const picture = await pictureOf(job);
          self.postMessage({ id, picture }, [picture]);
        } catch (error) {
          self.postMessage({ id, error: String(error) });
        }
        // What was dropped meanwhile is heard of before the next one.
        await new Promise((go) => { setTimeout(go); });
      }
      busy = false;
    }

    self.onmessage = ({ data }) => {
      if (data.open) {
        const archives = new Map(Object.entries(data.open.tiles).map(([number, text]) => [Number(number), new zoningMap.TileArchive(text)]));
        painter = new zoningMap.Painter(JSON.parse(data.open.payload), archives);
      } else if (data.learn) {
        painter.learn(data.learn);
      } else if (data.drop) {
        jobs.delete(data.drop);
      } else {
        jobs.set(data.paint.id, data.paint);
        work();
      }
    };
  };
})((window.zoningMap = window.zoningMap || {}));
