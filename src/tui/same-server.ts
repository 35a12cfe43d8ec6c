/** Whether a saved context is about the server at an address; names and credentials don't matter. */
import type { Context, ServerContext } from '../client/context-shape.ts';
import { parseServerAddress, type ServerAddress } from '../client/server-address.ts';

/** Compares the URLs in their normal form. */
export function sameServer(context: Context, address: ServerAddress): context is ServerContext {
  return context.kind === 'server' && parseServerAddress(context.url).url === address.url;
}
