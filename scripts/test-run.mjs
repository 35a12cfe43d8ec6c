/** The vitest run of `npm test`, in a process of its own; sends { passed, failed, skipped } to its parent. */
import { startVitest } from 'vitest/node';

/** Counts what vitest's own summary does not say in one place: a file that cannot load is a failure too. */
function counter() {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const count = (state) => tests.filter((test) => test.result().state === state).length;
      const broken = modules.filter(
        (module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length,
      );
      process.send?.({
        passed: count('passed'),
        failed: count('failed') + count('pending') + broken.length + unhandledErrors.length,
        skipped: count('skipped'),
      });
    },
  };
}

const vitest = await startVitest('test', process.argv.slice(2), {
  watch: false,
  reporters: ['default', counter()],
});
await vitest.close();
process.disconnect?.();
