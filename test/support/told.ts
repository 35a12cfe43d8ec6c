/**
 * Everything that the programs of a run print, and every secret they were given, gathered in one folder and judged when the
 * run has ended (scripts/leaks.mjs): no secret may stand in what was printed.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The run's own folder; undefined outside of a run. */
const folder = process.env['FLEET_TEST_TOLD'];

let count = 0;

/** Takes what one program prints, piece by piece. A console may show what a person asked to see; passwords it may not. */
export function listener(
  program: 'fleet-server' | 'fleet-agent' | 'console',
): (text: string) => void {
  count += 1;
  const name = `${program}-${process.pid}-${count}.txt`;
  return (text) => {
    if (folder !== undefined) appendFileSync(join(folder, name), text);
  };
}

/** Notes secrets; what is shorter than twelve characters is too common a word to be looked for. */
export function secretsGiven(kind: 'password' | 'key', ...values: readonly unknown[]): void {
  if (folder === undefined) return;
  const long = values.filter((value) => typeof value === 'string' && value.length >= 12);
  const lines = long.map((value) => `${JSON.stringify({ kind, value })}\n`);
  appendFileSync(join(folder, `secrets-${process.pid}.jsonl`), lines.join(''));
}

const SECRET_VARIABLE = /SECRET|PASSWORD|EDGE_ID$/;

/** Notes the secrets among the variables that a program is started with. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (SECRET_VARIABLE.test(name)) secretsGiven('key', value);
  }
}
