/** Migration 8: API keys may end by themselves and be made for less than their account may do. A released migration never changes. */

/** The statements of migration 8. */
export const KEY_SCOPE = `
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN environment_ids TEXT;
ALTER TABLE api_keys ADD COLUMN role_id INTEGER;
`;
