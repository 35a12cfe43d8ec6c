/** Migration 11: who an account is at an OIDC provider. A released migration never changes. */

/** The statements of migration 11. */
export const IDENTITIES = `
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
`;
