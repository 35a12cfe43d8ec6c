/** What an engine (or an agent or server in front of it) answered instead of success, as a Fault in its own words. */

import { dialFault, errorCode } from '../protocol/dial-fault.ts';
import { Fault, type FaultCode } from '../protocol/fault.ts';

const CODE_OF_STATUS: Readonly<Record<number, FaultCode>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  502: 'unreachable',
  504: 'timeout',
};

/** Text by which a Portainer agent says that another server owns it or the secret differs (agent protocol, signature check). */
const SIGNATURE_REFUSED = 'Invalid request signature';

/** The shape of dockerode's own errors; anything else is a network error. */
interface StatusError {
  readonly statusCode: number;
  readonly json?: unknown;
}

/** `what` completes the sentence "… could not WHAT": 'restart web', 'list its containers'. */
export function engineFault(thrown: unknown, address: string, what: string): Fault {
  if (thrown instanceof Fault) return thrown;
  if (!isStatusError(thrown)) return dialFault(thrown, address);
  const words = engineWords(thrown);
  const code = words.includes(SIGNATURE_REFUSED)
    ? 'signature-refused'
    : (CODE_OF_STATUS[thrown.statusCode] ?? 'engine-refused');
  const sentence = `${address} could not ${what}: ${words || `HTTP status ${thrown.statusCode}`}.`;
  return new Fault(code, sentence.replace(/\.\.$/, '.'), { cause: thrown });
}

const BROKEN_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** As engineFault, for a call that changes something: when no answer came to what may have arrived, the sentence says so. */
export function changeFault(thrown: unknown, address: string, what: string): Fault {
  const fault = engineFault(thrown, address, what);
  const isUnsure = fault === thrown ? fault.code === 'timeout' : mayHaveArrived(thrown);
  if (!isUnsure) return fault;
  const sentence = `${fault.message} Whether it was done is not known: look before you try again.`;
  return new Fault(fault.code, sentence, { cause: thrown });
}

function mayHaveArrived(thrown: unknown): boolean {
  return isStatusError(thrown) ? thrown.statusCode === 504 : BROKEN_OFF.has(errorCode(thrown));
}

function isStatusError(thrown: unknown): thrown is StatusError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'statusCode' in thrown &&
    typeof thrown.statusCode === 'number'
  );
}

function engineWords(error: StatusError): string {
  const { json } = error;
  if (typeof json === 'object' && json !== null && 'message' in json) {
    return oneLine(String(json.message));
  }
  return Buffer.isBuffer(json) || typeof json === 'string' ? oneLine(json.toString()) : '';
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim().slice(0, 500);
}
