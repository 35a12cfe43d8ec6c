/**
 * Finds what a test run left: engines by the mark in their names, processes by the mark in their environment,
 * which every child inherits (tmux servers and daemons too).
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from './prepare.mjs';

const GRACE_MS = 5_000;

/** Takes everything down that carries the mark; returns one line for each thing that should not have been there. */
export async function cleanUp(mark) {
  const hosts = entries('/run/rig').filter((name) => name.startsWith(mark));
  if (hosts.length > 0)
    spawnSync(`${ROOT}test/rig/engine`, ['down', ...hosts], { stdio: 'inherit' });
  const deadline = Date.now() + GRACE_MS;
  while (marked(mark).length > 0 && Date.now() < deadline) await pause(100);
  const processes = marked(mark);
  for (const { pid } of processes) end(pid);
  return [
    ...hosts.map((name) => `engine ${name}`),
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
  ];
}

function marked(mark) {
  const found = [];
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    const environment = read(`/proc/${pid}/environ`).split('\0');
    if (!environment.includes(`FLEET_TEST_RUN=${mark}`)) continue;
    found.push({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() });
  }
  return found;
}

function end(pid) {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It went away by itself.
  }
}

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
