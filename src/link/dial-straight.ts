/** Dials a link whose bytes follow the upgrade at once, without a WebSocket around them. */
import { request as sendRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { Fault } from '../protocol/fault.ts';
import { DialAttempt, type DialOptions } from './dial-attempt.ts';
import { refusal } from './dial-refusal.ts';
import { END_TO_END_HEADER, endToEndProof, STRAIGHT_PROTOCOL, straightPipe } from './straight.ts';

/** The peer, or something in front of it, wants a WebSocket, or answers nothing to anything else. */
export class NotStraight extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message, { cause: fault });
    this.fault = fault;
  }

  /** The attempt has used up its time. */
  get isTimeOver(): boolean {
    return this.fault.code === 'timeout';
  }
}

/** Throws NotStraight where a WebSocket may lead further, else a Fault that names the step that failed. */
export async function dialStraight(options: DialOptions, signal: AbortSignal): Promise<TLSSocket> {
  const attempt = await DialAttempt.prepare(options, signal);
  const request = sendRequest(attempt.url, {
    agent: attempt.agent ?? false,
    headers: { ...options.headers, Connection: 'Upgrade', Upgrade: STRAIGHT_PROTOCOL },
    ...attempt.secureOptions,
  });
  attempt.send(request, (socket) => request.setHeader(END_TO_END_HEADER, endToEndProof(socket)));
  const begin = (succeed: (opened: TLSSocket) => void, fail: (fault: Fault) => void) => {
    request.once('upgrade', (response, socket, head) => {
      const isOurs = response.headers.upgrade === STRAIGHT_PROTOCOL && socket instanceof TLSSocket;
      if (isOurs) succeed(straightPipe(socket, head));
      else fail(new Fault('bad-peer', `${attempt.address} switched to another protocol.`));
    });
    request.once('response', (response) => void refusal(response, attempt).then(fail));
    request.on('error', (error) => fail(attempt.translate(error)));
  };
  try {
    return await attempt.hold({ begin, end: () => request.destroy() }, signal);
  } catch (thrown) {
    throw leadsFurther(attempt, thrown) ? new NotStraight(thrown) : thrown;
  }
}

/** Whether the way stood, and what came then speaks neither of the peer's certificate nor of patience. */
function leadsFurther({ isSecure }: DialAttempt, thrown: unknown): thrown is Fault {
  if (!isSecure || !(thrown instanceof Fault)) return false;
  const isJudged = thrown.code === 'wrong-certificate' || thrown.code === 'cancelled';
  return !isJudged && thrown.retryAfterS === undefined;
}
