/** Reads the fields of a form whatever its coding: multipart, urlencoded or JSON, with the query string beneath it. */
import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { Fault } from '../../protocol/fault.ts';
import { invalidPayload, parseJson, readBody } from './body.ts';

const FORM_LIMIT_BYTES = 4 << 20;
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: 1 << 20,
  fields: 100,
  fileSize: 1 << 20,
  files: 10,
  parts: 110,
};

type Fields = Record<string, unknown>;

/** Field name -> text; a file's content is its field's text. JSON keeps its own types. */
export async function readForm(request: IncomingMessage, query: URLSearchParams): Promise<Fields> {
  const fields: Fields = Object.fromEntries(query);
  const contentType = request.headers['content-type'] ?? '';
  const body = await readBody(request, FORM_LIMIT_BYTES);
  if (/^multipart\/form-data/i.test(contentType)) {
    return { ...fields, ...(await parseMultipart(contentType, body)) };
  }
  const text = body.toString('utf8');
  if (!/^\s*[{["]/.test(text)) {
    return { ...fields, ...Object.fromEntries(new URLSearchParams(text)) };
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidPayload('The body is not a JSON object.');
  }
  return { ...fields, ...value };
}

function parseMultipart(contentType: string, body: Buffer): Promise<Fields> {
  return new Promise((resolve, reject) => {
    const fields: Fields = Object.create(null);
    let parser: ReturnType<typeof Busboy>;
    try {
      parser = Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
    } catch (thrown) {
      reject(invalidPayload('The form has no boundary.', thrown));
      return;
    }
    const exceeded = (): void => reject(new Fault('too-large', 'Form too large'));
    parser.on('field', (name, value, _nameCut, isCut) => {
      if (isCut) exceeded();
      else fields[name] = value;
    });
    parser.on('file', (name, stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', exceeded);
      stream.on('end', () => {
        fields[name] = Buffer.concat(chunks).toString('utf8');
      });
    });
    parser.on('partsLimit', exceeded).on('filesLimit', exceeded).on('fieldsLimit', exceeded);
    parser.on('error', (thrown) => reject(invalidPayload('The form is malformed.', thrown)));
    parser.on('finish', () => resolve(fields));
    parser.end(body);
  });
}
