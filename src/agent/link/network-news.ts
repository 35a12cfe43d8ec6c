/** While an agent waits to dial again: hears that this machine's addresses changed, or that its server's name means another one. */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

const LOOK_EVERY_MS = 5_000;

/** Tells of every change until disposed of. `look` sums up how things are; what it can't find out is told by its own words. */
export function hearNetworkNews(look: () => Promise<string>, tell: () => void): Disposable {
  let known: string | undefined;
  let isLooking = false;
  const again = async () => {
    if (isLooking) return;
    isLooking = true;
    const seen = await look();
    isLooking = false;
    if (known !== undefined && seen !== known) tell();
    known = seen;
  };
  void again();
  const timer = setInterval(() => void again(), LOOK_EVERY_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** This machine's addresses, and those of the URL's host, as one text. */
export async function networkOf(url: string): Promise<string> {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  // Every container that starts brings a link-local address with it, which leads nowhere.
  const own = all.map(({ cidr }) => cidr ?? '').filter((cidr) => !cidr.startsWith('fe80:'));
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).then(
    (answers) => answers.map(({ address }) => address),
    (error: NodeJS.ErrnoException) => [error.code ?? 'unknown'],
  );
  return [...own.sort(), '|', ...found.sort()].join(' ');
}
