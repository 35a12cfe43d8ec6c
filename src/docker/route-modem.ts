/**
 * dockerode's transport over one of our routes. It replaces docker-modem's own sending, which follows redirects a
 * hostile peer names, buffers answers without a limit and never calls back when one breaks off in the middle.
 */
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import Modem from 'docker-modem';
import { Fault } from '../protocol/fault.ts';
import type { EngineRoute } from './route.ts';

/** 3,000 containers are 2.4 MB; nothing we ask for ourselves comes near this. */
const ANSWER_LIMIT_BYTES = 64 << 20;

/** What docker-modem passes from dial() to its sender, as far as we use it. */
interface Context {
  readonly isStream?: boolean;
  readonly statusCodes: Readonly<Record<number, string | boolean>>;
}
type Callback = (error: unknown, result: unknown) => void;

/** The members of docker-modem that its type declaration keeps private. */
interface ModemInside {
  buildPayload(
    error: unknown,
    isStream: boolean | undefined,
    statusCodes: Context['statusCodes'],
    openStdin: boolean,
    request: ClientRequest,
    response: IncomingMessage,
    json: unknown,
    callback: Callback,
  ): void;
}

/** A modem for `new Docker({ modem })`: requests with a JSON or stream answer; no hijacking, no uploads. */
export function routeModem(route: EngineRoute): Modem {
  // Not through the constructor, which reads DOCKER_HOST and certificate files.
  const modem = Object.create(Modem.prototype) as Modem;
  Object.defineProperty(modem, 'headers', { get: () => ({ ...route.headers() }) });
  return Object.assign(modem, {
    host: 'engine',
    port: 80,
    protocol: 'http',
    version: route.pathPrefix.slice(1),
    agent: route.agent,
    sshOptions: {},
    buildRequest(options: RequestOptions, context: Context, data: unknown, callback: Callback) {
      send(modem as unknown as ModemInside, { options, context, data }, callback);
    },
  });
}

interface Call {
  readonly options: RequestOptions;
  readonly context: Context;
  readonly data: unknown;
}

function send(modem: ModemInside, call: Call, callback: Callback): void {
  const { options, context, data } = call;
  let answered = false;
  const answer: Callback = (error, result) => {
    if (answered) return;
    answered = true;
    callback(error, result);
  };
  const outgoing = request(options);
  outgoing.on('error', (error) => answer(error, null));
  outgoing.on('response', (response) => {
    const finish = (json: unknown) =>
      modem.buildPayload(
        null,
        context.isStream && json === undefined,
        context.statusCodes,
        false,
        outgoing,
        response,
        json ?? null,
        answer,
      );
    // A refusal is read to its end even where success would be a stream.
    if (context.isStream && context.statusCodes[response.statusCode ?? 0] === true) {
      finish(undefined);
      return;
    }
    readAll(response).then(
      (body) => finish(parsed(body)),
      (error: unknown) => answer(error, null),
    );
  });
  outgoing.end(typeof data === 'string' || Buffer.isBuffer(data) ? data : undefined);
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) {
      throw new Fault('bad-peer', 'An engine answered with more than 64 MiB where less was due.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return body;
  }
}
