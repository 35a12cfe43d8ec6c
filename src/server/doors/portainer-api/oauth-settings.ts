/** OAuthSettings of /api/settings (Portainer API) and what OIDC needs beyond them: Issuer, and claims as teams and administrators. */
import { z } from 'zod';
import type { OidcSettings } from '../../fleet/oidc-settings.ts';
import { caseless, invalidPayload } from '../body.ts';

const text = z.string().trim().max(2_048);
const mappingSchema = caseless({
  ClaimValue: z.string().min(1).max(256),
  Team: z.int().positive(),
});

/** Every field may be absent and then stays; an empty ClientSecret, as it is read, stays too. */
export const oauthSchema = caseless({
  Issuer: text.optional(),
  ClientID: text.optional(),
  ClientSecret: text.optional(),
  RedirectURI: text.optional(),
  LogoutURI: text.optional(),
  Scopes: text.optional(),
  UserIdentifier: text.optional(),
  OAuthAutoCreateUsers: z.boolean().optional(),
  DefaultTeamID: z.int().min(0).optional(),
  AuthStyle: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  TeamMemberships: caseless({
    OAuthClaimName: text.optional(),
    OAuthClaimMappings: z.array(mappingSchema).max(1_000).optional(),
    AdminClaimValues: z.array(z.string().min(1).max(256)).max(100).optional(),
  }).optional(),
});

export type OauthWish = z.output<typeof oauthSchema>;

/** Addresses of ours and of the provider: https, or http on this machine. */
function checkAddress(name: string, address: string): void {
  try {
    const { protocol, hostname, hash } = new URL(address);
    const isLocal = protocol === 'http:' && /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
    if ((protocol === 'https:' || isLocal) && hash === '') return;
  } catch {
    // Said below.
  }
  throw invalidPayload(`${name} is an https:// address without a fragment.`);
}

/** The settings after the wish; Fault bad-request for what makes no sense. */
export function withWish(settings: OidcSettings, wish: OauthWish, isOn: boolean): OidcSettings {
  const { OAuthClaimName, OAuthClaimMappings, AdminClaimValues } = wish.TeamMemberships ?? {};
  const mappings = OAuthClaimMappings?.map(({ ClaimValue, Team }) => ({
    claimValue: ClaimValue,
    teamId: Team,
  }));
  const next: OidcSettings = {
    isOn,
    issuer: wish.Issuer ?? settings.issuer,
    clientId: wish.ClientID ?? settings.clientId,
    clientSecret: wish.ClientSecret || settings.clientSecret,
    redirectUri: wish.RedirectURI ?? settings.redirectUri,
    logoutUri: wish.LogoutURI ?? settings.logoutUri,
    scopes: wish.Scopes ?? settings.scopes,
    userIdentifier: wish.UserIdentifier || settings.userIdentifier,
    autoCreate: wish.OAuthAutoCreateUsers ?? settings.autoCreate,
    defaultTeamId: wish.DefaultTeamID ?? settings.defaultTeamId,
    teamClaim: OAuthClaimName ?? settings.teamClaim,
    teamMappings: mappings ?? settings.teamMappings,
    adminClaimValues: AdminClaimValues ?? settings.adminClaimValues,
    authStyle: wish.AuthStyle ?? settings.authStyle,
  };
  if (isOn && next.clientId === '') throw invalidPayload('OAuthSettings: give ClientID.');
  if (isOn || next.issuer !== '') checkAddress('OAuthSettings.Issuer', next.issuer);
  if (next.redirectUri !== '') checkAddress('OAuthSettings.RedirectURI', next.redirectUri);
  if (next.logoutUri !== '') checkAddress('OAuthSettings.LogoutURI', next.logoutUri);
  return next;
}

/** As /api/settings tells them: never the secret. */
export const oauthJson = (settings: OidcSettings) => ({
  Issuer: settings.issuer,
  ClientID: settings.clientId,
  ClientSecret: '',
  RedirectURI: settings.redirectUri,
  LogoutURI: settings.logoutUri,
  Scopes: settings.scopes,
  UserIdentifier: settings.userIdentifier,
  OAuthAutoCreateUsers: settings.autoCreate,
  DefaultTeamID: settings.defaultTeamId,
  AuthStyle: settings.authStyle,
  SSO: false,
  TeamMemberships: {
    OAuthClaimName: settings.teamClaim,
    OAuthClaimMappings: settings.teamMappings.map(({ claimValue, teamId }) => ({
      ClaimValue: claimValue,
      Team: teamId,
    })),
    AdminClaimValues: settings.adminClaimValues,
  },
});

/** Where a web client sends its browser; it adds `&state=`. '' while a browser can't come back. */
export function loginAddress({ isOn, redirectUri }: OidcSettings): string {
  if (!isOn || redirectUri === '') return '';
  return `${new URL(redirectUri).origin}/api/auth/oauth/login?response_type=code`;
}
