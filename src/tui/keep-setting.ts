/** Writes one setting into config.json for the console; conf is loaded only then. */
import { asFault } from '../protocol/fault.ts';

/** Where it stands now or, as a sentence, why nowhere. Never rejects. */
export async function keepSetting(
  name: string,
  value: string,
): Promise<{ readonly path: string } | { readonly why: string }> {
  try {
    const { setConfig } = await import('./config-commands.ts');
    await setConfig(name, value);
    const { configPath } = await import('./config-file.ts');
    return { path: configPath() };
  } catch (thrown) {
    const why = asFault(thrown, 'internal', 'The setting could not be written.').message;
    return { why };
  }
}
