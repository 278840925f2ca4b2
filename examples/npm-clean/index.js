'use strict';

/** Pads `text` on the left to `width` characters. */
module.exports = function padLeft(text, width, filler = ' ') {
  const given = String(text);
  return filler.repeat(Math.max(0, width - given.length)) + given;
};
