/** Migration 4: which of the server's own link keys each agent is known to accept. A released migration never changes. */

/** The statements of migration 4. */
export const SERVER_KEYS = `
ALTER TABLE link_bindings ADD COLUMN server_fingerprint TEXT;
`;
