/**
 * Kysely over the node:sqlite API, which lacks two things Kysely's SQLite dialect asks for: `reader`, and parameters as one array.
 * Prepared statements are kept (bounded): preparing anew for each call leaks native memory faster than it is collected.
 */
import { SqliteDialect, type SqliteStatement } from 'kysely';
import type { SqlFile, SqlStatement } from './sqlite-file.ts';

const MAX_STATEMENTS = 256;

function asKyselyStatement(statement: SqlStatement): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}

/** A Kysely dialect on an open file; Kysely's destroy() closes the file. */
export function sqliteDialect(file: SqlFile): SqliteDialect {
  const statements = new Map<string, SqliteStatement>();
  return new SqliteDialect({
    database: {
      close: () => {
        statements.clear();
        file.close();
      },
      prepare(sql) {
        const known = statements.get(sql);
        if (known !== undefined) {
          statements.delete(sql);
          statements.set(sql, known);
          return known;
        }
        const made = asKyselyStatement(file.prepare(sql));
        statements.set(sql, made);
        if (statements.size > MAX_STATEMENTS) {
          const [oldest] = statements.keys();
          if (oldest !== undefined) statements.delete(oldest);
        }
        return made;
      },
    },
  });
}
