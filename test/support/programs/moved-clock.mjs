/** Loaded before a program (node --import): its clock of the day goes as far wrong as the file CLOCK_FILE says, in ms, at any moment. */
import { readFileSync } from 'node:fs';

const RealDate = Date;
const LOOK_MS = 20;
let offMs = 0;

function look() {
  try {
    offMs = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0;
  } catch {
    // Not written yet.
  }
}

globalThis.Date = class MovedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + offMs);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + offMs;
  }
};

look();
setInterval(look, LOOK_MS).unref();
