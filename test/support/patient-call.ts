/** A call that waits when it is told to come back in a second: ten tries of a password a second are the limit, and tests are quick. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpsAnswer, type HttpsCall, httpsCall } from './https-call.ts';

const ASK_AGAIN_MS = 200;

/** As httpsCall; longer waits, such as after wrong passwords, are the answer. */
export async function patientCall(
  url: string,
  path: string,
  call: HttpsCall = {},
): Promise<HttpsAnswer> {
  for (;;) {
    const answer = await httpsCall(url, path, call);
    if (answer.status !== 429 || answer.body.message !== 'Too many requests') return answer;
    await sleep(ASK_AGAIN_MS);
  }
}
