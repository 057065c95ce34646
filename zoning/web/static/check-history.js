// What was drawn, step by step: undo and redo. States are texts; equal states in a row are one step.
"use strict";
(function (root) {
  class History {
    constructor(first, most = 200) {
      this.states = [first];
      this.at = 0;
      this.most = most;
    }
    get now() { return this.states[this.at]; }
    get canUndo() { return this.at > 0; }
    get canRedo() { return this.at < this.states.length - 1; }
    add(state) {
      if (state === this.now) return;
      this.states = [...this.states.slice(0, this.at + 1), state].slice(-this.most);
      this.at = this.states.length - 1;
    }
    undo() {
      if (this.canUndo) this.at -= 1;
      return this.now;
    }
    redo() {
      if (this.canRedo) this.at += 1;
      return this.now;
    }
  }
  root.zoningHistory = History;
})(window);
