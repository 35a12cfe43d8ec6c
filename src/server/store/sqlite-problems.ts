/** Problems in SQL: one JSON text each, since they are only ever read all together. */
import type { Kysely } from 'kysely';
import { type Problem, problemSchema } from '../../protocol/problem.ts';
import type { ProblemStore } from './store.ts';
import type { Tables } from './tables.ts';

function toProblem(text: string): Problem | undefined {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The table of problems as a ProblemStore. */
export function sqliteProblems(db: Kysely<Tables>): ProblemStore {
  return {
    async list() {
      const rows = await db.selectFrom('problems').select('problem').execute();
      return rows.map(({ problem }) => toProblem(problem)).filter((one) => one !== undefined);
    },
    async save(changed, goneIds) {
      await db.transaction().execute(async (within) => {
        for (const id of goneIds)
          await within.deleteFrom('problems').where('id', '=', id).execute();
        const kept = await within.selectFrom('environments').select('id').execute();
        const environments = new Set(kept.map(({ id }) => id));
        for (const problem of changed) {
          if (!environments.has(problem.environmentId)) continue;
          const { id, environmentId } = problem;
          const row = { id, environment_id: environmentId, problem: JSON.stringify(problem) };
          await within
            .insertInto('problems')
            .values(row)
            .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
            .execute();
        }
      });
    },
  };
}
