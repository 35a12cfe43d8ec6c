/** Forms as a hostile or hurried client sends them: refused in words, and the taker always hears of the end. */
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { readUploadForm } from '../../src/agent/browse/upload-form.ts';
import { asFault } from '../../src/protocol/fault.ts';
import { httpsCall } from '../support/https-call.ts';
import { listenHttp } from '../support/listeners.ts';

const TYPE = 'multipart/form-data; boundary=b';
const FIELD = '--b\r\nContent-Disposition: form-data; name="Path"\r\n\r\n/in\r\n';
const FILE =
  '--b\r\nContent-Disposition: form-data; name="file"; filename="a/b.txt"\r\n\r\nbytes\r\n';
const END = '--b--\r\n';

/** What became of a body sent as a form: what was taken and returned, or the refusal. */
async function send(body: string, type = TYPE): Promise<unknown> {
  await using server = await listenHttp((request, response) => {
    const taken: unknown[] = [];
    readUploadForm(request, async ({ name, path, bytes }) => {
      taken.push({ name, path });
      taken.push(await text(bytes));
    }).then(
      ({ path }) => response.end(JSON.stringify({ path, taken })),
      (error: unknown) => {
        const { code, message } = asFault(error, 'internal', String(error));
        response.setHeader('Connection', 'close');
        response.end(JSON.stringify({ code, message }));
      },
    );
  });
  const headers = { 'Content-Type': type };
  const answer = await httpsCall(`http://${server.where}`, '/', { method: 'POST', headers, body });
  return answer.body;
}

test('the path before the file, after it, and not at all', async () => {
  const file = (path?: string) => [{ name: 'b.txt', ...(path ? { path } : {}) }, 'bytes'];
  expect(await send(FIELD + FILE + END)).toEqual({ path: '/in', taken: file('/in') });
  expect(await send(FILE + FIELD + END)).toEqual({ path: '/in', taken: file() });
  expect(await send(FILE + END)).toEqual({ taken: file() });
  expect(await send(FIELD + END)).toEqual({ path: '/in', taken: [] });
});

const many = FIELD.replace('Path', 'x').repeat(30);
test.each([
  ['no form', '{}', 'application/json', 'no multipart form'],
  ['no boundary', FILE + END, 'multipart/form-data', 'no multipart form'],
  ['an end in the middle', FIELD + FILE, TYPE, 'no complete multipart form'],
  ['nothing', '', TYPE, 'no complete multipart form'],
  ['two files', FIELD + FILE + FILE + END, TYPE, 'more than one file'],
  ['many fields', many + END, TYPE, 'too many fields'],
  ['a long path', FIELD.replace('/in', '/x'.repeat(9_000)) + FILE + END, TYPE, 'Path is too long'],
])('%s', async (_, body, type, words) => {
  const message = expect.stringContaining(`Invalid request payload: ${words}`);
  expect(await send(body, type)).toEqual({ code: 'bad-request', message });
});
