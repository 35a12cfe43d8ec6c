/** What a person has chosen, from config.json, then the command line: the later counts. */
import { Fault } from '../protocol/fault.ts';
import type { OpenRequest } from './command-line.ts';
import type { Locks } from './commands/locks.ts';
import { type ConfigNote, readConfig } from './config-file.ts';
import { PLAIN_SETTINGS, type Settings, USUALLY_LOCKED } from './model/settings.ts';

export interface Person {
  readonly settings: Settings;
  /** What is wrong with the config, to be said once the screen is there. */
  readonly notes: readonly ConfigNote[];
}

type Wishes = Pick<OpenRequest, 'ascii' | 'readOnly'> & Partial<Pick<OpenRequest, 'linear'>>;

/** The settings that hold; what is wrong in the file is a note, never a reason not to start. */
export async function readPerson(wishes: Wishes): Promise<Person> {
  const { settings, notes } = await readConfig();
  const all = { ...PLAIN_SETTINGS, locked: USUALLY_LOCKED, ...settings };
  return {
    notes,
    settings: {
      ...all,
      isReadOnly: all.isReadOnly || wishes.readOnly,
      isAscii: all.isAscii || wishes.ascii,
      isLinear: all.isLinear || wishes.linear === true,
      isStill: all.isStill || Boolean(process.env.NO_MOTION),
    },
  };
}

/** What the config keeps closed to commands; Fault bad-settings when what it says of that can't be understood. */
export async function readLocks(): Promise<Locks> {
  const { settings, notes, isBroken, path } = await readConfig();
  const unclear = notes.find(
    ({ tone, text }) => isBroken || (tone === 'error' && /: (?:readOnly|locked)\b/u.test(text)),
  );
  if (unclear) throw new Fault('bad-settings', `Nothing was sent. ${unclear.text}`);
  const { isReadOnly = false, locked = USUALLY_LOCKED } = settings;
  return { isReadOnly, locked, path };
}
