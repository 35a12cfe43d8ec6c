#!/usr/bin/env node
import { main } from '../src/agent/main.ts';

// Built as CommonJS, which knows no await here; main never rejects.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
