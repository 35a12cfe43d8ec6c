/** GET and PUT /api/ssl (Portainer API): the certificate of HTTPS, taken into use at once; open connections go on. */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** Certificate and key as PEM text; absent ones stay as they are. */
const changeSchema = caseless({
  Cert: z.string().optional(),
  Key: z.string().optional(),
  HTTPEnabled: z.boolean().optional(),
});

/** For administrators. */
export function sslRoutes({ certificate, isPlainHttpOn, log }: Services): Route[] {
  return [
    route(
      'GET',
      '/api/ssl',
      async () => {
        const { certFile, keyFile } = certificate.current;
        const { isSelfSigned: selfSigned } = certificate;
        return ok({ certPath: certFile, keyPath: keyFile, selfSigned, httpEnabled: isPlainHttpOn });
      },
      'administrator',
    ),
    route(
      'PUT',
      '/api/ssl',
      async ({ request, grant }) => {
        const { Cert, Key, HTTPEnabled } = await readJson(request, changeSchema);
        if (HTTPEnabled !== undefined && HTTPEnabled !== isPlainHttpOn) {
          throw new Fault('bad-request', 'Plain HTTP is not switched while the server runs', {
            details: 'Start the server with --bind ADDR:PORT for plain HTTP, without it for none.',
          });
        }
        if (Boolean(Cert) !== Boolean(Key)) {
          throw new Fault('bad-request', 'Invalid request payload', {
            details: 'Cert and Key go together: give both or neither.',
          });
        }
        if (Cert && Key) {
          await certificate.install(Cert, Key);
          log.info({ by: grant.user.username }, 'certificate of HTTPS replaced');
        }
        return NO_CONTENT;
      },
      'administrator',
    ),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const sslBodies = {
  'PUT /api/ssl': changeSchema,
};
