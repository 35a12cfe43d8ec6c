/**
 * The agent as CommonJS: Node's loader of ES modules, with what it drags in, is a MiB that an agent would carry for all its life.
 * esbuild splits ES modules only, so what it has split is rewritten file by file.
 */
import { transform } from 'esbuild';

/** What esbuild must be told beside the entry points, for `asCommonJs` to take its output. */
export const SPLIT_FOR_COMMONJS = { outExtension: { '.js': '.cjs' }, sourcemap: 'inline' };

/** Files of esbuild's output, split ES modules, as CommonJS: each with a map back to the sources beside it. */
export async function asCommonJs(outputFiles) {
  const files = await Promise.all(outputFiles.map(rewritten));
  return files.flat();
}

async function rewritten({ path, text }) {
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'external',
    // V8 keeps the text of every file it has read: without indents it is a third less. Names and lines stay, for stacks.
    minifyWhitespace: true,
    lineLimit: 120,
    // Else `import()` stays, and with it the loader that this is to avoid.
    supported: { 'dynamic-import': false },
  });
  const name = `${path.slice(path.lastIndexOf('/') + 1)}.map`;
  return [
    { path, contents: `${code}//# sourceMappingURL=${name}\n` },
    { path: `${path}.map`, contents: map },
  ];
}
