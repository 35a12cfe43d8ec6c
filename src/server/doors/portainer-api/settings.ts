/** GET and PUT /api/settings (Portainer API): of Portainer's settings the ones that this server knows. */
import { z } from 'zod';
import { asFault } from '../../../protocol/fault.ts';
import { REQUIRED_OF, type RequiredOf } from '../../../protocol/required-factor.ts';
import { type Answer, ok } from '../answer.ts';
import { caseless, invalidPayload, readJson } from '../body.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { oauthJson, oauthSchema, withWish } from './oauth-settings.ts';

const INTERNAL = 1;
const OAUTH = 3;

/** Whatever else Portainer's own page sends is ignored. */
const changeSchema = caseless({
  TrustOnFirstConnect: z.boolean().optional(),
  AuthenticationMethod: z.union([z.literal(1), z.literal(3)]).optional(),
  OAuthSettings: oauthSchema.optional(),
  InternalAuthSettings: caseless({
    RequiredPasswordLength: z.int().optional(),
    /** Beyond Portainer: whose account must have a second factor. */
    RequiredSecondFactor: z.enum(REQUIRED_OF).optional(),
  }).optional(),
});

/** For administrators. */
export function settingsRoutes(services: Services): Route[] {
  const { links, passwordPolicy, factorPolicy, oidcBook, log } = services;
  const state = (): Answer =>
    ok({
      AuthenticationMethod: oidcBook.settings.isOn ? OAUTH : INTERNAL,
      OAuthSettings: oauthJson(oidcBook.settings),
      TrustOnFirstConnect: links.trustsFirst.value,
      InternalAuthSettings: {
        RequiredPasswordLength: passwordPolicy.requiredLength,
        RequiredSecondFactor: factorPolicy.requiredOf.value,
      },
    });
  return [
    route('GET', '/api/settings', async () => state(), 'administrator'),
    route(
      'PUT',
      '/api/settings',
      async ({ request, grant }) => {
        const wish = await readJson(request, changeSchema);
        const { username: by } = grant.user;
        const requiredLength = wish.InternalAuthSettings?.RequiredPasswordLength;
        if (requiredLength !== undefined) {
          await passwordPolicy.setRequiredLength(requiredLength);
          log.info({ requiredLength, by }, 'RequiredPasswordLength set');
        }
        await setFactorPolicy(services, wish.InternalAuthSettings?.RequiredSecondFactor, by);
        await setOauth(services, wish, by);
        const { TrustOnFirstConnect: trustsFirst } = wish;
        if (trustsFirst !== undefined) {
          await links.trustsFirst.set(trustsFirst);
          log.info({ trustsFirst, by }, 'TrustOnFirstConnect set');
        }
        return state();
      },
      'administrator',
    ),
  ];
}

/** Streams of those whom it is about begin anew, and find out. */
async function setFactorPolicy(
  { factorPolicy, heldGrants, log }: Services,
  requiredOf: RequiredOf | undefined,
  by: string,
): Promise<void> {
  if (requiredOf === undefined || requiredOf === factorPolicy.requiredOf.value) return;
  await factorPolicy.requiredOf.set(requiredOf);
  heldGrants.end((grant) => factorPolicy.concerns(grant));
  log.info({ requiredOf, by }, 'RequiredSecondFactor set');
}

/** The provider is asked who it is before it is relied upon. */
async function setOauth(
  { oidc, oidcBook, log }: Services,
  { AuthenticationMethod: method, OAuthSettings }: z.output<typeof changeSchema>,
  by: string,
): Promise<void> {
  if (method === undefined && OAuthSettings === undefined) return;
  const { settings } = oidcBook;
  const isOn = method === undefined ? settings.isOn : method === OAUTH;
  const next = withWish(settings, OAuthSettings ?? {}, isOn);
  if (isOn) {
    await oidc.tryOut(next).catch((thrown: unknown) => {
      const { details } = asFault(thrown, 'unauthorized', 'The provider could not be asked.');
      throw invalidPayload(details ?? 'The provider could not be asked.');
    });
  }
  await oidcBook.set(next);
  log.info({ isOn, issuer: next.issuer, by }, 'OAuth settings set');
}

/** What the routes read, for docs/openapi.json. */
export const settingsBodies = {
  'PUT /api/settings': changeSchema,
};
