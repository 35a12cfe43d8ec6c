/** Runs the conversation about the own account as a program of its own on the terminal: what it tells is in no screen of ours. */
import type { Fleet } from '../client/fleet.ts';
import type { AccountDeed } from './model/account-event.ts';
import type { AppEvent } from './model/event.ts';

export interface AccountParts {
  readonly fleet: Pick<Fleet, 'contextName'>;
  readonly terminal: {
    handOver(child: { file: string; args: readonly string[] }): Promise<number>;
  };
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
}

const WORDS: Readonly<Record<AccountDeed, readonly string[]>> = {
  password: ['password'],
  'second-factor-on': ['second-factor', 'on'],
  'second-factor-off': ['second-factor', 'off'],
  'recovery-codes': ['second-factor', 'codes'],
};

/** Says `account-changed` when the terminal is back. Never rejects. */
export async function changeAccount(parts: AccountParts, deed: AccountDeed): Promise<void> {
  const { fleet, terminal, send, now } = parts;
  const [, program = ''] = process.argv;
  const { contextName } = fleet;
  const args = [program, ...WORDS[deed], '--context', contextName ?? '', '--pause'];
  const status =
    contextName === undefined ? 1 : await terminal.handOver({ file: process.execPath, args });
  send({ kind: 'account-changed', deed, isDone: status === 0, atMs: now() });
}
