/** The question before `fleet-tui restart` and its like: a yes, or for much and for production the name of the scope. */
import { Fault } from '../../protocol/fault.ts';
import { formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { isProduction, PHRASE_FROM } from '../model/confirm-level.ts';
import { ACTION_WORDS } from '../model/job.ts';
import type { ChangeRequest } from './request.ts';
import type { Selected } from './selection.ts';
import type { CommandTools } from './tools.ts';

/** Resolves when a person agreed; Fault cancelled when not, bad-request when nobody is there to ask. */
export async function confirm(
  tools: CommandTools,
  { action }: ChangeRequest,
  chosen: readonly Selected[],
): Promise<void> {
  const { verb } = ACTION_WORDS[action];
  const things = formatThings(chosen.length, 'container');
  if (!tools.ask)
    throw new Fault(
      'bad-request',
      `Nobody is here to confirm it: add --yes to ${verb.toLowerCase()} ${things}, or --dry-run to see them.`,
    );
  const phrase = phraseFor(chosen);
  const ask = phrase === undefined ? '[y/N]' : `Type ${phrase} to go on:`;
  const answer = await tools.ask(`${verb} ${things}? ${ask} `);
  const isAgreed = phrase === undefined ? /^y(es)?$/i.test(answer) : answer.trim() === phrase;
  if (!isAgreed) throw new Fault('cancelled', 'Nothing was done.');
}

/** What must be typed: the one environment's name, or `all` for several; undefined when a yes is enough. */
function phraseFor(chosen: readonly Selected[]): string | undefined {
  const environments = new Map(chosen.map(({ environment }) => [environment.id, environment]));
  const isGrave =
    chosen.length >= PHRASE_FROM ||
    [...environments.values()].some(({ tags }) => isProduction(tags));
  if (!isGrave) return undefined;
  const [only, ...others] = environments.values();
  return only && others.length === 0 ? printable(only.name).trim() : 'all';
}
